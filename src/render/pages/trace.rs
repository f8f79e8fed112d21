//! The rule trace as it was stored with a revision: which rule said what, and why.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::words;
use crate::domain::obligation::TaskName;

/// The trace for readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceView {
    /// What came out, in a sentence.
    pub outcome: String,
    /// Hash of the ruleset.
    pub ruleset: String,
    /// The rules in reading order.
    pub rules: Vec<RuleLine>,
    /// How many further rules did not match, in words; empty where each is shown.
    pub left_out: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Whether it matched.
    pub matched: bool,
    /// What became of it, in words.
    pub verdict: String,
    /// Its conditions.
    pub checks: Vec<CheckLine>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// The key in the rules' file.
    pub condition: String,
    /// What the rule wants.
    pub expected: String,
    /// What the document has.
    pub actual: String,
    /// The same as it was compared, where that differs.
    pub folded: Option<String>,
    /// Of what the rule wants, that which the document has.
    pub hits: String,
    /// Whether it is met.
    pub met: bool,
    /// How many tables it stands within.
    pub depth: usize,
}

/// The stored form; see `domain::routing::Trace`. What a later version added is passed over.
#[derive(Deserialize)]
struct Stored {
    outcome: StoredOutcome,
    rules: Vec<StoredRule>,
    #[serde(default)]
    left_out: u64,
    ruleset: String,
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum StoredOutcome {
    Assigned { assignments: Vec<StoredAssignment> },
    Nobody { because: String },
    Unmatched,
}

#[derive(Deserialize)]
struct StoredAssignment {
    cells: Vec<String>,
}

#[derive(Deserialize)]
struct StoredRule {
    name: String,
    place: String,
    verdict: String,
    checks: Vec<StoredCheck>,
    cells: usize,
    #[serde(default)]
    tasks: Vec<StoredTask>,
}

#[derive(Deserialize)]
struct StoredTask {
    task: TaskName,
    cells: usize,
}

#[derive(Deserialize)]
struct StoredCheck {
    condition: String,
    expected: String,
    actual: String,
    folded: Option<String>,
    #[serde(default)]
    hits: Vec<String>,
    met: bool,
    #[serde(default)]
    parts: Vec<StoredPart>,
}

#[derive(Deserialize)]
struct StoredPart {
    met: bool,
    checks: Vec<StoredCheck>,
}

impl TraceView {
    /// The trace behind its JSON; `None` where it cannot be read, which the page then says.
    pub fn read(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json).ok()?;
        Some(Self {
            outcome: outcome(&stored.outcome),
            left_out: left_out(stored.left_out),
            ruleset: stored.ruleset,
            rules: stored.rules.into_iter().map(rule).collect(),
        })
    }
}

fn outcome(outcome: &StoredOutcome) -> String {
    match outcome {
        StoredOutcome::Assigned { assignments } => {
            let cells: BTreeSet<_> = assignments.iter().flat_map(|group| &group.cells).collect();
            format!("Giao {} chi bộ.", words::number(cells.len() as u64))
        }
        StoredOutcome::Nobody { because } => format!("Không giao chi bộ nào: {because}."),
        StoredOutcome::Unmatched => "Không quy tắc nào khớp; chờ người phân công.".to_owned(),
    }
}

/// ` (Quán triệt: 238; Đăng ký: 38)`
fn tasks(tasks: &[StoredTask]) -> String {
    let each = tasks.iter().map(|one| format!("{}: {}", one.task.name, words::number(one.cells as u64)));
    let each = each.collect::<Vec<_>>().join("; ");
    if each.is_empty() { each } else { format!(" ({each})") }
}

fn rule(stored: StoredRule) -> RuleLine {
    let verdict = match stored.verdict.as_str() {
        "matched" => {
            format!("khớp, chọn {} chi bộ{}", words::number(stored.cells as u64), tasks(&stored.tasks))
        }
        "not-met" => "không khớp".to_owned(),
        "not-valid" => "không còn hoặc chưa có hiệu lực".to_owned(),
        "not-read" => "không xét: quy tắc trên đã kết thúc".to_owned(),
        other => other.to_owned(),
    };
    RuleLine {
        matched: stored.verdict == "matched",
        name: stored.name,
        place: stored.place,
        verdict,
        checks: stored.checks.into_iter().flat_map(|check| lines(check, 0)).collect(),
    }
}

/// A condition, then the tables within it, each one deeper.
fn lines(check: StoredCheck, depth: usize) -> Vec<CheckLine> {
    let mut lines = vec![CheckLine {
        condition: check.condition,
        expected: check.expected,
        actual: check.actual,
        folded: check.folded,
        hits: check.hits.join(", "),
        met: check.met,
        depth,
    }];
    for (number, part) in (1..).zip(check.parts) {
        lines.push(CheckLine {
            condition: format!("nhóm {number}"),
            expected: String::new(),
            actual: String::new(),
            folded: None,
            hits: String::new(),
            met: part.met,
            depth: depth + 1,
        });
        lines.extend(part.checks.into_iter().flat_map(|check| self::lines(check, depth + 2)));
    }
    lines
}

fn left_out(rules: u64) -> String {
    if rules == 0 {
        return String::new();
    }
    format!(
        "{} quy tắc khác không khớp; bộ quy tắc nay đã khác nên không còn kể lý do.",
        words::number(rules)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::routing::{Check, Outcome, RuleTrace, RuleVerdict, TaskTrace, Trace};

    #[test]
    fn the_stored_form_is_the_domains() {
        let trace = Trace {
            outcome: Outcome::Nobody { rule: "luu".into(), because: "chỉ để lưu".to_owned() },
            rules: vec![RuleTrace {
                rule: "luu".into(),
                name: "Lưu".to_owned(),
                place: "00-luu.toml:3".to_owned(),
                verdict: RuleVerdict::Matched,
                checks: vec![Check {
                    condition: "kind",
                    expected: "GM".to_owned(),
                    actual: "GM".to_owned(),
                    folded: Some("giấy mời".to_owned()),
                    hits: vec!["GM".to_owned()],
                    met: true,
                    parts: Vec::new(),
                }],
                cells: 0,
                tasks: Vec::new(),
            }],
            addressees: Default::default(),
            left_out: 7,
            ruleset: "0123456789ab".to_owned(),
        };
        let view = TraceView::read(&serde_json::to_string(&trace).unwrap()).unwrap();
        assert_eq!(view.outcome, "Không giao chi bộ nào: chỉ để lưu.");
        assert_eq!(view.rules[0].verdict, "khớp, chọn 0 chi bộ");
        assert_eq!(view.rules[0].checks[0].folded.as_deref(), Some("giấy mời"));
        assert!(view.left_out.starts_with("7 quy tắc khác không khớp"));
        let mut plan = trace.clone();
        let task = TaskName { id: "luu/a".into(), name: "Quán triệt".to_owned() };
        plan.rules[0].tasks.push(TaskTrace { task, cells: 38 });
        let view = TraceView::read(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(view.rules[0].verdict, "khớp, chọn 0 chi bộ (Quán triệt: 38)");
        let unmatched = Trace { outcome: Outcome::Unmatched, ..trace };
        assert!(TraceView::read(&serde_json::to_string(&unmatched).unwrap()).is_some());
        assert_eq!(TraceView::read("{}"), None);
    }
}
