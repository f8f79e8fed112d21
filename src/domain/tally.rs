//! Counts and compliance. One definition of late.

use chrono::{DateTime, Utc};

use super::obligation::{Contact, Obligation, State};

/// Whether an obligation is late (quá hạn) at `now`: the cell was reached, still owes, and an
/// effective due instant has passed. Derived, never stored.
pub fn is_late(row: &Obligation, contact: Contact, now: DateTime<Utc>) -> bool {
    contact.is_reached() && is_past(row, now)
}

/// Whether the cell still owes past an effective due instant, reached or not.
pub fn is_past(row: &Obligation, now: DateTime<Utc>) -> bool {
    let past = |due: Option<DateTime<Utc>>| due.is_some_and(|due| due <= now);
    row.state.is_live() && (past(row.due) || row.state == State::Open && past(row.acknowledge_due))
}
