//! What goes wrong around the daemon: a refused password, a mail server that is down, a watchdog that
//! wants to hear.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use serde_json::Value;

use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};

fn readiness(world: &World) -> Value {
    serde_json::from_str(&world.board("/readyz")).unwrap()
}

fn trouble(world: &World, check: &str) -> Option<String> {
    let readiness = readiness(world);
    let checks = readiness["checks"].as_array().unwrap();
    let found = checks.iter().find(|found| found["name"] == check)?;
    (found["ok"] == false).then(|| found["detail"].as_str().unwrap().to_owned())
}

fn logins(world: &World) -> usize {
    world.ioffice.seen().iter().filter(|seen| seen.path.starts_with("login")).count()
}

#[test]
fn a_refused_password_is_seen_and_not_tried_again_and_again() {
    let world = World::new();
    world.deliver(1);
    world.write("secrets/ioffice", "mật khẩu cũ");
    let refused = world.vanthu(&["poll", "--once"]);
    assert_eq!(refused.code, 77, "{}", refused.err);
    assert!(refused.err.contains("ioffice: đăng nhập bị từ chối"), "{}", refused.err);
    assert_eq!(logins(&world), 1);
    let later = world.vanthu(&["poll", "--once"]);
    assert_eq!(later.code, 75, "{}", later.err);

    // Started again and again, as by an impatient operator or systemd: the account must not be locked.
    for _ in 0..3 {
        let daemon = world.start();
        assert_eq!(readiness(&world)["status"], "degraded");
        assert!(trouble(&world, "source:ioffice").unwrap().contains("đăng nhập bị từ chối"));
        std::thread::sleep(Duration::from_secs(1));
        assert!(daemon.terminate().0.success());
    }
    assert_eq!(logins(&world), 1);

    let status = world.vanthu(&["status", "--json"]).json();
    let source = &status["sources"][0];
    assert!(source["failing_since"].is_string() && source["not_before"].is_string(), "{source}");
    assert_eq!((&source["good"], &source["failures"]), (&Value::Null, &Value::from(1)));
}

/// The wait after a refusal is for the account's sake; other credentials are another matter.
#[test]
fn a_mended_password_is_tried_at_once() {
    let world = World::new();
    world.deliver(1);
    world.write("secrets/ioffice", "mật khẩu cũ");
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 77);
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 75);
    world.write("secrets/ioffice", "mật khẩu khác, cũng sai");
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 77);
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 75);
    assert_eq!(logins(&world), 2);
    world.write("secrets/ioffice", "vanthu");
    let mended = world.vanthu(&["poll", "--once"]);
    assert_eq!(mended.code, 0, "{}", mended.err);
    let status = world.vanthu(&["status", "--json"]).json();
    assert_eq!(status["sources"][0]["not_before"], Value::Null);
    assert_eq!(status["sources"][0].get("credentials"), None, "nobody's business");
}

#[test]
fn notices_wait_for_a_mail_server_that_is_down_and_leave_once() {
    let mut world = World::new();
    world.sink.pause();
    world.deliver(1);
    let daemon = world.start();
    wait_until("the trouble is known", || trouble(&world, "mail").is_some());
    assert_eq!(readiness(&world)["status"], "degraded");
    let status = world.vanthu(&["status", "--json"]).json();
    assert_eq!(status["outbox"], serde_json::json!({"queued": CELLS}));
    assert!(world.log().contains("máy chủ thư không nhận thư; sẽ thử lại"));

    world.sink.resume(&[]);
    wait_until("all notices are out", || world.sink.count() == CELLS);
    wait_until("the trouble is over", || readiness(&world)["status"] == "ok");
    assert!(daemon.terminate().0.success());
    let mails = taken(&world.sink);
    assert_eq!((mails.len(), grouped(&mails).len()), (CELLS, CELLS));
}

#[test]
fn systemd_hears_of_start_life_and_end() {
    let world = World::new();
    let path = world.path("bao");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut command = world.command(&["run"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000");
    let daemon = world.spawn_with(command);

    assert_eq!(heard(&socket), ["READY=1", "STATUS=đang chạy"]);
    for _ in 0..3 {
        assert_eq!(heard(&socket), ["WATCHDOG=1"]);
    }
    daemon.signal("TERM");
    let mut last = heard(&socket);
    while last == ["WATCHDOG=1"] {
        last = heard(&socket);
    }
    assert_eq!(last, ["STOPPING=1"]);
    assert!(daemon.wait().success());
}

fn heard(socket: &UnixDatagram) -> Vec<String> {
    let mut buffer = [0; 1024];
    let length = socket.recv(&mut buffer).expect("the daemon says something");
    let text = std::str::from_utf8(&buffer[..length]).unwrap();
    text.lines().map(str::to_owned).collect()
}
