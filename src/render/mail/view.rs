//! What the templates of a letter may show: every field is one line of clean text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use super::Office;
use super::because::because;
use super::ladder::{MatterRow, lines};
use super::lexicon::{Lexicon, Words as Speech, due};
use super::reply::{self, ReplyView};
use super::words::{self, Due};
use crate::domain::notice::{Laggard, Letter, LetterTask, NoticeKind};
use crate::domain::obligation::{DueWhy, Owed, Role};
use crate::domain::operation::{Edit, Words};
use crate::render::line::{one_line, shorten};

/// Characters of the unit's name in the opening sentence, so that document and due day still stand
/// within the first 120, all that a phone's list of mails shows.
const UNIT: usize = 44;

/// Characters of a symbol that still fit one line of a phone's heading.
const SYMBOL: usize = 24;

/// Characters of a task's name in the opening sentence.
const TASK: usize = 48;

/// A letter as its templates see it.
#[derive(Debug, Serialize)]
pub struct View<'a> {
    /// Words of the language that say nothing of their own.
    pub words: &'static Speech,
    /// [`NoticeKind::as_str`]
    pub kind: &'static str,
    /// What the letter is: `Nhắc lần 2`.
    pub heading: String,
    /// Name of the office.
    pub office: Cow<'a, str>,
    /// Its phone.
    pub phone: Option<Cow<'a, str>>,
    /// Name of the unit written to.
    pub unit: Cow<'a, str>,
    /// The same, short enough for the opening.
    pub unit_short: String,
    /// Số, ký hiệu, short enough to stand on one line of a phone.
    pub symbol: Option<Cow<'a, str>>,
    /// `Kế hoạch số 12-KH/ĐUK`
    pub document: String,
    /// Name of the issuing body.
    pub issuer: Cow<'a, str>,
    /// Date of issue, `15/01/2026`.
    pub issued: Option<String>,
    /// Trích yếu, unless withheld.
    pub subject: Option<Cow<'a, str>>,
    /// Whether the unit is only informed.
    pub inform: bool,
    /// Role as a verb: `chủ trì thực hiện`.
    pub verb: &'static str,
    /// Role and what is owed as a verb: `chủ trì thực hiện và báo cáo kết quả`.
    pub task: String,
    /// Of a plan, what the cell still owes, task by task; empty where the document asks for one thing.
    pub tasks: Vec<TaskRow<'a>>,
    /// Of a plan, what the letter is about: `việc “Quán triệt kế hoạch”`, `3 việc`.
    pub about: String,
    /// Tasks that are no longer asked.
    pub dropped: Vec<Cow<'a, str>>,
    /// What differs from what the cell was told of before.
    pub edits: Vec<EditRow<'a>>,
    /// Whether nothing is asked anew: the change only informs.
    pub retouched: bool,
    /// [`Standing::as_str`]: `in-force`, `removed`, `replaced`, `revoked`.
    pub standing: &'static str,
    /// What it has to say about an answer of the cell.
    pub reply: Option<ReplyView<'a>>,
    /// Why its sender took the document back or changed it, in the sender's words.
    pub reason: Option<Cow<'a, str>>,
    /// The documents it takes the place of: `Kế hoạch số 12-KH/ĐUK ngày 15/01/2026 của Đảng uỷ Khối`.
    pub replaces: Vec<String>,
    /// The documents that took its place.
    pub replaced_by: Vec<String>,
    /// `hạn`, or `hạn gần nhất` where the letter is about tasks due on several days.
    pub due_word: &'static str,
    /// The same with a capital letter.
    pub due_label: String,
    /// By when to acknowledge.
    pub acknowledge: Option<Due>,
    /// By when to be done.
    pub due: Option<Due>,
    /// `còn 3 ngày làm việc`
    pub left: Option<String>,
    /// Working days past the due day, 0 before it.
    pub days_late: u32,
    /// Labels and values of the table of facts.
    pub rows: Vec<Row<'a>>,
    /// The acknowledgement link.
    pub link: Option<&'a str>,
    /// What its button says.
    pub button: &'static str,
    /// Whose it is; absent without one.
    pub private: Option<String>,
    /// What to type when the page asks.
    pub challenge: Option<Cow<'a, str>>,
    /// Names of the rules that chose the unit.
    pub rules: Vec<Cow<'a, str>>,
    /// Role in lower case, for "why".
    pub role: String,
    /// How the due instant was read.
    pub reading: Option<String>,
    /// The phrase in the document, verbatim.
    pub phrase: Option<Cow<'a, str>>,
    /// Whether the due instant is only a proposal.
    pub proposal: bool,
    /// Why its reader gets it and how each due day was counted, line by line.
    pub because: Vec<String>,
    /// Who writes.
    pub sender: String,
    /// Of a mail of the ladder its kind: `remind`, `chase`, `criticise`, `review`.
    pub measure: Option<&'static str>,
    /// For escalations: what stands over the cells.
    pub listed: String,
    /// For escalations: the cells.
    pub laggards: Vec<LaggardRow<'a>>,
    /// For escalations about several documents: those but the first.
    pub others: Vec<MatterRow<'a>>,
    /// How many cells all tables of an escalation name.
    pub lines: usize,
}

