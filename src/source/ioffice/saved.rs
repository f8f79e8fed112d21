//! A detail that somebody saved to a file, read and judged as if it had just come.

use chrono_tz::Tz;
use serde_json::Value;

use super::call::Code;
use super::detail::{self, Context, Mark};
use super::field::{Fields, items};
use super::names::FieldMap;
use crate::domain::document::Document;
use crate::domain::ids::SourceId;
use crate::domain::secrecy::{Open, Withheld};

/// Stands for the id of a detail that names none.
const NAMELESS: &str = "0";

/// What a saved detail holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// A document that may be handled.
    Open(Box<Open<Document>>),
    /// One that must be withheld; nothing of it is given away.
    Withheld(Withheld),
    /// No detail of iOffice, or one that cannot be read; says what is wrong.
    Unreadable(String),
}

/// Reads a detail: alone, in the envelope it came in, or in the bundle the register keeps.
pub fn saved(
    value: &Value,
    source: &SourceId,
    (fields, open_marks): (FieldMap, &[String]),
    zone: Tz,
) -> Saved {
    let names = fields.complete();
    let inner = value.get("detail").unwrap_or(value);
    let inner = inner.get("data").unwrap_or(inner);
    let items = items(inner.clone()).unwrap_or_default();
    let [item] = items.as_slice() else {
        return Saved::Unreadable("cần đúng một văn bản".to_owned());
    };
    let Some(fields) = Fields::of(item) else {
        return Saved::Unreadable("dữ liệu không đúng cấu trúc".to_owned());
    };
    let mark = Mark::of(fields, &names);
    let judged = |document| mark.judge(document, open_marks);
    if let Err(why) = judged(detail::probe(detail::texts(fields, &names))) {
        return Saved::Withheld(why);
    }
    let id = fields.text("id").and_then(|id| Code::parse(&id)).or_else(|| Code::parse(NAMELESS));
    let Some(id) = id else { return Saved::Unreadable("mã văn bản không hợp lệ".to_owned()) };
    match detail::document(fields, &Context { source, id: &id, received: None, names: &names, zone }) {
        Ok(document) => match judged(document) {
            Ok(open) => Saved::Open(Box::new(open)),
            Err(why) => Saved::Withheld(why),
        },
        Err(error) => Saved::Unreadable(error.to_string()),
    }
}
