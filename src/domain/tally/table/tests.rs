use chrono::{DateTime, Utc};

use super::*;
use crate::domain::obligation::State;
use crate::domain::tally::Counts;
use crate::domain::unit::{Dated, Kind, Unit};

fn day(number: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 3, number).unwrap().and_hms_opt(0, 30, 0).unwrap().and_utc()
}

fn week() -> Window {
    Window { since: day(9), until: day(16) }
}

fn unit(id: &str, kind: &str, name: &str, parent: Option<&str>) -> Unit {
    let parents = parent.map(|parent| Dated::always(parent.into())).into_iter().collect();
    Unit { parents, ..Unit::new(id, kind, name) }
}

fn units() -> Units {
    let kind = |id: &str, name: &str, cell| Kind { id: id.to_owned(), name: name.to_owned(), cell };
    let kinds = vec![
        kind("bloc", "đảng uỷ khối", false),
        kind("base-committee", "đảng bộ cơ sở", false),
        kind("base-cell", "chi bộ cơ sở", true),
        kind("subordinate-cell", "chi bộ trực thuộc", true),
    ];
    let all = [
        unit("duk", "bloc", "Đảng uỷ Khối", None),
        unit("db-10", "base-committee", "Đảng bộ Sở 10", Some("duk")),
        unit("db-9", "base-committee", "Đảng bộ Sở 9", Some("duk")),
        unit("cb-10", "subordinate-cell", "Chi bộ 1", Some("db-10")),
        unit("cb-9a", "subordinate-cell", "Chi bộ 2", Some("db-9")),
        unit("cb-9b", "subordinate-cell", "Chi bộ 3", Some("db-9")),
        unit("cb-x", "base-cell", "Chi bộ Báo", Some("duk")),
    ];
    Units::new(Some("duk".into()), kinds, BTreeMap::new(), all)
}

fn row(cell: &str, document: i64, state: State, (opened, since): (u32, u32)) -> Counted {
    let heard = (state != State::Open).then(|| day(since));
    Counted {
        cell: cell.into(),
        document: DocumentId(document),
        state,
        opened: day(opened),
        since: day(since),
        heard,
        acknowledge_due: Some(day(5)),
        due: Some(day(12)),
        reached: true,
    }
}

/// Sums, and what moved since the beginning of the week; numbers in names by value.
#[test]
fn lines_by_committee_and_kind() {
    let rows = [
        row("cb-10", 1, State::Open, (2, 2)),
        row("cb-9a", 1, State::Acknowledged, (2, 4)),
        row("cb-9b", 1, State::Done, (2, 11)),
        row("cb-9b", 2, State::Open, (11, 11)),
        // Done before the week, and taken back: in no count.
        row("cb-9a", 3, State::Done, (2, 6)),
        row("cb-9a", 4, State::Withdrawn, (2, 11)),
        Counted { reached: false, ..row("cb-x", 1, State::Open, (2, 2)) },
        row("cb-x", 2, State::Excused, (2, 10)),
    ];
    let lines = by_group(&rows, week(), &units(), NaiveDate::from_ymd_opt(2026, 3, 16).unwrap());
    let named: Vec<_> =
        lines.iter().map(|line| (line.committee.as_deref(), line.kind.as_str(), line.cells)).collect();
    assert_eq!(
        named,
        [
            (Some("Đảng bộ Sở 9"), "chi bộ trực thuộc", 2),
            (Some("Đảng bộ Sở 10"), "chi bộ trực thuộc", 1),
            (None, "chi bộ cơ sở", 1),
        ]
    );
    let nine = lines[0].counts;
    let now = Counts { all: 3, sent: 3, acknowledged: 2, done: 1, late: 2, unreached: 0, set_aside: 0 };
    // At the beginning one of them was late for want of an acknowledgement, one had acknowledged.
    let before = Counts { all: 2, sent: 2, acknowledged: 1, done: 0, late: 1, unreached: 0, set_aside: 0 };
    assert_eq!((nine.now, nine.before), (now, before));
    assert_eq!((nine.opened(), nine.late_change()), (1, 1));
    let direct = lines[2].counts.now;
    let expected = Counts { all: 2, sent: 1, unreached: 1, set_aside: 1, ..Counts::default() };
    assert_eq!(direct, expected);
}

#[test]
fn the_directive_with_most_late_ones_comes_first() {
    let rows = [
        row("cb-10", 1, State::Done, (2, 11)),
        row("cb-9a", 2, State::Open, (2, 2)),
        row("cb-9b", 3, State::Open, (2, 2)),
        row("cb-10", 3, State::Open, (2, 2)),
    ];
    let order: Vec<_> = by_directive(&rows, week()).into_iter().map(|(id, _)| id.0).collect();
    assert_eq!(order, [3, 2, 1]);
}
