//! Every kind of finding with its stable code and its texts: the one table to translate, to look up
//! and never to renumber. Which numbers are about what: the table in docs/diagnostics/README.md.
//!
//! Each line holds title / label at the place / what to do; `{0}`, `{1}` … are filled by the finder. The
//! long text of a code, with a wrong and a right example that the tests run, is its page in
//! docs/diagnostics.

mod around;
mod define;
mod find;
mod words;

use super::settings::Language;

pub use words::{Phase, Severity, Words};

use around::around_codes;
use define::codes;

around_codes! {
    "VT001" Unreadable Error
        "không đọc được {0}: {1}" / "" / "kiểm tra đường dẫn và quyền đọc của tài khoản chạy vanthu"
        "cannot read {0}: {1}" / "" / "check the path and that vanthu's account may read it"
    "VT002" Utf16 Error
        "tệp được lưu bằng bảng mã UTF-16" / "" / "mở lại tệp và lưu với bảng mã UTF-8 (Notepad: Lưu thành… → Mã hoá → UTF-8)"
        "the file is saved as UTF-16" / "" / "save it again as UTF-8"
    "VT003" NotUtf8 Error
        "tệp không phải UTF-8, sai từ dòng {0}: {1}" / "" / "chuyển bảng mã sang Unicode (UniKey: Ctrl+Shift+F6) rồi lưu với UTF-8"
        "the file is not UTF-8, from line {0} on: {1}" / "" / "convert it from the old code page and save it as UTF-8"
    "VT004" SmartQuote Error
        "dấu ngoặc kép cong không dùng được trong TOML" / "dấu này do trình soạn thảo tự đổi" / "thay bằng dấu ngoặc kép thẳng \" ở cả hai đầu"
        "curly quotes mean nothing in TOML" / "put here by the editor" / "write straight quotes \" at both ends"
    "VT005" OddSpace Error
        "có khoảng trắng đặc biệt nằm ngoài dấu ngoặc kép" / "khoảng trắng không ngắt hoặc ký tự ẩn" / "xoá ký tự này rồi gõ lại dấu cách thường"
        "an unusual space stands outside the quotes" / "a no-break space or an invisible character" / "delete it and type a plain space"
    "VT006" AccentedKey Error
        "tên khoá không được có dấu" / "khoá chỉ gồm chữ không dấu, số, `-` và `_`" / "dùng khoá tiếng Anh như trong tệp mẫu; chữ có dấu chỉ viết trong ngoặc kép"
        "keys bear no accents" / "only plain letters, digits, `-` and `_`" / "use the English keys of the sample file; accents go inside quotes"
    "VT007" MissingComma Error
        "thiếu dấu phẩy giữa hai mục" / "cần dấu phẩy trước chỗ này" / "viết dạng [\"a\", \"b\"] hoặc { a = 1, b = 2 }"
        "a comma is missing between two items" / "a comma belongs before this" / "write [\"a\", \"b\"] or { a = 1, b = 2 }"
    "VT008" OpenQuote Error
        "thiếu dấu ngoặc kép đóng" / "mở ở đây nhưng không đóng" / "thêm dấu \" ở cuối chuỗi; chuỗi nhiều dòng dùng ba dấu \"\"\""
        "a closing quote is missing" / "opened here, never closed" / "add \" at its end; text of several lines stands in \"\"\""
    "VT009" Backslash Error
        "dấu \\ trong ngoặc kép có nghĩa riêng" / "`\\` kèm ký tự này không có nghĩa" / "đường dẫn viết trong ngoặc đơn 'C:\\tệp' hoặc gõ hai dấu \\\\"
        "a backslash within quotes has its own meaning" / "this escape is unknown" / "write paths in single quotes 'C:\\file' or double the backslash"
    "VT010" DuplicateKey Error
        "khoá `{0}` được viết hai lần trong cùng một bảng" / "lần thứ hai" / "giữ lại một; nhiều giá trị thì viết danh sách [ … ], nhiều mục thì dùng [[…]]"
        "key `{0}` is written twice in one table" / "the second time" / "keep one; several values make a list [ … ], several items [[…]]"
    "VT011" MissingValue Error
        "thiếu dấu = hoặc thiếu giá trị" / "chưa thành `khoá = giá trị`" / "mỗi dòng viết dạng khoá = giá trị"
        "the = or the value is missing" / "not yet `key = value`" / "each line reads key = value"
    "VT012" Unquoted Error
        "chữ phải nằm trong dấu ngoặc kép" / "thêm dấu \" ở hai đầu" / ""
        "text must stand in quotes" / "put \" at both ends" / ""
    "VT013" OpenBracket Error
        "thiếu dấu đóng ngoặc" / "cần đóng trước chỗ này" / "thêm ], ]] hoặc } cho đủ cặp"
        "a closing bracket is missing" / "close it before this" / "add the ], ]] or } that belongs to it"
    "VT014" BadScalar Error
        "số hoặc ngày viết sai" / "không đọc được giá trị này" / "ngày viết 2026-03-15, số viết 15; chữ thì thêm dấu ngoặc kép"
        "a number or date is written wrongly" / "cannot be read" / "dates read 2026-03-15, numbers 15; text stands in quotes"
    "VT015" Syntax Error
        "viết sai quy tắc TOML" / "không đọc được từ đây" / "so với tệp mẫu: [bảng], khoá = giá trị, chú thích bắt đầu bằng #"
        "this is not TOML" / "cannot be read from here" / "compare the sample file: [table], key = value, comments start with #"
    "VT016" MoreSyntax Error
        "còn {0} chỗ sai nữa trong {1}, chưa nêu" / "" / "sửa các chỗ đã nêu trước; các lỗi sau thường là hệ quả"
        "{0} more faults in {1} are not shown" / "" / "mend those shown first; later ones often follow from them"
    "VT017" Surplus Error
        "thừa chữ sau giá trị" / "không thuộc về giá trị đứng trước" / "mỗi dòng một khoá = giá trị; nhiều giá trị thì viết danh sách [\"a\", \"b\"]"
        "something stands after the value" / "does not belong to the value before it" / "one key = value a line; several values make a list [\"a\", \"b\"]"
    "VT018" LegacyText Warning
        "chữ này gõ bằng bảng mã cũ {0}, không phải Unicode" / "có lẽ là “{1}”" / "gõ lại, hoặc chuyển bảng mã bằng UniKey (Ctrl+Shift+F6); chữ như thế này không khớp văn bản nào"
        "this was typed in the old code page {0}, not in Unicode" / "perhaps “{1}”" / "type it again or convert it; text like this matches no document"
    "VT019" TooLarge Error
        "{0} lớn hơn {1}" / "" / "không đọc để giữ an toàn bộ nhớ; kiểm tra có chép nhầm tệp khác vào đây không"
        "{0} is larger than {1}" / "" / "left unread to keep memory bounded; see whether another file was copied here"
    "VT020" UnknownKey Error
        "không có khoá `{0}` trong {1}" / "khoá lạ" / ""
        "there is no key `{0}` in {1}" / "unknown key" / ""
    "VT021" WrongType Error
        "`{0}` phải là {1}" / "ở đây là {2}" / ""
        "`{0}` must be {1}" / "this is {2}" / ""
    "VT022" MissingKey Error
        "thiếu khoá `{0}` trong {1}" / "cần thêm `{0} = …` vào đây" / ""
        "key `{0}` is missing in {1}" / "add `{0} = …` here" / ""
    "VT023" UnknownWord Error
        "`{0}` không phải giá trị của `{1}`" / "giá trị lạ" / "chọn một trong: {2}"
        "`{0}` is no value of `{1}`" / "unknown value" / "choose one of: {2}"
    "VT024" BadValue Error
        "giá trị của `{0}` không hợp lệ" / "cần {1}" / ""
        "the value of `{0}` will not do" / "expected {1}" / ""
    "VT025" BadDate Error
        "`{0}` không phải ngày có trong lịch" / "" / "viết năm-tháng-ngày, ví dụ 2026-03-15, không cần ngoặc kép"
        "`{0}` is no day of the calendar" / "" / "write year-month-day, for example 2026-03-15, without quotes"
    "VT026" ReversedDates Error
        "ngày hết hiệu lực đứng trước ngày bắt đầu" / "kết thúc ngày {1}, trước {0}" / "`from` là ngày đầu, `until` là ngày cuối còn hiệu lực"
        "the validity ends before it begins" / "ends on {1}, before {0}" / "`from` is the first and `until` the last valid day"
    "VT027" Empty Error
        "`{0}` đang để trống" / "cần ít nhất một giá trị" / ""
        "`{0}` is empty" / "at least one value is needed" / ""
    "VT028" BadCode Error
        "mã `{0}` không dùng được" / "" / "mã chỉ gồm chữ thường không dấu, số và dấu -, tối đa {1} ký tự"
        "the code `{0}` will not do" / "" / "codes use lower-case letters, digits and -, at most {1} characters"
    "VT029" TooMany Warning
        "còn {0} chỗ nữa trong {1}, chưa nêu" / "" / "sửa các chỗ đã nêu trước, rồi kiểm tra lại"
        "{0} more findings in {1} are not shown" / "" / "mend those shown first, then check again"
    "VT030" BareSecret Error
        "mật khẩu, khoá bí mật không được viết thẳng vào tệp cấu hình" / "ai đọc được tệp này cũng thấy" / "viết { credential = \"tên\" } (systemd), hoặc { file = \"đường dẫn\" }, rồi đổi mật khẩu đã lộ"
        "a secret must not stand in the settings" / "whoever reads this file sees it" / "write { credential = \"name\" } (systemd) or { file = \"path\" }, and change the secret that leaked"
    "VT031" SecretPlace Error
        "nơi để bí mật phải là đúng một trong `credential`, `file`, `env`" / "" / "ví dụ { credential = \"smtp\" }"
        "a secret has exactly one of `credential`, `file`, `env`" / "" / "for example { credential = \"smtp\" }"
    "VT032" SecretUnread Error
        "không lấy được bí mật `{0}`: {1}" / "" / "systemd: LoadCredential=tên:/đường/dẫn trong tệp dịch vụ; tệp: quyền 0600 cho tài khoản chạy vanthu"
        "cannot get the secret `{0}`: {1}" / "" / "systemd: LoadCredential=name:/path in the unit; file: mode 0600 for vanthu's account"
    "VT033" SecretInEnv Warning
        "bí mật `{0}` lấy từ biến môi trường" / "tiến trình khác có thể đọc được" / "nên dùng credential của systemd hoặc tệp quyền 0600"
        "the secret `{0}` comes from an environment variable" / "other processes may read it" / "prefer a systemd credential or a file of mode 0600"
    "VT034" ShortKey Error
        "khoá ký liên kết `{0}` ngắn hơn 32 byte" / "" / "tạo khoá mới: head -c 32 /dev/urandom | base64"
        "link key `{0}` is shorter than 32 bytes" / "" / "make one: head -c 32 /dev/urandom | base64"
    "VT035" DuplicateId Error
        "mã `{0}` được dùng hai lần trong {1}" / "lần thứ hai" / "mỗi mã chỉ dùng một lần"
        "the code `{0}` is used twice in {1}" / "the second time" / "use each code once"
    "VT036" BadUrl Error
        "`{0}` không phải địa chỉ web dùng được" / "" / "viết đầy đủ, ví dụ https://vanthu.example.vn, không kèm tên đăng nhập, ? hay #"
        "`{0}` is no usable web address" / "" / "write it in full, for example https://vanthu.example.vn, without user name, ? or #"
    "VT037" BadAddress Error
        "`{0}` không phải địa chỉ thư dùng được" / "" / "viết dạng ten@mien.vn, không dấu, không khoảng trắng"
        "`{0}` is no usable mail address" / "" / "write name@domain.vn, ASCII, without spaces"
    "VT038" PlainFar Error
        "`tls = \"plain\"` chỉ dùng được với máy chủ thư trên chính máy này" / "thư và mật khẩu sẽ đi không mã hoá" / "dùng \"implicit\" (cổng 465) hoặc \"starttls\" (cổng 587)"
        "`tls = \"plain\"` is for a mail server on this very machine" / "mail and password would travel in the clear" / "use \"implicit\" (port 465) or \"starttls\" (port 587)"
    "VT039" BadSchedule Error
        "lịch chạy `{0}` không hợp lệ" / "{1}" / "năm trường: phút giờ ngày tháng thứ, ví dụ \"*/5 7-17 * * 1-5\""
        "the schedule `{0}` will not do" / "{1}" / "five fields: minute hour day month weekday, for example \"*/5 7-17 * * 1-5\""
    "VT040" TimeoutOrder Error
        "`{0}` dài hơn `{1}`" / "sẽ không bao giờ hết thời gian này" / "đặt `{0}` ngắn hơn hoặc bằng `{1}`"
        "`{0}` is longer than `{1}`" / "this time will never run out" / "make `{0}` at most `{1}`"
    "VT041" UnknownVariable Warning
        "biến môi trường `{0}` không ứng với thiết lập nào" / "" / "viết VANTHU_<BẢNG>__<KHOÁ>, ví dụ VANTHU_LOG__FILTER; bỏ biến nếu không dùng"
        "environment variable `{0}` sets nothing" / "" / "write VANTHU_<SECTION>__<KEY>, for example VANTHU_LOG__FILTER; or remove it"
    "VT042" HalfLogin Error
        "`username` và `password` của máy chủ thư phải đi cùng nhau" / "" / "thêm khoá còn thiếu hoặc bỏ cả hai"
        "`username` and `password` of the mail server go together" / "" / "add the missing one, or remove both"
    "VT043" NoSettings Error
        "không có tệp cấu hình {0}" / "" / "tạo bộ tệp mẫu: `vanthu init THƯ MỤC`; đã có thì chỉ tới bằng --config hoặc biến VANTHU_CONFIG"
        "there is no settings file {0}" / "" / "make the sample files: `vanthu init FOLDER`; where there are some, point there by --config or VANTHU_CONFIG"
    "VT050" DuplicateUnit Error
        "tổ chức `{0}` được khai hai lần" / "lần thứ hai" / "mỗi mã một tổ chức; đổi tên thì dùng `names`, đổi cấp trên thì dùng `parents`"
        "unit `{0}` is declared twice" / "the second time" / "one unit per code; use `names` for a new name, `parents` for a new parent"
    "VT051" UnknownUnit Error
        "không có tổ chức `{0}`" / "không có trong units.toml" / ""
        "there is no unit `{0}`" / "not in units.toml" / ""
    "VT052" UnknownKind Error
        "không có loại tổ chức `{0}`" / "chưa khai bằng [[kind]]" / ""
        "there is no kind of unit `{0}`" / "not declared by [[kind]]" / ""
    "VT053" UnknownSector Error
        "không có khối ngành `{0}`" / "chưa khai trong [sectors]" / ""
        "there is no sector `{0}`" / "not declared in [sectors]" / ""
    "VT054" Cycle Error
        "cấp trên của các tổ chức quay vòng: {0}" / "vòng lặp vào ngày {1}" / "kiểm tra `parent` của các tổ chức này"
        "the parents of these units run in a circle: {0}" / "circle on {1}" / "check their `parent`"
    "VT055" NoMailbox Warning
        "{0} chưa có hộp thư" / "sẽ không nhận được thư báo nào" / "thêm mailbox = \"…\" hoặc báo bằng đường khác"
        "{0} has no mailbox" / "no notice can reach it" / "add mailbox = \"…\", or tell it another way"
    "VT056" BothForms Error
        "viết `{0}` hoặc `{1}`, không viết cả hai" / "đã có `{0}`" / ""
        "write `{0}` or `{1}`, not both" / "`{0}` is already there" / ""
    "VT057" OutsideParent Warning
        "{0} thuộc {1}, nhưng {1} đã hết hiệu lực" / "" / "khai cấp trên mới bằng `parents`"
        "{0} is under {1}, which has ended" / "" / "declare the new parent by `parents`"
    "VT058" NoLastDay Error
        "{0} có tổ chức tiếp nhận nhưng chưa có ngày kết thúc" / "tiếp nhận từ ngày nào?" / "thêm until = ngày cuối cùng, ví dụ until = 2026-06-30; nơi tiếp nhận gánh việc từ hôm sau"
        "{0} has a successor but no last day" / "takes over from when?" / "add until = its last day, for example until = 2026-06-30; the successor bears its work from the day after"
    "VT059" SuccessionCircle Error
        "các tổ chức tiếp nhận lẫn nhau thành vòng: {0}" / "không ai gánh việc" / "nơi tiếp nhận cuối cùng phải là tổ chức còn hoạt động"
        "the successions run in a circle: {0}" / "nobody would bear the work" / "the last successor must be a unit that goes on"
    "VT060" OtherYear Error
        "ngày {0} không thuộc năm {1}" / "" / "chuyển sang tệp của năm đó"
        "{0} is not in {1}" / "" / "move it to the file of its year"
    "VT061" OffAndWork Error
        "ngày {0} vừa nghỉ vừa làm bù" / "" / "giữ lại một trong [off] và [work]"
        "{0} is both off and worked" / "" / "keep it in one of [off] and [work]"
    "VT062" Unconfirmed Warning
        "lịch năm {0} chưa được xác nhận" / "`confirmed = false`" / "khi có thông báo chính thức: sửa ngày cho khớp, rồi vanthu calendar confirm {0} --notice SỐ --by NGƯỜI"
        "the calendar of {0} is not confirmed" / "`confirmed = false`" / "once the notice is out: mend the days, then vanthu calendar confirm {0} --notice NUMBER --by NAME"
    "VT063" MissingYear Warning
        "chưa có lịch năm {0}" / "" / "lập {1} bằng vanthu calendar draft {0}; đến khi xác nhận, hạn tính qua năm {0} chỉ là tạm tính"
        "there is no calendar of {0}" / "" / "draft {1} by vanthu calendar draft {0}; until it is confirmed dues that reach into {0} are provisional"
    "VT064" BadHours Error
        "giờ làm việc `{0}` không hợp lệ" / "" / "viết \"07:30-11:30\", theo thứ tự trong ngày, không chồng nhau"
        "the office hours `{0}` will not do" / "" / "write \"07:30-11:30\", in the order of the day, not overlapping"
    "VT065" UnknownZone Error
        "không có múi giờ `{0}`" / "" / "ở Việt Nam: \"Asia/Ho_Chi_Minh\""
        "there is no time zone `{0}`" / "" / "in Vietnam: \"Asia/Ho_Chi_Minh\""
    "VT066" AlreadyWorked Warning
        "{0} vốn là ngày làm việc" / "không cần ghi làm bù" / "kiểm tra lại ngày"
        "{0} is a working day anyway" / "nothing to make up" / "check the day"
    "VT067" NoBasis Error
        "lịch đã xác nhận phải ghi số văn bản vào `basis`" / "" / "ví dụ basis = \"12729/VPCP-KGVX\"; chưa có văn bản thì đặt confirmed = false"
        "a confirmed calendar names its notice in `basis`" / "" / "for example basis = \"12729/VPCP-KGVX\"; without one set confirmed = false"
    "VT070" DuplicateRule Error
        "quy tắc `{0}` được viết hai lần" / "lần thứ hai" / "đổi `id` của một trong hai; xem cả các tệp khác trong rules.d"
        "rule `{0}` is written twice" / "the second time" / "change the `id` of one; look in the other files of rules.d too"
    "VT071" BadRegex Error
        "biểu thức chính quy viết sai" / "{0}" / "thường thiếu ngoặc đóng hoặc thừa dấu *, +, ?; dấu chấm thật thì viết \\."
        "the regular expression is wrong" / "{0}" / "often a missing bracket or a stray *, +, ?; a real dot reads \\."
    "VT072" UnknownLadder Error
        "không có bậc nhắc `{0}`" / "chưa khai bằng [[ladder]]" / ""
        "there is no ladder `{0}`" / "not declared by [[ladder]]" / ""
    "VT073" NoTarget Error
        "quy tắc `{0}` không nói giao cho ai" / "cần `to` hoặc `nobody`" / "giao việc: to = { kind = [\"base-cell\"] }; chủ ý không giao: nobody = \"lý do\""
        "rule `{0}` does not say who must act" / "needs `to` or `nobody`" / "to assign: to = { kind = [\"base-cell\"] }; to leave it on purpose: nobody = \"reason\""
    "VT074" Needless Error
        "`{0}` không đi cùng `nobody`" / "" / "bỏ `nobody` nếu có giao việc; bỏ `{0}` nếu chủ ý không giao"
        "`{0}` does not go with `nobody`" / "" / "remove `nobody` to assign, `{0}` to leave it on purpose"
    "VT075" LadderWanted Error
        "quy tắc `{0}` có hạn nhưng không có bậc nhắc" / "đến hạn sẽ không ai được nhắc" / "thêm ladder = \"standard\""
        "rule `{0}` has a due but no ladder" / "nobody would be reminded" / "add ladder = \"standard\""
    "VT076" BadDue Error
        "không hiểu hạn `{0}`" / "" / "viết \"document\", \"text\", \"fixed 2026-03-15\", \"15 working days\", \"30 days\", \"weekly on fri\", \"monthly on 25\", \"quarterly on 15\", \"yearly on 12-15\", nối bằng \", else \""
        "the due `{0}` is not understood" / "" / "write \"document\", \"text\", \"fixed 2026-03-15\", \"15 working days\", \"30 days\", \"weekly on fri\", \"monthly on 25\", \"quarterly on 15\", \"yearly on 12-15\", joined by \", else \""
    "VT077" BadStep Error
        "không hiểu thời điểm nhắc `{0}`" / "" / "viết \"due - 3 working days\", \"due\", \"acknowledge + 1 working day\", \"notice + 2 working hours\""
        "the step's time `{0}` is not understood" / "" / "write \"due - 3 working days\", \"due\", \"acknowledge + 1 working day\", \"notice + 2 working hours\""
    "VT078" NotACell Error
        "{0} không phải chi bộ nên không giao việc được" / "" / "giao cho các chi bộ thuộc tổ chức này: subtree = [\"{1}\"]"
        "{0} is no cell and cannot be obliged" / "" / "to oblige the cells below it: subtree = [\"{1}\"]"
    "VT079" NobodyChosen Warning
        "quy tắc `{0}` không chọn được chi bộ nào" / "không chi bộ nào thoả" / "nới `kind`, `sector` hoặc kiểm tra units.toml"
        "rule `{0}` chooses no cell" / "no cell fits" / "widen `kind`, `sector`, or check units.toml"
    "VT080" DeadStep Warning
        "bậc nhắc `{0}` có bước tính từ `{1}` nhưng quy tắc `{2}` không đặt mốc đó" / "các bước đó sẽ không bao giờ chạy" / "thêm `{3}` hoặc chọn bậc nhắc khác"
        "ladder `{0}` counts steps from `{1}`, which rule `{2}` does not set" / "those steps never come" / "add `{3}`, or choose another ladder"
    "VT081" MatchesAll Warning
        "quy tắc `{0}` không có điều kiện nên khớp với mọi văn bản" / "`when` trống" / "thêm điều kiện vào `when`, hoặc chuyển quy tắc xuống cuối"
        "rule `{0}` has no condition and matches every document" / "`when` is empty" / "add a condition to `when`, or move the rule to the end"
    "VT082" NoRules Warning
        "không có quy tắc nào trong {0}" / "" / "mọi văn bản sẽ nằm chờ; xem tệp mẫu 10-chung.toml"
        "there is no rule in {0}" / "" / "every document will be held; see the sample 10-chung.toml"
    "VT083" UnknownSource Error
        "không có nguồn văn bản `{0}`" / "chưa khai bằng [[source]]" / ""
        "there is no source `{0}`" / "not declared by [[source]]" / ""
    "VT084" DuplicateLadder Error
        "bậc nhắc `{0}` được khai hai lần" / "lần thứ hai" / "đổi tên một trong hai"
        "ladder `{0}` is declared twice" / "the second time" / "rename one of them"
    "VT085" UnknownRule Error
        "không có quy tắc `{0}`" / "" / ""
        "there is no rule `{0}`" / "" / ""
    "VT086" DoubleEntry Warning
        "`{0}` được ghi hai lần" / "bỏ mục thừa" / ""
        "`{0}` is listed twice" / "remove the second" / ""
    "VT087" BadDays Error
        "không hiểu `{0}`" / "" / "viết \"1 working day\" hoặc \"3 working days\""
        "`{0}` is not understood" / "" / "write \"1 working day\" or \"3 working days\""
    "VT088" NeverRead Warning
        "quy tắc `{0}` không bao giờ được đọc tới" / "đứng sau quy tắc `{1}`" / "`{1}` khớp với mọi văn bản và có final = true; hãy chuyển nó xuống cuối"
        "rule `{0}` is never read" / "it stands after rule `{1}`" / "`{1}` matches every document and is final; move it to the end"
    "VT089" UnknownTag Error
        "không có tổ chức nào mang thẻ `{0}`" / "không thấy trong units.toml" / "thẻ ghi ở tổ chức: tags = [\"{0}\"]"
        "no unit bears the tag `{0}`" / "not found in units.toml" / "tags stand with the unit: tags = [\"{0}\"]"
    "VT090" TestFailed Error
        "kiểm thử không đạt: {0}" / "mong đợi {1}, thực tế {2}" / "xem lý do từng quy tắc: vanthu rules explain"
        "the test failed: {0}" / "expected {1}, got {2}" / "see the reasons: vanthu rules explain"
    "VT100" Shadowed Warning
        "quy tắc `{0}` bị quy tắc `{1}` che khuất" / "không bao giờ được đọc tới" / "`{1}` khớp mọi văn bản mà `{0}` khớp, và có final = true; chuyển `{0}` lên trên `{1}`, hoặc xoá `{0}`"
        "rule `{0}` is shadowed by rule `{1}`" / "never read" / "`{1}` matches whatever `{0}` matches and is final; move `{0}` above it, or remove `{0}`"
    "VT101" NeverMatches Warning
        "quy tắc `{0}` không bao giờ khớp" / "{1}" / "sửa hoặc bỏ một trong hai điều kiện trái nhau"
        "rule `{0}` never matches" / "{1}" / "change or remove one of the two conditions"
    "VT102" Redundant Warning
        "quy tắc `{0}` thừa: quy tắc `{1}` đã giao đúng việc ấy" / "bỏ đi không thay đổi gì" / "xoá `{0}`, hoặc cho nó một hạn, vai trò, phạm vi khác"
        "rule `{0}` is redundant: rule `{1}` asks the same of the same cells" / "removing it changes nothing" / "remove `{0}`, or give it another due, role or target"
    "VT103" Contradiction Warning
        "quy tắc `{0}` và `{1}` cùng điều kiện nhưng trái nhau" / "{2}" / "giữ lại một quy tắc; khi cả hai cùng khớp thì lấy vai trò nặng nhất và hạn sớm nhất, không đúng ý bên nào"
        "rules `{0}` and `{1}` have the same conditions and contradict each other" / "{2}" / "keep one; both contribute, so the result is what neither of them says"
    "VT104" Generalised Warning
        "`nobody` của quy tắc `{0}` không có tác dụng: quy tắc `{1}` rộng hơn vẫn giao việc" / "văn bản nào khớp ở đây cũng khớp `{1}`" / "đặt `{0}` lên trên `{1}` và thêm final = true, nếu chủ ý không giao"
        "`nobody` of rule `{0}` has no effect: rule `{1}` generalises it and assigns" / "whatever matches here matches `{1}` too" / "put `{0}` above `{1}` and make it final, if nobody is meant"
    "VT105" Correlated Warning
        "quy tắc `{0}` (không giao) và `{1}` (giao việc) cùng khớp một văn bản" / "phép thử này khớp cả hai" / "việc vẫn được giao; nếu chủ ý không giao thì đặt `{0}` lên trên và thêm final = true"
        "rules `{0}` (nobody) and `{1}` (assigns) correlate: one document matches both" / "this test matches both" / "the work is assigned; if nobody is meant, put `{0}` first and make it final"
    "VT106" Unreached Warning
        "không quy tắc nào giao việc cho {0}" / "chưa quy tắc nào chọn chi bộ này" / "thêm chi bộ vào `to` của một quy tắc; nếu chủ ý thì ghi # vanthu: allow VT106 – lý do"
        "no rule assigns work to {0}" / "no rule chooses this cell" / "add it to the `to` of a rule; if this is meant, write # vanthu: allow VT106 – reason"
    "VT107" DeadMailbox Warning
        "{0} không còn hộp thư nào có hiệu lực vào ngày {1}" / "thư báo sẽ không gửi được" / "thêm hộp thư mới, hoặc sửa `from`, `until` của hộp thư"
        "{0} has no mailbox that is valid on {1}" / "no notice can reach it" / "add a new mailbox, or mend `from` and `until`"
    "VT108" DueBeforeNotice Warning
        "hạn cố định {0} của quy tắc `{1}` đứng trước ngày báo việc" / "{2}" / "sửa ngày sau `fixed`, hoặc dùng hạn tính theo ngày, ví dụ \"15 working days\""
        "the fixed due {0} of rule `{1}` lies before the notice" / "{2}" / "change the day after `fixed`, or count days, for example \"15 working days\""
    "VT109" AcknowledgeAfterDue Warning
        "quy tắc `{0}` cho xác nhận trong {1} ngày làm việc, dài hơn hạn xong việc" / "hạn xong chỉ có {2} ngày" / "rút ngắn `acknowledge_within` hoặc kéo dài `due`"
        "rule `{0}` grants {1} working days to acknowledge, longer than its due" / "due after {2} days" / "shorten `acknowledge_within` or lengthen `due`"
    "VT110" LadderTooLong Warning
        "bước {0} của bậc nhắc `{1}` không hợp với hạn của quy tắc `{2}`" / "{3}" / "chọn bậc nhắc ngắn hơn hoặc kéo dài hạn"
        "step {0} of ladder `{1}` does not fit the due of rule `{2}`" / "{3}" / "choose a shorter ladder or a longer due"
    "VT111" Expired Warning
        "quy tắc `{0}` đã hết hiệu lực sau ngày {1}" / "từ đó không khớp văn bản nào" / "xoá quy tắc hoặc sửa `until`; việc đã giao không bị ảnh hưởng"
        "rule `{0}` expired after {1}" / "it matches nothing since" / "remove the rule or change `until`; work already assigned is not touched"
    "VT112" DeadPattern Warning
        "biểu thức chính quy có chỗ không bao giờ khớp: {0}" / "văn bản được so ở dạng đã chuẩn hoá" / "văn bản được đổi sang chữ thường, một dấu cách, gạch nối - trước khi so; viết mẫu theo dạng ấy"
        "a part of the regular expression can never match: {0}" / "texts are compared in normalised form" / "texts become lower case with single spaces and plain - before they are compared; write the pattern so"
    "VT113" AccentTwins Warning
        "`{0}` chỉ khác dấu với `{1}`" / "có phải gõ thiếu hoặc sai dấu?" / "sửa cho giống nhau; nếu cố ý so không dấu thì dùng accent_free = true"
        "`{0}` differs from `{1}` by accents only" / "mistyped?" / "make them equal; to compare without accents use accent_free = true"
    "VT114" Untested Warning
        "chưa phép thử nào khớp quy tắc `{0}`" / "chưa được thử" / "thêm một [[test]] cạnh quy tắc: văn bản nào thì giao cho ai, hạn nào"
        "no test matches rule `{0}`" / "untested" / "add a [[test]] beside it: which document obliges whom by when"
    "VT115" Unused Warning
        "90 ngày qua không văn bản nào khớp quy tắc `{0}`" / "đã xét {1} văn bản trong sổ" / "xem lại điều kiện bằng vanthu rules explain, hoặc xoá quy tắc không còn dùng"
        "no document of the last 90 days matches rule `{0}`" / "{1} documents of the register were tried" / "look at its conditions with vanthu rules explain, or remove it"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(words: Words) -> Vec<char> {
        let text = [words.title, words.label, words.help].concat();
        let after = text.split('{').skip(1).filter_map(|rest| rest.chars().next());
        let mut found: Vec<char> = after.collect();
        found.retain(char::is_ascii_digit);
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn numbers_are_unique_and_in_order() {
        let ids: Vec<_> = Code::ALL.iter().map(|code| code.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for code in Code::ALL {
            let (vi, en) = (code.words(Language::Vi), code.words(Language::En));
            assert_eq!(placeholders(vi), placeholders(en), "{}", code.id());
            assert_eq!(vi.label.is_empty(), en.label.is_empty(), "{}", code.id());
            assert_eq!(vi.help.is_empty(), en.help.is_empty(), "{}", code.id());
            assert!(!vi.title.is_empty() && !en.title.is_empty(), "{}", code.id());
        }
    }
}
