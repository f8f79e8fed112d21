//! `rules.d/*.toml`, as `config::rule` reads it.

use super::shape::{Data, Form, Key, Table, key};

/// The top of a file.
pub static FILE: Table = Table {
    name: "Quy tắc giao việc (rules.d/*.toml)",
    about: "Văn bản nào, giao cho chi bộ nào, phải làm gì, hạn nào, nhắc ra sao. \
            Kiểm tra: vanthu rules check. Sổ tay: docs/SO-TAY-QUY-TAC.md.",
    keys: &[
        key(
            "rule",
            Form::Many(&RULE),
            "Một quy tắc giao việc. Đọc từ trên xuống; mọi quy tắc khớp đều góp phần.",
        ),
        key(
            "test",
            Form::Many(&TEST),
            "Một phép thử: văn bản thế này thì phải ra kết quả thế kia. Chạy mỗi lần kiểm tra.",
        ),
        key("ladder", Form::Many(&LADDER), "Một bậc nhắc: nhắc, đôn đốc, báo cáo vào những lúc nào."),
    ],
};

static RULE: Table = Table {
    name: "[[rule]]",
    about: "Một quy tắc: văn bản nào (when), giao cho ai (to), phải làm gì (owes), hạn nào (due).",
    keys: &[
        key("id", Form::Text, "Mã của quy tắc, không dấu, không trùng; đừng đổi về sau.").required().like(&["chuyen-de-quy"]),
        key("name", Form::Text, "Tên để mọi người gọi quy tắc.").required().like(&["Sinh hoạt chuyên đề theo quý"]),
        key("when", Form::One(&WHEN), "Điều kiện. Khoá nào viết thì văn bản phải thoả; trong một danh sách chỉ cần một mục."),
        key("to", Form::One(&TO), "Giao cho những chi bộ nào."),
        key("nobody", Form::Text, "Chủ ý không giao cho ai, kèm lý do. Không đi cùng to, role, owes, due, ladder.")
            .like(&["lịch họp do văn phòng thông báo riêng"]),
        key("role", Form::Word(ROLES), "Vai trò của chi bộ được giao; mặc định là chủ trì."),
        key("owes", Form::List(&Form::Word(OWED)), "Chi bộ phải làm gì; mặc định chỉ là xác nhận đã nhận."),
        key("acknowledge_within", DAYS, "Phải xác nhận đã nhận trong bao nhiêu ngày làm việc.").like(&["1 working day", "3 working days"]),
        key(
            "due",
            DUE,
            "Hạn xong; lấy mục đầu tiên có: document (hạn ghi trên hệ thống), text (hạn đọc trong trích yếu), \
             fixed 2026-03-15 (ngày cố định), 15 working days (ngày làm việc), 30 days (ngày); hoặc kỳ tới sau ngày \
             nhận: weekly on fri (thứ Sáu hằng tuần), monthly on 25 (ngày 25 hằng tháng, last là ngày cuối tháng), quarterly on 15 (tháng cuối quý), \
             quarterly on 10 of month 1 (tháng đầu quý), yearly on 12-15 (15 tháng 12). Nối bằng \", else \".",
        )
        .like(&[
            "document, else 15 working days",
            "document, else text, else 30 days",
            "document, else monthly on 25",
            "fixed 2026-03-15",
        ]),
        key("ladder", Form::Of(Data::Ladders), "Bậc nhắc, theo tên khai ở [[ladder]]. Cần có khi có hạn.").like(&["standard"]),
        key("grade", Form::Word(GRADES), "Mức xác nhận thấp nhất được tính; mặc định là bấm nút."),
        key(
            "figures",
            Form::List(&Form::Text),
            "Số liệu chi bộ phải ghi khi báo hoàn thành, nhiều nhất 8; ghi đơn vị tính trong ngoặc.",
        )
        .like(&["Số đảng viên dự (người)", "Tỷ lệ (%)"]),
        key(
            "task",
            Form::Many(&TASK),
            "Một trong nhiều việc mà văn bản giao; khoá nào việc không viết thì lấy của quy tắc.",
        ),
        key("from", Form::Date, "Ngày đầu quy tắc có hiệu lực.").like(&["2026-01-01"]),
        key("until", Form::Date, "Ngày cuối quy tắc có hiệu lực.").like(&["2026-12-31"]),
        key("final", Form::Flag, "true: văn bản đã khớp quy tắc này thì không đọc các quy tắc dưới nó."),
    ],
};

