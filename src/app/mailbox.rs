//! Mailbox: what follows when a mail does not arrive. Its address fails and at last dies, the next mailbox or
//! the deputy is tried at once, staff are told; what arrives again heals.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, Reader, Store, StoreError, StoredRevision, Tx, Written,
};
use crate::domain::inbound::StatusCode;
use crate::domain::mailbox::{Health, Record};
use crate::domain::notice::NoticeKey;

/// A failing mailbox is well again when a mail has left so long ago and nothing came back: the usual life of a
/// mail in a relay's queue is five days (RFC 5321 §4.5.4.1).
const QUIET: TimeDelta = TimeDelta::days(5);

/// Why a mail did not arrive.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The server's code, where it gave one; without it nothing is concluded about the mailbox.
    pub status: Option<StatusCode>,
    /// In words, one line.
    pub reason: String,
}

/// What was done about a mail that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// How its mailbox is now.
    pub health: Health,
    /// The addresses it goes to instead; empty where none is left.
    pub onward: Vec<String>,
}

/// A mailbox that a person cannot revive.
#[derive(Debug, thiserror::Error)]
pub enum ReviveError {
    /// Nothing is known to speak against it.
    #[error("hộp thư {0} không bị ghi là hỏng; xem `vanthu mailbox list`")]
    Well(String),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A notice did not arrive and will not: notes it of its mailbox, sends the same to the next one or to the
/// deputy, and tells staff.
///
/// # Errors
/// [`StoreError`]; the caller gives the transaction up.
pub(super) async fn failed(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    (notice, fault): (&Written, &Fault),
    now: DateTime<Utc>,
) -> Result<Handled, StoreError> {
    let health = note(tx, office, (notice, fault), now).await?;
    let onward = onward(tx, (office, policy), notice, now).await?;
    let handled = Handled { health, onward };
    tell_staff(tx, (notice, fault), &handled, now).await?;
    Ok(handled)
}

/// A notice is for a mailbox that is known to be dead: it goes to the next one without another word, and staff
/// are told only where there is none.
///
/// # Errors
/// [`StoreError`]; the caller gives the transaction up.
pub(super) async fn around(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    (notice, reason): (&Written, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let onward = onward(tx, (office, policy), notice, now).await?;
    if onward.is_empty() {
        let fault = Fault { status: None, reason: reason.to_owned() };
        tell_staff(tx, (notice, &fault), &Handled { health: Health::Dead, onward }, now).await?;
    }
    Ok(())
}

/// What the fault says of the address.
async fn note(
    tx: &mut dyn Tx,
    office: &Office,
    (notice, fault): (&Written, &Fault),
    now: DateTime<Utc>,
) -> Result<Health, StoreError> {
    let address = &notice.key.mailbox;
    let known = tx.mailbox(address).await?;
    let record = known.unwrap_or_else(|| Record::new(address, now));
    let Some(status) = fault.status else { return Ok(record.health) };
    let next = record.failed(status, &fault.reason, office.calendar.date_of(now), now);
    if next != record {
        tx.save_mailbox(&next).await?;
    }
    Ok(next.health)
}

/// Sends a notice to the addresses that come after its own, those left out that are dead or have had it.
async fn onward(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    notice: &Written,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let Some(revision) = holding(tx, notice).await? else { return Ok(Vec::new()) };
    let key = NoticeKey { revision: revision.id, ..notice.key.clone() };
    let mut shut = tx.dead().await?;
    shut.extend(tx.addressed(&notice.key).await?);
    shut.extend(tx.addressed(&key).await?);
    shut.insert(key.mailbox.to_lowercase());
    let mail = enqueue::Mail {
        revision: key.revision,
        urgency: revision.document.urgency,
        kind: notice.key.kind,
        step: notice.key.step.clone(),
        about: notice.about.clone(),
    };
    let leaves = policy.send_at(mail.urgency, now, &office.calendar);
    let addresses = beside(office, notice, &shut, leaves);
    let notices: Vec<_> = addresses
        .iter()
        .map(|address| enqueue::notice(&mail, &notice.key.unit, address.clone(), (office, policy), now))
        .collect();
    tx.enqueue(notice.document, &notices, now).await?;
    Ok(addresses)
}

/// The revision under which a notice is to be sent on: its own, or the newest where what its unit is asked was
/// carried over to that. Rows that were opened anew have mails of their own.
async fn holding(tx: &mut dyn Tx, notice: &Written) -> Result<Option<StoredRevision>, StoreError> {
    let own = tx.revision(notice.key.revision).await?;
    let Some((_, newest)) = tx.newest(notice.document).await? else { return Ok(own) };
    let rows = tx.live_of(&notice.key.unit).await?;
    let mut over = rows.iter().filter(|row| row.revision == newest.id && row.opened < newest.registered);
    Ok(if newest.id == notice.key.revision || over.next().is_none() { own } else { Some(newest) })
}

fn beside(office: &Office, notice: &Written, shut: &BTreeSet<String>, at: DateTime<Utc>) -> Vec<String> {
    let day = office.calendar.date_of(at);
    let unit = office.units.get(&notice.key.unit);
    let recipients = unit.map(|unit| unit.recipients_beside(day, shut)).unwrap_or_default();
    recipients.into_iter().map(|recipient| recipient.address.to_owned()).collect()
}

async fn tell_staff(
    tx: &mut dyn Tx,
    (notice, fault): (&Written, &Fault),
    handled: &Handled,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(revision) = tx.revision(notice.key.revision).await? else { return Ok(()) };
    let next = match handled.onward.as_slice() {
        [] => "không còn hộp thư nào khác".to_owned(),
        onward => format!("đã chuyển sang {}", onward.join(", ")),
    };
    let dead =
        if handled.health == Health::Dead { "; hộp thư này được coi là hỏng hẳn" } else { "" };
    let hold = NewHold {
        kind: HoldKind::Undeliverable,
        source: revision.document.source,
        external_id: revision.document.external_id,
        document: Some(notice.document),
        unit: Some(notice.key.unit.clone()),
        task: None,
        reason: format!("không gửi được đến {}: {}{dead}; {next}", notice.key.mailbox, fault.reason),
        raw: None,
    };
    tx.open_hold(&hold, now).await?;
    Ok(())
}

/// An address is well: a mail of ours arrived there, or one came from there.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn well(tx: &mut dyn Tx, address: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some(record) = tx.mailbox(address).await? else { return Ok(false) };
    let healed = record.healed(now);
    if healed == record {
        return Ok(false);
    }
    tx.save_mailbox(&healed).await?;
    Ok(true)
}

/// Heals failing mailboxes from which nothing has come back for a while, though mail went there; how many.
///
/// # Errors
/// [`StoreError`].
pub async fn heal(store: &dyn Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut tx = store.begin().await?;
    let recovered = tx.recovered(now - QUIET).await?;
    for record in &recovered {
        tx.save_mailbox(&record.healed(now)).await?;
    }
    if !recovered.is_empty() {
        tx.commit().await?;
    }
    Ok(recovered.len())
}

/// What is known of every mailbox.
///
/// # Errors
/// [`StoreError`].
pub async fn list(store: &(impl Reader + ?Sized)) -> Result<Vec<Record>, StoreError> {
    store.mailboxes().await
}

/// A person says that an address works again: mail is sent there from now on. Journalled with who and why.
///
/// # Errors
/// [`ReviveError`].
pub async fn revive(
    store: &dyn Store,
    address: &str,
    (actor, reason): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Record, ReviveError> {
    let mut tx = store.begin().await?;
    let known = tx.mailbox(address).await?.filter(|record| record.health != Health::Ok);
    let record = known.ok_or_else(|| ReviveError::Well(address.to_owned()))?;
    let healed = record.healed(now);
    tx.save_mailbox(&healed).await?;
    let detail = json!({ "mailbox": healed.address, "was": record.health, "by": actor, "reason": reason });
    tx.append(&[JournalEntry {
        at: now,
        kind: JournalKind::Released,
        document: None,
        obligation: None,
        detail,
    }])
    .await?;
    tx.commit().await?;
    Ok(healed)
}
