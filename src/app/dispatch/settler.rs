//! Records outcomes, as many together as have arrived, and tells the workers when they are durable.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{AGAIN, Dispatch, Dispatched, Flow, Report};
use crate::app::mailbox::{self, Fault};
use crate::app::ports::{
    Claimed, HoldKind, JournalEntry, JournalKind, NewHold, NewThread, Settled, Settlement, StoreError, Tx,
    Written,
};
use crate::domain::ids::{DocumentId, NoticeId};
use crate::domain::inbound::StatusCode;

/// Outcomes committed together at most.
const GROUP: usize = 64;

impl Dispatch<'_> {
    pub(super) async fn settle(
        &self,
        mut inbox: mpsc::Receiver<Report>,
        flow: &Flow,
    ) -> Result<Dispatched, StoreError> {
        let mut done = Dispatched::default();
        let mut group = Vec::with_capacity(GROUP);
        while inbox.recv_many(&mut group, GROUP).await > 0 {
            self.record(&group, flow).await?;
            for report in group.drain(..) {
                count(&mut done, &report.settled);
                flow.in_flight.fetch_sub(1, Ordering::AcqRel);
                flow.free(&report.claimed.key.mailbox);
                // The worker is gone only if the whole run was given up.
                report.durable.send(()).ok();
            }
        }
        Ok(done)
    }

    /// Records outcomes: a mail that has left must be known to. Where the disk is full that takes the room kept back for
    /// them; where the server is away it is waited for, until this daemon itself must end. What was recorded without our
    /// hearing of it counts only once, as did what another instance has taken over.
    async fn record(&self, group: &[Report], flow: &Flow) -> Result<(), StoreError> {
        let mut stop = flow.stop.clone();
        let mut is_last = *stop.borrow();
        loop {
            match self.commit(group).await {
                Err(error @ StoreError::Full(_)) => {
                    flow.bears(error.clone())?;
                    if !self.store.relieve().await {
                        return Err(error);
                    }
                }
                Err(error @ StoreError::Away(_)) if is_last => return Err(error),
                Err(error @ StoreError::Away(_)) => {
                    flow.bears(error)?;
                    // Told to stop, or whoever could tell is gone: one more try.
                    is_last = timeout(AGAIN, stop.wait_for(|stop| *stop)).await.is_ok();
                }
                ended => return ended,
            }
        }
    }

    async fn commit(&self, group: &[Report]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let settlements: Vec<_> = group.iter().map(settlement).collect();
        let mut tx = self.store.begin().await?;
        let effective = tx.settle(&settlements, now).await?;
        let recorded = group.iter().zip(effective).filter(|(_, effective)| *effective);
        let recorded: Vec<_> = recorded.map(|(report, _)| report).collect();
        for report in &recorded {
            match &report.settled {
                Settled::Failed { reason } => self.give_up(tx.as_mut(), report, reason).await?,
                Settled::Held { reason } => self.tell_staff(tx.as_mut(), report, reason.clone()).await?,
                _ => {}
            }
        }
        tx.keep_outside(&outside(&recorded)).await?;
        tx.keep_threads(&opened(&recorded)).await?;
        let entries = journal(&recorded, now);
        tx.append(&entries).await?;
        tx.commit().await
    }

    /// The next mailbox is tried at once, and staff are told.
    async fn give_up(&self, tx: &mut dyn Tx, report: &Report, reason: &str) -> Result<(), StoreError> {
        let Claimed { id, document, key, about, .. } = &report.claimed;
        let notice = Written { id: *id, document: *document, key: key.clone(), about: about.clone() };
        let fault = Fault { status: StatusCode::find(reason), reason: reason.to_owned() };
        mailbox::failed(tx, (self.office, self.policy), (&notice, &fault), self.clock.now()).await?;
        Ok(())
    }

    async fn tell_staff(&self, tx: &mut dyn Tx, report: &Report, reason: String) -> Result<(), StoreError> {
        let key = &report.claimed.key;
        let Some(revision) = tx.revision(key.revision).await? else {
            return Ok(());
        };
        let hold = NewHold {
            kind: HoldKind::Undeliverable,
            source: revision.document.source,
            external_id: revision.document.external_id,
            document: Some(report.claimed.document),
            unit: Some(key.unit.clone()),
            task: None,
            reason,
            raw: None,
        };
        tx.open_hold(&hold, self.clock.now()).await?;
        Ok(())
    }
}