static TASK: Table = Table {
    name: "[[rule.task]]",
    about: "Một việc trong quy tắc, có chi bộ, hạn, bậc nhắc riêng. Khoá nào không viết thì lấy của quy tắc.",
    keys: &[
        key(
            "id",
            Form::Pattern("^[a-z0-9-]{1,40}$"),
            "Mã của việc trong quy tắc này, không dấu; đừng đổi về sau.",
        )
        .required()
        .like(&["dang-ky"]),
        key("name", Form::Text, "Tên việc, ghi trong thư.").required().like(&["Đăng ký nội dung học tập"]),
        key("lead", CHOSEN, "Những chi bộ chủ trì; không đi cùng to, role."),
        key("support", CHOSEN, "Những chi bộ phối hợp; không đi cùng to, role."),
        key("inform", CHOSEN, "Những chi bộ nhận để biết; không đi cùng to, role."),
        key("to", CHOSEN, "Giao cho những chi bộ nào."),
        key("role", Form::Word(ROLES), "Vai trò của chi bộ được giao."),
        key("owes", Form::List(&Form::Word(OWED)), "Chi bộ phải làm gì."),
        key("acknowledge_within", DAYS, "Phải xác nhận đã nhận trong bao nhiêu ngày làm việc."),
        key("due", DUE, "Hạn xong của việc này; cách viết như ở quy tắc.").like(&["10 working days"]),
        key("ladder", Form::Of(Data::Ladders), "Bậc nhắc, theo tên khai ở [[ladder]].").like(&["standard"]),
        key("grade", Form::Word(GRADES), "Mức xác nhận thấp nhất được tính."),
        key("figures", Form::List(&Form::Text), "Số liệu chi bộ phải ghi khi báo hoàn thành.")
            .like(&["Số đảng viên dự (người)"]),
    ],
};

static WHEN: Table = Table {
    name: "`when`",
    about: "Điều kiện về văn bản. Mọi khoá đã viết đều phải thoả.",
    keys: &CONDITIONS,
};

static ALL: Table =
    Table {
        name: "`all`", about: "Một nhóm điều kiện; mọi nhóm đều phải thoả.", keys: &CONDITIONS
    };

static ANY: Table =
    Table {
        name: "`any`", about: "Một nhóm điều kiện; chỉ cần một nhóm thoả.", keys: &CONDITIONS
    };

static NONE: Table =
    Table {
        name: "`none`", about: "Một nhóm điều kiện; không nhóm nào được thoả.", keys: &CONDITIONS
    };

