//! Start, stop, reload, and a second daemon beside the first.

use std::time::Duration;

use vanthu::demo::ioffice::Setup;

use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};

/// Long enough for a mail and a page under way, short enough for whoever waits at a shutdown.
const STOP: Duration = Duration::from_secs(10);

#[test]
fn a_stop_in_the_middle_of_a_batch_repeats_nothing_and_loses_nothing() {
    let world = World::new();
    let mut arrived = 0;
    for stop in 1..=20 {
        for _ in 0..4 {
            arrived += 1;
            world.deliver(arrived);
        }
        let before = world.sink.count();
        let daemon = world.start();
        // Now at the first mail, now at the tenth: from 1 to 19 mails are sent before the stop.
        let wanted = 1 + stop * 7 % 19;
        wait_until("some mails are out", || world.sink.count() >= before + wanted);
        let (status, took) = daemon.terminate();
        assert!(status.success(), "stop {stop}: {status}\n{}", world.log());
        assert!(took < STOP, "stop {stop} took {took:?}");
    }
    let all = usize::try_from(arrived).unwrap() * CELLS;
    let left = all - world.sink.count();
    assert!(left > 0, "no stop came in the middle of a batch");
    let daemon = world.start();
    wait_until("the rest is out", || world.sink.count() >= all);
    assert!(daemon.terminate().0.success());
    let mails = taken(&world.sink);
    assert_eq!((mails.len(), grouped(&mails).len()), (all, all));
}

#[test]
fn a_second_daemon_on_the_same_file_is_refused() {
    let world = World::over(Setup::default(), None);
    let mut first = world.start();
    let second = world.vanthu(&["run"]);
    assert_eq!(second.code, 75, "{}", second.err);
    let line = second.err.lines().last().unwrap();
    assert!(line.contains("đang được một tiến trình vanthu khác dùng"), "{line}");
    assert!(line.contains(&world.path("vanthu.db").display().to_string()), "{line}");
    let poll = world.vanthu(&["poll", "--once"]);
    assert_eq!(poll.code, 75, "{}", poll.err);
    assert!(first.is_running());
    assert!(first.terminate().0.success());
}

const RULES: &str = "rules.d/10-chung.toml";

#[test]
fn a_broken_rule_leaves_the_good_ones_in_force_until_it_is_mended() {
    let world = World::new();
    let daemon = world.start();
    let before = ruleset(&world);
    assert_eq!(reloaded(&world), "1");

    world.edit(RULES, "role = \"lead\"", "role = \"leader\"");
    daemon.signal("HUP");
    wait_until("the broken rule is noticed", || reloaded(&world) == "0");
    assert!(world.log().contains("giữ nguyên bản đang dùng"), "{}", world.log());
    assert!(world.log().contains(RULES), "the log names the file");
    assert!(world.board("/").contains("đang dùng bản tốt gần nhất"));
    assert_eq!(ruleset(&world), before);

    world.edit(RULES, "role = \"leader\"", "role = \"support\"");
    daemon.signal("HUP");
    wait_until("the mended rule is taken", || reloaded(&world) == "1");
    assert_ne!(ruleset(&world), before);
    assert!(!world.board("/").contains("đang dùng bản tốt gần nhất"));
    assert!(daemon.terminate().0.success());
}

fn reloaded(world: &World) -> String {
    metric(world, "vanthu_config_last_reload_successful ")
}

fn ruleset(world: &World) -> String {
    metric(world, "vanthu_ruleset_info")
}

/// The rest of the first line of the metrics that begins like this.
fn metric(world: &World, begins: &str) -> String {
    let metrics = world.board("/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix(begins));
    line.unwrap_or_else(|| panic!("no {begins} in\n{metrics}")).to_owned()
}
