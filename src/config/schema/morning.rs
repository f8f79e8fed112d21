//! What is sent of a morning: the digest of each cell, the table of the week.

use super::shape::{Form, Table, key};

/// `[digest]`
pub static DIGEST: Table = Table {
    name: "[digest]",
    about: "Mỗi sáng làm việc, chi bộ có nhiều việc nhận một thư gộp, việc gấp đứng trước, thay cho từng thư nhắc. Thư giao \
            việc và hoả tốc vẫn gửi ngay.",
    keys: &[
        key("enabled", Form::Flag, "Có gửi thư gộp không; không thì mỗi lần nhắc là một thư."),
        key("at", HOUR, "Giờ gửi; sớm hơn giờ mở cửa thì gửi khi mở cửa.").like(&["07:30"]),
    ],
};

/// `[weekly]`
pub static WEEKLY: Table = Table {
    name: "[weekly]",
    about: "Bảng tuần cho lãnh đạo: mỗi đảng bộ cơ sở bao nhiêu việc đã gửi, đã nhận, hoàn thành, quá hạn.",
    keys: &[
        key("to", Form::Array(&Form::Text), "Các hộp thư nhận bảng; bỏ trống thì không gửi.")
            .like(&["lanh-dao@duk.vn"]),
        key("day", Form::Word(DAYS), "Ngày gửi; gặp ngày nghỉ thì gửi vào ngày làm việc kế tiếp."),
        key("at", HOUR, "Giờ gửi.").like(&["07:30"]),
    ],
};

const HOUR: Form = Form::Pattern(r"^\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*$");
const DAYS: &[(&str, &str)] = &[
    ("monday", "thứ Hai"),
    ("tuesday", "thứ Ba"),
    ("wednesday", "thứ Tư"),
    ("thursday", "thứ Năm"),
    ("friday", "thứ Sáu"),
    ("saturday", "thứ Bảy"),
    ("sunday", "Chủ nhật"),
];
