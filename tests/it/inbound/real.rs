//! A real Postfix and a real Dovecot: letters leave, are bounced or answered, and come back.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use vanthu::app::dispatch::Dispatch;
use vanthu::app::inbound::Collected;
use vanthu::app::ports::{Clock, Inbox as _, InboxError, Mailer, OpenInbox, Tenure, Unlimited};
use vanthu::domain::mailbox::Health;
use vanthu::domain::notice::Letter;
use vanthu::mail::Post;
use vanthu::mail::compose::ComposeOptions;
use vanthu::mail::inbound::{Imap, ImapOptions};
use vanthu::mail::transport::{Security, SmtpOptions, TransportOptions};
use vanthu::render::mail::sample_office;

use super::{job, states};
use crate::mail::dovecot::Dovecot;
use crate::mail::pki::Authority;
use crate::mail::postfix::Postfix;
use crate::support::rig::Rig;

/// Mail for `vanthu+tag@khoi.example` goes to the maildir of `vanthu`; what cannot be delivered is found out
/// after it was accepted, as it is behind a relay.
const MAIN: &str = "\
virtual_mailbox_domains = khoi.example, mau.example
virtual_mailbox_base = {box}
virtual_mailbox_maps = regexp:{etc}/boxes
transport_maps = regexp:{etc}/transport
smtpd_reject_unlisted_recipient = no
";
const BOXES: &str = "/^vanthu(\\+.*)?@khoi\\.example$/ vanthu/\n/^cb-1-2@mau\\.example$/ cb-1-2/\n/^pho-cb-1-1@mau\\.example$/ pho-cb-1-1/\n";
const TRANSPORT: &str = "/^cb-1-1@mau\\.example$/ error:5.1.1 khong co hop thu nay\n/^cb-2@mau\\.example$/ error:5.2.2 hop thu day\n";

/// The servers and a mailbox.
struct World {
    _folder: TempDir,
    authority: Authority,
    postfix: Postfix,
    dovecot: Dovecot,
}

impl World {
    fn start() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let authority = Authority::new(folder.path());
        let pair = authority.issue("localhost");
        let files = [("boxes", BOXES), ("transport", TRANSPORT)];
        let postfix = Postfix::start_with(&pair, MAIN, &files);
        let dovecot = Dovecot::start(&pair, &postfix.mailboxes());
        Self { _folder: folder, authority, postfix, dovecot }
    }

    fn options(&self, security: Security) -> ImapOptions {
        self.dovecot.options(security, self.authority.ca_file())
    }

    async fn open(&self) -> Box<dyn OpenInbox> {
        let imap = Imap::new(self.options(Security::Implicit)).unwrap();
        match imap.open().await {
            Ok(open) => open,
            Err(error) => panic!("{error}: {}", self.dovecot.log()),
        }
    }

    /// A way out through this Postfix.
    fn post(&self, tagged: bool) -> Arc<dyn Mailer> {
        post_by(self.postfix.clear, tagged)
    }

    /// Waits until something lies in the mailbox, and reads all of it; at least `count` messages.
    async fn collect(&self, rig: &Rig, count: u64) -> Collected {
        let mut sum = Collected::default();
        let mut open = self.open().await;
        for _ in 0..60 {
            let done = job(rig).collect(open.as_mut()).await.unwrap();
            sum.answers += done.answers;
            sum.messages += done.messages;
            sum.automatic += done.automatic;
            sum.reports += done.reports;
            sum.unproved += done.unproved;
            sum.passed += done.passed;
            if sum.answers + sum.messages + sum.automatic + sum.reports >= count {
                open.close().await;
                return sum;
            }
            open.wait(Duration::from_secs(1)).await.unwrap();
        }
        panic!("{count} messages were to come, {sum:?}: {}", self.postfix.log());
    }

    /// A message from somebody, by way of Postfix.
    async fn send(&self, from: &str, to: &str, message: &[u8]) {
        send_by(self.postfix.clear, (from, to), message).await;
    }
}

/// A way out through the mail server on a port.
pub(super) fn post_by(port: u16, tagged: bool) -> Arc<dyn Mailer> {
    let compose = ComposeOptions {
        from: "Văn thư <vanthu@khoi.example>".to_owned(),
        reply_to: None,
        list_id: "chi-dao.khoi.example".to_owned(),
        tagged,
        shadow: None,
        dkim: None,
        office: sample_office(),
        templates: Default::default(),
    };
    let smtp = SmtpOptions {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        login: None,
        ca_file: None,
        sessions: 2,
        command_timeout: Duration::from_secs(20),
        dot_timeout: Duration::from_secs(20),
        hello: Some("vanthu.khoi.example".to_owned()),
    };
    Arc::new(Post::new(compose, TransportOptions::Smtp(smtp)).unwrap().0)
}

