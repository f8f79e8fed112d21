//! Accept: what becomes of a change of the office's files. It comes into force, or waits for a person's
//! word because it changes much, or leaves what was in force untouched because it is broken. Every step
//! is recorded; how things stand is the last step.

mod decide;
mod stand;
mod tell;

use chrono::{DateTime, Duration, Utc};

use super::office::Office;
use super::plan::impact;
use super::ports::{AcceptanceKind, AcceptanceRow, NewAcceptance, Store, StoreError};
use crate::domain::edition::{Brake, Edition, Impact};

pub use decide::{Decision, Undecided, decide};
pub use stand::{Matter, Stand, stand};
pub use tell::{Owner, tell, tell_restoring};

/// A change of the files, checked.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its texts.
    pub edition: &'a Edition,
    /// What they say.
    pub office: &'a Office,
    /// Who wrote them: an operating system user.
    pub author: &'a str,
}

/// What is in force, where something is.
#[derive(Debug, Clone, Copy)]
pub struct Force<'a> {
    /// The edition, 64 hex digits.
    pub edition: &'a str,
    /// What it says.
    pub office: &'a Office,
}

/// When a change waits for a person, and who is told.
#[derive(Debug, Clone)]
pub struct Caution {
    /// What may change at once.
    pub brake: Brake,
    /// How far back documents are routed again.
    pub window: Duration,
    /// Who is told of files that wait or are broken.
    pub owner: Owner,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The files say what is in force.
    Unchanged,
    /// It is to come into force now.
    Accepted(Option<Impact>),
    /// A person must look first.
    Waiting(Impact),
    /// A person turned it down.
    Rejected,
}

/// Judges a change and records what becomes of it; whoever gets [`Verdict::Accepted`] puts it in force.
///
/// # Errors
/// The register's; nothing is recorded then.
pub async fn consider(
    store: &dyn Store,
    force: Option<Force<'_>>,
    candidate: Candidate<'_>,
    caution: &Caution,
    now: DateTime<Utc>,
) -> Result<Verdict, StoreError> {
    let hash = candidate.edition.hash();
    let last = store.acceptances(None, 1).await?.pop();
    let Some(force) = force else {
        return accept(store, candidate, None, now).await;
    };
    if force.edition == hash {
        return unchanged(store, candidate, last.as_ref(), now).await;
    }
    // A decision holds for what it was made about, and only until the files change again.
    if let Some(last) = last.filter(|last| last.edition == hash) {
        match last.kind {
            AcceptanceKind::Approved => return accept(store, candidate, last.impact, now).await,
            AcceptanceKind::Rejected => return Ok(Verdict::Rejected),
            AcceptanceKind::Waiting => return Ok(Verdict::Waiting(last.impact.unwrap_or_default())),
            AcceptanceKind::Accepted | AcceptanceKind::Refused | AcceptanceKind::Returned => {}
        }
    }
    let impact = impact::impact(store, force.office, candidate.office, now - caution.window, now).await?;
    let whole = impact::whole(store, force.office, now).await?;
    if caution.brake.holds(&impact, whole) {
        let waiting = step(candidate, AcceptanceKind::Waiting, Some(&impact), now);
        let told = Some((&caution.owner, force.edition));
        record(store, Some(candidate), waiting, told).await?;
        return Ok(Verdict::Waiting(impact));
    }
    accept(store, candidate, Some(impact), now).await
}

async fn accept(
    store: &dyn Store,
    candidate: Candidate<'_>,
    impact: Option<Impact>,
    now: DateTime<Utc>,
) -> Result<Verdict, StoreError> {
    let accepted = step(candidate, AcceptanceKind::Accepted, impact.as_ref(), now);
    record(store, Some(candidate), accepted, None).await?;
    Ok(Verdict::Accepted(impact))
}

/// Ends whatever was the matter with the files in between.
async fn unchanged(
    store: &dyn Store,
    candidate: Candidate<'_>,
    last: Option<&AcceptanceRow>,
    now: DateTime<Utc>,
) -> Result<Verdict, StoreError> {
    let quiet = [AcceptanceKind::Accepted, AcceptanceKind::Returned];
    if last.is_none_or(|last| !quiet.contains(&last.kind)) {
        record(store, None, step(candidate, AcceptanceKind::Returned, None, now), None).await?;
    }
    Ok(Verdict::Unchanged)
}

fn step(
    candidate: Candidate<'_>,
    kind: AcceptanceKind,
    impact: Option<&Impact>,
    now: DateTime<Utc>,
) -> NewAcceptance {
    NewAcceptance {
        at: now,
        kind,
        edition: candidate.edition.hash().to_owned(),
        author: candidate.author.to_owned(),
        impact: impact.cloned(),
        detail: None,
    }
}

/// One transaction: the texts, where they are new, the step, and the mail that tells of it to the owner
/// while that edition is in force.
async fn record(
    store: &dyn Store,
    candidate: Option<Candidate<'_>>,
    step: NewAcceptance,
    told: Option<(&Owner, &str)>,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    if let Some(candidate) = candidate {
        tx.keep_edition(candidate.edition).await?;
    }
    let number = tx.record_acceptance(&step).await?;
    if let Some((owner, force)) = told {
        owner.tell(tx.as_mut(), number, &step, force).await?;
    }
    tx.commit().await
}

/// Files that are broken.
#[derive(Debug, Clone, Copy)]
pub struct Broken<'a> {
    /// The findings as people read them.
    pub findings: &'a str,
    /// What tells this state of the files from others: 64 hex digits.
    pub hash: &'a str,
    /// Who wrote them.
    pub author: &'a str,
    /// The edition in force meanwhile, 64 hex digits.
    pub force: &'a str,
    /// Who is told.
    pub owner: &'a Owner,
}

/// Records that the files are broken; `false` if that is known already.
///
/// # Errors
/// The register's.
pub async fn refuse(store: &dyn Store, broken: Broken<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let last = store.acceptances(None, 1).await?.pop();
    let known = last.is_some_and(|last| last.kind == AcceptanceKind::Refused && last.edition == broken.hash);
    if known {
        return Ok(false);
    }
    let refused = NewAcceptance {
        at: now,
        kind: AcceptanceKind::Refused,
        edition: broken.hash.to_owned(),
        author: broken.author.to_owned(),
        impact: None,
        detail: Some(broken.findings.to_owned()),
    };
    record(store, None, refused, Some((broken.owner, broken.force))).await?;
    Ok(true)
}
