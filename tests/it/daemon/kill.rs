//! `kill -9` at any instant, again and again, over the whole pipeline; judged from outside, by what the
//! document system served and what the mail server took.
//!
//! `VANTHU_KILLS` sets how many kills, `VANTHU_SEED` which instants; with `VANTHU_SENT=log` the mail server is a Postfix whose
//! log is asked about mails in doubt (docs/RELIABILITY.md).

use std::collections::BTreeSet;
use std::time::Duration;

use super::copies::Logged;
use super::mail::{Key, Mail, grouped};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::outside::{Bounds, Outside};
use crate::support::{asked, number};

/// Documents the lists still show; older ones have left them, as what is done does.
pub(super) const SHOWN: i64 = 200;

/// From what a life's last instant is counted, so that slow and fast machines are hit alike.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// The start of the process: reading files, opening the register, recovery.
    Start,
    /// The first request for a document: reading and registering.
    Reading,
    /// A number of mails that have arrived: sending and settling.
    Mails(usize),
}

/// A stream of numbers from a seed (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// The next one, below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }
}

/// What was served, and what was taken, so far.
struct Ledger {
    world: World,
    /// The mail server, where its log can be asked.
    logged: Option<Logged>,
    arrived: i64,
    mails: Vec<Mail>,
    outside: Outside,
    reached: BTreeSet<Key>,
}

impl Ledger {
    fn arrive(&mut self) {
        self.arrived += 1;
        self.world.deliver(self.arrived);
        self.outside.delivered(self.arrived);
        self.world.ioffice.remove(self.arrived - SHOWN);
    }

    /// Takes what the mail server has by now.
    fn collect(&mut self) {
        let taken = self.world.sink.take(|raw| {
            let mail = Mail::read(raw)?;
            self.outside.took(raw);
            Some(mail)
        });
        self.reached.extend(taken.iter().map(Mail::key));
        self.mails.extend(taken);
    }

    /// Mails that every document's cells must get in the end.
    fn wanted(&self) -> usize {
        usize::try_from(self.arrived).unwrap() * CELLS
    }

    /// One life: a document arrives, the daemon starts, and is killed at an instant.
    fn live(&mut self, random: &mut Random) {
        self.arrive();
        self.world.ioffice.forget_seen();
        let daemon = self.world.spawn();
        let event = match random.below(6) {
            0 => Event::Start,
            1 | 2 => Event::Reading,
            _ => {
                // Where mails in doubt are held back for a while, those of the new document are sure to leave.
                let most = if self.logged.is_some() { CELLS } else { self.wanted() - self.reached.len() };
                Event::Mails((1 + usize::try_from(random.below(24)).unwrap()).min(most))
            }
        };
        wait_until(&format!("there is {event:?}"), || match event {
            Event::Start => true,
            Event::Reading => self.world.ioffice.seen().iter().any(|seen| seen.path.contains("getdetail")),
            Event::Mails(count) => self.world.sink.count() >= count,
        });
        std::thread::sleep(Duration::from_micros(random.below(60_000)));
        daemon.kill();
        self.collect();
    }

    /// Lets the last life send what is left.
    fn finish(&mut self) {
        let daemon = self.world.start();
        // Every round takes whatever has come; the patience is for one more mail, not for all of them.
        while self.reached.len() < self.wanted() {
            let before = self.reached.len();
            wait_until("another mail has come", || {
                self.collect();
                self.reached.len() > before
            });
        }
        wait_until("nothing waits", || {
            let status = self.world.vanthu(&["status", "--json"]).json();
            status["outbox"].as_object().unwrap().keys().all(|state| state == "sent")
        });
        assert!(daemon.terminate().0.success(), "{}", self.world.log());
        self.logged.iter().for_each(Logged::settle);
        self.collect();
    }

    /// How many mails so many kills may repeat: with a log to ask, one in a thousand kills.
    fn allowed(&self, kills: u64) -> u64 {
        if self.logged.is_some() { kills / 1000 } else { kills }
    }

    /// Every document reached every cell; what came twice is what was on its way at a kill.
    fn judge(&self, kills: u64) -> usize {
        let groups = grouped(&self.mails);
        assert_eq!(groups.len(), self.wanted());
        for id in 1..=self.arrived {
            let symbol = format!("{id}-KH/ĐUK");
            let cells = groups.keys().filter(|(_, about, kind)| *about == symbol && kind == "notice").count();
            assert_eq!(cells, CELLS, "{symbol}");
        }
        let repeats = self.mails.len() - groups.len();
        let allowed = usize::try_from(self.allowed(kills)).unwrap();
        assert!(repeats <= allowed, "{repeats} repeats in {kills} kills");
        repeats
    }
}

#[test]
fn nothing_is_lost_and_little_repeated_whenever_it_is_killed() {
    let (kills, seed) = (number("VANTHU_KILLS", 200), number("VANTHU_SEED", 20_260_122));
    println!("VANTHU_KILLS={kills} VANTHU_SEED={seed}");
    let mut world = World::new();
    let logged = match asked("VANTHU_SENT").as_deref() {
        None => None,
        Some("log") => Some(Logged::start(&mut world, "5s")),
        Some(other) => panic!("VANTHU_SENT={other} is unknown"),
    };
    // Several pages in every walk, so that some kills fall between two of them.
    world.edit("vanthu.toml", "page_size = 10", "page_size = 7");
    let (mails, outside, reached) = (Vec::new(), Outside::new(), BTreeSet::new());
    let mut ledger = Ledger { world, logged, arrived: 0, mails, outside, reached };
    let mut random = Random(seed);
    for _ in 0..kills {
        ledger.live(&mut random);
    }
    let before = ledger.reached.len();
    ledger.finish();
    let repeats = ledger.judge(kills);
    let most = usize::try_from(kills).unwrap() + ledger.wanted();
    let said = ledger
        .outside
        .judge(&ledger.world, Bounds { kills: ledger.allowed(kills), workers: 1, per_day: most });
    println!("{said}");
    let wanted = ledger.wanted();
    println!(
        "{kills} kills, {wanted} mails wanted, {before} of them out before the last life, {repeats} repeats"
    );
}
