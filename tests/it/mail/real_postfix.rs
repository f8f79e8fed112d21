//! A real Postfix takes our mail, refuses it, or is refused by us.

use std::path::PathBuf;
use std::time::Duration;

use mail_parser::MessageParser;
use vanthu::app::ports::{Clearance, Mailer};
use vanthu::mail::transport::{Login, Security, SmtpOptions};
use vanthu::render::mail::samples;

use super::postfix::{PASSWORD, Postfix, USER, with_authority};
use super::{letter_to, plain, smtp, word};

fn options(port: u16, security: Security, password: &str, ca_file: PathBuf) -> SmtpOptions {
    let login = Login { username: USER.to_owned(), password: password.to_owned().into() };
    SmtpOptions {
        host: "localhost".to_owned(),
        security,
        login: Some(login),
        ca_file: Some(ca_file),
        dot_timeout: Duration::from_secs(20),
        ..plain(port)
    }
}

#[tokio::test]
async fn letters_arrive_whole_over_every_kind_of_connection() {
    let (_folder, authority, postfix) = with_authority();
    let ways = [
        options(postfix.submission, Security::StartTls, PASSWORD, authority.ca_file()),
        options(postfix.submissions, Security::Implicit, PASSWORD, authority.ca_file()),
        SmtpOptions { dot_timeout: Duration::from_secs(20), ..plain(postfix.clear) },
    ];
    for way in ways {
        let security = way.security;
        let post = smtp(way);
        post.knock().await.unwrap();
        for letter in samples() {
            let letter = vanthu::domain::notice::Letter { to: "chibo1@khoi.example".to_owned(), ..letter };
            let outcome = post.send(0, &letter, Clearance::given()).await;
            assert_eq!(word(&outcome), "sent", "{security:?}: {outcome:?}");
        }
        post.rest().await;
    }
    for raw in postfix.delivered(18) {
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("chibo1@khoi.example"));
        assert!(mail.body_text(0).unwrap().contains("12-KH/ĐUK"));
        assert!(mail.body_html(0).unwrap().contains("Văn phòng Đảng uỷ Khối"));
    }
}

#[tokio::test]
async fn what_postfix_refuses_is_told_apart() {
    let (_folder, _authority, postfix) = with_authority();
    let post = smtp(plain(postfix.clear));
    let leak = {
        let mut letter = letter_to("chibo1@khoi.example");
        letter.topic = "BI-LOC".to_owned();
        letter
    };
    for (letter, expected) in [
        (letter_to("khong-co@khoi.example"), "failed"),
        (letter_to("cho@khoi.example"), "retry"),
        (letter_to("quan-he@khoi.example"), "failed"),
        (letter_to("a@noi-khac.example"), "failed"),
        (leak, "failed"),
        (letter_to("chibo1@khoi.example"), "sent"),
    ] {
        let outcome = post.send(0, &letter, Clearance::given()).await;
        assert_eq!(word(&outcome), expected, "{}: {outcome:?}", letter.to);
    }
    assert_eq!(postfix.delivered(1).len(), 1);
}

#[tokio::test]
async fn a_wrong_password_concerns_everyone() {
    let (_folder, authority, postfix) = with_authority();
    let post = smtp(options(postfix.submission, Security::StartTls, "sai", authority.ca_file()));
    let outcome = post.send(0, &letter_to("chibo1@khoi.example"), Clearance::given()).await;
    assert_eq!(word(&outcome), "retry all");
    let text = format!("{outcome:?}");
    assert!(text.contains("đăng nhập (AUTH)") && text.contains("535"), "{text}");
}

/// No password and no mail goes to a server whose certificate is not the right one.
#[tokio::test]
async fn certificates_that_prove_nothing_are_refused() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let ours = super::pki::Authority::new(folder.path());
    let foreign_folder = tempfile::tempdir_in("/tmp").unwrap();
    let foreign = super::pki::Authority::new(foreign_folder.path());
    for (pair, case) in [
        (ours.issue("mail.khac.example"), "another name"),
        (ours.issue_expired("localhost"), "over"),
        (foreign.issue("localhost"), "another authority"),
    ] {
        let postfix = Postfix::start(&pair);
        for (port, security) in
            [(postfix.submission, Security::StartTls), (postfix.submissions, Security::Implicit)]
        {
            let outcome = smtp(options(port, security, PASSWORD, ours.ca_file()))
                .send(0, &letter_to("a@khoi.example"), Clearance::given())
                .await;
            assert_eq!(word(&outcome), "retry all", "{case}: {outcome:?}");
            assert!(format!("{outcome:?}").contains("thiết lập TLS"), "{case}: {outcome:?}");
        }
    }
}
