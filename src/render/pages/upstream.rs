//! What is told upstream about a document, what upstream said, and what each source can do.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Setting, words};
use crate::app::ports::{Abilities, Heard, OriginId, StatusRow, StatusTally};
use crate::domain::ids::SourceId;
use crate::domain::notice::Delivery;
use crate::domain::status::StatusCode;

/// One status told, or to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusLine {
    /// Its number, for `vanthu upstream retry`.
    pub id: i64,
    /// Whom it is told.
    pub origin: String,
    /// `03 Đã tiếp nhận`
    pub code: String,
    /// What goes with it.
    pub description: String,
    /// What became of it.
    pub stands: &'static str,
    /// Whether a person must look.
    pub failed: bool,
    /// When it was taken, or came true.
    pub when: String,
    /// The receipt, or what happened.
    pub reply: String,
    /// Who said it, where a person did.
    pub author: Option<String>,
}

/// Something another body said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeardLine {
    /// When it was read.
    pub when: String,
    /// Who said it.
    pub from: String,
    /// `13 Yêu cầu lấy lại`
    pub what: String,
    /// In its own words.
    pub description: String,
}

/// One source: what it can and cannot do, and what waits to be told to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Its name.
    pub source: String,
    /// Reads, statuses, files, operations, counts: label and word.
    pub abilities: Vec<(&'static str, &'static str)>,
    /// Statuses it has taken.
    pub told: String,
    /// Statuses that wait.
    pub waiting: String,
    /// Since when the oldest of them waits; empty where none does.
    pub since: String,
    /// Statuses it did not take.
    pub failed: u64,
}

/// Statuses of a document, oldest first, so that they read as they were said.
pub fn statuses(rows: &[StatusRow], setting: &Setting<'_>) -> Vec<StatusLine> {
    let mut rows: Vec<&StatusRow> = rows.iter().collect();
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(|row| status(row, setting)).collect()
}

fn status(row: &StatusRow, setting: &Setting<'_>) -> StatusLine {
    let OriginId { source, external_id } = &row.origin;
    StatusLine {
        id: row.id.0,
        origin: format!("{source} / {external_id}"),
        code: code(row.code),
        description: row.description.clone(),
        stands: words::told(row.delivery),
        failed: row.delivery == Delivery::Failed,
        when: setting.moment(row.sent_at.unwrap_or(row.at)),
        reply: row.reply.clone().unwrap_or_default(),
        author: row.author.clone(),
    }
}

/// What other bodies said, oldest first.
pub fn heard(rows: &[Heard], setting: &Setting<'_>) -> Vec<HeardLine> {
    let line = |row: &Heard| HeardLine {
        when: setting.moment(row.at),
        from: row.status.from_name.clone().unwrap_or_else(|| row.status.from.clone()),
        what: row.status.code().map_or_else(|| row.status.digits.clone(), code),
        description: row.status.description.clone().unwrap_or_default(),
    };
    rows.iter().map(line).collect()
}

/// `03 Đã tiếp nhận`
pub fn code(code: StatusCode) -> String {
    format!("{} {}", code.digits(), code.vietnamese())
}

/// The sources with what they can do and what waits for them.
pub fn sources(
    sources: &[(SourceId, Abilities)],
    tally: &[StatusTally],
    setting: &Setting<'_>,
) -> Vec<SourceLine> {
    sources.iter().map(|(source, abilities)| line(source, abilities, tally, setting)).collect()
}

fn line(
    source: &SourceId,
    abilities: &Abilities,
    tally: &[StatusTally],
    setting: &Setting<'_>,
) -> SourceLine {
    let of = |wanted: &[Delivery]| -> (u64, Option<DateTime<Utc>>) {
        let rows = tally.iter().filter(|row| row.source == *source && wanted.contains(&row.delivery));
        rows.fold((0, None), |(count, oldest), row| {
            (count + row.count, oldest.min(Some(row.oldest)).or(Some(row.oldest)))
        })
    };
    let (waiting, since) = of(&[Delivery::Queued, Delivery::Sending]);
    SourceLine {
        source: source.to_string(),
        abilities: words::abilities(abilities).to_vec(),
        told: words::number(of(&[Delivery::Sent]).0),
        waiting: words::number(waiting),
        since: since.map(|at| setting.moment(at)).unwrap_or_default(),
        failed: of(&[Delivery::Failed]).0,
    }
}
