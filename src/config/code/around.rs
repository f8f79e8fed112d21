//! The table goes on: findings about what surrounds rules, from VT120 on. Apart only because one file of all
//! would be too long to read.

/// Puts the codes of this file behind those it is given.
macro_rules! around_codes {
    ($($before:tt)*) => {
        codes! {
            $($before)*
            "VT120" AllowWithoutReason Error
                "bỏ qua {0} mà không nêu lý do" / "thiếu lý do" / "viết # vanthu: allow {0} – lý do"
                "{0} is allowed without a reason" / "the reason is missing" / "write # vanthu: allow {0} – reason"
            "VT121" AllowUnknown Error
                "không hiểu dòng bỏ qua: `{0}`" / "không đúng dạng, hoặc không có mã này" / "viết # vanthu: allow VT106 – lý do; mỗi dòng một mã"
                "this allowance is not understood: `{0}`" / "not of this form, or no such code" / "write # vanthu: allow VT106 – reason; one code a line"
            "VT122" AllowError Error
                "{0} là lỗi nên không bỏ qua được" / "chỉ cảnh báo mới bỏ qua được" / "sửa lỗi rồi xoá dòng này"
                "{0} is an error and cannot be allowed" / "only warnings can" / "mend the error and remove this line"
            "VT123" AllowUnused Warning
                "{0} được bỏ qua ở đây nhưng không còn xuất hiện" / "không còn cần" / "xoá dòng này"
                "{0} is allowed here but does not occur" / "no longer needed" / "remove this line"
            "VT124" AllowNowhere Warning
                "dòng bỏ qua này không đứng ngay trên mục nào" / "không có tác dụng" / "đặt ngay trên dòng [[rule]] hoặc [[unit]] mà nó nói tới"
                "this allowance does not stand right above an entry" / "without effect" / "put it right above the [[rule]] or [[unit]] it speaks of"
            "VT130" NotASuccessor Error
                "`{0}` không nằm trong `successors`" / "" / "`heir` là một trong các tổ chức tiếp nhận: {1}"
                "`{0}` is not among the `successors`" / "" / "`heir` is one of the successors: {1}"
            "VT131" NoHeir Warning
                "{0} chia thành nhiều tổ chức nhưng chưa nói ai nhận việc đang dở" / "cần chọn một" / "thêm heir = \"{1}\"; chưa chọn thì việc đang dở chờ văn thư quyết định"
                "{0} is split, but who takes its open work is not said" / "choose one" / "add heir = \"{1}\"; without it the open work waits for a decision"
            "VT132" NotYet Warning
                "{0} đến ngày {2} mới thành lập nhưng phải tiếp nhận từ ngày {1}" / "có khoảng trống" / "sửa `from` của nơi tiếp nhận hoặc `until` của tổ chức kết thúc; ở giữa, việc chờ văn thư"
                "{0} begins on {2} but should take over on {1}" / "there is a gap" / "mend `from` of the successor or `until` of the unit that ends; in between the work waits for staff"
            "VT133" HeirNoCell Warning
                "{0} không phải chi bộ nên không nhận được việc của {1}" / "" / "chọn chi bộ tiếp nhận; nếu không, việc đang dở chờ văn thư quyết định"
                "{0} is no cell and cannot take the work of {1}" / "" / "name a cell; otherwise the open work waits for a decision"
            "VT134" TooDeep Error
                "{0} nằm sâu quá {1} cấp" / "" / "kiểm tra `parent`; thường do khai nhầm cấp trên nối đuôi nhau"
                "{0} stands more than {1} levels deep" / "" / "check `parent`; usually parents were chained by mistake"
            "VT135" NotItsAddress Error
                "`{0}` không phải hộp thư của {1}" / "" / "viết đúng một địa chỉ của tổ chức đó; bỏ `mailbox` nếu vắng cả tổ chức"
                "`{0}` is no mailbox of {1}" / "" / "write one of its addresses; leave `mailbox` out if all are away"
            "VT136" NoSuchPost Error
                "{1} không có hộp thư của chức danh `{0}`" / "" / "`deputy` là một địa chỉ thư, hoặc chức danh (`post`) của hộp thư khác trong tổ chức"
                "{1} has no mailbox of the post `{0}`" / "" / "`deputy` is an address, or the `post` of another mailbox of the unit"
            "VT137" NobodyReads Warning
                "trong thời gian vắng này không ai đọc thư của {0}" / "" / "thêm deputy = \"địa chỉ người nhận thay\""
                "nobody reads the mail of {0} during this absence" / "" / "add deputy = \"address of who reads it instead\""
            "VT140" BadTemplate Error
                "mẫu thư không dùng được: {0}" / "" / "sửa mẫu theo tệp mẫu cùng tên, hoặc xoá tệp để dùng mẫu có sẵn"
                "the mail template cannot be used: {0}" / "" / "mend it after the sample of the same name, or remove it to use the embedded one"
            "VT150" TaskNoTarget Error
                "việc `{0}` không nói giao cho ai" / "cần `lead`, `support`, `inform` hoặc `to`" / "viết ngay trong việc này, ví dụ lead = { kind = [\"base-cell\"] }, hoặc viết `to` chung cho cả quy tắc"
                "task `{0}` does not say who must act" / "needs `lead`, `support`, `inform` or `to`" / "write it in the task, for example lead = { kind = [\"base-cell\"] }, or one `to` for the whole rule"
            "VT151" IdleKey Warning
                "`{0}` của quy tắc này không có tác dụng" / "việc nào cũng tự ghi riêng" / "bỏ dòng này, hoặc bỏ phần riêng ở những việc muốn dùng chung"
                "`{0}` of this rule does nothing" / "every task has its own" / "remove this line, or what the tasks that should share it have of their own"
            "VT152" UnknownTask Error
                "không có việc `{0}` trong quy tắc nào" / "chưa khai bằng [[rule.task]]" / ""
                "no rule has a task `{0}`" / "not declared by [[rule.task]]" / ""
            "VT160" SheetUnread Error
                "không đọc được bảng {0}: {1}" / "" / "lưu lại dạng .xlsx (Excel 2007 trở lên) hoặc .csv với bảng mã UTF-8"
                "cannot read the sheet {0}: {1}" / "" / "save it as .xlsx (Excel 2007 or later) or as .csv in UTF-8"
            "VT161" OldFont Error
                "cột này gõ bằng bảng mã cũ {0}: “{1}”" / "" / "chuyển cả bảng sang Unicode (UniKey: Ctrl+Shift+F6), xem lại rồi nhập"
                "this column is typed in the old code page {0}: “{1}”" / "" / "convert the sheet to Unicode, look at it, and import again"
            "VT162" NoHeading Error
                "không thấy dòng tiêu đề" / "" / "cần một dòng có cột “Tên tổ chức” và ít nhất một cột khác: Mã, Loại, Khối, Trực thuộc, Hộp thư …"
                "there is no heading line" / "" / "one line must have the column “Tên tổ chức” and at least one other: Mã, Loại, Khối, Trực thuộc, Hộp thư …"
            "VT163" UnknownColumn Warning
                "không hiểu cột “{0}”, bỏ qua cột này" / "" / "các cột hiểu được: {1}"
                "column “{0}” is not understood and passed over" / "" / "columns that are: {1}"
            "VT164" SameName Error
                "có {0} tổ chức cùng tên “{1}”" / "" / "ghi mã vào cột Mã: {2}"
                "{0} units are called “{1}”" / "" / "write the code into the column Mã: {2}"
            "VT165" RowTwice Error
                "tổ chức `{0}` đứng ở hai dòng" / "" / "giữ lại một; dòng trước: {1}"
                "unit `{0}` stands on two lines" / "" / "keep one; the earlier line: {1}"
            "VT166" RowIncomplete Error
                "“{0}” là tổ chức mới nhưng thiếu {1}" / "" / "điền ô này rồi nhập lại"
                "“{0}” is a new unit but lacks {1}" / "" / "fill in the cell and import again"
            "VT167" SheetDate Error
                "“{0}” không phải ngày" / "" / "viết ngày/tháng/năm, ví dụ 15/03/2026"
                "“{0}” is no day" / "" / "write day/month/year, for example 15/03/2026"
            "VT168" Dated Error
                "{0} đã có nhiều {1} theo thời gian nên không ghi đè được" / "" / "nói ngày bắt đầu của giá trị mới: thêm --as-of 2026-07-01"
                "{0} has had several values for {1} and cannot just be overwritten" / "" / "say from when the new one holds: add --as-of 2026-07-01"
            "VT169" SheetWord Error
                "“{0}” không phải {1} đã khai" / "" / "{2}"
                "“{0}” is no declared {1}" / "" / "{2}"
            "VT170" PlainAxis Error
                "văn bản sẽ đi qua mạng không mã hoá đến `{0}`" / "" / "dùng https; nếu trục chỉ có http trên mạng số liệu chuyên dùng thì thêm plain_http = true"
                "documents would travel unencrypted to `{0}`" / "" / "use https; where the axis has http alone, on a closed network, add plain_http = true"
            "VT171" PlainSecret Error
                "mật khẩu sẽ đi qua mạng không mã hoá đến `{0}`" / "" / "dùng https; chứng thư riêng của tỉnh thì khai trong ca_file"
                "passwords would travel unencrypted to `{0}`" / "" / "use https; name the province's own authority in ca_file"
            "VT172" WindowOrder Error
                "`{0}` dài hơn `{1}`" / "" / "`{1}` là lần đọc lùi xa mỗi ngày một lần, phải dài bằng hoặc hơn `{0}`"
                "`{0}` is longer than `{1}`" / "" / "`{1}` reaches further back, once a day, and must be at least as long as `{0}`"
            "VT173" NotHeader Error
                "`{0}` không dùng được: “{1}”" / "" / "chép đúng giá trị trục đã cấp: chữ không dấu, số, không khoảng trắng"
                "`{0}` will not do: “{1}”" / "" / "copy what the axis gave: plain letters and digits, no white space"
            "VT174" StatusesNoOrgan Error
                "`{0}` được đặt nhưng nguồn `{1}` chưa khai organ" / "sẽ không báo gì" / "thêm organ = mã định danh đã đăng ký với trục, hoặc bỏ khoá này"
                "`{0}` is set but source `{1}` has no organ" / "nothing would be told" / "add organ, the mã định danh registered with the axis, or remove this key"
            "VT175" SharedFolder Error
                "thư mục {0} trùng hoặc nằm trong thư mục của nguồn khác" / "hai nguồn sẽ lấy tệp của nhau" / "mỗi nguồn một thư mục riêng, không lồng nhau"
                "folder {0} is, or lies within, the folder of another source" / "they would take each other's files" / "give each source a folder of its own"
            "VT176" FolderUnusable Warning
                "thư mục {0}: {1}" / "chưa nhận được tệp" / "tạo thư mục, gắn lại ổ mạng, hoặc cho tài khoản chạy vanthu quyền đọc và ghi"
                "folder {0}: {1}" / "no files can be taken" / "make it, mount the share, or let vanthu's account read and write there"
            "VT177" UnmarkedWithheld Warning
                "`directives` đang bật nhưng mọi thông tin chỉ đạo sẽ bị giữ lại" / "mục này không có trường độ mật" / "nếu văn phòng bảo đảm mục này chỉ có nội dung không mật thì ghi unmarked_directives = \"open\"; không thì đặt directives = \"off\""
                "`directives` is on, yet every directive will be withheld" / "the module has no secrecy field" / "if the office vouches that it carries open texts only, write unmarked_directives = \"open\"; else directives = \"off\""
            "VT178" FieldTwice Error
                "tên trường `{0}` đứng ở cả `{1}` và `{2}`" / "tên này mang hai nghĩa" / "một trường chỉ mang một nghĩa: giữ lại ở một khoá"
                "field name `{0}` stands under both `{1}` and `{2}`" / "this name means two things" / "a field means one thing: keep it under one key"
            "VT185" BadHeartbeat Error
                "địa chỉ báo nhịp `{0}` không gọi được" / "" / "bí mật này phải là một địa chỉ đầy đủ, ví dụ https://nhip.mau.example/ma-rieng"
                "the heartbeat's address `{0}` cannot be called" / "" / "this secret must hold a whole address, for example https://beat.example.org/own-code"
            "VT190" UnknownOrder Error
                "operations.order nêu nguồn `{0}` chưa khai" / "" / "các nguồn đã khai: {1}"
                "operations.order names source `{0}`, which is not declared" / "" / "declared sources: {1}"
            "VT191" BadOrgan Error
                "“{0}” không có dạng mã định danh" / "" / "viết như H37.10.02 hoặc 000.00.00.H41: chữ hoa, số và dấu chấm"
                "“{0}” has not the form of a mã định danh" / "" / "write it like H37.10.02 or 000.00.00.H41: capitals, digits and dots"
            "VT195" StatusByHand Error
                "trạng thái {0} không để máy tự báo" / "việc của văn thư" / "máy chỉ tự báo được 01, 03, 05, 06; các trạng thái khác do người báo: vanthu upstream send"
                "status {0} is not a machine's to tell" / "an act of the văn thư" / "by itself only 01, 03, 05, 06 are told; a person tells the others: vanthu upstream send"
            "VT196" StatusesNowhere Error
                "`{0}` được đặt nhưng nguồn `{1}` chưa có cách nhận trạng thái" / "sẽ không báo gì" / "{2}"
                "`{0}` is set but there is no way to tell source `{1}`" / "nothing would be told" / "{2}"
            "VT200" StepBackwards Warning
                "bước {0} đến trước bước {1} viết ở trên" / "thời điểm lùi lại" / "xếp các bước theo thứ tự thời gian, để số bước trong nhật ký đọc được"
                "step {0} comes before step {1} above it" / "the time goes back" / "put the steps in the order of time, so that their numbers can be read in the journal"
            "VT201" StepBeforeNotice Error
                "bước {0} không sau lúc báo việc nên không bao giờ đến" / "thư báo việc đã nói điều đó" / "viết notice + 1 working day, hoặc notice + 2 working hours cho văn bản hoả tốc"
                "step {0} is not after the notice and never comes" / "the notice says the same" / "write notice + 1 working day, or notice + 2 working hours for express documents"
            "VT202" StepsTogether Error
                "bước {0} trùng lúc và trùng nơi nhận với bước {1}" / "một nơi nhận, một lúc, hai bước" / "giữ bước nghiêm hơn, hoặc dời một bước sang ngày khác"
                "step {0} falls together with step {1} to the same recipient" / "one recipient, one time, two steps" / "keep the sterner one, or move one to another day"
            "VT203" StepAfterLast Warning
                "bước {0} nhẹ hơn mà đứng sau bước {1} yêu cầu kiểm điểm" / "đã đến bước cuối" / "đặt bước này lên trước, hoặc gửi nơi khác: to = \"office\", to = \"leadership\""
                "step {0} is milder and stands after step {1}, which demands a review" / "after the last step" / "put it earlier, or send it elsewhere: to = \"office\", to = \"leadership\""
            "VT204" NoLeadership Warning
                "bước {0} gửi lãnh đạo nhưng units.toml chưa ghi `leadership`" / "thư sẽ đến văn phòng" / "thêm leadership = \"mã tổ chức\" vào đầu units.toml, hoặc viết to = \"office\""
                "step {0} writes to the leadership, but units.toml names none" / "the mail goes to the office" / "add leadership = \"code of a unit\" at the top of units.toml, or write to = \"office\""
            "VT205" BadHaste Error
                "không hiểu mức rút ngắn `{0}`" / "phải từ 10% đến 100%" / "viết \"50%\", hoặc tên một bậc nhắc khác, ví dụ \"urgent\""
                "the shortening `{0}` is not understood" / "must be from 10% to 100%" / "write \"50%\", or the name of another ladder, for example \"urgent\""
            "VT206" SwapAtRest Warning
                "ngày {0} vốn đã nghỉ nên không đổi được ngày nào" / "ngày này là {1}" / "kiểm tra ngày trong thông báo hoán đổi: bên trái là ngày làm việc được nghỉ"
                "{0} is a day of rest already, so nothing is swapped" / "it is {1}" / "check the notice: on the left stands the working day that is given off"
            "VT210" TooManyFigures Error
                "quy tắc hỏi {0} số liệu, nhiều hơn {1}" / "từ đây là quá nhiều" / "giữ những số liệu cần tổng hợp; phần khác để trong báo cáo"
                "the rule asks for {0} figures, more than {1}" / "too many from here on" / "keep those that are added up; leave the rest to the report"
            "VT211" LongFigure Error
                "tên số liệu dài quá {0} chữ" / "không vừa một dòng trên điện thoại" / "rút gọn, ví dụ \"Số đảng viên dự (người)\""
                "the name of this figure is longer than {0} letters" / "it does not fit a phone" / "shorten it, for example \"Số đảng viên dự (người)\""
            "VT212" FiguresUnasked Warning
                "`figures` không có tác dụng ở đây" / "việc này không phải thực hiện hay báo cáo" / "thêm \"report\" vào `owes`, hoặc bỏ `figures`"
                "`figures` does nothing here" / "nothing is to be done or reported" / "add \"report\" to `owes`, or remove `figures`"
            "VT220" BadDkimKey Error
                "khoá DKIM `{0}` không dùng được: {1}" / "" / "tạo khoá mới: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem"
                "DKIM key `{0}` cannot be used: {1}" / "" / "make one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem"
            "VT221" UnknownField Error
                "mẫu thư dùng `{0}` nhưng thư không có mục này" / "tên lạ" / "các tên dùng được: vanthu templates fields"
                "the template uses `{0}`, which no letter has" / "unknown name" / "the names that can be used: vanthu templates fields"
            "VT222" BadDomain Error
                "`{0}` không phải tên miền" / "" / "viết dcs.vn, hoặc *.dcs.vn cho mọi tên miền bên dưới; tên miền có dấu viết dạng xn--"
                "`{0}` is no domain" / "" / "write dcs.vn, or *.dcs.vn for all below it; a domain with accents in its xn-- form"
            "VT223" OutsideMailbox Warning
                "hộp thư `{0}` của {1} không thuộc tên miền nào trong `mail.domains`" / "thư tới đây sẽ bị giữ lại" / "sửa địa chỉ nếu gõ nhầm; nếu đúng thì thêm tên miền vào mail.domains"
                "mailbox `{0}` of {1} lies in no domain of `mail.domains`" / "mails to it will be held" / "mend the address if it is a slip; else add its domain to mail.domains"
            "VT224" ShadowedMail Warning
                "đang chạy thử: mọi thư gửi tới `{0}`, chi bộ không nhận được thư nào" / "chưa gửi thật" / "bỏ dòng `shadow` khi đưa vào dùng thật; nên bắt đầu với sổ mới"
                "trial run: every mail goes to `{0}`, no cell is told" / "not for real" / "remove `shadow` to send for real; best begin with a new register"
            "VT225" ForeignAddress Error
                "địa chỉ thư `{0}` có chữ có dấu" / "nhiều máy chủ thư không nhận" / "gõ lại phần trước @ không dấu; tên miền có dấu viết dạng xn--"
                "the mail address `{0}` has letters beyond ASCII" / "many mail servers refuse it" / "write the part before @ in plain letters, a domain with accents in its xn-- form"
            "VT226" LongAddress Error
                "địa chỉ thư quá dài: {0} ký tự" / "" / "trước @ tối đa 64 ký tự, cả địa chỉ tối đa 254 ký tự; kiểm tra có dán nhầm nhiều địa chỉ vào một ô không"
                "the mail address is too long: {0} characters" / "" / "at most 64 before @ and 254 in all; see whether several addresses were pasted into one"
            "VT227" BrokenAddress Error
                "địa chỉ thư `{0}` có ký tự xuống dòng hoặc ký tự điều khiển" / "có thể chèn thêm người nhận vào thư" / "gõ lại địa chỉ trên một dòng, mỗi mục một địa chỉ"
                "the mail address `{0}` holds a line break or a control character" / "it could smuggle further recipients in" / "type it again on one line, one address an entry"
            "VT228" Unaligned Warning
                "chữ ký DKIM của `{0}` không được tính cho người gửi ở `{1}`" / "DMARC so hai tên miền này" / "ký bằng tên miền của `from`, hoặc tên miền ngay trên nó"
                "a DKIM signature of `{0}` does not count for a sender at `{1}`" / "DMARC compares the two" / "sign with the domain of `from`, or one above it"
            "VT229" StrayTemplate Warning
                "tệp mẫu `{0}` không được dùng" / "không mẫu nào mang tên này" / "các tên được dùng: {1}"
                "template file `{0}` is not used" / "no template has this name" / "names that are: {1}"
            "VT240" BadFolder Error
                "tên thư mục thư `{0}` không dùng được" / "" / "chỉ dùng chữ cái không dấu, chữ số và dấu câu thông thường, trừ & % * \" \\ ( ) và ngoặc nhọn"
                "the folder's name `{0}` will not do" / "" / "use printable ASCII, but not & % * \" \\ ( ) or braces"
            "VT241" SameFolder Error
                "thư mục cho thư đã xử lý `{0}` cũng là thư mục đang đọc" / "thư nào cũng sẽ được đọc mãi" / "đặt `handled` khác `folder`"
                "the folder for what was dealt with, `{0}`, is the one that is read" / "every message would be read for ever" / "make `handled` another folder"
            "VT242" NoTag Error
                "địa chỉ gửi {0} không gắn mã được" / "" / "phần trước @ của mail.from phải chưa có dấu + và không quá 31 chữ; hoặc bỏ `tagged`"
                "the sender's address {0} has no room for a tag" / "" / "what stands before the @ in mail.from must have no + and at most 31 letters; or remove `tagged`"
            "VT250" BadStoreUrl Error
                "`store.url` không phải địa chỉ của một sổ trên PostgreSQL" / "cần tài khoản, máy chủ và tên cơ sở dữ liệu" / "viết như postgres://vanthu@db.tinhuy.example/vanthu?sslmode=verify-full"
                "`store.url` is not the address of a register on PostgreSQL" / "it needs a user, a server and a database" / "write it like postgres://vanthu@db.office.example/vanthu?sslmode=verify-full"
            "VT251" PasswordInUrl Error
                "mật khẩu PostgreSQL không được viết trong `store.url`" / "ai đọc được tệp này cũng thấy" / "bỏ mật khẩu khỏi địa chỉ, viết store.password = { credential = \"tên\" }, rồi đổi mật khẩu đã lộ"
                "the PostgreSQL password must not stand in `store.url`" / "whoever reads this file sees it" / "take it out of the address, write store.password = { credential = \"name\" }, and change the password"
            "VT252" IdleStoreKey Error
                "`{0}` chỉ có nghĩa khi sổ ở trên PostgreSQL" / "chưa có `store.url`" / "thêm `store.url`, hoặc bỏ khoá này"
                "`{0}` means something only where the register is on PostgreSQL" / "there is no `store.url`" / "add `store.url`, or remove this key"
        }
    };
}

pub(super) use around_codes;
