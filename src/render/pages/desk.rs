//! One thing that a person decides about: a hold, or work that may rest. Nothing is decided by looking: a form
//! leads to a page that says what would happen, and only its button does it.

use serde::Serialize;

use super::answer::{Field, Input, Word};
use super::options::Options;
use super::{Page, Shell};

/// How a day is typed.
const DAY: &str = "Ghi ngày/tháng/năm, ví dụ 27/03/2026.";

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct DeskPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What happened to a decision, if one was just sent.
    pub word: Option<Word>,
    /// Its folder in the address: `holds`, `respites`.
    pub place: &'static str,
    /// Its number.
    pub id: i64,
    /// The title of the page: `Việc chờ số 7`.
    pub title: String,
    /// What it is.
    pub heading: String,
    /// Where it belongs: address and name.
    pub above: (String, String),
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The document's number in the register, for a link.
    pub document: Option<i64>,
    /// Over the forms.
    pub choose: &'static str,
    /// What to do about it.
    pub advice: Option<&'static str>,
    /// The decisions it allows; none once it is closed.
    pub forms: Vec<DeskForm>,
    /// Proves that a form comes from this page.
    pub stamp: String,
    /// The decision to be confirmed.
    pub confirm: Option<Confirm>,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "desk.html";
}

/// One decision.
#[derive(Debug, Clone, Serialize)]
pub struct DeskForm {
    /// The verb, the end of the address.
    pub act: &'static str,
    /// What its heading and button say.
    pub label: &'static str,
    /// What happens then.
    pub effect: &'static str,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether it is open, because it was just sent.
    pub open: bool,
}

/// A decision before it is made.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// The verb.
    pub act: &'static str,
    /// What its button says.
    pub label: &'static str,
    /// What happens then, and to whom.
    pub lines: Vec<String>,
    /// What was typed: name and value.
    pub typed: Vec<(&'static str, String)>,
}

impl DeskForm {
    /// A decision with its own fields; who decides and why is asked of every one.
    pub fn new(
        (act, label, effect): (&'static str, &'static str, &'static str),
        mut fields: Vec<Field>,
        reasons: bool,
    ) -> Self {
        fields.push(field("reason", ("Lý do", ""), Input::Lines, reasons));
        fields.push(field("who", ("Người quyết định", ""), Input::Line, true));
        Self { act, label, effect, fields, open: false }
    }
}

impl DeskPage {
    /// Puts back what was typed, and unfolds the form that was sent.
    pub fn fill(&mut self, act: &str, typed: &[(&'static str, String)]) {
        for form in &mut self.forms {
            form.open = form.act == act;
            for field in &mut form.fields {
                let known = typed.iter().find(|(name, _)| *name == field.name);
                field.value = known.map(|(_, value)| value.clone()).unwrap_or_default();
            }
        }
    }
}

/// A field that nothing is typed in yet.
pub(super) fn field(
    name: &'static str,
    (label, hint): (&str, &'static str),
    input: Input,
    required: bool,
) -> Field {
    let (label, options) = (label.to_owned(), Options::default());
    Field { name, label, hint, input, required, options, value: String::new(), error: None }
}

/// A day.
pub(super) fn day(name: &'static str, label: &str, required: bool) -> Field {
    field(name, (label, DAY), Input::Date, required)
}

/// One of a list of codes and names.
pub(super) fn choice(name: &'static str, label: &str, group: &str, choices: &[(String, String)]) -> Field {
    let choices = choices.iter().map(|(code, name)| (code.as_str(), name.as_str()));
    let options = Options::new([(group, choices)]);
    Field { options, ..field(name, (label, ""), Input::Choice, false) }
}
