//! What an acknowledgement link says, and how it is signed: `v1.<kid>.<payload>.<mac>`, HMAC-SHA256,
//! scoped to one obligation and one mailbox, multi-use, expiring.

use aws_lc_rs::{constant_time, digest, hmac};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;

use super::ids::{HoldId, ObligationId};

mod feed;

pub use feed::FeedClaims;

/// What a link allows: to answer for one obligation, as the reader of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The obligation (and with it directive, revision and cell).
    pub obligation: ObligationId,
    /// First 8 bytes of SHA-256 of the mailbox address: binds the link to its reader without
    /// showing the address.
    pub mailbox: [u8; 8],
    /// When the link ends.
    pub expires: DateTime<Utc>,
}

/// What the link of a mail to the office allows: to decide about one hold, as the reader of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// The hold.
    pub hold: HoldId,
    /// As in [`Claims`].
    pub mailbox: [u8; 8],
    /// When the link ends.
    pub expires: DateTime<Utc>,
}

/// What a link is for. The purpose is signed with the body, so that no link of one kind, and no other signature
/// of ours, can pass for one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Answer,
    Decide,
}

impl Purpose {
    /// The version that a link begins with.
    fn version(self) -> &'static str {
        match self {
            Self::Answer => "v1",
            Self::Decide => "d1",
        }
    }

    fn signed(self, body: &str) -> String {
        let purpose = match self {
            Self::Answer => "acknowledgement",
            Self::Decide => "decision",
        };
        format!("vanthu {purpose} link|{body}")
    }
}

/// Why a link is refused. Whoever follows one sees the same page for the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not made by us, cut, changed, or made for something else.
    #[error("liên kết không hợp lệ")]
    Forged,
    /// Its signing key is no longer trusted.
    #[error("liên kết không còn được chấp nhận")]
    Retired,
    /// Its time is over.
    #[error("liên kết đã hết hạn")]
    Expired,
}

/// A named signing key.
#[derive(Clone)]
pub struct SigningKey {
    /// Key id, 1–8 of `a-z0-9`; stands in every link.
    pub id: String,
    key: hmac::Key,
}

