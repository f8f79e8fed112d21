//! Spreadsheets as offices make them.

use rust_xlsxwriter::Workbook;

/// The headings of an iOffice export.
pub const HEADINGS: [&str; 9] = [
    "STT",
    "Số đến",
    "Ngày đến",
    "Số/Ký hiệu",
    "Ngày văn bản",
    "Cơ quan ban hành",
    "Trích yếu",
    "Độ khẩn",
    "Độ mật",
];

/// An open row of an export.
pub fn row(number: u32, symbol: &str, subject: &str) -> Vec<String> {
    marked(number, symbol, subject, "Thường")
}

/// A row with a mark of secrecy.
pub fn marked(number: u32, symbol: &str, subject: &str, mark: &str) -> Vec<String> {
    let number = number.to_string();
    let cells =
        [&*number, &*number, "27/02/2026", symbol, "26/02/2026", "Tỉnh uỷ Mẫu", subject, "Thường", mark];
    cells.map(str::to_owned).to_vec()
}

/// An export of these rows.
pub fn export(rows: &[Vec<String>]) -> Vec<u8> {
    let mut all = vec![HEADINGS.map(str::to_owned).to_vec()];
    all.extend_from_slice(rows);
    workbook(&all)
}

/// A workbook of texts.
pub fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}
