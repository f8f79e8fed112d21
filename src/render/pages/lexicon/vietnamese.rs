//! The Vietnamese words.

use super::super::words;
use super::{Deciding, Forms, Label, Lexicon, Message, Mistakes, Said, Standings, Told, Trouble};
use super::{Way, Words};
use crate::app::ports::Asked;
use crate::domain::language::Language;
use crate::domain::operation::Field;

/// How a day is typed. A browser's own date field shows days in the browser's language, which on many office PCs
/// means month first; a line of text cannot be misread.
const DAY: &str = "Ghi ngày/tháng/năm, ví dụ 27/03/2026.";

pub(super) static VIETNAMESE: Lexicon = Lexicon {
    language: Language::Vi,
    words: WORDS,
    forms: FORMS,
    mistakes: MISTAKES,
    told: TOLD,
    standings: STANDINGS,
    deciding: DECIDING,
    trouble: TROUBLE,
    role: words::role,
    owed: words::owed,
    state: words::state,
    grade: words::grade,
    answer: words::answer,
    answer_detail: words::answer_detail,
    day: words::weekday_date,
    moment: words::moment,
    due: words::due,
    request: words::request,
    verdict: words::verdict,
    asked: |asked| match asked {
        Asked::MoreTime { .. } => "Xin gia hạn",
        Asked::Declined { .. } => "Báo không thuộc trách nhiệm",
    },
    field: Field::vietnamese,
    source: |kind, issuer, issued| {
        let issued = issued.map(|day| format!(", ban hành ngày {}", words::date(day))).unwrap_or_default();
        format!("{} của {issuer}{issued}", kind.unwrap_or("Văn bản"))
    },
    revision: |number| format!("Đây là bản thứ {number}: văn bản đã được sửa so với lần báo trước."),
    changed: |fields| format!("Thay đổi: {fields}."),
    several: |count| format!("{count} việc, mỗi việc theo hạn riêng"),
    promised: |day, lapsed| {
        let lapsed = if lapsed { "; đã qua ngày hẹn, thư nhắc tiếp tục" } else { "" };
        format!("{}{lapsed}", words::date(day))
    },
    promise: "Chi bộ hẹn xong",
    moved: |moved| format!("; hạn {moved}"),
    ended: |name, day| format!("{name} kết thúc hoạt động ngày {}", words::date(day)),
    gone: |code| format!("Tổ chức `{code}` không còn hoạt động"),
    succeeded: |former, ended, heir| {
        format!(
            "Liên kết này trước đây gửi {former}. {ended}, việc do {heir} tiếp nhận; trả lời ở đây được ghi nhận cho {heir}."
        )
    },
    heirless: ", văn phòng đang xác định nơi tiếp nhận việc này",
};

const WORDS: Words = Words {
    tag: "vi",
    skip: "Đến nội dung chính",
    other: ("en", "English"),
    contact: "Có điều gì chưa rõ, xin liên hệ",
    phone: "điện thoại",
    title: "Trả lời về văn bản giao",
    to: "Kính gửi",
    asked: "Văn bản và việc phải làm",
    document: "Văn bản",
    task: "Việc",
    tasks: "Số việc",
    role: "Vai trò",
    owes: "Việc phải làm",
    acknowledge_due: "Hạn xác nhận",
    due: "Hạn hoàn thành",
    unshown: "Số, ký hiệu và nội dung văn bản có trong thư đã gửi chi bộ và trên hệ thống văn bản; trang này không nhắc lại.",
    answered: "Chi bộ đã trả lời",
    choose: "Chọn một cách trả lời",
    correct: "Cần sửa báo cáo",
    together: "Trả lời chung",
    own: "Trả lời ở đây là trả lời của chi bộ, không phải của cá nhân. Trang này không thay thế văn bản chính thức.",
    optional: "(không bắt buộc)",
    unknown: "– chưa chọn –",
    day: "ngày/tháng/năm",
    code: "Mã xác nhận trong thư",
    code_where: "Các chữ số ở dòng “Mã xác nhận” của thư.",
    code_where_usual: "Các chữ số ở dòng “Mã xác nhận” của thư, thường là phần cuối của số văn bản.",
    to_code: "Đến ô nhập mã",
    to_field: "Đến ô",
    request: "Đề nghị của chi bộ",
    unshown_office: "Số, ký hiệu và nội dung văn bản có trong thư đã gửi văn phòng; trang này không nhắc lại.",
    reply: "Trả lời chi bộ",
    own_office: "Quyết định ở đây là của văn phòng, được ghi vào nhật ký. Chi bộ được báo bằng thư.",
};

