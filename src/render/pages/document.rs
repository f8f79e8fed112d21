//! The page of one document: its facts, how its due instant came about, its cells, its timeline and
//! the reason for every rule.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::timeline::{Event, timeline};
use super::trace::TraceView;
use super::upstream::{self, HeardLine, StatusLine};
use super::words::{self, Due};
use super::{Page, Setting, Shell};
use crate::app::ports::{
    CellReceipt, Difference, DocumentRow, DoubtRow, Heard, InboundRow, JournalRow, NoticeRow, ObligationRow,
    RequestRow, StatusRow, StoredDuty, StoredRevision,
};
use crate::domain::document::{Attachment, Document, StoredFile};
use crate::domain::ids::{DocumentId, DutyId, ObligationId};
use crate::domain::obligation::{DueWhy, Respite, State};
use crate::domain::operation::{History, Standing};
use crate::domain::text::vietnamese_order;

mod asked;
mod cell;
mod mail;
mod past;
mod seen;

pub use asked::Asked;
pub use cell::CellLine;
pub use mail::{MailLine, lines as mails};
pub use past::Past;

/// What the register knows of a document.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The document with its newest revision.
    pub row: DocumentRow,
    /// That revision.
    pub revision: Option<StoredRevision>,
    /// Its obligations.
    pub obligations: Vec<ObligationRow>,
    /// The duties they stand under.
    pub duties: Vec<StoredDuty>,
    /// Its mails.
    pub notices: Vec<NoticeRow>,
    /// Its journal.
    pub journal: Vec<JournalRow>,
    /// What is told upstream about it.
    pub statuses: Vec<StatusRow>,
    /// What other bodies said about it.
    pub heard: Vec<Heard>,
    /// What its sources show of who has looked at it.
    pub receipts: Vec<CellReceipt>,
    /// Where its sources and the register differ.
    pub differences: Vec<Difference>,
    /// What its cells asked for, and what became of it.
    pub requests: Vec<RequestRow>,
    /// What its cells reported of finished work, in words.
    pub reports: HashMap<ObligationId, String>,
    /// Presses of its links that were not counted.
    pub doubts: Vec<DoubtRow>,
    /// Where it came from and how it changed.
    pub history: History,
    /// Its rows that rest.
    pub resting: Vec<Respite>,
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentPage {
    /// What surrounds it.
    pub shell: Shell,
    /// Số, ký hiệu, or a word where there is none.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Facts, label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Where it came from and how it changed.
    pub past: Past,
    /// Where its sources and the register differ, a sentence each.
    pub differences: Vec<String>,
    /// What is asked of which group.
    pub duties: Vec<DutyLine>,
    /// How many cells stand how, in words.
    pub summary: String,
    /// The cells, in Vietnamese order.
    pub cells: Vec<CellLine>,
    /// What is told upstream, oldest first.
    pub statuses: Vec<StatusLine>,
    /// What other bodies said.
    pub heard: Vec<HeardLine>,
    /// What happened.
    pub timeline: Vec<Event>,
    /// The reason for every rule; none where the document was not routed.
    pub trace: Option<TraceView>,
    /// The question about one cell, where it was asked.
    pub asked: Option<Asked>,
    /// Its number in the register.
    pub number: DocumentId,
    /// Whether it is in force and some cell still owes, so that a chasing letter can be drafted.
    pub can_chase: bool,
    /// What cells wrote back, oldest first.
    pub mails: Vec<MailLine>,
}

impl Page for DocumentPage {
    const TEMPLATE: &'static str = "document.html";
}

/// One duty.
#[derive(Debug, Clone, Serialize)]
pub struct DutyLine {
    /// The task; none where the document asks for one thing.
    pub task: Option<String>,
    /// Role and what is owed.
    pub asks: String,
    /// Names of the rules.
    pub rules: String,
    /// By when to be done.
    pub due: Option<Due>,
    /// By when to acknowledge.
    pub acknowledge_due: Option<Due>,
    /// How the due instant came about.
    pub why: Option<DueWhy>,
    /// How many cells it has.
    pub cells: usize,
}

impl DocumentPage {
    /// The same with what cells wrote back.
    #[must_use]
    pub fn with_mails(self, messages: &[InboundRow], setting: &Setting<'_>) -> Self {
        Self { mails: mails(messages, setting), ..self }
    }

    /// The page of a document.
    pub fn new(setting: Setting<'_>, dossier: &Dossier) -> Self {
        let document = &dossier.row.document;
        let duty = |id| dossier.duties.iter().find(|stored| stored.id == id);
        let task = |row: &ObligationRow| duty(row.obligation.duty)?.duty.task.as_ref();
        let mut cells: Vec<CellLine> =
            dossier.obligations.iter().map(|row| CellLine::new(row, task(row), dossier, &setting)).collect();
        // Stable: the tasks of one cell stay in the order of the plan.
        cells.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
        let revision = dossier.revision.as_ref();
        Self {
            symbol: if document.symbol.is_empty() {
                "Không số".to_owned()
            } else {
                document.symbol.clone()
            },
            subject: document.subject.clone(),
            facts: facts(dossier, &setting),
            past: Past::new(&dossier.history, &setting),
            differences: seen::differences(&dossier.differences, &setting),
            duties: duties(dossier, &setting),
            summary: summary(dossier, &cells),
            cells,
            statuses: upstream::statuses(&dossier.statuses, &setting),
            heard: upstream::heard(&dossier.heard, &setting),
            timeline: timeline(&dossier.journal, &dossier.notices, &setting),
            trace: revision.and_then(|known| known.trace.as_deref()).and_then(TraceView::read),
            asked: None,
            number: dossier.row.id,
            can_chase: can_chase(dossier),
            mails: Vec::new(),
            shell: setting.shell,
        }
    }
}

