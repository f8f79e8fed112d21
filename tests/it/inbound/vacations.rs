//! Every cell is away, and its mailbox says so by itself (promises.md T56): Sieve's vacation (RFC 5230) of a real
//! Dovecot behind a real Postfix. Half of the mailboxes read that our mail is a machine's and are silent; the other
//! half stand behind a gateway that takes those headers away, and answer. Among them some people answer too.
//!
//! `VANTHU_VACATIONS` sets how many mailboxes (docs/RELIABILITY.md).

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use vanthu::app::inbound::Collected;
use vanthu::app::ports::{Inbox as _, Mailer};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::unit::{Dated, Unit, Validity};
use vanthu::mail::inbound::Imap;
use vanthu::mail::transport::Security;

use super::job;
use super::real::{dispatch, known, post_by, send_by};
use crate::mail::dovecot::Dovecot;
use crate::mail::pki::Authority;
use crate::mail::postfix::Postfix;
use crate::support::net::free_port;
use crate::support::number;
use crate::support::office::{office, with_units};
use crate::support::rig::{Rig, local};

/// What a mailbox says while its owner is away.
const AWAY: &str = "vacation :days 1 :subject \"Vắng mặt\" :addresses [\"ADDRESS\"] \
                    \"Đã nhận thư. Tôi đi công tác đến hết tuần.\";\n";
/// What some gateways do to mail before it reaches the mailbox. A script may not: RFC 5293 §6 keeps `Auto-Submitted`.
const TAKEN: &str = "/^(Auto-Submitted|List-[A-Za-z]+|Precedence|X-Auto-Response-Suppress):/ IGNORE\n";
/// How often a person answers among the machines.
const PERSON: usize = 10;

/// Postfix that hands everything to a Dovecot whose mailboxes have scripts.
struct World {
    postfix: Postfix,
    dovecot: Dovecot,
    authority: Authority,
    boxes: PathBuf,
    _folder: TempDir,
}

impl World {
    fn start(cells: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("vanthu-sieve").tempdir_in("/tmp").unwrap();
        let authority = Authority::new(folder.path());
        let (pair, lmtp) = (authority.issue("localhost"), free_port());
        let main = format!(
            "virtual_mailbox_domains = khoi.example, mau.example\nvirtual_transport = lmtp:inet:127.0.0.1:{lmtp}\n\
             transport_maps = regexp:{{etc}}/transport\n"
        );
        // Cells with an odd number are behind a gateway that strips.
        let transport = format!("/^cb-[0-9]*[13579]@mau\\.example$/ gateway:inet:127.0.0.1:{lmtp}\n");
        let postfix = Postfix::start_with(&pair, &main, &[("transport", &transport), ("taken", TAKEN)]);
        let boxes = postfix.mailboxes();
        let scripts = boxes.join("scripts");
        fs::create_dir(&scripts).unwrap();
        chown(&scripts, Some(65_534), Some(65_534)).unwrap();
        for cell in 0..cells {
            let away = AWAY.replace("ADDRESS", &format!("cb-{cell}@mau.example"));
            fs::write(scripts.join(format!("cb-{cell}.sieve")), format!("require \"vacation\";\n{away}"))
                .unwrap();
        }
        let more = format!(
            "protocols = imap lmtp\npostmaster_address = postmaster@khoi.example\nhostname = mail.khoi.example\n\
             submission_host = 127.0.0.1:{}\nservice lmtp {{\n inet_listener lmtp {{\n address = 127.0.0.1\n port = {lmtp}\n }}\n}}\n\
             protocol lmtp {{\n mail_plugins = sieve\n}}\n\
             plugin {{\n sieve = file:{}/%n.sieve\n}}\n",
            postfix.clear,
            scripts.display()
        );
        let dovecot = Dovecot::start_with(&pair, &boxes, &more);
        Self { postfix, dovecot, authority, boxes, _folder: folder }
    }

    /// How many messages lie in a mailbox.
    fn lie_in(&self, mailbox: &str) -> usize {
        let count = |part| fs::read_dir(self.boxes.join(mailbox).join(part)).map_or(0, Iterator::count);
        count("new") + count("cur")
    }

    /// Waits until something holds; the servers have a minute.
    async fn until(&self, what: &str, holds: impl Fn() -> bool) {
        for _ in 0..1200 {
            if holds() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what}: {}{}", self.postfix.log(), self.dovecot.log());
    }

