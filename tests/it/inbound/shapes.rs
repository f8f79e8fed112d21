//! Mails that were made to be expensive, each as long as anything that is read of a mail. Shared with the benchmark
//! that measures them as in service (`benches/inbound.rs`).

use vanthu::domain::inbound::{nature, said};
use vanthu::mail::inbound::{EXCERPT, glance, identity, read};

/// A mail with a head and a body, filled up with `more` to the most that is read of any.
fn filled(head: &str, more: &str) -> Vec<u8> {
    let mut mail = format!("From: a@b.example\r\n{head}").into_bytes();
    let room = EXCERPT - mail.len();
    mail.extend(more.as_bytes().iter().cycle().take(room));
    mail
}

/// Every shape, with its name.
pub fn shapes() -> Vec<(&'static str, Vec<u8>)> {
    let multipart = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    let own = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    let report = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
                  Content-Type: message/delivery-status\r\n\r\n";
    vec![
        ("100,000 parts", filled(multipart, "--b\r\n\r\n")),
        ("mails within mails", filled("", "Content-Type: message/rfc822\r\n\r\n")),
        ("a part that is itself", filled(own, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n")),
        ("a digest of digests", filled("", "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n")),
        ("boundaries without end", filled(multipart, "boundary=a;boundary=b;")),
        (
            "a boundary in pieces",
            filled("", "Content-Type: multipart/mixed; boundary*0=b; boundary*1=c\r\n\r\n--bc\r\n"),
        ),
        ("encoded words", filled("Subject: ", "=?utf-8?q?=20=20?= ")),
        ("encoded words in base64", filled("Subject: ", "=?utf-8?b?4bqtxqFu?= ")),
        ("words in a hundred charsets", filled("Subject: ", "=?iso-2022-jp?b?GyRCJCI=?= =?koi8-r?q?=C1?= ")),
        ("headers", filled("", "X: y\r\n")),
        ("one header of a megabyte", filled("X: ", "y")),
        ("folded headers", filled("X: y", "\r\n ")),
        ("addresses", filled("Cc: ", "a@b,")),
        ("groups", filled("Cc: ", "x:a@b;")),
        ("comments", filled("Cc: ", "(")),
        ("references", filled("References: ", "<a@b> ")),
        ("parameters", filled("Content-Type: text/plain", "; a*0*=utf-8''%20")),
        ("quoted-printable", filled("Content-Transfer-Encoding: quoted-printable\r\n\r\n", "=E1=BA=AD")),
        ("base64", filled("Content-Transfer-Encoding: base64\r\n\r\n", "4bqt\r\n")),
        ("tags", filled("Content-Type: text/html\r\n\r\n", "<div><p>")),
        ("entities", filled("Content-Type: text/html\r\n\r\n", "&amp;&#x1ead;")),
        (
            "marks without a letter",
            filled("Content-Type: text/plain; charset=utf-8\r\n\r\n", "\u{301}\u{323}"),
        ),
        ("quotes", filled("\r\n", "> > > đã nhận\r\n")),
        ("lines", filled("\r\n", "\n")),
        (
            "a report on everybody",
            filled(report, "Final-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"),
        ),
        ("a report in one line", filled(report, "Status: 5.1.1 ")),
    ]
}

/// Everything that is done with the bytes of a message.
pub fn handle(bytes: &[u8]) {
    glance(bytes, bytes.len() as u64);
    identity(bytes);
    if let Ok(mail) = read(bytes) {
        nature(&mail);
        said(&mail.text, chrono::NaiveDate::MIN);
    }
}
