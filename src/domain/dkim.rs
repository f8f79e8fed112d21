//! The private key that signs mails (RFC 6376, RFC 8463), and the DNS record that goes with it. The
//! signing itself belongs to the mail adapter.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RsaKeyPair};
use data_encoding::BASE64;

/// Least octets of an RSA modulus: 2048 bits (RFC 8301 §3.2 asks signers for as much).
const MODULUS: usize = 256;

/// A key that can sign.
#[derive(Debug)]
pub enum Key {
    /// RSA with SHA-256.
    Rsa(Box<RsaKeyPair>),
    /// Ed25519 over SHA-256.
    Ed25519(Box<Ed25519KeyPair>),
}

/// Why a text is no key that can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// No private key in PEM.
    NotPem,
    /// Its password would have to be typed.
    Encrypted,
    /// Neither RSA nor Ed25519, or damaged.
    Unknown,
    /// RSA below 2048 bits, which receivers do not believe.
    Short,
}

impl KeyFault {
    /// For people.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::NotPem => "không phải khoá riêng dạng PEM (-----BEGIN PRIVATE KEY-----)",
            Self::Encrypted => "khoá đặt mật khẩu; cần khoá không mật khẩu, trong tệp chỉ vanthu đọc được",
            Self::Unknown => "không phải khoá RSA hay Ed25519, hoặc tệp hỏng",
            Self::Short => "khoá RSA ngắn hơn 2048 bit, nơi nhận không tin",
        }
    }

    /// The same in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::NotPem => "no private key in PEM (-----BEGIN PRIVATE KEY-----)",
            Self::Encrypted => "it has a password; it must have none, in a file that vanthu alone may read",
            Self::Unknown => "neither RSA nor Ed25519, or damaged",
            Self::Short => "RSA below 2048 bits, which receivers do not believe",
        }
    }
}

impl Key {
    /// Reads a private key in PEM: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// [`KeyFault`]
    pub fn parse(pem: &str) -> Result<Self, KeyFault> {
        let (label, der) = decode(pem).ok_or(KeyFault::NotPem)?;
        let rsa = match label {
            "ENCRYPTED PRIVATE KEY" => return Err(KeyFault::Encrypted),
            _ if pem.contains("Proc-Type: 4,ENCRYPTED") => return Err(KeyFault::Encrypted),
            "PRIVATE KEY" => match Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der) {
                Ok(pair) => return Ok(Self::Ed25519(Box::new(pair))),
                Err(_) => RsaKeyPair::from_pkcs8(&der),
            },
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der),
            _ => return Err(KeyFault::NotPem),
        };
        match rsa {
            Ok(pair) if pair.public_modulus_len() >= MODULUS => Ok(Self::Rsa(Box::new(pair))),
            Ok(_) => Err(KeyFault::Short),
            Err(reason) if reason.to_string() == "TooSmall" => Err(KeyFault::Short),
            Err(_) => Err(KeyFault::Unknown),
        }
    }

    /// The value of the tag `a=`.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The text of the TXT record that receivers look up; `None` if the public key cannot be written.
    pub fn record(&self) -> Option<String> {
        Some(match self {
            Self::Rsa(pair) => {
                let public: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
                format!("v=DKIM1; k=rsa; p={}", BASE64.encode(public.as_ref()))
            }
            Self::Ed25519(pair) => {
                format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(pair.public_key().as_ref()))
            }
        })
    }
}

/// The first block of a PEM text (RFC 7468): its label and its octets.
fn decode(pem: &str) -> Option<(&str, Vec<u8>)> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    // Old PEM has headers, parted from the octets by an empty line.
    let body = body.rsplit_once("\n\n").map_or(body, |(_, octets)| octets);
    let octets: String = body.split_whitespace().collect();
    match BASE64.decode(octets.as_bytes()) {
        Ok(der) => Some((label, der)),
        Err(_) if body.contains("Proc-Type") => Some((label, Vec::new())),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_told_apart() {
        let pem =
            |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        for (text, fault) in [
            (String::new(), KeyFault::NotPem),
            ("mật khẩu".to_owned(), KeyFault::NotPem),
            (pem("PUBLIC KEY", "AAAA"), KeyFault::NotPem),
            (pem("PRIVATE KEY", "không phải base64"), KeyFault::NotPem),
            (pem("PRIVATE KEY", "AAAA"), KeyFault::Unknown),
            (pem("RSA PRIVATE KEY", "AAAA"), KeyFault::Unknown),
            (pem("ENCRYPTED PRIVATE KEY", "AAAA"), KeyFault::Encrypted),
            (
                pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA"),
                KeyFault::Encrypted,
            ),
        ] {
            assert_eq!(Key::parse(&text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn an_ed25519_key_has_a_record() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let der = pair.to_pkcs8v1().unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\r\n{}\r\n-----END PRIVATE KEY-----",
            BASE64.encode(der.as_ref())
        );
        let key = Key::parse(&pem).unwrap();
        assert_eq!(key.algorithm(), "ed25519-sha256");
        let public = BASE64.encode(pair.public_key().as_ref());
        assert_eq!(key.record(), Some(format!("v=DKIM1; k=ed25519; p={public}")));
    }
}
