//! Each call of one cycle fails once: a directive comes, its mails leave, cells answer and say done. Whatever call it was,
//! the next life finds a register it can work with, every cell has its mail, and what was confirmed stands (T9).
//!
//! `VANTHU_SWEEP=1` fails every call; a share of them by default (docs/RELIABILITY.md).

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use vanthu::demo::ioffice::Setup;

use super::mail::{Mail, grouped, taken};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::faults::{EIO, Faults};
use crate::support::{net, number};

/// Calls that fail in the usual run, of each kind.
const SHARE: u64 = 12;

/// `ECONNREFUSED`, by its number.
const REFUSED: i32 = 111;

/// What was confirmed: by cell, the state that the answer led to.
type Confirmed = BTreeMap<String, &'static str>;

/// One directive, one life after another.
struct Cycle {
    world: World,
    confirmed: Confirmed,
}

impl Cycle {
    fn new() -> Self {
        let world = World::over(Setup::default(), None);
        fs::create_dir(world.path("so")).unwrap();
        world.keep_in(&world.path("so"));
        world.deliver(1);
        Self { world, confirmed: Confirmed::new() }
    }

    /// A life, in which a call may fail; it ends by itself or when all that can be done is done.
    fn live(&mut self, faults: &Faults, calls: &str, at: u64, errno: i32) {
        let folder = self.world.path("so");
        let mut command = self.world.command(&["run"]);
        faults.load(&mut command, &folder);
        faults.fail(&mut command, calls, at, errno);
        let mut daemon = self.world.spawn_with(command);
        let patience = Instant::now() + Duration::from_secs(12);
        while daemon.is_running() && Instant::now() < patience && self.confirmed.len() < CELLS {
            self.answer();
            std::thread::sleep(Duration::from_millis(10));
        }
        if daemon.is_running() {
            self.end(daemon);
        }
    }

    /// A stop: it may fail where a call did, but it ends.
    fn end(&self, daemon: Daemon) {
        let (_, took) = daemon.terminate();
        assert!(took < Duration::from_secs(45), "it took {took:?} to stop");
    }

    /// Answers what has come and was not answered; every other cell goes on to say done.
    fn answer(&mut self) {
        for mail in taken(&self.world.sink) {
            let said = self.confirmed.get(&mail.to).copied();
            let number = mail.to.bytes().map(usize::from).sum::<usize>();
            match said {
                None => self.press(&mail, "received", "acknowledged"),
                Some("acknowledged") if number % 2 == 0 => self.press(&mail, "done", "done"),
                Some(_) => {}
            }
        }
    }

    fn press(&mut self, mail: &Mail, answer: &str, state: &'static str) {
        let form = format!("answer={answer}&digits=1");
        match net::post(self.world.web, &mail.path, &form) {
            Some((200, _)) => drop(self.confirmed.insert(mail.to.clone(), state)),
            Some((503, _)) | None => {}
            Some((status, page)) => panic!("{status}: {page}"),
        }
    }

    /// The next life, in which nothing fails.
    fn judge(mut self, what: &str) {
        let daemon = self.world.start();
        let reached = |cycle: &Self| grouped(&taken(&cycle.world.sink)).len() == CELLS;
        wait_until(&format!("{what}: every cell has its mail"), || reached(&self));
        wait_until(&format!("{what}: every cell has answered"), || {
            self.answer();
            self.confirmed.len() == CELLS
        });
        assert!(daemon.terminate().0.success(), "{what}: {}", self.world.log());
        let repeats = self.world.sink.count() - CELLS;
        assert!(repeats <= 1, "{what}: {repeats} mails repeated");
        let shown = self.world.vanthu(&["show", "#1", "--json"]).json();
        let rows = shown[0]["obligations"].as_array().unwrap();
        for row in rows {
            let (cell, state) = (row["cell"].as_str().unwrap(), row["state"].as_str().unwrap());
            let said = self.confirmed.iter().find(|(to, _)| to.split('@').next() == Some(cell)).unwrap().1;
            assert_eq!(state, *said, "{what}: {cell}");
        }
    }
}

fn sweep(calls: &str, errno: i32) {
    let faults = Faults::new();
    let mut whole = Cycle::new();
    whole.live(&faults, calls, 0, errno);
    let (all, _) = faults.counted();
    whole.judge("no failure");
    let step = if number("VANTHU_SWEEP", 0) > 0 { 1 } else { (all / SHARE).max(1) };
    let (mut tried, mut failed) = (0, 0);
    for at in (1..=all).step_by(usize::try_from(step).unwrap()) {
        let mut cycle = Cycle::new();
        cycle.live(&faults, calls, at, errno);
        tried += 1;
        failed += faults.counted().1;
        cycle.judge(&format!("{calls} {at}"));
    }
    println!("{calls}: {all} calls in a cycle, {tried} cycles, {failed} calls failed, every state legal");
    assert!(failed > 0, "nothing failed");
}

#[test]
fn any_call_to_the_disk_may_fail_once() {
    sweep("sync,write,open,read,cut", EIO);
}

#[test]
fn any_connection_may_be_refused_once() {
    sweep("connect", REFUSED);
}
