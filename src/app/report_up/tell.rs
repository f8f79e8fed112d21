//! Tell: one status after the other, each claimed, told, and settled.
//!
//! A process that dies between telling and settling tells again under the same key; whoever knows the key
//! already says so, and that counts as told. About one document the statuses go in the order they were
//! said, so that a slow answer never lets a later one overtake.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::app::ports::{
    Ability, ClaimRequest, ClaimedStatus, Clock, Earlier, HoldKind, JournalEntry, JournalKind, NewHold,
    Report, Reported, Restoration, Source, SourceError, StatusRow, StatusSettled, StatusSettlement, Store,
    StoreError, Tx,
};
use crate::domain::ids::SourceId;
use crate::domain::notice::Delivery;
use crate::domain::retry::Waits;

/// How long a claim holds: longer than a source may take over one request with all its own repeats.
pub const LEASE: chrono::Duration = chrono::Duration::minutes(10);

/// Waits before each further try, a day and a half in all; after the last a person is asked.
pub const WAITS: [Duration; 8] = {
    const fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }
    [minutes(1), minutes(5), minutes(15), minutes(60), minutes(240), minutes(480), minutes(480), minutes(960)]
};

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportedUp {
    /// Taken by a source.
    pub told: u64,
    /// Known to the source from an earlier try.
    pub known: u64,
    /// To be tried again.
    pub retried: u64,
    /// Refused, or tried often enough; staff are told.
    pub failed: u64,
}

/// Everything telling needs.
pub struct ReportUp<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The sources; those that take no statuses are passed over.
    pub sources: &'a [&'a dyn Source],
    /// The time, read once per status.
    pub clock: &'a dyn Clock,
    /// Name of this instance, new at every start.
    pub instance: &'a str,
    /// Called after each status, so that somebody sees that there is progress.
    pub each: &'a (dyn Fn() + Sync),
}

impl ReportUp<'_> {
    /// Tells everything that may be told now. A source that cannot be asked is left alone for the rest of
    /// the run.
    ///
    /// # Errors
    /// [`StoreError`]; a claim that is not settled comes back when its lease ends.
    pub async fn run(&self) -> Result<ReportedUp, StoreError> {
        let takes = |source: &&dyn Source| source.abilities().statuses == Ability::Yes;
        let mut open: Vec<&dyn Source> = self.sources.iter().copied().filter(takes).collect();
        let mut done = ReportedUp::default();
        while let Some((claimed, earlier)) = self.claim(&open).await? {
            let origin = &claimed.status.origin;
            let Some(source) = open.iter().find(|source| source.id() == &origin.source) else { break };
            let outcome = source.report(&report(&claimed, earlier)).await;
            if outcome.is_err() {
                open.retain(|source| source.id() != &origin.source);
            }
            self.settle(&claimed, outcome, &mut done).await?;
            (self.each)();
        }
        Ok(done)
    }

    async fn claim(
        &self,
        open: &[&dyn Source],
    ) -> Result<Option<(ClaimedStatus, Option<Earlier>)>, StoreError> {
        if open.is_empty() {
            return Ok(None);
        }
        let sources: Vec<SourceId> = open.iter().map(|source| source.id().clone()).collect();
        let now = self.clock.now();
        let request =
            ClaimRequest { instance: self.instance.to_owned(), now, lease_until: now + LEASE, limit: 1 };
        let restorations = self.store.restorations().await?;
        let mut tx = self.store.begin().await?;
        let claimed = tx.claim_status(&request, &sources).await?;
        let claimed = match claimed {
            Some(claimed) => {
                let earlier = earlier(tx.as_mut(), &claimed.status, &restorations).await?;
                Some((claimed, earlier))
            }
            None => None,
        };
        tx.commit().await?;
        Ok(claimed)
    }

    async fn settle(
        &self,
        claimed: &ClaimedStatus,
        outcome: Result<Reported, SourceError>,
        done: &mut ReportedUp,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let is_known = matches!(outcome, Ok(Reported::Known));
        let settled = settled(outcome, claimed.status.tries, now);
        let settlement = StatusSettlement { id: claimed.status.id, epoch: claimed.epoch, settled };
        let mut tx = self.store.begin().await?;
        if tx.settle_status(&settlement, now).await? {
            follow_up(tx.as_mut(), claimed, &settlement.settled, now).await?;
        }
        tx.commit().await?;
        match settlement.settled {
            StatusSettled::Told { .. } if is_known => done.known += 1,
            StatusSettled::Told { .. } => done.told += 1,
            StatusSettled::Retry { .. } => done.retried += 1,
            StatusSettled::Failed { .. } => done.failed += 1,
        }
        Ok(())
    }
}

