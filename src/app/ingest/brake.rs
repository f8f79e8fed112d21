//! Whether anybody may be told of a document at once. What may not is registered all the same, and waits
//! under one hold for a person's word.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Poll;
use super::register::{self, Done};
use crate::app::ports::{
    Braked, HoldKind, Incoming, JournalEntry, JournalKind, NewHold, PollState, Registered, StoreError, Tx,
};
use crate::domain::brake::{WINDOW, Why};
use crate::domain::document::Document;
use crate::domain::ids::{ExternalId, HoldId, SourceId};

/// Registers a document, and keeps it back where the brake says so.
pub(super) async fn register(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    incoming: &Incoming,
    state: &PollState,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let document = incoming.document.get();
    let known = newest(tx, document).await?;
    let back = match &known {
        Some(known) => tx.braked(known.id).await?,
        None => None,
    };
    // The lost register knew it: who was told is known, and found again before anything leaves.
    let recalled = known.is_none() && tx.is_recalled(&document.source, &document.external_id).await?;
    let silent = match back {
        Some((_, why)) => why == Why::Baseline,
        None => known.is_none() && !recalled && is_old(poll, state, document, now).await?,
    };
    let done = register::register(tx, poll, incoming, silent, now).await?;
    let registered = if done.is_new() { newest(tx, document).await? } else { None };
    let Some(registered) = registered else { return Ok(done) };
    let step = Step { poll, document, registered, now };
    match back {
        Some((_, Why::Baseline)) => Ok(done),
        Some((hold, Why::Flood)) => step.keep_back(tx, hold, Why::Flood, done).await,
        None if recalled => Ok(done),
        None if silent => step.under(tx, Why::Baseline, done).await,
        None => step.judge(tx, done).await,
    }
}

/// The newest revision of what a delivery is about.
async fn newest(tx: &mut dyn Tx, document: &Document) -> Result<Option<Registered>, StoreError> {
    let Some(origin) = tx.origin(&document.source, &document.external_id).await? else { return Ok(None) };
    Ok(tx.newest(origin.document).await?.map(|(registered, _)| registered))
}

/// Whether it lay in the source before its first walk. A register that was made anew from a copy of its journal walks for
/// the first time too; what came after the copy's last line is news all the same.
async fn is_old(
    poll: &Poll<'_>,
    state: &PollState,
    document: &Document,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if state.watch.settled {
        return Ok(false);
    }
    let anew = poll.store.restorations().await?.into_iter().find(|restoration| restoration.position == 0);
    let first = anew.and_then(|restoration| restoration.taken).or(state.watch.first);
    let since = poll.care.baseline_from.or(first).unwrap_or(now);
    Ok(poll.care.baseline.silences(document.received, since))
}

struct Step<'a> {
    poll: &'a Poll<'a>,
    document: &'a Document,
    registered: Registered,
    now: DateTime<Utc>,
}

impl Step<'_> {
    /// Whether what was just enqueued fits into the hour.
    async fn judge(&self, tx: &mut dyn Tx, done: Done) -> Result<Done, StoreError> {
        let mails = tx.queued(self.registered.revision).await?;
        if mails == 0 {
            return Ok(done);
        }
        let flow = tx.flow(self.now - WINDOW).await?;
        if self.poll.limits(self.now).admit(flow, mails, self.document.urgency) {
            tx.passed(self.registered.id, mails, self.now).await?;
            return Ok(done);
        }
        self.under(tx, Why::Flood, done).await
    }

    /// Keeps it back under the source's open hold, which is opened if need be.
    async fn under(&self, tx: &mut dyn Tx, why: Why, done: Done) -> Result<Done, StoreError> {
        let (source, id) = (&self.document.source, ExternalId(why.as_str().to_owned()));
        let hold = match tx.open_hold_of(HoldKind::Brake, source, &id).await? {
            Some(hold) => hold,
            None => self.open(tx, why, id).await?,
        };
        self.keep_back(tx, hold, why, done).await
    }

    async fn open(&self, tx: &mut dyn Tx, why: Why, id: ExternalId) -> Result<HoldId, StoreError> {
        let new = NewHold {
            kind: HoldKind::Brake,
            source: self.document.source.clone(),
            external_id: id,
            document: None,
            unit: None,
            task: None,
            reason: reason(why, Braked { documents: 1, mails: 0 }),
            raw: None,
        };
        let opened = tx.open_hold(&new, self.now).await?;
        opened.ok_or_else(|| StoreError::Engine("không mở được mục tạm giữ của phanh".to_owned()))
    }

    async fn keep_back(
        &self,
        tx: &mut dyn Tx,
        hold: HoldId,
        why: Why,
        mut done: Done,
    ) -> Result<Done, StoreError> {
        tx.brake(self.registered.id, hold, why).await?;
        let detail = json!({"hold": HoldKind::Brake.as_str(), "number": hold, "why": why.as_str()});
        let document = Some(self.registered.id);
        let entry =
            JournalEntry { at: self.now, kind: JournalKind::Held, document, obligation: None, detail };
        tx.append(&[entry]).await?;
        done.back = Some(why);
        Ok(done)
    }
}

/// Brings the figures up to date that the open holds of a source give as their reason.
pub(super) async fn count(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    source: &SourceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let limits = poll.limits(now);
    for why in [Why::Baseline, Why::Flood] {
        let id = ExternalId(why.as_str().to_owned());
        let Some(hold) = tx.open_hold_of(HoldKind::Brake, source, &id).await? else { continue };
        let braked = tx.braked_count(hold).await?;
        tracing::warn!(
            source = %source, hold = hold.0, why = why.as_str(), documents = braked.documents, mails = braked.mails,
            directives_an_hour = limits.directives, mails_an_hour = limits.mails,
            "văn bản đã vào sổ nhưng chưa báo cho ai; xem `vanthu hold list`"
        );
        tx.hold_reason(hold, &reason(why, braked)).await?;
    }
    Ok(())
}

/// Why such a hold is open, for staff.
fn reason(why: Why, braked: Braked) -> String {
    let Braked { documents, mails } = braked;
    match why {
        Why::Baseline => {
            format!(
                "{documents} văn bản có ở nguồn từ trước lần đọc đầu tiên: đã vào sổ, không giao, không gửi thư"
            )
        }
        Why::Flood => {
            format!("{documents} văn bản đến dồn: đã vào sổ, đã giao việc, giữ lại {mails} thư chưa gửi")
        }
    }
}
