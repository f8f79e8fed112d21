//! The letter as its signer reads it.

use chrono::NaiveDate;
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::render::mail::samples;

pub(crate) fn sample() -> ChasingLetter {
    let member = |name: &str, standing, days_late| Member {
        name: name.to_owned(),
        standing,
        days_late,
        tasks: Vec::new(),
        done: None,
    };
    let done = |name: &str, day| Member {
        done: NaiveDate::from_ymd_opt(2026, 2, day),
        ..member(name, Standing::Done, 0)
    };
    let group = |committee: Option<&str>, members| Group {
        committee: committee.map(str::to_owned),
        kind: if committee.is_some() { String::new() } else { "chi bộ cơ sở".to_owned() },
        members,
    };
    let letter = samples().remove(0);
    ChasingLetter {
        office: "Văn phòng Đảng uỷ Khối".to_owned(),
        body: Some("Đảng uỷ Khối các cơ quan và doanh nghiệp tỉnh".to_owned()),
        facts: letter.facts,
        due: letter.due,
        day: NaiveDate::from_ymd_opt(2026, 2, 10).unwrap(),
        owing: vec![
            group(
                Some("Đảng bộ Sở Thí dụ 2"),
                vec![
                    member("Chi bộ 2", Standing::Silent, 3),
                    Member {
                        tasks: vec!["Đăng ký nội dung làm theo".to_owned()],
                        ..member("Chi bộ 10", Standing::Acknowledged, 3)
                    },
                ],
            ),
            group(None, vec![member("Chi bộ Quỹ Thí dụ", Standing::Unreached, 0)]),
        ],
        done: vec![
            group(Some("Đảng bộ Sở Thí dụ 1"), vec![done("Chi bộ 1", 3), done("Chi bộ 2", 5)]),
            group(None, vec![done("Chi bộ Hội Thí dụ", 4)]),
        ],
    }
}

#[test]
fn the_letter_in_text() {
    insta::assert_snapshot!(text(&sample(), Ho_Chi_Minh));
}

/// The same letter is the same file, with the words of the text and no bytes that a scanner would fear.
#[test]
fn the_letter_in_word() {
    let bytes = docx(&sample(), Ho_Chi_Minh).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains("vba") && !name.contains("embed")), "{names:?}");
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    for wanted in [MOTTO, "-CV/", "V/v đôn đốc thực hiện Kế hoạch số 12-KH/ĐUK", "Chi bộ Quỹ Thí dụ", COPIES]
    {
        assert!(xml.contains(wanted), "{wanted}");
    }
    assert!(xml.contains("<w:titlePg"), "the first page bears no number");
    assert!(!xml.contains("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA"));
}
