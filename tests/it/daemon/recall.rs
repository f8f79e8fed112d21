//! A register that is older than what it had done, and one that is gone: what the copy of its journal gives back (T20, T21).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::Datelike as _;
use serde_json::Value;

use super::mail::{Mail, taken};
use crate::support::daemon::{Daemon, World, now, wait_until};
use crate::support::net;
use crate::support::store::on_server;

/// As many as the bloc of the founding case has.
pub(super) const CELLS: usize = 221;

/// An office of 221 cells that keeps a copy of its journal.
fn office() -> World {
    let world = World::new();
    furnish(&world);
    world
}

/// Gives an office its cells, and the copy of its journal.
pub(super) fn furnish(world: &World) {
    let known = fs::read_to_string(world.path("units.toml")).unwrap();
    // The kinds, the sectors, and the committee above all.
    let head: Vec<_> = known.split("\n[[unit]]\n").take(2).collect();
    let mut units = head.join("\n[[unit]]\n");
    for number in 0..CELLS {
        units.push_str(&format!(
            "\n[[unit]]\nid = \"cb-{number}\"\nname = \"Chi bộ {number}\"\nkind = \"base-cell\"\n\
             sector = \"administration\"\nparent = \"duk\"\nmailbox = \"cb-{number}@mau.example\"\n"
        ));
    }
    world.write("units.toml", &units);
    world.edit("rules.d/10-chung.toml", "cells = 5", "cells = 221");
    assert_eq!(world.vanthu(&["check", "--quiet"]).code, 0, "{}", world.vanthu(&["check"]).err);
    world.write("vanthu.toml.d/50-nhat-ky.toml", "[journal]\ncopy = \"o-hai\"\n");
}

pub(super) fn status(world: &World) -> Value {
    world.vanthu(&["status", "--json"]).json()
}

/// Starts the daemon and waits until everything that was delivered has been mailed.
pub(super) fn mailed(world: &World, documents: usize) -> Daemon {
    let daemon = world.start();
    let sent = documents * CELLS;
    wait_until("the mails are recorded", || status(world)["outbox"]["sent"] == sent);
    daemon
}

/// The cells that have acknowledged a document, by the register.
pub(super) fn acknowledged(world: &World, symbol: &str) -> BTreeSet<String> {
    let shown = world.vanthu(&["show", symbol, "--json"]);
    if shown.code != 0 {
        return BTreeSet::new();
    }
    let shown = shown.json();
    let rows = shown[0]["obligations"].as_array().unwrap().clone();
    let heard = rows.iter().filter(|row| row["state"] == "acknowledged");
    heard.map(|row| row["cell"].as_str().unwrap().to_owned()).collect()
}

/// Acknowledges for some cells through staff; which they were.
pub(super) fn hear(world: &World, symbol: &str, cells: std::ops::Range<usize>) -> BTreeSet<String> {
    let heard = cells.map(|number| format!("cb-{number}"));
    heard
        .inspect(|cell| {
            let said = world.vanthu(&["ack", symbol, cell, "received", "--reason", "gọi điện"]);
            assert_eq!(said.code, 0, "{}", said.err);
        })
        .collect()
}

fn aside(world: &World, name: &str) -> PathBuf {
    let path = world.path(name);
    for ending in ["", "-wal"] {
        let from = world.path(&format!("vanthu.db{ending}"));
        if from.exists() {
            fs::copy(from, world.path(&format!("{name}{ending}"))).unwrap();
        }
    }
    path
}

fn remove(world: &World) {
    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(world.path(&format!("vanthu.db{ending}"))).ok();
    }
}

/// Everything that was sent is known again, everything that was heard is heard again, and a release mails nothing twice.
pub(super) fn settled(world: &World, mails: &[Mail], heard: &[(&str, BTreeSet<String>)]) {
    for (symbol, cells) in heard {
        wait_until("every answer is back", || acknowledged(world, symbol) == *cells);
    }
    wait_until("every mail is known to be sent", || status(world)["outbox"]["sent"] == mails.len());
    let old = mails.iter().find(|mail| mail.symbol == "2-KH/ĐUK").unwrap();
    let (code, page) = net::get(world.web, &old.path).unwrap();
    assert_eq!(code, 200, "a link of the lost register leads on: {page}");
    let release = world.vanthu(&["restore", "release", "--reason", "đã đối chiếu"]);
    assert_eq!(release.code, 0, "{}", release.err);
    // A document that came after the crash is told, and nothing else.
    world.deliver(9);
    // A file is locked; of a server the daemons are known.
    let busy = if world.database.is_some() { 1 } else { 75 };
    assert_eq!(world.vanthu(&["poll", "--once"]).code, busy, "the daemon holds the register");
}

