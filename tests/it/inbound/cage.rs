//! What hostile mail costs (promises.md T50): each shape is read by a process of its own, whose peak is its own.
//!
//! Unoptimised, time is only bounded loosely here; `cargo bench --bench inbound` measures it as in service.

use std::fs;
use std::process::Command;
use std::time::Duration;

use vanthu::mail::inbound::EXCERPT;

use super::shapes::{handle, shapes};

/// Memory that one mail may cost, in kilobytes.
const SPACE: u64 = 64 << 10;
/// Time on a processor without optimisation.
const TIME: Duration = Duration::from_secs(2);
/// Where the process of a shape finds its number.
const NUMBER: &str = "VANTHU_TEST_SHAPE";

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Time on a processor so far: a busy host must not make a mail slow.
fn spent() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// Run by the test below, alone in a process.
#[test]
#[ignore = "a part of the test below"]
fn reads_one() {
    let shape = usize::try_from(crate::support::number(NUMBER, 0)).unwrap();
    let (_, bytes) = shapes().swap_remove(shape);
    handle(b"From: a@b.example\r\n\r\nx");
    let (space, time) = (peak(), spent());
    handle(&bytes);
    println!("cost {} {}", peak() - space, (spent() - time).as_millis());
}

#[test]
fn no_mail_costs_more_than_its_cage() {
    for (number, (name, bytes)) in shapes().into_iter().enumerate() {
        assert_eq!(bytes.len(), EXCERPT, "{name}");
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["inbound::cage::reads_one", "--exact", "--ignored", "--nocapture"])
            .env(NUMBER, number.to_string())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{name}: {told}{}", String::from_utf8_lossy(&run.stderr));
        let (_, cost) = told.split_once("cost ").unwrap();
        let cost: Vec<u64> = cost.split_whitespace().take(2).map(|word| word.parse().unwrap()).collect();
        println!("{name}: {} kB more, {} ms", cost[0], cost[1]);
        assert!(cost[0] <= SPACE, "{name}: {} kB", cost[0]);
        assert!(Duration::from_millis(cost[1]) <= TIME, "{name}: {} ms", cost[1]);
    }
}
