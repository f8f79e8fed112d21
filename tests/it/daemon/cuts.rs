//! The power fails: of what was written and not synced, some sectors reached the disk and some did not. What was
//! confirmed is on it all the same (T6, T7).
//!
//! `VANTHU_CUTS` sets how many cuts, `VANTHU_SEED` which instants and sectors (docs/RELIABILITY.md).

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use vanthu::demo::ioffice::Setup;

use super::answers::{acknowledged, press, said, sent};
use super::kill::Random;
use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::faults::Faults;
use crate::support::number;

/// Directives whose answers are given while the power fails.
const DOCUMENTS: usize = 60;

#[test]
fn what_was_confirmed_survives_a_power_cut() {
    let (cuts, seed) = (number("VANTHU_CUTS", 24), number("VANTHU_SEED", 20_260_122));
    println!("VANTHU_CUTS={cuts} VANTHU_SEED={seed}");
    let world = World::over(Setup::default(), None);
    let folder = world.path("so");
    fs::create_dir(&folder).unwrap();
    world.keep_in(&folder);
    let mails = sent(&world, DOCUMENTS);
    let (mut random, mut confirmed) = (Random(seed), BTreeSet::new());
    let (mut lost, mut delivered) = (0, DOCUMENTS);
    let mut next = mails.iter().cycle();
    for cut in 0..cuts {
        delivered += 1;
        world.deliver(i64::try_from(delivered).unwrap());
        world.ioffice.remove(i64::try_from(delivered).unwrap() - 100);
        let faults = Faults::new();
        let mut command = world.command(&["run"]);
        faults.load(&mut command, &folder);
        faults.remember(&mut command);
        let mut daemon = world.spawn_with(command);
        world.ready(&mut daemon);
        let end = Instant::now() + Duration::from_millis(random.below(700));
        while Instant::now() < end {
            let mail = next.next().unwrap();
            match press(&world, mail) {
                Some((200, _)) => drop(confirmed.insert(said(mail))),
                other => panic!("{other:?}"),
            }
        }
        daemon.kill();
        // All of it was lost, none, or any part.
        let share = [0, 100, 50, 10, 90][usize::try_from(cut % 5).unwrap()];
        lost += faults.cut(|| random.below(100) < share);
    }
    let daemon = world.start();
    let wanted = delivered * CELLS;
    let reached = || world.sink.count() >= wanted && grouped(&taken(&world.sink)).len() == wanted;
    wait_until("all mails are out", reached);
    assert!(daemon.terminate().0.success());
    let mails = taken(&world.sink);
    let repeats = mails.len() - grouped(&mails).len();
    let stored = acknowledged(&world, delivered);
    println!(
        "{cuts} cuts, {lost} sectors lost, {} answers confirmed, {repeats} mails repeated",
        confirmed.len()
    );
    assert!(lost > 0, "no cut took anything");
    assert!(confirmed.is_subset(&stored), "lost: {:?}", confirmed.difference(&stored).collect::<Vec<_>>());
    assert!(repeats <= usize::try_from(cuts).unwrap(), "{repeats} repeats in {cuts} cuts");
}