impl SigningKey {
    /// A key from at least 32 bytes of secret.
    pub fn new(id: impl Into<String>, secret: &[u8]) -> Self {
        Self { id: id.into(), key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys in use: the first signs, all verify.
#[derive(Debug, Clone)]
pub struct Keyring(Vec<SigningKey>);

impl Keyring {
    /// A ring whose first key signs. `None` if there is no key.
    pub fn new(keys: Vec<SigningKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The link text for claims.
    pub fn sign(&self, claims: &Claims) -> String {
        self.sign_as(Purpose::Answer, &encode(claims.obligation.0, claims.mailbox, claims.expires))
    }

    /// The link text for deciding.
    pub fn sign_decision(&self, deciding: &Deciding) -> String {
        self.sign_as(Purpose::Decide, &encode(deciding.hold.0, deciding.mailbox, deciding.expires))
    }

    fn sign_as(&self, purpose: Purpose, payload: &[u8]) -> String {
        let key = &self.0.first();
        key.map_or_else(String::new, |key| {
            let body = format!("{}.{}.{}", purpose.version(), key.id, BASE64URL_NOPAD.encode(payload));
            format!("{body}.{}", BASE64URL_NOPAD.encode(&mac(key, &purpose.signed(&body))))
        })
    }

    /// The claims of a link.
    ///
    /// # Errors
    /// [`TokenError`]; a link that is both forged and expired is forged.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let (number, mailbox, expires) = self.verify_as(Purpose::Answer, token, now)?;
        Ok(Claims { obligation: ObligationId(number), mailbox, expires })
    }

    /// What a link of a mail to the office allows.
    ///
    /// # Errors
    /// As [`Keyring::verify`]; a link to answer is no link to decide.
    pub fn verify_decision(&self, token: &str, now: DateTime<Utc>) -> Result<Deciding, TokenError> {
        let (number, mailbox, expires) = self.verify_as(Purpose::Decide, token, now)?;
        Ok(Deciding { hold: HoldId(number), mailbox, expires })
    }

    fn verify_as(&self, purpose: Purpose, token: &str, now: DateTime<Utc>) -> Result<Payload, TokenError> {
        let payload = self.opened(token, purpose.version(), |body| purpose.signed(body))?;
        let payload = decode(&payload).ok_or(TokenError::Forged)?;
        if payload.2 < now { Err(TokenError::Expired) } else { Ok(payload) }
    }

    /// The payload of a token of this version, if one of the keys signed it for the purpose of `signed`.
    fn opened(
        &self,
        token: &str,
        version: &str,
        signed: impl Fn(&str) -> String,
    ) -> Result<Vec<u8>, TokenError> {
        let (body, tag) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
        let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).map_err(|_| TokenError::Forged)?;
        let mut parts = body.split('.');
        let (Some(first), Some(id), Some(payload), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::Forged);
        };
        if first != version {
            return Err(TokenError::Forged);
        }
        let key = self.0.iter().find(|key| key.id == id).ok_or(TokenError::Retired)?;
        constant_time::verify_slices_are_equal(&mac(key, &signed(body)), &tag)
            .map_err(|_| TokenError::Forged)?;
        BASE64URL_NOPAD.decode(payload.as_bytes()).map_err(|_| TokenError::Forged)
    }
}

/// The part of a signature that stands in a link.
fn mac(key: &SigningKey, text: &str) -> Vec<u8> {
    hmac::sign(&key.key, text.as_bytes()).as_ref().get(..MAC).unwrap_or_default().to_vec()
}

/// Bytes of the MAC that stand in a link: 128 bits.
const MAC: usize = 16;

/// What a link says: a number, a mailbox, an end.
type Payload = (i64, [u8; 8], DateTime<Utc>);

/// The short hash of an address that stands in [`Claims::mailbox`].
pub fn mailbox_hash(address: &str) -> [u8; 8] {
    let full = digest::digest(&digest::SHA256, address.to_ascii_lowercase().as_bytes());
    let mut short = [0; 8];
    short.copy_from_slice(full.as_ref().get(..8).unwrap_or(&[0; 8]));
    short
}

fn encode(number: i64, mailbox: [u8; 8], expires: DateTime<Utc>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend(number.to_be_bytes());
    bytes.extend(mailbox);
    bytes.extend(expires.timestamp().to_be_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Payload> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    let (mailbox, rest) = rest.split_first_chunk::<8>()?;
    let expires = <[u8; 8]>::try_from(rest).ok()?;
    let expires = DateTime::from_timestamp(i64::from_be_bytes(expires), 0)?;
    Some((i64::from_be_bytes(*number), *mailbox, expires))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ring(ids: &[&str]) -> Keyring {
        let key = |id: &&str| SigningKey::new(*id, format!("secret of {id} ................").as_bytes());
        Keyring::new(ids.iter().map(key).collect()).unwrap()
    }

    fn claims() -> Claims {
        let expires = DateTime::from_timestamp(2_000_000_000, 0).unwrap();
        Claims { obligation: ObligationId(42), mailbox: mailbox_hash("a@example.vn"), expires }
    }

    #[test]
    fn a_link_says_what_was_signed_until_it_expires() {
        let token = ring(&["a"]).sign(&claims());
        let end = claims().expires;
        assert_eq!(ring(&["a"]).verify(&token, end), Ok(claims()));
        assert_eq!(ring(&["a"]).verify(&token, end + chrono::Duration::seconds(1)), Err(TokenError::Expired));
    }

    #[test]
    fn older_keys_verify_until_they_are_dropped() {
        let token = ring(&["a"]).sign(&claims());
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(ring(&["b", "a"]).verify(&token, now), Ok(claims()));
        assert_eq!(ring(&["b"]).verify(&token, now), Err(TokenError::Retired));
        assert_ne!(ring(&["b", "a"]).sign(&claims()), token);
    }

    /// One link never passes for the other, not even with its first letters changed (T62).
    #[test]
    fn a_link_is_good_for_its_own_purpose_only() {
        let (ring, now) = (ring(&["a"]), DateTime::UNIX_EPOCH);
        let Claims { mailbox, expires, .. } = claims();
        let deciding = Deciding { hold: HoldId(42), mailbox, expires };
        let (answer, decision) = (ring.sign(&claims()), ring.sign_decision(&deciding));
        assert_eq!(ring.verify_decision(&decision, now), Ok(deciding));
        assert_eq!(ring.verify(&decision, now), Err(TokenError::Forged));
        assert_eq!(ring.verify_decision(&answer, now), Err(TokenError::Forged));
        assert_eq!(ring.verify(&decision.replacen("d1", "v1", 1), now), Err(TokenError::Forged));
        assert_eq!(ring.verify_decision(&answer.replacen("v1", "d1", 1), now), Err(TokenError::Forged));
    }

    proptest! {
        #[test]
        fn no_change_survives(at in 0_usize..200, to in "[A-Za-z0-9_.-]") {
            let token = ring(&["a"]).sign(&claims());
            let mut forged: Vec<char> = token.chars().collect();
            let at = at % forged.len();
            forged[at] = to.chars().next().unwrap();
            let forged: String = forged.into_iter().collect();
            prop_assume!(forged != token);
            prop_assert!(ring(&["a"]).verify(&forged, DateTime::UNIX_EPOCH).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            prop_assert!(ring(&["a"]).verify(&text, DateTime::UNIX_EPOCH).is_err());
        }
    }
}
