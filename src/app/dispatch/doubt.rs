//! Mails that may have been accepted: the server was silent behind the final dot, or the process died before it had
//! recorded the answer. Before one is sent again it is looked for where accepted mails can be seen.
//!
//! What is found was sent. What is not found once a server had time to show it is sent again, with the same
//! Message-ID. Where nobody can look, it is sent again too, after a while: a cell that is told twice sees one mail twice, a
//! cell that is not told misses its deadline.

use chrono::{DateTime, TimeDelta, Utc};

use super::Dispatch;
use crate::app::ports::{Claimed, Sent, Settled};

/// Who is asked, and how long.
#[derive(Clone, Copy)]
pub struct Witness<'a> {
    /// Whoever can see accepted mails.
    pub sent: &'a dyn Sent,
    /// How long after the doubt began a mail may still turn up: copies take their way, logs their time.
    pub grace: TimeDelta,
    /// How long it is tried to look, where looking fails.
    pub patience: TimeDelta,
}

/// How soon to look again where looking failed.
const AGAIN: TimeDelta = TimeDelta::minutes(1);
/// How long before the newest doubt was recorded its mail may have been accepted: as long as an answer to the final dot
/// may take, then some for clocks that differ, and a day in which older doubts about the same mail may lie.
const BEFORE: TimeDelta = TimeDelta::hours(25);

impl Dispatch<'_> {
    /// What becomes of a mail that may have been accepted; `None` lets it be sent.
    pub(super) async fn resolve(&self, claimed: &Claimed, now: DateTime<Utc>) -> Option<Settled> {
        let (since, witness) = (claimed.doubtful?, self.witness?);
        match witness.sent.find(&claimed.message_id, since - BEFORE).await {
            Ok(Some(evidence)) => {
                let evidence = format!("không gửi lại: đã thấy trong {}: {evidence}", witness.sent.name());
                Some(match &self.policy.sending.shadow {
                    None => Settled::Found { evidence },
                    Some(_) => Settled::Diverted { reply: evidence },
                })
            }
            Ok(None) => {
                let at = since + witness.grace;
                let reason = format!("có thể đã gửi; chờ xem {} trước khi gửi lại", witness.sent.name());
                (now < at).then_some(Settled::Doubted { at, reason })
            }
            Err(error) => {
                tracing::warn!(%error, "không xem được thư đã gửi; xem mail.sent");
                let reason = format!("có thể đã gửi; chưa xem được {}: {error}", witness.sent.name());
                (now < since + witness.patience).then_some(Settled::Doubted { at: now + AGAIN, reason })
            }
        }
    }
}