/// A message from somebody to somebody, by way of the mail server on a port.
pub(super) async fn send_by(port: u16, (from, to): (&str, &str), message: &[u8]) {
    let mut line = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut answer = [0; 1000];
    for say in [
        String::new(),
        "EHLO a.example\r\n".to_owned(),
        format!("MAIL FROM:<{from}>\r\n"),
        format!("RCPT TO:<{to}>\r\n"),
        "DATA\r\n".to_owned(),
    ] {
        line.write_all(say.as_bytes()).await.unwrap();
        let read = line.read(&mut answer).await.unwrap();
        assert!(matches!(answer[0], b'2' | b'3'), "{say}: {}", String::from_utf8_lossy(&answer[..read]));
    }
    line.write_all(message).await.unwrap();
    line.write_all(b"\r\n.\r\n").await.unwrap();
    let read = line.read(&mut answer).await.unwrap();
    assert_eq!(answer[0], b'2', "{}", String::from_utf8_lossy(&answer[..read]));
}

/// A rig whose letters leave through a mailer; with a directive to three cells.
async fn mailed(world: &World, tagged: bool) -> (Rig, Arc<dyn Mailer>) {
    let rig = super::directed().await;
    let mailer = world.post(tagged);
    dispatch(&rig, &mailer).await;
    (rig, mailer)
}

pub(super) async fn dispatch(rig: &Rig, mailer: &Arc<dyn Mailer>) {
    let clock: Arc<dyn Clock> = rig.clock.clone();
    let job = Dispatch {
        store: rig.store.as_ref(),
        mailer,
        office: &rig.office,
        policy: &rig.policy,
        clock: &clock,
        instance: "thử",
        witness: None,
        tenure: &(Arc::new(Unlimited) as Arc<dyn Tenure>),
    };
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    job.drain(&stopped).await.unwrap();
}

