use super::*;
use crate::render::mail::weekly_sample;

const VI: Language = Language::Vi;

#[test]
fn the_table_in_letters_of_one_width() {
    let report = weekly_sample().report;
    let text = [By::Committee, By::Directive].map(|by| aligned(&report, by, VI)).join("\n");
    insta::assert_snapshot!(format!("{}\n\n{text}", sentence(&report, VI)));
}

#[test]
fn the_table_in_english() {
    let report = weekly_sample().report;
    let text = [By::Committee, By::Directive].map(|by| aligned(&report, by, Language::En)).join("\n");
    insta::assert_snapshot!(format!("{}\n\n{text}", sentence(&report, Language::En)));
}

/// What Excel opens: told as UTF-8, names that look like formulas made harmless.
#[test]
fn the_table_as_csv() {
    let mut report = weekly_sample().report;
    report.groups[0].committee = Some("=cmd()".to_owned());
    let bytes = csv(&report, By::Committee, VI).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace("\r\n", "\n"));
}

/// An independent reader finds the same figures, as numbers.
#[test]
fn the_table_as_a_workbook() {
    use calamine::{Data, Reader as _};
    let report = weekly_sample().report;
    let bytes = xlsx(&report, VI).unwrap();
    assert_eq!(bytes, xlsx(&report, VI).unwrap(), "a repeated mail must be the same mail");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Theo đảng bộ", "Theo văn bản"]);
    let range = book.worksheet_range("Theo đảng bộ").unwrap();
    let rows = rows(&report, By::Committee, VI);
    assert_eq!(range.height(), rows.len() + 1);
    for (read, row) in range.rows().skip(1).zip(rows) {
        assert_eq!(read[0], Data::String(row.name[0].clone()));
        let figures: Vec<_> = read[2..].iter().map(|cell| cell.to_string()).collect();
        assert_eq!(figures, row.figures.map(|figure| figure.to_string()));
    }
}
