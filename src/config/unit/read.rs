//! Units as they are written, before anything is known about the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use crate::config::address::{self, is_plain};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::{Fields, is_code};
use crate::config::file::{SourceFile, Sourced};
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::unit::{Card, Dated, Kind, Mailbox, Succession, Unit, Validity};

use super::absence::{self, AbsenceDraft};

/// Longest code of a unit, kind or sector.
const CODE_LENGTH: usize = 64;
/// The post of a mailbox when none is named: the cell's secretary.
const USUAL_POST: &str = "secretary";

/// The whole file.
pub struct Drafts {
    /// `office`
    pub office: Option<Sourced<String>>,
    /// `leadership`
    pub leadership: Option<Sourced<String>>,
    /// `[[kind]]`, in order; the place is that of the code.
    pub kinds: Vec<Sourced<Kind>>,
    /// `[sectors]`
    pub sectors: BTreeMap<String, String>,
    /// `[[unit]]`, in order.
    pub units: Vec<Draft>,
    /// `[[absence]]`, in order.
    pub absences: Vec<AbsenceDraft>,
}

/// One `[[unit]]`, references still unchecked.
pub struct Draft {
    /// `id`
    pub id: Sourced<String>,
    /// `kind`
    pub kind: Option<Sourced<String>>,
    /// `sector`
    pub sector: Option<Sourced<String>>,
    /// `parent` or `parents`
    pub parents: Vec<(Sourced<String>, Validity)>,
    /// `successor` or `successors`
    pub successors: Vec<Sourced<String>>,
    /// `heir`
    pub heir: Option<Sourced<String>>,
    /// `from`, `until`
    pub valid: Validity,
    names: Vec<Dated<String>>,
    aliases: Vec<String>,
    tags: Vec<String>,
    /// `mailbox` or `mailboxes` is written, rightly or not.
    pub has_mailbox: bool,
    /// `mailbox` or `mailboxes`
    pub mailboxes: Vec<Mailbox>,
    card: Card,
}

impl Draft {
    /// The newest name.
    pub fn name(&self) -> &str {
        self.names.last().map_or(&self.id.value, |name| &name.value)
    }

    /// The unit as the domain knows it, without its absences, which stand elsewhere in the file.
    pub fn unit(&self) -> Unit {
        let id = |id: &Sourced<String>| UnitId(id.value.clone());
        let parent = |(id, valid): &(Sourced<String>, Validity)| Dated {
            value: UnitId(id.value.clone()),
            valid: *valid,
        };
        Unit {
            id: UnitId(self.id.value.clone()),
            names: self.names.clone(),
            kind: self.kind.as_ref().map_or_else(String::new, |kind| kind.value.clone()),
            sector: self.sector.as_ref().map(|sector| sector.value.clone()),
            aliases: self.aliases.clone(),
            tags: self.tags.clone(),
            parents: self.parents.iter().map(parent).collect(),
            mailboxes: self.mailboxes.clone(),
            absences: Vec::new(),
            succession: Succession {
                successors: self.successors.iter().map(id).collect(),
                heir: self.heir.as_ref().map(id),
            },
            card: self.card.clone(),
            valid: self.valid,
        }
    }
}

/// Reads every table of the file.
pub fn drafts<'a>(file: &'a Arc<SourceFile>, table: &'a DeTable<'a>, findings: &'a Findings) -> Drafts {
    let top = Fields::top(file, table, findings);
    let drafts = Drafts {
        office: top.required_text("office"),
        leadership: top.text("leadership"),
        kinds: top.tables("kind", "[[kind]]").into_iter().filter_map(kind).collect(),
        sectors: top.table("sectors", "[sectors]").map(|sectors| names(&sectors)).unwrap_or_default(),
        units: top.tables("unit", "[[unit]]").into_iter().filter_map(unit).collect(),
        absences: top.tables("absence", "[[absence]]").into_iter().filter_map(absence::read).collect(),
    };
    top.finish();
    drafts
}

/// A code that must be there: lower-case letters, digits, `-`.
fn code(fields: &Fields<'_>, key: &'static str) -> Option<Sourced<String>> {
    let code = fields.required_text(key)?;
    if !is_code(&code.value, CODE_LENGTH) {
        let finding = Diagnostic::new(Code::BadCode, code.place.clone()).with(code.value.as_str());
        fields.report(finding.with(CODE_LENGTH.to_string()));
    }
    Some(code)
}

fn names(sectors: &Fields<'_>) -> BTreeMap<String, String> {
    sectors.entries().into_iter().map(|(code, name)| (code.value, name.value)).collect()
}

fn kind(fields: Fields<'_>) -> Option<Sourced<Kind>> {
    let (id, name) = (code(&fields, "id"), fields.required_text("name"));
    let cell = fields.flag("cell").unwrap_or(false);
    fields.finish();
    let (id, name) = (id?, name?.value);
    Some(Sourced { place: id.place, value: Kind { id: id.value, name, cell } })
}

