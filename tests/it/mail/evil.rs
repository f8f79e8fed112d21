//! A server that refuses, stalls, lies or vanishes at every point of the dialogue.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use vanthu::app::ports::{Clearance, Mailer, SendOutcome};
use vanthu::mail::Post;
use vanthu::mail::transport::{Login, Security, SmtpOptions, TransportOptions};
use vanthu::render::mail::samples;

use super::script::{Act, Server};
use super::{compose_options, letter_to, plain, send_all, smtp, word};

const PIPELINING: &str = "250-script.example\n250-PIPELINING\n250 DSN";

fn starttls(port: u16) -> SmtpOptions {
    let login = Login { username: "vanthu".to_owned(), password: "bi-mat".to_owned().into() };
    SmtpOptions {
        host: "localhost".to_owned(),
        security: Security::StartTls,
        login: Some(login),
        ..plain(port)
    }
}

#[tokio::test]
async fn what_each_refusal_means() {
    for ehlo in ["250 script.example", PIPELINING] {
        for (at, reply, expected) in [
            ("", "554 5.7.1 no service", "retry all"),
            ("", "421 4.3.2 full", "retry all"),
            ("MAIL", "451 4.7.1 slow down", "retry all"),
            ("MAIL", "550 5.1.8 sender unknown", "retry all"),
            ("RCPT", "450 4.2.0 greylisted", "retry"),
            ("RCPT", "550 5.1.1 no such user", "failed"),
            ("RCPT", "421 4.3.2 going down", "retry all"),
            ("DATA", "451 4.7.1 later", "retry"),
            ("DATA", "554 5.5.1 no valid recipients", "failed"),
            (".", "452 4.2.2 mailbox full", "retry"),
            (".", "554 5.7.1 content refused", "failed"),
            (".", "421 4.3.0 bye", "retry all"),
            (".", "354 go on", "ambiguous"),
            (".", "999 what", "ambiguous"),
        ] {
            let server = Server::start(move |_, _, verb| match verb {
                "EHLO" => Some(Act::Say(ehlo)),
                verb => (verb == at).then_some(Act::Say(reply)),
            });
            let outcome =
                smtp(plain(server.port)).send(0, &letter_to("a@khoi.example"), Clearance::given()).await;
            assert_eq!(word(&outcome), expected, "{at} {reply} {ehlo}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_recipient_does_not_cost_the_connection() {
    for ehlo in ["250 script.example", PIPELINING] {
        let server = Server::start(move |_, mail, verb| match verb {
            "EHLO" => Some(Act::Say(ehlo)),
            "RCPT" if mail == 0 => Some(Act::Say("550 5.1.1 no such user")),
            "DATA" if mail == 0 => Some(Act::Say("503 5.5.1 no recipients")),
            _ => None,
        });
        let outcomes = send_all(&smtp(plain(server.port)), 2).await;
        assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>(), ["failed", "sent"], "{:?}", server.heard());
        assert_eq!(server.connections(), 1);
        assert!(server.heard().contains(&"0: RSET".to_owned()));
    }
}

#[tokio::test]
async fn data_opened_without_a_recipient_costs_the_connection() {
    let server = Server::start(|connection, _, verb| match verb {
        "EHLO" => Some(Act::Say(PIPELINING)),
        "RCPT" if connection == 0 => Some(Act::Say("550 5.1.1 no such user")),
        _ => None,
    });
    let outcomes = send_all(&smtp(plain(server.port)), 2).await;
    assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>(), ["failed", "sent"]);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn delivery_reports_are_asked_for_only_where_offered() {
    for (ehlo, mail, rcpt) in [
        (
            PIPELINING,
            "0: MAIL FROM:<vanthu@khoi.example> RET=HDRS ENVID=mau1@vanthu.example",
            "0: RCPT TO:<chibo1@khoi.example> NOTIFY=FAILURE,DELAY",
        ),
        ("250 script.example", "0: MAIL FROM:<vanthu@khoi.example>", "0: RCPT TO:<chibo1@khoi.example>"),
    ] {
        let server = Server::start(move |_, _, verb| (verb == "EHLO").then_some(Act::Say(ehlo)));
        send_all(&smtp(plain(server.port)), 1).await;
        let heard = server.heard();
        assert!(heard.contains(&mail.to_owned()) && heard.contains(&rcpt.to_owned()), "{heard:?}");
    }
}

/// What is added in clear after the `220` must not be heard as the server's words inside TLS.
#[tokio::test]
async fn words_slipped_in_behind_starttls_are_refused() {
    let server = Server::start(|_, _, verb| match verb {
        "EHLO" => Some(Act::Say("250-script.example\n250 STARTTLS")),
        "STARTTLS" => Some(Act::Say("220 go\n250-INJECTED\n250 AUTH PLAIN LOGIN")),
        _ => None,
    });
    let outcome = smtp(starttls(server.port)).send(0, &letter_to("a@khoi.example"), Clearance::given()).await;
    assert_eq!(word(&outcome), "retry all");
    assert!(format!("{outcome:?}").contains("gửi thừa dữ liệu"), "{outcome:?}");
    assert_said_only(&server, &["", "EHLO", "STARTTLS"]);
}

#[tokio::test]
async fn without_starttls_neither_password_nor_mail_leaves() {
    for (ehlo, answer) in [
        ("250-script.example\n250 AUTH PLAIN LOGIN", "220 go"),
        ("250-script.example\n250-STARTTLS\n250 AUTH PLAIN", "454 4.7.0 TLS not available"),
        ("250-script.example\n250-STARTTLS\n250 AUTH PLAIN", "500 5.5.1 unknown command"),
    ] {
        let server = Server::start(move |_, _, verb| match verb {
            "EHLO" => Some(Act::Say(ehlo)),
            "STARTTLS" => Some(Act::Say(answer)),
            _ => None,
        });
        let outcome =
            smtp(starttls(server.port)).send(0, &letter_to("a@khoi.example"), Clearance::given()).await;
        assert_eq!(word(&outcome), "retry all", "{ehlo} {answer}");
        assert_said_only(&server, &["", "EHLO", "STARTTLS"]);
    }
}

/// After a moment, in which a client that goes on talking would be heard.
fn assert_said_only(server: &Server, verbs: &[&str]) {
    std::thread::sleep(Duration::from_millis(100));
    for line in server.heard() {
        let verb = line.split_whitespace().nth(1).unwrap_or_default();
        assert!(verbs.contains(&verb), "the client said {line:?}");
    }
}

/// The poison case: a reply that comes too late must not become the answer to the next mail.
#[tokio::test]
async fn a_connection_that_timed_out_is_never_used_again() {
    for (late, first) in [("MAIL", "retry all"), ("RCPT", "retry"), ("DATA", "retry all")] {
        let server = Server::start(move |connection, _, verb| match (connection, verb) {
            (0, verb) if verb == late => Some(Act::Late(Duration::from_millis(900), "250 late")),
            (1, ".") => Some(Act::Say("554 5.7.1 content refused")),
            _ => None,
        });
        let options = SmtpOptions { command_timeout: Duration::from_millis(300), ..plain(server.port) };
        let outcomes = send_all(&smtp(options), 2).await;
        assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>(), [first, "failed"], "{late}");
        assert_eq!(server.connections(), 2);
    }
}

/// A refusal that is known does not make up for replies that are still on their way.
#[tokio::test]
async fn a_refusal_before_a_late_reply_costs_the_connection() {
    let server = Server::start(|connection, _, verb| match (connection, verb) {
        (_, "EHLO") => Some(Act::Say(PIPELINING)),
        (0, "MAIL") => Some(Act::Say("451 4.7.1 slow down")),
        (0, "RCPT") => Some(Act::Late(Duration::from_millis(600), "250 late")),
        _ => None,
    });
    let options = SmtpOptions { command_timeout: Duration::from_millis(300), ..plain(server.port) };
    let outcomes = send_all(&smtp(options), 2).await;
    assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>(), ["retry all", "sent"]);
    assert_eq!(server.connections(), 2);
    assert!(!server.heard().contains(&"0: RSET".to_owned()), "{:?}", server.heard());
}

