//! One way of hashing what sources send, for identities and fingerprints.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

/// SHA-256 of a text, lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    sha256_of(text.as_bytes())
}

/// SHA-256 of bytes, lower-case hex.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}