const FORMS: Forms = Forms {
    together: Way {
        title: "Đã nhận tất cả",
        lead: "Một lần bấm xác nhận đã nhận văn bản và biết mọi việc nêu dưới đây.",
        button: "Xác nhận đã nhận tất cả",
    },
    received: Way {
        title: "Đã nhận",
        lead: "Chi bộ xác nhận đã nhận văn bản và biết việc phải làm.",
        button: "Xác nhận đã nhận",
    },
    promise: Way {
        title: "Hẹn ngày hoàn thành",
        lead: "Chi bộ đã xác nhận. Có thể hẹn ngày hoàn thành, hoặc hẹn lại.",
        button: "Ghi nhận ngày hẹn",
    },
    done: Way {
        title: "Đã hoàn thành",
        lead: "Chi bộ báo đã làm xong việc được giao.",
        button: "Báo đã hoàn thành",
    },
    correct: Way {
        title: "Sửa báo cáo",
        lead: "Ghi sai số, ngày hoặc số liệu thì sửa tại đây. Báo cáo đã gửi vẫn được lưu.",
        button: "Gửi bản sửa",
    },
    more_time: Way {
        title: "Xin gia hạn",
        lead: "Hạn chỉ thay đổi khi văn phòng đồng ý; trong lúc chờ, hạn cũ vẫn tính.",
        button: "Gửi đề nghị gia hạn",
    },
    more_time_again: "Chi bộ đang có đề nghị chờ trả lời; đề nghị mới thay đề nghị trước. Trong lúc chờ, hạn cũ vẫn tính.",
    declined: Way {
        title: "Không thuộc trách nhiệm",
        lead: "Việc sẽ được chuyển lại cho văn phòng xem xét.",
        button: "Báo không thuộc trách nhiệm",
    },
    promised: Label { name: "Hẹn hoàn thành ngày", hint: DAY },
    report_symbol: Label { name: "Số, ký hiệu báo cáo", hint: "Ví dụ 12-BC/CB." },
    report_date: Label { name: "Ngày báo cáo", hint: DAY },
    note: Label { name: "Ghi chú", hint: "" },
    link: Label {
        name: "Tệp báo cáo ở đâu", hint: "Đường dẫn tới tệp báo cáo, bắt đầu bằng https://."
    },
    figure: "Chỉ ghi số, ví dụ 38; số lẻ ghi dấu phẩy, ví dụ 97,5.",
    until: Label { name: "Xin đến ngày", hint: DAY },
    reason: Label { name: "Lý do", hint: "" },
    reason_declined: Label { name: "Lý do", hint: "Vì sao không phải việc của chi bộ." },
    suggested: Label { name: "Theo chi bộ, việc thuộc về", hint: "Nếu biết." },
    granted: Label {
        name: "Gia hạn đến ngày",
        hint: "Không ghi là đến ngày chi bộ xin. Ghi ngày/tháng/năm, ví dụ 27/03/2026.",
    },
    passed: "Không ghi là giữ hạn cũ. Ghi ngày/tháng/năm, ví dụ 27/03/2026.",
};