/// A row of the table of facts.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    /// `Cơ quan ban hành`
    pub label: &'static str,
    /// Its value.
    pub value: Cow<'a, str>,
}

/// A field that differs.
#[derive(Debug, Serialize)]
pub struct EditRow<'a> {
    /// `Trích yếu`
    pub label: &'static str,
    /// How it read; absent where there was nothing, or where it may not be shown.
    pub old: Option<Cow<'a, str>>,
    /// How it reads; absent likewise.
    pub new: Option<Cow<'a, str>>,
    /// Both in one line, word by word; empty where only one side has words.
    pub words: Vec<Words>,
}

/// A task of a plan.
#[derive(Debug, Serialize)]
pub struct TaskRow<'a> {
    /// What to do.
    pub name: Cow<'a, str>,
    /// Role and what is owed: `Chủ trì: xác nhận đã nhận; tổ chức thực hiện`.
    pub asks: String,
    /// By when to be done.
    pub due: Option<Due>,
    /// `còn 3 ngày làm việc`
    pub left: Option<String>,
    /// Whether the letter is about it and not about all.
    pub marked: bool,
    /// The letter's link, at this task.
    pub link: Option<String>,
    /// How the due instant was read.
    pub reading: Option<String>,
    /// The phrase in the document, verbatim.
    pub phrase: Option<Cow<'a, str>>,
    /// Whether the due instant is only a proposal.
    pub proposal: bool,
}

/// A row of an escalation's table.
#[derive(Debug, Serialize)]
pub struct LaggardRow<'a> {
    /// Name of the cell.
    pub name: Cow<'a, str>,
    /// `Quá hạn 3 ngày làm việc; chưa xác nhận đã nhận`
    pub state: String,
}

