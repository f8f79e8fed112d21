//! What a person can do about each kind of hold. Whoever adds a kind, or a verb for one, adds it here; command
//! line and board offer what stands here and nothing else.

use super::{Braked, HoldKind, HoldRow};
use crate::domain::document::Document;

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Give the document to cells.
    Assign,
    /// Let it go its way.
    Release,
    /// Close the hold.
    Dismiss,
}

impl Act {
    /// The verb in CLI, addresses and journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Release => "release",
            Self::Dismiss => "dismiss",
        }
    }

    /// The decision behind a verb.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Assign, Self::Release, Self::Dismiss].into_iter().find(|act| act.as_str() == word)
    }
}

/// A decision that a kind of hold allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub act: Act,
    /// What the button says.
    pub label: &'static str,
    /// What happens then.
    pub effect: &'static str,
}

const ASSIGN: Choice = Choice {
    act: Act::Assign,
    label: "Giao cho chi bộ",
    effect: "Mở việc cho các chi bộ được chọn và gửi thư báo như khi quy tắc giao.",
};

const fn release(label: &'static str, effect: &'static str) -> Choice {
    Choice { act: Act::Release, label, effect }
}

const fn dismiss(label: &'static str, effect: &'static str) -> Choice {
    Choice { act: Act::Dismiss, label, effect }
}

const DONE: Choice = dismiss("Đã xử lý", "Khép mục này; không giao thêm việc, không gửi thư.");
const UNMATCHED: &[Choice] = &[
    ASSIGN,
    dismiss("Không giao cho ai", "Khép mục này; văn bản ở lại trong sổ, không ai được giao, không gửi thư."),
];
const OPERATION: &[Choice] = &[ASSIGN, DONE];
const SECRET: &[Choice] = &[dismiss("Đã xem ở hệ thống văn bản", "Khép mục này; nội dung vẫn không vào sổ.")];
const BROKEN: &[Choice] = &[
    release("Đọc lại", "Lần đọc nguồn tới thử lại văn bản này."),
    dismiss("Bỏ qua", "Khép mục này; văn bản vẫn được thử lại mỗi đêm, nếu vẫn hỏng thì mục mở lại."),
];
const BRAKE: &[Choice] = &[
    release("Cho gửi", "Giao việc và gửi thư báo của mọi văn bản đang giữ, trong giờ làm việc."),
    dismiss("Giữ im lặng", "Không gửi các thư đang giữ; việc đã mở được miễn. Văn bản ở lại trong sổ."),
];
const NO_CONTACT: &[Choice] = &[release("Gửi thư báo", "Gửi thư báo tới hộp thư vừa thêm cho chi bộ."), DONE];
const OTHER: &[Choice] = &[DONE];

/// What a hold is about, as far as the register knows it.
#[derive(Debug, Clone)]
pub struct HoldView {
    /// The hold.
    pub hold: HoldRow,
    /// Its document; none where it may not or could not be registered.
    pub document: Option<Document>,
    /// What it keeps back, where it is a brake.
    pub braked: Option<Braked>,
}

/// What can be done about a kind of hold, the likeliest first.
pub fn choices(kind: HoldKind) -> &'static [Choice] {
    match kind {
        HoldKind::Unmatched => UNMATCHED,
        HoldKind::Operation | HoldKind::Ambiguous => OPERATION,
        HoldKind::Secret => SECRET,
        HoldKind::Broken => BROKEN,
        HoldKind::Brake => BRAKE,
        HoldKind::NoContact => NO_CONTACT,
        HoldKind::Declined
        | HoldKind::MoreTime
        | HoldKind::NoHeir
        | HoldKind::Undeliverable
        | HoldKind::Recall
        | HoldKind::Upstream => OTHER,
    }
}

/// What to do about a kind of hold, one sentence for staff.
pub fn advice(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Unmatched => {
            "giao cho chi bộ, hoặc ghi rõ không giao cho ai; văn bản loại này còn đến thì viết quy tắc"
        }
        HoldKind::Secret => "xem trên hệ thống văn bản; ở đây chỉ có con số, không có nội dung",
        HoldKind::Broken => "xem văn bản trên hệ thống văn bản; cần thì cho đọc lại",
        HoldKind::NoContact => "thêm hộp thư của chi bộ vào tệp tổ chức, rồi cho gửi thư báo",
        HoldKind::Undeliverable => "sửa hộp thư trong tệp tổ chức, gửi lại bằng `vanthu outbox retry`",
        HoldKind::Declined => "giao cho chi bộ đúng trách nhiệm, hoặc trao đổi lại với chi bộ",
        HoldKind::MoreTime => "trả lời chi bộ về thời hạn",
        HoldKind::NoHeir => "ghi tổ chức tiếp nhận việc vào tệp tổ chức",
        HoldKind::Ambiguous => "xác định đây là văn bản nào",
        HoldKind::Brake => "xem có đúng là văn bản mới không, rồi cho gửi hoặc giữ im lặng",
        HoldKind::Operation => "tìm văn bản gốc, hoặc quyết định theo văn bản giấy",
        HoldKind::Recall => "trả lời nơi gửi",
        HoldKind::Upstream => "xem lại trạng thái trên hệ thống văn bản",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hold_can_be_closed_and_offers_each_act_once() {
        for kind in HoldKind::ALL {
            let acts: Vec<_> = choices(kind).iter().map(|choice| choice.act.as_str()).collect();
            assert!(acts.contains(&"dismiss"), "{kind:?}");
            let mut once = acts.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), acts.len(), "{kind:?}");
        }
    }
}
