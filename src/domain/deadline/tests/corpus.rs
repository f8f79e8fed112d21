//! Sentences as they stand in letters, each with what is read of it; the file says how to read it.

use super::*;

const SENTENCES: &str = include_str!("../../../../fixtures/deadline/cau-van.txt");

fn sentences() -> Vec<(&'static str, &'static str)> {
    let lines = SENTENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap()).collect()
}

fn read_all_march(text: &str) -> Reading {
    read_all(text, Some(date("2026-03-02")), date("2026-03-04"), &calendar())
}

/// What was read, in the words of the file.
fn summary(text: &str) -> String {
    let reading = read_all_march(text);
    let one = |proposal: &Proposal| {
        let doubt = if proposal.doubt.is_some() { "?" } else { "" };
        told(proposal) + doubt
    };
    let all: Vec<_> = reading.proposals.iter().map(one).collect();
    match (all.is_empty(), reading.mentions.iter().any(|mention| mention.warns)) {
        (false, _) => all.join(", "),
        (true, true) => "!".to_owned(),
        (true, false) => "-".to_owned(),
    }
}

#[test]
fn sentences_are_read_as_their_file_says() {
    let mut wrong = Vec::new();
    let all = sentences();
    assert!(all.len() >= 150, "{}", all.len());
    for (expected, text) in all {
        for spelling in [text.to_owned(), text.nfd().collect(), text.to_uppercase()] {
            let found = summary(&spelling);
            if found != expected {
                wrong.push(format!("{spelling}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_deadline_has_its_reason() {
    let told = |text: &str| {
        let mentions = read_all_march(text).mentions.into_iter();
        mentions.map(|one| format!("{}“{}”: {}", if one.warns { "! " } else { "" }, one.phrase, one.reason))
    };
    let texts = [
        "Thực hiện Kế hoạch số 16-KH/TU ngày 05 tháng 02 năm 2026, khẩn trương triển khai ngay sau khi nhận được",
        "Số liệu tính đến hết ngày 28/02/2026; đảng viên kết nạp trước ngày 03/02/1996",
        "gửi báo cáo trước ngày 30/02/2026",
        "trước ngày 10/3/2026 (âm lịch)",
        "trong thời hạn 5 ngày kể từ ngày kết thúc hội nghị; Hội nghị diễn ra trong 3 ngày",
        "học tập từ ngày 10/3/2026, họp ngày 15/3/2026",
        "trước 25 giờ ngày 15/3/2026",
    ];
    let lines: Vec<_> = texts.iter().flat_map(|text| told(text)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn addressees_are_read_beside_the_deadline() {
    let to = |text: &str| read_march(text).first().and_then(|proposal| proposal.addressee.clone());
    for (text, expected) in [
        ("gửi báo cáo về Ban Tổ chức Đảng ủy khối trước ngày 15/3/2026", Some("Ban Tổ chức Đảng ủy khối")),
        (
            "Báo cáo gửi về Ban Thường vụ Đảng ủy (qua Văn phòng) trước ngày 15/3/2026",
            Some("Ban Thường vụ Đảng ủy (qua Văn phòng)"),
        ),
        ("gửi về Văn phòng để tổng hợp trước ngày 15/3/2026", Some("Văn phòng")),
        ("báo cáo về kết quả thực hiện trước ngày 15/3/2026", None),
        ("Nộp về Văn phòng. Hoàn thành trước ngày 15/3/2026", None),
        ("trước ngày 15/3/2026", None),
    ] {
        assert_eq!(to(text).as_deref(), expected, "{text}");
        let decomposed: String = text.nfd().collect();
        assert_eq!(to(&decomposed).map(|to| to.nfc().collect::<String>()).as_deref(), expected, "{text}");
    }
}

#[test]
fn the_earliest_without_a_doubt_is_taken() {
    let reading = read_all_march("đến hết ngày 28/02/2026; chậm nhất ngày 20/3/2026; trước ngày 15/3/2026");
    assert_eq!(reading.verdicts(), [Verdict::Doubtful, Verdict::Later, Verdict::Chosen]);
}

#[test]
fn drafts_are_said_beside_the_day_and_missing_years_are_doubted() {
    let mut calendar = calendar();
    let one = |calendar: &Calendar, text: &str| {
        let found = read(text, Some(date("2026-12-28")), date("2026-12-29"), calendar).remove(0);
        (found.reading, found.doubt)
    };
    let (reading, doubt) = one(&calendar, "trong 5 ngày làm việc kể từ ngày ký");
    assert!(reading.ends_with(" (tạm tính: lịch năm 2027 chưa được xác nhận)"), "{reading}");
    assert_eq!(doubt.as_deref(), Some("chưa có lịch làm việc của năm ấy"));
    calendar.years.insert(2027, Year { draft: true, ..Year::default() });
    let (reading, doubt) = one(&calendar, "trong 5 ngày làm việc kể từ ngày ký");
    assert!(reading.ends_with(" (tạm tính: lịch năm 2027 chưa được xác nhận)"), "{reading}");
    assert_eq!(doubt, None);
    let (reading, _) = one(&calendar, "đến hết ngày 15/01/2027");
    assert!(!reading.contains("tạm tính"), "a written day is no count: {reading}");
}
