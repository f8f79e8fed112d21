//! The page that explains a bundle of evidence to whoever opens it, years later and without vanthu.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::calendar::moment;
use crate::domain::chain::Head;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;

/// What a bundle is about.
#[derive(Debug)]
pub struct About<'a> {
    /// The office that gives it.
    pub office: &'a str,
    /// The document's number in the register.
    pub number: DocumentId,
    /// The document.
    pub document: &'a Document,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The office's zone.
    pub zone: Tz,
    /// The end of the journal's chain.
    pub head: &'a Head,
    /// Rows of the journal in it.
    pub rows: u64,
}

/// The page, Markdown, Vietnamese first.
pub fn page(about: &About<'_>) -> String {
    let About { office, number, document, made, zone, head, rows } = about;
    let made = moment(*made, *zone);
    let Document { symbol, subject, .. } = document;
    format!(
        "# Bằng chứng về văn bản {symbol}

{subject}

{office} xuất lúc {made} từ sổ vanthu; trong sổ, văn bản này là số {number}. Gói có {rows} dòng nhật ký về văn bản.

Dấu cuối của nhật ký lúc xuất: {rows_all} {hash}

## Trong gói có gì

| Tệp | Nội dung |
|---|---|
| `manifest.json` | danh sách tệp, cỡ và SHA-256 của từng tệp; dấu cuối |
| `document.json` | số, trích yếu, nguồn, các bản, văn bản thay thế, nơi nhận đã xem |
| `revisions/N/raw.bin` | bản thứ N đúng từng byte như nguồn gửi; SHA-256 nằm trong nhật ký |
| `revisions/N/document.json` | những gì đọc được từ bản đó |
| `revisions/N/trace.json` | vì sao giao như vậy: từng quy tắc, từng chi bộ, cách tính hạn |
| `edition/…` | quy tắc và lịch làm việc đang có hiệu lực khi từng bản đến |
| `attachments/…` | tệp đính kèm mà sổ giữ, mang tên là SHA-256 của nó |
| `duties.json`, `obligations.jsonl` | giao việc gì, cho ai, hạn nào, nay ra sao |
| `mails.jsonl` | từng thư: gửi đến đâu, lúc nào, Message-ID, câu trả lời của máy chủ thư. Sổ không giữ nội dung thư; SHA-256 của thư đã gửi nằm trong nhật ký (`settled`, `mails`) |
| `answers.jsonl`, `requests.jsonl` | chi bộ trả lời gì, đề nghị gì, ai quyết định; `words` là lời tự viết |
| `statuses.jsonl` | đã báo gì lên nơi gửi văn bản |
| `journal.jsonl` | các dòng nhật ký về văn bản này, đúng như trong sổ |
| `chain.txt` | các lá của mọi dòng từ dòng đầu tiên ở trên đến dòng cuối: chứng minh các dòng ấy nằm trong nhật ký, mà không lộ việc của văn bản khác |

Địa chỉ máy và trình duyệt của người bấm không có trong gói, vì nói về người, không nói về tổ chức. Thời điểm ghi theo giờ quốc tế (UTC).

## Kiểm tra

Không cần vanthu: chạy `verify.py` đi kèm mã nguồn của vanthu (thư mục tests/verify) bằng Python 3, hoặc tự viết theo docs/NHAT-KY.md:

    python3 verify.py bundle GÓI
    python3 verify.py bundle GÓI --head DẤU-ĐÃ-GIỮ

Lệnh thứ hai mới chứng minh được nhật ký chưa bị ghi lại: DẤU-ĐÃ-GIỮ là dấu cuối lấy ở nơi khác (biên bản, nhật ký của hệ điều hành),
thuộc một dòng từ dòng đầu tiên của gói trở đi.

In English: evidence about one directive. `manifest.json` lists every file with its SHA-256; `journal.jsonl` holds the rows of the
hash-chained journal about it, `chain.txt` the leaves that lead from the first of them to the head above. Check with verify.py.
",
        rows_all = head.rows,
        hash = head.hash,
    )
}
