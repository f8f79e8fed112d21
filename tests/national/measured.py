"""What was measured, from docs/PERFORMANCE.md; the words are those of docs/NATIONAL.md."""

_WORDS = [
    ("ingest", 10_400.0, "việc mỗi giây vào sổ đã có 100.000 việc mở, cả định tuyến và ghi bền"),
    ("settle", 8_600.0, "thư mỗi giây được nhận để gửi rồi ghi kết quả, 64 thư một lần ghi bền"),
    ("press", 2_540.0, "lượt bấm mỗi giây, ghi bền rồi mới trả lời, khi thư đang đi hết sức"),
    ("cpu_mail", 371.0, "µs bộ xử lý cho một thư"),
    ("mail_kb", 12.8, "kB một thư"),
    ("bytes_row", 250.0, "byte sổ cho một việc, cả chỉ mục"),
    ("bytes_mail", 795.0, "byte sổ cho một thư, cả chỉ mục và nhật ký"),
    ("bytes_answer", 543.0, "byte sổ cho một câu trả lời, cả chỉ mục và nhật ký"),
    ("facts", 0.025, "dòng nhật ký cho một việc và thư của nó; mỗi câu trả lời thêm một dòng"),
    ("verify", 26_800.0, "dòng nhật ký soát được mỗi giây"),
    ("memory", 37.0, "MB bộ nhớ của một dịch vụ"),
]

MEASURED = {name: value for name, value, _ in _WORDS}
WORDS = {name: words for name, _, words in _WORDS}