/// The keys of `when` and of the groups within it, which hold groups again.
static CONDITIONS: [Key; 20] = [
    key("issuer", Form::List(&Form::Of(Data::Issuers)), "Cơ quan ban hành: ký hiệu (TU, ĐUK) hoặc tên.")
        .like(&["TU", "Tỉnh uỷ"]),
    key(
        "kind",
        Form::List(&Form::Of(Data::DocumentKinds)),
        "Loại văn bản: chữ viết tắt (KH) hoặc tên (Kế hoạch).",
    )
    .like(&["KH"]),
    key("symbol", Form::List(&Form::Text), "Cụm trong số, ký hiệu, so cả cụm: \"BC\" không khớp \"ABC\".")
        .like(&["ĐUK"]),
    key("urgency", Form::List(&Form::Word(URGENCIES)), "Độ khẩn."),
    key("operation", Form::List(&Form::Word(OPERATIONS)), "Nghiệp vụ của văn bản."),
    key("steering", Form::List(&Form::Word(STEERINGS)), "Văn bản chỉ đạo, hay báo cáo kết quả."),
    key(
        "source",
        Form::List(&Form::Of(Data::Sources)),
        "Mã nguồn văn bản, khai ở [[source]] trong vanthu.toml.",
    ),
    key(
        "text_any",
        Form::List(&Form::Text),
        "Trích yếu hoặc nội dung có ít nhất một cụm chữ này, so đủ dấu, trọn từ.",
    )
    .like(&["sinh hoạt chuyên đề"]),
    key("text_all", Form::List(&Form::Text), "Trích yếu và nội dung có đủ các cụm chữ này."),
    key("text_none", Form::List(&Form::Text), "Trích yếu và nội dung không có cụm chữ nào trong số này."),
    key(
        "text_regex",
        Form::Text,
        "Biểu thức chính quy trên trích yếu và nội dung; không phân biệt chữ hoa, chỗ đặt dấu (uỷ = ủy).",
    )
    .like(&["báo cáo .*(tháng|quý|năm)"]),
    key(
        "accent_free",
        Form::Flag,
        "true: so cụm chữ và biểu thức không dấu; các nhóm bên trong cũng theo. \
         Cẩn thận: bản, bàn, bán khi đó như nhau.",
    ),
    key("issued_from", Form::Date, "Ban hành từ ngày này.").like(&["2026-01-01"]),
    key("issued_until", Form::Date, "Ban hành đến hết ngày này.").like(&["2026-12-31"]),
    key(
        "issued_within",
        Form::Pattern(r"^\s*[0-9]+\s+days?\s*$"),
        "Ban hành không quá bao nhiêu ngày trước khi nhận; văn bản cũ gửi lại thì không thoả.",
    )
    .like(&["30 days"]),
    key("received_from", Form::Date, "Nhận từ ngày này.").like(&["2026-01-01"]),
    key("received_until", Form::Date, "Nhận đến hết ngày này.").like(&["2026-12-31"]),
    key(
        "all",
        Form::Many(&ALL),
        r#"Các nhóm điều kiện, nhóm nào cũng phải thoả: all = [{ text_any = ["họp", "hội nghị"] }, { text_any = ["trực tuyến"] }]."#,
    ),
    key(
        "any",
        Form::Many(&ANY),
        r#"Các nhóm điều kiện, chỉ cần một nhóm thoả: any = [{ issuer = "TU" }, { urgency = "express" }]."#,
    ),
    key(
        "none",
        Form::Many(&NONE),
        r#"Các nhóm điều kiện, không nhóm nào được thoả: none = [{ kind = "TB", text_any = ["nghỉ lễ"] }]."#,
    ),
];

static TO: Table = Table {
    name: "`to`",
    about: "Giao cho: các phần đã viết phải cùng đúng (kind, sector, tag, subtree, direct); units được cộng \
            thêm, except và except_tag bị bớt đi.",
    keys: &[
        // With `cascade` also what is no cell, so that editors list every kind and every unit.
        key(
            "kind",
            Form::List(&Form::Of(Data::Kinds)),
            "Loại chi bộ, khai ở [[kind]] trong units.toml; có cascade thì được ghi cả loại đảng bộ.",
        )
        .like(&["base-cell"]),
        key("sector", Form::List(&Form::Of(Data::Sectors)), "Khối ngành, khai ở [sectors] trong units.toml.")
            .like(&["administration"]),
        key(
            "tag",
            Form::List(&Form::Of(Data::Tags)),
            "Có ít nhất một thẻ này; thẻ ghi ở tags trong units.toml.",
        )
        .like(&["bien-gioi"]),
        key("subtree", Form::List(&Form::Of(Data::Units)), "Tổ chức này và mọi chi bộ dưới nó.")
            .like(&["db-so-noi-vu"]),
        key("direct", Form::Word(DIRECT), "Theo nơi nhận ghi trên văn bản."),
        key(
            "units",
            Form::List(&Form::Of(Data::Units)),
            "Thêm đúng những chi bộ này; có cascade thì được ghi cả đảng bộ.",
        ),
        key("cascade", Form::Flag, "true: nơi được chọn là đảng bộ thì giao cho mọi chi bộ của đảng bộ đó."),
        key("except", Form::List(&Form::Of(Data::Units)), "Trừ những tổ chức này và mọi chi bộ dưới chúng."),
        key("except_tag", Form::List(&Form::Of(Data::Tags)), "Trừ những nơi mang một trong các thẻ này."),
    ],
};

static TEST: Table = Table {
    name: "[[test]]",
    about: "Một phép thử cạnh quy tắc. Sai thì tệp quy tắc không được nạp.",
    keys: &[
        key("name", Form::Text, "Tên phép thử; bỏ trống thì lấy số và trích yếu."),
        key("document", Form::One(&DOCUMENT), "Văn bản đem thử.").required(),
        key(
            "expect",
            Form::Either(&Form::One(&EXPECT), &Form::Many(&EXPECT)),
            "Kết quả phải ra; mục nào không viết thì không xét. Nhiều việc thì viết nhiều bảng trong [ ].",
        )
        .required(),
    ],
};

