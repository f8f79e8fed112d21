//! The question about one cell: why it has to act, or why not.

use serde::Serialize;

use crate::domain::unit::Unit;
use crate::render::explain::{Explanation, Why};

/// Units that are offered where several are meant.
const OFFERED: usize = 12;

/// The question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// What was typed.
    pub text: String,
    /// The answer, where one unit was meant.
    pub why: Option<Why>,
    /// The rules it was worked out with.
    pub ruleset: String,
    /// Code and name of the units that may be meant, where it is not one.
    pub offers: Vec<(String, String)>,
}

impl Asked {
    /// Answers for the one unit found; offers what was found where it is not one.
    pub fn new(text: &str, found: &[&Unit], explanation: &Explanation<'_>) -> Self {
        let day = explanation.calendar.date_of(explanation.now);
        let (why, offers) = match found {
            [unit] => (Some(explanation.why(unit)), Vec::new()),
            several => {
                let offer = |unit: &&Unit| (unit.id.0.clone(), unit.name_on(day).to_owned());
                (None, several.iter().take(OFFERED).map(offer).collect())
            }
        };
        Self { text: text.to_owned(), why, ruleset: explanation.trace.ruleset.clone(), offers }
    }
}
