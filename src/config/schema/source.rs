//! `[[source]]`: where documents come from.

use super::settings::{CRON, DURATION, SECRET};
use super::shape::{Form, Table, key};
use super::tenant;

/// `[[source]]` with its `type`.
pub static SOURCE: Table = Table {
    name: "[[source]]",
    about: "Một nguồn văn bản: tài khoản dịch vụ chỉ đọc trên VNPT iOffice (ioffice), thư mục để thả tệp (folder), trục \
            liên thông văn bản quốc gia (vxp), trục của tỉnh (lgsp).",
    keys: &[
        key("type", Form::Word(SOURCES), "Loại nguồn.").required(),
        key("id", Form::Text, "Tên trong nhật ký và sổ; không đổi về sau.").like(&["ioffice", "truc"]),
        key("url", Form::Text, "Địa chỉ đến hết đường dẫn API.")
            .like(&["https://donvi.vnptioffice.vn/qlvb/api"]),
        key("system_id", Form::Text, "vxp, lgsp: mã hệ thống do trục cấp.").like(&["000.05.77.H99"]),
        key("secret", SECRET, "vxp: khoá bí mật do trục cấp, không viết ở đây, chỉ nói lấy ở đâu."),
        key("secret_key", SECRET, "lgsp: X-SecretKey do trục cấp, không viết ở đây, chỉ nói lấy ở đâu."),
        key("application_code", Form::Text, "lgsp: mã ứng dụng."),
        key(
            "organ",
            Form::Pattern("^[A-Z0-9.]{3,35}$"),
            "vxp, lgsp: mã định danh đã đăng ký với trục; bỏ trống thì không gửi trạng thái.",
        )
        .like(&["000.05.77.H99"]),
        key("plain_http", Form::Flag, "vxp: true nếu trục chỉ có http trên mạng riêng."),
        key("window", DURATION, "lgsp: mỗi lần đọc hỏi danh sách của khoảng này.").like(&["7days"]),
        key("sweep", DURATION, "lgsp: lần đọc đầu mỗi ngày hỏi lùi xa bằng khoảng này.").like(&["30days"]),
        key(
            "message_limit",
            Form::Number(1, i64::MAX),
            "vxp, lgsp: văn bản lớn nhất, byte trên đường truyền.",
        ),
        key("username", Form::Text, "Tên đăng nhập của tài khoản dịch vụ."),
        key("password", SECRET, "Mật khẩu: không viết ở đây, chỉ nói lấy ở đâu."),
        key("login", Form::Text, "Đường đăng nhập.").like(&["login", "login/v3", "login/v6"]),
        key("posts", Form::Array(&Form::Text), "Chức vụ khác của tài khoản cần đọc thêm."),
        key("lists", Form::Array(&Form::Text), "Danh sách cần đọc.").like(&[
            "waiting",
            "processed",
            "notify",
            "outdate",
        ]),
        key("kho", Form::Text, "Kho văn bản cần hỏi; bỏ trống là tất cả."),
        key("page_size", Form::Number(1, 10_000), "Số dòng mỗi trang."),
        key(
            "open_marks",
            Form::Array(&Form::Text),
            "Độ mật được coi là không mật; mọi giá trị khác bị giữ lại.",
        ),
        key("ca_file", Form::Text, "Tệp PEM của nơi cấp chứng thư riêng."),
        key("connect_timeout", DURATION, "Chờ kết nối bao lâu.").like(&["10s"]),
        key("request_timeout", DURATION, "Chờ một câu trả lời bao lâu.").like(&["1m"]),
        key("body_limit", Form::Number(1, i64::MAX), "Câu trả lời lớn nhất, tính bằng byte."),
        key("pace", DURATION, "Nghỉ giữa hai lần hỏi.").like(&["50ms"]),
        key("overlap", DURATION, "Văn bản nhận trong khoảng này thỉnh thoảng được đọc lại.").like(&["7days"]),
        key("recheck", DURATION, "Bao lâu đọc lại; vxp, lgsp: chỉ văn bản bị giữ, chưa đọc được.")
            .like(&["6h"]),
        key(
            "directives",
            Form::Word(tenant::DIRECTIVES),
            "Đọc gì trong mục Thông tin chỉ đạo, kèm ai đã xem.",
        ),
        key(
            "unmarked_directives",
            Form::Word(tenant::UNMARKED),
            "Thông tin chỉ đạo không có trường độ mật thì sao; mục này vốn không có trường ấy.",
        ),
        key(
            "compare",
            DURATION,
            "Mỗi đêm đối chiếu sổ với văn bản ban hành trong bấy nhiêu ngày; 0s là không.",
        )
        .like(&["30days", "0s"]),
        key(
            "fields",
            Form::One(&tenant::FIELD_NAMES),
            "Tên trường riêng của đơn vị, thêm vào các tên có sẵn.",
        ),
        key("path", Form::Text, "Thư mục để thả tệp, khi type = \"folder\".").like(&["/srv/van-ban-den"]),
        key("rest", DURATION, "Tệp phải yên bao lâu mới được đọc, khi type = \"folder\".").like(&["5s"]),
        key("kinds", Form::Array(&Form::Text), "Đuôi tệp được đọc, khi type = \"folder\".")
            .like(&["edxml", "xml", "eml", "xlsx"]),
        key("poll", CRON, "Khi nào đọc: phút giờ ngày tháng thứ.").like(&["*/5 * * * *"]),
        key(
            "statuses_by",
            Form::Word(STATUSES_BY),
            "Báo trạng thái lên iOffice bằng cách nào; bỏ trống là không báo.",
        ),
        key(
            "statuses",
            Form::Array(&Form::Text),
            "Trạng thái máy tự báo: 01 đã đến, 03 đã tiếp nhận, 05 đang xử lý, 06 hoàn thành.",
        )
        .like(&["01", "03", "05", "06"]),
        key("statuses_when", Form::Word(FOLDS), "03 và 05 được báo khi nào."),
    ],
};

const SOURCES: &[(&str, &str)] = &[
    ("ioffice", "VNPT iOffice"),
    ("folder", "thư mục để thả tệp: edXML, thư, sổ văn bản đến bằng Excel"),
    ("vxp", "trục liên thông văn bản quốc gia"),
    ("lgsp", "trục liên thông của tỉnh"),
];
const STATUSES_BY: &[(&str, &str)] =
    &[("comment", "ghi ý kiến dưới văn bản"), ("integration", "gửi vào cổng tích hợp")];
const FOLDS: &[(&str, &str)] = &[("all", "mọi chi bộ đã xác nhận"), ("any", "chi bộ đầu tiên xác nhận")];
