//! What people read in mails.

use proptest::prelude::*;

use super::super::about::About;
use super::*;

/// What a mail is known by, as `follows`, conversation and number.
fn known(letter: &Letter) -> (bool, &str, Option<&str>) {
    match &letter.about {
        About::Conversation { first, follows, number, .. } => (*follows, first, number.as_deref()),
        About::Line(line) => (false, line, None),
    }
}

#[test]
fn a_letter_is_read_by_its_text() {
    let read = |mail: Arc<Mail>| Letter::read(&mail);
    let first = read(mail(1, "a@b", "Message-ID: <m1@x>", "https://x/a/t1")).remove(0);
    assert_eq!(known(&first), (false, "m1@x", Some("12-KH/ĐUK")));
    assert_eq!((first.link.as_str(), first.digits.as_str()), ("https://x/a/t1", "0031"));
    assert_eq!((first.due, first.acknowledge), (Some(day("2026-12-15")), None));
    let headers = "Message-ID: <m2@x>\r\nReferences: <m1@x>\r\nIn-Reply-To: <m1@x>";
    let second = read(mail(2, "a@b", headers, "https://x/a/t2")).remove(0);
    assert_eq!(known(&second), (true, "m1@x", Some("12-KH/ĐUK")));
    assert_eq!(read(mail(3, "a@b", "Message-ID: <m3@x>", "không có liên kết")), []);
}

/// A list of the morning as vanthu writes it, with the feed's address behind it, which is no matter.
pub(super) fn list(id: u64, to: &str, received: &str, items: &[String]) -> Arc<Mail> {
    let raw = format!(
        "Message-ID: <list{id}@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nChi bộ 1 có 3 việc.\r\n\r\n\
         QUÁ HẠN (1)\r\n\r\n{}\r\nXem mọi hạn trên lịch:\r\nhttps://x/lich/l1.ics\r\n",
        items.join("\r\n")
    );
    let (from, received) = ("vt@mau.example".into(), at(received));
    Arc::new(Mail { id, received, from, to: to.into(), raw: raw.into_bytes().into() })
}

pub(super) fn item(line: &str, says: &str, link: &str, digits: &str) -> String {
    format!(
        "{line}\r\n   Chủ trì: báo cáo\r\n{says}   Báo kết quả:\r\n   {link}\r\n   Mã xác nhận: {digits}\r\n"
    )
}

#[test]
fn a_list_is_read_line_by_line() {
    let until = "   Hạn: thứ Ba, 15/12/2026 (còn 12 ngày)\r\n";
    let heard = "   Xác nhận đã nhận: chậm nhất thứ Sáu, 27/11/2026\r\n";
    let items = [
        item(
            "1. Kế hoạch số 12-KH/ĐUK (Khẩn): Ôn tập",
            "   Hạn: thứ Năm, 26/11/2026\r\n",
            "https://x/a/1",
            "1111",
        ),
        item("2. Thông tin chỉ đạo: Phòng cháy", &format!("{until}{heard}"), "https://x/a/2", "2222"),
        item("3. Công văn số 9-CV/ĐUK: Sơ kết", until, "https://x/a/3", "3333"),
    ];
    let letters = Letter::read(&list(1, "a@b", "2026-11-27T07:30", &items));
    let seen: Vec<_> = letters
        .iter()
        .map(|letter| (known(letter).1, letter.link.as_str(), letter.digits.as_str(), letter.presses()))
        .collect();
    assert_eq!(
        seen,
        [
            ("Kế hoạch số 12-KH/ĐUK (Khẩn): Ôn tập", "https://x/a/1", "1111", true),
            ("Thông tin chỉ đạo: Phòng cháy", "https://x/a/2", "2222", true),
            ("Công văn số 9-CV/ĐUK: Sơ kết", "https://x/a/3", "3333", false),
        ]
    );
    let days: Vec<_> = letters.iter().map(|letter| (letter.due, letter.acknowledge)).collect();
    let (late, due, heard) = (day("2026-11-26"), day("2026-12-15"), day("2026-11-27"));
    assert_eq!(days, [(Some(late), None), (Some(due), Some(heard)), (Some(due), None)]);
}

/// A thing that a list may name: kind and number, subject, due day, digits.
fn thing() -> impl Strategy<Value = (String, String, u32, u16)> {
    ("[A-ZĐ][a-zốưạ ]{0,9}[0-9]{1,3}-[A-ZĐ]{2}", "[A-ZÁÔ][a-zộớ ,.]{0,30}[a-z]", 1..31_u32, 1000..9999_u16)
}

proptest! {
    /// Whatever a list names is read back in its order, each with what is its own.
    #[test]
    fn a_list_of_any_length_is_read_back(things in prop::collection::vec(thing(), 1..20)) {
        let line = |(number, subject, ..): &(String, String, u32, u16)| format!("{number}: {subject}");
        let items: Vec<_> = things
            .iter()
            .zip(1..)
            .map(|(thing, at)| {
                let says = format!("   Hạn: thứ Ba, {:02}/12/2026\r\n", thing.2);
                item(&format!("{at}. {}", line(thing)), &says, &format!("https://x/a/{at}"), &thing.3.to_string())
            })
            .collect();
        let letters = Letter::read(&list(1, "a@b", "2026-11-27T07:30", &items));
        prop_assert_eq!(letters.len(), things.len());
        for ((letter, thing), at) in letters.iter().zip(&things).zip(1..) {
            prop_assert_eq!(known(letter).1, line(thing));
            prop_assert_eq!(&letter.link, &format!("https://x/a/{at}"));
            prop_assert_eq!(&letter.digits, &thing.3.to_string());
            prop_assert_eq!(letter.due, NaiveDate::from_ymd_opt(2026, 12, thing.2));
        }
    }

    /// Whatever a mail says, what is read in it stands in it.
    #[test]
    fn nothing_is_read_that_is_not_written(lines in prop::collection::vec(
        prop_oneof!["\\PC{0,20}", "[0-9]{1,2}\\. \\PC{0,9}", "https?://[a-z/]{0,9} ?", "(Hạn|Mã xác nhận): \\PC{0,12}", ""],
        0..20,
    )) {
        let text = lines.join("\r\n");
        let raw = format!("Message-ID: <m@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
        let mail = Mail { raw: raw.into_bytes().into(), ..(*list(1, "a@b", "2026-11-27T07:30", &[])).clone() };
        for letter in Letter::read(&mail) {
            prop_assert!(text.contains(&letter.link) && text.contains(&letter.digits), "{letter:?}");
        }
    }
}