impl<'a> View<'a> {
    /// The view of a letter from an office.
    pub fn new(letter: &'a Letter, office: &'a Office) -> Self {
        let facts = &letter.facts;
        let speech = Lexicon::of(letter.language);
        let unit = one_line(&letter.unit_name);
        let explains = letter.due.is_some() && letter.kind != NoticeKind::Withdrawal;
        let why = letter.due_why.as_ref().filter(|_| explains && letter.tasks.is_empty());
        let due_word = speech.due_words[usize::from(due_days(letter) > 1)];
        let mut view = Self {
            words: &speech.words,
            kind: letter.kind.as_str(),
            heading: (speech.heading)(letter),
            office: one_line(&office.name),
            phone: filled(office.phone.as_deref()),
            unit_short: shorten(&unit, UNIT).into_owned(),
            symbol: filled(Some(&facts.symbol)).filter(|symbol| symbol.chars().count() <= SYMBOL),
            document: (speech.document)(facts),
            issuer: one_line(&facts.issuer),
            issued: facts.issued.map(words::date_text),
            subject: filled(facts.subject.as_deref()),
            inform: letter.role == Role::Inform,
            verb: (speech.verb)(letter.role),
            task: (speech.task)(letter.role, &letter.owes),
            tasks: letter.tasks.iter().map(|task| task_row(task, letter, office)).collect(),
            about: about(letter),
            dropped: letter.dropped.iter().map(|name| one_line(name)).collect(),
            edits: letter.news.edits.iter().map(|edit| edit_row(edit, speech)).collect(),
            retouched: letter.news.retouched,
            standing: letter.news.standing.as_str(),
            reply: letter.reply.as_ref().map(|said| reply::view(said, office, letter.language)),
            reason: filled(letter.news.reason.as_deref()),
            replaces: letter.news.replaces.iter().map(speech.full).collect(),
            replaced_by: letter.news.replaced_by.iter().map(speech.full).collect(),
            due_word,
            due_label: words::capitalised(due_word),
            acknowledge: letter.acknowledge_due.map(|at| due(at, office, letter.language)),
            due: letter.due.map(|at| due(at, office, letter.language)),
            left: letter.days_left.filter(|_| letter.due.is_some()).map(speech.left),
            days_late: letter.days_left.filter(|days| *days < 0).map_or(0, i32::unsigned_abs),
            rows: Vec::new(),
            link: letter.link.as_deref(),
            button: button(letter, speech),
            private: letter.link.as_ref().map(|_| (speech.sentences.private)(&unit)),
            challenge: filled(letter.challenge.as_deref()),
            rules: letter.rule_names.iter().map(|name| one_line(name)).collect(),
            role: (speech.role)(letter.role).to_lowercase(),
            reading: why.and_then(|why| reading(why, speech)),
            phrase: filled(why.and_then(|why| why.phrase.as_deref())),
            proposal: why.is_some_and(|why| why.proposal),
            because: Vec::new(),
            sender: (speech.sentences.sender)(&one_line(&office.name)),
            measure: letter.measure.map(|measure| measure.kind.as_str()),
            listed: (speech.sentences.listed)(letter.laggards.len()),
            laggards: letter.laggards.iter().map(|cell| laggard(cell, speech)).collect(),
            others: letter
                .others
                .iter()
                .map(|matter| MatterRow::new(matter, office, letter.language))
                .collect(),
            lines: lines(letter),
            unit,
        };
        view.rows = rows(letter, &view);
        view.because = because(&view, &speech.sentences);
        view
    }
}

fn filled(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(one_line).filter(|line| !line.is_empty())
}

fn edit_row<'a>(edit: &'a Edit, speech: &Lexicon) -> EditRow<'a> {
    let (old, new) = (filled(Some(&edit.old)), filled(Some(&edit.new)));
    let both = old.is_some() && new.is_some();
    let clean = |words: Words| Words { text: words.text.replace(|c: char| c.is_control(), " "), ..words };
    let words = if both { edit.words().into_iter().map(clean).collect() } else { Vec::new() };
    EditRow { label: (speech.field)(edit.field), old, new, words }
}

fn rows<'a>(letter: &'a Letter, view: &View<'a>) -> Vec<Row<'a>> {
    let facts = &letter.facts;
    let speech = Lexicon::of(letter.language);
    let labels = &speech.labels;
    let asks = !matches!(letter.kind, NoticeKind::Escalation | NoticeKind::Withdrawal);
    // The tasks of a plan have a table of their own.
    let one = asks && letter.tasks.is_empty();
    let cells = [
        (labels.symbol, filled(Some(&facts.symbol))),
        (labels.issued, view.issued.clone().map(Cow::Owned)),
        (labels.kind, filled(facts.kind_name.as_deref())),
        (labels.issuer, filled(Some(&facts.issuer))),
        (labels.subject, view.subject.clone()),
        (labels.urgency, (speech.urgency)(facts.urgency).map(Cow::Borrowed)),
        (labels.role, one.then(|| Cow::Borrowed((speech.role)(letter.role)))),
        (labels.asked, one.then(|| Cow::Owned((speech.owed)(&letter.owes)))),
        (labels.acknowledge, asks.then(|| acknowledge_by(view, speech)).flatten()),
        (labels.taken_over, filled(letter.taken_over_from.as_deref())),
        (labels.instead, letter.instead_of.as_ref().map(|away| Cow::Owned((speech.instead_of)(away)))),
        (labels.due, (one || letter.kind == NoticeKind::Escalation).then(|| due_by(view)).flatten()),
    ];
    cells
        .into_iter()
        .filter_map(|(label, value)| value.filter(|text| !text.is_empty()).map(|value| Row { label, value }))
        .collect()
}

