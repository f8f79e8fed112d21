//! What a person can do about each hold. Whoever adds a kind, or a verb for one, adds it here; command line and
//! board offer what stands here and nothing else.

use serde::Serialize;

use super::{Braked, DocumentRow, HoldKind, HoldRow, InboundRow, Matter, RequestRow};
use crate::domain::document::Document;

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Say whose it is: which cells, or which document.
    Assign,
    /// Let it go its way.
    Release,
    /// Close the hold.
    Dismiss,
}

impl Act {
    /// The verb in CLI, addresses, SQL and journal.
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

/// What a person must name to decide so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// Cells, or a rule that does.
    Cells,
    /// A document of the register.
    Document,
    /// A day, in place of the one a cell asked for; may be left out.
    Day,
}

/// A decision that a hold allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub act: Act,
    /// What must be named.
    pub asks: Asks,
    /// Whether it must have a reason.
    pub reasons: bool,
    /// What the button says.
    pub label: &'static str,
    /// What happens then.
    pub effect: &'static str,
}

const fn assign(asks: Asks, label: &'static str, effect: &'static str) -> Choice {
    Choice { act: Act::Assign, asks, reasons: true, label, effect }
}

const fn release(label: &'static str, effect: &'static str) -> Choice {
    Choice { act: Act::Release, asks: Asks::Nothing, reasons: false, label, effect }
}

const fn dismiss(label: &'static str, effect: &'static str) -> Choice {
    Choice { act: Act::Dismiss, asks: Asks::Nothing, reasons: true, label, effect }
}

