//! The server of the register dies with everything it was doing and starts again, while two daemons send and cells answer (T29).

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::answers::{acknowledged, press, said};
use super::instances::Machine;
use super::kill::Random;
use super::mail::{grouped, taken};
use super::outage::{all_is_settled, copies, slow_office};
use crate::support::daemon::CELLS;
use crate::support::number;
use crate::support::postgres::{Cluster, Database};

/// How long a test of three crashes may take until all is well.
const PATIENCE: Duration = Duration::from_secs(180);

/// `VANTHU_CRASHES` times, 3 by default: every mail leaves, every answer that was confirmed is there, and no mail comes twice
/// but one that was on its way at a crash.
#[test]
fn a_server_that_dies_and_returns_costs_nothing() {
    let (crashes, mut random) = (number("VANTHU_CRASHES", 3), Random(number("VANTHU_SEED", 1)));
    let cluster = Cluster::own();
    let world = slow_office(Database::on(&cluster));
    let documents = usize::try_from(crashes).unwrap() * 2 + 2;
    (1..).take(documents).for_each(|id| world.deliver(id));
    let second = Machine::new(&world, "hai");
    let daemons = [world.start(), second.start(&world)];
    let (mut confirmed, mut refused) = (BTreeSet::new(), 0_u32);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let storm = scope.spawn(|| {
            for _ in 0..crashes {
                std::thread::sleep(Duration::from_micros(1_000_000 + random.below(2_000_000)));
                cluster.crash();
                std::thread::sleep(Duration::from_micros(random.below(1_500_000)));
                cluster.restart();
            }
        });
        while confirmed.len() < documents * CELLS || !storm.is_finished() {
            assert!(began.elapsed() < PATIENCE * u32::try_from(crashes).unwrap(), "{}", world.log());
            for mail in taken(&world.sink) {
                if !confirmed.contains(&said(&mail)) {
                    match press(&world, &mail) {
                        Some((200, _)) => drop(confirmed.insert(said(&mail))),
                        _ => refused += 1,
                    }
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    all_is_settled(&world);
    assert_eq!(acknowledged(&world, documents), confirmed);
    for daemon in daemons {
        assert!(daemon.terminate().0.success(), "{}", world.log());
    }
    let mails = taken(&world.sink);
    let repeats = copies(&mails);
    println!(
        "{crashes} crashes: {} mails, {repeats} repeats; {} answers confirmed, {refused} presses not taken meanwhile",
        mails.len(),
        confirmed.len()
    );
    assert_eq!(grouped(&mails).len(), documents * CELLS);
    assert!(repeats <= usize::try_from(crashes).unwrap() * 2, "{repeats} repeats");
}
