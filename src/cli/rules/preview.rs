//! What a new rule would do: how many cells it chooses today, which documents of the last ninety days it
//! would have met, and which rules meet them too.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::cli::{Place, print};
use crate::config::draft::{Draft, Found};
use crate::config::office::Office;
use crate::config::settings::Settings;
use crate::domain::document::Document;
use crate::domain::routing::{self, Outcome, RuleVerdict, Trace};
use crate::runtime::wiring;

/// How far back documents are looked at.
const DAYS: i64 = 90;
/// Documents that are read at most; more would not make the picture clearer.
const MOST: u32 = 5_000;

/// What came out of the test's document, to be expected from now on.
pub fn found(trace: &Trace) -> Found {
    match &trace.outcome {
        Outcome::Nobody { .. } => Found::Nobody,
        Outcome::Assigned { assignments } => {
            let cells: std::collections::BTreeSet<_> =
                assignments.iter().flat_map(|assignment| assignment.cells.iter()).collect();
            Found::Cells(cells.len())
        }
        Outcome::Unmatched => Found::Cells(0),
    }
}

/// Prints it.
pub async fn show(
    place: &Place,
    settings: Option<&Settings>,
    office: &Office,
    draft: &Draft,
    trace: &Trace,
) -> anyhow::Result<()> {
    let own = trace.rules.iter().find(|rule| rule.rule.as_str() == draft.id);
    let cells = own.map_or(0, |rule| rule.cells);
    print::text(&format!("Hôm nay quy tắc này chọn {cells} chi bộ."));
    let mut others = BTreeMap::new();
    count_others(trace, draft, &mut others);
    match settings.filter(|settings| settings.store.may_exist()) {
        Some(settings) => past(place, settings, office, draft, &mut others).await?,
        None => print::text("Chưa có sổ để xem văn bản 90 ngày qua."),
    }
    for (rule, count) in others {
        print::text(&format!(
            "Chồng lên quy tắc “{rule}” ở {count} văn bản (kể cả phép thử): cả hai đều góp phần."
        ));
    }
    Ok(())
}

/// The documents of the last days, under the rules as they would be.
async fn past(
    place: &Place,
    settings: &Settings,
    office: &Office,
    draft: &Draft,
    others: &mut BTreeMap<String, usize>,
) -> anyhow::Result<()> {
    let now = place.now();
    let rows = match wiring::reader(settings).await {
        Ok(store) => store.documents(MOST, now).await?,
        Err(error) => {
            print::text(&format!("Không xem được sổ: {error:#}"));
            return Ok(());
        }
    };
    let recent = rows.iter().filter(|row| row.registered >= now - TimeDelta::days(DAYS));
    let (mut all, mut hits) = (0, Vec::new());
    for row in recent {
        all += 1;
        let trace =
            routing::route(&office.ruleset, &row.document, &office.units, &office.calendar, row.registered);
        if matched(&trace).any(|rule| rule == draft.id) {
            count_others(&trace, draft, others);
            hits.push(&row.document);
        }
    }
    print::text(&format!("Trong {all} văn bản của {DAYS} ngày qua, quy tắc này khớp {}.", hits.len()));
    let shown = |document: &&Document| vec![document.symbol.clone(), document.subject.clone()];
    print::table(&["Số, ký hiệu", "Trích yếu"], hits.iter().take(5).map(shown));
    Ok(())
}

/// Counts the other rules that met a document which the new one meets.
fn count_others(trace: &Trace, draft: &Draft, others: &mut BTreeMap<String, usize>) {
    for rule in matched(trace).filter(|rule| *rule != draft.id) {
        *others.entry(rule.to_owned()).or_default() += 1;
    }
}

fn matched(trace: &Trace) -> impl Iterator<Item = &str> {
    trace.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched).map(|rule| rule.rule.as_str())
}
