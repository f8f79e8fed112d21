//! `vanthu.toml`, as `config::settings` reads it. Drop-ins and variables may add what is absent here, so
//! that nothing is required but what makes a table recognisable.

pub use super::backup::{BACKUP, CLOCK, JOURNAL};
pub use super::morning::{DIGEST, WEEKLY};
pub use super::sent::SENT;
use super::shape::{Data, Form, Table, key};
pub use super::source::SOURCE;
pub use super::watch::WATCH;
#[cfg(test)]
pub use super::watch::WATCH_SOURCE;

/// The top of the file.
pub static FILE: Table = Table {
    name: "Cấu hình của vanthu (vanthu.toml)",
    about: "Văn phòng, nguồn văn bản, thư, trang xác nhận. Kiểm tra: vanthu check.",
    keys: &[
        key("office", Form::One(&OFFICE), "Văn phòng."),
        key("files", Form::One(&FILES), "Các tệp khác ở đâu; đường dẫn tính từ thư mục của tệp này."),
        key("source", Form::Many(&SOURCE), "Một nguồn văn bản."),
        key("mail", Form::One(&MAIL), "Thư đi."),
        key("inbox", Form::One(&INBOX), "Hộp thư nhận: thư trả lời của chi bộ và thư bị trả lại."),
        key("web", Form::One(&WEB), "Trang xác nhận mà chi bộ mở từ thư."),
        key("admin", Form::One(&ADMIN), "Bảng theo dõi của văn phòng."),
        key("store", Form::One(&STORE), "Sổ."),
        key("backup", Form::One(&BACKUP), "Bản sao lưu của sổ."),
        key("journal", Form::One(&JOURNAL), "Bản chép nhật ký."),
        key("clock", Form::One(&CLOCK), "Đồng hồ của máy."),
        key("schedule", Form::One(&SCHEDULE), "Khi nào làm việc gì."),
        key(
            "operations",
            Form::One(&OPERATIONS),
            "Văn bản bị sửa, thu hồi, thay thế, hoặc đến từ hai nguồn.",
        ),
        key(
            "accept",
            Form::One(&ACCEPT),
            "Quy tắc, tổ chức, lịch, mẫu thư sửa xong thì có hiệu lực thế nào.",
        ),
        key("digest", Form::One(&DIGEST), "Thư việc cần làm mỗi sáng cho từng chi bộ."),
        key("weekly", Form::One(&WEEKLY), "Bảng tuần cho lãnh đạo."),
        key("watch", Form::One(&WATCH), "Khi nào một nguồn đọc được vẫn bị coi là bất thường."),
        key("brake", Form::One(&BRAKE), "Được báo tối đa bao nhiêu khi chưa có người xem."),
        key("heartbeat", Form::One(&HEARTBEAT), "Báo ra ngoài rằng việc đọc nguồn vẫn tốt."),
        key("log", Form::One(&LOG), "Nhật ký của dịch vụ."),
    ],
};

/// `[brake]`
pub static BRAKE: Table = Table {
    name: "[brake]",
    about: "Phanh: văn bản dồn đến quá mức thì vẫn vào sổ, thư bị giữ đến khi có người cho gửi. Hoả tốc luôn được gửi.",
    keys: &[
        key("baseline", Form::Word(BASELINES), "Văn bản đã có ở nguồn trước lần đọc đầu tiên."),
        key(
            "baseline_from",
            Form::Date,
            "Văn bản nhận từ ngày này được coi là mới; bỏ trống là từ lần đọc đầu.",
        )
        .like(&["2026-03-01"]),
        key("directives", Form::Number(0, i64::MAX), "Văn bản chỉ đạo mới mỗi giờ; mặc định 60.")
            .like(&["60"]),
        key("mails", Form::Number(0, i64::MAX), "Thư báo mỗi giờ; mặc định sáu thư mỗi chi bộ, ít nhất 300.")
            .like(&["1300"]),
    ],
};

/// `[heartbeat]`
pub static HEARTBEAT: Table = Table {
    name: "[heartbeat]",
    about: "Địa chỉ bên ngoài được gọi sau mỗi lần đọc tốt, để nơi khác biết khi việc đó dừng lại.",
    keys: &[
        key("url", SECRET, "Gọi khi mọi nguồn đều đọc tốt: không viết ở đây, chỉ nói lấy ở đâu."),
        key("source", Form::Many(&HEARTBEAT_SOURCE), "Địa chỉ riêng của một nguồn."),
    ],
};

