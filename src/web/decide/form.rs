//! What the office typed on the page of its decision.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::app::ports::Act;
use crate::domain::text::clean;
use crate::render::pages::lexicon::Mistakes;

/// Longest reason, in letters.
const LINES: usize = 2000;

/// What a browser sent. A field that is missing is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Entered {
    /// The verb of the decision.
    pub(super) answer: String,
    pub(super) day: String,
    pub(super) reason: String,
    pub(super) digits: String,
}

/// A decision as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) act: Act,
    pub(super) day: Option<NaiveDate>,
    pub(super) reason: String,
}

impl Entered {
    /// The decision.
    ///
    /// # Errors
    /// What is wrong, at its field.
    pub(super) fn read(&self, words: &Mistakes) -> Result<Typed, (&'static str, String)> {
        let act = Act::parse(&self.answer);
        let act = act.ok_or(("answer", words.answer.to_owned()))?;
        let reason = clean(&self.reason).trim().to_owned();
        let long = reason.chars().count();
        if long > LINES {
            return Err(("reason", (words.long)(long, LINES)));
        }
        Ok(Typed { act, day: day(&self.day, words)?, reason })
    }
}

/// A day as a person types it, as on every page.
fn day(text: &str, words: &Mistakes) -> Result<Option<NaiveDate>, (&'static str, String)> {
    let text = text.trim().replace(['-', '.', ' '], "/");
    if text.is_empty() {
        return Ok(None);
    }
    let day = ["%d/%m/%Y", "%Y/%m/%d"].iter().find_map(|form| NaiveDate::parse_from_str(&text, form).ok());
    let day = day.filter(|day| (2000..2200).contains(&day.year()));
    day.map(Some).ok_or(("day", words.day.to_owned()))
}
