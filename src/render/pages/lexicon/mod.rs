//! The words of the pages that links of mails open, language by language: a language without one of them does
//! not compile. The board is for staff and in Vietnamese.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::words::{Due, Naming};
use crate::app::ports::{Act, Asked, HoldKind, RequestRow};
use crate::domain::calendar::Calendar;
use crate::domain::language::Language;
use crate::domain::obligation::{Answer, Grade, Owed, Role, State, Unreadable};
use crate::domain::operation::Field;

mod english;
mod vietnamese;

/// Title and text of something that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// In a few words.
    pub title: &'static str,
    /// In a sentence or two.
    pub text: &'static str,
}

/// A page that only says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What it means and what to do, paragraph by paragraph.
    pub text: &'static [&'static str],
}

/// One way to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// What it is called.
    pub title: &'static str,
    /// What pressing means.
    pub lead: &'static str,
    /// What the button says.
    pub button: &'static str,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// What it is called.
    pub name: &'static str,
    /// What belongs in it.
    pub hint: &'static str,
}

/// Words that stand in the templates.
#[derive(Debug, Serialize)]
pub struct Words {
    /// The language, as HTML names it.
    pub tag: &'static str,
    /// Past the head of the page.
    pub skip: &'static str,
    /// The other language: its tag and its own name.
    pub other: (&'static str, &'static str),
    /// Before the office, where to ask.
    pub contact: &'static str,
    /// Before its phone.
    pub phone: &'static str,
    /// The title of the page, before the cell.
    pub title: &'static str,
    /// To whom.
    pub to: &'static str,
    /// What the first section is.
    pub asked: &'static str,
    /// The document.
    pub document: &'static str,
    /// The task of a plan.
    pub task: &'static str,
    /// How many tasks.
    pub tasks: &'static str,
    /// The role.
    pub role: &'static str,
    /// What is owed.
    pub owes: &'static str,
    /// By when to acknowledge.
    pub acknowledge_due: &'static str,
    /// By when to be done.
    pub due: &'static str,
    /// Why the document is not shown.
    pub unshown: &'static str,
    /// What was answered so far.
    pub answered: &'static str,
    /// Over the forms.
    pub choose: &'static str,
    /// Over the form that puts a report right.
    pub correct: &'static str,
    /// Over the form for all tasks.
    pub together: &'static str,
    /// Whose answer it is.
    pub own: &'static str,
    /// After the label of a field that may stay empty.
    pub optional: &'static str,
    /// The choice of nothing.
    pub unknown: &'static str,
    /// How a day is typed.
    pub day: &'static str,
    /// The digits of the mail.
    pub code: &'static str,
    /// Where they stand.
    pub code_where: &'static str,
    /// The same, for a cell.
    pub code_where_usual: &'static str,
    /// A link to the field for the digits.
    pub to_code: &'static str,
    /// Before the name of a field, as a link to it.
    pub to_field: &'static str,
    /// What the section on what a cell asks is.
    pub request: &'static str,
    /// Why the office is not shown the document.
    pub unshown_office: &'static str,
    /// Over the office's forms.
    pub reply: &'static str,
    /// Whose decision it is.
    pub own_office: &'static str,
}

/// The forms of a cell.
#[derive(Debug)]
pub struct Forms {
    /// Everything was received.
    pub together: Way,
    /// It was received.
    pub received: Way,
    /// It was received before; a day is promised.
    pub promise: Way,
    /// It is done.
    pub done: Way,
    /// A report is put right.
    pub correct: Way,
    /// More time is asked for.
    pub more_time: Way,
    /// What pressing means while an earlier request waits.
    pub more_time_again: &'static str,
    /// It is not the cell's.
    pub declined: Way,
    /// The promised day.
    pub promised: Label,
    /// Number of the report.
    pub report_symbol: Label,
    /// Its date.
    pub report_date: Label,
    /// A note.
    pub note: Label,
    /// Where the report is.
    pub link: Label,
    /// How a figure is typed.
    pub figure: &'static str,
    /// Until when.
    pub until: Label,
    /// Why.
    pub reason: Label,
    /// Why it is not the cell's.
    pub reason_declined: Label,
    /// Whose it is.
    pub suggested: Label,
    /// The day that is granted.
    pub granted: Label,
    /// The due day of whom it goes to: how it is typed.
    pub passed: &'static str,
}

/// What is wrong with a field.
#[derive(Debug)]
pub struct Mistakes {
    /// No answer was chosen.
    pub answer: &'static str,
    /// A day is missing.
    pub until: &'static str,
    /// Not one of the cells.
    pub suggested: &'static str,
    /// A figure is missing.
    pub figure: &'static str,
    /// A reason is missing.
    pub reason: &'static str,
    /// A day that was to come.
    pub passed: &'static str,
    /// A day that was to have passed.
    pub to_come: &'static str,
    /// Not a day.
    pub day: &'static str,
    /// More time for what has no due day.
    pub no_due: &'static str,
    /// So many letters, and so many at most.
    pub long: fn(usize, usize) -> String,
    /// Not after the due day.
    pub not_later: fn(NaiveDate) -> String,
    /// So many tries of the digits are left.
    pub tries: fn(usize) -> String,
    /// The digits are missing.
    pub digits: &'static str,
    /// A figure or link.
    pub unreadable: fn(Unreadable) -> String,
}

