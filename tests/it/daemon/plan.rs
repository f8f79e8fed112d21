//! Plans, explanations and tests of rules through the real program.

use std::fs;

use vanthu::demo::ioffice::FakeDocument;

use crate::support::daemon::{CELLS, World, now};

/// An office whose register holds one directive for every cell and one secret document, and no daemon.
fn office() -> World {
    let world = World::new();
    world.deliver(1);
    let received = now() - chrono::Duration::minutes(5);
    world.ioffice.put(FakeDocument {
        secrecy: Some("Mật".to_owned()),
        ..FakeDocument::new(7, "7-KH/ĐUK", "Chuyên đề chim hoạ mi", received)
    });
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 0);
    world
}

fn with_support(world: &World) {
    world.edit("rules.d/10-chung.toml", "role = \"lead\"", "role = \"support\"");
}

#[test]
fn dry_commands_write_no_row_and_queue_no_mail() {
    let world = office();
    with_support(&world);
    let before = fs::read(world.path("vanthu.db")).unwrap();
    let out = world.path("p.plan").display().to_string();
    for (arguments, code) in [
        (&["rules", "plan"][..], 2),
        (&["rules", "plan", "--json"], 2),
        (&["rules", "plan", "--out", &out, "--mails", "2"], 2),
        (&["rules", "explain", "#1"], 0),
        (&["rules", "explain", "#1", "--cell", "cb-hoi-mau", "--json"], 0),
        (&["rules", "test"], 0),
        (&["rules", "test", "--from-doc", "#1"], 0),
    ] {
        let ended = world.vanthu(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}{}", ended.out, ended.err);
    }
    assert!(fs::read(world.path("vanthu.db")).unwrap() == before, "the register is as it was, byte for byte");
    let log = fs::read(world.path("vanthu.db-wal")).unwrap_or_default();
    assert!(log.is_empty(), "{} bytes were written", log.len());
    assert_eq!(world.vanthu(&["status", "--json"]).json()["outbox"]["queued"], CELLS);
}

#[test]
fn a_saved_plan_is_applied_once_and_then_refused() {
    let world = office();
    assert_eq!(world.vanthu(&["rules", "plan"]).code, 0);
    with_support(&world);
    let out = world.path("p.plan").display().to_string();
    let plan = world.vanthu(&["rules", "plan", "--out", &out]);
    assert_eq!(plan.code, 2, "{}", plan.err);
    assert!(plan.out.contains("đổi vai trò chủ trì → phối hợp"), "{}", plan.out);

    let applied = world.vanthu(&["rules", "apply", &out]);
    assert_eq!(applied.code, 0, "{}", applied.err);
    assert!(applied.out.contains(&format!("sửa {CELLS} việc")), "{}", applied.out);
    assert_eq!(world.vanthu(&["rules", "plan"]).code, 0, "nothing is left to do");
    let again = world.vanthu(&["rules", "apply", &out]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("sổ đã đổi từ khi lập kế hoạch, ở văn bản #1"), "{}", again.err);

    let units = fs::read_to_string(world.path("units.toml")).unwrap();
    world.write("units.toml", &(units + "\n# đã xem lại\n"));
    let moved = world.vanthu(&["rules", "apply", &out]);
    assert!(moved.err.contains("tổ chức đã đổi từ khi lập kế hoạch"), "{}", moved.err);
    world.write("hong.plan", "{}");
    let broken = world.vanthu(&["rules", "apply", &world.path("hong.plan").display().to_string()]);
    assert!(broken.code == 1 && broken.err.contains("không phải kế hoạch"), "{}", broken.err);
}

#[test]
fn rules_from_elsewhere_are_compared_and_their_tests_are_told() {
    let world = office();
    let other = world.path("moi");
    fs::create_dir(&other).unwrap();
    let rules = fs::read_to_string(world.path("rules.d/10-chung.toml")).unwrap();
    fs::write(other.join("10-chung.toml"), rules.replace("\"chuyên đề\"", "\"hội trại\"")).unwrap();
    let (other, out) = (other.display().to_string(), world.path("p.plan").display().to_string());
    let plan = world.vanthu(&["rules", "plan", "--rules", &other]);
    assert_eq!(plan.code, 2, "{}", plan.err);
    assert!(plan.out.contains("- #1") && plan.err.contains("VT090"), "{}{}", plan.out, plan.err);
    assert_eq!(world.vanthu(&["rules", "plan", "--rules", &other, "--out", &out]).code, 78);
    let same = world.vanthu(&["rules", "plan", "--rules", &other, "--against", &other]);
    assert_eq!(same.code, 0, "{}", same.out);
}

