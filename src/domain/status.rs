//! Trạng thái trục: what a receiving body tells the sending one about a document (QCVN 102:2016/BTTTT,
//! status messages 01–16; codes 07–12 and 14 are given to nothing).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::document::Reference;

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

#[cfg(test)]
mod tests {
    use super::*;

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