fn settlement(report: &Report) -> Settlement {
    Settlement { id: report.claimed.id, epoch: report.claimed.epoch, settled: report.settled.clone() }
}

/// The notices that are held because of their domain.
fn outside(recorded: &[&Report]) -> Vec<(NoticeId, String)> {
    let held = recorded.iter().filter(|report| matches!(report.settled, Settled::Held { .. }));
    held.map(|report| (report.claimed.id, report.claimed.key.mailbox.clone())).collect()
}

/// The conversations that these mails opened.
fn opened(recorded: &[&Report]) -> Vec<NewThread> {
    let new = |report: &&Report| {
        let key = &report.claimed.key;
        Some(NewThread {
            document: report.claimed.document,
            unit: key.unit.clone(),
            mailbox: key.mailbox.clone(),
            thread: report.opened.clone()?,
        })
    };
    recorded.iter().filter_map(new).collect()
}

/// One journal entry per document: notice ids by outcome, and of each mail that was sent its hash and the server's
/// word. Released notices are no fact.
fn journal(recorded: &[&Report], now: chrono::DateTime<chrono::Utc>) -> Vec<JournalEntry> {
    let mut by_document: BTreeMap<DocumentId, BTreeMap<&'static str, Vec<Value>>> = BTreeMap::new();
    for report in recorded {
        if let Some(word) = word(&report.settled) {
            let outcomes = by_document.entry(report.claimed.document).or_default();
            outcomes.entry(word).or_default().push(json!(report.claimed.id));
            outcomes.entry("mails").or_default().extend(handed_over(report));
            outcomes.entry("found").or_default().extend(found(report));
        }
    }
    by_document
        .into_iter()
        .map(|(document, mut outcomes)| {
            outcomes.retain(|_, what| !what.is_empty());
            (document, outcomes)
        })
        .map(|(document, outcomes)| JournalEntry {
            at: now,
            kind: JournalKind::Settled,
            document: Some(document),
            obligation: None,
            detail: json!(outcomes),
        })
        .collect()
}

/// What showed that a mail was accepted whose answer was lost.
fn found(report: &Report) -> Option<Value> {
    let Settled::Found { evidence } = &report.settled else { return None };
    Some(json!({ "notice": report.claimed.id, "seen": unaddressed(evidence) }))
}

/// What proves that a mail was sent.
fn handed_over(report: &Report) -> Option<Value> {
    let Settled::Sent { reply } = &report.settled else { return None };
    Some(json!({ "notice": report.claimed.id, "reply": unaddressed(reply), "sha256": report.sha256 }))
}

/// Servers may name a recipient, which has no place in the journal.
fn unaddressed(said: &str) -> String {
    let words = said.split(' ').map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn word(settled: &Settled) -> Option<&'static str> {
    match settled {
        Settled::Sent { .. } | Settled::Found { .. } => Some("sent"),
        Settled::Retry { .. } => Some("retry"),
        Settled::Failed { .. } => Some("failed"),
        Settled::Ambiguous { .. } => Some("ambiguous"),
        Settled::Dropped { .. } => Some("dropped"),
        Settled::Held { .. } => Some("held"),
        Settled::Diverted { .. } => Some("diverted"),
        Settled::Released | Settled::Postponed { .. } | Settled::Doubted { .. } => None,
    }
}

fn count(done: &mut Dispatched, settled: &Settled) {
    let counter = match settled {
        Settled::Sent { .. } => &mut done.sent,
        Settled::Retry { .. } => &mut done.retried,
        Settled::Failed { .. } => &mut done.failed,
        Settled::Ambiguous { .. } => &mut done.ambiguous,
        Settled::Dropped { .. } => &mut done.dropped,
        Settled::Released => &mut done.released,
        Settled::Postponed { .. } | Settled::Doubted { .. } => &mut done.postponed,
        Settled::Found { .. } => &mut done.found,
        Settled::Held { .. } => &mut done.held,
        Settled::Diverted { .. } => &mut done.diverted,
    };
    *counter += 1;
}
