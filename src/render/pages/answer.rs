//! The page behind the link of a mail. It shows neither number nor subject of the document: those
//! stand in the mail, and the mail may have been forwarded (promises.md T61, T65).

use serde::Serialize;

use super::Page;
use super::options::Options;
use super::words::Due;
use crate::domain::language::Language;

/// The page of what one cell is asked: one thing, or the tasks of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerPage {
    /// The language of its reader.
    pub language: Language,
    /// Name of the office.
    pub office: String,
    /// Its phone.
    pub phone: Option<String>,
    /// Name of the cell.
    pub cell: String,
    /// The document without number and subject: `Kế hoạch của Đảng uỷ Khối, ban hành ngày 12/03/2026`.
    pub source: String,
    /// That it is not the first revision, told from the second on.
    pub revision: Option<String>,
    /// What differs in it, without its text: `Thay đổi: Người ký; Hạn giải quyết (30/01/2026 → 05/02/2026).`
    pub changed: Option<String>,
    /// How many tasks it asks for; none where it asks for one thing.
    pub several: Option<String>,
    /// Who answers in place of a cell that has ended.
    pub succession: Option<String>,
    /// What the press led to, or why there is no form.
    pub word: Option<Word>,
    /// What is asked.
    pub tasks: Vec<TaskSheet>,
    /// The answers that can be given for all tasks at once; none where one thing is asked.
    pub together: Vec<Form>,
    /// The note that every form brings back.
    pub stamp: String,
}

/// One thing that is asked, with its answers.
#[derive(Debug, Clone, Serialize)]
pub struct TaskSheet {
    /// Its row, for links from the mail and for the form.
    pub number: i64,
    /// What it is called; none where the document asks for one thing.
    pub title: Option<String>,
    /// Role of the cell.
    pub role: &'static str,
    /// What it owes, joined.
    pub owes: String,
    /// By when to acknowledge; gone once it did.
    pub acknowledge_due: Option<Due>,
    /// By when to be done.
    pub due: Option<Due>,
    /// Where several things are asked: how this one stands.
    pub stands: Option<Stands>,
    /// What was promised and asked for, and what became of it: label and value.
    pub notes: Vec<(&'static str, String)>,
    /// What was answered so far, newest first.
    pub history: Vec<Given>,
    /// The answers that can be given; none once the row is closed.
    pub forms: Vec<Form>,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stands {
    /// Word of the state, for the mark.
    pub state: &'static str,
    /// The same in words.
    pub text: &'static str,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "answer.html";

    fn language(&self) -> Language {
        self.language
    }
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// It is done.
    Good,
    /// Something is wanted of the reader.
    Ask,
    /// It did not happen.
    Bad,
    /// A plain fact.
    Plain,
}

/// A message at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// How it is meant.
    pub tone: Tone,
    /// In a few words.
    pub title: String,
    /// In a sentence or two.
    pub text: String,
}

/// An answer that was given.
#[derive(Debug, Clone, Serialize)]
pub struct Given {
    /// The answer in a word.
    pub what: &'static str,
    /// What it says beyond that.
    pub detail: String,
    /// When.
    pub when: String,
    /// By which way.
    pub how: &'static str,
}

/// One of the answers, a form of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The row it is about; the whole document if none.
    pub task: Option<i64>,
    /// The word the form sends: `received`, `done`, `declined`, `more-time`.
    pub answer: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What pressing means.
    pub lead: &'static str,
    /// What the button says.
    pub button: &'static str,
    /// What sets its fields apart from those of the other forms of the page.
    pub key: String,
    /// Whether it is unfolded.
    pub open: bool,
    /// Whether the office decides by it, and no cell answers.
    pub decides: bool,
    /// Whether it puts a report right; nobody should think that one still has to be sent.
    pub corrects: bool,
    /// Set when digits of the mail are asked for.
    pub ask: Option<Ask>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// The question for digits.
#[derive(Debug, Clone, Serialize)]
pub struct Ask {
    /// What was wrong with the digits that were typed.
    pub error: Option<String>,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// A day, typed as one line.
    Date,
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// One of a list.
    Choice,
    /// A number.
    Number,
    /// A link.
    Link,
}

/// A field of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What belongs in it.
    pub hint: &'static str,
    /// How it is filled in.
    pub input: Input,
    /// Whether it must be filled in.
    pub required: bool,
    /// What can be chosen.
    pub options: Options,
    /// What is in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}