#[test]
fn a_day_old_copy_repeats_no_mail_and_loses_no_answer() {
    if on_server() {
        return;
    }
    let world = office();
    world.deliver(1);
    let daemon = mailed(&world, 1);
    let first = hear(&world, "1-KH/ĐUK", 0..3);
    assert!(daemon.terminate().0.success());
    let yesterday = aside(&world, "hom-qua.db");
    world.deliver(2);
    let daemon = mailed(&world, 2);
    let second = hear(&world, "2-KH/ĐUK", 5..9);
    let more: BTreeSet<_> = first.union(&hear(&world, "1-KH/ĐUK", 10..12)).cloned().collect();
    let mails = taken(&world.sink);
    assert_eq!(mails.len(), 2 * CELLS);
    // The copy has what a command beside the daemon wrote within a second.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    daemon.kill();

    let back = world.vanthu(&["restore", yesterday.to_str().unwrap()]);
    assert_eq!(back.code, 0, "{}{}", back.out, back.err);
    let daemon = world.start();
    settled(&world, &mails, &[("1-KH/ĐUK", more), ("2-KH/ĐUK", second)]);
    let compared = world.vanthu(&["restore", "compare", "--json"]).json();
    let left: Vec<_> =
        compared["unmatched"].as_array().unwrap().iter().filter(|one| one["kind"] != "other").collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let daemon = world.start();
    wait_until("the new document is told", || world.sink.count() == mails.len() + CELLS);
    std::thread::sleep(std::time::Duration::from_secs(2));
    let all = taken(&world.sink);
    assert_eq!(all.len(), 3 * CELLS, "no mail came twice");
    assert_eq!(all.iter().filter(|mail| mail.symbol == "9-KH/ĐUK").count(), CELLS);
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

/// Somebody put an old file in place by hand and started the daemon: the copy of the journal gives it away.
#[test]
fn an_old_file_put_in_place_by_hand_is_noticed() {
    if on_server() {
        return;
    }
    let world = office();
    world.deliver(1);
    assert!(mailed(&world, 1).terminate().0.success());
    let yesterday = aside(&world, "hom-qua.db");
    world.deliver(2);
    assert!(mailed(&world, 2).terminate().0.success());
    remove(&world);
    fs::rename(yesterday, world.path("vanthu.db")).unwrap();
    let daemon = world.start();
    let restoring = status(&world)["restoring"].clone();
    assert!(restoring["origin"].as_str().unwrap().contains("bản chép nhật ký"), "{restoring}");
    wait_until("every mail is known to be sent", || status(&world)["outbox"]["sent"] == 2 * CELLS);
    assert_eq!(world.sink.count(), 2 * CELLS);
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

#[test]
fn a_register_that_is_gone_is_made_anew_from_the_copy() {
    if on_server() {
        return;
    }
    let world = office();
    // As an office has it: what lay in the source before the first walk is nobody's news.
    world.edit("vanthu.toml", "baseline = \"mail\"", "baseline = \"silent\"\nbaseline_from = 2020-01-01");
    world.deliver(1);
    world.deliver(2);
    let daemon = mailed(&world, 2);
    let heard = hear(&world, "2-KH/ĐUK", 0..4);
    let mails = taken(&world.sink);
    std::thread::sleep(std::time::Duration::from_millis(2500));
    daemon.kill();
    world.edit("vanthu.toml", "\nbaseline_from = 2020-01-01", "");
    let there = world.vanthu(&["restore", "--from-journal", world.path("o-hai").to_str().unwrap()]);
    assert!(there.code == 1 && there.err.contains("vẫn còn"), "{}{}", there.out, there.err);
    remove(&world);
    let made = world.vanthu(&["restore", "--from-journal", world.path("o-hai").to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    assert!(made.out.contains("Đã lập sổ mới"), "{}", made.out);
    let daemon = world.start();
    settled(&world, &mails, &[("2-KH/ĐUK", heard)]);
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let daemon = world.start();
    wait_until("the new document is told", || world.sink.count() == mails.len() + CELLS);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(taken(&world.sink).len(), 3 * CELLS, "no mail came twice");
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

/// A copy that cannot be written is seen within seconds, stops nobody, and is made whole as soon as it can be.
#[test]
fn a_copy_that_cannot_be_written_is_loud_and_heals() {
    if on_server() {
        return;
    }
    let world = World::new();
    world.write("vanthu.toml.d/50-nhat-ky.toml", "[journal]\ncopy = \"o-hai\"\n");
    let disk = Tmpfs::over(&world.path("o-hai"));
    world.deliver(1);
    let daemon = world.start();
    wait_until("the mails are recorded", || status(&world)["outbox"]["sent"] == SMALL);
    disk.fill();
    let shown = world.vanthu(&["show", "1-KH/ĐUK", "--json"]).json();
    let rows = shown[0]["obligations"].as_array().unwrap().clone();
    let cells: Vec<_> = rows.iter().map(|row| row["cell"].as_str().unwrap().to_owned()).collect();
    // A page that is begun may still take a line; five lines are more than a page.
    for cell in &cells {
        let reason = "gọi điện ".repeat(60);
        let said = world.vanthu(&["ack", "1-KH/ĐUK", cell, "received", "--reason", &reason]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let sick = || {
        let readiness: Value = serde_json::from_str(&world.board("/readyz")).unwrap();
        let checks = readiness["checks"].as_array().unwrap().clone();
        checks.iter().any(|check| check["name"] == "journal" && check["ok"] == false)
    };
    let begun = std::time::Instant::now();
    wait_until("it is seen", sick);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert!(world.board("/").contains("Bản chép nhật ký không ghi được"));
    disk.free();
    wait_until("it is well again", || !sick());
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let month = format!("{}-{:02}.jsonl", now().year(), now().month());
    let copy = fs::read_to_string(world.path("o-hai").join(month)).unwrap();
    assert!(copy.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "no line is torn");
    assert!(
        copy.lines().last().unwrap().contains(cells.last().unwrap().as_str()),
        "and what was missing stands there"
    );
}

/// Cells of the small office.
pub const SMALL: usize = crate::support::daemon::CELLS;

/// A small disk of its own; unmounted when dropped.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn over(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs"])
            .arg(folder)
            .status()
            .unwrap();
        assert!(mounted.success(), "root is needed");
        Self(folder.to_owned())
    }

    fn fill(&self) {
        fs::write(self.0.join("day"), vec![0; 1 << 20]).unwrap_err();
    }

    fn free(&self) {
        fs::remove_file(self.0.join("day")).unwrap();
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        std::process::Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}
