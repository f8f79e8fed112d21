//! Restore: a register that was put back from an older copy holds back everything that would leave, because what the
//! copy does not know may have been sent; until a person releases it. Sources are read meanwhile, cells may answer.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::acknowledge;
use super::office::Office;
use super::policy::Policy;
use super::ports::{
    About, JournalEntry, JournalKind, NewBulletin, NewRestoration, Restoration, Store, StoreError,
};
use crate::domain::bulletin::{RestoringNews, message_id};
use crate::domain::calendar::{Calendar, moment};

/// What everybody who looks must know first, in one sentence.
pub fn sentence(restoration: &Restoration, calendar: &Calendar) -> String {
    let moment = |at| moment(at, calendar.zone);
    let taken = restoration.taken.map(|at| format!(", bản của {}", moment(at))).unwrap_or_default();
    format!(
        "Sổ được phục hồi lúc {} từ {}{taken}: đang GIỮ LẠI mọi thư và trạng thái báo lên nguồn, văn bản vẫn được đọc. \
         Đối chiếu xong thì cho chạy tiếp: vanthu restore release --reason \"…\"",
        moment(restoration.restored),
        restoration.origin,
    )
}

/// Records that the register was put back by other means than ours.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(store: &dyn Store, new: &NewRestoration) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    tx.restored(new).await?;
    let detail = json!({ "restored": new.origin, "taken": new.taken, "actor": new.author });
    tx.append(&[entry(JournalKind::Held, detail, new.restored)]).await?;
    tx.commit().await
}

/// Lets go of what is held back; `false` where nothing is.
///
/// # Errors
/// [`StoreError`].
pub async fn release(
    store: &dyn Store,
    author: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let released = tx.release_restored(author, reason, now).await? > 0;
    if released {
        let detail = json!({ "restored": true, "actor": author, "reason": reason });
        tx.append(&[entry(JournalKind::Released, detail, now)]).await?;
        tx.commit().await?;
    }
    Ok(released)
}

fn entry(kind: JournalKind, detail: serde_json::Value, at: DateTime<Utc>) -> JournalEntry {
    JournalEntry { at, kind, document: None, obligation: None, detail }
}

/// Answers looked at in one round.
const ROUND: u32 = 500;

/// What was found again of what a lost register had done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FoundAgain {
    /// Answers that were recorded.
    pub answers: u64,
    /// Mails that were sent and leave no more.
    pub mails: u64,
}

/// Finds again what a lost register had done, as far as its documents are in the register by now: answers always; mails
/// while everything is held back, later each when it is about to leave.
///
/// # Errors
/// [`StoreError`]; what was found stays found.
pub async fn find_again(
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    holds_back: bool,
    now: DateTime<Utc>,
) -> Result<FoundAgain, StoreError> {
    let mut found = FoundAgain::default();
    for recalled in store.recalled_answers(ROUND).await? {
        let sides = (&office.calendar, &policy.voices);
        found.answers += u64::from(acknowledge::recall(store, sides, &recalled, now).await?);
    }
    if holds_back {
        let mut tx = store.begin().await?;
        found.mails = tx.recognise(now).await?;
        if found.mails > 0 {
            tx.commit().await?;
        }
    }
    Ok(found)
}

/// Enqueues the mail of this day about what is held back; whether it was new. It is the one mail that leaves
/// meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn remind(
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    owner: Option<&str>,
    restoration: &Restoration,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(mailbox) = owner else { return Ok(false) };
    let days = now.signed_duration_since(restoration.restored).num_days();
    let news = RestoringNews {
        restoration: restoration.id,
        origin: restoration.origin.clone(),
        taken: restoration.taken,
        restored: restoration.restored,
        author: restoration.author.clone(),
        days,
    };
    let state = news.state();
    let bulletin = NewBulletin {
        message_id: message_id(&state, mailbox, &policy.secret, &policy.domain),
        about: About::Restoring(news, now),
        state,
        mailbox: mailbox.to_owned(),
        send_at: office.calendar.next_office_instant(now),
    };
    let mut tx = store.begin().await?;
    let is_new = tx.enqueue_bulletin(&bulletin).await?;
    if is_new {
        tx.commit().await?;
    }
    Ok(is_new)
}