fn acknowledge_by<'a>(view: &View<'a>, speech: &Lexicon) -> Option<Cow<'a, str>> {
    view.acknowledge.as_ref().map(|by| Cow::Owned((speech.by)(&by.day)))
}

fn due_by<'a>(view: &View<'a>) -> Option<Cow<'a, str>> {
    let due = view.due.as_ref()?;
    Some(Cow::Owned(match &view.left {
        Some(left) => format!("{} ({left})", due.day),
        None => due.day.clone(),
    }))
}

/// Role and what is owed; the role alone where nothing is left to owe.
pub(super) fn asks(role: Role, owes: &[Owed], speech: &Lexicon) -> String {
    let (role, owed) = ((speech.role)(role), (speech.owed)(owes).to_lowercase());
    if owed.is_empty() { role.to_owned() } else { format!("{role}: {owed}") }
}

fn task_row<'a>(task: &'a LetterTask, letter: &'a Letter, office: &'a Office) -> TaskRow<'a> {
    let why = task.due_why.as_ref().filter(|_| task.due.is_some());
    let speech = Lexicon::of(letter.language);
    TaskRow {
        name: one_line(&task.name),
        asks: asks(task.role, &task.owes, speech),
        due: task.due.map(|at| due(at, office, letter.language)),
        left: task.days_left.filter(|_| task.due.is_some()).map(speech.left),
        marked: task.is_meant && letter.tasks.iter().any(|other| !other.is_meant),
        link: letter.link.as_ref().map(|link| format!("{link}#viec-{}", task.obligation)),
        reading: why.and_then(|why| reading(why, speech)),
        phrase: filled(why.and_then(|why| why.phrase.as_deref())),
        proposal: why.is_some_and(|why| why.proposal),
    }
}

fn reading(why: &DueWhy, speech: &Lexicon) -> Option<String> {
    let reading = (speech.sentences.reading)(why);
    Some(one_line(&reading).into_owned()).filter(|reading| !reading.is_empty())
}

/// What the button says: one thing is answered at once, the first letter about several is acknowledged as a whole.
fn button(letter: &Letter, speech: &Lexicon) -> &'static str {
    let [one, report, whole, several] = speech.sentences.button;
    let heard = !letter.owes.is_empty() && !letter.owes.contains(&Owed::Acknowledge);
    match letter.kind {
        _ if letter.tasks.len() < 2 && heard => report,
        _ if letter.tasks.len() < 2 => one,
        NoticeKind::Notice | NoticeKind::Change => whole,
        _ => several,
    }
}

fn meant(letter: &Letter) -> impl Iterator<Item = &LetterTask> {
    letter.tasks.iter().filter(|task| task.is_meant)
}

fn about(letter: &Letter) -> String {
    let mut tasks = meant(letter);
    let speech = Lexicon::of(letter.language);
    match (tasks.next(), tasks.count()) {
        (None, _) => String::new(),
        (Some(task), 0) => (speech.one_task)(&shorten(&one_line(&task.name), TASK)),
        (Some(_), others) => (speech.tasks)(others + 1),
    }
}

/// On how many days what the letter is about falls due.
fn due_days(letter: &Letter) -> usize {
    meant(letter).filter_map(|task| task.due).collect::<BTreeSet<_>>().len()
}

pub(super) fn laggard<'a>(cell: &'a Laggard, speech: &Lexicon) -> LaggardRow<'a> {
    LaggardRow { name: one_line(&cell.name), state: (speech.laggard)(cell) }
}
