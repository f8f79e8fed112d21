//! Preview: the letter of a notice as it would be written now, by somebody who only looks.

use chrono::{DateTime, Utc};

use super::letter::{Draft, Writer};
use super::office::Office;
use super::policy::Policy;
use super::ports::{Reader, StoreError};
use crate::domain::ids::NoticeId;
use crate::domain::notice::Letter;

/// What stands where the cell's own link will stand: whoever only looks cannot answer in its stead.
const HIDDEN: &str = "lien-ket-rieng-cua-chi-bo";

/// What a notice would say.
#[derive(Debug)]
pub enum Preview {
    /// The letter.
    Letter(Box<Letter>),
    /// Nothing: it was overtaken by events.
    Needless(&'static str),
    /// There is no such notice.
    Unknown,
}

/// Writes the letter of a notice as things stand at `now`, without its link; nothing is recorded.
///
/// # Errors
/// The store's.
pub async fn preview(
    store: &dyn Reader,
    (office, policy): (&Office, &Policy),
    id: NoticeId,
    now: DateTime<Utc>,
) -> Result<Preview, StoreError> {
    let Some(claimed) = store.as_claimed(id).await? else { return Ok(Preview::Unknown) };
    match Writer::new(store, office, policy).write(&claimed, now).await? {
        Draft::Letter(letter) => {
            let link = letter.link.as_ref().map(|_| format!("{}/a/{HIDDEN}", policy.public_url));
            Ok(Preview::Letter(Box::new(Letter { link, ..*letter })))
        }
        Draft::Needless(why) => Ok(Preview::Needless(why)),
    }
}
