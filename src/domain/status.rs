//! Trạng thái trục: what a receiving body tells the sending one about a document (QCVN 102:2016/BTTTT,
//! status messages 01–16; codes 07–12 and 14 are given to nothing).
//!
//! Read on in `order` (what may follow what) and `fold` (what the obligations of many cells mean for the
//! one body the axis knows).

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::document::Reference;
use super::ids::{ExternalId, SourceId};

mod fold;
mod order;

pub use fold::{Counts, Fold, Voice, Voices};
pub use order::{Unsayable, may_say};

/// Bytes of a status key: as many as a UUID has.
const KEY: usize = 16;

/// A status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusCode {
    /// 01 Đã đến: the software has it. The only one a machine may say by itself.
    Arrived,
    /// 02 Từ chối tiếp nhận.
    Refused,
    /// 03 Đã tiếp nhận, vào sổ.
    Accepted,
    /// 04 Đã phân công.
    Assigned,
    /// 05 Đang xử lý.
    Processing,
    /// 06 Hoàn thành.
    Finished,
    /// 13 Yêu cầu lấy lại: from the sender to the receiver.
    RecallAsked,
    /// 15 Đồng ý lấy lại, cập nhật.
    ChangeAccepted,
    /// 16 Từ chối lấy lại, cập nhật.
    ChangeRefused,
}

impl StatusCode {
    /// Every code, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Arrived,
        Self::Refused,
        Self::Accepted,
        Self::Assigned,
        Self::Processing,
        Self::Finished,
        Self::RecallAsked,
        Self::ChangeAccepted,
        Self::ChangeRefused,
    ];

    /// The two digits on the wire.
    pub fn digits(self) -> &'static str {
        match self {
            Self::Arrived => "01",
            Self::Refused => "02",
            Self::Accepted => "03",
            Self::Assigned => "04",
            Self::Processing => "05",
            Self::Finished => "06",
            Self::RecallAsked => "13",
            Self::ChangeAccepted => "15",
            Self::ChangeRefused => "16",
        }
    }

    /// The code behind digits, written with or without the leading zero; `None` for one nobody defined.
    pub fn parse(digits: &str) -> Option<Self> {
        let number: u8 = digits.trim().parse().ok()?;
        Self::ALL.into_iter().find(|code| code.digits().parse() == Ok(number))
    }

    /// Where it stands on the way from arrived to finished, from 1; `None` for what stands beside the way:
    /// a refusal, a recall and the answers to one.
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Arrived => Some(1),
            Self::Accepted => Some(2),
            Self::Assigned => Some(3),
            Self::Processing => Some(4),
            Self::Finished => Some(5),
            Self::Refused | Self::RecallAsked | Self::ChangeAccepted | Self::ChangeRefused => None,
        }
    }

    /// Whether it answers a recall or an update; then it is said once for each of them.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::ChangeAccepted | Self::ChangeRefused)
    }

    /// The code in words for staff.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Arrived => "Đã đến",
            Self::Refused => "Từ chối tiếp nhận",
            Self::Accepted => "Đã tiếp nhận",
            Self::Assigned => "Đã phân công",
            Self::Processing => "Đang xử lý",
            Self::Finished => "Đã hoàn thành",
            Self::RecallAsked => "Yêu cầu lấy lại",
            Self::ChangeAccepted => "Đồng ý lấy lại, cập nhật",
            Self::ChangeRefused => "Từ chối lấy lại, cập nhật",
        }
    }
}

/// A status message, received or to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Mã định danh of the body that says it.
    pub from: String,
    /// Name of that body, if given.
    pub from_name: Option<String>,
    /// The document it is about.
    pub about: Reference,
    /// The digits as they came; a code nobody defined is held for staff, not guessed.
    pub digits: String,
    /// Free text.
    pub description: Option<String>,
    /// When it was said. The wire has no zone; it is taken as the office's.
    pub at: Option<DateTime<Utc>>,
}

impl Status {
    /// The code, if it is a known one.
    pub fn code(&self) -> Option<StatusCode> {
        StatusCode::parse(&self.digits)
    }
}

/// What names one status for ever, so that every try to tell it is known for the same: hex digits.
/// `occasion` is the id of the message that is answered, empty where none is.
pub fn status_key(source: &SourceId, document: &ExternalId, code: StatusCode, occasion: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [source.as_str(), document.as_str(), code.digits(), occasion] {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    data_encoding::HEXLOWER.encode(context.finish().as_ref().get(..KEY).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_one_status_and_no_other() {
        let (source, document) = (SourceId::from("axis"), ExternalId::from("7"));
        let key = |code, occasion: &str| status_key(&source, &document, code, occasion);
        let first = key(StatusCode::Arrived, "");
        assert_eq!(first, key(StatusCode::Arrived, ""));
        assert_eq!(first.len(), 2 * KEY);
        let others = [
            key(StatusCode::Accepted, ""),
            key(StatusCode::Arrived, "9"),
            status_key(&source, &"70".into(), StatusCode::Arrived, ""),
            status_key(&"axi".into(), &"s7".into(), StatusCode::Arrived, ""),
        ];
        assert!(!others.contains(&first), "{others:?}");
    }

    #[test]
    fn codes_read_back_with_and_without_the_zero() {
        for code in StatusCode::ALL {
            assert_eq!(StatusCode::parse(code.digits()), Some(code));
            assert_eq!(StatusCode::parse(code.digits().trim_start_matches('0')), Some(code));
        }
        for unknown in ["", "00", "07", "14", "17", "1a", "-1"] {
            assert_eq!(StatusCode::parse(unknown), None, "{unknown}");
        }
    }
}