/// What earlier tries may have left: also those before a person had it told again, which count as none, and those of a
/// register that is lost, which this one knows nothing of.
async fn earlier(
    tx: &mut dyn Tx,
    claimed: &StatusRow,
    restorations: &[Restoration],
) -> Result<Option<Earlier>, StoreError> {
    let of_lost = |known: &Restoration| known.released.is_none_or(|released| claimed.at <= released);
    if claimed.tries <= 1 && claimed.reply.is_none() && !restorations.iter().any(of_lost) {
        return Ok(None);
    }
    let known = tx.statuses_of(claimed.document).await?;
    let told = known.into_iter().filter(|row| row.origin == claimed.origin && row.delivery == Delivery::Sent);
    Ok(Some(Earlier { receipts: told.filter_map(|row| row.reply).collect() }))
}

fn report(claimed: &ClaimedStatus, earlier: Option<Earlier>) -> Report {
    let status = &claimed.status;
    Report {
        external_id: status.origin.external_id.clone(),
        document: claimed.revision.document.clone(),
        code: status.code,
        description: status.description.clone(),
        at: status.at,
        key: status.key.clone(),
        earlier,
    }
}

/// What an outcome means after so many tries, this one counted.
fn settled(outcome: Result<Reported, SourceError>, tries: u32, now: DateTime<Utc>) -> StatusSettled {
    match outcome {
        Ok(Reported::Taken(receipt)) => {
            StatusSettled::Told { receipt: receipt.unwrap_or_else(|| "nguồn đã nhận".to_owned()) }
        }
        Ok(Reported::Known) => {
            StatusSettled::Told { receipt: "nguồn đã có từ lần gửi trước".to_owned() }
        }
        Ok(Reported::Refused(reason)) => StatusSettled::Failed { reason },
        Err(error) => {
            let reason = error.to_string();
            let wait = Waits(WAITS.to_vec()).after(tries);
            match wait.and_then(|wait| chrono::Duration::from_std(wait).ok()) {
                Some(wait) => StatusSettled::Retry { at: now + wait, reason },
                None => StatusSettled::Failed {
                    reason: format!("đã thử {tries} lần, lần cuối: {reason}")
                },
            }
        }
    }
}

/// The journal, and a hold where a person must look.
async fn follow_up(
    tx: &mut dyn Tx,
    claimed: &ClaimedStatus,
    settled: &StatusSettled,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (word, text) = match settled {
        StatusSettled::Told { receipt } => ("sent", receipt),
        StatusSettled::Failed { reason } => ("failed", reason),
        // A try that will be repeated is no fact of the document; the row itself tells of it.
        StatusSettled::Retry { .. } => return Ok(()),
    };
    let status = &claimed.status;
    if word == "failed" {
        tx.open_hold(&hold(claimed, text), now).await?;
    } else {
        close_hold(tx, status, now).await?;
    }
    let detail = json!({
        "status": status.code.digits(), "source": status.origin.source, "delivery": word, "reply": text,
    });
    let (kind, document) = (JournalKind::Settled, Some(status.document));
    tx.append(&[JournalEntry { at: now, kind, document, obligation: None, detail }]).await
}

/// What was told again needs nobody any more, unless the source refused something else about the document.
async fn close_hold(tx: &mut dyn Tx, told: &StatusRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let known = tx.statuses_of(told.document).await?;
    if known.iter().any(|row| row.origin == told.origin && row.delivery == Delivery::Failed) {
        return Ok(());
    }
    tx.close_holds(HoldKind::Upstream, &told.origin.source, &told.origin.external_id, now).await?;
    Ok(())
}

fn hold(claimed: &ClaimedStatus, reason: &str) -> NewHold {
    let status = &claimed.status;
    let (code, word) = (status.code.digits(), status.code.vietnamese());
    NewHold {
        kind: HoldKind::Upstream,
        source: status.origin.source.clone(),
        external_id: status.origin.external_id.clone(),
        document: Some(status.document),
        unit: None,
        task: None,
        reason: format!(
            "nguồn không nhận trạng thái {code} {word}: {reason}; gửi lại: vanthu upstream retry {}",
            status.id
        ),
        raw: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_and_what_follows() {
        let now = DateTime::UNIX_EPOCH;
        let down = || Err(SourceError::Unreachable("mất mạng".to_owned()));
        let retry = |minutes| StatusSettled::Retry {
            at: now + chrono::Duration::minutes(minutes),
            reason: "không kết nối được: mất mạng".to_owned(),
        };
        let told = |receipt: &str| StatusSettled::Told { receipt: receipt.to_owned() };
        let refused = Ok(Reported::Refused("sai mã".to_owned()));
        let table = [
            (Ok(Reported::Taken(Some("R-1".to_owned()))), 1, told("R-1")),
            (Ok(Reported::Taken(None)), 1, told("nguồn đã nhận")),
            (Ok(Reported::Known), 2, told("nguồn đã có từ lần gửi trước")),
            (refused, 1, StatusSettled::Failed { reason: "sai mã".to_owned() }),
            (down(), 1, retry(1)),
            (down(), 8, retry(960)),
        ];
        for (outcome, tries, expected) in table {
            let case = format!("{outcome:?} after {tries}");
            assert_eq!(settled(outcome, tries, now), expected, "{case}");
        }
        assert!(
            matches!(settled(down(), 9, now), StatusSettled::Failed { reason } if reason.contains("9 lần"))
        );
    }
}