const MISTAKES: Mistakes = Mistakes {
    answer: "Xin chọn một trong các cách trả lời.",
    until: "Xin ghi ngày chi bộ có thể hoàn thành.",
    suggested: "Xin chọn một chi bộ trong danh sách.",
    figure: "Xin ghi số liệu này; không có thì ghi 0.",
    reason: "Xin ghi lý do để văn phòng xem xét.",
    passed: "Ngày này đã qua.",
    to_come: "Ngày này chưa tới.",
    day: "Không đọc được ngày; xin ghi như 27/03/2026.",
    no_due: "Việc này không có hạn nên không cần xin gia hạn.",
    long: |long, most| format!("Dài {long} chữ; xin rút còn nhiều nhất {most} chữ."),
    not_later: |due| format!("Hạn hiện nay là {}; xin ghi một ngày sau hạn này.", words::weekday_date(due)),
    tries: |left| format!("Chưa đúng; còn {left} lần thử trong giờ này."),
    digits: "Xin nhập mã ghi trong thư.",
    unreadable: |why| why.to_string(),
};

const TOLD: Told = Told {
    recorded: "Đã ghi nhận",
    thanks: "Cảm ơn chi bộ. Có thể đóng trang này.",
    more_time: "Văn phòng sẽ trả lời bằng thư. Trong lúc chờ, hạn cũ vẫn tính.",
    declined: "Văn phòng sẽ xem xét và giao cho nơi khác hoặc trả lời chi bộ.",
    promised_late: "Ngày hẹn sau hạn: hạn không thay đổi; cần thêm thời gian, xin chọn “Xin gia hạn”.",
    corrected: Said {
        title: "Đã ghi nhận bản sửa",
        text: "Nội dung sửa đã được ghi; báo cáo gửi trước vẫn được lưu trong nhật ký.",
    },
    already: "Đã được ghi nhận trước đó",
    unchanged: "Không có gì thay đổi.",
    mistaken: Said {
        title: "Chưa ghi nhận", text: "Xin sửa chỗ được đánh dấu rồi gửi lại."
    },
    other_task: "Văn bản đã thay đổi từ khi trang này được mở. Xin xem lại các việc dưới đây rồi trả lời.",
    digits: Said {
        title: "Xin xác nhận thêm một bước",
        text: "Một số hệ thống thư tự mở và tự bấm liên kết. Để chắc rằng chi bộ trả lời, xin nhập mã trong thư rồi bấm lại một lần.",
    },
    locked: |from| format!("Mã đã nhập sai nhiều lần. Có thể thử lại từ {from}, hoặc gọi cho văn phòng."),
    done: Said {
        title: "Việc này đã hoàn thành",
        text: "Chi bộ đã báo hoàn thành nên không cần xin gia hạn. Câu trả lời được lưu để văn phòng xem.",
    },
    closed: Said {
        title: "Đã lưu câu trả lời",
        text: "Việc này đã khép nên trạng thái không đổi. Câu trả lời được lưu lại để văn phòng xem.",
    },
};

const STANDINGS: Standings = Standings {
    done: Said {
        title: "Chi bộ đã báo hoàn thành", text: "Không cần làm gì thêm ở trang này."
    },
    declined: Said {
        title: "Chi bộ đã báo không thuộc trách nhiệm",
        text: "Văn phòng đang xem xét. Nếu cần nói lại, xin liên hệ theo địa chỉ cuối trang.",
    },
    excused: Said { title: "Chi bộ được miễn việc này", text: "Không cần làm gì thêm." },
    revoked: Said {
        title: "Văn bản này đã được thu hồi",
        text: "Cơ quan gửi đã thu hồi văn bản. Chi bộ dừng thực hiện và không sử dụng văn bản này nữa.",
    },
    replaced: Said {
        title: "Văn bản này đã được thay thế",
        text: "Chi bộ không thực hiện văn bản này nữa. Nếu văn bản mới có việc của chi bộ, văn phòng gửi thư riêng.",
    },
    withdrawn: Said {
        title: "Việc này không còn hiệu lực",
        text: "Văn bản đã được thu hồi hoặc thay thế, hoặc việc đã giao cho nơi khác. Chi bộ không phải làm gì thêm.",
    },
};

