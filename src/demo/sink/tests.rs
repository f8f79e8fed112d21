//! The sink against a raw dialogue and against the mail library vanthu itself uses.

use std::future::Future;

use lettre::address::Envelope;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::dialogue::MAX_SIZE;
use super::*;

struct Office {
    address: SocketAddr,
    mailboxes: Arc<Mailboxes>,
    faults: Arc<Faults>,
}

/// Runs `story` against a served sink and stops it.
async fn with_sink<F: Future<Output = ()>>(story: impl FnOnce(Office) -> F) {
    let mailboxes = Mailboxes::new();
    let now: Now = Arc::new(|| DateTime::from_timestamp(1_790_000_000, 0).unwrap());
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let sink = Sink::bind(loopback, Arc::clone(&mailboxes), now).await.unwrap();
    let office = Office { address: sink.local_addr().unwrap(), mailboxes, faults: sink.faults() };
    let stop = CancellationToken::new();
    let told = async {
        story(office).await;
        stop.cancel();
    };
    let (served, ()) = tokio::join!(sink.serve(stop.clone()), told);
    served.unwrap();
}

/// Sends all of `said` at once and gives every reply's code until the server hangs up.
async fn talk(address: SocketAddr, said: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    heard.lines().map(|line| line.chars().take(3).collect()).collect()
}

const OPENING: &str = "EHLO a\r\nMAIL FROM:<vt@mau.example>\r\nRCPT TO:<Cb@mau.example>\r\nDATA\r\n";

#[tokio::test]
async fn a_pipelined_dialogue_is_answered_line_by_line() {
    for (name, said, expected) in [
        (
            "a mail",
            format!("{OPENING}Subject: x\r\n\r\nxin chào\r\n.\r\nQUIT\r\n"),
            "220 250 250 250 250 250 250 354 250 221",
        ),
        (
            "helo, noop, reset",
            "HELO a\r\nNOOP\r\nMAIL FROM:<>\r\nRSET\r\nRCPT TO:<a@b>\r\nQUIT\r\n".into(),
            "220 250 250 250 250 503 221",
        ),
        (
            "out of order",
            "DATA\r\nRCPT TO:<a@b>\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\nDATA\r\nQUIT\r\n".into(),
            "220 503 503 250 503 503 221",
        ),
        (
            "malformed",
            "EHLO\r\nXYZ\r\nMAIL FROM:a@b\r\nMAIL FROM:<a@b> RET=HDRS\r\nMAIL FROM:<a@b> SIZE=x\r\nQUIT\r\n"
                .into(),
            "220 501 500 501 501 501 221",
        ),
        (
            "a recipient without a host",
            "MAIL FROM:<a@b>\r\nRCPT TO:<a>\r\nQUIT\r\n".into(),
            "220 250 501 221",
        ),
        (
            "a size told",
            format!(
                "MAIL FROM:<a@b> SIZE={}\r\nmail from: <a@b> size=9 BODY=8BITMIME\r\nQUIT\r\n",
                MAX_SIZE + 1
            ),
            "220 552 250 221",
        ),
        (
            "a size not told",
            format!("{OPENING}{}.\r\nQUIT\r\n", "0123456789\r\n".repeat(MAX_SIZE / 12 + 1)),
            "220 250 250 250 250 250 250 354 552 221",
        ),
        (
            "a bare line feed",
            format!("{OPENING}a\nb\r\n.\r\nQUIT\r\n"),
            "220 250 250 250 250 250 250 354 554 221",
        ),
        (
            "a smuggled end",
            format!("{OPENING}a\n.\r\nMAIL FROM:<x@y>\r\n.\r\nQUIT\r\n"),
            "220 250 250 250 250 250 250 354 554 221",
        ),
    ] {
        with_sink(|office| async move {
            assert_eq!(talk(office.address, &said).await.join(" "), expected, "{name}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_mail_is_kept_as_it_was_written() {
    with_sink(|office| async move {
        let said = format!("{OPENING}Subject: x\r\n\r\n..\r\n..a\r\n\r\n.\r\nQUIT\r\n");
        talk(office.address, &said).await;
        let mail = office.mailboxes.get(1).unwrap();
        assert_eq!(mail.raw.as_ref(), b"Subject: x\r\n\r\n.\r\n.a\r\n\r\n");
        assert_eq!((mail.from.as_str(), mail.to.as_str()), ("vt@mau.example", "cb@mau.example"));
        assert_eq!(mail.received.timestamp(), 1_790_000_000);
    })
    .await;
}

#[tokio::test]
async fn a_mail_library_delivers_and_meets_the_faults() {
    with_sink(|office| async move {
        let client = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
            .port(office.address.port())
            .build();
        let send = async |to: &str| {
            let envelope = Envelope::new(Some("vt@mau.example".parse().unwrap()), vec![to.parse().unwrap()]);
            client.send_raw(&envelope.unwrap(), b"Subject: x\r\n\r\n.mot").await
        };
        let code = |sent: Result<_, lettre::transport::smtp::Error>| {
            sent.map_or_else(|error| error.status().map_or(0, u16::from), |_| 250)
        };
        office.faults.refuse("Gone@mau.example");
        office.faults.postpone("later@mau.example", 2);
        for (to, expected) in [
            ("ok@mau.example", 250),
            ("gone@mau.example", 550),
            ("later@mau.example", 451),
            ("LATER@mau.example", 451),
            ("later@mau.example", 250),
        ] {
            assert_eq!(code(send(to).await), expected, "{to}");
        }
        office.faults.welcome("gone@mau.example");
        assert_eq!(code(send("gone@mau.example").await), 250);
        assert_eq!(office.mailboxes.of("ok@mau.example")[0].0.raw.as_ref(), b"Subject: x\r\n\r\n.mot\r\n");
        assert_eq!(office.mailboxes.taken(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_down_says_so_or_nothing() {
    with_sink(|office| async move {
        for (health, expected) in [(Health::Busy, vec!["421"]), (Health::Gone, vec![])] {
            office.faults.set_health(health);
            assert_eq!(talk(office.address, "").await, expected);
        }
        office.faults.set_health(Health::Up);
        assert_eq!(talk(office.address, "QUIT\r\n").await, ["220", "221"]);
    })
    .await;
}

#[tokio::test]
async fn the_sink_stays_on_the_machine() {
    let now: Now = Arc::new(|| DateTime::UNIX_EPOCH);
    let outside = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = Sink::bind(outside, Mailboxes::new(), now).await.err().unwrap();
    assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
}
