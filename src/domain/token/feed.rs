//! The address of a cell's calendar: `l1.<kid>.<payload>.<mac>`. It does not expire, because nobody renews
//! what a phone subscribes to; it is taken back by raising the cell's generation.

use data_encoding::BASE64URL_NOPAD;

use super::{Keyring, TokenError, mac};
use crate::domain::ids::UnitId;

/// What the address allows: to read the calendar of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedClaims {
    /// The cell.
    pub cell: UnitId,
    /// Which of its addresses; older ones are no longer served.
    pub generation: u32,
}

/// The purpose is signed with the body, so that an acknowledgement link opens no calendar and the reverse.
fn signed(body: &str) -> String {
    format!("vanthu calendar feed|{body}")
}

impl Keyring {
    /// The token of a cell's calendar.
    pub fn sign_feed(&self, claims: &FeedClaims) -> String {
        let Some(key) = self.0.first() else { return String::new() };
        let body = format!("l1.{}.{}", key.id, BASE64URL_NOPAD.encode(&encode(claims)));
        format!("{body}.{}", BASE64URL_NOPAD.encode(&mac(key, &signed(&body))))
    }

    /// What a token of a calendar says; whether its generation still counts is for the register to say.
    ///
    /// # Errors
    /// [`TokenError::Forged`] or [`TokenError::Retired`].
    pub fn verify_feed(&self, token: &str) -> Result<FeedClaims, TokenError> {
        let payload = self.opened(token, "l1", signed)?;
        decode(&payload).ok_or(TokenError::Forged)
    }
}

fn encode(claims: &FeedClaims) -> Vec<u8> {
    [&claims.generation.to_be_bytes()[..], claims.cell.as_str().as_bytes()].concat()
}

fn decode(bytes: &[u8]) -> Option<FeedClaims> {
    let (generation, cell) = bytes.split_first_chunk::<4>()?;
    let cell = std::str::from_utf8(cell).ok().filter(|cell| !cell.is_empty())?;
    Some(FeedClaims { cell: UnitId::from(cell), generation: u32::from_be_bytes(*generation) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Claims, SigningKey, mailbox_hash};
    use super::*;
    use crate::domain::ids::ObligationId;

    fn ring(ids: &[&str]) -> Keyring {
        let key = |id: &&str| SigningKey::new(*id, format!("secret of {id} ................").as_bytes());
        Keyring::new(ids.iter().map(key).collect()).unwrap()
    }

    fn claims() -> FeedClaims {
        FeedClaims { cell: UnitId::from("cb-thanh-tra"), generation: 7 }
    }

    #[test]
    fn an_address_says_what_was_signed_while_its_key_is_kept() {
        let token = ring(&["a"]).sign_feed(&claims());
        assert_eq!(ring(&["b", "a"]).verify_feed(&token), Ok(claims()));
        assert_eq!(ring(&["b"]).verify_feed(&token), Err(TokenError::Retired));
    }

    /// T62: a token made for something else opens nothing.
    #[test]
    fn no_link_opens_a_calendar_and_no_calendar_a_link() {
        let (ring, now) = (ring(&["a"]), chrono::DateTime::UNIX_EPOCH);
        let expires = now + chrono::Duration::days(1);
        let link =
            ring.sign(&Claims { obligation: ObligationId(1), mailbox: mailbox_hash("a@b.example"), expires });
        let feed = ring.sign_feed(&claims());
        assert_eq!(ring.verify_feed(&link), Err(TokenError::Forged));
        assert_eq!(ring.verify_feed(&link.replacen("v1", "l1", 1)), Err(TokenError::Forged));
        assert_eq!(ring.verify(&feed, now), Err(TokenError::Forged));
        assert_eq!(ring.verify(&feed.replacen("l1", "v1", 1), now), Err(TokenError::Forged));
    }

    proptest! {
        #[test]
        fn no_change_survives(at in 0_usize..200, to in "[A-Za-z0-9_.-]") {
            let token = ring(&["a"]).sign_feed(&claims());
            let mut forged: Vec<char> = token.chars().collect();
            let at = at % forged.len();
            forged[at] = to.chars().next().unwrap();
            let forged: String = forged.into_iter().collect();
            prop_assume!(forged != token);
            prop_assert!(ring(&["a"]).verify_feed(&forged).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            prop_assert!(ring(&["a"]).verify_feed(&text).is_err());
        }
    }
}