const DECIDING: Deciding = Deciding {
    facts: [
        "Chi bộ",
        "Việc",
        "Hạn",
        "Xin đến",
        "Theo chi bộ, việc thuộc về",
        "Lý do",
        "Gửi lúc",
        "Trạng thái",
        "Quyết định",
        "Hạn đã đổi",
    ],
    mailed: "Chi bộ được báo bằng thư trong giờ làm việc. Có thể đóng trang này.",
    thanks: "Cảm ơn đồng chí. Có thể đóng trang này.",
    already: "Đã có quyết định trước đó",
    settled: "Đã có quyết định",
    digits: "Quyết định chỉ được ghi khi có mã xác nhận trong thư gửi văn phòng.",
    locked: |from| {
        format!("Mã đã nhập sai nhiều lần. Có thể thử lại từ {from}, hoặc quyết định trên bảng theo dõi.")
    },
    due_of: |cell| format!("Hạn của {cell}"),
    title: |asked| match asked {
        Asked::MoreTime { .. } => "Chi bộ xin gia hạn",
        Asked::Declined { .. } => "Chi bộ báo không thuộc trách nhiệm",
    },
    choice: |_, _| None,
    impossible: |_, said| words::sentence(&format!("{said}.")),
};

const TROUBLE: Trouble = Trouble {
    forged: Message {
        title: "Không tìm thấy",
        text: &[
            "Liên kết không đúng, có thể đã bị cắt khi chuyển tiếp hoặc chép lại.",
            "Xin mở lại từ thư gốc. Nếu vẫn không được, xin trả lời thư đó.",
        ],
    },
    expired: Message {
        title: "Liên kết đã hết hạn",
        text: &[
            "Liên kết này đã quá thời gian dùng được.",
            "Nếu chi bộ vẫn cần trả lời, xin dùng liên kết trong thư mới nhất hoặc trả lời thư.",
        ],
    },
    long: Message {
        title: "Nội dung quá dài",
        text: &["Nội dung gửi lên quá dài nên chưa ghi nhận. Xin quay lại và rút ngắn lý do hoặc ghi chú."],
    },
    unreadable: Message {
        title: "Không đọc được câu trả lời",
        text: &[
            "Không đọc được câu trả lời nên chưa ghi nhận. Xin mở lại liên kết và trả lời bằng biểu mẫu trên trang.",
        ],
    },
    method: Message {
        title: "Không dùng được cách này",
        text: &["Trang này chỉ để xem và trả lời bằng biểu mẫu. Không có gì thay đổi."],
    },
    unavailable: Message {
        title: "Chưa ghi nhận được",
        text: &[
            "Hệ thống đang gián đoạn nên chưa ghi nhận được gì.",
            "Xin thử lại sau vài phút bằng chính liên kết này; liên kết vẫn còn hiệu lực.",
        ],
    },
    restoring: Message {
        title: "Sổ đang được phục hồi",
        text: &[
            "Văn phòng đang phục hồi sổ sau sự cố nên chưa mở được việc của liên kết này. Chưa ghi nhận gì.",
            "Liên kết vẫn đúng, việc của chi bộ không bị mất. Xin mở lại từ ngày mai; nếu gấp, xin trả lời thư hoặc gọi văn phòng.",
        ],
    },
    broken: Message {
        title: "Trang gặp lỗi",
        text: &["Hệ thống gặp lỗi khi xử lý yêu cầu này. Xin thử lại; nếu vẫn lỗi, xin báo văn phòng."],
    },
    slow: Message {
        title: "Chưa rõ kết quả",
        text: &[
            "Yêu cầu mất quá nhiều thời gian nên chưa rõ đã ghi nhận hay chưa.",
            "Xin mở lại liên kết: nếu đã ghi nhận, trang sẽ hiện câu trả lời; nếu chưa, xin trả lời lại.",
        ],
    },
    unrendered: "Trang này đang hỏng. Xin báo văn phòng.",
};
