//! Writing rules with the program's help: interview, formatting, schemas.

use std::io::Write as _;
use std::process::Stdio;

use chrono::NaiveDate;
use vanthu::demo::ioffice::FakeDocument;

use crate::support::daemon::{Ended, World, now, wait_until};

const OWN: &str = "rules.d/50-van-phong.toml";

/// Runs a command that is answered line by line.
fn answered(world: &World, arguments: &[&str], answers: &str) -> Ended {
    let mut command = world.command(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    Ended::from(child.wait_with_output().unwrap())
}

fn own(world: &World) -> String {
    let text = std::fs::read_to_string(world.path(OWN)).unwrap_or_default();
    let today = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    text.replace(&today.to_string(), "NNNN-NN-NN")
}

/// An interview ends in a rule that passes every check, beside its test; the next one is appended.
#[test]
fn an_interview_ends_in_a_rule() {
    let world = World::new();
    let answers = "Góp ý văn kiện\nĐUK\nKế hoạch; cong van\ngóp ý văn kiện; \"trích\" \\ dẫn\n\n\
        Chọn từng chi bộ\ncb-hoi-mau\n\n\n2\n\n\n\nc\n";
    let said = answered(&world, &["rules", "new"], answers);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    insta::assert_snapshot!("interview", own(&world));
    let second = "Lịch công tác tuần\n\n\nlịch công tác tuần\n\nKhông giao cho ai, có lý do\nđăng trên trang nội bộ\nc\n";
    let said = answered(&world, &["rules", "new"], second);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    insta::assert_snapshot!("interview-second", own(&world));
    assert_eq!(world.vanthu(&["rules", "check", "--quiet"]).code, 0);
    assert_eq!(world.vanthu(&["rules", "test"]).code, 0);
    assert_eq!(world.vanthu(&["rules", "fmt", "--check"]).out, "");
}

/// Whatever goes wrong, nothing is written.
#[test]
fn what_is_refused_leaves_no_file() {
    let world = World::new();
    let named = |more: &[&str]| {
        world.vanthu(&[&["rules", "new", "--yes", "--name", "A", "--text", "a"], more].concat())
    };
    for (said, code, words) in [
        (named(&["--to-kind", "base-cel"]), 78, "có phải ý bạn là `base-cell – chi bộ cơ sở`"),
        (named(&["--due", "mai"]), 78, "không hiểu hạn `mai`"),
        (named(&["--ladder", "standrad"]), 78, "không có bậc nhắc"),
        (world.vanthu(&["rules", "new", "--yes", "--name", "A"]), 1, "ít nhất một điều kiện"),
        (answered(&world, &["rules", "new"], "A\n\n\n\n\n"), 1, "sẽ khớp mọi văn bản"),
        (answered(&world, &["rules", "new"], "A\n"), 1, "hết câu trả lời"),
        (answered(&world, &["rules", "new"], "A\n\n\na\n\n4\nChi bộ Hội Mẫuu\n"), 1, "có phải ý bạn là"),
        (answered(&world, &["rules", "new", "--name", "A", "--text", "a"], "k\n"), 0, "Chưa ghi gì"),
    ] {
        assert_eq!(said.code, code, "{words}: {}{}", said.out, said.err);
        assert!(said.err.contains(words) || said.out.contains(words), "{words}: {}{}", said.out, said.err);
    }
    assert_eq!(own(&world), "");
}

/// Before it is written one sees what the rule would have met, and what it overlaps.
#[test]
fn the_past_and_the_overlap_are_shown() {
    let world = World::new();
    let received = now() - chrono::Duration::minutes(5);
    let issued = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    for (number, symbol, subject) in
        [(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I"), (2, "13-CV/ĐUK", "Rà soát danh bạ")]
    {
        world.ioffice.put(FakeDocument { issued, ..FakeDocument::new(number, symbol, subject, received) });
    }
    let daemon = world.start();
    wait_until("both are read", || world.vanthu(&["status", "--json"]).out.contains("obligations"));
    wait_until("both are read", || world.vanthu(&["show", "13-CV/ĐUK"]).code == 0);
    let call = [
        "rules",
        "new",
        "--dry-run",
        "--name",
        "Chuyên đề quý",
        "--text",
        "chuyên đề quý",
        "--to-kind",
        "base-cell",
    ];
    let said = world.vanthu(&call);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let shown = said.out.split_once("Hôm nay").unwrap().1;
    insta::assert_snapshot!("new-preview", format!("Hôm nay{shown}"));
    assert_eq!(own(&world), "");
    assert!(daemon.terminate().0.success());
}

/// The difference is shown and nothing written; then it is written, and there is none.
#[test]
fn files_are_put_into_form() {
    let world = World::new();
    let untidy = "[[rule]]\n# vì sao\nid=\"luu\"\nname   = \"Lưu\" # ghi chú\nwhen = {kind=['BC',]}\n\n\n\nnobody = \"chỉ lưu\"\n";
    world.write(OWN, untidy);
    let check = world.vanthu(&["rules", "fmt", "--check"]);
    assert_eq!(check.code, 1);
    insta::assert_snapshot!("fmt-check", check.out.replace(&world.path("").display().to_string(), "/"));
    assert_eq!(std::fs::read_to_string(world.path(OWN)).unwrap(), untidy);
    assert_eq!(world.vanthu(&["rules", "fmt"]).code, 0);
    assert_eq!(world.vanthu(&["rules", "fmt", "--check"]).code, 0);
    world.write(OWN, "[[rule]]\nid = “a”\n");
    let broken = world.vanthu(&["rules", "fmt"]);
    assert_eq!((broken.code, broken.err.contains("VT0")), (78, true), "{}", broken.err);
}

/// With data the schema lists what the office has, even while a rule is being typed.
#[test]
fn schemas_carry_the_offices_data() {
    let world = World::new();
    world.write(OWN, "[[rule]]\nid = \"dang-go\"\nto = { units = [\"cb-\"] }\n");
    let with = world.vanthu(&["rules", "schema", "--with-data"]).json();
    let cells = &with["definitions"]["to"]["properties"]["units"]["anyOf"][1];
    let codes = cells["enum"].as_array().unwrap();
    assert!(codes.iter().any(|code| code == "cb-hoi-mau"), "{codes:?}");
    assert_eq!(codes.len(), cells["x-taplo"]["docs"]["enumValues"].as_array().unwrap().len());
    let plain = world.vanthu(&["rules", "schema"]).json();
    assert!(plain["definitions"]["to"]["properties"]["units"]["anyOf"][1]["enum"].is_null());
    for file in ["units", "calendar", "year", "settings"] {
        assert_eq!(world.vanthu(&["schema", file]).json()["type"], "object", "{file}");
    }
}