fn can_chase(dossier: &Dossier) -> bool {
    let owes = |row: &ObligationRow| row.obligation.state.is_live();
    dossier.row.standing == Standing::InForce && dossier.obligations.iter().any(owes)
}

/// The source's due, and whether it counts for nothing (see `domain::routing`).
fn source_due(document: &Document) -> Option<String> {
    let due = words::weekday_date(document.due?);
    let doubt = if document.due_is_doubtful() {
        " (không sau ngày ban hành, nên không được dùng)"
    } else {
        ""
    };
    Some(format!("{due}{doubt}"))
}

/// A file by its name; one that is a message within a message says so, since nobody looks into it.
fn named(file: &Attachment) -> String {
    match &file.stored {
        Some(stored) if stored.media == StoredFile::MESSAGE => {
            format!("{} (là một gói edXML, chưa mở)", file.name)
        }
        _ => file.name.clone(),
    }
}

fn facts(dossier: &Dossier, setting: &Setting<'_>) -> Vec<(&'static str, String)> {
    let document = &dossier.row.document;
    let files = document.attachments.iter().map(named).collect::<Vec<_>>().join("; ");
    let number = dossier.revision.as_ref().map(|revision| revision.number.to_string());
    let optional = [
        ("Loại văn bản", document.kind_name.clone()),
        ("Cơ quan ban hành", Some(document.issuer.clone())),
        ("Ngày ban hành", document.issued.map(words::weekday_date)),
        ("Người ký", document.signer.clone()),
        ("Ngày đến", document.received.map(|at| setting.moment(at))),
        ("Vào sổ", Some(setting.moment(dossier.row.registered))),
        ("Độ khẩn", words::urgency(document.urgency).map(str::to_owned)),
        ("Nghiệp vụ", Some(words::operation(document.operation).to_owned())),
        ("Lĩnh vực", document.field.clone()),
        ("Hạn ghi trên hệ thống nguồn", source_due(document)),
        ("Tệp kèm theo", Some(files)),
        ("Nơi nhận trên nguồn", seen::receivers(&dossier.receipts, setting)),
        ("Bản", number),
        ("Nguồn", Some(format!("{} / {}", dossier.row.source, dossier.row.external_id))),
    ];
    let filled = |(label, value): (&'static str, Option<String>)| value.map(|value| (label, value));
    optional.into_iter().filter_map(filled).filter(|(_, value)| !value.is_empty()).collect()
}

fn duties(dossier: &Dossier, setting: &Setting<'_>) -> Vec<DutyLine> {
    let mut cells: HashMap<DutyId, usize> = HashMap::new();
    for row in &dossier.obligations {
        *cells.entry(row.obligation.duty).or_default() += 1;
    }
    let due = |at| words::due(at, setting.now, setting.calendar);
    let line = |stored: &StoredDuty| {
        let duty = &stored.duty;
        let owes = duty.owes.iter().map(|owed| words::owed(*owed)).collect::<Vec<_>>().join(", ");
        DutyLine {
            task: duty.task.as_ref().map(|task| task.name.clone()),
            asks: format!("{}: {owes}", words::role(duty.role)),
            rules: duty.rule_names.join("; "),
            due: duty.due.map(due),
            acknowledge_due: duty.acknowledge_due.map(due),
            why: duty.due_why.clone(),
            cells: cells.get(&stored.id).copied().unwrap_or_default(),
        }
    };
    dossier.duties.iter().map(line).collect()
}

fn summary(dossier: &Dossier, cells: &[CellLine]) -> String {
    let distinct: HashSet<_> = dossier.obligations.iter().map(|row| &row.obligation.cell).collect();
    let states =
        [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused, State::Withdrawn];
    let mut parts = vec![format!("{} chi bộ", words::number(distinct.len() as u64))];
    if distinct.len() < cells.len() {
        parts.push(format!("{} lượt việc", words::number(cells.len() as u64)));
    }
    for state in states {
        let n = cells.iter().filter(|cell| cell.state == state.as_str()).count() as u64;
        if n > 0 {
            parts.push(format!("{} {}", words::number(n), words::state(state)));
        }
    }
    let counted = [
        (cells.iter().filter(|cell| cell.late).count() as u64, "quá hạn"),
        (cells.iter().filter(|cell| cell.unreached).count() as u64, "không liên lạc được"),
    ];
    parts.extend(
        counted.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", words::number(*n))),
    );
    parts.join(" · ")
}
