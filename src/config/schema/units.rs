//! `units.toml`, as `config::unit` reads it.

use super::shape::{Data, Form, Table, key};

const CODE: Form = Form::Pattern("^[a-z0-9-]{1,64}$");

/// The top of the file.
pub static FILE: Table = Table {
    name: "Tổ chức và hộp thư (units.toml)",
    about: "Tổ chức, chi bộ, hộp thư nhận việc. Kiểm tra: vanthu check.",
    keys: &[
        key("office", Form::Of(Data::Units), "Mã tổ chức có văn phòng chạy vanthu; nhận báo cáo bậc cuối.")
            .required(),
        key("kind", Form::Many(&KIND), "Một loại tổ chức."),
        key("sectors", Form::Free("^[a-z0-9-]{1,64}$"), "Các khối ngành: mã = \"tên\"."),
        key("unit", Form::Many(&UNIT), "Một tổ chức."),
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
        key("successor", Form::Of(Data::Units), "Tổ chức tiếp nhận khi tổ chức này kết thúc."),
        key("from", Form::Date, "Ngày thành lập."),
        key("until", Form::Date, "Ngày kết thúc."),
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
        key("order", Form::Number(0, 65_535), "Thứ tự gửi; nhỏ gửi trước. Mặc định theo thứ tự viết."),
        key("from", Form::Date, "Dùng từ ngày."),
        key("until", Form::Date, "Dùng đến hết ngày."),
    ],
};

const ADDRESS: Form = Form::Pattern(r"^[^\s@]+@[^\s@]+$");
