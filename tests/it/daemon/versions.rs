//! Two versions of the program over one register: an upgrade on one machine while the earlier program still runs on others.

use std::path::Path;
use std::process::Command;

use super::instances::{Machine, assert_once, mails_reach};
use super::kill::Random;
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::net;
use crate::support::postgres::Database;
use crate::support::{asked, number};

/// Starts another program where a machine would start this one.
fn start(world: &World, machine: &Machine, program: &Path) -> Daemon {
    let own = machine.command(world);
    let mut command = Command::new(program);
    command.env_clear().args(own.get_args());
    command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    world.spawn_with(command)
}

fn is_ready(machine: &Machine) -> bool {
    net::get(machine.admin, "/readyz").is_some_and(|(status, _)| status == 200)
}

/// Two machines run this program and are in the middle of their mails when a third one starts `VANTHU_LATER`, whose schema
/// has one more step: it brings the register up to date, they stop by themselves, it sends the rest. As often as
/// `VANTHU_ROUNDS` says, each time with a new register and `VANTHU_DOCUMENTS` directives.
#[test]
#[ignore = "needs a later program; see docs/RELIABILITY.md"]
fn an_upgrade_beside_earlier_programs_loses_and_repeats_nothing() {
    let later = asked("VANTHU_LATER").expect("VANTHU_LATER names a later program");
    let (rounds, documents) = (number("VANTHU_ROUNDS", 20), number("VANTHU_DOCUMENTS", 100));
    let wanted = usize::try_from(documents).unwrap() * CELLS;
    let mut random = Random(number("VANTHU_SEED", 1));
    for round in 1..=rounds {
        let world = World::over(vanthu::demo::ioffice::Setup::default(), Some(Database::new()));
        world.write("vanthu.toml.d/80-phanh.toml", "[brake]\ndirectives = 100000\nmails = 1000000\n");
        (1..=documents).for_each(|id| world.deliver(id.try_into().unwrap()));
        let [one, two, three] = ["mot", "hai", "ba"].map(|name| Machine::new(&world, name));
        let earlier = [&one, &two].map(|machine| machine.spawn(&world));
        let before = usize::try_from(random.below(documents * 4)).unwrap();
        mails_reach(&world, before.max(1));
        let out = world.sink.count();
        let upgraded = start(&world, &three, Path::new(&later));
        for daemon in earlier {
            assert_eq!(daemon.wait().code(), Some(78), "{}", world.log());
        }
        wait_until("the later one is ready", || is_ready(&three));
        mails_reach(&world, wanted);
        assert!(upgraded.terminate().0.success(), "{}", world.log());
        println!("round {round}: begun after {out} of {wanted} mails");
        assert_once(&world, usize::try_from(documents).unwrap());
    }
}
