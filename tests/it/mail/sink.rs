//! Postfix's smtp-sink: fast, and able to fail in every way.

use std::time::Duration;

use mail_parser::MessageParser;
use vanthu::app::ports::{Clearance, Mailer};
use vanthu::domain::ids::NoticeId;
use vanthu::domain::notice::Letter;
use vanthu::mail::transport::SmtpOptions;

use super::{letter_to, plain, smtp, word};
use crate::support::smtp_sink::SmtpSink;

/// Without patience for a server that stays silent.
fn options(sink: &SmtpSink) -> SmtpOptions {
    SmtpOptions { command_timeout: Duration::from_millis(1500), ..plain(sink.port) }
}

#[tokio::test]
async fn faults_of_a_real_server() {
    for (flags, expected) in [
        (&["-f", "RCPT"][..], "failed"),
        (&["-r", "RCPT"], "retry"),
        (&["-f", "MAIL"], "retry all"),
        (&["-r", "DATA"], "retry"),
        (&["-f", "."], "failed"),
        (&["-r", "."], "retry"),
        (&["-q", "."], "ambiguous"),
        (&["-q", "RCPT"], "retry"),
        (&["-q", "CONNECT"], "retry all"),
        (&["-Q", "RCPT"], "retry all"),
        (&["-W", ".:2"], "sent"),
        (&["-p", "-W", "RCPT:3"], "retry"),
        (&["-p", "-f", "RCPT"], "failed"),
        (&["-p"], "sent"),
    ] {
        let sink = SmtpSink::start(flags);
        let outcome =
            smtp(options(&sink)).send(0, &letter_to("chibo1@khoi.example"), Clearance::given()).await;
        assert_eq!(word(&outcome), expected, "{flags:?}: {outcome:?}");
    }
}

/// Four sessions at once: each mail arrives once, with its own recipient and its own link.
#[tokio::test]
async fn many_mails_over_few_connections() {
    let sink = SmtpSink::start(&[]);
    let post = smtp(SmtpOptions { sessions: 4, ..options(&sink) });
    let lanes = (0..post.sessions()).map(|session| {
        let post = &post;
        async move {
            for number in (session..60).step_by(4) {
                let outcome = post.send(session, &numbered(number), Clearance::given()).await;
                assert_eq!(word(&outcome), "sent", "{outcome:?}");
            }
        }
    });
    futures_util::future::join_all(lanes).await;
    post.rest().await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 60);
    let mut seen: Vec<usize> = mails.iter().map(|raw| number_of(raw)).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..60).collect::<Vec<_>>());
}

fn numbered(number: usize) -> Letter {
    let letter = letter_to(&format!("chibo{number}@khoi.example"));
    Letter {
        notice: NoticeId(i64::try_from(number).unwrap()),
        message_id: format!("thu{number}@khoi.example"),
        link: letter.link.map(|link| link.replace("qAAAAAAAAAAB", &format!("qAAAA{number:03}AAB"))),
        ..letter
    }
}

/// The number that recipient, envelope, Message-ID and link agree on.
fn number_of(raw: &[u8]) -> usize {
    let mail = MessageParser::default().parse(raw).unwrap();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let number: usize =
        digits(mail.to().unwrap().first().unwrap().address().unwrap().split('@').next().unwrap());
    assert_eq!(mail.message_id().unwrap(), format!("thu{number}@khoi.example"));
    let link = format!("qAAAA{number:03}AAB");
    assert!(mail.body_text(0).unwrap().contains(&link) && mail.body_html(0).unwrap().contains(&link));
    assert!(String::from_utf8_lossy(raw).contains(&format!("X-Rcpt-Args: <chibo{number}@khoi.example>")));
    number
}