/// `[[heartbeat.source]]`
pub static HEARTBEAT_SOURCE: Table = Table {
    name: "[[heartbeat.source]]",
    about: "Địa chỉ riêng của một nguồn.",
    keys: &[
        key("id", Form::Of(Data::Sources), "Tên nguồn.").required(),
        key("url", SECRET, "Gọi khi nguồn này đọc tốt.").required(),
    ],
};

/// `[office]`
pub static OFFICE: Table = Table {
    name: "[office]",
    about: "Văn phòng đứng tên trong thư.",
    keys: &[
        key("name", Form::Text, "Tên ghi trong thư.").like(&["Văn phòng Đảng uỷ Khối"]),
        key("phone", Form::Text, "Điện thoại ở cuối thư."),
        key(
            "rules_owner",
            Form::Text,
            "Hộp thư của người phụ trách quy tắc: nhận thư khi tệp có lỗi hoặc thay đổi phải chờ duyệt.",
        )
        .like(&["quy-tac@duk.vn"]),
        key("language", Form::Word(LANGUAGES), "Ngôn ngữ của thông báo lỗi."),
    ],
};

/// `[files]`
pub static FILES: Table = Table {
    name: "[files]",
    about: "Các tệp khác ở đâu.",
    keys: &[
        key("rules", Form::Text, "Thư mục quy tắc.").like(&["rules.d"]),
        key("units", Form::Text, "Tệp tổ chức.").like(&["units.toml"]),
        key("calendar", Form::Text, "Thư mục lịch.").like(&["calendar"]),
        key("templates", Form::Text, "Thư mục mẫu thư thay thế.").like(&["templates"]),
    ],
};

/// `[mail]`
pub static MAIL: Table = Table {
    name: "[mail]",
    about: "Thư đi.",
    keys: &[
        key("from", Form::Text, "Người gửi.").like(&["Văn thư Đảng uỷ Khối <vanthu@duk.vn>"]),
        key("reply_to", Form::Text, "Nơi nhận trả lời: văn thư."),
        key("list_id", Form::Text, "Tên luồng thư, để hộp thư lọc.").like(&["chi-dao.duk.vn"]),
        key("transport", Form::One(&TRANSPORT), "Gửi bằng cách nào."),
        key("waits", Form::Array(&DURATION), "Chờ bao lâu trước mỗi lần gửi lại."),
        key("show_subject", Form::Flag, "true: ghi trích yếu trong thư."),
        key("stop_words", Form::Array(&Form::Text), "Có từ này thì không ghi trích yếu."),
        key("any_hour", Form::Flag, "true: gửi cả ngoài giờ làm việc."),
        key(
            "at_once",
            Form::Word(AT_ONCE),
            "Độ khẩn từ đâu thì gửi ngay, không chờ giờ làm việc, không chờ lượt.",
        ),
        key("language", Form::Word(LANGUAGES), "Ngôn ngữ của thư, khi hộp thư không ghi riêng."),
        key(
            "domains",
            Form::Array(&Form::Text),
            "Chỉ gửi tới những tên miền này; thư tới nơi khác được giữ lại.",
        )
        .like(&["dcs.vn", "*.tinh.gov.vn"]),
        key("shadow", Form::Text, "Chạy thử: mọi thư gửi tới địa chỉ này, chi bộ không nhận được thư nào."),
        key("pace", Form::One(&PACE), "Gửi tối đa bao nhiêu thư trong bao lâu."),
        key("sent", Form::One(&SENT), "Nơi xem thư nào đã đi, trước khi gửi lại thư không rõ đã đi chưa."),
        key("dkim", Form::One(&DKIM), "Ký thư bằng DKIM, khi máy chủ thư không ký."),
    ],
};

/// `[mail.pace]`
pub static PACE: Table = Table {
    name: "[mail.pace]",
    about: "Gửi tối đa bao nhiêu thư trong bao lâu, dạng \"30 per hour\"; không ghi thì không giới hạn.",
    keys: &[
        key("mailbox", RATE, "Tới một hộp thư.").like(&["20 per hour"]),
        key("host", RATE, "Tới các hộp thư cùng tên miền.").like(&["300 per hour"]),
        key("hosts", Form::Free(r"^[A-Za-z0-9.-]+$"), "Mức riêng của một tên miền."),
        key("relay", RATE, "Tất cả: mức mà máy chủ thư của cơ quan cho phép.").like(&["60 per minute"]),
    ],
};

