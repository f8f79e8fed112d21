//! People's files, broken in every way that was thought of: what is told, and where.

mod allow;
mod base;
mod bounds;
mod calendar;
mod cases;
mod conditions;
mod cookbook;
mod explain;

mod hostile;
pub mod office;
mod pages;
mod phases;
mod plans;
mod rules;
mod settings;
mod sheet;
mod strict;
mod syntax;
mod units;

use office::Office;
use vanthu::config::sample;
use vanthu::config::settings::Language;

#[test]
fn a_sound_office_loads_without_a_word() {
    let loaded = Office::new().load().unwrap();
    assert_eq!(loaded.warnings.diagnostics, []);
    assert_eq!(loaded.office.ruleset.rules.len(), 1);
}

#[test]
fn broken_files_are_all_told_at_once() {
    let office = Office::new()
        .exchange("vanthu.toml", "port = 465", "port = \"465\"")
        .exchange("units.toml", "parent = \"duk\"", "parent = \"duc\"")
        .exchange("calendar/2026.toml", "year = 2026", "year = 2025")
        .exchange("rules.d/10.toml", "ladder = \"standard\"", "ladder = \"standart\"");
    insta::assert_snapshot!(office.tells());
}

#[test]
fn a_missing_file_is_named() {
    let office = Office::new();
    std::fs::remove_file(office.root().join("units.toml")).unwrap();
    std::fs::remove_dir_all(office.root().join("calendar")).unwrap();
    insta::assert_snapshot!(office.tells());
}

#[test]
fn findings_are_data_too() {
    let office = Office::new().exchange("units.toml", "parent = \"duk\"", "parent = \"duc\"");
    let json = serde_json::to_string_pretty(&office.report().to_json(Language::Vi)).unwrap();
    insta::assert_snapshot!(json);
}

#[test]
fn the_sample_loads_from_disk() {
    let secrets = ["ioffice-password", "smtp-password"];
    let office =
        secrets.iter().fold(Office::new(), |office, name| office.with(&format!("credentials/{name}"), "x"));
    let office = sample::FILES.iter().fold(office, |office, (path, text)| office.with(path, text));
    std::fs::remove_file(office.root().join("rules.d/10.toml")).unwrap();
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.office.units.iter().count(), 1 + 30 + 183 + 38 + 4 + 14 + 3);
    assert_eq!(loaded.warnings.warnings(), 2, "two unconfirmed years: {}", loaded.warnings);
}
