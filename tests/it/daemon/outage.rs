//! The server of the register stands still, under two daemons that have mails in flight.

use std::time::{Duration, Instant};

use vanthu::demo::ioffice::Setup;

use super::instances::{Machine, assert_once, mails_reach};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::net;
use crate::support::number;
use crate::support::postgres::{Cluster, Database};

/// What a daemon says of itself.
fn readiness(machine: &Machine) -> u16 {
    net::get(machine.admin, "/readyz").map_or(0, |(status, _)| status)
}

/// How long until it holds.
fn until(what: &str, holds: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    wait_until(what, holds);
    began.elapsed()
}

/// `VANTHU_FREEZE` seconds, 20 by default: both daemons say at once that they are not ready, nothing ends and nothing
/// hangs; when the server goes on all mails leave, each once, those too that were in flight.
#[test]
fn a_register_that_stands_still_costs_no_mail_and_repeats_none() {
    let frozen = Duration::from_secs(number("VANTHU_FREEZE", 20));
    let cluster = Cluster::own();
    let mut world = World::over(Setup::default(), Some(Database::on(&cluster)));
    // Half a minute of mails, so that some are in flight whenever the server stops.
    world.sink.pause();
    world.sink.resume(&["-w", "1"]);
    let machines = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let documents = 6;
    for id in 1..=documents {
        world.deliver(id);
    }
    let mut daemons = machines.each_ref().map(|machine| machine.start(&world));
    mails_reach(&world, 6);
    let began = Instant::now();
    cluster.freeze();
    for machine in &machines {
        let red = until("the board turns red", || readiness(machine) == 503);
        println!("red after {:.1} s", red.as_secs_f64());
        assert!(red < Duration::from_secs(10), "{red:?}");
    }
    std::thread::sleep(frozen.saturating_sub(began.elapsed()));
    let before = world.sink.count();
    cluster.thaw();
    let thawed = Instant::now();
    for machine in &machines {
        until("the board is well again", || readiness(machine) == 200);
    }
    let well = thawed.elapsed();
    mails_reach(&world, before + 1);
    let back = thawed.elapsed();
    println!(
        "frozen for {frozen:?}: ready after {:.1} s, mails after {:.1} s",
        well.as_secs_f64(),
        back.as_secs_f64()
    );
    assert!(back < Duration::from_secs(15), "{back:?}");
    let documents = usize::try_from(documents).unwrap();
    mails_reach(&world, documents * CELLS);
    wait_until("all is settled", || {
        let status = world.vanthu(&["status", "--json"]).json();
        status["outbox"].as_object().unwrap().keys().all(|state| state == "sent")
    });
    for daemon in &mut daemons {
        assert!(daemon.is_running(), "{}", daemon.log());
    }
    for daemon in daemons {
        let (ended, took) = daemon.terminate();
        assert!(ended.success() && took < Duration::from_secs(10), "{ended} {took:?} {}", world.log());
    }
    assert_once(&world, documents);
}