#[tokio::test]
async fn a_cancelled_send_takes_its_connection_with_it() {
    let server = Server::start(|connection, _, verb| match (connection, verb) {
        (0, "RCPT") => Some(Act::Late(Duration::from_millis(600), "250 late")),
        (1, ".") => Some(Act::Say("554 5.7.1 content refused")),
        _ => None,
    });
    let post = smtp(plain(server.port));
    let letter = letter_to("a@khoi.example");
    assert!(timeout(Duration::from_millis(200), post.send(0, &letter, Clearance::given())).await.is_err());
    assert_eq!(word(&post.send(0, &letter, Clearance::given()).await), "failed");
    assert_eq!(server.connections(), 2);
}

/// One reply too many shifts all that follow: the server refuses the second mail, but its last reply
/// before that was a 250.
#[tokio::test]
async fn a_reply_too_many_is_noticed() {
    for ehlo in ["250 script.example", PIPELINING] {
        let server = Server::start(move |connection, mail, verb| match (connection, mail, verb) {
            (_, _, "EHLO") => Some(Act::Say(ehlo)),
            (0, 0, ".") => Some(Act::Say("250 2.0.0 queued\r\n250 2.0.0 stray")),
            (_, 1, ".") => Some(Act::Say("554 5.7.1 content refused")),
            _ => None,
        });
        let outcomes = send_all(&smtp(plain(server.port)), 2).await;
        assert_eq!(
            outcomes.iter().map(word).collect::<Vec<_>>(),
            ["sent", "retry all"],
            "{:?}",
            server.heard()
        );
    }
}