/// `[mail.dkim]`
pub static DKIM: Table = Table {
    name: "[mail.dkim]",
    about: "Ký thư bằng DKIM.",
    keys: &[
        key("domain", Form::Text, "Tên miền ký; mặc định là tên miền của from.").like(&["duk.vn"]),
        key("selector", Form::Text, "Tên khoá: khoá công khai ở DNS, <selector>._domainkey.<domain>.")
            .like(&["vanthu2026"]),
        key(
            "key",
            SECRET,
            "Khoá riêng, PEM, RSA từ 2048 bit hoặc Ed25519: không viết ở đây, chỉ nói lấy ở đâu.",
        ),
    ],
};

/// `[mail.transport]` of either `type`.
pub static TRANSPORT: Table = Table {
    name: "[mail.transport]",
    about: "Gửi qua máy chủ (smtp), hoặc ghi ra thư mục để chạy thử (file).",
    keys: &[
        key("type", Form::Word(TRANSPORTS), "Cách gửi.").required(),
        key("folder", Form::Text, "Thư mục nhận tệp .eml, khi type = \"file\"."),
        key("host", Form::Text, "Máy chủ thư."),
        key("port", Form::Number(1, 65_535), "Cổng: 465 đi với implicit, 587 đi với starttls."),
        key("tls", Form::Word(TLS), "Kết nối được bảo vệ thế nào."),
        key("username", Form::Text, "Tên đăng nhập, nếu máy chủ đòi."),
        key("password", SECRET, "Mật khẩu: không viết ở đây, chỉ nói lấy ở đâu."),
        key("ca_file", Form::Text, "Tệp PEM của nơi cấp chứng thư riêng."),
        key("sessions", Form::Number(1, 1_000), "Số kết nối cùng lúc."),
        key("command_timeout", DURATION, "Chờ mỗi lệnh bao lâu."),
        key("dot_timeout", DURATION, "Chờ câu trả lời sau dấu chấm cuối bao lâu."),
        key("hello", Form::Text, "Tên xưng trong EHLO."),
    ],
};

/// `[inbox]`
pub static INBOX: Table = Table {
    name: "[inbox]",
    about: "Hộp thư nhận, đọc qua IMAP: thư trả lời của chi bộ và thư bị trả lại. Thư khác để nguyên.",
    keys: &[
        key("host", Form::Text, "Máy chủ IMAP."),
        key("port", Form::Number(1, 65_535), "Cổng: 993 đi với implicit, 143 đi với starttls."),
        key("tls", Form::Word(TLS), "Kết nối được bảo vệ thế nào."),
        key("username", Form::Text, "Tên đăng nhập."),
        key("password", SECRET, "Mật khẩu: không viết ở đây, chỉ nói lấy ở đâu."),
        key("ca_file", Form::Text, "Tệp PEM của nơi cấp chứng thư riêng."),
        key("folder", Form::Text, "Thư mục được đọc.").like(&["INBOX"]),
        key("handled", Form::Text, "Thư mục chứa thư đã xử lý; chưa có thì tự tạo.").like(&["vanthu"]),
        key("poll", DURATION, "Bao lâu xem một lần; máy chủ có IDLE thì thư mới được đọc ngay.")
            .like(&["5m"]),
        key("timeout", DURATION, "Chờ mỗi bước bao lâu."),
        key("largest_mb", Form::Number(1, 100), "Thư lớn hơn mức này (MB) thì không đọc, báo văn phòng."),
        key("keep", DURATION, "Giữ lời trong thư trả lời bao lâu.").like(&["90days"]),
        key("tagged", Form::Flag, "true: mỗi thư đi có địa chỉ trả về riêng, dạng vanthu+mã@…"),
    ],
};

