//! `kill -9` at any instant, again and again, over the whole pipeline; judged from outside, by what the
//! document system served and what the mail server took.
//!
//! `VANTHU_KILLS` sets how many kills, `VANTHU_SEED` which instants (docs/RELIABILITY.md).

use std::time::Duration;

use super::mail::{Mail, grouped};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};

/// Documents that arrive before each life.
const ARRIVALS: i64 = 1;
/// Documents the lists still show; older ones have left them, as what is done does.
const SHOWN: i64 = 200;

/// From what a life's last instant is counted, so that slow and fast machines are hit alike.
#[derive(Debug, Clone, Copy)]
enum From {
    /// The start of the process: reading files, opening the register, recovery.
    Start,
    /// The first request for a document: reading and registering.
    Reading,
    /// The first mail that arrives: sending and settling.
    Mail,
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

fn number(variable: &str, default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of the daemon")]
    let value = std::env::var(variable);
    value.map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn nothing_is_lost_and_little_repeated_whenever_it_is_killed() {
    let (kills, seed) = (number("VANTHU_KILLS", 100), number("VANTHU_SEED", 20_260_122));
    println!("VANTHU_KILLS={kills} VANTHU_SEED={seed}");
    let world = World::new();
    world.edit("vanthu.toml", "page_size = 10", "page_size = 7");
    let mut random = Random(seed);
    let mut mails = Vec::new();
    let mut arrived = 0;
    for _ in 0..kills {
        arrived = arrive(&world, arrived);
        world.ioffice.forget_seen();
        let daemon = world.spawn();
        wait_for_the_instant(&world, &mut random);
        daemon.kill();
        mails.extend(world.sink.take(Mail::read));
    }
    let sent_before_the_last = mails.len();
    let daemon = world.start();
    finish(&world, daemon, &mut mails, arrived);
    let repeats = judge(&mails, arrived, kills);
    println!(
        "{kills} kills, {} mails, {sent_before_the_last} of them between kills, {repeats} repeats",
        mails.len()
    );
}

fn arrive(world: &World, arrived: i64) -> i64 {
    for id in arrived + 1..=arrived + ARRIVALS {
        world.deliver(id);
        world.ioffice.remove(id - SHOWN);
    }
    arrived + ARRIVALS
}

fn wait_for_the_instant(world: &World, random: &mut Random) {
    let (from, span) = match random.below(6) {
        0 => (From::Start, 150_000),
        1 | 2 => (From::Reading, 60_000),
        _ => (From::Mail, 100_000),
    };
    wait_until(&format!("there is {from:?}"), || match from {
        From::Start => true,
        From::Reading => world.ioffice.seen().iter().any(|seen| seen.path.contains("getdetail")),
        From::Mail => world.sink.count() > 0,
    });
    std::thread::sleep(Duration::from_micros(random.below(span)));
}

/// Lets the last life send what is left.
fn finish(world: &World, daemon: Daemon, mails: &mut Vec<Mail>, arrived: i64) {
    let all = usize::try_from(arrived).unwrap() * CELLS;
    wait_until("all mails have come", || {
        mails.extend(world.sink.take(Mail::read));
        grouped(mails).len() >= all
    });
    wait_until("nothing waits", || {
        let status = world.vanthu(&["status", "--json"]).json();
        status["outbox"].as_object().unwrap().keys().all(|state| state == "sent")
    });
    assert!(daemon.terminate().0.success(), "{}", world.log());
    mails.extend(world.sink.take(Mail::read));
}

/// Every document reached every cell; what came twice is what was on its way at a kill.
fn judge(mails: &[Mail], arrived: i64, kills: u64) -> usize {
    let groups = grouped(mails);
    assert_eq!(groups.len(), usize::try_from(arrived).unwrap() * CELLS);
    for id in 1..=arrived {
        let symbol = format!("{id}-KH/ĐUK");
        let cells = groups.keys().filter(|(_, about, kind)| *about == symbol && kind == "notice").count();
        assert_eq!(cells, CELLS, "{symbol}");
    }
    let repeats = mails.len() - groups.len();
    assert!(repeats <= usize::try_from(kills).unwrap(), "{repeats} repeats in {kills} kills");
    repeats
}
