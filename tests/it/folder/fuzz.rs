//! The short form of the fuzz targets `xlsx` and `eml`: damaged at random, nothing panics, what is open was
//! judged, what is not says why.

use proptest::prelude::*;
use vanthu::app::ports::Reading;
use vanthu::domain::secrecy::judge_text;
use vanthu::source::folder::{Kind, readings};

use super::evil::{SHEET, sheet_xml, with_entry};
use super::sheets::{HEADINGS, export, row};

fn check(kind: Kind, bytes: &[u8]) {
    let options = super::options(std::path::Path::new("/khong-dung"));
    for reading in readings(kind, bytes, &options).unwrap() {
        match reading {
            Reading::Open(incoming) => {
                let document = incoming.document.get();
                assert!(judge_text(&document.subject).is_ok() && judge_text(&document.symbol).is_ok());
                assert!(!document.external_id.as_str().is_empty() || kind != Kind::Register);
            }
            Reading::Broken(broken) => assert!(!broken.reason.is_empty()),
            Reading::Withheld(_) | Reading::Status(_) => {}
            Reading::Gone => panic!("bytes that are there are not gone"),
        }
    }
}

/// What a cell may hold.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[0-9]{1,6}",
        "[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
        "[0-9]{1,3}-(KH|CV|QĐ)/(TU|ĐUK)",
        prop_oneof![Just("Thường".to_owned()), Just("Mật".to_owned()), Just("Không mật".to_owned())],
        prop::sample::select(HEADINGS.to_vec()).prop_map(str::to_owned),
        Just("Tổng cộng".to_owned()),
        "\\PC{0,24}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_table_is_read(rows in prop::collection::vec(prop::collection::vec(cell(), 0..12), 0..12)) {
        check(Kind::Register, &export(&rows));
        check(Kind::Register, &super::sheets::workbook(&rows));
    }

    #[test]
    fn damaged_sheets_are_answered(at in any::<prop::sample::Index>(), with in prop::collection::vec(any::<u8>(), 0..12)) {
        let book = export(&[row(1, "1-KH/TU", "Chuyên đề")]);
        let mut xml = sheet_xml(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Trích yếu</t></is></c></row>"#);
        let at = at.index(xml.len());
        xml.splice(at..at, with);
        check(Kind::Register, &with_entry(&book, SHEET, &xml));
    }

    #[test]
    fn damaged_workbooks_are_answered(at in any::<prop::sample::Index>(), with in any::<[u8; 4]>()) {
        let mut book = export(&[row(1, "1-KH/TU", "Chuyên đề")]);
        let at = at.index(book.len() - 4);
        book[at..at + 4].copy_from_slice(&with);
        check(Kind::Register, &book);
    }

    #[test]
    fn damaged_mails_are_answered(at in any::<prop::sample::Index>(), with in prop::collection::vec(any::<u8>(), 0..12)) {
        let mut mail = super::messages::mail("Chuyen", &[("a.edxml", &crate::edxml::fixture("minimal"))]).into_bytes();
        let at = at.index(mail.len());
        mail.splice(at..at, with);
        check(Kind::Mail, &mail);
    }
}