/// What a press led to.
#[derive(Debug)]
pub struct Told {
    /// Recorded.
    pub recorded: &'static str,
    /// What is said then.
    pub thanks: &'static str,
    /// And of more time.
    pub more_time: &'static str,
    /// And of what is not the cell's.
    pub declined: &'static str,
    /// And of a promise that lies too late.
    pub promised_late: &'static str,
    /// A report was put right.
    pub corrected: Said,
    /// It was recorded before.
    pub already: &'static str,
    /// Nothing changed by it.
    pub unchanged: &'static str,
    /// Something is wrong with a field.
    pub mistaken: Said,
    /// The tasks are others now.
    pub other_task: &'static str,
    /// The digits are asked for.
    pub digits: Said,
    /// Nothing before this instant.
    pub locked: fn(&str) -> String,
    /// More time for what is done.
    pub done: Said,
    /// It has ended.
    pub closed: Said,
}

/// How something stands that nothing can be answered to.
#[derive(Debug)]
pub struct Standings {
    /// Done.
    pub done: Said,
    /// Not the cell's.
    pub declined: Said,
    /// Excused.
    pub excused: Said,
    /// The document was revoked.
    pub revoked: Said,
    /// Another took its place.
    pub replaced: Said,
    /// No longer asked.
    pub withdrawn: Said,
}

/// What the office is told on its page.
#[derive(Debug)]
pub struct Deciding {
    /// Labels of the facts: cell, task, due day, until when, whose it is, why, when, state, decision, moved.
    pub facts: [&'static str; 10],
    /// Cells are told by mail.
    pub mailed: &'static str,
    /// Nobody is.
    pub thanks: &'static str,
    /// Decided before the press.
    pub already: &'static str,
    /// Decided before the page.
    pub settled: &'static str,
    /// Without the digits nothing is.
    pub digits: &'static str,
    /// Nothing before this instant.
    pub locked: fn(&str) -> String,
    /// The due day of the cell it goes to.
    pub due_of: fn(&str) -> String,
    /// What is asked, as the heading.
    pub title: fn(&Asked) -> &'static str,
    /// A decision: what it is called and what happens then; nothing where the board's words do.
    pub choice: fn(HoldKind, Act) -> Option<(&'static str, &'static str)>,
    /// Why it cannot be done; the text is how the command line says it, in Vietnamese.
    pub impossible: fn(Impossible, &str) -> String,
}

/// Why a decision cannot be made, as far as a page tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// It needs a reason.
    NoReason,
    /// Not after this due day.
    NotLater(NaiveDate),
    /// This day has passed.
    Past(NaiveDate),
    /// Nobody is left whom it could go to.
    Nobody,
    /// The work has ended.
    Ended,
    /// Anything else.
    Other,
}

/// Pages of trouble.
#[derive(Debug)]
pub struct Trouble {
    /// A link that leads nowhere.
    pub forged: Message,
    /// Its time is over.
    pub expired: Message,
    /// Too much was sent.
    pub long: Message,
    /// What was sent cannot be read.
    pub unreadable: Message,
    /// A method that is not served.
    pub method: Message,
    /// The register is away.
    pub unavailable: Message,
    /// The register was put back and does not know the link's work yet.
    pub restoring: Message,
    /// A fault of the program.
    pub broken: Message,
    /// It took too long.
    pub slow: Message,
    /// A page that cannot even be rendered.
    pub unrendered: &'static str,
}

/// A language.
#[derive(Debug)]
pub struct Lexicon {
    /// Which.
    pub language: Language,
    /// Words of the templates.
    pub words: Words,
    /// The forms.
    pub forms: Forms,
    /// Mistakes.
    pub mistakes: Mistakes,
    /// What a press led to.
    pub told: Told,
    /// How things stand.
    pub standings: Standings,
    /// The office's page.
    pub deciding: Deciding,
    /// Trouble.
    pub trouble: Trouble,
    /// The role.
    pub role: fn(Role) -> &'static str,
    /// What is owed.
    pub owed: fn(Owed) -> &'static str,
    /// The state.
    pub state: fn(State) -> &'static str,
    /// How an answer was given.
    pub grade: fn(Grade) -> &'static str,
    /// The answer in a word.
    pub answer: fn(&Answer) -> &'static str,
    /// What it says beyond that.
    pub answer_detail: fn(&Answer) -> String,
    /// A day with its weekday.
    pub day: fn(NaiveDate) -> String,
    /// An instant.
    pub moment: fn(DateTime<Utc>, &Calendar) -> String,
    /// A due instant, seen from now.
    pub due: fn(DateTime<Utc>, DateTime<Utc>, &Calendar) -> Due,
    /// What a cell asked and what became of it; names of cells come from outside.
    pub request: fn(&RequestRow, &Calendar, Naming<'_>) -> String,
    /// What became of it.
    pub verdict: fn(&RequestRow) -> String,
    /// What a request is called among what a cell said.
    pub asked: fn(&Asked) -> &'static str,
    /// A field that differs.
    pub field: fn(Field) -> &'static str,
    /// The document by its kind, issuer and date of issue; its number and subject stand on no page.
    pub source: fn(Option<&str>, &str, Option<NaiveDate>) -> String,
    /// It is not the first revision.
    pub revision: fn(u32) -> String,
    /// What differs in it.
    pub changed: fn(&str) -> String,
    /// So many tasks.
    pub several: fn(usize) -> String,
    /// A promised day; `true` once it has passed.
    pub promised: fn(NaiveDate, bool) -> String,
    /// The label before a promised day.
    pub promise: &'static str,
    /// A due day that moved.
    pub moved: fn(&str) -> String,
    /// A unit that ended on a day.
    pub ended: fn(&str, NaiveDate) -> String,
    /// A unit that is no more, by its code.
    pub gone: fn(&str) -> String,
    /// Who had the link, that it ended, and who answers.
    pub succeeded: fn(&str, &str, &str) -> String,
    /// What is added of a unit that ended: who takes over is being decided.
    pub heirless: &'static str,
}

impl Lexicon {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Vi => &vietnamese::VIETNAMESE,
            Language::En => &english::ENGLISH,
        }
    }
}
