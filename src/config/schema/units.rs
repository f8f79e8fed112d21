//! `units.toml`, as `config::unit` reads it.

use super::settings::LANGUAGES;
use super::shape::{Data, Form, Table, key};

const CODE: Form = Form::Pattern("^[a-z0-9-]{1,64}$");

/// The top of the file.
pub static FILE: Table = Table {
    name: "Tổ chức và hộp thư (units.toml)",
    about: "Tổ chức, chi bộ, hộp thư nhận việc. Kiểm tra: vanthu check.",
    keys: &[
        key("office", Form::Of(Data::Units), "Mã tổ chức có văn phòng chạy vanthu; nhận báo cáo bậc cuối.")
            .required(),
        key(
            "leadership",
            Form::Of(Data::Units),
            "Mã tổ chức nhận báo cáo của bậc nhắc có to = \"leadership\" (thường trực cấp uỷ); không ghi thì văn phòng nhận.",
        ),
        key("kind", Form::Many(&KIND), "Một loại tổ chức."),
        key("sectors", Form::Free("^[a-z0-9-]{1,64}$"), "Các khối ngành: mã = \"tên\"."),
        key("unit", Form::Many(&UNIT), "Một tổ chức."),
        key("absence", Form::Many(&ABSENCE), "Ai vắng mặt, từ ngày nào đến ngày nào, ai đọc thư thay."),
    ],
};

static KIND: Table = Table {
    name: "[[kind]]",
    about: "Một loại tổ chức.",
    keys: &[
        key("id", CODE, "Mã của loại.").required().like(&["base-cell"]),
        key("name", Form::Text, "Tên của loại.").required().like(&["chi bộ cơ sở"]),
        key("cell", Form::Flag, "true: tổ chức loại này là chi bộ, giao việc được."),
    ],
};

static UNIT: Table = Table {
    name: "[[unit]]",
    about: "Một tổ chức. Tên, cấp trên, hộp thư đều có thể ghi ngày hiệu lực.",
    keys: &[
        key("id", CODE, "Mã, không dấu, không đổi về sau.").required().like(&["cb-so-noi-vu-1"]),
        key("name", Form::Text, "Tên."),
        key("names", Form::Many(&NAME), "Tên qua các thời kỳ, thay cho name."),
        key("aliases", Form::List(&Form::Text), "Tên gọi khác thường gặp trong văn bản.").like(&["ĐUK"]),
        key("kind", Form::Of(Data::Kinds), "Loại, khai ở [[kind]].").required(),
        key(
            "sector",
            Form::Of(Data::Sectors),
            "Khối ngành, khai ở [sectors]; bỏ trống thì lấy của cấp trên.",
        ),
        key("tags", Form::List(&CODE), "Thẻ tự đặt, không dấu, để quy tắc chọn.").like(&["bien-gioi"]),
        key("parent", Form::Of(Data::Units), "Mã cấp trên trực tiếp."),
        key("parents", Form::Many(&PARENT), "Cấp trên qua các thời kỳ, thay cho parent."),
        key("mailbox", ADDRESS, "Địa chỉ thư, nếu chỉ có một."),
        key("mailboxes", Form::Many(&MAILBOX), "Các hộp thư, thay cho mailbox; gửi theo thứ tự."),
        key("successor", Form::Of(Data::Units), "Tổ chức tiếp nhận từ hôm sau ngày kết thúc (sáp nhập)."),
        key(
            "successors",
            Form::List(&Form::Of(Data::Units)),
            "Các tổ chức tiếp nhận khi chia tách, thay cho successor.",
        ),
        key(
            "heir",
            Form::Of(Data::Units),
            "Một trong các successors, nhận việc đang dở; bỏ trống thì việc dở chờ văn thư.",
        ),
        key("from", Form::Date, "Ngày thành lập."),
        key("until", Form::Date, "Ngày kết thúc."),
        key("secretary", Form::Text, "Họ tên bí thư; chỉ để tra cứu."),
        key("phone", Form::Text, "Điện thoại; chỉ để tra cứu."),
        key("note", Form::Text, "Ghi chú; chỉ để tra cứu."),
    ],
};

static ABSENCE: Table = Table {
    name: "[[absence]]",
    about: "Một thời gian vắng mặt: thư trong thời gian đó gửi người thay, hoặc các hộp thư còn lại.",
    keys: &[
        key("unit", Form::Of(Data::Units), "Mã tổ chức.").required().like(&["cb-so-noi-vu-1"]),
        key("mailbox", ADDRESS, "Hộp thư không có người đọc; bỏ trống là mọi hộp thư của tổ chức."),
        key("person", Form::Text, "Ai vắng mặt; chỉ để người xem biết."),
        key(
            "deputy",
            Form::Text,
            "Ai đọc thư thay: một địa chỉ thư, hoặc chức vụ của hộp thư khác cùng tổ chức.",
        )
        .like(&["deputy"]),
        key("from", Form::Date, "Vắng từ ngày."),
        key("until", Form::Date, "Vắng đến hết ngày."),
    ],
};

static NAME: Table = Table {
    name: "`names`",
    about: "Một tên với thời gian dùng.",
    keys: &[
        key("name", Form::Text, "Tên.").required(),
        key("from", Form::Date, "Dùng từ ngày."),
        key("until", Form::Date, "Dùng đến hết ngày."),
    ],
};

static PARENT: Table = Table {
    name: "`parents`",
    about: "Một cấp trên với thời gian.",
    keys: &[
        key("unit", Form::Of(Data::Units), "Mã cấp trên.").required(),
        key("from", Form::Date, "Từ ngày."),
        key("until", Form::Date, "Đến hết ngày."),
    ],
};

static MAILBOX: Table = Table {
    name: "`mailboxes`",
    about: "Một hộp thư, ghi theo chức vụ chứ không theo tên người.",
    keys: &[
        key("address", ADDRESS, "Địa chỉ thư.").required(),
        key("post", Form::Text, "Chức vụ; mặc định là secretary (bí thư).").like(&[
            "secretary",
            "deputy",
            "office",
        ]),
        key("language", Form::Word(LANGUAGES), "Ngôn ngữ của thư gửi tới hộp thư này."),
        key("order", Form::Number(0, 65_535), "Thứ tự gửi; nhỏ gửi trước. Mặc định theo thứ tự viết."),
        key("from", Form::Date, "Dùng từ ngày."),
        key("until", Form::Date, "Dùng đến hết ngày."),
    ],
};

const ADDRESS: Form = Form::Pattern(r"^[^\s@]+@[^\s@]+$");
