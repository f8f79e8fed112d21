//! What a year cost its readers: mails per cell and working day by kind, and tables per superior.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use vanthu::domain::ids::UnitId;
use vanthu::domain::notice::{Letter, NoticeKind};

/// Mails by reader and day.
#[derive(Default)]
pub struct Count {
    cells: BTreeMap<NoticeKind, BTreeMap<(UnitId, NaiveDate), u64>>,
    superiors: BTreeMap<(UnitId, NaiveDate), u64>,
    /// Further mails of a day about the same directive.
    pub twice: u64,
    /// Lines of all digests, and of the longest.
    lines: (usize, usize),
}

/// How many mails, and how they fall on readers and working days.
struct Spread {
    mails: u64,
    mean: f64,
    p95: u64,
    max: u64,
}

impl Count {
    pub fn letter(&mut self, letter: &Letter, day: NaiveDate) {
        let key = (letter.unit.clone(), day);
        let days = match letter.kind {
            NoticeKind::Escalation => &mut self.superiors,
            kind => self.cells.entry(kind).or_default(),
        };
        *days.entry(key).or_default() += 1;
    }

    /// How long a digest is.
    pub fn listed(&mut self, letter: &Letter) {
        let lines = letter.digest.as_ref().map_or(0, |digest| digest.items.len());
        self.lines = (self.lines.0 + lines, self.lines.1.max(lines));
    }

    /// Mails to cells.
    pub fn mails(&self) -> u64 {
        self.cells.values().flat_map(BTreeMap::values).sum()
    }

    /// The table, over so many cells and working days.
    pub fn table(&self, cells: usize, days: usize) -> String {
        let mut all: BTreeMap<&(UnitId, NaiveDate), u64> = BTreeMap::new();
        for (key, count) in self.cells.values().flatten() {
            *all.entry(key).or_default() += count;
        }
        let superiors: BTreeSet<_> = self.superiors.keys().map(|(unit, _)| unit).collect();
        let busy = all.len();
        let mut rows = vec![("to a cell", spread(all.into_values(), cells * days))];
        for (kind, counts) in &self.cells {
            rows.push((kind.as_str(), spread(counts.values().copied(), cells * days)));
        }
        rows.push(("to a superior", spread(self.superiors.values().copied(), superiors.len() * days)));
        for unit in superiors.iter().filter(|unit| !unit.as_str().starts_with("db-")) {
            let own = self.superiors.iter().filter(|((of, _), _)| of == *unit).map(|(_, count)| *count);
            rows.push((unit.as_str(), spread(own, days)));
        }
        let rows = rows.iter().map(|(name, spread)| format!("{name:>15} | {spread}\n"));
        let head = format!("{:>15} | {:>7} | {:>6} | {:>4} | {:>4}\n", "", "mails", "mean", "95 %", "max");
        let digests: u64 = self.cells.get(&NoticeKind::Digest).map_or(0, |days| days.values().sum());
        let busy = self.mails() as f64 / busy.max(1) as f64;
        let tail = format!(
            "per reader and working day; {cells} cells, {days} working days, {} superiors; on days with any a cell got \
             {busy:.2}; a digest had {:.1} lines, {} at most; {} mails were the second of a day about one directive \
             (hoả tốc)",
            superiors.len(),
            self.lines.0 as f64 / digests.max(1) as f64,
            self.lines.1,
            self.twice
        );
        head + &rows.collect::<String>() + &tail
    }
}

/// Counts of readers and days with any, among so many readers and days.
fn spread(counts: impl Iterator<Item = u64>, of: usize) -> Spread {
    let mut all: Vec<u64> = counts.collect();
    all.resize(of.max(all.len()).max(1), 0);
    all.sort_unstable();
    let mails = all.iter().sum();
    let at = |share: usize| all[(all.len() - 1) * share / 100];
    Spread { mails, mean: mails as f64 / all.len() as f64, p95: at(95), max: at(100) }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mails, mean, p95, max } = self;
        write!(f, "{mails:>7} | {mean:>6.3} | {p95:>4} | {max:>4}")
    }
}