#[tokio::test]
async fn silence_behind_the_dot_is_ambiguous() {
    for ending in ["hang up", "silence"] {
        let server = Server::start(move |_, _, verb| match (verb, ending) {
            (".", "hang up") => Some(Act::HangUp),
            (".", _) => Some(Act::Late(Duration::from_millis(900), "250 2.0.0 queued")),
            _ => None,
        });
        let options = SmtpOptions { dot_timeout: Duration::from_millis(300), ..plain(server.port) };
        let outcome = send_all(&smtp(options), 1).await.remove(0);
        assert_eq!(word(&outcome), "ambiguous", "{ending}: {outcome:?}");
    }
}

/// A server may take 90 s for its 250; the time for commands does not count there.
#[tokio::test]
async fn a_slow_answer_to_the_dot_is_waited_for() {
    let server =
        Server::start(|_, _, verb| (verb == ".").then_some(Act::Late(Duration::from_millis(800), "250 ok")));
    let options = SmtpOptions { command_timeout: Duration::from_millis(300), ..plain(server.port) };
    assert_eq!(word(&send_all(&smtp(options), 1).await[0]), "sent");
}

/// A mail that never left whole cannot have been accepted, so it is not ambiguous.
#[tokio::test]
async fn a_connection_that_breaks_inside_the_mail_is_no_ambiguity() {
    let server = Server::start(|_, _, verb| (verb == "DATA").then_some(Act::SayAndHangUp("354 go")));
    let mut letter = samples().into_iter().find(|letter| !letter.laggards.is_empty()).unwrap();
    letter.laggards = std::iter::repeat_n(letter.laggards[0].clone(), 20_000).collect();
    let outcome = smtp(plain(server.port)).send(0, &letter, Clearance::given()).await;
    assert_eq!(word(&outcome), "retry all", "{outcome:?}");
}

