//! What went wrong with one request, by who has to react: the poll, or the one document.

use super::call::Call;
use crate::app::ports::SourceError;

/// A request that gave no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The source as a whole cannot be asked.
    Source(SourceError),
    /// The server stumbled over this one request (HTTP 500), whatever the reason.
    Stumbled(String),
    /// The answer to this one request is unusable.
    Unusable(String),
    /// HTTP 404.
    Gone(String),
}

impl Failure {
    /// For requests about all documents: whatever it is, the poll ends here. A page that cannot be
    /// read is never an empty page.
    pub(super) fn of_source(self) -> SourceError {
        match self {
            Self::Source(error) => error,
            Self::Stumbled(reason) => SourceError::Unreachable(reason),
            Self::Unusable(reason) | Self::Gone(reason) => SourceError::Unexpected(reason),
        }
    }
}

/// `lấy trang danh sách (document/getlistwaitingdocument/): …`
pub(super) fn place(call: &Call, what: impl std::fmt::Display) -> String {
    match call {
        // The path of a switch holds the id of an account.
        Call::Switch(_) => format!("{}: {what}", call.title()),
        _ => format!("{} ({}): {what}", call.title(), call.path()),
    }
}
