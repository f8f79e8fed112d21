//! Claims due notices, writes their letters and hands them to the workers.

use std::mem;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::gate::Gate;
use super::worker::opened;
use super::{Dispatch, Flow, Held, Report, Work, lease};
use crate::app::letter::{Draft, Writer};
use crate::app::ports::{ClaimRequest, Claimed, Settled, StoreError};
use crate::domain::thread::Thread;

/// How long to wait before looking for new work while older work is still in flight.
const PAUSE: Duration = Duration::from_millis(20);
/// Claimed notices that may wait for their mailbox; beyond, nothing more is claimed.
const ASIDE: usize = 4096;

impl Dispatch<'_> {
    pub(super) async fn feed(
        &self,
        work: mpsc::Sender<Work>,
        reports: mpsc::Sender<Report>,
        flow: &Flow,
    ) -> Result<(), StoreError> {
        let mut desk = Desk {
            writer: Writer::new(self.store, self.office, self.policy),
            gate: Gate::open(self).await?,
            work,
            reports,
        };
        let mut aside = Vec::new();
        while !flow.must_end() {
            // Those that have waited go first: mails to one mailbox keep their order.
            let mut notices = mem::take(&mut aside);
            let waited = notices.len();
            if waited < ASIDE {
                let from = self.tenure.term();
                match self.claim().await {
                    Ok(claimed) => {
                        let held = Held { from, known: self.tenure.term() };
                        notices.extend(claimed.into_iter().map(|notice| (notice, held)));
                    }
                    Err(error) => flow.bears(error)?,
                }
            }
            if notices.is_empty() && flow.is_idle() {
                break;
            }
            if notices.len() == waited {
                // Nobody may free a mailbox soon, but something may become due.
                tokio::time::timeout(PAUSE, flow.freed.notified()).await.ok();
            }
            for (notice, held) in notices {
                if flow.must_end() || flow.reserve(&notice.key.mailbox) {
                    self.hand_over(notice, held, &mut desk, flow).await?;
                } else {
                    aside.push((notice, held));
                }
            }
        }
        for (notice, held) in aside {
            self.hand_over(notice, held, &mut desk, flow).await?;
        }
        Ok(())
    }

    /// Looks before it claims: a claim is a write, and most of the time nothing is due.
    async fn claim(&self) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        if self.store.next_send().await?.is_none_or(|at| now < at) {
            return Ok(Vec::new());
        }
        let limit = u32::try_from(self.mailer.sessions() * 16).unwrap_or(u32::MAX).clamp(64, 512);
        let lease_until = now + lease(self.tenure.as_ref());
        let request = ClaimRequest { instance: self.instance.to_owned(), now, lease_until, limit };
        let mut tx = self.store.begin().await?;
        let claimed = tx.claim(&request).await?;
        let claimed = self.around_dead(tx.as_mut(), claimed, now).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn hand_over(
        &self,
        claimed: Claimed,
        held: Held,
        desk: &mut Desk<'_>,
        flow: &Flow,
    ) -> Result<(), StoreError> {
        if flow.must_end() || flow.hold.left(held).is_zero() {
            return desk.report(claimed, Settled::Released, None, flow).await;
        }
        let now = self.clock.now();
        let resolved = self.resolve(&claimed, now).await;
        let draft = match desk.writer.write(&claimed, now).await {
            Ok(draft) => draft,
            Err(error) => {
                flow.bears(error)?;
                return desk.report(claimed, Settled::Released, None, flow).await;
            }
        };
        if let Some(settled) = resolved {
            let opened = match draft {
                Draft::Letter(letter) => opened(&settled, *letter),
                Draft::Needless(_) => None,
            };
            return desk.report(claimed, settled, opened, flow).await;
        }
        let settled = match draft {
            Draft::Letter(letter) => match desk.gate.stop(&letter, now) {
                None => {
                    flow.in_flight.fetch_add(1, Ordering::AcqRel);
                    return desk.work.send(Work { claimed, held, letter }).await.map_err(|_| ended());
                }
                Some(settled) => settled,
            },
            Draft::Needless(reason) => Settled::Dropped { reason: reason.to_owned() },
        };
        desk.report(claimed, settled, None, flow).await
    }
}

/// Where claimed notices become letters, and where those go.
struct Desk<'a> {
    writer: Writer<'a>,
    gate: Gate<'a>,
    work: mpsc::Sender<Work>,
    reports: mpsc::Sender<Report>,
}

impl Desk<'_> {
    /// Hands on what became of a notice that no worker was given, with the conversation it opened before.
    async fn report(
        &self,
        claimed: Claimed,
        settled: Settled,
        opened: Option<Thread>,
        flow: &Flow,
    ) -> Result<(), StoreError> {
        flow.in_flight.fetch_add(1, Ordering::AcqRel);
        let (durable, _) = oneshot::channel();
        self.reports
            .send(Report { claimed, settled, sha256: None, opened, durable })
            .await
            .map_err(|_| ended())
    }
}

/// The other side of a channel is gone, which only an earlier failure can bring about.
pub(super) fn ended() -> StoreError {
    StoreError::Engine("bộ gửi thư đã dừng giữa chừng".to_owned())
}
