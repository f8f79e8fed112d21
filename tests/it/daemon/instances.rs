//! Several daemons over one register on a server, each with its own ports and its own folder for what is its own.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use super::kill::{Random, SHOWN};
use super::mail::{Key, Mail, grouped};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::net::{self, free_port};
use crate::support::number;
use crate::support::outside::{Bounds, Outside};
use crate::support::postgres::Database;

/// A place where a daemon runs: its ports and its folder stay, processes come and go.
pub(super) struct Machine {
    name: &'static str,
    web: u16,
    /// Port of its board.
    pub(super) admin: u16,
}

impl Machine {
    /// One with nothing on it yet.
    pub(super) fn new(world: &World, name: &'static str) -> Self {
        world.write(&format!("{name}/co-mat"), "");
        Self { name, web: free_port(), admin: free_port() }
    }

    /// What starts a daemon there.
    pub(super) fn command(&self, world: &World) -> Command {
        let mut command = world.command(&["run"]);
        let own = |file: &str| world.path(self.name).join(file);
        command
            .env("VANTHU_WEB__LISTEN", format!("127.0.0.1:{}", self.web))
            .env("VANTHU_ADMIN__LISTEN", format!("127.0.0.1:{}", self.admin))
            .env("VANTHU_ADMIN__CONTROL", own("control.sock"))
            .env("VANTHU_STORE__PATH", own("vanthu.db"));
        command
    }

    /// Starts one and does not wait.
    pub(super) fn spawn(&self, world: &World) -> Daemon {
        world.spawn_with(self.command(world))
    }

    /// Starts one and waits until it is ready.
    pub(super) fn start(&self, world: &World) -> Daemon {
        let mut daemon = self.spawn(world);
        wait_until("the daemon is ready", || {
            assert!(daemon.is_running(), "{}", daemon.log());
            net::get(self.admin, "/readyz").is_some_and(|(status, _)| status == 200)
        });
        daemon
    }
}

fn office() -> World {
    World::over(vanthu::demo::ioffice::Setup::default(), Some(Database::new()))
}

/// Waits until so many mails have come.
pub(super) fn mails_reach(world: &World, count: usize) {
    wait_until(&format!("{count} mails have come"), || world.sink.count() >= count);
}

/// Every mail once: none lost, none repeated.
pub(super) fn assert_once(world: &World, documents: usize) {
    let mails = world.sink.take(Mail::read);
    assert_eq!((mails.len(), grouped(&mails).len()), (documents * CELLS, documents * CELLS));
}

/// The second one stands by, sends along, and goes on at once when the first one is stopped in order.
#[test]
fn the_work_goes_over_to_another_instance() {
    let world = office();
    let [one, two] = ["mot", "hai"].map(|name| Machine::new(&world, name));
    world.deliver(1);
    let first = one.start(&world);
    mails_reach(&world, CELLS);
    let second = two.start(&world);
    let doctor = world.vanthu(&["doctor", "--offline"]).out;
    assert!(doctor.contains("2 dịch vụ đang chạy"), "{doctor}");
    let poll = world.vanthu(&["poll", "--once"]);
    assert!(poll.code == 1 && poll.err.contains("đang có 2 dịch vụ"), "{}{}", poll.code, poll.err);
    world.deliver(2);
    let began = Instant::now();
    assert!(first.terminate().0.success(), "{}", world.log());
    mails_reach(&world, 2 * CELLS);
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
    assert!(second.terminate().0.success(), "{}", world.log());
    assert_once(&world, 2);
}

/// Killed and started again on its machine, a daemon takes up its work at once: its name proves that it is the same.
#[test]
fn a_killed_instance_goes_on_where_it_was() {
    let world = office();
    let one = Machine::new(&world, "mot");
    world.deliver(1);
    let first = one.start(&world);
    mails_reach(&world, CELLS);
    wait_until("all is settled", || {
        let status = world.vanthu(&["status", "--json"]).json();
        status["outbox"].as_object().unwrap().keys().all(|state| state == "sent")
    });
    first.kill();
    world.deliver(2);
    let began = Instant::now();
    let again = one.start(&world);
    mails_reach(&world, 2 * CELLS);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert!(again.terminate().0.success(), "{}", world.log());
    assert_once(&world, 2);
}

