//! When a mail may leave, and to whom: what an office sets about its post beyond the mails themselves.

mod pace;
mod safe;

pub use pace::{Leave, Meter, Pace, Rate, host};
pub use safe::SafeList;

use super::document::Urgency;
use super::language::Language;

/// What an office sets about its post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// From this urgency on a mail leaves at once, whatever the hour and the pace.
    pub at_once: Urgency,
    /// How many mails may leave in what time.
    pub pace: Pace,
    /// Where mails may go.
    pub safe: SafeList,
    /// The address every mail goes to instead of its own while the office tries things out.
    pub shadow: Option<String>,
    /// The language of mailboxes that name none.
    pub language: Language,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            at_once: Urgency::Express,
            pace: Pace::default(),
            safe: SafeList::default(),
            shadow: None,
            language: Language::default(),
        }
    }
}

impl Sending {
    /// Whether a mail about a document of this urgency waits for nothing.
    pub fn leaves_at_once(&self, urgency: Urgency) -> bool {
        urgency >= self.at_once
    }
}
