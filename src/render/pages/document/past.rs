//! Where a document came from, how it changed, and the documents before and after it.

use serde::Serialize;

use super::super::{Setting, words};
use crate::domain::operation::{Change, Delivery, Edit, History, Related, Standing, Words};

/// What a document's page tells beside its newest content.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Past {
    /// That it no longer holds, where it does not.
    pub ended: Option<String>,
    /// What it took the place of, by number and symbol.
    pub replaces: Vec<(i64, String)>,
    /// What took its place.
    pub replaced_by: Vec<(i64, String)>,
    /// What brought something about it; told where there is more than one.
    pub origins: Vec<Vec<String>>,
    /// Its further revisions.
    pub changes: Vec<ChangeLine>,
}

/// A further revision.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeLine {
    /// `Bản thứ 2, 09:00 ngày 03/03/2026: cập nhật`
    pub title: String,
    /// Why, and what followed.
    pub note: Vec<String>,
    /// What differs.
    pub edits: Vec<EditLine>,
}

/// A field that differs, word by word.
#[derive(Debug, Clone, Serialize)]
pub struct EditLine {
    /// `Trích yếu`
    pub label: &'static str,
    /// Both readings.
    pub words: Vec<Words>,
}

impl Past {
    /// What is told of a history.
    pub(super) fn new(history: &History, setting: &Setting<'_>) -> Self {
        let named = |all: &[Related]| all.iter().map(|other| (other.id.0, other.symbol.clone())).collect();
        let several = history.origins.len() > 1;
        let origins = history.origins.iter().filter(|_| several);
        Self {
            ended: (history.standing != Standing::InForce)
                .then(|| words::sentence(history.standing.vietnamese())),
            replaces: named(&history.replaces),
            replaced_by: named(&history.replaced_by),
            origins: origins.map(|origin| delivery(origin, setting)).collect(),
            changes: history.changes.iter().map(|change| line(change, setting)).collect(),
        }
    }
}

fn delivery(origin: &Delivery, setting: &Setting<'_>) -> Vec<String> {
    vec![
        setting.moment(origin.seen),
        origin.source.to_string(),
        words::operation(origin.operation).to_owned(),
        origin.external_id.to_string(),
        origin.key.clone().unwrap_or_default(),
    ]
}

fn line(change: &Change, setting: &Setting<'_>) -> ChangeLine {
    let operation = words::operation(change.operation);
    let kept = change.retouched.then(|| "Việc đã giao không đổi, chi bộ không phải xác nhận lại.".to_owned());
    let reason = change.reason.as_ref().map(|reason| format!("Lý do nơi gửi nêu: {reason}."));
    let edit = |edit: &Edit| EditLine { label: edit.field.vietnamese(), words: edit.words() };
    ChangeLine {
        title: format!("Bản thứ {}, {}: {operation}", change.revision, setting.moment(change.at)),
        note: reason.into_iter().chain(kept).collect(),
        edits: change.edits.iter().map(edit).collect(),
    }
}
