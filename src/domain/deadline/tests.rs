mod corpus;

use std::collections::BTreeMap;

use chrono::NaiveTime;
use chrono_tz::Tz;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::domain::calendar::Year;

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

/// 2026 is confirmed, with Tết on 16–20/02 and the holidays of April and May; 2027 is not.
fn calendar() -> Calendar {
    let days = ["2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"];
    let spring = ["2026-04-27", "2026-04-30", "2026-05-01", "2026-09-01", "2026-09-02"];
    let off = days.iter().chain(&spring).map(|day| (date(day), "lễ".to_owned())).collect();
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    Calendar {
        zone: Tz::Asia__Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7, 30), time(11, 30)), (time(13, 0), time(16, 30))],
        before_day: BeforeDay::Exclusive,
        years: BTreeMap::from([(2026, Year { off, ..Year::default() })]),
    }
}

/// Issued Monday 02/03/2026, received Wednesday 04/03/2026.
fn read_march(text: &str) -> Vec<Proposal> {
    read(text, Some(date("2026-03-02")), date("2026-03-04"), &calendar())
}

/// A due instant as `2026-03-13` for the end of a day, else as `2026-03-13 16:30`.
fn told(proposal: &Proposal) -> String {
    let local = proposal.due.with_timezone(&Tz::Asia__Ho_Chi_Minh);
    match local.time() {
        NaiveTime::MIN => calendar().due_day(proposal.due).to_string(),
        _ => local.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// The text as written, decomposed, and in capitals must all give the same.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(due, phrase)| ((*due).to_owned(), (*phrase).to_owned())).collect();
    for spelling in [text.to_owned(), text.nfd().collect(), text.to_uppercase()] {
        let found = read_march(&spelling);
        assert!(found.iter().all(|proposal| spelling.contains(&proposal.phrase)), "{spelling}: {found:?}");
        let key = |phrase: &str| phrase.nfc().collect::<String>().to_lowercase();
        let plain: Vec<_> = found.iter().map(|proposal| (told(proposal), key(&proposal.phrase))).collect();
        let wanted: Vec<_> = expected.iter().map(|(due, phrase)| (due.clone(), key(phrase))).collect();
        assert_eq!(plain, wanted, "{spelling}");
    }
}

#[test]
fn dates_after_a_cue() {
    // (text, due, phrase); 15/03/2026 is a Sunday, the working day before it Friday 13/03.
    let cases = [
        ("Báo cáo gửi trước ngày 15/3/2026.", "2026-03-13", "trước ngày 15/3/2026"),
        ("gửi về Văn phòng trước ngày 15/03/2026 để tổng hợp", "2026-03-13", "trước ngày 15/03/2026"),
        ("trước 15/3", "2026-03-13", "trước 15/3"),
        ("trước ngày 15-3-2026", "2026-03-13", "trước ngày 15-3-2026"),
        ("trước ngày 15.3.2026.", "2026-03-13", "trước ngày 15.3.2026"),
        ("trước ngày 15.3", "2026-03-13", "trước ngày 15.3"),
        ("trước ngày 15/3/26", "2026-03-13", "trước ngày 15/3/26"),
        ("trước ngày 15 tháng 3 năm 2026", "2026-03-13", "trước ngày 15 tháng 3 năm 2026"),
        ("trước ngày 15 tháng 3/2026", "2026-03-13", "trước ngày 15 tháng 3/2026"),
        ("trước ngày 15 tháng 4", "2026-04-14", "trước ngày 15 tháng 4"),
        ("xong trước ngày 20/3/2026", "2026-03-19", "xong trước ngày 20/3/2026"),
        ("hoàn thành trước ngày 04/5/2026", "2026-04-29", "trước ngày 04/5/2026"),
        ("trước thứ Sáu, ngày 20/3/2026", "2026-03-19", "trước thứ Sáu, ngày 20/3/2026"),
        ("trước ngày thứ Sáu (20/3/2026)", "2026-03-19", "trước ngày thứ Sáu (20/3/2026"),
        ("chậm nhất là ngày 15/3/2026", "2026-03-15", "chậm nhất là ngày 15/3/2026"),
        ("chậm nhất vào ngày 15/3/2026", "2026-03-15", "chậm nhất vào ngày 15/3/2026"),
        ("chậm nhất 20/3/2026", "2026-03-20", "chậm nhất 20/3/2026"),
        ("muộn nhất là ngày 20/3", "2026-03-20", "muộn nhất là ngày 20/3"),
        ("chậm nhất trước ngày 20/3/2026", "2026-03-19", "trước ngày 20/3/2026"),
        ("từ ngày 10/3 đến hết ngày 15/3/2026", "2026-03-15", "đến hết ngày 15/3/2026"),
        ("không quá ngày 15/3/2026", "2026-03-15", "không quá ngày 15/3/2026"),
        ("trong ngày 16/3/2026", "2026-03-16", "trong ngày 16/3/2026"),
        ("Hạn báo cáo: 20/3/2026", "2026-03-20", "hạn báo cáo: 20/3/2026"),
        ("hạn 20/3/2026", "2026-03-20", "hạn 20/3/2026"),
        (
            "Thời hạn gửi báo cáo về Ban Tổ chức là ngày 20/3/2026",
            "2026-03-20",
            "thời hạn gửi báo cáo về Ban Tổ chức là ngày 20/3/2026",
        ),
        ("gia hạn đến ngày 15/4/2026", "2026-04-15", "gia hạn đến ngày 15/4/2026"),
        ("hạn báo cáo trước ngày 20/3/2026", "2026-03-19", "trước ngày 20/3/2026"),
        ("trước 16 giờ ngày 15/3/2026", "2026-03-15 16:00", "trước 16 giờ ngày 15/3/2026"),
        ("trước 16 giờ 30 phút, ngày 15/3/2026", "2026-03-15 16:30", "trước 16 giờ 30 phút, ngày 15/3/2026"),
        ("trước 16h30 ngày 15/3", "2026-03-15 16:30", "trước 16h30 ngày 15/3"),
        ("chậm nhất 9h ngày 10/3/2026", "2026-03-10 09:00", "chậm nhất 9h ngày 10/3/2026"),
        ("trước 5 giờ chiều ngày 10/3/2026", "2026-03-10 17:00", "trước 5 giờ chiều ngày 10/3/2026"),
        ("trước 16:30 thứ Ba, ngày 10/3/2026", "2026-03-10 16:30", "trước 16:30 thứ Ba, ngày 10/3/2026"),
        ("trước 24 giờ ngày 10/3/2026", "2026-03-10", "trước 24 giờ ngày 10/3/2026"),
        // The year is the next one in which the day lies on or after the issue date.
        ("trước ngày 15/02", "2027-02-12", "trước ngày 15/02"),
        ("đến hết ngày 02/3", "2026-03-02", "đến hết ngày 02/3"),
        ("đến hết ngày 29/02", "2028-02-29", "đến hết ngày 29/02"),
    ];
    for (text, due, phrase) in cases {
        check(text, &[(due, phrase)]);
    }
}

#[test]
fn durations_and_periods() {
    let cases = [
        (
            "trong vòng 05 ngày làm việc kể từ ngày ký",
            "2026-03-09",
            "trong vòng 05 ngày làm việc kể từ ngày ký",
        ),
        (
            "Trong thời hạn 5 ngày làm việc, kể từ ngày nhận được Công văn này",
            "2026-03-11",
            "trong thời hạn 5 ngày làm việc, kể từ ngày nhận",
        ),
        ("trong 10 ngày kể từ ngày ban hành", "2026-03-12", "trong 10 ngày kể từ ngày ban hành"),
        // 02/03 + 5 = Saturday 07/03, moved to Monday.
        ("chậm nhất 05 ngày kể từ ngày ký", "2026-03-09", "chậm nhất 05 ngày kể từ ngày ký"),
        (
            "không quá 03 (ba) ngày kể từ khi nhận văn bản",
            "2026-03-09",
            "không quá 03 (ba) ngày kể từ khi nhận",
        ),
        (
            "chậm nhất là mười ngày sau khi nhận được văn bản",
            "2026-03-16",
            "chậm nhất là mười ngày sau khi nhận",
        ),
        ("trong 02 tuần kể từ ngày ký ban hành", "2026-03-16", "trong 02 tuần kể từ ngày ký"),
        ("trong vòng 1 tháng kể từ ngày 31/3/2026", "2026-05-04", "trong vòng 1 tháng kể từ ngày 31/3/2026"),
        ("trong vòng 48 giờ kể từ khi nhận", "2026-03-06", "trong vòng 48 giờ kể từ khi nhận"),
        (
            "trong thời hạn 07 ngày làm việc, các chi bộ báo cáo",
            "2026-03-11",
            "trong thời hạn 07 ngày làm việc",
        ),
        (
            "kể từ ngày chi bộ nhận: sau 5 ngày kể từ ngày chi bộ nhận được",
            "2026-03-09",
            "sau 5 ngày kể từ ngày chi bộ nhận",
        ),
        (
            "Đề nghị gửi báo cáo công tác đảng quý I trong 05 ngày làm việc.",
            "2026-03-09",
            "trong 05 ngày làm việc",
        ),
        ("Tổ chức kiểm tra.\nBáo cáo kết quả trong 07 ngày làm việc", "2026-03-11", "trong 07 ngày làm việc"),
        ("trả lời trong 10 ngày, gửi về Văn phòng", "2026-03-12", "trong 10 ngày"),
        ("hoàn thành trong quý I/2026", "2026-03-31", "trong quý I/2026"),
        ("trong quý IV năm 2026", "2026-12-31", "trong quý IV năm 2026"),
        ("trong quý 2", "2026-06-30", "trong quý 2"),
        ("trong tháng 3", "2026-03-31", "trong tháng 3"),
        ("trong tháng 02/2028", "2028-02-29", "trong tháng 02/2028"),
        ("trong tháng này", "2026-03-31", "trong tháng này"),
        ("đến hết tháng 4 năm 2026", "2026-04-30", "đến hết tháng 4 năm 2026"),
        ("vào đầu tháng 4", "2026-04-01", "vào đầu tháng 4"),
        ("vào giữa tháng 4/2026", "2026-04-15", "vào giữa tháng 4/2026"),
        ("vào cuối tháng 4", "2026-04-30", "vào cuối tháng 4"),
        ("chậm nhất cuối tháng", "2026-03-31", "chậm nhất cuối tháng"),
        ("trước tháng 6/2026", "2026-05-29", "trước tháng 6/2026"),
        ("trong 6 tháng đầu năm 2026", "2026-06-30", "trong 6 tháng đầu năm 2026"),
        ("trong 6 tháng cuối năm", "2026-12-31", "trong 6 tháng cuối năm"),
        ("vào giữa năm", "2026-06-30", "vào giữa năm"),
        ("đến hết năm 2026", "2026-12-31", "đến hết năm 2026"),
    ];
    for (text, due, phrase) in cases {
        check(text, &[(due, phrase)]);
    }
}

#[test]
fn recurring_days_propose_the_next_one_with_a_doubt() {
    let cases = [
        ("Định kỳ hằng tháng, trước ngày 20, gửi báo cáo", "2026-03-19", "định kỳ hằng tháng, trước ngày 20"),
        (
            "định kỳ hàng tháng báo cáo kết quả trước ngày 20",
            "2026-03-19",
            "định kỳ hàng tháng báo cáo kết quả trước ngày 20",
        ),
        ("trước ngày 02 hằng tháng", "2026-04-01", "trước ngày 02 hằng tháng"),
        ("vào ngày 05 hằng tháng", "2026-03-05", "vào ngày 05 hằng tháng"),
        (
            "định kỳ hằng quý trước ngày 20 tháng cuối quý",
            "2026-03-19",
            "định kỳ hằng quý trước ngày 20 tháng cuối quý",
        ),
        (
            "hằng quý, trước ngày 05 tháng đầu quý sau",
            "2026-04-03",
            "hằng quý, trước ngày 05 tháng đầu quý sau",
        ),
        ("trước ngày 15/12 hằng năm", "2026-12-14", "trước ngày 15/12 hằng năm"),
        ("chậm nhất là ngày 25.", "2026-03-25", "chậm nhất là ngày 25"),
    ];
    for (text, due, phrase) in cases {
        check(text, &[(due, phrase)]);
        assert!(read_march(text)[0].doubt.is_some(), "{text}");
    }
}

#[test]
fn what_is_no_deadline() {
    let cases = [
        "theo Công văn số 31-CV/TU, ngày 21/02/2026 của Tỉnh ủy",
        "Thực hiện Kế hoạch số 16-KH/TU ngày 05 tháng 02 năm 2026",
        "trước ngày 30/02/2026",
        "trước ngày 31/4",
        "trước ngày 15/13/2026",
        "trước 25 giờ ngày 15/3/2026",
        "không quá 1/3 số đảng viên",
        "không quá 10.5 triệu đồng",
        "Công ty trách nhiệm hữu hạn ngày 15/3/2026",
        "thời hạn nêu tại Công văn ngày 21/02/2026",
        "Hội nghị diễn ra trong 3 ngày",
        "báo cáo kết quả Hội nghị diễn ra trong 3 ngày",
        "báo cáo tình hình trong 3 ngày Tết",
        "báo cáo việc tổ chức trực trong 05 ngày nghỉ",
        "gửi văn bản; lớp học trong 02 ngày làm việc",
        "gửi báo cáo trong 02 ngày, từ ngày 15/3/2026",
        "trong 02 ngày, từ ngày 15/3/2026",
        "trong thời hạn 5 ngày kể từ ngày kết thúc hội nghị",
        "kể từ ngày ký",
        "có hiệu lực kể từ ngày ký",
        "nhiệm vụ trọng tâm trong năm 2026",
        "kết quả trong tháng",
        "báo cáo tháng 3 năm 2026",
        "ngay sau khi nhận được, khẩn trương triển khai",
        "trong 0 ngày kể từ ngày ký",
        "",
    ];
    for text in cases {
        check(text, &[]);
    }
}

#[test]
fn several_phrases_come_in_order() {
    check(
        "Theo Công văn số 31-CV/TU, ngày 21/02/2026: đăng ký trước ngày 10/3/2026; báo cáo chậm nhất ngày 20/3/2026, \
         trong vòng 05 ngày làm việc kể từ ngày nhận phải phổ biến; hoàn thành trong quý II/2026.",
        &[
            ("2026-03-09", "trước ngày 10/3/2026"),
            ("2026-03-20", "chậm nhất ngày 20/3/2026"),
            ("2026-03-11", "trong vòng 05 ngày làm việc kể từ ngày nhận"),
            ("2026-06-30", "trong quý II/2026"),
        ],
    );
}

/// A count without a start begins on the day of issue, or on the day of receipt; on one day they are the same.
#[test]
fn a_count_without_a_start_is_sure_where_a_document_comes_on_its_day() {
    let day = date("2026-03-02");
    let text = "Báo cáo kết quả trong 07 ngày làm việc.";
    let same = read(text, Some(day), day, &calendar()).remove(0);
    assert_eq!((same.due, same.doubt), (calendar().end_of_day(date("2026-03-11")), None));
    let later = read(text, Some(day), date("2026-03-04"), &calendar()).remove(0);
    assert!(later.doubt.is_some());
    assert!(read(text, None, day, &calendar()).remove(0).doubt.is_some(), "the day of issue is not known");
}

#[test]
fn doubts_are_named() {
    let cases = [
        ("trước ngày 15/3/2026", None),
        ("đến hết ngày 15/01/2027", None),
        ("đến hết ngày 15/3/2022", Some("hạn nằm trước ngày ban hành 02/03/2026")),
        ("đến hết ngày 01/3/2026", Some("hạn nằm trước ngày ban hành 02/03/2026")),
        ("trước ngày 15/01/2027", Some("chưa có lịch làm việc của năm ấy")),
        ("trong 300 ngày làm việc kể từ ngày ký", Some("chưa có lịch làm việc của năm ấy")),
        ("đến hết ngày 15/02", Some("không ghi năm và ngày suy ra còn rất xa, có thể là ngày đã qua")),
        ("sơ kết 6 tháng đầu năm", Some("có thể là tên kỳ báo cáo, không phải hạn")),
        ("trong thời hạn 5 ngày", Some("không ghi mốc tính, tạm tính từ ngày ban hành")),
        ("trong 24 giờ kể từ khi nhận", Some("hạn tính bằng giờ được tính tròn ngày")),
    ];
    for (text, doubt) in cases {
        assert_eq!(read_march(text)[0].doubt.as_deref(), doubt, "{text}");
    }
    let unsigned = read("trong 5 ngày kể từ ngày ký", None, date("2026-03-04"), &calendar());
    assert_eq!(unsigned[0].doubt.as_deref(), Some("không rõ ngày ban hành, tạm tính từ ngày nhận"));
}

#[test]
fn readings_say_how() {
    let cases = [
        ("trước ngày 15/3/2026", "trước ngày 15/03/2026: hết thứ Sáu 13/03/2026, ngày làm việc liền trước"),
        ("đến hết ngày 15/3/2026", "hết Chủ nhật 15/03/2026"),
        ("trước 16h30 ngày 15/3/2026", "đúng 16:30 Chủ nhật 15/03/2026"),
        (
            "trong 5 ngày làm việc kể từ ngày ký",
            "5 ngày làm việc sau ngày ban hành 02/03/2026: hết thứ Hai 09/03/2026",
        ),
        (
            "trong 5 ngày kể từ ngày ký",
            "5 ngày sau ngày ban hành 02/03/2026: hết thứ Hai 09/03/2026 (hết hạn vào thứ Bảy 07/03/2026, ngày nghỉ)",
        ),
    ];
    for (text, reading) in cases {
        assert_eq!(read_march(text)[0].reading, reading);
    }
    let inclusive = Calendar { before_day: BeforeDay::Inclusive, ..calendar() };
    let found = read("trước ngày 15/3/2026", Some(date("2026-03-02")), date("2026-03-04"), &inclusive);
    assert_eq!(found[0].reading, "trước ngày 15/03/2026: hết Chủ nhật 15/03/2026, tính cả ngày được ghi");
}

#[test]
fn the_source_field_is_the_end_of_its_day() {
    let from = |due, issued: Option<&str>| from_source(date(due), issued.map(date), &calendar());
    assert_eq!(told(&from("2026-03-15", Some("2026-03-02"))), "2026-03-15");
    assert_eq!(from("2026-03-15", Some("2026-03-02")).doubt, None);
    assert_eq!(from("2026-03-15", None).doubt, None);
    assert!(from("2026-03-02", Some("2026-03-02")).doubt.is_some());
    assert!(from("2026-03-01", Some("2026-03-02")).doubt.is_some());
}

#[test]
fn the_most_trusted_basis_comes_first() {
    let ordered = [Basis::Person, Basis::Source, Basis::Rule, Basis::Text];
    assert!(ordered.is_sorted());
    assert_eq!(serde_json::to_string(&ordered).unwrap(), r#"["person","source","rule","text"]"#);
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        for proposal in read_march(&text) {
            prop_assert!(text.contains(&proposal.phrase));
        }
    }

    #[test]
    fn scrambled_phrases_never_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "trước", "ngày", "15/3", "99/99/9999", "tháng", "02", "năm", "quý", "iv", "kể từ", "hạn", "hết",
                "đầu", "cuối", "hằng", "chậm nhất", "16h30", "vòng", "999", "ký", "nhận", "làm việc", ",", ".", "-",
                "\u{301}", "0000", "29", "2",
            ]),
            0..12,
        ),
        glue in "[ \u{a0}\u{200b}]?",
        issued in prop::option::of(-40_000_i32..4_000_000),
    ) {
        let text = parts.join(&glue);
        let issued = issued.and_then(NaiveDate::from_num_days_from_ce_opt);
        for proposal in read(&text, issued, date("2026-03-04"), &calendar()) {
            prop_assert!(text.contains(&proposal.phrase));
        }
    }
}
