//! Hints: cells that say "not ours" correct the rules. Several such corrections of one rule within a quarter
//! are a hint to its owner that it chooses the wrong cells.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{RuleId, UnitId};

/// Over how long corrections are counted.
pub const WINDOW: TimeDelta = TimeDelta::days(90);
/// From how many corrections on a rule is hinted at.
pub const FROM: usize = 3;

/// A cell's correction of the rules: it was given what is not its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The rules that gave it.
    pub rules: Vec<RuleId>,
    /// What those rules were called.
    pub names: Vec<String>,
    /// The cell.
    pub cell: UnitId,
    /// Whose it is instead, as the cell says.
    pub suggested: Option<UnitId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A rule that was corrected several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The rule.
    pub rule: RuleId,
    /// What it was called last.
    pub name: String,
    /// How often it was corrected.
    pub corrections: usize,
    /// By which cells, each with how often, the most frequent first.
    pub cells: Vec<(UnitId, usize)>,
    /// Which cells were named instead, likewise.
    pub suggested: Vec<(UnitId, usize)>,
    /// When it was corrected last.
    pub last: DateTime<Utc>,
}

/// The rules that were corrected at least [`FROM`] times, the most frequent first. The caller has seen to it
/// that nothing older than [`WINDOW`] is among the corrections.
pub fn hints(corrections: &[Correction]) -> Vec<Hint> {
    let mut by_rule: BTreeMap<&RuleId, Vec<(&Correction, &str)>> = BTreeMap::new();
    for correction in corrections {
        for (rule, name) in correction.rules.iter().zip(&correction.names) {
            by_rule.entry(rule).or_default().push((correction, name));
        }
    }
    let often = by_rule.into_iter().filter(|(_, corrections)| corrections.len() >= FROM);
    let mut hints: Vec<_> = often.filter_map(|(rule, corrections)| hint(rule, &corrections)).collect();
    hints.sort_by(|a, b| b.corrections.cmp(&a.corrections).then_with(|| a.rule.cmp(&b.rule)));
    hints
}

fn hint(rule: &RuleId, corrections: &[(&Correction, &str)]) -> Option<Hint> {
    let (last, name) = corrections.iter().max_by_key(|(correction, _)| correction.at)?;
    Some(Hint {
        rule: rule.clone(),
        name: (*name).to_owned(),
        corrections: corrections.len(),
        cells: counted(corrections.iter().map(|(correction, _)| &correction.cell)),
        suggested: counted(corrections.iter().filter_map(|(correction, _)| correction.suggested.as_ref())),
        last: last.at,
    })
}

fn counted<'a>(units: impl Iterator<Item = &'a UnitId>) -> Vec<(UnitId, usize)> {
    let mut counts: BTreeMap<&UnitId, usize> = BTreeMap::new();
    for unit in units {
        *counts.entry(unit).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(unit, count)| (unit.clone(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correction(rules: &[&str], cell: &str, suggested: Option<&str>, day: i64) -> Correction {
        Correction {
            rules: rules.iter().map(|rule| (*rule).into()).collect(),
            names: rules.iter().map(|rule| format!("Quy tắc {rule}")).collect(),
            cell: cell.into(),
            suggested: suggested.map(UnitId::from),
            at: DateTime::UNIX_EPOCH + TimeDelta::days(day),
        }
    }

    #[test]
    fn three_corrections_are_a_hint_and_two_are_not() {
        let corrections = [
            correction(&["a", "b"], "cb-1", Some("cb-9"), 1),
            correction(&["a"], "cb-2", None, 2),
            correction(&["a"], "cb-1", Some("cb-9"), 3),
            correction(&["b"], "cb-1", None, 4),
        ];
        let found = hints(&corrections);
        assert_eq!(found.len(), 1, "{found:?}");
        let hint = &found[0];
        assert_eq!((hint.rule.as_str(), hint.corrections), ("a", 3));
        assert_eq!(hint.cells, [("cb-1".into(), 2), ("cb-2".into(), 1)]);
        assert_eq!(hint.suggested, [("cb-9".into(), 2)]);
        assert_eq!(hint.last, DateTime::UNIX_EPOCH + TimeDelta::days(3));
        assert!(hints(&corrections[..2]).is_empty());
    }
}
