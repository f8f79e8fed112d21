//! A link that was opened: what its page shows, and what a press of that page counts for. Both are read once; a press is
//! judged by what its transaction finds.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::group::Group;
use super::judge::judge;
use super::record::Statement;
use super::{
    AnswerError, Desk, Followed, Outcome, Press, TaskView, View, evidence, follow, mailbox_hash, note, stamp,
};
use crate::app::ports::{RequestRow, Store, StoreError};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Grade, Obligation};
use crate::domain::operation::{Edit, Field, Weight};

/// What a link shows, with what it counts for.
pub struct Opened {
    /// What its page shows.
    pub view: View,
    followed: Followed,
    /// The weakest grade that each row's duty accepts.
    grades: Vec<(ObligationId, Grade)>,
}

/// Opens a link at `now`. Writes nothing.
///
/// # Errors
/// [`AnswerError`].
pub async fn open(desk: &Desk<'_>, token: &str, now: DateTime<Utc>) -> Result<Opened, AnswerError> {
    let claims = desk.keyring.verify(token, now)?;
    let followed = follow(desk, claims.obligation, now).await?;
    let Followed { group, own } = &followed;
    let head = group.head();
    let revision = desk.store.revision(head.revision).await?.ok_or(AnswerError::Unknown)?;
    let former = former(desk.store, own, head).await?;
    let requests = requests(desk.store, group).await?;
    let (mut tasks, mut grades) = (Vec::new(), Vec::new());
    for row in group.rows() {
        let (task, grade) = task(desk, row, (&former, &requests)).await?;
        tasks.push(task);
        grades.push((row.id, grade));
    }
    let kept = desk.store.edits(revision.id).await?;
    let edits = kept.map(|kept| kept.edits).unwrap_or_default();
    let due = edits.iter().find(|edit| edit.field == Field::Due);
    let view = View {
        standing: revision.standing,
        due_moved: due.map(|edit| (edit.old.clone(), edit.new.clone())),
        changed: told(&edits),
        cell: head.cell.clone(),
        revision: revision.number,
        kind_name: revision.document.kind_name,
        issuer: revision.document.issuer,
        issued: revision.document.issued,
        succeeds: (own.cell != head.cell).then(|| own.cell.clone()),
        tasks,
        stamp: stamp(head.id, now, desk.secret),
        language: desk.units.language_of(&own.cell, desk.calendar.date_of(now), |address| {
            mailbox_hash(address) == claims.mailbox
        }),
    };
    Ok(Opened { view, followed, grades })
}

impl Opened {
    /// Judges a press of this link and, unless it must be backed by digits first, records it.
    ///
    /// # Errors
    /// [`AnswerError`]; then nothing was recorded.
    pub async fn press(&self, desk: &Desk<'_>, press: &Press) -> Result<Outcome, AnswerError> {
        let Followed { group, own } = &self.followed;
        let meant = group.meant(press.task);
        if meant.is_empty() {
            return Ok(Outcome::OtherTask);
        }
        let grade = match judge(desk, press, (group, own), self.demanded(&meant)).await? {
            Ok(grade) => grade,
            Err(outcome) => {
                note(desk.store, press, &meant, outcome).await?;
                return Ok(outcome);
            }
        };
        let statement = Statement {
            obligations: meant.iter().map(|row| row.id).collect(),
            answer: press.answer.clone(),
            grade,
            channel: "link",
            actor: None,
            reason: None,
            evidence: Some(evidence(press)),
            now: press.now,
        };
        desk.memory.together.record(desk.store, (desk.calendar, desk.voices), statement).await
    }

    /// What it shows after a press: the rows, their answers and requests as they are by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn again(&self, desk: &Desk<'_>, now: DateTime<Utc>) -> Result<View, StoreError> {
        let (head, mut view) = (self.followed.group.head(), self.view.clone());
        let rows = desk.store.asked_of(head.revision, &head.cell).await?;
        let requests = requests(desk.store, &self.followed.group).await?;
        for task in &mut view.tasks {
            let id = task.obligation.id;
            task.answers.retain(|known| known.obligation != id);
            task.answers.extend(desk.store.answers(id).await?);
            task.requests = of(&requests, id);
            if let Some(row) = rows.iter().find(|row| row.id == id) {
                task.obligation = row.clone();
            }
        }
        view.stamp = stamp(head.id, now, desk.secret);
        Ok(view)
    }

    fn demanded(&self, meant: &[&Obligation]) -> Grade {
        let of =
            |(id, grade): &(ObligationId, Grade)| meant.iter().any(|row| row.id == *id).then_some(*grade);
        self.grades.iter().filter_map(of).max().unwrap_or(Grade::Upstream)
    }
}

/// The fields whose change a page may name: to whom else the document went is not the reader's matter.
fn told(edits: &[Edit]) -> Vec<Field> {
    let matters = |edit: &&Edit| edit.weight(&BTreeSet::new()) > Weight::Spelling;
    let fields = edits.iter().filter(matters).map(|edit| edit.field);
    fields.filter(|field| *field != Field::Addressees).collect()
}

/// What was asked of the cell whose link was followed, where another answers in its place.
async fn former(
    store: &dyn Store,
    own: &Obligation,
    head: &Obligation,
) -> Result<Vec<Obligation>, StoreError> {
    if own.cell == head.cell { Ok(Vec::new()) } else { store.asked_of(own.revision, &own.cell).await }
}

/// What was asked of staff about what is asked of a cell.
async fn requests(store: &dyn Store, group: &Group) -> Result<Vec<RequestRow>, StoreError> {
    store.requests_of(&group.rows().map(|row| row.id).collect::<Vec<_>>()).await
}

fn of(requests: &[RequestRow], id: ObligationId) -> Vec<RequestRow> {
    requests.iter().filter(|request| request.obligation == id).cloned().collect()
}

/// One thing that is asked, and the weakest grade it accepts; before its own answers stand those of the cell that had it.
async fn task(
    desk: &Desk<'_>,
    row: &Obligation,
    (former, requests): (&[Obligation], &[RequestRow]),
) -> Result<(TaskView, Grade), AnswerError> {
    let duty = desk.store.duty(row.duty).await?.ok_or(AnswerError::Unknown)?.duty;
    let mut answers = Vec::new();
    for earlier in former.iter().filter(|earlier| earlier.task == row.task) {
        answers.extend(desk.store.answers(earlier.id).await?);
    }
    answers.extend(desk.store.answers(row.id).await?);
    let grade = duty.grade;
    let task = TaskView {
        title: duty.title(),
        is_task: duty.task.is_some(),
        role: duty.role,
        owes: duty.owes,
        requests: of(requests, row.id),
        figures: duty.figures,
        answers,
        obligation: row.clone(),
    };
    Ok((task, grade))
}
