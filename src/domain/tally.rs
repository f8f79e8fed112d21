//! Counts and compliance. One definition of late.

use chrono::{DateTime, Utc};

use super::obligation::{Contact, Obligation, State};

mod count;
mod table;

pub use count::{Counted, Counts, Moved, Window};
pub use table::{DirectiveLine, GroupLine, Report, by_directive, by_group};

/// Whether an obligation is late (quá hạn) at `now`: the cell was reached, still owes, and an
/// effective due instant has passed. Derived, never stored.
pub fn is_late(row: &Obligation, contact: Contact, now: DateTime<Utc>) -> bool {
    contact.is_reached() && is_past(row, now)
}

/// Whether the cell still owes past an effective due instant, reached or not.
pub fn is_past(row: &Obligation, now: DateTime<Utc>) -> bool {
    owes_past(row.state, (row.acknowledge_due, row.due), now)
}

/// The same of a state and the instants by which to acknowledge and to be done.
fn owes_past(
    state: State,
    (acknowledge_due, due): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> bool {
    let past = |due: Option<DateTime<Utc>>| due.is_some_and(|due| due <= now);
    state.is_live() && (past(due) || state == State::Open && past(acknowledge_due))
}