/// Between two mails a server may end the connection; that is no failure of the second mail.
#[tokio::test]
async fn a_connection_that_ended_at_rest_is_replaced() {
    for ending in ["421 4.4.2 idle too long", ""] {
        let server = Server::start(move |connection, mail, verb| match (connection, mail, verb) {
            (0, 1, "MAIL") if ending.is_empty() => Some(Act::HangUp),
            (0, 1, "MAIL") => Some(Act::SayAndHangUp(ending)),
            _ => None,
        });
        let outcomes = send_all(&smtp(plain(server.port)), 2).await;
        assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>(), ["sent", "sent"], "{ending:?}");
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn a_connection_is_renewed_after_a_hundred_mails() {
    let server = Server::start(|_, _, _| None);
    let outcomes = send_all(&smtp(plain(server.port)), 101).await;
    assert!(outcomes.iter().all(|outcome| word(outcome) == "sent"));
    assert_eq!(server.connections(), 2);
    assert!(server.heard().contains(&"0: QUIT".to_owned()), "it takes leave");
}

#[tokio::test]
async fn rest_takes_leave() {
    let server = Server::start(|_, _, _| None);
    let post = smtp(plain(server.port));
    send_all(&post, 1).await;
    post.rest().await;
    assert!(server.heard().contains(&"0: QUIT".to_owned()));
    assert_eq!(word(&send_all(&post, 1).await[0]), "sent", "and sends again afterwards");
}

#[tokio::test]
async fn odd_greetings_are_survived() {
    for (greeting, ehlo) in [
        ("HTTP/1.1 400 Bad Request", "250 x"),
        ("220 ok", "250-script.example\n250-   \n250 DSN"),
        ("220 ok", "250"),
        ("220 ok\n250 too much", "250 x"),
        ("220-half", "250 x"),
    ] {
        let server = Server::start(move |_, _, verb| match verb {
            "" => Some(Act::Say(greeting)),
            "EHLO" => Some(Act::Say(ehlo)),
            _ => None,
        });
        let options = SmtpOptions { command_timeout: Duration::from_millis(300), ..plain(server.port) };
        let outcome = smtp(options).send(0, &letter_to("a@khoi.example"), Clearance::given()).await;
        assert_eq!(word(&outcome), "retry all", "{greeting} {ehlo}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_concerns_everyone() {
    let outcome =
        smtp(plain(super::free_port())).send(0, &letter_to("a@khoi.example"), Clearance::given()).await;
    assert_eq!(word(&outcome), "retry all");
    let SendOutcome::Retry { reason, .. } = outcome else { panic!("{outcome:?}") };
    assert!(reason.starts_with("127.0.0.1:") && reason.contains("lỗi khi kết nối"), "{reason}");
}

#[test]
fn clear_text_to_another_host_is_refused_before_it_is_tried() {
    for (host, fits) in [
        ("127.0.0.1", true),
        ("::1", true),
        ("localhost", true),
        ("192.0.2.1", false),
        ("mail.khoi.example", false),
        ("localhost.khoi.example", false),
    ] {
        let options = SmtpOptions { host: host.to_owned(), ..plain(25) };
        let made = Post::new(compose_options(), TransportOptions::Smtp(options));
        assert_eq!(made.is_ok(), fits, "{host}");
    }
}

#[test]
fn settings_that_cannot_work_say_so() {
    for (options, message) in [
        (SmtpOptions { hello: Some("a b".to_owned()), ..plain(25) }, "mail.transport.hello"),
        (
            SmtpOptions { ca_file: Some("/không/có.pem".into()), ..plain(25) },
            "mail.transport: ca_file /không/có.pem",
        ),
        (
            SmtpOptions { host: "a b".to_owned(), security: Security::StartTls, ..plain(25) },
            "mail.transport.host",
        ),
    ] {
        let error = Post::new(compose_options(), TransportOptions::Smtp(options)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// Until the mail before is on record, a crash must find this one unaccepted.
#[tokio::test]
async fn the_content_waits_for_its_clearance() {
    for ehlo in ["250 script.example", PIPELINING] {
        let server = Server::start(move |_, _, verb| (verb == "EHLO").then_some(Act::Say(ehlo)));
        let post = smtp(plain(server.port));
        let (recorded, clearance) = oneshot::channel();
        let letter = letter_to("a@khoi.example");
        let heard =
            |verb: &str| server.heard().iter().filter(|line| line.ends_with(&format!(" {verb}"))).count();
        let mut sending = post.send(0, &letter, Clearance::after(clearance));
        assert!(timeout(Duration::from_millis(300), &mut sending).await.is_err());
        assert_eq!(heard("DATA"), 1, "the envelope need not wait");
        assert_eq!(heard("."), 0);
        recorded.send(()).unwrap();
        assert_eq!(word(&sending.await), "sent");
        assert_eq!(heard("."), 1);
    }
}

#[tokio::test]
async fn without_clearance_nothing_is_finished() {
    let server = Server::start(|_, _, _| None);
    let post = smtp(plain(server.port));
    for sent in [true, false] {
        let (recorded, clearance) = oneshot::channel();
        if sent {
            recorded.send(()).unwrap();
        } else {
            drop(recorded);
        }
        let outcome = post.send(0, &letter_to("a@khoi.example"), Clearance::after(clearance)).await;
        assert_eq!(word(&outcome), if sent { "sent" } else { "retry all" });
    }
    assert_eq!(server.heard().iter().filter(|line| line.ends_with(" .")).count(), 1);
}
