//! Decide: the office answers a cell's request by the link of its own mail. What may be decided is what the hold
//! allows; who does it, that the digits of the mail were typed. Looking changes nothing.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use chrono::{DateTime, NaiveDate, Utc};

use super::acknowledge::{AnswerError, Memory, Tried};
use super::hold::{self, Decided, HoldError, To, Wanted};
use super::office::Office;
use super::policy::Policy;
use super::ports::{Act, Asked, HoldRow, RequestRow, Store};
use crate::domain::challenge::{code, meets};
use crate::domain::language::Language;
use crate::domain::obligation::{Obligation, Role};
use crate::domain::token::{Deciding, TokenError, mailbox_hash};

/// What the page works with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office.
    pub office: &'a Office,
    /// How mails and links are made.
    pub policy: &'a Policy,
    /// The register's own secret.
    pub secret: &'a hmac::Key,
    /// Recent tries.
    pub memory: &'a Memory,
}

/// What a link's page may say: nothing of the document, as with every page that a link opens.
#[derive(Debug, Clone)]
pub struct View {
    /// The hold.
    pub hold: HoldRow,
    /// What is asked.
    pub request: RequestRow,
    /// The row.
    pub row: Obligation,
    /// What the row is called, where the cell has several.
    pub task: Option<String>,
    /// The language in which the link's mailbox is written to, where it names one.
    pub language: Option<Language>,
}

/// A press of the page's button.
#[derive(Debug, Clone)]
pub struct Press {
    /// The link's token.
    pub token: String,
    /// What is decided.
    pub act: Act,
    /// The day that is granted, where it is not the one that was asked for; of work passed on, its due day.
    pub day: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// The digits of the mail.
    pub digits: String,
    /// Address of the client.
    pub client: IpAddr,
    /// When.
    pub now: DateTime<Utc>,
}

/// What a press led to.
#[derive(Debug)]
pub enum Outcome {
    /// It is decided, durably.
    Decided(Decided),
    /// Somebody decided before; nothing changed.
    Already,
    /// The digits are missing or wrong; nothing is decided.
    AskDigits {
        /// After wrong ones: how many tries are left.
        tries_left: Option<usize>,
    },
    /// Too many wrong digits.
    Locked {
        /// When the next try is possible.
        until: DateTime<Utc>,
    },
    /// It cannot be decided so; nothing changed.
    Impossible(HoldError),
}

/// What a link shows. Writes nothing.
///
/// # Errors
/// [`AnswerError`].
pub async fn view(desk: &Desk<'_>, token: &str, now: DateTime<Utc>) -> Result<View, AnswerError> {
    opened(desk, token, now).await.map(|(view, _)| view)
}

/// Decides, if the digits of the mail were typed.
///
/// # Errors
/// [`AnswerError`]; then nothing was decided.
pub async fn decide(desk: &Desk<'_>, press: &Press) -> Result<Outcome, AnswerError> {
    let (view, mailbox) = opened(desk, &press.token, press.now).await?;
    if view.request.verdict.is_some() || view.hold.closed.is_some() {
        return Ok(Outcome::Already);
    }
    if let Some(outcome) = challenged(desk, press, &view) {
        return Ok(outcome);
    }
    let actor = format!("liên kết trong thư gửi {mailbox} ({})", press.client);
    let Desk { store, office, policy, .. } = *desk;
    let hold = hold::Desk { store, office, policy, actor: &actor, reason: &press.reason, now: press.now };
    Ok(match act(&hold, press, &view).await {
        Ok(done) => Outcome::Decided(done),
        Err(HoldError::Store(error)) => return Err(error.into()),
        // The request waited when the link was looked at: somebody has decided between the two.
        Err(HoldError::Gone(_) | HoldError::Unasked(_)) => Outcome::Already,
        Err(error) => Outcome::Impossible(error),
    })
}

async fn act(hold: &hold::Desk<'_>, press: &Press, view: &View) -> Result<Decided, HoldError> {
    let id = view.hold.id;
    match (press.act, &view.request.asks) {
        (Act::Release, Asked::MoreTime { .. }) => hold.grant(id, press.day).await,
        (Act::Release, _) => hold.release(id).await,
        (Act::Dismiss, _) => hold.dismiss(id).await,
        (Act::Assign, Asked::Declined { suggested: Some(cell) }) => {
            let to = To::Cells(vec![cell.clone()]);
            hold.assign(id, &Wanted { to, role: Role::Lead, due: press.day }).await
        }
        (Act::Assign, _) => Err(HoldError::Nobody),
    }
}

/// What stands between a press and its decision.
fn challenged(desk: &Desk<'_>, press: &Press, view: &View) -> Option<Outcome> {
    if press.digits.trim().is_empty() {
        return Some(Outcome::AskDigits { tries_left: None });
    }
    let tried = Tried::Decision(view.hold.id);
    match desk.memory.take_try(tried, press.now) {
        Err(until) => Some(Outcome::Locked { until }),
        Ok(_) if meets(&press.digits, &code(view.hold.id, desk.secret)) => {
            desk.memory.forgive(tried);
            None
        }
        Ok(left) => Some(Outcome::AskDigits { tries_left: Some(left) }),
    }
}

/// What a link is about, and the mailbox it was sent to. A mailbox that is no longer the office's decides
/// nothing any more.
async fn opened(desk: &Desk<'_>, token: &str, now: DateTime<Utc>) -> Result<(View, String), AnswerError> {
    let Deciding { hold, mailbox, .. } = desk.policy.keyring.verify_decision(token, now)?;
    let today = desk.office.calendar.date_of(now);
    let units = &desk.office.units;
    let unit = units.office.as_ref().and_then(|unit| units.get(unit));
    let own = unit.into_iter().flat_map(|unit| unit.recipients_on(today)).map(|one| one.address.to_owned());
    let own = own.into_iter().find(|address| mailbox_hash(address) == mailbox);
    let own = own.ok_or(AnswerError::Token(TokenError::Retired))?;
    let hold = desk.store.hold(hold).await?.ok_or(AnswerError::Unknown)?;
    let request = desk.store.request_under(hold.id).await?.ok_or(AnswerError::Unknown)?;
    let row = desk.store.obligation(request.obligation).await?.ok_or(AnswerError::Unknown)?.obligation;
    let task = desk.store.duty(row.duty).await?.and_then(|stored| stored.duty.task).map(|task| task.name);
    let language = desk.office.staff_language(&own, today);
    Ok((View { hold, request, row, task, language }, own))
}
