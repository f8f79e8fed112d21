use std::time::{Duration, Instant};

use super::*;
use crate::domain::inbound::{Fate, Nature, Said, nature, said};

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, 10).unwrap()
}

/// A mail with a head of its own and a body as it stands on the wire.
fn mail(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("From: Chi bộ 1 <CB-1@mau.example>\r\nTo: vanthu@mau.example\r\n{head}\r\n");
    [head.as_bytes(), b"\r\n", body].concat()
}

fn text_of(head: &str, body: &[u8]) -> String {
    read(&mail(head, body)).unwrap().text
}

#[test]
fn replies_are_read_in_every_spelling_of_bytes() {
    for (head, body) in [
        ("Content-Type: text/plain; charset=utf-8", "Đã nhận".as_bytes()),
        ("", "Đã nhận".as_bytes()),
        ("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b"xJDDoyBuaOG6rW4="),
        (
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
            b"=C4=90=C3=A3 nh=E1=BA=ADn",
        ),
        // Windows-1258: ã is 0xE3; ậ is â (0xE2) with the dot below (0xF2) behind it.
        ("Content-Type: text/plain; charset=windows-1258", b"\xD0\xE3 nh\xE2\xF2n"),
        // TCVN3 in the bytes of Latin-1, as old fonts need it.
        ("Content-Type: text/plain; charset=iso-8859-1", b"\xA7\xB7 nh\xCBn"),
        ("Content-Type: text/html; charset=utf-8", "<html><body><p>Đã nhận</p></body></html>".as_bytes()),
        (
            "Content-Type: multipart/alternative; boundary=b",
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nĐã nhận\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--"
                .as_bytes(),
        ),
    ] {
        let text = text_of(head, body);
        assert_eq!(said(&text, today()), Said::Received, "{head}: {text:?}");
    }
}

#[test]
fn heads_say_who_writes_what_it_answers_and_whether_a_machine_does() {
    let bytes = mail(
        "Message-ID: <own@mau.example>\r\nIn-Reply-To: <b@vanthu.example>\r\nReferences: <a@vanthu.example>\r\n <b@vanthu.example>\r\nDelivered-To: vanthu+k5f@mau.example\r\nSubject: =?utf-8?B?UmU6IEvhur8gaG/huqFjaA==?=\r\nDate: Tue, 10 Mar 2026 09:00:00 +0700",
        b"x",
    );
    let mail = read(&bytes).unwrap();
    assert_eq!(mail.from.as_deref(), Some("cb-1@mau.example"));
    assert_eq!(mail.refers, ["b@vanthu.example", "b@vanthu.example", "a@vanthu.example"]);
    assert_eq!(mail.to, ["vanthu+k5f@mau.example", "vanthu@mau.example"]);
    assert_eq!(mail.subject, "Re: Kế hoạch");
    assert_eq!(mail.date.unwrap().to_rfc3339(), "2026-03-10T02:00:00+00:00");
    assert_eq!(mail.signs, Signs::default());
    let seen = glance(&bytes, 1234);
    assert_eq!((seen.size, seen.reports, &seen.head.refers), (1234, false, &mail.refers));
}

#[test]
fn machines_sign_their_mail() {
    for head in [
        "Auto-Submitted: auto-replied",
        "AUTO-SUBMITTED: Auto-Generated (vacation)",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: yes",
        "List-Id: <a.b.example>",
        "Return-Path: <>",
        "X-Vanthu-Reason: notice",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ] {
        let mail = read(&mail(head, "Đã nhận".as_bytes())).unwrap();
        assert!(matches!(nature(&mail), Nature::Machine(_)), "{head}");
    }
    let person = read(&mail("Auto-Submitted: no\r\nReturn-Path: <a@b.example>", b"ok")).unwrap();
    assert_eq!(nature(&person), Nature::Person);
}

/// A report as Postfix writes it, with the headers of the mail it returns.
fn bounce(returned: &str) -> Vec<u8> {
    mail(
        "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B/1\"",
        format!(
            "This is a MIME-encapsulated message.\r\n\r\n--B/1\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n\r\n\
             --B/1\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mail.mau.example\r\nOriginal-Envelope-Id: k5f@vanthu.example\r\n\r\n\
             Final-Recipient: rfc822; cb-1@mau.example\r\nOriginal-Recipient: rfc822;cb-1@mau.example\r\n\
             Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: X-Postfix; unknown user\r\n\r\n\
             --B/1\r\n{returned}\r\n\r\nMessage-ID: <k5f@vanthu.example>\r\nSubject: x\r\n\r\n--B/1--\r\n"
        )
        .as_bytes(),
    )
}

#[test]
fn reports_name_the_mail_they_return() {
    for returned in [
        "Content-Type: text/rfc822-headers",
        "Content-Type: message/rfc822",
        "Content-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers; charset=utf-8",
    ] {
        let bytes = bounce(returned);
        assert!(glance(&bytes, 1).reports);
        let mail = read(&bytes).unwrap();
        assert_eq!(nature(&mail), Nature::Report);
        let report = mail.report.unwrap();
        assert_eq!(report.returned.as_deref(), Some("k5f@vanthu.example"), "{returned}");
        assert_eq!(report.envelope.as_deref(), Some("k5f@vanthu.example"));
        assert_eq!(report.recipients.len(), 1);
        assert!(matches!(report.recipients[0].fate(), Some(Fate::Failed(_))));
        assert!(report.recipients[0].is("CB-1@mau.example"));
    }
}

#[test]
fn identity_outlives_the_way() {
    let plain = mail("Message-ID: <a@b.example>", b"x");
    let delivered = [b"Received: by other\r\n".as_slice(), &plain].concat();
    assert_eq!(identity(&plain), identity(&delivered));
    assert_ne!(identity(&plain), identity(&mail("Message-ID: <a@b.example>", b"y")));
    assert_ne!(identity(&plain), identity(&mail("Message-ID: <c@b.example>", b"x")));
    assert_eq!(identity(b"").len(), 64);
}

/// Hostile mails are refused at once (promises T50: at most 200 ms each; here unoptimised and among others).
#[test]
fn what_does_not_fit_the_cage_is_refused_at_once() {
    let parts = "--b\r\n\r\n".repeat(100_000);
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(30_000);
    let hidden = "boundary=a;".repeat(80_000);
    let head = "Content-Type: multipart/mixed; boundary=b";
    for (name, bytes, expected) in [
        ("parts", mail(head, parts.as_bytes()), Some(Unreadable::TooManyParts)),
        ("nested", mail("", nested.as_bytes()), Some(Unreadable::TooDeep)),
        ("hidden", mail(head, hidden.as_bytes()), Some(Unreadable::TooManyParts)),
        ("large", vec![b'a'; EXCERPT + 1], Some(Unreadable::TooLarge(EXCERPT as u64 + 1))),
        ("headers", mail(&"X: y\r\n".repeat(100_000), b"x"), None),
        ("words", mail(&format!("Subject: {}", "=?utf-8?q?=20?= ".repeat(30_000)), b"x"), None),
        ("addresses", mail(&format!("Cc: {}", "a@b,".repeat(200_000)), b"x"), None),
        ("comments", mail(&format!("Cc: {}", "(".repeat(500_000)), b"x"), None),
    ] {
        let begun = Instant::now();
        let found = read(&bytes).err();
        assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
        assert_eq!(found, expected, "{name}");
    }
}