fn unit(fields: Fields<'_>) -> Option<Draft> {
    let id = code(&fields, "id");
    let kind = fields.required_text("kind");
    let draft = |id| Draft {
        id,
        kind,
        sector: fields.text("sector"),
        parents: parents(&fields),
        successors: successors(&fields),
        heir: fields.text("heir"),
        valid: fields.validity(),
        names: dated_names(&fields),
        aliases: fields.texts("aliases").into_iter().map(|alias| alias.value).collect(),
        tags: tags(&fields),
        has_mailbox: fields.has("mailbox") || fields.has("mailboxes"),
        mailboxes: mailboxes(&fields),
        card: Card {
            secretary: plain(&fields, "secretary"),
            phone: plain(&fields, "phone"),
            note: plain(&fields, "note"),
        },
    };
    let draft = id.map(draft)?;
    fields.finish();
    Some(draft)
}

/// `tags`: codes, because rules name them letter for letter.
fn tags(fields: &Fields<'_>) -> Vec<String> {
    let tags = fields.texts("tags");
    for tag in tags.iter().filter(|tag| !is_code(&tag.value, CODE_LENGTH)) {
        let finding = Diagnostic::new(Code::BadCode, tag.place.clone()).with(tag.value.as_str());
        fields.report(finding.with(CODE_LENGTH.to_string()));
    }
    tags.into_iter().map(|tag| tag.value).collect()
}

/// Reports a key written in both its short and its long form.
fn not_both(fields: &Fields<'_>, short: &'static str, long: &'static str) {
    if let (Some(first), Some(second)) = (fields.key_place(short), fields.key_place(long)) {
        let finding = Diagnostic::new(Code::BothForms, second).with(short).with(long);
        fields.report(finding.and_at(&first, ("đã viết ở đây", "already here")));
    }
}

fn dated_names(fields: &Fields<'_>) -> Vec<Dated<String>> {
    not_both(fields, "name", "names");
    let long = fields.tables("names", "`names`");
    if long.is_empty() {
        let name = fields.required_text("name");
        return name.into_iter().map(|name| Dated::always(name.value)).collect();
    }
    // When both forms stand there, that is the finding; the short one is not unknown as well.
    fields.know("name");
    long.into_iter().filter_map(dated_name).collect()
}

fn dated_name(fields: Fields<'_>) -> Option<Dated<String>> {
    let (name, valid) = (fields.required_text("name"), fields.validity());
    fields.finish();
    name.map(|name| Dated { value: name.value, valid })
}

fn plain(fields: &Fields<'_>, key: &'static str) -> Option<String> {
    fields.required_if_written(key).map(|text| text.value)
}

fn successors(fields: &Fields<'_>) -> Vec<Sourced<String>> {
    not_both(fields, "successor", "successors");
    let short = fields.required_if_written("successor");
    short.into_iter().chain(fields.texts("successors")).collect()
}

fn parents(fields: &Fields<'_>) -> Vec<(Sourced<String>, Validity)> {
    not_both(fields, "parent", "parents");
    let short = fields.text("parent").map(|parent| (parent, Validity::default()));
    let long = fields.tables("parents", "`parents`").into_iter().filter_map(dated_parent);
    short.into_iter().chain(long).collect()
}

fn dated_parent(fields: Fields<'_>) -> Option<(Sourced<String>, Validity)> {
    let (unit, valid) = (fields.required_text("unit"), fields.validity());
    fields.finish();
    unit.map(|unit| (unit, valid))
}

fn mailboxes(fields: &Fields<'_>) -> Vec<Mailbox> {
    not_both(fields, "mailbox", "mailboxes");
    let short = fields.text("mailbox").and_then(|text| address(fields, text)).map(|address| Mailbox {
        address,
        post: USUAL_POST.to_owned(),
        order: 1,
        valid: Validity::default(),
        language: None,
    });
    let long = (1..).zip(fields.tables("mailboxes", "`mailboxes`"));
    short.into_iter().chain(long.filter_map(|(order, fields)| mailbox(fields, order))).collect()
}

fn mailbox(fields: Fields<'_>, position: u16) -> Option<Mailbox> {
    let address = fields.required_text("address").and_then(|text| address(&fields, text));
    let post = fields.text("post").map_or_else(|| USUAL_POST.to_owned(), |post| post.value);
    let order = fields.number("order", 0..=i64::from(u16::MAX));
    let order = order.and_then(|order| u16::try_from(order.value).ok()).unwrap_or(position);
    let valid = fields.validity();
    let language = fields.word("language", &[("vi", Language::Vi), ("en", Language::En)]);
    fields.finish();
    address.map(|address| Mailbox { address, post, order, valid, language })
}

/// An address that can be written to.
pub fn address(fields: &Fields<'_>, text: Sourced<String>) -> Option<String> {
    if is_plain(&text.value) {
        return Some(text.value);
    }
    fields.report(address::finding(&text.value, text.place));
    None
}