static DOCUMENT: Table = Table {
    name: "`document`",
    about: "Văn bản đem thử; cần trích yếu, và ngày ban hành hoặc ngày nhận.",
    keys: &[
        key("symbol", Form::Text, "Số, ký hiệu.").like(&["12-KH/ĐUK"]),
        key("subject", Form::Text, "Trích yếu.").required(),
        key("kind", Form::Text, "Loại văn bản.").like(&["Kế hoạch"]),
        key("issuer", Form::Text, "Cơ quan ban hành.").like(&["Tỉnh uỷ"]),
        key("issued", Form::Date, "Ngày ban hành.").like(&["2026-01-15"]),
        key("received", Form::Date, "Ngày nhận; mặc định là ngày ban hành."),
        key("due", Form::Date, "Hạn ghi trên hệ thống."),
        key("urgency", Form::Word(URGENCIES), "Độ khẩn."),
        key("operation", Form::Word(OPERATIONS), "Nghiệp vụ."),
        key("steering", Form::Word(STEERINGS), "Văn bản chỉ đạo, hay báo cáo kết quả; mặc định là không rõ."),
        key(
            "addressees",
            Form::List(&Form::Text),
            "Nơi nhận ghi trên văn bản: tên, tên gọi khác hoặc mã; quy tắc có direct đọc mục này.",
        )
        .like(&["Đảng bộ Sở Nội vụ"]),
        key("source", Form::Of(Data::Sources), "Mã nguồn văn bản."),
        key("content", Form::Text, "Nội dung, nếu quy tắc cần đọc."),
        key("signer", Form::Text, "Người ký."),
        key("field", Form::Text, "Lĩnh vực."),
    ],
};

static EXPECT: Table = Table {
    name: "`expect`",
    about: "Kết quả phải ra.",
    keys: &[
        key(
            "cells",
            Form::Either(&Form::Number(0, 100_000), &Form::List(&Form::Of(Data::Cells))),
            "Bao nhiêu chi bộ được giao, hoặc đúng những chi bộ nào.",
        )
        .like(&["221"]),
        key("rule", Form::Of(Data::Rules), "Quy tắc phải khớp."),
        key("task", Form::Text, "Chỉ xét việc này: mã của một [[rule.task]].").like(&["dang-ky"]),
        key("due", Form::Date, "Hạn của mọi việc được giao.").like(&["2026-02-05"]),
        key("outcome", Form::Word(OUTCOMES), "Điều xảy ra với văn bản."),
    ],
};

static LADDER: Table = Table {
    name: "[[ladder]]",
    about: "Một bậc nhắc; quy tắc gọi nó bằng tên.",
    keys: &[
        key("name", Form::Text, "Tên, để quy tắc gọi.").required().like(&["standard"]),
        key("step", Form::Many(&STEP), "Một bậc: lúc nào, làm gì, gửi ai.").required(),
        key(
            "catch_up",
            Form::Word(CATCH_UP),
            "Bậc lỡ vì dịch vụ dừng hay tạm hoãn nhắc thì sao; mặc định là latest.",
        ),
        key(
            "urgency",
            Form::One(&HASTE),
            "Văn bản khẩn thì rút ngắn: độ khẩn = \"50%\" hoặc tên bậc nhắc khác.",
        ),
    ],
};

const SHORTER: &str = "Phần trăm khoảng cách (10% đến 100%), hoặc tên bậc nhắc dùng thay.";
static HASTE: Table = Table {
    name: "`urgency`",
    about: "Bậc nhắc của văn bản theo độ khẩn.",
    keys: &[
        key("unknown", Form::Text, SHORTER),
        key("normal", Form::Text, SHORTER),
        key("urgent", Form::Text, SHORTER).like(&["50%"]),
        key("very-urgent", Form::Text, SHORTER),
        key("express", Form::Text, SHORTER).like(&["urgent"]),
        key("express-timed", Form::Text, SHORTER),
    ],
};

static STEP: Table = Table {
    name: "[[ladder.step]]",
    about: "Một bậc của bậc nhắc.",
    keys: &[
        key(
            "at",
            Form::Pattern(r"^\s*(notice|acknowledge|due)(\s*[-+−–]\s*[0-9]+\s+working\s+(day|hour)s?)?\s*$"),
            "Lúc nào: mốc notice (báo việc), acknowledge (hạn xác nhận), due (hạn xong), cộng trừ ngày hoặc giờ làm việc.",
        )
        .required()
        .like(&["due - 3 working days", "acknowledge + 1 working day", "due", "notice + 2 working hours"]),
        key("kind", Form::Word(STEP_KINDS), "Làm gì.").required(),
        key("to", Form::Word(RECIPIENTS), "Gửi ai.").required(),
        key("until", Form::Word(UNTIL), "Nhắc đến khi nào; mặc định theo mốc."),
    ],
};

