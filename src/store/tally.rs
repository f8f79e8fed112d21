//! Counts over the whole register, and the predicates all lists share.
//!
//! [`tally::is_late`](crate::domain::tally::is_late) is the definition of late; [`past`] and
//! [`reached`] say the same in SQL because counting must not carry every row out of the engine. The contract suite compares the
//! two row by row.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::sql::query_as;
use super::value::{Place, millis};
use crate::app::ports::{StoreError, TallyRow};
use crate::domain::ids::UnitId;
use crate::domain::obligation::State;

/// Whether notice `$notice` tells a cell of its own obligation: not an escalation, which tells others,
/// nor a withdrawal, which tells that there is none. Said by what does not, because the engine would
/// seek once for each of the four kinds that do.
macro_rules! telling {
    ($notice:literal) => {
        concat!($notice, ".kind NOT IN ('escalation', 'withdrawal')")
    };
}

/// Whether a server took a notice to the cell of obligation `o`, or its source shows that it has looked.
macro_rules! reached {
    () => {
        concat!(
            "(o.told > 0 OR EXISTS (SELECT 1 FROM notice t WHERE t.revision = o.revision AND t.unit = o.cell
                     AND t.delivery = 'sent' AND NOT EXISTS (SELECT 1 FROM bounced b WHERE b.notice = t.id) AND ",
            telling!("t"),
            ") OR ",
            crate::store::receipt::looked!(),
            ")"
        )
    };
}

/// Whether obligation `o` is live and past an instant that counts at `$1`: late, if its cell was reached.
macro_rules! past {
    () => {
        "(o.state IN ('open', 'acknowledged') AND o.due <= $1 OR o.state = 'open' AND o.acknowledge_due <= $1)"
    };
}

pub(super) use {past, reached, telling};

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
    // Materialized, because flattened into its user it would seek the notices three times per row.
    let rows: Vec<Row> = query_as(concat!(
        "WITH judged AS MATERIALIZED (
            SELECT o.cell, o.state, CASE WHEN ",
        past!(),
        " THEN 1 ELSE 0 END AS past, CASE WHEN ",
        reached!(),
        " THEN 1 ELSE 0 END AS reached
            FROM obligation o WHERE o.revision IN (SELECT max(id) FROM revision GROUP BY document))
        SELECT cell, state, CAST(past * reached AS BIGINT) AS late, CAST(1 - reached AS BIGINT) AS unreached,
             count(*) AS count
        FROM judged
        GROUP BY cell, state, past * reached, reached
        ORDER BY cell, state, late, unreached"
    ))
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TallyRow::try_from).collect()
}