/// What a cell's maildir holds, once there is something.
async fn arrived(world: &World, cell: &str) -> Vec<u8> {
    let folder = world.postfix.mailboxes().join(cell).join("new");
    for _ in 0..200 {
        if let Some(file) = first(&folder) {
            return fs::read(file).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail for {cell}: {}", world.postfix.log());
}

fn first(folder: &Path) -> Option<std::path::PathBuf> {
    fs::read_dir(folder).ok()?.next()?.ok().map(|entry| entry.path())
}

/// The letter as its reader's mail program knows it.
pub(super) fn known(raw: &[u8]) -> Letter {
    let mail = mail_parser::MessageParser::default().parse(raw).unwrap();
    let mut letter = vanthu::render::mail::samples().swap_remove(0);
    letter.message_id = mail.message_id().unwrap().to_owned();
    letter.thread = letter.message_id.clone();
    letter
}

/// Send, bounce by the next server, read the report, try the next mailbox, hear the answer.
#[tokio::test]
async fn letters_are_bounced_tried_elsewhere_and_answered() {
    for tagged in [false, true] {
        let world = World::start();
        let (rig, mailer) = mailed(&world, tagged).await;
        let done = world.collect(&rig, 2).await;
        assert_eq!(done, Collected { reports: 2, ..Collected::default() }, "tagged {tagged}");
        let known_boxes = rig.store.mailboxes().await.unwrap();
        let health: Vec<_> =
            known_boxes.iter().map(|record| (record.address.as_str(), record.health)).collect();
        assert_eq!(health, [("cb-1-1@mau.example", Health::Dead), ("cb-2@mau.example", Health::Failing)]);
        dispatch(&rig, &mailer).await;
        let letter = known(&arrived(&world, "pho-cb-1-1").await);
        let answer = super::reply(&letter, "pho-cb-1-1@mau.example", "Đã nhận.");
        world.send("pho-cb-1-1@mau.example", "vanthu@khoi.example", &answer).await;
        let vacation = super::reply_with(
            &known(&arrived(&world, "cb-1-2").await),
            "cb-1-2@mau.example",
            "Auto-Submitted: auto-replied\r\n",
            "Đã nhận thư. Tôi đi công tác đến hết tuần.",
        );
        world.send("", "vanthu@khoi.example", &vacation).await;
        let done = world.collect(&rig, 2).await;
        assert_eq!((done.answers, done.automatic), (1, 1));
        assert_eq!(
            states(&rig).await,
            [
                "cb-1-1 acknowledged replied Sent",
                "cb-1-2 open – Sent",
                "cb-2 open – NoContact",
                "cb-3 open – NoContact"
            ]
        );
        assert_eq!(world.dovecot.counts(), (0, 4), "everything was put away");
    }
}

#[tokio::test]
async fn every_kind_of_connection_opens_and_wrong_ones_say_why() {
    let world = World::start();
    for security in [Security::Implicit, Security::StartTls, Security::Plain] {
        let open = Imap::new(world.options(security)).unwrap().open().await;
        assert!(open.is_ok(), "{security:?}: {:?} {}", open.err(), world.dovecot.log());
    }
    let wrong = ImapOptions { password: "sai".to_owned().into(), ..world.options(Security::Implicit) };
    let refused = Imap::new(wrong).unwrap().open().await.err().unwrap();
    assert!(matches!(refused, InboxError::Refused(_)), "{refused}");
    let nowhere = ImapOptions { folder: "khong-co".to_owned(), ..world.options(Security::Implicit) };
    let missing = Imap::new(nowhere).unwrap().open().await.err().unwrap();
    assert!(matches!(missing, InboxError::Folder { .. }), "{missing}");
    let foreign = tempfile::tempdir_in("/tmp").unwrap();
    let other = Authority::new(foreign.path());
    let strange = ImapOptions { ca_file: Some(other.ca_file()), ..world.options(Security::Implicit) };
    let unproved = Imap::new(strange).unwrap().open().await.err().unwrap();
    assert!(unproved.to_string().contains("TLS"), "{unproved}");
}

/// UIDVALIDITY changes, IDLE wakes up, a line goes dead without a word.
#[tokio::test]
async fn numbers_change_lines_die_and_nothing_is_missed() {
    let world = World::start();
    let rig = super::mailed().await;
    let letter = |cell: &str| super::letter(&rig, &format!("{cell}@mau.example"));
    let answer = |cell: &str, text: &str| super::reply(&letter(cell), &format!("{cell}@mau.example"), text);
    world.dovecot.drop_in("1.a", &answer("cb-1-1", "Lời riêng"));
    let mut open = world.open().await;
    let first = open.validity();
    assert_eq!(job(&rig).collect(open.as_mut()).await.unwrap().messages, 1);
    // IDLE: what comes is told at once, long before the poll.
    let begun = std::time::Instant::now();
    let dropped = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        world.dovecot.drop_in("2.b", &answer("cb-1-2", "Đã nhận"));
    };
    let (waited, ()) = tokio::join!(open.wait(Duration::from_secs(60)), dropped);
    waited.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(job(&rig).collect(open.as_mut()).await.unwrap().answers, 1);
    open.close().await;
    world.dovecot.renumber();
    // The first message is back, as after a restore.
    world.dovecot.drop_in("3.c", &answer("cb-1-1", "Lời riêng"));
    world.dovecot.drop_in("4.d", &answer("cb-2", "Đã nhận"));
    let mut open = world.open().await;
    assert_ne!(open.validity(), first, "the server gave new numbers");
    let done = job(&rig).collect(open.as_mut()).await.unwrap();
    assert_eq!((done.known, done.answers), (1, 1));
    assert_eq!(super::holds(&rig).await.len(), 1);
}

/// A line through which nothing comes any more ends within the patience; it does not wait for ever.
#[tokio::test]
async fn a_half_open_line_is_found() {
    let world = World::start();
    let gate = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = gate.local_addr().unwrap().port();
    let (server, cut) = (world.dovecot.imap, Arc::new(tokio::sync::Notify::new()));
    let held = cut.clone();
    let passing = async move {
        let (mut client, _) = gate.accept().await.unwrap();
        let mut upstream = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut upstream) => {}
            () = held.notified() => {}
        }
        // Neither side hears of it: the sockets stay open and silent.
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop((client, upstream));
    };
    let options = ImapOptions { port, patience: Duration::from_secs(1), ..world.options(Security::Plain) };
    let reading = async {
        let mut open = Imap::new(options).unwrap().open().await.unwrap();
        cut.notify_one();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let broken = open.after(0).await.err().unwrap();
        assert!(matches!(broken, InboxError::Broken(_)), "{broken}");
    };
    tokio::select! {
        () = reading => {}
        () = passing => panic!("the line was never found dead"),
    }
}