#[test]
fn an_accepted_edition_can_be_the_baseline() {
    let world = office();
    let log = world.vanthu(&["rules", "log", "--json"]).json();
    let edition = log[0]["edition"].as_str().unwrap().to_owned();
    let rules = fs::read_to_string(world.path("rules.d/10-chung.toml")).unwrap();
    world.write("rules.d/10-chung.toml", &rules.replace("\"chuyên đề\"", "\"hội trại\""));
    for against in [&edition[..12], "in-force"] {
        let plan = world.vanthu(&["rules", "plan", "--against", against]);
        assert_eq!(plan.code, 2, "{against}: {}{}", plan.out, plan.err);
        assert!(plan.out.contains("- #1"), "{}", plan.out);
    }
    let unknown = world.vanthu(&["rules", "plan", "--against", "ffffffff"]);
    assert!(unknown.code == 78 && unknown.err.contains("không có bản nào mã “ffffffff”"), "{}", unknown.err);
}

#[test]
fn a_test_from_a_document_holds_and_a_secret_one_is_refused() {
    let world = office();
    let written = world.vanthu(&["rules", "test", "--from-doc", "1-KH/ĐUK", "--write", "50-mau.toml"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let text = fs::read_to_string(world.path("rules.d/50-mau.toml")).unwrap();
    assert!(text.contains("subject = \"… chuyên đề …\""), "{text}");
    assert!(!text.contains("sinh hoạt"), "what rules do not need is gone: {text}");
    let tested = world.vanthu(&["rules", "test", "--fail-under", "100", "--json"]);
    assert_eq!(tested.code, 0, "{}{}", tested.out, tested.err);
    assert_eq!(tested.json()["coverage"]["rules"][0]["tests"], 2);
    world.write(
        "rules.d/60-khac.toml",
        "[[rule]]\nid = \"khac\"\nname = \"Khác\"\nwhen = { kind = \"GM\" }\nnobody = \"lưu\"\n",
    );
    let short = world.vanthu(&["rules", "test", "--fail-under", "51"]);
    assert!(short.code == 1 && short.err.contains("50%"), "{}", short.err);

    let holds = world.vanthu(&["hold", "list", "--json"]).json();
    let secret = holds[0]["external_id"].as_str().unwrap();
    let refused = world.vanthu(&["rules", "test", "--from-doc", secret]);
    assert!(refused.code == 1 && refused.err.contains("độ mật"), "{}", refused.err);
}

#[test]
fn a_file_is_explained_like_a_document_of_the_register() {
    let world = office();
    let stored = world.vanthu(&["rules", "explain", "#1", "--json"]);
    world.write("van-ban.json", &stored.out);
    let file = world.path("van-ban.json").display().to_string();
    let read = world.vanthu(&["rules", "explain", &file, "--json"]).json();
    for part in ["document", "symbol", "keys", "secrecy"] {
        assert_eq!(read[part], stored.json()[part], "{part}");
    }
    let detail = r#"{"status":{"code":"0"},"data":{"id":"9","soKiHieu":"9-KH/ĐUK","trichYeu":"Chuyên đề, báo cáo trước ngày 15/12/2099","doMat":"Thường"}}"#;
    world.write("ioffice.json", detail);
    let file = world.path("ioffice.json").display().to_string();
    let read = world.vanthu(&["rules", "explain", &file, "--json"]).json();
    assert_eq!(read["symbol"]["number"], "9");
    assert_eq!(read["proposals"][0]["phrase"], "trước ngày 15/12/2099");
    world.write("ioffice.json", &detail.replace("Thường", "Mật"));
    let held = world.vanthu(&["rules", "explain", &file]);
    assert!(held.code == 0 && held.out.contains("bị giữ lại"), "{}{}", held.out, held.err);
    assert!(!held.out.contains("Chuyên đề"), "{}", held.out);
    let cell = world.vanthu(&["rules", "explain", "#1", "--cell", "hoi mau"]);
    assert!(cell.out.contains("được giao việc này"), "{}{}", cell.out, cell.err);
}
