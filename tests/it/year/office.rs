//! A bloc of so many cells under base committees, with holidays, swapped days and secretaries who go away.

use chrono::NaiveDate;
use vanthu::app::office::Office;
use vanthu::domain::ladder::{Anchor, Ladder, Recipient, Step, StepKind, Until};
use vanthu::domain::rule::{DueSource, Ruleset};
use vanthu::domain::unit::{Absence, Dated, Unit, Units, Validity};

use crate::support::office;

/// Cells of a base committee.
const EACH: usize = 8;

/// The address of a cell.
pub fn address(cell: usize) -> String {
    format!("chi-bo-{cell}@mau.example")
}

/// The code of a cell.
pub fn code(cell: usize) -> String {
    format!("cb-{cell}")
}

/// An office with so many cells.
pub fn office(cells: usize) -> Office {
    let small = office::office();
    let known = |id: &str| small.units.get(&id.into()).unwrap().clone();
    let committees = (0..cells.div_ceil(EACH)).map(|number| {
        let address = format!("dang-bo-{number}@mau.example");
        named(known("db-1"), &format!("db-{number}"), &format!("Đảng bộ {number}"), "duk", &address)
    });
    let all = (0..cells).map(|number| {
        let parent = format!("db-{}", number / EACH);
        let unit =
            named(known("cb-1-1"), &code(number), &format!("Chi bộ {number}"), &parent, &address(number));
        Unit { absences: absences(number), ..unit }
    });
    let units = std::iter::once(known("duk")).chain(committees).chain(all);
    let (kinds, sectors) = (small.units.kinds.clone(), small.units.sectors.clone());
    let units = Units::new(small.units.office.clone(), kinds, sectors, units).led_by(Some("duk".into()));
    let mut rules = small.ruleset.rules.clone();
    rules.truncate(1);
    rules[0].ladder = ladder();
    rules[0].due = vec![DueSource::Document, DueSource::WorkingDays(10)];
    let mut calendar = small.calendar.clone();
    let year = calendar.years.entry(2026).or_default();
    for day in (16..=20)
        .map(|day| format!("2026-02-{day}"))
        .chain(["2026-04-27", "2026-04-30", "2026-05-01", "2026-09-01", "2026-09-02"].map(str::to_owned))
    {
        year.off.insert(day.parse().unwrap(), "nghỉ lễ".to_owned());
    }
    year.swaps.insert("2026-02-23".parse().unwrap(), "2026-02-28".parse().unwrap());
    Office { units, calendar, ruleset: Ruleset::new(rules, "0123456789ab".to_owned()), ..small }
}

fn named(unit: Unit, id: &str, name: &str, parent: &str, address: &str) -> Unit {
    let mut unit = Unit { id: id.into(), ..unit };
    let valid = Validity::default();
    unit.names = vec![Dated { value: name.to_owned(), valid }];
    unit.parents = vec![Dated { value: parent.into(), valid }];
    unit.mailboxes.iter_mut().for_each(|mailbox| mailbox.address = address.to_owned());
    unit
}

/// Every fifth secretary is away for a fortnight, every tenth without a deputy.
fn absences(cell: usize) -> Vec<Absence> {
    if !cell.is_multiple_of(5) {
        return Vec::new();
    }
    let from: NaiveDate = "2026-01-12".parse().unwrap();
    let from = from + chrono::Days::new(3 * cell as u64 % 60);
    let until = from + chrono::Days::new(14);
    let deputy = (!cell.is_multiple_of(10)).then(|| format!("pho-{cell}@mau.example"));
    vec![Absence {
        mailbox: None,
        person: None,
        valid: Validity { from: Some(from), until: Some(until) },
        deputy,
    }]
}

fn ladder() -> Ladder {
    use {Anchor as A, Recipient as R, StepKind as K, Until as U};
    let step = |number, anchor, offset, kind, to, until| {
        let hours = 0;
        Step { number, anchor, offset, hours, kind, to, until }
    };
    Ladder {
        name: "standard".to_owned(),
        steps: vec![
            step(1, A::Acknowledge, 1, K::Remind, R::Cell, U::Acknowledged),
            step(2, A::Due, -3, K::Remind, R::Cell, U::Done),
            step(3, A::Due, 1, K::Chase, R::Cell, U::Done),
            step(4, A::Due, 3, K::Chase, R::Cell, U::Done),
            step(5, A::Due, 3, K::Chase, R::Parent, U::Done),
            step(6, A::Due, 5, K::Criticise, R::Office, U::Done),
            step(7, A::Due, 10, K::Review, R::Leadership, U::Done),
        ],
        ..Ladder::default()
    }
}
