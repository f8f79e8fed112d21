//! The clock of the machine leaps under the real program, by days and hours, while it runs and while it does not.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::faults::Faults;

const DAY: i64 = 86_400;

/// A ladder whose first step is due after a working day; every day is one in this office.
const RULES: &str = r#"
[[ladder]]
name = "nhanh"

[[ladder.step]]
at = "acknowledge"
kind = "remind"
to = "cell"
until = "acknowledged"
"#;

/// An office on a machine whose clock can be set.
struct Machine {
    world: World,
    faults: Faults,
}

impl Machine {
    fn new() -> Self {
        let world = World::new();
        let rules = "rules.d/10-chung.toml";
        world.edit(rules, "ladder = \"standard\"", "ladder = \"nhanh\"");
        world.edit(rules, "\"10 working days\"", "\"1 working day\"");
        world.write("rules.d/05-nhanh.toml", RULES);
        world.write(
            "vanthu.toml.d/60-gio.toml",
            "[clock]\nset_right = \"da-chinh-gio\"\n\n[digest]\nenabled = false\n",
        );
        Self { world, faults: Faults::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        self.faults.clock(&mut command);
        command
    }

    fn start(&self) -> Daemon {
        let mut daemon = self.world.spawn_with(self.command(&["run"]));
        self.world.ready(&mut daemon);
        daemon
    }

    /// A start looks at the ladders at once: what it had to send has left when this returns.
    fn restart(&self, daemon: Daemon) -> Daemon {
        assert!(daemon.terminate().0.success());
        let reads = |log: String| log.matches("đã đọc nguồn").count();
        let before = reads(self.world.log());
        let daemon = self.start();
        wait_until("the source is read", || reads(self.world.log()) > before);
        std::thread::sleep(Duration::from_secs(3));
        daemon
    }

    /// What `/readyz` says of the clock; `None` while it is well.
    fn doubt(&self) -> Option<String> {
        let readiness: Value = serde_json::from_str(&self.world.board("/readyz")).unwrap();
        let checks = readiness["checks"].as_array().unwrap();
        let clock = checks.iter().find(|check| check["name"] == "clock").unwrap();
        (clock["ok"] == false).then(|| clock["detail"].as_str().unwrap().to_owned())
    }

    fn mails(&self) -> usize {
        taken(&self.world.sink).len()
    }
}

#[test]
fn a_leap_reminds_nobody_until_it_is_known_to_be_right() {
    let machine = Machine::new();
    machine.world.deliver(1);
    let daemon = machine.start();
    wait_until("every cell has its mail", || machine.mails() == CELLS);
    assert_eq!(machine.doubt(), None);

    // Three days ahead: every reminder would be due.
    machine.faults.leap(3 * DAY);
    wait_until("the leap is seen", || machine.doubt().is_some());
    let told = machine.doubt().unwrap();
    assert!(told.contains("nhanh hơn 3 ngày so với giờ vanthu đếm"), "{told}");
    assert!(machine.world.board("/").contains("nhanh hơn 3 ngày so với"), "the board says so too");
    wait_until("status says so", || machine.world.vanthu(&["status"]).out.contains("nhanh hơn 3 ngày"));

    // New work is still told; nobody is reminded, not even after a restart.
    machine.world.deliver(2);
    let daemon = machine.restart(daemon);
    wait_until("the new directive is told", || machine.mails() == 2 * CELLS);
    assert!(machine.doubt().is_some(), "a restart forgets no leap");
    assert_eq!(machine.mails(), 2 * CELLS);

    // A person says that the machine is right: one reminder for each directive and cell, once.
    let trusted = machine.world.vanthu(&["clock", "trust"]);
    assert_eq!(trusted.code, 0, "{}", trusted.err);
    assert!(trusted.out.contains("Giờ của máy được tin"), "{}", trusted.out);
    assert_eq!(machine.doubt(), None);
    let daemon = machine.restart(daemon);
    wait_until("every cell is reminded", || machine.mails() == 4 * CELLS);

    // Back by three days, and by an hour, doubted and believed: nothing is sent twice.
    for (leap, word) in [(0, "chậm hơn 3 ngày"), (-3_600, "chậm hơn 1 giờ")] {
        machine.faults.leap(leap);
        wait_until("the leap is seen", || machine.doubt().is_some_and(|told| told.contains(word)));
        machine.world.write("da-chinh-gio", "");
        // The machine's own clock is the test's, less what it is off.
        set_right(&machine, leap);
        wait_until("who sets clocks right is believed", || machine.doubt().is_none());
    }
    let daemon = machine.restart(daemon);
    assert_eq!(machine.mails(), 4 * CELLS);
    for (key, mails) in grouped(&taken(&machine.world.sink)) {
        assert_eq!(mails.len(), 1, "{key:?}");
    }
    assert!(daemon.terminate().0.success());
}

/// Whoever keeps the machine's clock right touches the file by the machine's time.
fn set_right(machine: &Machine, off: i64) {
    let at = crate::support::daemon::now() + chrono::TimeDelta::seconds(off);
    let file = std::fs::File::options().write(true).open(machine.world.path("da-chinh-gio")).unwrap();
    file.set_modified(at.into()).unwrap();
}
