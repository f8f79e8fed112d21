//! `calendar/*.toml`, as `config::calendar` reads it.

use super::shape::{Data, Form, Table, key};

/// `calendar/calendar.toml`
pub static GENERAL: Table = Table {
    name: "Lịch làm việc chung (calendar.toml)",
    about: "Múi giờ, ngày làm việc trong tuần, giờ làm việc.",
    keys: &[
        key("zone", Form::Text, "Múi giờ, theo tên IANA.").required().like(&["Asia/Ho_Chi_Minh"]),
        key("week", Form::List(&Form::Word(WEEKDAYS)), "Các ngày làm việc trong tuần.").required(),
        key(
            "hours",
            Form::List(&Form::Pattern(r"^\s*[0-9]{1,2}:[0-9]{2}\s*[-–]\s*[0-9]{1,2}:[0-9]{2}\s*$")),
            "Giờ làm việc; thư chỉ đi trong các giờ này, trừ văn bản hoả tốc.",
        )
        .required()
        .like(&["07:30-11:30", "13:30-17:00"]),
        key(
            "mornings",
            Form::List(&Form::Word(WEEKDAYS)),
            "Những ngày trong tuần chỉ làm buổi sáng; phải có cả trong week.",
        ),
        key("before_day", Form::Word(BEFORE_DAY), "Hiểu \"trước ngày D\" thế nào."),
        key("sector", Form::Many(&SECTOR), "Khối ngành làm việc khác với văn phòng."),
    ],
};

static SECTOR: Table = Table {
    name: "[[sector]]",
    about: "Khối ngành làm việc khác với văn phòng, ví dụ doanh nghiệp không theo ngày hoán đổi. Khoá nào không ghi thì như văn phòng.",
    keys: &[
        key("code", Form::List(&Form::Of(Data::Sectors)), "Mã khối ngành, như trong units.toml.").required(),
        key("week", Form::List(&Form::Word(WEEKDAYS)), "Các ngày làm việc trong tuần."),
        key(
            "mornings",
            Form::List(&Form::Word(WEEKDAYS)),
            "Những ngày trong tuần chỉ làm buổi sáng; phải có cả trong week.",
        ),
        key(
            "hours",
            Form::List(&Form::Pattern(r"^\s*[0-9]{1,2}:[0-9]{2}\s*[-–]\s*[0-9]{1,2}:[0-9]{2}\s*$")),
            "Giờ làm việc.",
        )
        .like(&["07:30-11:30", "13:30-17:00"]),
        key(
            "swaps",
            Form::Flag,
            "false: không theo các ngày hoán đổi ([swap], [work]). Nếu không ghi: có theo.",
        ),
    ],
};

/// `calendar/YYYY.toml`
pub static YEAR: Table = Table {
    name: "Ngày nghỉ, ngày làm bù của một năm (YYYY.toml)",
    about: "Chép lại hằng năm, sửa theo thông báo chính thức, ghi số thông báo vào basis rồi mới đặt confirmed = true.",
    keys: &[
        key("year", Form::Number(2000, 2200), "Năm.").required().like(&["2027"]),
        key("basis", Form::Text, "Số văn bản làm căn cứ.").like(&["12729/VPCP-KGVX"]),
        key("confirmed", Form::Flag, "true khi đã đối chiếu với thông báo chính thức."),
        key("basis_date", Form::Date, "Ngày của văn bản ấy.").like(&["2025-12-25"]),
        key("basis_link", Form::Text, "Địa chỉ nơi đọc được văn bản ấy."),
        key("confirmed_by", Form::Text, "Ai đã đối chiếu và xác nhận."),
        key("swap", Form::Free(DAY), "Hoán đổi: ngày làm việc được nghỉ = \"ngày nghỉ làm bù thay cho nó\"."),
        key("morning", Form::Free(DAY), "Ngày chỉ làm buổi sáng: ngày = \"lý do\"."),
        key("afternoon", Form::Free(DAY), "Ngày chỉ làm buổi chiều: ngày = \"lý do\"."),
        key("off", Form::Free(DAY), "Ngày nghỉ: ngày = \"lý do\"."),
        key("work", Form::Free(DAY), "Ngày nghỉ cuối tuần phải làm bù: ngày = \"lý do\"."),
    ],
};

const DAY: &str = r"^\d{4}-\d{2}-\d{2}$";
const WEEKDAYS: &[(&str, &str)] = &[
    ("mon", "thứ Hai"),
    ("tue", "thứ Ba"),
    ("wed", "thứ Tư"),
    ("thu", "thứ Năm"),
    ("fri", "thứ Sáu"),
    ("sat", "thứ Bảy"),
    ("sun", "Chủ nhật"),
];
const BEFORE_DAY: &[(&str, &str)] =
    &[("exclusive", "hết ngày làm việc liền trước ngày D"), ("inclusive", "hết ngày D")];
