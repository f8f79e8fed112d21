//! Every request this adapter can make, and no other. The one acknowledgement it can write down is `done`.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::source::axis::Kind;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// Log in; what is sent is a secret and stands elsewhere.
    Login,
    /// What arrived between two days, both included.
    Received { kind: Kind, from: NaiveDate, to: NaiveDate },
    /// One message.
    Fetch(String),
    /// Tell that a message is kept.
    Acknowledge(String),
    /// A status.
    Send,
    /// All organs.
    Agencies,
}

impl Call {
    /// Its path below the address.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Login => "v1/auth/login",
            Self::Received { .. } => "v1/syncReceivedEdocList",
            Self::Fetch(_) => "v1/getEdoc",
            Self::Acknowledge(_) => "v1/updateStatus",
            Self::Send => "v1/sendEdoc",
            Self::Agencies => "v1/getAgenciesList",
        }
    }

    /// Whether it is a GET; all others are POSTs.
    pub(super) fn is_get(&self) -> bool {
        matches!(self, Self::Received { .. } | Self::Fetch(_) | Self::Agencies)
    }

    /// Its query.
    pub(super) fn query(&self) -> Vec<(&'static str, String)> {
        let day = |day: &NaiveDate| day.format("%Y/%m/%d").to_string();
        match self {
            Self::Login => vec![("allow_anonymous", "true".to_owned())],
            Self::Received { kind, from, to } => {
                vec![("messageType", kind.word().to_owned()), ("fromDate", day(from)), ("toDate", day(to))]
            }
            Self::Fetch(id) => vec![("docId", id.clone())],
            Self::Acknowledge(_) | Self::Send | Self::Agencies => Vec::new(),
        }
    }

    /// Its body, if that is JSON without a secret.
    pub(super) fn body(&self) -> Option<Value> {
        match self {
            Self::Acknowledge(id) => Some(json!({"docId": id, "status": "done"})),
            _ => None,
        }
    }

    /// What it does, for people; names no document.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Login => "đăng nhập (auth/login)",
            Self::Received { kind: Kind::Edoc, .. } => "lấy danh sách văn bản (syncReceivedEdocList)",
            Self::Received { kind: Kind::Status, .. } => "lấy danh sách trạng thái (syncReceivedEdocList)",
            Self::Fetch(_) => "lấy nội dung văn bản (getEdoc)",
            Self::Acknowledge(_) => "báo trục đã nhận (updateStatus)",
            Self::Send => "gửi trạng thái (sendEdoc)",
            Self::Agencies => "lấy danh mục cơ quan (getAgenciesList)",
        }
    }
}
