//! The plan of a national roll-out: its tables are what the simulation prints.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn check(page: &Path) -> Output {
    let script = Path::new(ROOT).join("tests/national/simulate.py");
    // Without compiled copies beside the sources.
    Command::new("python3").arg("-B").arg(script).arg("--check").arg(page).output().unwrap()
}

#[test]
fn the_page_says_what_the_simulation_says() {
    let judged = check(&Path::new(ROOT).join("docs/NATIONAL.md"));
    assert!(
        judged.status.success(),
        "{}\nwrite it anew: python3 tests/national/simulate.py --write docs/NATIONAL.md",
        String::from_utf8_lossy(&judged.stderr)
    );
}

#[test]
fn a_changed_figure_is_found() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/NATIONAL.md")).unwrap();
    let row = page.lines().find(|line| line.starts_with("| việc (văn bản, chi bộ) |")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let changed = folder.path().join("NATIONAL.md");
    fs::write(&changed, page.replace(row, &row.replace('3', "4"))).unwrap();
    let judged = check(&changed);
    assert_eq!(judged.status.code(), Some(1));
    assert!(String::from_utf8(judged.stderr).unwrap().contains(row), "the line is named as it should be");
}
