//! Where accepted mails can be seen.

use super::settings::{DURATION, SECRET, TLS};
use super::shape::{Form, Table, key};

/// `[mail.sent]` of either `type`.
pub static SENT: Table = Table {
    name: "[mail.sent]",
    about: "Nơi xem được thư nào đã đi: hộp thư nhận bản sao mọi thư (imap), hoặc nhật ký Postfix trên máy này (log). \
            Trước khi gửi lại một thư không rõ đã đi chưa thì xem ở đây.",
    keys: &[
        key("type", Form::Word(KINDS), "Xem ở đâu.").required(),
        key("path", Form::Text, "Tệp nhật ký, khi type = \"log\".").like(&["/var/log/mail.log"]),
        key("host", Form::Text, "Máy chủ IMAP."),
        key("port", Form::Number(1, 65_535), "Cổng: 993 đi với implicit, 143 đi với starttls."),
        key("tls", Form::Word(TLS), "Kết nối được bảo vệ thế nào."),
        key("username", Form::Text, "Tên đăng nhập."),
        key("password", SECRET, "Mật khẩu: không viết ở đây, chỉ nói lấy ở đâu."),
        key("ca_file", Form::Text, "Tệp PEM của nơi cấp chứng thư riêng."),
        key("folder", Form::Text, "Thư mục nhận bản sao; chỉ mở để đọc.").like(&["INBOX", "Sent"]),
        key("timeout", DURATION, "Chờ mỗi bước bao lâu."),
        key(
            "grace",
            DURATION,
            "Thư đã đi thì chậm nhất bao lâu phải thấy; quá mức này mà không thấy thì gửi lại.",
        )
        .like(&["2m"]),
        key("patience", DURATION, "Không xem được thì thử bao lâu rồi gửi lại.").like(&["15m"]),
    ],
};

const KINDS: &[(&str, &str)] =
    &[("imap", "hộp thư nhận bản sao mọi thư"), ("log", "nhật ký Postfix trên máy này")];
