use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 10).unwrap()
}

fn done(symbol: Option<&str>, date: Option<(i32, u32, u32)>) -> Said {
    let report_date = date.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
    Said::Done { report_symbol: symbol.map(str::to_owned), report_date }
}

const RECEIPTS: [&str; 26] = [
    "Đã nhận",
    "Đã nhận.",
    "ĐÃ NHẬN!",
    "đã nhận được",
    "da nhan",
    "Da nhan duoc",
    "Rõ",
    "rõ.",
    "Đã rõ ạ",
    "Ok",
    "OK ạ",
    "Nhận rồi nhé",
    "Dạ, em đã nhận được thông báo ạ",
    "Vâng, đã nhận",
    "Chi bộ 3 đã nhận",
    "Chi bộ Trung tâm Kiểm soát bệnh tật tỉnh đã nhận được văn bản",
    "Chi bộ đã nhận Kế hoạch số 12-KH/ĐUK ngày 02/3/2026.",
    "Xác nhận đã nhận công văn.",
    "Đã tiếp nhận nội dung chỉ đạo",
    "Kính gửi Văn phòng Đảng uỷ\n\nChi bộ đã nhận.\n\nTrân trọng!\nNguyễn Văn A",
    "Đã nhận.\nXin cảm ơn",
    "Đã nhận\n\nVào Th 2, 2 thg 3, 2026 lúc 08:00 Văn thư <a@b.example> đã viết:\n> Chưa nhận?",
    "Chào văn thư,\nĐã nhận đủ",
    "  Đã\u{a0}nhận  ",
    "Đã nhận và rõ",
    "Received",
];

#[test]
fn receipts_in_the_words_people_use() {
    for text in RECEIPTS {
        for form in [text.to_owned(), text.nfd().collect(), text.nfc().collect(), bare_key(text)] {
            if form.contains('\n') == text.contains('\n') {
                assert_eq!(said(&form, today()), Said::Received, "{form}");
            }
        }
    }
}

#[test]
fn reports_with_number_and_date() {
    for (text, expected) in [
        ("Đã báo cáo số 12-BC/CB ngày 05/3/2026", done(Some("12-BC/CB"), Some((2026, 3, 5)))),
        (
            "đã báo cáo tại Báo cáo số 12-BC/CB, ngày 5 tháng 3 năm 2026.",
            done(Some("12-BC/CB"), Some((2026, 3, 5))),
        ),
        ("Chi bộ 3 đã gửi báo cáo số 07 - BC/ĐU ngày 5.3", done(Some("07-BC/ĐU"), Some((2026, 3, 5)))),
        ("da bao cao so 12-BC/CB ngay 5-3-2026", done(Some("12-BC/CB"), Some((2026, 3, 5)))),
        ("Báo cáo số 15-BC/ĐUK ngày 20/12", done(Some("15-BC/ĐUK"), Some((2025, 12, 20)))),
        ("Đã báo cáo kết quả thực hiện", done(None, None)),
        ("Đã hoàn thành", done(None, None)),
        ("Hoàn thành nhiệm vụ.", done(None, None)),
        ("Chi bộ đã thực hiện xong ạ", done(None, None)),
        ("Đã nộp báo cáo 34/BC-CB", done(Some("34/BC-CB"), None)),
    ] {
        for form in [text.to_owned(), text.nfd().collect::<String>()] {
            assert_eq!(said(&form, today()), expected, "{form}");
        }
    }
}

/// Each of these was an acknowledgement to some machine somewhere; none is one here.
const MESSAGES: [&str; 27] = [
    "Chưa nhận được",
    "Chi bộ chưa nhận được văn bản",
    "Chi bộ Sở Tài chính chưa nhận",
    "Không nhận",
    "Không thuộc trách nhiệm của chi bộ",
    "Đã nhận nhưng không thuộc trách nhiệm",
    "Đã nhận?",
    "Đã nhận được chưa ạ?",
    "Đã nhận. Đề nghị gia hạn đến 30/3",
    "Đã nhận\nTuy nhiên chi bộ đề nghị gia hạn",
    "Nếu đã nhận thì báo lại",
    "Sẽ hoàn thành trước ngày 15/3",
    "Sẽ báo cáo số liệu sau",
    "Đã hoàn thành 50% công việc",
    "Đã hoàn thành một phần",
    "Hoàn thành trước 15/3",
    "Gần hoàn thành",
    "Đang làm, sắp xong",
    "Báo cáo",
    "Báo cáo tình hình chi bộ",
    "Nhận xét về dự thảo",
    "Rõ ràng là sai",
    "Đồng chí nào đã nhận?",
    "Hôm nay họp lúc 8 giờ",
    "Đã nhận thư của cơ quan khác, gửi nhầm",
    "Xác nhận giúp em ai phụ trách",
    "ok để xem",
];

#[test]
fn everything_else_is_for_people() {
    for text in MESSAGES {
        for form in [text.to_owned(), text.nfd().collect(), bare_key(text)] {
            assert_eq!(said(&form, today()), Said::Nothing(Unsaid::Words), "{form}");
        }
    }
}

#[test]
fn a_reply_without_words_says_nothing() {
    for text in ["", " \n\t", "> Đã nhận", "Kính gửi Văn phòng", "-- \nĐã nhận", "Kính gửi:\nTrân trọng"]
    {
        let empty = said(text, today());
        assert!(matches!(empty, Said::Nothing(_)), "{text}: {empty:?}");
    }
}

#[test]
fn days_that_cannot_be_are_for_people() {
    for text in ["Đã báo cáo số 1-BC/CB ngày 31/02/2026", "Đã báo cáo số 1-BC/CB ngày 20/3/2026"]
    {
        assert_eq!(said(text, today()), Said::Nothing(Unsaid::Day), "{text}");
    }
}

proptest! {
    /// Whatever is quoted below never counts, and no text makes the reader fall over.
    #[test]
    fn quotes_never_count(text in "\\PC{0,80}", below in prop::sample::select(&RECEIPTS[..])) {
        let quoted: String = below.lines().map(|line| format!("> {line}\n")).collect();
        prop_assert_eq!(said(&format!("{text}\n{quoted}"), today()), said(&text, today()));
    }

    /// A word of doubt anywhere in the line takes its force.
    #[test]
    fn doubt_takes_the_force(receipt in 0..15usize, doubt in prop::sample::select(&["chưa", "không", "nhưng", "nếu"][..])) {
        let receipt = RECEIPTS[receipt];
        for text in [format!("{doubt} {receipt}"), format!("{receipt} {doubt}")] {
            prop_assert_eq!(said(&text, today()), Said::Nothing(Unsaid::Words));
        }
    }
}