/// `[web]`
pub static WEB: Table = Table {
    name: "[web]",
    about: "Trang xác nhận.",
    keys: &[
        key("listen", Form::Text, "Nơi lắng nghe.").like(&["127.0.0.1:8080"]),
        key("public_url", Form::Text, "Địa chỉ người nhận thấy trong thư.").like(&["https://vanthu.duk.vn"]),
        key(
            "link_keys",
            Form::Many(&LINK_KEY),
            "Khoá ký liên kết; khoá đầu để ký, các khoá sau còn được nhận.",
        ),
        key("link_life", DURATION, "Liên kết dùng được bao lâu.").like(&["180days"]),
        key("trusted_proxies", Form::Array(&Form::Text), "Địa chỉ các proxy đứng trước."),
    ],
};

/// `[[web.link_keys]]`
pub static LINK_KEY: Table = Table {
    name: "[[web.link_keys]]",
    about: "Một khoá ký liên kết.",
    keys: &[
        key("id", Form::Pattern("^[a-z0-9]{1,8}$"), "Tên khoá, 1 đến 8 ký tự a-z 0-9."),
        key("secret", SECRET, "Khoá, từ 32 byte: không viết ở đây, chỉ nói lấy ở đâu."),
    ],
};

/// `[admin]`
pub static ADMIN: Table = Table {
    name: "[admin]",
    about: "Bảng theo dõi, số đo, tình trạng.",
    keys: &[
        key("listen", Form::Text, "Nơi lắng nghe; chỉ trên máy này, trừ khi biết rõ.")
            .like(&["127.0.0.1:8081"]),
        key(
            "control",
            Form::Text,
            "Tệp socket nhận lệnh vanthu reload; ai vào được thư mục của nó thì ra lệnh được.",
        )
        .like(&["/run/vanthu/control.sock"]),
    ],
};

/// `[store]`
pub static STORE: Table = Table {
    name: "[store]",
    about: "Sổ.",
    keys: &[
        key("path", Form::Text, "Tệp SQLite.").like(&["/var/lib/vanthu/vanthu.db"]),
        key("files", Form::Text, "Thư mục giữ nội dung tệp đính kèm; mặc định là files, cạnh tệp SQLite.")
            .like(&["/var/lib/vanthu/files"]),
        key(
            "url",
            Form::Text,
            "Sổ trên máy chủ PostgreSQL thay cho tệp SQLite; không viết mật khẩu vào đây.",
        )
        .like(&["postgres://vanthu@db.tinhuy.example/vanthu?sslmode=verify-full"]),
        key("password", SECRET, "Mật khẩu PostgreSQL: không viết ở đây, chỉ nói lấy ở đâu."),
        key("ca_file", Form::Text, "Tệp PEM của nơi cấp chứng chỉ máy chủ PostgreSQL, nếu là nơi riêng.")
            .like(&["/etc/vanthu/ca.pem"]),
        key("lease", DURATION, "Máy này im lặng bao lâu thì máy khác làm thay.").like(&["60s"]),
    ],
};

/// `[schedule]`
pub static SCHEDULE: Table = Table {
    name: "[schedule]",
    about: "Khi nào làm việc gì.",
    keys: &[key("chase", CRON, "Khi nào xét nhắc việc: phút giờ ngày tháng thứ.").like(&["* * * * *"])],
};

/// `[operations]`
pub static OPERATIONS: Table = Table {
    name: "[operations]",
    about: "Văn bản bị sửa, thu hồi, thay thế, hoặc đến từ hai nguồn thì làm thế nào.",
    keys: &[
        key("material", Form::Array(&Form::Word(FIELDS)), "Đổi những mục này thì chi bộ phải xác nhận lại."),
        key("small", Form::Word(SMALL), "Thay đổi khác thì báo chi bộ thế nào."),
        key("organs", Form::Array(&Form::Text), "Mã định danh của cơ quan trên trục liên thông.")
            .like(&["H37.10.02"]),
        key(
            "order",
            Form::Array(&Form::Text),
            "Nguồn nào được tin trước khi cùng một văn bản đến từ hai nguồn.",
        )
        .like(&["truc", "ioffice"]),
        key("wait", DURATION, "Nghiệp vụ đến trước văn bản gốc thì chờ bao lâu.").like(&["30days"]),
    ],
};

