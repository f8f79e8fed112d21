//! One file, one snapshot: what a clerk reads of each slip. The files under `cases/` stand as
//! `rules.d/50.toml`, or behind `units.toml`; some are stored decomposed (NFD), as some editors save.

use std::path::{Path, PathBuf};

use vanthu::config::settings::Language;

use super::base;

/// The cases of a folder, by name.
fn cases(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/config/cases").join(folder);
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: PathBuf| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path);
    let mut cases: Vec<_> = paths.map(name).collect();
    cases.sort();
    cases
}

fn tells(office: &super::office::Office, language: Language) -> String {
    base::examine(office).render(language, false)
}

#[test]
fn rules() {
    for (name, path) in cases("rules") {
        let office = base::office().with("rules.d/50.toml", std::fs::read(path).unwrap());
        insta::assert_snapshot!(format!("rules_{name}"), tells(&office, Language::Vi));
    }
}

#[test]
fn units() {
    for (name, path) in cases("units") {
        let office = base::office().append("units.toml", &std::fs::read_to_string(path).unwrap());
        insta::assert_snapshot!(format!("units_{name}"), tells(&office, Language::Vi));
    }
}

#[test]
fn in_english() {
    for name in
        ["shadowed", "contradiction", "redundant", "generalised", "dead-pattern", "allow-without-reason"]
    {
        let (_, path) = cases("rules").into_iter().find(|(case, _)| case == name).unwrap();
        let office = base::office().with("rules.d/50.toml", std::fs::read(path).unwrap());
        insta::assert_snapshot!(format!("english_{name}"), tells(&office, Language::En));
    }
}

/// Half of the cases have Vietnamese text before the caret, some of it decomposed.
#[test]
fn carets_stand_behind_vietnamese() {
    let (mut behind, mut apart, mut all) = (0, 0, 0);
    for (_, path) in cases("rules") {
        let office = base::office().with("rules.d/50.toml", std::fs::read(path).unwrap());
        let report = base::examine(&office);
        let json = report.to_json(Language::Vi);
        let behind_accents = |finding: &serde_json::Value| {
            let file = finding["file"].as_str()?;
            let text = std::fs::read_to_string(office.root().join(file)).ok()?;
            let line = text.lines().nth(finding["line"].as_u64()? as usize - 1)?;
            let before: String = line.chars().take(finding["column"].as_u64()? as usize - 1).collect();
            Some((!before.is_ascii(), before.contains(['\u{323}', '\u{301}', '\u{302}'])))
        };
        let found: Vec<_> = json.as_array().unwrap().iter().filter_map(behind_accents).collect();
        all += 1;
        behind += usize::from(found.iter().any(|(accents, _)| *accents));
        apart += usize::from(found.iter().any(|(_, decomposed)| *decomposed));
    }
    assert!(
        all >= 60 && behind * 2 >= all && apart >= 5,
        "{all} cases, {behind} behind accents, {apart} apart"
    );
}
