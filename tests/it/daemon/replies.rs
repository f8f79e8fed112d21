//! The mailbox for answers under every trouble a mailbox knows: `kill -9` in mid-batch, numbers that mean something
//! else, lines that are cut or fall silent, another client that marks everything as seen (promises.md T66). Real
//! Dovecot, the real program; judged by the register and by what lies where in the mailbox.
//!
//! `VANTHU_REPLIES` sets how many messages, `VANTHU_SEED` which order and which instants (docs/RELIABILITY.md).

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vanthu::app::ports::{HoldKind, InboundKind, InboundReader as _, Reader as _};
use vanthu::store::sqlite::open_reader;

use super::kill::Random;
use super::mail::{Mail, taken};
use crate::mail::dovecot::{Dovecot, PASSWORD};
use crate::mail::pki::Authority;
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::line::Line;
use crate::support::number;
use crate::support::outside::{Bounds, Outside};

/// Messages about each of our mails.
const EACH: usize = 10;
/// Of those the ones that are about no mail of ours as far as anybody can prove, and stay where they came.
const STAY: usize = 2;
/// Of those the first are written by people, the others by machines or about nothing.
const PEOPLE: usize = 5;
/// Lives in which all messages come, at most; a short run has lives of [`BATCH`] messages.
const LIVES: usize = 40;
/// Messages in one life at least.
const BATCH: usize = 150;
/// A line without a word is found dead within this time.
const FOUND: Duration = Duration::from_secs(5 * 60);

/// A message, whether it stays in the folder it came to, and where it is about a mail of ours, its Message-ID, who wrote it
/// and whether that was a machine.
struct Message {
    text: String,
    stays: bool,
    about: Option<(String, String, bool)>,
}

/// All that may be written about one mail: an answer and the same message once more, three of own words, three of
/// machines, a letter about something else, and a report that proves nothing.
fn about(mail: &Mail, number: usize) -> Vec<Message> {
    let mut count = 0;
    let mut write = |headers: &str, text: &str| {
        count += 1;
        let (id, to) = (&mail.message_id, &mail.to);
        format!(
            "Return-Path: <{to}>\r\nFrom: Chi bộ <{to}>\r\nTo: vanthu@duk.mau.example\r\nSubject: Re: việc {number}\r\n\
             Message-ID: <{number}.{count}@mau.example>\r\nIn-Reply-To: <{id}>\r\nReferences: <{id}>\r\n{headers}\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        )
    };
    let answer = write("", "Đã nhận ạ.");
    let mut messages = vec![answer.clone(), answer];
    for words in ["Xin hỏi thêm về biểu mẫu.", "Đề nghị gia hạn vì đang đại hội.", "Xin gửi lại văn bản."]
    {
        messages.push(write("", words));
    }
    messages.push(write("Auto-Submitted: auto-replied\r\n", "Đã nhận thư. Tôi đi công tác."));
    messages.push(write("Precedence: bulk\r\n", "Đã nhận."));
    messages.push(write("", "Hiện tôi không có mặt tại cơ quan. Đã nhận thư."));
    let mut messages: Vec<_> = (0..)
        .zip(messages)
        .map(|(place, text)| {
            let about = Some((mail.message_id.clone(), mail.to.clone(), place >= PEOPLE));
            Message { text, stays: false, about }
        })
        .collect();
    let other = format!(
        "From: a@b.example\r\nTo: vanthu@duk.mau.example\r\nMessage-ID: <{number}@b.example>\r\n\r\nĐã nhận\r\n"
    );
    messages.push(Message { text: other, stays: true, about: None });
    messages.push(Message { text: forged(mail, number), stays: true, about: None });
    messages
}

/// A report of delivery about an id that is not ours.
fn forged(mail: &Mail, number: usize) -> String {
    let to = &mail.to;
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example\r\nTo: vanthu@duk.mau.example\r\n\
         Message-ID: <{number}@mail.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\
         Original-Envelope-Id: {number}\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{number}@duk.mau.example>\r\n\r\n--B--\r\n"
    )
}

