//! `when`: what a document must be, with the tables within it.

use chrono::NaiveDate;

use super::{Context, pattern, phrase};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::suggest::similar_words;
use crate::domain::document::{Operation, Steering, Urgency};
use crate::domain::ids::SourceId;
use crate::domain::rule::When;

/// Words of `urgency`.
pub const URGENCIES: [(&str, Urgency); 6] = [
    ("unknown", Urgency::Unknown),
    ("normal", Urgency::Normal),
    ("urgent", Urgency::Urgent),
    ("very-urgent", Urgency::VeryUrgent),
    ("express", Urgency::Express),
    ("express-timed", Urgency::ExpressTimed),
];
/// Words of `operation`.
pub const OPERATIONS: [(&str, Operation); 4] = [
    ("new", Operation::New),
    ("revoke", Operation::Revoke),
    ("update", Operation::Update),
    ("replace", Operation::Replace),
];
/// Words of `steering`.
pub const STEERINGS: [(&str, Steering); 4] = [
    ("unknown", Steering::Unknown),
    ("none", Steering::None),
    ("directive", Steering::Directive),
    ("result", Steering::Result),
];
/// Lists whose emptiness would restrict nothing, which is hardly what their writer meant.
const LISTS: [&str; 13] = [
    "issuer",
    "kind",
    "symbol",
    "urgency",
    "operation",
    "source",
    "steering",
    "text_any",
    "text_all",
    "text_none",
    "all",
    "any",
    "none",
];

/// Reads a table of conditions and those within it.
pub fn read(fields: Fields<'_>, context: &Context<'_>) -> When {
    read_within(fields, false, context)
}

/// Texts are compared as the table around it says, unless the table says otherwise itself.
fn read_within(fields: Fields<'_>, accent_free: bool, context: &Context<'_>) -> When {
    let accent_free = fields.flag("accent_free").unwrap_or(accent_free);
    let tables = |key, name| -> Vec<When> {
        fields.tables(key, name).into_iter().map(|table| nested(table, key, accent_free, context)).collect()
    };
    let issued = range(&fields, "issued_from", "issued_until");
    let received = range(&fields, "received_from", "received_until");
    let plain = |key| fields.texts(key).into_iter().map(|text| text.value).collect();
    let when = When {
        issuer: plain("issuer"),
        kind: plain("kind"),
        symbol: plain("symbol"),
        urgency: fields.words("urgency", &URGENCIES),
        operation: fields.words("operation", &OPERATIONS),
        source: fields
            .texts("source")
            .into_iter()
            .filter_map(|source| known_source(source, context))
            .collect(),
        steering: fields.words("steering", &STEERINGS),
        text_any: plain("text_any"),
        text_all: plain("text_all"),
        text_none: plain("text_none"),
        text_regex: fields.text("text_regex").and_then(|pattern| regex(&fields, pattern, accent_free)),
        accent_free,
        issued_from: issued.0,
        issued_until: issued.1,
        issued_within: within(&fields),
        received_from: received.0,
        received_until: received.1,
        all: tables("all", "`all`"),
        any: tables("any", "`any`"),
        none: tables("none", "`none`"),
    };
    empty_lists(&fields);
    fields.finish();
    when
}

/// A table within `key`; one without a condition would be met by every document.
fn nested(table: Fields<'_>, key: &'static str, accent_free: bool, context: &Context<'_>) -> When {
    let place = table.place();
    let is_blank = table.is_blank();
    let when = read_within(table, accent_free, context);
    if is_blank {
        context.findings.add(Diagnostic::new(Code::Empty, place).with(key));
    }
    when
}

/// First and last day of a range; one that ends before it begins would hold no day.
fn range(
    fields: &Fields<'_>,
    from: &'static str,
    until: &'static str,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (first, last) = (fields.date(from), fields.date(until));
    if let (Some(first), Some(last)) = (&first, &last)
        && last.value < first.value
    {
        let finding = Diagnostic::new(Code::BadValue, last.place.clone()).with(until);
        let wanted = (format!("ngày từ {} trở đi", first.value), format!("a day from {} on", first.value));
        fields.report(finding.with(wanted).and_at(&first.place, ("bắt đầu ở đây", "begins here")));
    }
    (first.map(|day| day.value), last.map(|day| day.value))
}

fn empty_lists(fields: &Fields<'_>) {
    for key in LISTS.into_iter().filter(|key| fields.is_empty_list(key)) {
        if let Some(place) = fields.key_place(key) {
            fields.report(Diagnostic::new(Code::Empty, place).with(key));
        }
    }
}

fn known_source(source: Sourced<String>, context: &Context<'_>) -> Option<SourceId> {
    let Some(known) = context.sources.filter(|known| !known.contains(&source.value)) else {
        return Some(SourceId(source.value));
    };
    let similar = similar_words(&source.value, known.iter().map(String::as_str));
    let finding = Diagnostic::new(Code::UnknownSource, source.place).with(source.value);
    context.findings.add(finding.or_rather(similar));
    None
}

/// `issued_within`: days before receipt.
fn within(fields: &Fields<'_>) -> Option<u16> {
    let text = fields.text("issued_within")?;
    let days = phrase::days(&text.value);
    if days.is_none() {
        let finding = Diagnostic::new(Code::BadValue, text.place).with("issued_within");
        fields.report(
            finding.with(("số ngày, ví dụ \"30 days\"", "a number of days, for example \"30 days\"")),
        );
    }
    days
}

fn regex(fields: &Fields<'_>, text: Sourced<String>, accent_free: bool) -> Option<regex::Regex> {
    let compiled = pattern::compile(&text.value, accent_free);
    compiled.map_err(|refusal| fields.report(Diagnostic::new(Code::BadRegex, text.place).with(refusal))).ok()
}