/// Whom a task chooses: like a rule, or just the cells.
const CHOSEN: Form = Form::Either(&Form::One(&TO), &Form::List(&Form::Of(Data::Cells)));
const DAYS: Form = Form::Pattern(r"^\s*[0-9]+\s+working\s+days?\s*$");
/// One source of a due. That a month has such a day is left to the reader.
macro_rules! due {
    () => {
        concat!(
            r"(document|text|fixed\s+\d{4}-\d{2}-\d{2}|[0-9]+(\s+working)?\s+days?",
            r"|weekly\s+on\s+(mon|tue|wed|thu|fri|sat|sun)",
            r"|monthly\s+on\s+(last|0?[1-9]|[12][0-9]|3[01])",
            r"|quarterly\s+on\s+(last|0?[1-9]|[12][0-9]|3[01])(\s+of\s+month\s+0?[1-3])?",
            r"|yearly\s+on\s+(0?[1-9]|1[0-2])-(last|0?[1-9]|[12][0-9]|3[01]))",
        )
    };
}
const DUE: Form = Form::Pattern(concat!(r"^\s*", due!(), r"(\s*,?\s*else\s+", due!(), r")*\s*$"));

/// A word as TOML writes it, and what it means.
type Words = &'static [(&'static str, &'static str)];

const ROLES: Words = &[("lead", "chủ trì"), ("support", "phối hợp"), ("inform", "để biết")];
const OWED: Words =
    &[("acknowledge", "xác nhận đã nhận"), ("do", "thực hiện"), ("report", "báo cáo kết quả")];
const GRADES: Words = &[
    ("upstream", "hệ thống nguồn báo đã đọc"),
    ("clicked", "bấm nút trên trang xác nhận"),
    ("verified", "bấm nút và gõ lại số văn bản"),
];
const URGENCIES: Words = &[
    ("unknown", "không rõ"),
    ("normal", "thường"),
    ("urgent", "khẩn"),
    ("very-urgent", "thượng khẩn"),
    ("express", "hoả tốc"),
    ("express-timed", "hoả tốc hẹn giờ"),
];
const OPERATIONS: Words =
    &[("new", "văn bản mới"), ("revoke", "thu hồi"), ("update", "cập nhật"), ("replace", "thay thế")];
const STEERINGS: Words = &[
    ("unknown", "không rõ"),
    ("none", "không phải văn bản chỉ đạo"),
    ("directive", "văn bản chỉ đạo"),
    ("result", "báo cáo kết quả thực hiện"),
];
const DIRECT: Words = &[
    ("addressees", "đúng những chi bộ ghi ở nơi nhận"),
    ("cells", "nơi nhận và mọi chi bộ cấp dưới của nơi nhận"),
];
const OUTCOMES: Words = &[
    ("assigned", "có chi bộ được giao"),
    ("nobody", "quy tắc nói chủ ý không giao"),
    ("unmatched", "không quy tắc nào khớp, văn bản nằm chờ"),
];
const STEP_KINDS: Words = &[
    ("remind", "nhắc"),
    ("chase", "đôn đốc"),
    ("criticise", "phê bình, nhắc nhở bằng văn bản"),
    ("review", "yêu cầu kiểm điểm"),
    ("escalate", "tên cũ của chase gửi cấp trên"),
];
const RECIPIENTS: Words = &[
    ("cell", "chi bộ"),
    ("parent", "cấp trên trực tiếp"),
    ("office", "văn phòng"),
    ("leadership", "lãnh đạo, khai ở units.toml"),
];
const CATCH_UP: Words = &[
    ("latest", "chỉ làm bậc mới nhất đã đến lúc"),
    ("all", "làm đủ mọi bậc đã lỡ, gộp một thư"),
    ("none", "bỏ qua bậc lỡ từ hôm trước"),
];
const UNTIL: Words = &[("acknowledged", "đến khi xác nhận đã nhận"), ("done", "đến khi báo xong")];