/// The office with its mailbox for answers, behind a line that fails.
struct Post {
    world: World,
    outside: Outside,
    dovecot: Dovecot,
    line: Line,
    random: Random,
    waiting: Vec<Message>,
    /// Messages in one life.
    batch: usize,
    /// Messages delivered so far, and those of them that are to be put away.
    delivered: (usize, usize),
    /// The longest time until a silent line was given up.
    silence: Duration,
    _folder: TempDir,
}

impl Post {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let boxes = folder.path().join("box");
        fs::create_dir(&boxes).unwrap();
        chown(&boxes, Some(65_534), Some(65_534)).unwrap();
        let dovecot = Dovecot::start(&Authority::new(folder.path()).issue("localhost"), &boxes);
        let (world, line) = (World::new(), Line::to(dovecot.imap));
        world.write("secrets/imap", PASSWORD);
        let inbox = format!(
            "\n[inbox]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"plain\"\nusername = \"vanthu\"\n\
             password = {{ file = \"secrets/imap\" }}\npoll = \"10s\"\ntimeout = \"5s\"\n",
            line.port
        );
        world.edit("vanthu.toml", "\n[web]\n", &format!("{inbox}\n[web]\n"));
        let silence = Duration::ZERO;
        let (random, waiting) = (Random(seed), Vec::new());
        let (batch, delivered) = (BATCH, (0, 0));
        let outside = Outside::new();
        Self { world, outside, dovecot, line, random, waiting, batch, delivered, silence, _folder: folder }
    }

    /// Sends mails and writes what comes back about them, in any order.
    fn prepare(&mut self, messages: usize) -> Vec<Mail> {
        let documents = messages.div_ceil(EACH * CELLS);
        for id in (1..).take(documents) {
            self.world.deliver(id);
            self.outside.delivered(id);
        }
        let daemon = self.world.start();
        wait_until("all mails are out", || self.world.sink.count() == documents * CELLS);
        assert!(daemon.terminate().0.success());
        let mails = taken(&self.world.sink);
        self.world.sink.mails().iter().for_each(|mail| self.outside.took(mail));
        self.waiting = mails.iter().zip(0..).flat_map(|(mail, number)| about(mail, number)).collect();
        self.batch = BATCH.max(self.waiting.len().div_ceil(LIVES));
        for last in (1..self.waiting.len()).rev() {
            let other = self.random.below(last as u64 + 1);
            self.waiting.swap(last, usize::try_from(other).unwrap());
        }
        mails
    }

    /// Up to so many messages reach the mailbox.
    fn arrive(&mut self, count: usize) {
        for _ in 0..count {
            let Some(message) = self.waiting.pop() else { return };
            if let Some((about, from, machine)) = &message.about {
                self.outside.replied(about, from, *machine);
            }
            self.dovecot.deliver(&format!("{}.m", self.delivered.0), message.text.as_bytes());
            self.delivered.0 += 1;
            self.delivered.1 += usize::from(!message.stays);
        }
    }

    fn put_away(&self) -> usize {
        self.dovecot.counts().1
    }

    /// Waits until some of what is to be put away was, at most half of it.
    fn some_are_read(&mut self) {
        let (before, open) = (self.put_away(), self.delivered.1 - self.put_away());
        let more = usize::try_from(self.random.below(1 + open as u64 / 2)).unwrap();
        wait_until("messages are read", || self.put_away() >= before + more);
    }

    /// One life, with the trouble that comes round; at the end it is killed.
    fn live(&mut self, life: usize) {
        self.arrive(self.batch / 2);
        if life % 5 == 2 {
            self.dovecot.renumber();
        }
        let mut daemon = self.world.spawn();
        self.some_are_read();
        self.arrive(self.batch - self.batch / 2);
        match life % 10 {
            1 | 6 => self.dovecot.look_at_all(),
            3 | 8 => self.line.cut(),
            5 => self.go_silent(&mut daemon),
            _ => {}
        }
        // A line that broke is opened again after a quarter of a minute: not in every run there is time for that.
        if life != 3 {
            self.some_are_read();
        }
        std::thread::sleep(Duration::from_micros(self.random.below(100_000)));
        daemon.kill();
        // The server notices the end of its side before it is asked to forget its numbers.
        std::thread::sleep(Duration::from_millis(200));
    }

    /// Nothing passes any more, and nobody says so.
    fn go_silent(&mut self, daemon: &mut Daemon) {
        let (before, begun) = (self.line.opened(), Instant::now());
        self.line.fall_silent();
        wait_until("the silent line is given up", || self.line.opened() > before);
        assert!(daemon.is_running());
        self.silence = self.silence.max(begun.elapsed());
    }

    /// The last life reads what is left.
    fn finish(&mut self) {
        self.arrive(usize::MAX);
        let daemon = self.world.start();
        loop {
            let before = self.put_away();
            if before >= self.delivered.1 {
                break;
            }
            wait_until("another message is put away", || self.put_away() > before);
        }
        // Long enough to look at what stays where it is, once more.
        std::thread::sleep(Duration::from_secs(2));
        assert!(daemon.terminate().0.success(), "{}", self.world.log());
    }
}