/// One dies for good; the other has all of its work within 75 seconds. A minute long: docs/RELIABILITY.md.
#[test]
#[ignore = "waits for leases to run out; see docs/RELIABILITY.md"]
fn the_work_of_the_dead_is_taken_over_within_75_seconds() {
    let world = office();
    let [one, two] = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let first = one.start(&world);
    let second = two.start(&world);
    first.kill();
    let began = Instant::now();
    world.deliver(1);
    mails_reach(&world, CELLS);
    let took = began.elapsed();
    println!("taken over after {:.1} s", took.as_secs_f64());
    assert!(took < Duration::from_secs(75), "{took:?}");
    assert!(second.terminate().0.success(), "{}", world.log());
    assert_once(&world, 1);
}

/// Three daemons, one of them killed and started again at any instant, as often as `VANTHU_KILLS` says.
#[test]
#[ignore = "minutes long; see docs/RELIABILITY.md"]
fn three_instances_and_kills_at_any_instant() {
    let (kills, seed) = (number("VANTHU_KILLS", 30), number("VANTHU_SEED", 1));
    let world = office();
    // What comes after the last start is read a minute later, whatever the hour.
    world.edit("vanthu.toml", "page_size = 10", "page_size = 10\npoll = \"* * * * *\"");
    let machines = ["mot", "hai", "ba"].map(|name| Machine::new(&world, name));
    let mut daemons = machines.each_ref().map(|machine| Some(machine.start(&world)));
    let (mut random, mut mails, mut reached) = (Random(seed), Vec::new(), BTreeSet::<Key>::new());
    let outside = Outside::new();
    let mut collect = |mails: &mut Vec<Mail>| {
        let taken = world.sink.take(|raw| {
            let mail = Mail::read(raw)?;
            outside.took(raw);
            Some(mail)
        });
        reached.extend(taken.iter().map(Mail::key));
        mails.extend(taken);
        reached.len()
    };
    let mut gone = 0;
    for kill in 1..=kills {
        let document = i64::try_from(kill).unwrap();
        world.deliver(document);
        outside.delivered(document);
        std::thread::sleep(Duration::from_micros(random.below(1_500_000)));
        let victim = usize::try_from(random.below(3)).unwrap();
        daemons[victim].take().unwrap().kill();
        daemons[victim] = Some(machines[victim].spawn(&world));
        // What is done leaves the list.
        let done = i64::try_from(collect(&mut mails) / CELLS).unwrap() - SHOWN;
        (gone + 1..=done).for_each(|document| world.ioffice.remove(document));
        gone = gone.max(done);
    }
    let wanted = usize::try_from(kills).unwrap() * CELLS;
    let (began, before) = (Instant::now(), collect(&mut mails));
    let mut reached = before;
    // The patience is for one more mail, not for all that are left.
    while reached < wanted {
        wait_until(&format!("another mail has come after {reached} of {wanted}"), || {
            collect(&mut mails) > reached
        });
        reached = collect(&mut mails);
    }
    let after = began.elapsed().as_secs();
    println!("{before} of {wanted} mails were out at the last kill, all of them {after} s later");
    for (machine, daemon) in machines.iter().zip(daemons.into_iter().flatten()) {
        // The last one may have been started a moment ago, and hears no signal yet.
        wait_until("it is ready", || {
            net::get(machine.admin, "/readyz").is_some_and(|(status, _)| status == 200)
        });
        assert!(daemon.terminate().0.success(), "{}", world.log());
    }
    collect(&mut mails);
    let repeats = mails.len() - grouped(&mails).len();
    println!("{kills} kills: {} mails, {repeats} repeats", mails.len());
    assert_eq!(grouped(&mails).len(), wanted);
    assert!(repeats <= usize::try_from(kills).unwrap());
    println!("{}", outside.judge(&world, Bounds { kills, workers: 1, per_day: mails.len() }));
}
