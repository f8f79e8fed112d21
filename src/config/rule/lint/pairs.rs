//! Two rules that get in each other's way, in the words of the firewall literature (Al-Shaer and Hamed,
//! 2004): *shadowing*, a final rule above takes everything; *redundancy*, another rule asks the same;
//! *generalisation*, a wider rule undoes an exception; contradiction, equal conditions and unequal work.
//! *Correlation*, overlap without inclusion, is told only where a test is its witness (`evidence`).

use super::matches_all;
use super::view::{View, chooses_all_of, same_duty};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::rule::places::Written;
use crate::domain::rule::Rule;

/// Rulesets beyond this many rules are not compared pair by pair.
const MOST: usize = 1_000;

/// Looks at every pair in reading order.
pub fn lint(rules: &[Written], findings: &Findings) {
    if rules.len() > MOST {
        return;
    }
    let views: Vec<_> = rules.iter().map(|written| View::new(&written.rule)).collect();
    for (number, view) in views.iter().enumerate() {
        let told = (0..views.len()).find_map(|other| {
            let (code, label) = judge(&views, number, other)?;
            let (mine, others) = (rules.get(number)?, rules.get(other)?);
            let finding = Diagnostic::new(code, mine.places.id.clone());
            let finding = finding.with(view.rule.id.as_str()).with(others.rule.id.as_str());
            let finding = label.into_iter().fold(finding, Diagnostic::with);
            Some(finding.and_at(&others.places.id, ("quy tắc kia", "the other rule")))
        });
        told.into_iter().for_each(|finding| findings.add(finding));
    }
}

type Label = Option<(String, String)>;

/// What is wrong with rule `mine` beside rule `other`, the gravest first.
fn judge(views: &[View<'_>], mine: usize, other: usize) -> Option<(Code, Label)> {
    let (view, wide) = (views.get(mine)?, views.get(other)?);
    if mine == other || !wide.covers(view) {
        return None;
    }
    let above = other < mine;
    if above && wide.rule.is_final {
        // A rule without conditions hides all below it, and that is told by itself.
        return (!matches_all(wide.rule)).then_some((Code::Shadowed, None));
    }
    let equal = view.covers(wide);
    // Of two equal rules the later one is told.
    if (equal && !above) || !both_read(views, mine, other) {
        return None;
    }
    match (is_nobody(view.rule), is_nobody(wide.rule)) {
        (true, false) if !equal => Some((Code::Generalised, None)),
        (mine, wide) if equal && mine != wide => {
            let label = ("một bên giao, một bên không giao", "one assigns, the other does not");
            Some((Code::Contradiction, Some((label.0.to_owned(), label.1.to_owned()))))
        }
        (false, false) => same_cells(view, wide, equal),
        _ => None,
    }
}

fn same_cells(view: &View<'_>, wide: &View<'_>, equal: bool) -> Option<(Code, Label)> {
    let (mine, others) = (view.only_targets()?, wide.only_targets()?);
    if !chooses_all_of(others, mine) {
        return None;
    }
    if same_duty(view.rule, wide.rule) {
        return (!view.rule.is_final).then_some((Code::Redundant, None));
    }
    let both = equal && chooses_all_of(mine, others);
    both.then(|| (Code::Contradiction, Some(difference(view.rule, wide.rule))))
}

/// Whether both rules are surely read where both match: no final rule stands from one to the other.
fn both_read(views: &[View<'_>], left: usize, right: usize) -> bool {
    let (first, last) = (left.min(right), left.max(right));
    !views.iter().take(last).skip(first).any(|view| view.rule.is_final)
}

fn is_nobody(rule: &Rule) -> bool {
    rule.nobody_because.is_some()
}

/// The keys in which two duties differ.
fn difference(left: &Rule, right: &Rule) -> (String, String) {
    let keys = [
        ("role", left.role != right.role),
        ("owes", left.owes != right.owes),
        ("acknowledge_within", left.acknowledge_within != right.acknowledge_within),
        ("due", left.due != right.due),
        ("ladder", left.ladder != right.ladder),
        ("grade", left.grade != right.grade),
        ("figures", left.figures != right.figures),
    ];
    let keys: Vec<_> = keys.iter().filter(|(_, differs)| *differs).map(|(key, _)| *key).collect();
    let keys = keys.join(", ");
    (format!("cùng chi bộ, khác {keys}"), format!("the same cells, but other {keys}"))
}