/// `[accept]`
pub static ACCEPT: Table = Table {
    name: "[accept]",
    about: "Thay đổi có hiệu lực thế nào. Lớn hơn một trong các mức documents, cells, open thì chờ \
            vanthu rules approve; viết số, hoặc tỷ lệ. Tỷ lệ không xét khi mới đổi từ 10 trở xuống.",
    keys: &[
        key("watch", DURATION, "Bao lâu xem tệp một lần; 0s là chỉ khi có lệnh.").like(&["4s", "0s"]),
        key("quiet", DURATION, "Tệp phải yên bao lâu mới được đọc.").like(&["2s"]),
        key("window", DURATION, "Xét thay đổi trên văn bản vào sổ trong khoảng này.").like(&["90days"]),
        key("documents", LIMIT, "Số văn bản đổi cách giao.").like(&["20%", "50"]),
        key("cells", LIMIT, "Số chi bộ liên quan.").like(&["100%", "30"]),
        key("open", LIMIT, "Số việc đang mở sẽ không còn được giao, hoặc được giao khác đi.")
            .like(&["20%", "50"]),
    ],
};

/// `[log]`
pub static LOG: Table = Table {
    name: "[log]",
    about: "Nhật ký của dịch vụ.",
    keys: &[
        key("filter", Form::Text, "Ghi đến mức nào.").like(&["info", "vanthu=debug"]),
        key("format", Form::Word(LOG_FORMATS), "Dạng dòng nhật ký."),
    ],
};

/// `{ credential = "…" }`, `{ file = "…" }` or `{ env = "…" }`.
pub static SECRET_PLACE: Table = Table {
    name: "`secret`",
    about: "Nơi lấy một bí mật; đúng một trong ba.",
    keys: &[
        key("credential", Form::Text, "Tên credential của systemd."),
        key("file", Form::Text, "Tệp chứa bí mật."),
        key("env", Form::Text, "Biến môi trường chứa bí mật."),
    ],
};

pub(super) const SECRET: Form = Form::One(&SECRET_PLACE);
pub(super) const DURATION: Form = Form::Pattern(r"^\s*([0-9]+\s*[a-zA-Z]+\s*)+$");
const LIMIT: Form =
    Form::Either(&Form::Number(0, i64::MAX), &Form::Pattern(r"^\s*([0-9]+|([0-9]|[1-9][0-9]|100)\s*%)\s*$"));
const RATE: Form = Form::Pattern(r"^\s*[1-9][0-9]{0,5}\s+per\s+(minute|hour|day)\s*$");
pub(super) const CRON: Form = Form::Pattern(r"^\s*\S+(\s+\S+){4}\s*$");

pub(super) const LANGUAGES: &[(&str, &str)] = &[("vi", "tiếng Việt"), ("en", "tiếng Anh")];
const AT_ONCE: &[(&str, &str)] = &[
    ("express", "hoả tốc"),
    ("very-urgent", "thượng khẩn và hoả tốc"),
    ("urgent", "khẩn, thượng khẩn và hoả tốc"),
];
const BASELINES: &[(&str, &str)] =
    &[("silent", "vào sổ, không giao, không gửi thư"), ("mail", "giao việc và gửi thư như văn bản mới")];
const FIELDS: &[(&str, &str)] = &[
    ("symbol", "số, ký hiệu"),
    ("subject", "trích yếu, không kể khoảng trắng và chỗ đặt dấu"),
    ("due", "hạn"),
    ("asks", "vai trò, việc phải làm"),
    ("addressees", "nơi nhận"),
    ("content", "nội dung"),
    ("files", "tệp kèm theo"),
    ("kind", "loại văn bản"),
    ("issuer", "cơ quan ban hành"),
    ("signer", "người ký"),
    ("issued", "ngày ban hành"),
    ("urgency", "độ khẩn"),
    ("area", "lĩnh vực"),
];
const SMALL: &[(&str, &str)] = &[("mail", "một thư nêu chỗ thay đổi"), ("silent", "không gửi thư")];
const TRANSPORTS: &[(&str, &str)] = &[("smtp", "máy chủ thư"), ("file", "ghi ra thư mục, không gửi")];
pub(super) const TLS: &[(&str, &str)] = &[
    ("implicit", "TLS từ byte đầu (cổng 465)"),
    ("starttls", "STARTTLS (cổng 587)"),
    ("plain", "không bảo vệ; chỉ trong cùng một máy"),
];
const LOG_FORMATS: &[(&str, &str)] = &[("json", "mỗi dòng một đối tượng JSON"), ("text", "cho người đọc")];
