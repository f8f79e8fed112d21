//! Nothing is sent to a dead mailbox, however it came to be enqueued for it: before the mailbox died, or by a
//! command that knew nothing of it.

use chrono::{DateTime, Utc};

use super::Dispatch;
use crate::app::mailbox;
use crate::app::ports::{Claimed, Settled, Settlement, StoreError, Tx, Written};

/// What is recorded of a notice to a dead mailbox.
const DEAD: &str = "hộp thư đã hỏng, không gửi nữa";

impl Dispatch<'_> {
    /// What was claimed for mailboxes that live; the rest fails here and goes to whoever comes next.
    pub(super) async fn around_dead(
        &self,
        tx: &mut dyn Tx,
        claimed: Vec<Claimed>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claimed>, StoreError> {
        let dead = tx.dead().await?;
        if dead.is_empty() {
            return Ok(claimed);
        }
        let (shut, open): (Vec<_>, Vec<_>) =
            claimed.into_iter().partition(|notice| dead.contains(&notice.key.mailbox.to_lowercase()));
        let settled = Settled::Failed { reason: DEAD.to_owned() };
        let settlements: Vec<_> = shut
            .iter()
            .map(|notice| Settlement { id: notice.id, epoch: notice.epoch, settled: settled.clone() })
            .collect();
        tx.settle(&settlements, now).await?;
        for Claimed { id, document, key, about, .. } in shut {
            let notice = Written { id, document, key, about };
            mailbox::around(tx, (self.office, self.policy), (&notice, DEAD), now).await?;
        }
        Ok(open)
    }
}