const DONE: Choice = dismiss("Đã xử lý", "Khép mục này; không giao thêm việc, không gửi thư.");
const UNMATCHED: &[Choice] = &[
    assign(
        Asks::Cells,
        "Giao cho chi bộ",
        "Mở việc cho các chi bộ được chọn và gửi thư báo như khi quy tắc giao.",
    ),
    dismiss("Không giao cho ai", "Khép mục này; văn bản ở lại trong sổ, không ai được giao, không gửi thư."),
];
const AMBIGUOUS: &[Choice] = &[
    assign(
        Asks::Document,
        "Là văn bản đã có trong sổ",
        "Ghi thành một nguồn nữa của văn bản đó; chỉ có gì khác thì các chi bộ mới được báo.",
    ),
    release("Là văn bản khác", "Ghi vào sổ thành văn bản riêng và phân công theo quy tắc."),
    dismiss("Bỏ văn bản này", "Khép mục này; văn bản không vào sổ, nguyên văn vẫn được giữ."),
];
const OPERATION: &[Choice] = &[
    assign(
        Asks::Document,
        "Chỉ ra văn bản gốc",
        "Thực hiện nghiệp vụ với văn bản đó: thu hồi, cập nhật hoặc thay thế; nghiệp vụ lạ được coi là cập nhật.",
    ),
    release(
        "Ghi thành văn bản riêng",
        "Thôi chờ văn bản gốc: vào sổ như văn bản mới và phân công theo quy tắc.",
    ),
    dismiss("Bỏ nghiệp vụ này", "Khép mục này, không thực hiện; nguyên văn vẫn được giữ."),
];
const REACH: &[Choice] = &[
    release(
        "Có gửi cho cơ quan ta",
        "Thực hiện nghiệp vụ với mọi chi bộ của văn bản, như khi nêu đích danh cơ quan ta.",
    ),
    dismiss("Không phải cơ quan ta", "Khép mục này; việc đã giao giữ nguyên."),
];
const SECRET: &[Choice] = &[dismiss("Đã xem ở hệ thống văn bản", "Khép mục này; nội dung vẫn không vào sổ.")];
const BROKEN: &[Choice] = &[
    release("Đọc lại", "Lần đọc nguồn tới thử lại văn bản này."),
    dismiss(
        "Bỏ qua",
        "Khép mục này, không báo lại nữa; trục được báo là đã nhận. Về sau đọc được thì văn bản vẫn vào sổ.",
    ),
];
const BRAKE: &[Choice] = &[
    release("Cho gửi", "Giao việc và gửi thư báo của mọi văn bản đang giữ, trong giờ làm việc."),
    dismiss("Giữ im lặng", "Không gửi các thư đang giữ; việc đã mở được miễn. Văn bản ở lại trong sổ."),
];
const NO_CONTACT: &[Choice] = &[release("Gửi thư báo", "Gửi thư báo tới hộp thư vừa thêm cho chi bộ."), DONE];
const RECALL: &[Choice] = &[
    Choice {
        reasons: true,
        ..release(
            "Đồng ý trả lại",
            "Rút mọi việc đã giao theo văn bản này, báo các chi bộ đã biết, và báo nơi gửi 15 nếu nguồn nhận trạng thái.",
        )
    },
    dismiss("Từ chối", "Mọi việc giữ nguyên; báo nơi gửi 16 nếu nguồn nhận trạng thái."),
];
const REFUSED: &[Choice] = &[
    release("Báo lại", "Lượt báo tới gửi lại những trạng thái mà nguồn không nhận của văn bản này."),
    dismiss("Thôi không báo", "Khép mục này; trạng thái bị từ chối không được gửi lại."),
];
const HEARD: &[Choice] = &[
    assign(
        Asks::Document,
        "Chỉ ra văn bản",
        "Ghi tin này vào văn bản đó; nếu là yêu cầu lấy lại thì thành một việc chờ trả lời.",
    ),
    dismiss("Đã xem", "Khép mục này; tin vẫn được giữ."),
];
const MORE_TIME: &[Choice] = &[
    Choice {
        asks: Asks::Day,
        ..release(
            "Đồng ý gia hạn",
            "Hạn của chi bộ dời đến ngày xin, hoặc đến ngày ghi ở đây; các bậc nhắc dời theo, chi bộ được báo bằng thư. Hạn với nơi gửi văn bản không đổi.",
        )
    },
    dismiss("Không đồng ý gia hạn", "Hạn cũ giữ nguyên; chi bộ được báo bằng thư, kèm lý do."),
];
const DECLINED: &[Choice] = &[
    assign(
        Asks::Cells,
        "Giao cho chi bộ khác",
        "Mở đúng việc này cho các chi bộ được chọn, cùng hạn, và gửi thư báo. Hạn đã qua thì cần ghi hạn mới.",
    ),
    Choice {
        reasons: true,
        ..release(
            "Vẫn là việc của chi bộ",
            "Việc mở lại cho chi bộ đã báo, ở trạng thái đã nhận; các bậc nhắc đi tiếp, chi bộ được báo bằng thư, kèm lý do.",
        )
    },
    dismiss("Đồng ý, không giao ai khác", "Khép mục này; việc của chi bộ kết thúc, không giao cho nơi khác."),
];
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
    /// The first documents of these, oldest first.
    pub kept_back: Vec<DocumentRow>,
    /// The mail it is about, where it is a reply.
    pub mail: Option<InboundRow>,
    /// What a cell asks, where it is about that.
    pub request: Option<RequestRow>,
}

/// What can be done about a hold, the likeliest first.
pub fn choices(hold: &HoldRow) -> &'static [Choice] {
    match (hold.kind, hold.matter) {
        (HoldKind::Unmatched, _) => UNMATCHED,
        (HoldKind::Ambiguous, Matter::Kept) => AMBIGUOUS,
        (HoldKind::Operation, Matter::Kept) => OPERATION,
        (HoldKind::Operation, _) => REACH,
        (HoldKind::Secret, _) => SECRET,
        (HoldKind::Broken, _) => BROKEN,
        (HoldKind::Brake, _) => BRAKE,
        (HoldKind::NoContact, _) => NO_CONTACT,
        (HoldKind::Recall, _) => RECALL,
        (HoldKind::MoreTime, _) => MORE_TIME,
        (HoldKind::Declined, _) => DECLINED,
        (HoldKind::Upstream, Matter::Refused) => REFUSED,
        (HoldKind::Upstream, Matter::Heard) => HEARD,
        (
            HoldKind::NoHeir
            | HoldKind::Undeliverable
            | HoldKind::Ambiguous
            | HoldKind::Deadline
            | HoldKind::Reply
            | HoldKind::Upstream,
            _,
        ) => OTHER,
    }
}

