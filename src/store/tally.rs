//! Counts over the whole register, and the two predicates all lists share.
//!
//! [`tally::is_late`](crate::domain::tally::is_late) is the definition of late; [`late`] says the same
//! in SQL because counting must not carry every row out of the engine. The contract suite compares the
//! two row by row.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query_as};

use super::Conn;
use super::value::{Place, millis};
use crate::app::ports::{StoreError, TallyRow};
use crate::domain::ids::UnitId;
use crate::domain::obligation::State;

/// The kinds of notices by which a cell is told of its own obligation; an escalation tells others, and
/// a withdrawal that there is none.
macro_rules! telling {
    () => {
        "('notice', 'reminder', 'chase', 'change')"
    };
}

/// Whether a server took a notice to the cell of obligation `o`.
macro_rules! reached {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM notice t WHERE t.revision = o.revision AND t.unit = o.cell AND t.kind IN ",
            telling!(),
            " AND t.delivery = 'sent')"
        )
    };
}

/// Whether obligation `o` is late at `$1`.
macro_rules! late {
    () => {
        concat!(
            "(o.state IN ('open', 'acknowledged') AND o.due <= $1 OR o.state = 'open' AND o.acknowledge_due <= $1) AND ",
            reached!()
        )
    };
}

pub(super) use {late, reached, telling};

#[derive(FromRow)]
struct Row {
    cell: String,
    state: String,
    late: i64,
    unreached: i64,
    count: i64,
}

impl TryFrom<Row> for TallyRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "obligation", key: &row.cell };
        Ok(Self {
            state: place.word("state", &row.state, State::parse)?,
            late: row.late != 0,
            unreached: row.unreached != 0,
            count: place.number("count", row.count)?,
            cell: UnitId(row.cell),
        })
    }
}

/// Obligations of the newest revision of every document, counted by cell, state, lateness and contact.
pub(super) async fn tally(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<TallyRow>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT cell, state, late, unreached, count(*) AS count FROM (
            SELECT o.cell, o.state, CASE WHEN ",
        late!(),
        " THEN 1 ELSE 0 END AS late, CASE WHEN ",
        reached!(),
        " THEN 0 ELSE 1 END AS unreached
            FROM obligation o WHERE o.revision IN (SELECT max(id) FROM revision GROUP BY document)) AS row
        GROUP BY cell, state, late, unreached
        ORDER BY cell, state, late, unreached"
    ))
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TallyRow::try_from).collect()
}
