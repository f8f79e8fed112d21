//! The office that examples and cases are tried in: sound, every cell reached, every rule tested.

use chrono::{DateTime, TimeZone as _, Utc};
use vanthu::config::code::Code;
use vanthu::config::{self, Report};
use vanthu::runtime::files;

use super::office::Office;

/// A ladder, a rule for every cell, its test.
pub const RULES: &str = r#"[[ladder]]
name = "standard"
[[ladder.step]]
at = "due - 3 working days"
kind = "remind"
to = "cell"

[[rule]]
id = "chuyen-de"
name = "Sinh hoạt chuyên đề"
when = { text_any = ["sinh hoạt chuyên đề"] }
to = { kind = ["base-cell"] }
due = "document, else 15 working days"
ladder = "standard"

[[test]]
document = { symbol = "12-KH/TU", subject = "Kế hoạch sinh hoạt chuyên đề quý I", issued = 2026-01-15 }
expect = { rule = "chuyen-de" }
"#;

/// The office without fault.
pub fn office() -> Office {
    Office::new().with("rules.d/10.toml", RULES)
}

/// The day of every check.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 15, 3, 0, 0).unwrap()
}

/// Everything found, as `check` finds it.
pub fn examine(office: &Office) -> Report {
    let examined = office.load().and_then(|loaded| {
        let faults = files::templates(&loaded.settings, &loaded.office);
        config::examine(loaded, faults, now())
    });
    examined.map_or_else(|report| report, |loaded| loaded.warnings)
}

/// The codes a reader sees. Examples show one rule and seldom its test, so that is let be.
pub fn codes(report: &Report) -> Vec<Code> {
    let mut codes: Vec<_> = report.shown().map(|finding| finding.code).collect();
    codes.retain(|code| *code != Code::Untested);
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn the_base_is_without_fault() {
    let report = examine(&office());
    assert_eq!(report.diagnostics, [], "{report}");
}
