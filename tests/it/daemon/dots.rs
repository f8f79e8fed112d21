//! `kill -9` at the two instants at which a mail is in doubt: the server has taken it and its answer is not heard yet (T2),
//! or the answer was heard and is not recorded yet (T3). Where nobody can be asked, each such death repeats that one
//! mail; where accepted mails can be seen, none.
//!
//! `VANTHU_DOTS` sets how many deaths, half of each kind, `VANTHU_SEED` which mails (docs/RELIABILITY.md).

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use vanthu::demo::ioffice::Setup;

use super::copies::{Copied, Logged, redirect};
use super::kill::Random;
use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::dots::Dots;
use crate::support::faults::Faults;
use crate::support::number;

/// Documents the lists still show.
const SHOWN: i64 = 100;

/// How long a mail in doubt may take to turn up.
const GRACE: &str = "5s";

/// Writes that surely come between an answer and the end of its commit: a commit has three pages at least, each two writes.
const WRITES: u64 = 5;

/// An office whose mail goes over a line that can keep an answer back.
struct Office {
    world: World,
    dots: Dots,
    arrived: i64,
}

impl Office {
    /// An office without documents; its register is a file in a folder of its own.
    fn new(world: World) -> Self {
        fs::create_dir(world.path("so")).unwrap();
        world.keep_in(&world.path("so"));
        let dots = Dots::to(world.sink.port);
        redirect(&world, world.sink.port, dots.port);
        Self { world, dots, arrived: 0 }
    }

    /// A new document, so that there are mails which nobody doubts.
    fn arrive(&mut self) {
        self.arrived += 1;
        self.world.deliver(self.arrived);
        self.world.ioffice.remove(self.arrived - SHOWN);
    }

    /// T2: the server has taken a mail and said so; it is never heard.
    fn dies_unanswered(&mut self, random: &mut Random) {
        self.arrive();
        self.dots.hold(1 + usize::try_from(random.below(CELLS as u64)).unwrap());
        let daemon = self.world.spawn();
        wait_until("an answer is kept back", || self.dots.is_held());
        std::thread::sleep(Duration::from_micros(random.below(20_000)));
        daemon.kill();
        self.dots.hold(0);
    }

    /// T3: the answer is heard, and the process dies before the outcome is in the register.
    fn dies_unrecorded(&mut self, random: &mut Random) {
        self.arrive();
        let faults = Faults::new();
        let mut command = self.world.command(&["run"]);
        faults.load(&mut command, &self.world.path("so"));
        faults.die(&mut command, 1 + random.below(CELLS as u64), random.below(WRITES));
        let status = self.world.spawn_with(command).wait();
        assert_eq!(status.signal(), Some(9), "{status}: {}", self.world.log());
    }

    /// Lives that end about a final dot, and one that does not: it sends what is left.
    fn live(&mut self, deaths: u64) {
        let mut random = Random(number("VANTHU_SEED", 20_260_122));
        for death in 0..deaths {
            match death % 2 {
                0 => self.dies_unanswered(&mut random),
                _ => self.dies_unrecorded(&mut random),
            }
        }
        let daemon = self.world.start();
        wait_until("nothing waits", || {
            let status = self.world.vanthu(&["status", "--json"]).json();
            status["outbox"] == serde_json::json!({ "sent": self.wanted() })
        });
        assert!(daemon.terminate().0.success(), "{}", self.world.log());
    }

    fn wanted(&self) -> usize {
        usize::try_from(self.arrived).unwrap() * CELLS
    }

    /// How many mails came twice; every cell has every mail, and a repeat bears its Message-ID.
    fn repeats(&self) -> usize {
        let mails = taken(&self.world.sink);
        let groups = grouped(&mails);
        assert_eq!(groups.len(), self.wanted(), "mails were lost");
        mails.len() - groups.len()
    }
}

fn deaths() -> u64 {
    let deaths = number("VANTHU_DOTS", 40);
    println!("VANTHU_DOTS={deaths}");
    deaths
}

/// At most one death of a thousand repeats a mail.
#[track_caller]
fn assert_few(repeats: usize, deaths: u64) {
    println!("{deaths} deaths about a final dot, {repeats} repeats");
    assert!(u64::try_from(repeats).unwrap() * 1000 <= deaths, "{repeats} repeats in {deaths} deaths");
}

#[test]
fn each_death_about_the_final_dot_repeats_its_one_mail() {
    let deaths = deaths();
    let mut office = Office::new(World::over(Setup::default(), None));
    office.live(deaths);
    let repeats = office.repeats();
    println!("{deaths} deaths about a final dot, {repeats} repeats");
    assert_eq!(u64::try_from(repeats).unwrap(), deaths, "a mail in doubt is sent once more, and no other");
}

#[test]
fn no_death_about_the_final_dot_repeats_a_mail_that_the_log_shows() {
    let deaths = deaths();
    let mut world = World::over(Setup::default(), None);
    let logged = Logged::start(&mut world, GRACE);
    let mut office = Office::new(world);
    office.live(deaths);
    logged.settle();
    assert_few(office.repeats(), deaths);
}

#[test]
fn no_death_about_the_final_dot_repeats_a_mail_of_which_there_is_a_copy() {
    let deaths = deaths();
    let world = World::over(Setup::default(), None);
    let copied = Copied::start(&world, GRACE);
    let mut office = Office::new(world);
    let folder = office.world.sink.folder().to_owned();
    copied.beside(&folder, || office.live(deaths));
    assert_few(office.repeats(), deaths);
}
