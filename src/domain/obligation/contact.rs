//! Whether a cell hears of its work at all; stands beside the state.

use serde::{Deserialize, Serialize};

/// Whether the cell could be reached; derived from its notices, and from what the source shows of its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    /// A notice waits to be sent.
    Unsent,
    /// A server took a notice.
    Sent,
    /// A receipt says it arrived.
    Delivered,
    /// The source shows that the cell has looked at the directive there.
    Seen,
    /// No mailbox, or every mailbox failed.
    NoContact,
}

impl Contact {
    /// Whether the cell was reached, so that it can be late.
    pub fn is_reached(self) -> bool {
        match self {
            Self::Sent | Self::Delivered | Self::Seen => true,
            Self::Unsent | Self::NoContact => false,
        }
    }
}