/// Every message came to exactly what it is, once.
fn judge(post: &Post, mails: &[Mail]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open_reader(&post.world.path("vanthu.db")).await.unwrap();
        let all = mails.len() as u64;
        let tally = store.inbound_tally().await.unwrap();
        let of = |kind| tally.iter().find(|(of, _)| *of == kind).map_or(0, |(_, count)| *count);
        let counts = InboundKind::ALL.map(of);
        assert_eq!(counts, [all, 3 * all, 3 * all, 0, 0], "each message once, as what it is");
        let mut told: BTreeMap<_, usize> = BTreeMap::new();
        for hold in store.holds(true).await.unwrap() {
            assert_eq!(hold.kind, HoldKind::Reply, "{}", hold.reason);
            *told.entry((hold.document, hold.unit)).or_default() += 1;
        }
        assert_eq!(told.len(), mails.len());
        assert!(told.values().all(|count| *count == 3), "three own words of each: {told:?}");
        let mut rows = 0;
        for document in store.documents(u32::MAX, crate::support::daemon::now()).await.unwrap() {
            for row in store.obligations(document.id, false).await.unwrap() {
                let answers = store.answers(row.obligation.id).await.unwrap();
                assert_eq!(answers.len(), 1, "{} of {}", row.obligation.cell, document.id);
                rows += 1;
            }
        }
        assert_eq!(rows, mails.len());
        assert!(store.mailboxes().await.unwrap().is_empty(), "no forged report counts");
    });
    assert_eq!(post.dovecot.counts(), (mails.len() * STAY, mails.len() * (EACH - STAY)));
}

#[test]
fn every_message_is_handled_once_whatever_happens_to_the_mailbox() {
    let (wanted, seed) = (number("VANTHU_REPLIES", 600), number("VANTHU_SEED", 20_260_302));
    println!("VANTHU_REPLIES={wanted} VANTHU_SEED={seed}");
    let mut post = Post::new(seed);
    let mails = post.prepare(usize::try_from(wanted).unwrap());
    let total = post.waiting.len();
    let mut lives = 0;
    while !post.waiting.is_empty() {
        post.live(lives);
        lives += 1;
        println!("{lives} lives, {} of {total} delivered, {} put away", post.delivered.0, post.put_away());
    }
    post.finish();
    judge(&post, &mails);
    println!("{}", post.outside.judge(&post.world, Bounds { kills: 0, workers: 1, per_day: mails.len() }));
    assert!(post.silence <= FOUND, "{:?}", post.silence);
    println!(
        "{total} messages, {lives} kills, {} connections; 0 missed, 0 counted twice; a silent line was given up after \
         {:.0?} at most",
        post.line.opened(),
        post.silence
    );
}
