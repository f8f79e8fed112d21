//! What a letter says about an answer of its cell, as the templates see it.

use std::borrow::Cow;

use serde::Serialize;

use super::Office;
use super::words::{Due, date_text};
use crate::domain::calendar::moment;
use crate::domain::language::Language;
use crate::domain::notice::Reply;
use crate::render::line::one_line;

/// What a letter says about an answer.
#[derive(Debug, Serialize)]
pub struct ReplyView<'a> {
    /// `lapsed`, `doubted`, `granted`, `refused`, `handed-back`
    pub kind: &'static str,
    /// The day that passed, that was granted or refused; of a doubted press the instant.
    pub day: Option<String>,
    /// The due day before.
    pub before: Option<String>,
    /// Why, in the words of staff.
    pub why: Option<Cow<'a, str>>,
}

/// The view of a reply, in the office's zone.
pub fn view<'a>(reply: &'a Reply, office: &Office, language: Language) -> ReplyView<'a> {
    let why = |why: &'a Option<String>| why.as_deref().map(one_line).filter(|line| !line.is_empty());
    let of = |kind, day, before, why| ReplyView { kind, day, before, why };
    match reply {
        Reply::Lapsed { promised } => of("lapsed", Some(date_text(*promised)), None, None),
        Reply::Doubted { at } => {
            let at = match language {
                Language::Vi => moment(*at, office.zone),
                Language::En => at.with_timezone(&office.zone).format("%H:%M on %d/%m/%Y").to_string(),
            };
            of("doubted", Some(at), None, None)
        }
        Reply::Granted { until, before, why: said } => {
            let before = before.map(|at| Due::new(at, office.zone).short);
            of("granted", Some(date_text(*until)), before, why(said))
        }
        Reply::Refused { asked, why: said } => of("refused", Some(date_text(*asked)), None, why(said)),
        Reply::HandedBack { why: said } => of("handed-back", None, None, why(said)),
    }
}

/// What such a letter is, as its heading; nothing where its kind says enough.
pub fn heading(reply: &Reply) -> Option<&'static str> {
    match reply {
        Reply::Lapsed { .. } => None,
        Reply::Doubted { .. } => Some("Xin xác nhận lại"),
        Reply::Granted { .. } => Some("Đồng ý gia hạn"),
        Reply::Refused { .. } => Some("Không gia hạn"),
        Reply::HandedBack { .. } => Some("Việc của chi bộ"),
    }
}

/// [`heading`] in English.
pub fn english_heading(reply: &Reply) -> Option<&'static str> {
    match reply {
        Reply::Lapsed { .. } => None,
        Reply::Doubted { .. } => Some("Please confirm again"),
        Reply::Granted { .. } => Some("More time granted"),
        Reply::Refused { .. } => Some("More time refused"),
        Reply::HandedBack { .. } => Some("Yours after all"),
    }
}
