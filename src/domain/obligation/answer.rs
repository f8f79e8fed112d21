//! What a cell can say of its work.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Figure, FileLink};
use crate::domain::ids::UnitId;

/// What a cell answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// Đã nhận.
    Received {
        /// The day it promises to be done by.
        promised: Option<NaiveDate>,
    },
    /// Đã hoàn thành.
    Done {
        /// Number of its report.
        report_symbol: Option<String>,
        /// Date of its report.
        report_date: Option<NaiveDate>,
        /// A note of facts.
        note: Option<String>,
        /// Where its file can be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<FileLink>,
        /// The figures that its rule asks for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        figures: Vec<Figure>,
    },
    /// Không thuộc trách nhiệm.
    Declined {
        /// Why.
        reason: String,
        /// The cell whose it is instead, where the cell that answers knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suggested: Option<UnitId>,
    },
    /// Đề nghị gia hạn.
    MoreTime {
        /// Until when.
        until: NaiveDate,
        /// Why.
        reason: String,
    },
}

impl Answer {
    /// The word in SQL, CLI and JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Done { .. } => "done",
            Self::Declined { .. } => "declined",
            Self::MoreTime { .. } => "more-time",
        }
    }

    /// That the work is done, without a word more.
    pub fn done() -> Self {
        Self::Done { report_symbol: None, report_date: None, note: None, link: None, figures: Vec::new() }
    }

    /// What the cell wrote in its own words, if it did: a note, a reason.
    pub fn words(&self) -> Option<&str> {
        let words = match self {
            Self::Received { .. } => None,
            Self::Done { note, .. } => note.as_deref(),
            Self::Declined { reason, .. } | Self::MoreTime { reason, .. } => Some(reason.as_str()),
        };
        words.filter(|words| !words.is_empty())
    }

    /// The facts alone, without those words.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let mut facts = self.clone();
        match &mut facts {
            Self::Received { .. } => {}
            Self::Done { note, .. } => *note = None,
            Self::Declined { reason, .. } | Self::MoreTime { reason, .. } => reason.clear(),
        }
        facts
    }

    /// Whether it puts right what was reported before: it reports something, and something else. Who says once
    /// more that it is done, without a word more, puts nothing right.
    pub fn corrects(&self, earlier: &Self) -> bool {
        let both = matches!((self, earlier), (Self::Done { .. }, Self::Done { .. }));
        both && self != earlier && *self != Self::done()
    }
}
