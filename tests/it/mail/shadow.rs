//! A trial run: every mail goes to one address and says whom it was meant for.

use mail_parser::MessageParser;
use vanthu::domain::bulletin::{Bulletin, News};
use vanthu::domain::language::Language;
use vanthu::domain::notice::Letter;
use vanthu::mail::compose::{ComposeOptions, Composer};
use vanthu::render::mail::samples;

use super::compose_options;

fn composer() -> Composer {
    let options = ComposeOptions { shadow: Some("thu@khoi.example".to_owned()), ..compose_options() };
    Composer::new(options).unwrap().0
}

#[test]
fn every_mail_goes_to_the_one_address_and_says_so() {
    for letter in samples() {
        let meant = letter.to.clone();
        let mail = composer().compose(&letter).unwrap();
        assert_eq!(mail.to.to_string(), "thu@khoi.example");
        let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
        assert_eq!(parsed.to().unwrap().first().unwrap().address(), Some("thu@khoi.example"));
        assert_eq!(parsed.header_raw("X-Vanthu-Meant-For").unwrap().trim(), meant);
        let from = parsed.from().unwrap().first().unwrap().name().unwrap().to_owned();
        assert!(from.starts_with("CHẠY THỬ – "), "{from}");
        let line = format!("CHẠY THỬ: thư này lẽ ra gửi tới {meant}.");
        assert!(parsed.body_text(0).unwrap().starts_with(&line));
        let html = parsed.body_html(0).unwrap();
        let html = html.split("<body").nth(1).unwrap();
        assert!(html.find(&line).unwrap() < html.find(&letter.unit_name).unwrap(), "on top");
        assert_eq!(mail.bytes.windows(meant.len()).filter(|part| *part == meant.as_bytes()).count(), 1);
    }
}

#[test]
fn a_mail_about_the_files_is_no_exception() {
    let bulletin = Bulletin {
        id: 1,
        message_id: "x@vanthu.example".to_owned(),
        to: "quy-tac@khoi.example".to_owned(),
        language: Language::Vi,
        news: News::Broken { findings: "lỗi".to_owned() },
        author: "vt".to_owned(),
        force: "a".repeat(64),
        at: samples()[0].written,
    };
    let mail = composer().compose_bulletin(&bulletin).unwrap();
    assert_eq!(mail.to.to_string(), "thu@khoi.example");
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    assert_eq!(parsed.header_raw("X-Vanthu-Meant-For").unwrap().trim(), "quy-tac@khoi.example");
    for part in [parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap()] {
        assert!(part.contains("CHẠY THỬ: thư này lẽ ra gửi tới quy-tac@khoi.example."), "{part}");
    }
}

/// An address that could never be written to is refused in a trial run too, or the trial would not show it.
#[test]
fn a_broken_address_is_refused_all_the_same() {
    let letter = Letter { to: "tổ@khoi.example".to_owned(), ..samples().swap_remove(0) };
    assert!(composer().compose(&letter).is_err());
}
