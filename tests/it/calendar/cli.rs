//! The command line as a new office uses it, on the sample's files.

use std::path::Path;
use std::process::Command;

use vanthu::config::sample;

/// Runs vanthu in an office; exit code, then everything it said.
fn vanthu(office: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(["--config", office.to_str().unwrap()])
        .args(arguments)
        .env_remove("CREDENTIALS_DIRECTORY")
        .env("LC_ALL", "vi_VN.UTF-8")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let said = format!("exit {}\n{out}{err}", output.status.code().unwrap());
    said.replace(office.to_str().unwrap(), "/van-phong")
}

/// The sample office as `init` writes it.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in sample::FILES {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, text).unwrap();
    }
    folder
}

#[test]
fn a_year_is_drafted_shown_and_confirmed() {
    let folder = office();
    let run = |arguments: &[&str]| vanthu(folder.path(), arguments);
    let file = folder.path().join("calendar/2028.toml");
    let mut said = vec![run(&["calendar", "confirm", "2028", "--notice", "1/TB", "--by", "An"])];
    said.push(run(&["calendar", "draft", "2028"]));
    let draft = std::fs::read_to_string(&file).unwrap();
    said.push(run(&["calendar", "draft", "2028"]));
    said.push(run(&["calendar", "confirm", "2028", "--notice", " ", "--by", "An"]));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), draft, "nothing is written over");
    let arguments = ["--notice", "9999/TB-BNV", "--date", "2027-11-05", "--by", "Đ/c An"];
    said.push(run(&[["calendar", "confirm", "2028"].as_slice(), &arguments].concat()));
    let confirmed = std::fs::read_to_string(&file).unwrap();
    for line in draft.lines().filter(|line| line.starts_with('#')) {
        assert!(confirmed.contains(line), "{line}");
    }
    said.push(run(&["calendar", "show", "2028"]));
    insta::assert_snapshot!(said.join("\n––––––––––\n"));
}

#[test]
fn deadlines_are_explained() {
    let folder = office();
    let run = |text: &str, more: &[&str]| {
        let dates = ["--issued", "2026-02-12", "--received", "2026-02-13"];
        vanthu(folder.path(), &[["deadline", "explain", text].as_slice(), &dates, more].concat())
    };
    let text = "Theo Công văn số 31-CV/TU, ngày 10/02/2026, đề nghị gửi báo cáo về Ban Tổ chức (qua Văn phòng) \
                trước ngày 27/02/2026; đăng ký trước ngày 30/02/2026; hoàn thành trong quý II/2026.";
    let said = [run(text, &[]), run("trong 5 ngày làm việc kể từ ngày nhận", &["--json"])];
    insta::assert_snapshot!(said.join("\n––––––––––\n"));
}

#[test]
fn counts_are_explained_in_days_and_hours() {
    let folder = office();
    let run = |arguments: &[&str]| vanthu(folder.path(), arguments);
    let said = [
        run(&["calendar", "explain", "2025-12-31", "6"]),
        run(&["calendar", "explain", "2026-02-13 16:00", "5h"]),
        run(&["calendar", "explain", "2026-02-13 16:00", "1h30", "--json"]),
        run(&["calendar", "explain", "hôm nay", "5"]),
        run(&["calendar", "explain", "2026-02-13", "5", "--sector", "bien"]),
    ];
    insta::assert_snapshot!(said.join("\n––––––––––\n"));
}
