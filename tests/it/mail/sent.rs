//! Whether a mail was accepted, as a real Postfix logs it and as a real Dovecot finds it, where the line broke behind the
//! final dot or before it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use chrono::TimeDelta;
use vanthu::app::ports::{Clearance, Clock as _, Mailer as _, Sent as _};
use vanthu::domain::notice::Letter;
use vanthu::mail::sent::imap::SentMailbox;
use vanthu::mail::sent::log::SentLog;
use vanthu::mail::transport::Security;
use vanthu::runtime::clock::WallClock;

use super::dovecot::Dovecot;
use super::postfix::with_authority;
use super::{letter_to, plain, smtp, word};

/// Where a line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// The final dot arrives, its answer does not.
    Behind,
    /// The final dot does not arrive.
    Before,
}

/// A line to a server that breaks about the final dot of its one mail; its port.
fn broken_line(server: u16, cut: Cut) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let upstream = TcpStream::connect(("127.0.0.1", server)).unwrap();
        let (mut answers, mut back) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
        relay(client, upstream, cut);
    });
    port
}

/// Hands on what the client says until the dot; of its answer nothing comes back.
fn relay(mut client: TcpStream, mut upstream: TcpStream, cut: Cut) {
    let (mut said, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let n = client.read(&mut piece).unwrap();
        if n == 0 {
            return;
        }
        said.extend_from_slice(&piece[..n]);
        if !said.ends_with(b"\r\n.\r\n") {
            upstream.write_all(&piece[..n]).unwrap();
            continue;
        }
        // The client hears nothing any more, whatever becomes of the mail.
        client.shutdown(Shutdown::Both).unwrap();
        if cut == Cut::Behind {
            upstream.write_all(&piece[..n]).unwrap();
            std::thread::sleep(Duration::from_secs(2));
        } else {
            upstream.write_all(&piece[..n - 3]).unwrap();
        }
        upstream.shutdown(Shutdown::Both).ok();
        return;
    }
}

#[tokio::test]
async fn the_log_tells_what_postfix_took() {
    let (_folder, _authority, postfix) = with_authority();
    let log = SentLog::new(postfix.log_path(), "khoi.example");
    let since = WallClock.now() - TimeDelta::hours(1);
    for (cut, number) in [(Cut::Behind, 1), (Cut::Before, 2)] {
        let id = format!("thu{number}@khoi.example");
        let letter = Letter { message_id: id.clone(), ..letter_to("chibo1@khoi.example") };
        let outcome = smtp(plain(broken_line(postfix.clear, cut))).send(0, &letter, Clearance::given()).await;
        assert_eq!(word(&outcome), "ambiguous", "{cut:?}: {outcome:?}");
        let mut found = None;
        for _ in 0..100 {
            found = log.find(&id, since).await.unwrap();
            if found.is_some() || cut == Cut::Before && postfix.log().contains("lost connection") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(found.is_some(), cut == Cut::Behind, "{cut:?}: {found:?}\n{}", postfix.log());
    }
    assert_eq!(postfix.delivered(1).len(), 1, "and Postfix delivered just that one");
    assert_eq!(log.find("khac@khoi.example", since).await.unwrap(), None);
    let gone = SentLog::new("/khong/co/mail.log".into(), "khoi.example");
    assert!(gone.find("thu1@khoi.example", since).await.is_err(), "a log that cannot be read is no answer");
}

#[tokio::test]
async fn a_mailbox_with_copies_is_searched() {
    let (_folder, authority, postfix) = with_authority();
    let dovecot = Dovecot::start(&authority.issue("localhost"), &postfix.mailboxes());
    let mailbox = SentMailbox::new(dovecot.options(Security::Implicit, authority.ca_file())).unwrap();
    let since = WallClock.now() - TimeDelta::hours(1);
    let copy = |id: &str| format!("Message-ID: <{id}>\r\nSubject: x\r\nFrom: a@khoi.example\r\n\r\nx\r\n");
    dovecot.deliver("1", copy("mot@khoi.example").as_bytes());
    assert!(mailbox.find("mot@khoi.example", since).await.unwrap().unwrap().contains("UID"));
    assert_eq!(mailbox.find("hai@khoi.example", since).await.unwrap(), None);
    dovecot.deliver("2", copy("hai@khoi.example").as_bytes());
    assert!(
        mailbox.find("hai@khoi.example", since).await.unwrap().is_some(),
        "what comes later is seen on the open line"
    );
    assert_eq!(mailbox.find("mot", since).await.unwrap(), None, "a part of an id is no id");
    assert_eq!(
        mailbox.find("a\" OR ALL \"b", since).await.unwrap(),
        None,
        "nothing else gets into the command"
    );
    assert_eq!(dovecot.counts().0, 2, "nothing is changed in it");
    let options = dovecot.options(Security::Implicit, authority.ca_file());
    drop(dovecot);
    let mailbox = SentMailbox::new(options).unwrap();
    assert!(mailbox.find("mot@khoi.example", since).await.is_err(), "a server that is gone is no answer");
}
