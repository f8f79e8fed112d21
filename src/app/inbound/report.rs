//! Reports of delivery (RFC 3464). One counts only if it names a mail of ours by an id that nobody can guess,
//! and speaks of exactly the address that mail went to; forged ones and echoes of forged mail change nothing
//! (promises T57).

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Inbound, Verdict, entry};
use crate::app::mailbox::{self, Fault};
use crate::app::ports::{Bounce, InboundKind, JournalKind, StoreError, Tx, Written};
use crate::domain::inbound::{Fate, Received, Recipient, Report, StatusCode};

/// Letters of a server's words that are kept.
const WORDS: usize = 300;

impl Inbound<'_> {
    pub(super) async fn report(
        &self,
        tx: &mut dyn Tx,
        mail: &Received,
        now: DateTime<Utc>,
    ) -> Result<Option<Verdict>, StoreError> {
        let report = mail.report.clone().unwrap_or_default();
        let written = tx.written(&self.proofs(mail, &report)).await?;
        for recipient in &report.recipients {
            let Some(fate) = recipient.fate() else { continue };
            if let Some(notice) = written.iter().find(|notice| recipient.is(&notice.key.mailbox)) {
                let because = self.settle(tx, notice, (fate, recipient), now).await?;
                let (kind, about) = (InboundKind::Report, Some(notice.clone()));
                return Ok(Some(Verdict { kind, because, about, keeps_words: false, hold: None }));
            }
        }
        Ok(None)
    }

    /// Ids by which a report proves which mail it is about: the tag of the address it came to, the envelope's
    /// id, the returned mail's own. What the report itself refers to is no proof: a forger may have seen a thread.
    fn proofs(&self, mail: &Received, report: &Report) -> Vec<String> {
        let tagged = self.named(&Received { to: mail.to.clone(), ..Received::default() });
        let domain = &self.policy.domain;
        let envelope = report.envelope.iter().map(|id| match id.contains('@') {
            true => id.clone(),
            false => format!("{id}@{domain}"),
        });
        tagged.into_iter().chain(envelope).chain(report.returned.clone()).collect()
    }

    /// What is proved of one mail; in words.
    async fn settle(
        &self,
        tx: &mut dyn Tx,
        notice: &Written,
        (fate, recipient): (Fate, &Recipient),
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        match fate {
            Fate::Arrived => {
                mailbox::well(tx, &notice.key.mailbox, now).await?;
                Ok("đã đến hộp thư".to_owned())
            }
            Fate::Delayed => Ok("máy chủ còn đang thử gửi".to_owned()),
            Fate::Failed(status) => self.bounce(tx, notice, (status, &reason(status, recipient)), now).await,
        }
    }

    async fn bounce(
        &self,
        tx: &mut dyn Tx,
        notice: &Written,
        (status, reason): (StatusCode, &str),
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let bounce = Bounce { notice: notice.id, status, reason: reason.to_owned(), at: now };
        if !tx.bounce(&bounce).await? {
            return Ok(format!("thư đã được ghi là trả lại ({status})"));
        }
        let fault = Fault { status: Some(status), reason: reason.to_owned() };
        let handled = mailbox::failed(tx, (self.office, self.policy), (notice, &fault), now).await?;
        let detail = json!({
            "bounced": [notice.id], "cell": notice.key.unit, "status": status.to_string(),
            "mailbox": handled.health, "onward": handled.onward.len(),
        });
        tx.append(&[entry(JournalKind::Settled, Some(notice.document), detail, now)]).await?;
        Ok(format!("thư bị trả lại ({status})"))
    }
}

/// The code and the last server's words, one line.
fn reason(status: StatusCode, recipient: &Recipient) -> String {
    let words = recipient.diagnostic.as_deref().unwrap_or_default();
    let words: String = words.chars().filter(|c| !c.is_control()).take(WORDS).collect();
    format!("{status} {words}").trim_end().to_owned()
}