/// What to do about a hold, one sentence for staff.
pub fn advice(hold: &HoldRow) -> &'static str {
    match (hold.kind, hold.matter) {
        (HoldKind::Unmatched, _) => {
            "giao cho chi bộ, hoặc ghi rõ không giao cho ai; văn bản loại này còn đến thì viết quy tắc"
        }
        (HoldKind::Secret, _) => "xem trên hệ thống văn bản; ở đây chỉ có con số, không có nội dung",
        (HoldKind::Broken, _) => {
            "xem văn bản ở nguồn; với thư mục thả tệp thì xem tệp .ket-qua.txt trong refused, sửa tệp rồi thả lại"
        }
        (HoldKind::NoContact, _) => "thêm hộp thư của chi bộ vào tệp tổ chức, rồi cho gửi thư báo",
        (HoldKind::Undeliverable, _) => "sửa hộp thư trong tệp tổ chức, gửi lại bằng `vanthu outbox retry`",
        (HoldKind::Declined, _) => {
            "giao cho chi bộ đúng trách nhiệm, hoặc cho biết vì sao vẫn là việc của chi bộ"
        }
        (HoldKind::MoreTime, _) => "đồng ý hoặc không đồng ý gia hạn; chi bộ chờ trả lời",
        (HoldKind::NoHeir, _) => "ghi tổ chức tiếp nhận việc vào tệp tổ chức",
        (HoldKind::Ambiguous, _) => "so hai văn bản, rồi nói đó là một hay là hai",
        (HoldKind::Brake, _) => "xem có đúng là văn bản mới không, rồi cho gửi hoặc giữ im lặng",
        (HoldKind::Operation, Matter::Kept) => {
            "chờ văn bản gốc, hoặc chỉ ra văn bản gốc trong sổ nếu nó mang mã khác"
        }
        (HoldKind::Operation, _) => {
            "xem cơ quan được nêu có phải là cơ quan ta không; khai operations.organs thì lần sau máy tự biết"
        }
        (HoldKind::Recall, _) => "đồng ý trả lại hoặc từ chối; nơi gửi được báo",
        (HoldKind::Upstream, Matter::Refused) => {
            "xem lý do nguồn không nhận và tài khoản của vanthu trên nguồn, rồi báo lại"
        }
        (HoldKind::Upstream, Matter::Heard) => "chỉ ra văn bản mà tin này nói đến, nếu có trong sổ",
        (HoldKind::Reply, _) => {
            "đọc thư trả lời; nếu chi bộ đã nhận hoặc đã làm xong thì ghi hộ bằng `vanthu ack`, rồi khép"
        }
        (HoldKind::Upstream, _) => "xem tin trạng thái; không phải làm gì thì khép",
        (HoldKind::Deadline, _) => {
            "xem văn bản, hỏi nơi gửi nếu cần, rồi nhập hạn: vanthu deadline set; mục này tự khép"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hold_can_be_closed_and_offers_each_act_once() {
        for kind in HoldKind::ALL {
            for matter in Matter::ALL {
                let hold = HoldRow {
                    id: crate::domain::ids::HoldId(1),
                    kind,
                    source: "truc".into(),
                    external_id: "1".into(),
                    document: None,
                    symbol: None,
                    unit: None,
                    reason: String::new(),
                    opened: chrono::DateTime::UNIX_EPOCH,
                    closed: None,
                    decided: None,
                    matter,
                };
                let choices = choices(&hold);
                let acts: Vec<_> = choices.iter().map(|choice| choice.act.as_str()).collect();
                assert!(acts.contains(&"dismiss"), "{kind:?} {matter:?}");
                let mut once = acts.clone();
                once.sort_unstable();
                once.dedup();
                assert_eq!(once.len(), acts.len(), "{kind:?} {matter:?}");
                let asks = |choice: &&Choice| choice.asks != Asks::Nothing;
                assert!(choices.iter().filter(asks).all(|choice| match choice.asks {
                    Asks::Day => choice.act == Act::Release,
                    _ => choice.act == Act::Assign && choice.reasons,
                }));
                assert!(!advice(&hold).is_empty());
            }
        }
    }
}
