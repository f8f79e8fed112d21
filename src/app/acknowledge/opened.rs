//! A link that was opened: what its page shows, and what a press of that page counts for. Both are read once; a press is
//! judged by what its transaction finds.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::judge::judge;
use super::record::{Recorded, Statement};
use super::{
    AnswerError, Desk, Followed, Outcome, Press, TaskView, View, evidence, follow, mailbox_hash, note, stamp,
};
use crate::app::ports::{AnswerRecord, RequestRow, Sheet, Store, StoreError};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Answer, Duty, Obligation};
use crate::domain::operation::{Edit, Field, Weight};

/// What a link shows, with what it counts for.
pub struct Opened {
    /// What its page shows.
    pub view: View,
    followed: Followed,
}

/// Opens a link at `now`. Writes nothing.
///
/// # Errors
/// [`AnswerError`].
pub async fn open(desk: &Desk<'_>, token: &str, now: DateTime<Utc>) -> Result<Opened, AnswerError> {
    let claims = desk.keyring.verify(token, now)?;
    let followed = follow(desk, claims.obligation, now).await?;
    let Followed { group, own } = &followed;
    let (head, sheet) = (group.head(), &group.sheet);
    let former = former(desk.store, own, head).await?;
    let edits = sheet.edits.as_ref().map(|kept| kept.edits.as_slice()).unwrap_or_default();
    let due = edits.iter().find(|edit| edit.field == Field::Due);
    let view = View {
        standing: sheet.standing,
        due_moved: due.map(|edit| (edit.old.clone(), edit.new.clone())),
        changed: told(edits),
        cell: head.cell.clone(),
        revision: sheet.number,
        kind_name: sheet.document.kind_name.clone(),
        issuer: sheet.document.issuer.clone(),
        issued: sheet.document.issued,
        succeeds: (own.cell != head.cell).then(|| own.cell.clone()),
        tasks: group.tasks().map(|known| task(known, sheet, &former)).collect(),
        stamp: stamp(head.id, now, desk.secret),
        language: desk.units.language_of(&own.cell, desk.calendar.date_of(now), |address| {
            mailbox_hash(address) == claims.mailbox
        }),
    };
    Ok(Opened { view, followed })
}

impl Opened {
    /// Judges a press of this link and, unless it must be backed by digits first, records it.
    ///
    /// # Errors
    /// [`AnswerError`]; then nothing was recorded.
    pub async fn press(&self, desk: &Desk<'_>, press: &Press) -> Result<Recorded, AnswerError> {
        let unrecorded = |outcome| Ok(Recorded { outcome, rows: Vec::new() });
        let Followed { group, own } = &self.followed;
        let meant = group.meant(press.task);
        if meant.is_empty() {
            return unrecorded(Outcome::OtherTask);
        }
        let grade = match judge(desk, press, (group, own), group.demanded(&meant)) {
            Ok(grade) => grade,
            Err(outcome) => {
                note(desk.store, press, &meant, outcome).await?;
                return unrecorded(outcome);
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

    /// What it shows after a press: the rows, their answers and requests as they are by now. Where the press found what had
    /// been opened and asked nothing of staff, that is known without another look at the register.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn after(
        &self,
        desk: &Desk<'_>,
        pressed: &Recorded,
        now: DateTime<Utc>,
    ) -> Result<View, StoreError> {
        let (head, mut view) = (self.followed.group.head(), self.view.clone());
        view.stamp = stamp(head.id, now, desk.secret);
        if apply(&mut view, pressed).is_some() {
            return Ok(view);
        }
        let Some(sheet) = desk.store.sheet(head.id).await? else { return Ok(view) };
        for task in &mut view.tasks {
            let id = task.obligation.id;
            task.answers.retain(|known| known.obligation != id);
            task.answers.extend(answers(&sheet, id));
            task.requests = requests(&sheet, id);
            if let Some((row, _)) = sheet.rows.iter().find(|(row, _)| row.id == id) {
                task.obligation = row.clone();
            }
        }
        Ok(view)
    }
}

/// Puts into a view what a press made of it; nothing, and the view may be in part changed, where it was of another state of
/// the register or more than its rows and answers changed.
fn apply(view: &mut View, pressed: &Recorded) -> Option<()> {
    for moved in &pressed.rows {
        let task = view.tasks.iter_mut().find(|task| task.obligation == moved.before)?;
        let asks = !matches!(moved.answer.answer, Answer::Received { .. } | Answer::Done { .. });
        if asks || !task.requests.is_empty() {
            return None;
        }
        task.obligation = moved.after.clone();
        task.answers.push(moved.answer.clone());
    }
    (!pressed.rows.is_empty()).then_some(())
}

/// The fields whose change a page may name: to whom else the document went is not the reader's matter.
fn told(edits: &[Edit]) -> Vec<Field> {
    let matters = |edit: &&Edit| edit.weight(&BTreeSet::new()) > Weight::Spelling;
    let fields = edits.iter().filter(matters).map(|edit| edit.field);
    fields.filter(|field| *field != Field::Addressees).collect()
}

/// What the cell whose link was followed answered, where another answers in its place: the rows and their answers.
async fn former(
    store: &dyn Store,
    own: &Obligation,
    head: &Obligation,
) -> Result<Vec<(Obligation, Vec<AnswerRecord>)>, StoreError> {
    let mut former = Vec::new();
    if own.cell != head.cell {
        for earlier in store.asked_of(own.revision, &own.cell).await? {
            let answers = store.answers(earlier.id).await?;
            former.push((earlier, answers));
        }
    }
    Ok(former)
}

fn answers(sheet: &Sheet, id: ObligationId) -> impl Iterator<Item = AnswerRecord> {
    sheet.answers.iter().filter(move |answer| answer.obligation == id).cloned()
}

fn requests(sheet: &Sheet, id: ObligationId) -> Vec<RequestRow> {
    sheet.requests.iter().filter(|request| request.obligation == id).cloned().collect()
}

/// One thing that is asked; before its own answers stand those of the cell that had it.
fn task(
    (row, duty): &(Obligation, Duty),
    sheet: &Sheet,
    former: &[(Obligation, Vec<AnswerRecord>)],
) -> TaskView {
    let earlier = former.iter().filter(|(earlier, _)| earlier.task == row.task);
    let earlier = earlier.flat_map(|(_, answers)| answers.iter().cloned());
    TaskView {
        title: duty.title(),
        is_task: duty.task.is_some(),
        role: duty.role,
        owes: duty.owes.clone(),
        requests: requests(sheet, row.id),
        figures: duty.figures.clone(),
        answers: earlier.chain(answers(sheet, row.id)).collect(),
        obligation: row.clone(),
    }
}
