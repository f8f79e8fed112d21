//! What differs from one iOffice tenant to another.

use super::shape::{Form, Table, key};

const NAMES: Form = Form::Array(&Form::Text);

/// `[source.fields]`
pub static FIELD_NAMES: Table = Table {
    name: "[source.fields]",
    about: "Trường nào của iOffice mang nghĩa gì, khi đơn vị đặt tên khác; xét trước các tên có sẵn.",
    keys: &[
        key("symbol", NAMES, "Số, ký hiệu.").like(&["so_kyhieu"]),
        key("subject", NAMES, "Trích yếu, tiêu đề chỉ đạo.").like(&["trich_yeu"]),
        key("kind", NAMES, "Hình thức văn bản."),
        key("issuer", NAMES, "Cơ quan ban hành.").like(&["coquan_banhanh"]),
        key("signer", NAMES, "Người ký, người gửi chỉ đạo."),
        key("issued", NAMES, "Ngày văn bản."),
        key("received", NAMES, "Ngày nhận."),
        key("due", NAMES, "Hạn giải quyết.").like(&["han_xuly"]),
        key("urgency", NAMES, "Độ khẩn.").like(&["priority_name"]),
        key("secrecy", NAMES, "Độ mật; trường nào có mặt cũng phải ghi là không mật."),
        key("field", NAMES, "Lĩnh vực."),
        key("content", NAMES, "Ghi chú, nội dung chỉ đạo."),
    ],
};

/// What is read of "Thông tin chỉ đạo".
pub const DIRECTIVES: &[(&str, &str)] = &[
    ("off", "không đọc"),
    ("received", "chỉ đạo nhận được"),
    ("sent", "chỉ đạo đã gửi"),
    ("both", "cả hai"),
];
/// What becomes of a directive without a secrecy field.
pub const UNMARKED: &[(&str, &str)] = &[
    ("withhold", "giữ lại như văn bản chưa rõ độ mật"),
    ("open", "văn phòng bảo đảm mục này chỉ có nội dung không mật"),
];