    /// Waits until the servers have nothing more to say.
    async fn until_quiet(&self) {
        let (mut before, mut still) = (usize::MAX, 0);
        while still < 30 {
            let log = self.postfix.log().len();
            still = if log == before { still + 1 } else { 0 };
            before = log;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn collect(&self, rig: &Rig) -> Collected {
        let imap = Imap::new(self.dovecot.options(Security::Implicit, self.authority.ca_file())).unwrap();
        let mut open = imap.open().await.unwrap();
        let done = job(rig).collect(open.as_mut()).await.unwrap();
        open.close().await;
        done
    }

    /// Ids of our mails that the messages in the mailbox for answers answer.
    fn answered(&self) -> Vec<String> {
        let folders = ["vanthu/new", "vanthu/cur", "vanthu/.vanthu/cur", "vanthu/.vanthu/new"];
        let files = folders.iter().filter_map(|folder| fs::read_dir(self.boxes.join(folder)).ok()).flatten();
        let raw = files.map(|file| fs::read(file.unwrap().path()).unwrap());
        let of = |raw: Vec<u8>| {
            let mail = mail_parser::MessageParser::default().parse(&raw)?;
            Some(mail.in_reply_to().as_text()?.to_owned())
        };
        raw.filter_map(of).collect()
    }
}

/// The office with so many cells, each with a mailbox, and a directive to all of them.
async fn directed(cells: usize) -> Rig {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let small = office();
    let cell = |number: usize| {
        let mut unit: Unit = small.units.get(&"cb-2".into()).unwrap().clone();
        unit.id = format!("cb-{number}").as_str().into();
        unit.names = vec![Dated { value: format!("Chi bộ {number}"), valid: Validity::default() }];
        unit.mailboxes[0].address = format!("cb-{number}@mau.example");
        unit
    };
    let units = std::iter::once(small.units.get(&"duk".into()).unwrap().clone()).chain((0..cells).map(cell));
    rig.office.units = with_units(&small.units, units.collect());
    let mut document =
        FakeDocument::new(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig
}

/// Letters leave, arrive in every mailbox, and whatever the mailboxes say has been said.
async fn exchange(world: &World, rig: &Rig, mailer: &Arc<dyn Mailer>, cells: &[usize], each: usize) {
    dispatch(rig, mailer).await;
    let arrived = || cells.iter().all(|cell| world.lie_in(&format!("cb-{cell}")) >= each);
    world.until("a mail for every cell", arrived).await;
    world.until_quiet().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mailboxes_that_answer_by_themselves_answer_nothing() {
    let count = usize::try_from(number("VANTHU_VACATIONS", 21)).unwrap();
    let cells: Vec<_> = (0..count).collect();
    let stripped = cells.iter().filter(|cell| *cell % 2 == 1).count();
    let (world, rig) = (World::start(count), directed(count).await);
    let mailer = post_by(world.postfix.clear, true);
    exchange(&world, &rig, &mailer, &cells, 1).await;
    assert_eq!(world.lie_in("vanthu"), stripped, "only who cannot see that we are a machine answers");

    // Some people are there after all; their mailboxes have spoken before them.
    let people: Vec<_> = cells.iter().copied().filter(|cell| cell % PERSON == 1).collect();
    for cell in &people {
        let address = format!("cb-{cell}@mau.example");
        let folder = world.boxes.join(format!("cb-{cell}/new"));
        let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        let answer = super::reply(&known(&fs::read(file).unwrap()), &address, "Đã nhận.");
        send_by(world.postfix.clear, (address.as_str(), "vanthu@khoi.example"), &answer).await;
    }
    world.until("the answers", || world.lie_in("vanthu") == stripped + people.len()).await;
    let done = world.collect(&rig).await;
    let expected =
        Collected { automatic: stripped as u64, answers: people.len() as u64, ..Collected::default() };
    assert_eq!(done, expected);
    assert_eq!(acknowledged(&rig).await, people.len(), "people, and nobody else");

    // The next mail to whoever is still silent: the same once more, and never an answer of ours to an answer.
    rig.go("2026-03-04 09:00");
    rig.chase().await;
    let silent: Vec<_> = cells.iter().copied().filter(|cell| !people.contains(cell)).collect();
    exchange(&world, &rig, &mailer, &silent, 2).await;
    let again = world.collect(&rig).await;
    assert_eq!((again.answers, again.messages, again.reports, again.unreadable), (0, 0, 0, 0), "{again:?}");
    assert_eq!(acknowledged(&rig).await, people.len());
    assert!(super::holds(&rig).await.is_empty(), "nobody need look at machines");
    let letters: usize = cells.iter().map(|cell| world.lie_in(&format!("cb-{cell}"))).sum();
    assert_eq!(letters, count + silent.len(), "one mail to each, one more to the silent, none in answer");
    let answered = world.answered();
    let distinct: BTreeSet<_> = answered.iter().collect();
    let twice = answered.len() - distinct.len();
    assert!(twice <= people.len(), "{twice} of our mails were answered twice, but {} people", people.len());
    println!(
        "{count} mailboxes, {letters} mails of ours, {} answers by machines, {} by people; 0 false acknowledgements, \
         loops of length 0",
        done.automatic + again.automatic,
        done.answers
    );
}

async fn acknowledged(rig: &Rig) -> usize {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    rows.iter().filter(|row| row.obligation.grade.is_some()).count()
}
