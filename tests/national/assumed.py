"""What is assumed. Each is changed by `--set NAME=VALUE`; the words are those of docs/NATIONAL.md."""

from datetime import date

PROVINCES = 34
OFFICES = 2_000
ORGANISATIONS = 52_000
CELLS = 250_000
FOUNDING = 221

# Days off of 2026 that fall on weekdays: config/calendar/2026.toml, without swapped days.
OFF = {date(2026, month, day) for month, day in [
    (1, 1), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1), (9, 1), (9, 2),
]}  # fmt: skip

_WORDS = [
    ("directives", 2.0, "văn bản chỉ đạo mới mỗi ngày làm việc của một văn phòng, trung bình"),
    ("national", 24, "văn bản một năm từ trung ương mà mọi văn phòng giao lại cho mọi chi bộ"),
    ("to_all", 0.30, "phần văn bản giao cho mọi chi bộ của văn phòng"),
    ("to_kind", 0.40, "phần giao cho một loại hình (30–70 % số chi bộ); còn lại giao cho 2–20 %"),
    ("monday", 1.4, "thứ hai nhiều hơn ngày thường, lần"),
    ("month_end", 1.6, "ba ngày làm việc cuối tháng nhiều hơn, lần"),
    ("quarter", 1.3, "bảy ngày đầu quý nhiều hơn, lần"),
    ("documents", 40, "văn bản đến mỗi ngày mà nguồn liệt kê, kể cả loại không giao ai"),
    ("unmatched", 0.02, "phần văn bản không quy tắc nào khớp, hoặc khớp không rõ: tạm giữ"),
    ("declined", 0.004, "phần việc chi bộ báo không thuộc trách nhiệm: tạm giữ"),
    ("more_time", 0.015, "phần việc chi bộ xin gia hạn: tạm giữ"),
    ("undeliverable", 0.00014, "mục tạm giữ mỗi chi bộ mỗi ngày vì hộp thư hỏng"),
    ("minutes", 4.0, "phút một người cần cho một mục tạm giữ"),
    ("attention", 120.0, "phút mỗi ngày một người dành được cho việc ấy"),
    ("people_office", 1, "người xử lý tạm giữ: mỗi văn phòng một người"),
    ("people_province", 5, "nếu gom về một đầu mối của tỉnh"),
    ("people_nation", 30, "nếu gom về một đầu mối cả nước"),
    ("ack_hours", 4.0, "giờ làm việc từ lúc nhận thư đến lúc bấm Đã nhận, trung vị (phân phối lô-ga chuẩn)"),
    ("ack_spread", 1.2, "độ lệch lô-ga của nó"),
    ("reports", 0.7, "phần việc phải báo hoàn thành (2–19 ngày làm việc, đông nhất ngày 12; hạn ngày 15)"),
    ("by_mail", 0.08, "phần trả lời bằng thư thay vì bấm liên kết"),
    ("changes", 1.05, "thư báo việc và báo thay đổi cho mỗi việc"),
    ("public", 0.6, "phần hộp thư nằm ở cùng một nơi cung cấp thư công cộng"),
    ("host_hour", 1_000, "thư mỗi giờ nơi ấy nhận từ một địa chỉ gửi"),
    ("relay_office", 1.0, "thư mỗi giây qua máy chủ thư, một văn phòng (mail.pace: 60 per minute)"),
    ("relay_province", 10.0, "thư mỗi giây qua máy chủ thư của một tỉnh"),
    ("relay_nation", 100.0, "thư mỗi giây qua máy chủ thư của cả nước"),
    ("poll", 300.0, "giây giữa hai lần đọc nguồn (mặc định của vanthu)"),
    ("pages", 20, "yêu cầu mỗi lần đọc (1.000 dòng trong các danh sách, 50 dòng một trang)"),
    ("source_rate", 20.0, "yêu cầu mỗi giây một hệ thống văn bản cấp tỉnh chịu được"),
    ("disk_gb", 2_000.0, "GB đĩa của một máy"),
    ("night", 6.0, "giờ mỗi đêm để soát nhật ký"),
]

ASSUMED = {name: value for name, value, _ in _WORDS}
WORDS = {name: words for name, _, words in _WORDS}
