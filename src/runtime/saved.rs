//! Documents that somebody saved to a file: as our own commands print them, or as iOffice answers.

use serde_json::Value;

use crate::config::Loaded;
use crate::config::settings::SourceSettings;
use crate::domain::document::Document;
use crate::domain::ids::SourceId;
use crate::domain::secrecy::{Withheld, judge};
use crate::runtime::wiring::fields;
use crate::source::ioffice::{Saved, saved};

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A document that may be looked at.
    Document(Box<Document>),
    /// One that must be withheld; nothing of it is given away.
    Withheld(Withheld),
    /// None; says what is wrong.
    Unreadable(String),
}

/// Reads a document: our own form, alone, under `document` or first in a list, judged by its texts; else a
/// detail of iOffice, judged by its mark too, as the first iOffice source is set up.
pub fn read(value: &Value, loaded: &Loaded) -> Found {
    let value = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    let own = value.get("document").unwrap_or(value);
    if let Ok(document) = serde_json::from_value::<Document>(own.clone()) {
        let open = String::new();
        return match judge(document, Some(&open), std::slice::from_ref(&open)) {
            Ok(document) => Found::Document(Box::new(document.get().clone())),
            Err(why) => Found::Withheld(why),
        };
    }
    let ioffice = loaded.settings.sources.iter().find_map(|source| match source {
        SourceSettings::Ioffice(source) => Some(source),
        _ => None,
    });
    let Some(source) = ioffice else {
        return Found::Unreadable("chưa cấu hình nguồn VNPT iOffice nào".to_owned());
    };
    let id = SourceId(source.id.clone());
    let names = (fields(&source.fields), source.open_marks.as_slice());
    match saved(value, &id, names, loaded.office.calendar.zone) {
        Saved::Open(document) => Found::Document(Box::new(document.get().clone())),
        Saved::Withheld(why) => Found::Withheld(why),
        Saved::Unreadable(reason) => Found::Unreadable(reason),
    }
}
