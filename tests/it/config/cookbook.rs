//! The cookbook of rules: every snippet is read, checked and run beside the sample's own rules, as
//! somebody would who copies it.

use std::path::Path;

use vanthu::config::diagnostic::Findings;
use vanthu::config::schema::Schema;
use vanthu::config::settings::Language;
use vanthu::config::{format, office, rules_test, sample};

const BOOK: &str = "docs/SO-TAY-QUY-TAC.md";
/// Where a snippet goes, after the sample's rules.
const FILE: &str = "rules.d/50-van-phong.toml";

fn book() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK)).unwrap()
}

/// Heading and TOML of each recipe.
fn recipes(book: &str) -> Vec<(String, String)> {
    let mut recipes = Vec::new();
    for section in book.split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap();
        let blocks: Vec<_> =
            body.split("```toml\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect();
        recipes.push((heading.to_owned(), blocks.concat()));
    }
    recipes
}

/// The sample office with one more file of rules.
fn with(snippet: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in sample::FILES {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, text).unwrap();
    }
    std::fs::write(folder.path().join(FILE), snippet).unwrap();
    folder
}

#[test]
fn every_recipe_works_as_written() {
    for (heading, snippet) in recipes(&book()) {
        let folder = with(&snippet);
        let findings = Findings::default();
        let office = office::compile(None, folder.path(), &findings);
        let report = findings.into_report();
        let here = report.diagnostics.iter().filter(|finding| finding.place.to_string().starts_with(FILE));
        assert_eq!(here.count(), 0, "{heading}\n{}", report.render(Language::Vi, false));
        let office = office.unwrap_or_else(|| panic!("{heading}\n{report}"));
        let tested = rules_test::run(&office);
        let failures = rules_test::report(&tested);
        assert_eq!(failures.errors(), 0, "{heading}\n{}", failures.render(Language::Vi, false));
        let untested = rules_test::untested(&office, &tested);
        let bare: Vec<_> = untested.iter().filter(|rule| rule.place.starts_with(FILE)).collect();
        assert!(bare.is_empty(), "{heading}: a rule without a test");
        assert!(office.ruleset.rules.iter().any(|rule| rule.place.starts_with(FILE)), "{heading}: no rule");
    }
}

#[test]
fn recipes_are_in_the_form_and_fit_the_schema() {
    let schema = Schema::Rules.document(None);
    let validator = jsonschema::draft7::new(&schema).unwrap();
    for (heading, snippet) in recipes(&book()) {
        assert_eq!(format::format(&snippet).unwrap(), snippet, "{heading}");
        let mut value = serde_json::to_value(toml::from_str::<toml::Table>(&snippet).unwrap()).unwrap();
        plain_dates(&mut value);
        let faults: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{heading}: {faults:?}");
    }
}

/// Dates as editors hand them to a schema: as text.
fn plain_dates(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            if let Some(date) = map.get("$__toml_private_datetime").cloned() {
                *value = date;
                return;
            }
            map.values_mut().for_each(plain_dates);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(plain_dates),
        _ => {}
    }
}

/// The table of contents names every recipe, and there are at least the twelve that are promised.
#[test]
fn the_book_has_its_twelve() {
    let book = book();
    let recipes = recipes(&book);
    assert!(recipes.len() >= 12, "{}", recipes.len());
    for (number, (heading, _)) in (1..).zip(&recipes) {
        assert!(heading.starts_with(&format!("{number}. ")), "{heading}");
        assert!(book.contains(&format!("| [{number}](#{number}-")), "{heading} is not in the table");
    }
}
