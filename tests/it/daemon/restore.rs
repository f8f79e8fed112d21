//! The register put back from a copy: what holds still meanwhile, what a cell sees, and how it goes on.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::mail::{Mail, taken};
use crate::support::daemon::{CELLS, Daemon, Ended, World, wait_until};
use crate::support::net;
use crate::support::store::on_server;

/// The office with copies watched over.
fn office() -> World {
    let world = World::new();
    world.write(
        "vanthu.toml.d/50-sao-luu.toml",
        "[backup]\nfolder = \"sao-luu\"\nkeep = 2\nwarn_after = \"2h\"\n",
    );
    world
}

/// Delivers a document, starts the daemon, which reads it at once, and waits until all of its mails are out.
fn deliver(world: &World, id: i64) -> Daemon {
    let sent = world.sink.count() + CELLS;
    world.deliver(id);
    let daemon = world.start();
    wait_until("the mails are out", || world.sink.count() == sent);
    wait_until("they are recorded", || world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == sent);
    daemon
}

fn backup(world: &World) -> PathBuf {
    let done = world.vanthu(&["backup", "--json"]).json();
    PathBuf::from(done["path"].as_str().unwrap())
}

fn check(world: &World, name: &str) -> Option<Value> {
    let readiness: Value = serde_json::from_str(&world.board("/readyz")).unwrap();
    let checks = readiness["checks"].as_array().unwrap().clone();
    checks.into_iter().find(|check| check["name"] == name)
}

fn gauge(world: &World, name: &str) -> i64 {
    let metrics = world.board("/metrics");
    let line = metrics.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| {
        panic!("{name}: {metrics}");
    });
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// The link of a mail about a document.
fn link(mails: &[Mail], symbol: &str) -> String {
    mails.iter().find(|mail| mail.symbol == symbol).unwrap().path.clone()
}

#[test]
fn nothing_leaves_a_register_that_was_put_back_until_somebody_says_so() {
    if on_server() {
        return;
    }
    let world = office();
    let daemon = deliver(&world, 1);
    let none = check(&world, "backup").unwrap();
    assert_eq!(
        (&none["ok"], gauge(&world, "vanthu_backup_last_success_timestamp_seconds")),
        (&Value::Bool(false), 0)
    );
    let copy = backup(&world);
    assert_eq!(check(&world, "backup").unwrap()["ok"], true);
    assert!(gauge(&world, "vanthu_backup_last_success_timestamp_seconds") > 1_700_000_000);
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let daemon = deliver(&world, 2);
    let mails = taken(&world.sink);
    let running = world.vanthu(&["restore", copy.to_str().unwrap()]);
    assert_eq!(running.code, 75);
    assert!(running.err.contains("đang được một tiến trình vanthu khác dùng"), "{}", running.err);
    assert!(daemon.terminate().0.success(), "{}", world.log());

    let back = world.vanthu(&["restore", copy.to_str().unwrap()]);
    assert_eq!(back.code, 0, "{}{}", back.out, back.err);
    assert!(back.out.contains("GIỮ LẠI") && back.out.contains("truoc-phuc-hoi"), "{}", back.out);
    let daemon = world.start();
    // The document that is lost is read again, and nobody is told of it again.
    wait_until("it is registered again", || world.vanthu(&["show", "2-KH/ĐUK"]).code == 0);
    let held = check(&world, "restore").unwrap();
    assert_eq!(held["ok"], false);
    assert!(held["detail"].as_str().unwrap().contains("vanthu restore release"), "{held}");
    assert_eq!(gauge(&world, "vanthu_restore_hold"), 1);
    assert!(world.board("/").contains("GIỮ LẠI mọi thư"));
    let status = world.vanthu(&["status"]);
    assert!(status.out.contains("CHÚ Ý: Sổ được phục hồi"), "{}", status.out);

    // A link of the copy answers as ever; one of the lost register is told to come back, and is never another's.
    let (known, _) = net::get(world.web, &link(&mails, "1-KH/ĐUK")).unwrap();
    assert_eq!(known, 200);
    let (lost, page) = net::get(world.web, &link(&mails, "2-KH/ĐUK")).unwrap();
    assert_eq!(lost, 503, "{page}");
    assert!(page.contains("Sổ đang được phục hồi") && page.contains("không bị mất"), "{page}");
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(world.sink.count(), mails.len(), "nothing left");

    let release = world.vanthu(&["restore", "release", "--reason", "đã xem hộp thư đi"]);
    assert!(release.out.contains("Đã cho chạy tiếp"), "{}{}", release.out, release.err);
    wait_until("what was held back leaves", || world.sink.count() == mails.len() + CELLS);
    assert_eq!(check(&world, "restore").unwrap()["ok"], true);
    let again = world.vanthu(&["restore", "release", "--reason", "x"]);
    assert!(again.out.contains("không bị giữ"), "{}", again.out);
    let listed = world.vanthu(&["restore", "list", "--json"]).json();
    assert_eq!(
        (&listed[0]["reason"], &listed[0]["author"]),
        (&"đã xem hộp thư đi".into(), &"van-thu".into())
    );
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

#[test]
fn copies_are_told_to_people() {
    if on_server() {
        return;
    }
    let world = office();
    let said = |ended: Ended| format!("exit {}\n{}{}", ended.code, ended.out, ended.err);
    let before = said(world.vanthu(&["backup"]));
    assert!(before.starts_with("exit 1") && before.contains("chưa có gì để sao lưu"), "{before}");
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 0);
    let done = said(world.vanthu(&["backup"]));
    assert!(done.starts_with("exit 0") && done.contains("đọc được mọi trang"), "{done}");
    assert!(done.contains("cùng ổ đĩa"), "{done}");
    let status = world.vanthu(&["status"]);
    assert!(status.out.contains("Sao lưu: bản mới nhất"), "{}", status.out);
    fs::remove_dir_all(world.path("sao-luu")).unwrap();
    let status = world.vanthu(&["status"]);
    assert!(status.out.contains("CHÚ Ý: không xem được nơi sao lưu"), "{}", status.out);

    fs::remove_file(world.path("vanthu.toml.d/50-sao-luu.toml")).unwrap();
    let nowhere = said(world.vanthu(&["backup"]));
    assert!(nowhere.starts_with("exit 2") && nowhere.contains("chưa biết sao lưu vào đâu"), "{nowhere}");
    world.write("vanthu.toml.d/50.toml", "[store]\nurl = \"postgres://vanthu@127.0.0.1/vanthu\"\n");
    for command in [&["backup", "/tmp"][..], &["restore", "/tmp/x.db"]] {
        let server = said(world.vanthu(command));
        assert!(server.starts_with("exit 2") && server.contains("PostgreSQL"), "{server}");
    }
}
