//! Apply: do exactly what a plan shows, one transaction per document, or refuse.

use chrono::{DateTime, Utc};

use super::decide;
use super::draw::Side;
use super::one::{Current, One};
use crate::app::policy::Policy;
use crate::app::ports::{Store, StoreError, Tx};
use crate::domain::change::{Difference, Fate, assignments, differences};
use crate::domain::ids::{DocumentId, TaskId, UnitId};
use crate::domain::plan::{Act, Change, FORM, Group, Part, Plan};
use crate::domain::routing;

/// Why a plan was not, or not wholly, applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It was saved by another version.
    #[error("kế hoạch do một phiên bản vanthu khác lập; hãy lập lại")]
    Form,
    /// The files changed.
    #[error("{} đã đổi từ khi lập kế hoạch; hãy lập lại", .0.join(", "))]
    Files(Vec<&'static str>),
    /// Somebody acted on these documents, or their time has come.
    #[error("sổ đã đổi từ khi lập kế hoạch, ở văn bản {}; hãy lập lại", list(.0))]
    Moved(Vec<DocumentId>),
    /// The same, after some documents were done.
    #[error(
        "dừng ở văn bản #{document}, vì sổ vừa đổi; đã áp dụng xong {done} văn bản trước đó, hãy lập kế hoạch cho phần còn lại"
    )]
    Stopped {
        /// Where.
        document: DocumentId,
        /// How many were done.
        done: u64,
    },
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(documents: &[DocumentId]) -> String {
    let shown: Vec<_> = documents.iter().take(5).map(|id| format!("#{id}")).collect();
    let rest = documents.len().saturating_sub(shown.len());
    let more = if rest > 0 { format!(" và {rest} văn bản nữa") } else { String::new() };
    shown.join(", ") + &more
}

/// What applying did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// Documents.
    pub documents: u64,
    /// Obligations opened, for the first time or again.
    pub opened: u64,
    /// Obligations changed.
    pub changed: u64,
    /// Obligations withdrawn.
    pub withdrawn: u64,
    /// Mails enqueued.
    pub mails: u64,
}

/// Everything applying needs.
pub struct Apply<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office whose rules the plan leads to.
    pub side: Side<'a>,
    /// How mails are made.
    pub policy: &'a Policy,
    /// Who applies.
    pub actor: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Applies a plan.
///
/// # Errors
/// [`ApplyError`]; all but `Stopped` and `Store` leave the register as it was.
pub async fn apply(apply: &Apply<'_>, plan: &Plan) -> Result<Applied, ApplyError> {
    if plan.form != FORM {
        return Err(ApplyError::Form);
    }
    let moved = plan.after.differs(apply.side.stamp);
    if !moved.is_empty() {
        return Err(ApplyError::Files(moved));
    }
    let changes: Vec<_> = plan.changes.iter().filter(|change| change.acts()).collect();
    unmoved(apply, &changes).await?;
    let (mut done, id) = (Applied::default(), plan.id());
    for change in changes {
        let mut tx = apply.store.begin().await?;
        let Some(document) = current(tx.as_mut(), apply, change).await? else {
            return Err(ApplyError::Stopped { document: change.document, done: done.documents });
        };
        let one = One { apply, change, document, plan: &id };
        one.run(tx.as_mut(), &mut done).await?;
        tx.commit().await?;
        done.documents += 1;
    }
    Ok(done)
}

/// Looks at every document before the first is touched.
async fn unmoved(apply: &Apply<'_>, changes: &[&Change]) -> Result<(), ApplyError> {
    let mut tx = apply.store.begin().await?;
    let mut moved = Vec::new();
    for change in changes {
        if current(tx.as_mut(), apply, change).await?.is_none() {
            moved.push(change.document);
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(ApplyError::Moved(moved)) }
}

/// The document, if it stands as the plan saw it and the rules still make of it what the plan shows.
async fn current(tx: &mut dyn Tx, apply: &Apply<'_>, change: &Change) -> Result<Option<Current>, StoreError> {
    let Some(stored) = tx.revision(change.revision).await? else { return Ok(None) };
    let newest = tx.registered(&stored.document.source, &stored.document.external_id).await?;
    let rows = tx.obligations(change.document).await?;
    let is_newest = newest.is_some_and(|newest| newest.revision == change.revision);
    if !is_newest || decide::mark(change.revision, &decide::by_key(&rows), &change.groups) != change.mark {
        return Ok(None);
    }
    let office = apply.side.office;
    let trace =
        routing::decide(&office.ruleset, &stored.document, &office.units, &office.calendar, stored.asked);
    let duty_of = |task: &TaskId, cell: &UnitId| {
        let mut groups = assignments(&trace.outcome).iter();
        groups
            .find(|group| group.duty.task_id() == *task && group.cells.contains(cell))
            .map(|group| &group.duty)
    };
    let agrees = |(group, part): (&Group, &Part)| {
        let differs = differences(duty_of(&group.task_id(), &part.cell), group.after.as_ref());
        let past = group.after.as_ref().and_then(|duty| duty.due).is_some_and(|due| due <= apply.now);
        let keeps = matches!(part.act, Act::Keep { .. });
        keeps || !past && differs.iter().all(|difference| *difference == Difference::AcknowledgeDue)
    };
    if Fate::of(&trace.outcome) != change.is || !change.parts().all(agrees) {
        return Ok(None);
    }
    let trace = serde_json::to_string(&trace).map_err(|error| StoreError::Engine(error.to_string()))?;
    let rows = rows.into_iter().map(|row| (row.obligation.id, row.obligation)).collect();
    Ok(Some(Current { document: stored.document, trace, rows }))
}
