//! Every command beside a running daemon: what people read, and what programs read.

use chrono::NaiveDate;
use serde_json::Value;
use vanthu::demo::ioffice::FakeDocument;

use crate::support::daemon::{CELLS, Ended, World, now, wait_until};

/// Shows what a command said, in what does not change from run to run; widths stay as they were.
macro_rules! assert_said {
    ($name:literal, $ended:expr) => {
        let said: Ended = $ended;
        insta::with_settings!({filters => FILTERS.to_vec(), omit_expression => true}, {
            insta::assert_snapshot!($name, format!("exit {}\n{}{}", said.code, said.out, said.err));
        });
    };
}

const FILTERS: [(&str, &str); 12] = [
    (r#""(sha256|raw)":"[0-9a-f]{64}""#, r#""$1":"DẤU""#),
    (r#""calendar":"[0-9a-f]{12}""#, r#""calendar":"0123456789ab""#),
    (r"bản [0-9a-f]{12} (.*), người sửa \S+", "bản 0123456789ab $1, người sửa NGƯỜI"),
    (r"/tmp/\.tmp\w{6}", "/cau-hinh/thu-1"),
    (r"127\.0\.0\.1:\d{5}", "127.0.0.1:PORT."),
    (r"(port = |:)[23]\d{4}\b", "${1}PORT."),
    (r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}", "NN/NN/NNNN GG:PP"),
    (r"\d{4}-\d{2}-\d{2}T[\d:.]+Z", "NNNN-NN-NNTGG:PP:SSZ"),
    (r"250 2\.0\.0 Ok: queued as \w+", "250 2.0.0 Ok"),
    (r"lịch đến hết năm \d{4}", "lịch đến hết năm NNNN"),
    (r"(năm đã xác nhận +)20\d\d", "${1}NNNN"),
    (r"Hạn xác nhận: .*", "Hạn xác nhận: thứ N, NN/NN/NNNN"),
];

/// One directive for all cells, one document without a rule, one secret.
fn office() -> World {
    let world = World::new();
    let received = now() - chrono::Duration::minutes(5);
    let issued = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let directive = FakeDocument {
        issued,
        due: NaiveDate::from_ymd_opt(2099, 12, 31),
        ..FakeDocument::new(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I", received)
    };
    let stray = FakeDocument {
        kind_name: "Quyết định".to_owned(),
        issuer: "Uỷ ban nhân dân tỉnh".to_owned(),
        issued,
        ..FakeDocument::new(2, "123/QĐ-UBND", "Phê duyệt kế hoạch sử dụng đất", received)
    };
    let secret = FakeDocument {
        secrecy: Some("Mật".to_owned()),
        ..FakeDocument::new(3, "4-CV/TU", "Nội dung không ai được thấy", received)
    };
    for document in [directive, stray, secret] {
        world.ioffice.put(document);
    }
    world
}

#[test]
fn commands_beside_a_running_daemon() {
    let world = office();
    let daemon = world.start();
    wait_until("all is sent", || world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == CELLS);

    assert_said!("status", world.vanthu(&["status"]));
    assert_said!("show", world.vanthu(&["show", "12-KH/ĐUK"]));
    assert_said!("show-stray", world.vanthu(&["show", "#1"]));
    assert_said!("show-journal", world.vanthu(&["show", "#2", "--journal"]));
    assert_said!("outbox", world.vanthu(&["outbox", "list"]));
    assert_said!("outbox-empty", world.vanthu(&["outbox", "list", "--state", "failed"]));
    assert_said!("hold-list", world.vanthu(&["hold", "list"]));
    assert_said!("doctor", world.vanthu(&["doctor"]));
    assert_said!("rules-explain", world.vanthu(&["rules", "explain", "12-KH/ĐUK", "--cell", "cb-hoi-mau"]));

    ack(&world);
    release(&world);
    read_as_json(&world);
    assert!(daemon.terminate().0.success(), "{}", world.log());
    try_out(&world);
}

/// What explains or tries out writes no row and queues no mail.
fn try_out(world: &World) {
    let register = || {
        let read = |arguments: &[&str]| world.vanthu(&[arguments, &["--json"]].concat()).json();
        [
            read(&["show", "12-KH/ĐUK", "--journal"]),
            read(&["outbox", "list"]),
            read(&["hold", "list", "--all"]),
        ]
    };
    let before = register();
    for dry in [
        &["rules", "explain", "12-KH/ĐUK"][..],
        &["rules", "explain", "9-KH/ĐUK", "--subject", "Sinh hoạt chuyên đề quý II"],
        &["rules", "test"],
        &["rules", "check"],
        &["poll", "--once", "--dry-run"],
    ] {
        assert_eq!(world.vanthu(dry).code, 0, "{dry:?}");
    }
    assert_eq!(register(), before);
}

/// What a cell told by telephone stands in the register at once, and again when said again.
fn ack(world: &World) {
    let call = ["ack", "12-KH/ĐUK", "cb-hoi-mau", "received", "--reason", "gọi điện"];
    assert_said!("ack", world.vanthu(&call));
    assert_said!("ack-again", world.vanthu(&call));
    assert_said!("ack-no-cell", world.vanthu(&["ack", "12-KH/ĐUK", "duk", "done", "--reason", "x"]));
    assert_said!("ack-no-document", world.vanthu(&["ack", "99-KH/TU", "duk", "done", "--reason", "x"]));
    assert_said!("show-acknowledged", world.vanthu(&["show", "#2"]));
}

fn release(world: &World) {
    let holds = world.vanthu(&["hold", "list", "--json"]).json();
    let stray = holds.as_array().unwrap().iter().find(|hold| hold["kind"] == "unmatched").unwrap();
    let number = stray["id"].to_string();
    assert_said!("hold-show", world.vanthu(&["hold", "show", &number]));
    let release = ["hold", "release", &number];
    assert_said!("hold-release", world.vanthu(&release));
    let dismiss = ["hold", "dismiss", &number, "--reason", "văn phòng tự làm"];
    assert_said!("hold-dismiss", world.vanthu(&dismiss));
    assert_eq!(world.vanthu(&dismiss).code, 1);
    let left = world.vanthu(&["hold", "list", "--json"]).json();
    assert_eq!(left.as_array().unwrap().len(), 1);
}

/// Each reading command has a form for programs, and it tells the same.
fn read_as_json(world: &World) {
    let read = |arguments: &[&str]| world.vanthu(&[arguments, &["--json"]].concat()).json();
    let status = read(&["status"]);
    assert_eq!(status["obligations"], serde_json::json!({"acknowledged": 1, "open": CELLS - 1}));
    let shown = read(&["show", "12-KH/ĐUK", "--journal"]);
    assert_eq!(shown[0]["obligations"].as_array().unwrap().len(), CELLS);
    assert!(shown[0]["journal"].as_array().unwrap().len() >= 4, "{shown}");
    assert_eq!(read(&["outbox", "list"]).as_array().unwrap().len(), CELLS);
    let findings = read(&["doctor"]);
    assert!(findings.as_array().unwrap().iter().all(|finding| finding["ok"] == true), "{findings}");
    assert_eq!(read(&["rules", "explain", "12-KH/ĐUK"])["document"]["symbol"], "12-KH/ĐUK");
}

#[test]
fn commands_that_need_no_daemon() {
    let world = World::new();
    assert_said!("check", world.vanthu(&["check"]));
    assert_said!("rules-test", world.vanthu(&["rules", "test"]));
    assert_said!("rules-check", world.vanthu(&["rules", "check", "--quiet"]));
    let sketch = ["rules", "explain", "5-KH/ĐUK", "--subject", "Sinh hoạt chuyên đề quý II"];
    let sketch = [&sketch[..], &["--issued", "2026-03-02", "--due", "2099-12-31"]].concat();
    assert_said!("rules-explain-sketch", world.vanthu(&sketch));
    world.write(
        "calendar/2026.toml",
        "year = 2026\nbasis = \"thử\"\nconfirmed = true\n[off]\n2026-01-01 = \"Tết\"\n",
    );
    assert_said!("calendar-explain", world.vanthu(&["calendar", "explain", "2025-12-30", "3"]));
    assert_said!("config-show", world.vanthu(&["config", "show", "--origin"]));
    assert_said!("status-without-register", world.vanthu(&["status"]));

    for arguments in [
        &["check"][..],
        &["rules", "check"],
        &["rules", "test"],
        &["calendar", "explain", "2025-12-30", "3"],
        &["config", "show"],
        &["doctor", "--offline"],
    ] {
        let read = world.vanthu(&[arguments, &["--json"]].concat());
        assert!(serde_json::from_str::<Value>(&read.out).is_ok(), "{arguments:?}: {}{}", read.out, read.err);
    }
}

#[test]
fn what_would_happen_can_be_seen_without_doing_it() {
    let world = office();
    assert_said!("poll-dry-run", world.vanthu(&["poll", "--dry-run", "--once"]));
    let previews = world.vanthu(&["poll", "--dry-run", "--json"]).json();
    assert_eq!(previews.as_array().unwrap().len(), 3);
    let left: Vec<_> =
        std::fs::read_dir(world.path("")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".db")), "{left:?}");
    assert_eq!(world.sink.count(), 0);

    assert_said!("poll-once", world.vanthu(&["poll", "--once"]));
    assert_said!("poll-once-again", world.vanthu(&["poll", "--once"]));
    assert_eq!(world.sink.count(), 0, "a poll sends nothing");
    assert_eq!(world.vanthu(&["status", "--json"]).json()["outbox"]["queued"], CELLS);
}

#[test]
fn a_new_office_starts_from_the_sample_files() {
    let world = World::new();
    let folder = world.path("moi").display().to_string();
    assert_said!("init", world.vanthu(&["init", &folder]));
    assert_said!("init-again", world.vanthu(&["init", &folder]));
    let main = format!("{folder}/vanthu.toml");
    let check = world.vanthu(&["check", "--config", &main]);
    assert_eq!(check.code, 78, "the sample's secrets are not there yet: {}", check.err);
    assert!(check.err.contains("ioffice-password"), "{}", check.err);
}

#[test]
fn completions_and_manual() {
    let world = World::new();
    let script = world.vanthu(&["completions", "bash"]);
    assert_eq!(script.code, 0);
    // As a file: one argument may hold 128 KiB, and the script is longer.
    world.write("bo-sung-lenh.bash", &script.out);
    let sound =
        std::process::Command::new("bash").arg("-n").arg(world.path("bo-sung-lenh.bash")).status().unwrap();
    assert!(sound.success());
    let manual = world.vanthu(&["man"]);
    assert_eq!(manual.code, 0);
    for (code, _) in CODES {
        assert!(
            manual.out.contains(&format!("\n.B {code}\n")),
            "exit code {code} is in the manual: {}",
            manual.out
        );
    }
}

/// Every exit code, with a test that shows it.
const CODES: [(i32, fn() -> Ended); 7] = [
    (0, || World::new().vanthu(&["check", "--quiet"])),
    (1, || World::new().vanthu(&["status"])),
    (2, || World::new().vanthu(&["status", "--nhanh"])),
    (69, || {
        let world = World::new();
        world.edit("vanthu.toml", &world.ioffice.url(), "http://127.0.0.1:9/qlvb/api");
        world.vanthu(&["poll", "--once"])
    }),
    (75, || {
        let world = World::new();
        world.write("secrets/ioffice", "sai");
        world.vanthu(&["poll", "--once"]);
        world.vanthu(&["poll", "--once"])
    }),
    (77, || {
        let world = World::new();
        world.write("secrets/ioffice", "sai");
        world.vanthu(&["poll", "--dry-run"])
    }),
    (78, || {
        let world = World::new();
        world.edit("vanthu.toml", "page_size = 10", "page_sise = 10");
        world.edit("units.toml", "kind = \"base-cell\"", "kind = \"base_cell\"");
        world.vanthu(&["run"])
    }),
];

#[test]
fn every_exit_code_says_why() {
    for (code, case) in CODES {
        let ended = case();
        assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
        insta::with_settings!({filters => FILTERS.to_vec(), omit_expression => true}, {
            insta::assert_snapshot!(format!("exit-{code}"), format!("{}{}", ended.out, ended.err));
        });
    }
}
