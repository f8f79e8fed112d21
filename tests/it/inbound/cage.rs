//! What hostile mail costs (promises.md T50): each shape is read by a process of its own, whose peak is its own.
//!
//! Unoptimised, time is only bounded loosely here; `fuzz/hostile` measures it as in service (docs/RELIABILITY.md).

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vanthu::domain::inbound::{nature, said};
use vanthu::mail::inbound::{EXCERPT, glance, identity, read};

/// Memory that one mail may cost, in kilobytes.
const SPACE: u64 = 64 << 10;
/// Time on a processor without optimisation.
const TIME: Duration = Duration::from_secs(2);
/// Where the process of a shape finds its number.
const NUMBER: &str = "VANTHU_TEST_SHAPE";
/// Where the shapes are written for the fuzz target.
const HOSTILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/found/hostile");

/// A mail with a head and a body, filled up with `more` to the most that is read of any.
fn filled(head: &str, more: &str) -> Vec<u8> {
    let mut mail = format!("From: a@b.example\r\n{head}").into_bytes();
    let room = EXCERPT - mail.len();
    mail.extend(more.as_bytes().iter().cycle().take(room));
    mail
}

fn shapes() -> Vec<(&'static str, Vec<u8>)> {
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
fn handle(bytes: &[u8]) {
    glance(bytes, bytes.len() as u64);
    identity(bytes);
    if let Ok(mail) = read(bytes) {
        nature(&mail);
        said(&mail.text, chrono::NaiveDate::MIN);
    }
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Time on a processor so far: a busy host must not make a mail slow.
fn spent() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// Run by the test below, alone in a process.
#[test]
#[ignore = "a part of the test below"]
fn reads_one() {
    let shape = usize::try_from(crate::support::number(NUMBER, 0)).unwrap();
    let (_, bytes) = shapes().swap_remove(shape);
    handle(b"From: a@b.example\r\n\r\nx");
    let (space, time) = (peak(), spent());
    handle(&bytes);
    println!("cost {} {}", peak() - space, (spent() - time).as_millis());
}

#[test]
fn no_mail_costs_more_than_its_cage() {
    for (number, (name, bytes)) in shapes().into_iter().enumerate() {
        assert_eq!(bytes.len(), EXCERPT, "{name}");
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["inbound::cage::reads_one", "--exact", "--ignored", "--nocapture"])
            .env(NUMBER, number.to_string())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{name}: {told}{}", String::from_utf8_lossy(&run.stderr));
        let (_, cost) = told.split_once("cost ").unwrap();
        let cost: Vec<u64> = cost.split_whitespace().take(2).map(|word| word.parse().unwrap()).collect();
        println!("{name}: {} kB more, {} ms", cost[0], cost[1]);
        assert!(cost[0] <= SPACE, "{name}: {} kB", cost[0]);
        assert!(Duration::from_millis(cost[1]) <= TIME, "{name}: {} ms", cost[1]);
    }
}

/// Writes the shapes for `fuzz/hostile`.
#[test]
#[ignore = "a part of fuzz/hostile"]
fn writes_the_shapes() {
    fs::create_dir_all(HOSTILE).unwrap();
    for (name, bytes) in shapes() {
        fs::write(Path::new(HOSTILE).join(name.replace([' ', ','], "-")), bytes).unwrap();
    }
}
