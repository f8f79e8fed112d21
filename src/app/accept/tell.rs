//! Telling whoever looks after the office's files: enqueued in the transaction of the step it tells of,
//! sent by the dispatcher between its runs.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{
    About, BulletinSettled, Clock, Mailer, NewAcceptance, NewBulletin, SendOutcome, Store, StoreError, Tx,
};
use crate::domain::bulletin::{Bulletin, News, RequestNews, message_id};
use crate::domain::notice::Delivery;

/// Whom to tell, and how the mail is named.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The address; nobody is told without one.
    pub mailbox: Option<String>,
    /// The register's own secret.
    pub secret: hmac::Key,
    /// Right-hand side of Message-IDs.
    pub domain: String,
}

impl Owner {
    /// Enqueues the mail about a step, once for each state of the files.
    pub(super) async fn tell(
        &self,
        tx: &mut dyn Tx,
        number: i64,
        step: &NewAcceptance,
        force: &str,
    ) -> Result<(), StoreError> {
        let Some(mailbox) = &self.mailbox else { return Ok(()) };
        let bulletin = NewBulletin {
            about: About::Files { acceptance: number, force: force.to_owned() },
            state: step.edition.clone(),
            mailbox: mailbox.clone(),
            message_id: message_id(&step.edition, mailbox, &self.secret, &self.domain),
            send_at: step.at,
        };
        tx.enqueue_bulletin(&bulletin).await?;
        Ok(())
    }
}

/// Sends the bulletins that are due, one after the other. A mail in flight when the process dies is
/// sent again with the same Message-ID.
///
/// # Errors
/// The register's.
pub async fn tell(
    store: &dyn Store,
    mailer: &dyn Mailer,
    (office, policy): (&Office, &Policy),
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    send(store, mailer, (office, policy), clock, |_| true).await
}

/// Sends none but those about a register that was put back; the others wait with everything else.
///
/// # Errors
/// The register's.
pub async fn tell_restoring(
    store: &dyn Store,
    mailer: &dyn Mailer,
    sides: (&Office, &Policy),
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    send(store, mailer, sides, clock, |news| matches!(news, News::Restoring(_))).await
}

async fn send(
    store: &dyn Store,
    mailer: &dyn Mailer,
    (office, policy): (&Office, &Policy),
    clock: &dyn Clock,
    may_leave: fn(&News) -> bool,
) -> Result<(), StoreError> {
    for due in store.due_bulletins(clock.now()).await? {
        if !may_leave(&due.bulletin.news) {
            continue;
        }
        let now = clock.now();
        let own = office.staff_language(&due.bulletin.to, office.calendar.date_of(now));
        let language = own.unwrap_or(policy.sending.language);
        let bulletin = linked(Bulletin { language, ..due.bulletin }, policy, now);
        let outcome = mailer.announce(&bulletin).await;
        let settled = judge(bulletin.id, due.tries + 1, outcome, policy, clock.now());
        let mut tx = store.begin().await?;
        tx.settle_bulletin(&settled).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// News that wants a decision, with the link that decides and its digits.
fn linked(bulletin: Bulletin, policy: &Policy, now: DateTime<Utc>) -> Bulletin {
    let News::Request(news) = bulletin.news else { return bulletin };
    let (link, code) = policy.deciding(news.hold, &bulletin.to, now);
    Bulletin { news: News::Request(RequestNews { link: Some(link), code: Some(code), ..news }), ..bulletin }
}

/// A server that is down is tried again and again; a mail it refuses, as often as there are waits.
fn judge(id: i64, tries: u32, outcome: SendOutcome, policy: &Policy, now: DateTime<Utc>) -> BulletinSettled {
    let wait = |tries| policy.waits.after(tries).and_then(|wait| chrono::Duration::from_std(wait).ok());
    let hour = chrono::Duration::hours(1);
    let (delivery, at, reply) = match outcome {
        SendOutcome::Sent { reply, .. } => (Delivery::Sent, now, reply),
        SendOutcome::Failed { reason } => (Delivery::Failed, now, reason),
        SendOutcome::Retry { reason, everyone: false } => match wait(tries) {
            Some(wait) => (Delivery::Queued, now + wait, reason),
            None => (Delivery::Failed, now, reason),
        },
        SendOutcome::Retry { reason, .. } | SendOutcome::Ambiguous { reason } => {
            (Delivery::Queued, now + wait(tries).unwrap_or(hour), reason)
        }
    };
    if delivery == Delivery::Failed {
        tracing::error!(reason = %reply, "không gửi được thư cho người phụ trách quy tắc; xem office.rules_owner");
    }
    BulletinSettled { id, delivery, at, reply }
}
