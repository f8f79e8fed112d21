//! Hostile sizes: time and memory stay bounded, and the refusal is clear. Figures are of the unoptimised
//! test build on two busy cores of a small server; a release build is some ten times quicker.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use vanthu::config::code::Code;
use vanthu::config::settings::Language;

use super::base;

/// Far above what is measured (see each test), far below what hangs.
const PATIENCE: Duration = Duration::from_secs(120);

fn within<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    let took = start.elapsed();
    println!("{what}: {took:?}");
    assert!(took < PATIENCE, "{what}: {took:?}");
    value
}

/// Not even parsed: only its first 8 MB and one byte are read.
#[test]
fn a_rule_file_of_ten_megabytes_is_refused() {
    let rule = "[[rule]]\nid = \"a\"\nname = \"Quy tắc\"\nwhen = { kind = [\"KH\"] }\nto = { kind = [\"base-cell\"] }\n\n";
    let office = base::office().with("rules.d/50.toml", rule.repeat((10 << 20) / rule.len()));
    let report = within("10 MB of rules", || base::examine(&office));
    assert_eq!(base::codes(&report), [Code::TooLarge]);
    insta::assert_snapshot!(report.render(Language::Vi, false));
}

/// Many files that together are too large are refused like one.
#[test]
fn a_folder_of_ten_megabytes_is_refused() {
    let text = "# quy tắc\n".repeat((1 << 20) / 12);
    let office = (0..10).fold(base::office(), |office, n| office.with(&format!("rules.d/{n}0.toml"), &text));
    let report = within("10 files of 1 MB", || base::examine(&office));
    assert_eq!(base::codes(&report), [Code::TooLarge]);
}

/// Eight megabytes of nothing but faults: counted, not kept.
#[test]
fn a_file_full_of_faults_is_cut_short() {
    let faults = "1,".repeat(1 << 18);
    let rule = format!(
        "[[rule]]\nid = \"a\"\nname = \"A\"\nwhen = {{ kind = [{faults}] }}\nto = {{ kind = [\"base-cell\"] }}\n"
    );
    let office = base::office().with("rules.d/50.toml", rule);
    let report = within("a quarter of a million wrong types on one line", || base::examine(&office));
    assert!(base::codes(&report).contains(&Code::TooMany), "{:?}", base::codes(&report));
    assert!(report.diagnostics.len() < 1_100, "{}", report.diagnostics.len());
    let brackets = "[".repeat(1 << 20);
    let office = base::office().with("rules.d/50.toml", format!("a = {brackets}"));
    let report = within("a million brackets", || base::examine(&office));
    assert!(report.errors() > 0);
}

#[test]
fn a_hundred_thousand_units_are_read() {
    let mut units = String::new();
    for n in 0..100_000 {
        writeln!(units, "[[unit]]\nid = \"cb-{n}\"\nname = \"Chi bộ số {n}\"\nkind = \"base-cell\"\nparent = \"duk\"\nmailbox = \"cb-{n}@mau.example\"\n").unwrap();
    }
    let office = base::office().append("units.toml", &units);
    let report = within("100,000 units", || base::examine(&office));
    assert_eq!(base::codes(&report), [], "{report}");
}

/// One slip in a common place breaks every unit; people see the first five hundred.
#[test]
fn broken_units_without_number_are_told_briefly() {
    let mut units = String::new();
    for n in 0..20_000 {
        writeln!(
            units,
            "[[unit]]\nid = \"cb-{n}\"\nname = \"Chi bộ số {n}\"\nkind = \"base-cel\"\nparent = \"dukk\"\n"
        )
        .unwrap();
    }
    let office = base::office().append("units.toml", &units);
    let report = within("20,000 broken units", || base::examine(&office));
    let text = within("drawn", || report.render(Language::Vi, false));
    assert!(report.diagnostics.len() <= 1_002 && text.len() < 1 << 20, "{}", text.len());
}

#[test]
fn regex_bombs_are_refused() {
    for bomb in ["(.{1000}){1000}", "((a{100}){100}){100}", r"(\p{L}{500}){500}", &"(".repeat(10_000)] {
        let rule = format!(
            "[[rule]]\nid = \"a\"\nname = \"A\"\nwhen = {{ text_regex = '{bomb}' }}\nto = {{ kind = [\"base-cell\"] }}\n"
        );
        let office = base::office().with("rules.d/50.toml", rule);
        let report = within("a regex bomb", || base::examine(&office));
        assert_eq!(base::codes(&report), [Code::BadRegex]);
    }
}

/// Every pair is compared up to 1,000 rules; beyond that pairs are let be.
#[test]
fn many_rules_are_compared() {
    let mut rules = String::new();
    for n in 0..1_500 {
        writeln!(rules, "[[rule]]\nid = \"r{n}\"\nname = \"R\"\nwhen = {{ text_any = [\"việc số {n}\"], kind = [\"KH\"] }}\nto = {{ kind = [\"base-cell\"] }}\n").unwrap();
    }
    let office = base::office().with("rules.d/50.toml", &rules);
    let report = within("1,500 rules", || base::examine(&office));
    assert_eq!(base::codes(&report), []);
    let fewer: String = rules.split_inclusive("\n\n").take(900).collect();
    let report = within("900 rules", || base::examine(&base::office().with("rules.d/50.toml", fewer)));
    assert_eq!(base::codes(&report), []);
}
