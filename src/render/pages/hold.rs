//! One thing that waits for a human, with the decisions it allows. Nothing is decided by looking: a form leads
//! to a page that says what would happen, and only its button does it.

use serde::Serialize;

use super::answer::Word;
use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::{Asked, Asks, Choice, DocumentRow, HoldView, advice, choices};

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct HoldPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What happened to a decision, if one was just sent.
    pub word: Option<Word>,
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: &'static str,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The document's number in the register.
    pub document: Option<i64>,
    /// What to do about it.
    pub advice: &'static str,
    /// The decisions it allows; none once it is closed.
    pub forms: Vec<Form>,
    /// The rules that may be used to assign it: code and name.
    pub rules: Vec<(String, String)>,
    /// Proves that a form comes from this page.
    pub stamp: String,
    /// What was typed.
    pub typed: Typed,
    /// The decision to be confirmed.
    pub confirm: Option<Confirm>,
}

impl Page for HoldPage {
    const TEMPLATE: &'static str = "hold.html";
}

/// One decision.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The verb, the end of the address.
    pub act: &'static str,
    /// What its heading and button say.
    pub label: &'static str,
    /// What happens then.
    pub effect: &'static str,
    /// Whether it asks for cells.
    pub assigns: bool,
    /// Whether it asks for a document of the register.
    pub names: bool,
    /// Whether it takes a day in place of the one a cell asked for.
    pub dates: bool,
    /// Whether it must have a reason.
    pub reasons: bool,
    /// Whether it is open, because it was just sent.
    pub open: bool,
}

/// What was typed into a form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Typed {
    /// Who decides.
    pub who: String,
    /// Why.
    pub reason: String,
    /// Number of a document in the register.
    pub document: String,
    /// Cells, one a line.
    pub cells: String,
    /// Code of a rule.
    pub rule: String,
    /// The last day to be done.
    pub due: String,
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
}

impl HoldPage {
    /// A hold as it stands.
    pub fn new(setting: &Setting<'_>, about: &HoldView, stamp: String) -> Self {
        let hold = &about.hold;
        let allowed = if hold.closed.is_none() { choices(hold) } else { &[] };
        Self {
            shell: setting.shell.clone(),
            word: None,
            id: hold.id.0,
            kind: words::hold(hold.kind),
            facts: facts(setting, about),
            document: hold.document.map(|id| id.0),
            advice: advice(hold),
            forms: allowed.iter().map(form).collect(),
            rules: Vec::new(),
            stamp,
            typed: suggested(about),
            confirm: None,
        }
    }
}

/// The form as a cell's request would fill it in.
fn suggested(about: &HoldView) -> Typed {
    match about.request.as_ref().map(|request| &request.asks) {
        Some(Asked::Declined { suggested: Some(cell) }) => {
            Typed { cells: cell.to_string(), ..Typed::default() }
        }
        _ => Typed::default(),
    }
}

fn form(choice: &Choice) -> Form {
    Form {
        act: choice.act.as_str(),
        label: choice.label,
        effect: choice.effect,
        assigns: choice.asks == Asks::Cells,
        names: choice.asks == Asks::Document,
        dates: choice.asks == Asks::Day,
        reasons: choice.reasons,
        open: false,
    }
}

/// Symbol and issuer, as far as the source gives them: "Thông tin chỉ đạo" has neither.
fn named(symbol: &str, issuer: &str) -> Option<String> {
    let given: Vec<_> = [symbol, issuer].into_iter().filter(|text| !text.is_empty()).collect();
    (!given.is_empty()).then(|| given.join(", "))
}

/// The documents that a brake keeps back, as far as they are listed, in one sentence.
pub fn kept_back(about: &HoldView) -> Option<String> {
    let braked = about.braked?;
    let one = |row: &DocumentRow| {
        let named = named(&row.document.symbol, &row.document.issuer);
        format!(
            "#{} {}“{}”",
            row.id,
            named.map_or_else(String::new, |named| named + ", "),
            row.document.subject
        )
    };
    let mut list: Vec<_> = about.kept_back.iter().map(one).collect();
    let listed = u64::try_from(list.len()).unwrap_or(u64::MAX);
    let more = braked.documents.saturating_sub(listed);
    list.extend((more > 0).then(|| format!("và {} văn bản nữa", words::number(more))));
    (listed > 0).then(|| list.join("; "))
}

fn facts(setting: &Setting<'_>, about: &HoldView) -> Vec<(&'static str, String)> {
    let (hold, mut facts) = (&about.hold, vec![("Vì sao", about.hold.reason.clone())]);
    if let Some(document) = &about.document {
        facts.extend(named(&document.symbol, &document.issuer).map(|named| ("Văn bản", named)));
        facts.push(("Trích yếu", document.subject.clone()));
    }
    if let Some(mail) = &about.mail {
        facts.extend(mail.sender.clone().map(|sender| ("Người viết", sender)));
        facts.extend(mail.text.as_ref().map(|text| ("Lời trong thư", text.trim().to_owned())));
    }
    facts.extend(hold.unit.as_ref().map(|unit| ("Chi bộ", setting.name(unit))));
    if let Some(request) = &about.request {
        let name = |cell: &str| setting.name(&cell.into());
        facts.push(("Đề nghị", words::request(request, setting.calendar, &name)));
        facts.extend(words::moved(request, setting.calendar).map(|moved| ("Hạn", moved)));
        facts.extend(request.actor.clone().map(|actor| ("Người quyết định", actor)));
    }
    if let Some(braked) = about.braked {
        let (documents, mails) = (words::number(braked.documents), words::number(braked.mails));
        facts.push(("Đang giữ", format!("{documents} văn bản, {mails} thư")));
        facts.extend(kept_back(about).map(|which| ("Văn bản", which)));
        facts.push(("Nguồn", hold.source.to_string()));
    } else {
        facts.push(("Ở nguồn", format!("{}, mã {}", hold.source, hold.external_id)));
    }
    let waited = words::waited(setting.now - hold.opened);
    facts.push(("Từ lúc", format!("{} ({waited})", setting.moment(hold.opened))));
    facts.extend(hold.closed.map(|at| ("Đã khép", setting.moment(at))));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_what_the_source_gives() {
        for (symbol, issuer, expected) in [
            ("12-KH/ĐUK", "Đảng uỷ Khối", Some("12-KH/ĐUK, Đảng uỷ Khối")),
            ("", "Đảng uỷ Khối", Some("Đảng uỷ Khối")),
            ("12-KH/ĐUK", "", Some("12-KH/ĐUK")),
            ("", "", None),
        ] {
            assert_eq!(named(symbol, issuer).as_deref(), expected);
        }
    }
}
