//! Obligations with their contact: whether their cells were reached.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::Conn;
use super::dialect::texts;
use super::obligation::{Row, columns};
use super::receipt::looked;
use super::sql::{Words, array, gathered, query_gathered, query_scalar};
use super::tally::telling;
use super::value::{Place, json, limit, millis};
use crate::app::ports::{ObligationRow, StoreError};
use crate::domain::ids::{DocumentId, ObligationId, RevisionId, UnitId};
use crate::domain::obligation::Contact;

/// A row with the counts of the notices that tell its cell of it, in the order of [`contacted_in!`].
#[derive(Deserialize)]
struct Contacted {
    row: Row,
    told: i64,
    notices: Notices,
    looked: i64,
}

/// Notices: all, those a server took, those that reached nobody.
#[derive(Deserialize)]
struct Notices(i64, i64, i64);

impl Contacted {
    /// Contact is derived, never stored, so that it cannot disagree with the outbox or with what the source
    /// shows.
    fn contact(&self) -> Contact {
        match self {
            Self { looked: 1.., .. } => Contact::Seen,
            Self { notices: Notices(_, 1.., _), .. } | Self { told: 1.., .. } => Contact::Sent,
            Self { notices: Notices(all, _, failed), .. } if all == failed => Contact::NoContact,
            _ => Contact::Unsent,
        }
    }
}

impl TryFrom<Contacted> for ObligationRow {
    type Error = StoreError;

    fn try_from(row: Contacted) -> Result<Self, StoreError> {
        let place = Place { table: "notice", key: row.row.id() };
        let contact = row.contact();
        let notices_sent = place.number("delivery", row.told + row.notices.1)?;
        Ok(Self { obligation: row.row.try_into()?, contact, notices_sent })
    }
}

/// Obligations with their contact, which meet a condition, in an order, in the words of an engine.
macro_rules! contacted_in {
    ($engine:ident, $which:expr, $order:literal) => {
        concat!(
            "SELECT ",
            gathered!(
                $engine,
                array!(
                    $engine,
                    array!($engine, columns!()),
                    ", o.told, (SELECT ",
                    array!(
                        $engine,
                        "count(*), count(*) FILTER (WHERE n.delivery = 'sent' AND b.notice IS NULL),
                        count(*) FILTER (WHERE n.delivery = 'failed' OR b.notice IS NOT NULL)"
                    ),
                    " FROM notice n LEFT JOIN bounced b ON b.notice = n.id
                    WHERE n.revision = o.revision AND n.unit = o.cell AND ",
                    telling!("n"),
                    "), CASE WHEN ",
                    looked!(),
                    " THEN 1 ELSE 0 END"
                ),
                $order
            ),
            " FROM obligation o WHERE ",
            $which
        )
    };
}

/// The same in the words of both.
macro_rules! contacted {
    ($which:expr, $order:literal) => {
        Words {
            sqlite: contacted_in!(sqlite, $which, $order),
            postgres: contacted_in!(postgres, $which, $order),
        }
    };
}

/// Live rows whose ladder wants attention at `$1`: the first `$2`, and what else of the same cells under
/// the same revisions does, so that one mail can speak of all of it.
pub(super) const DUE: Words = contacted!(
    "o.next_action <= $1 AND o.state IN ('open', 'acknowledged') AND (o.revision, o.cell) IN
        (SELECT revision, cell FROM obligation WHERE next_action <= $1 AND state IN ('open', 'acknowledged')
         ORDER BY next_action, id LIMIT $2)",
    "o.next_action, o.id"
);

/// Whether any does: nearly always none, and to open what [`DUE`] sorts and gathers with costs more than to look.
const ANY_DUE: &str = "SELECT count(*) FROM (SELECT 1 AS due FROM obligation
    WHERE next_action <= $1 AND state IN ('open', 'acknowledged') LIMIT 1) o";

fn rows(rows: Vec<Contacted>) -> Result<Vec<ObligationRow>, StoreError> {
    rows.into_iter().map(ObligationRow::try_from).collect()
}

/// Live rows whose ladder wants attention, earliest first.
pub(super) async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    at_most: u32,
) -> Result<Vec<ObligationRow>, StoreError> {
    let any: i64 = query_scalar(ANY_DUE).bind(millis(now)).fetch_one(&mut *conn).await?;
    if any == 0 {
        return Ok(Vec::new());
    }
    rows(query_gathered(DUE).bind(millis(now)).bind(limit(at_most)).fetch_all(conn).await?)
}

/// One row with its contact.
pub(super) async fn get(conn: &mut Conn, id: ObligationId) -> Result<Option<ObligationRow>, StoreError> {
    let found: Vec<Contacted> =
        query_gathered(contacted!("o.id = $1", "o.id")).bind(id.0).fetch_all(conn).await?;
    found.into_iter().next().map(ObligationRow::try_from).transpose()
}

/// The rows of a document, by cell; newest revision only, or all.
pub(super) async fn of_document(
    conn: &mut Conn,
    document: DocumentId,
    all_revisions: bool,
) -> Result<Vec<ObligationRow>, StoreError> {
    let sql = if all_revisions {
        contacted!("o.revision IN (SELECT id FROM revision WHERE document = $1)", "o.cell, o.revision, o.id")
    } else {
        contacted!("o.revision = (SELECT max(id) FROM revision WHERE document = $1)", "o.cell, o.id")
    };
    rows(query_gathered(sql).bind(document.0).fetch_all(conn).await?)
}

/// Live rows of revision `$1` whose cell is in the JSON array `$2`.
macro_rules! live_among {
    ($engine:ident) => {
        contacted_in!(
            $engine,
            concat!(
                "o.revision = $1 AND o.cell IN ",
                texts!($engine, "$2"),
                " AND o.state IN ('open', 'acknowledged')"
            ),
            "o.cell, o.id"
        )
    };
}

const LIVE_AMONG: Words = Words { sqlite: live_among!(sqlite), postgres: live_among!(postgres) };

/// Live rows of a revision whose cell is one of `cells`.
pub(super) async fn live_among(
    conn: &mut Conn,
    revision: RevisionId,
    cells: &[UnitId],
) -> Result<Vec<ObligationRow>, StoreError> {
    rows(query_gathered(LIVE_AMONG).bind(revision.0).bind(json(cells)?).fetch_all(conn).await?)
}

/// Live rows, by cell; none of a document that waits for a person's word. Walks the table, which a morning can
/// afford.
pub(super) async fn open(conn: &mut Conn) -> Result<Vec<ObligationRow>, StoreError> {
    let sql = contacted!(
        "o.state IN ('open', 'acknowledged')
            AND o.document NOT IN (SELECT document FROM braked WHERE state = 'waiting')",
        "o.cell, o.id"
    );
    rows(query_gathered(sql).fetch_all(conn).await?)
}

/// The same of the cell `$1`: asked once for each digest, so by the cell's own index.
pub(super) const OPEN_OF: Words = contacted!(
    "o.cell = $1 AND o.state IN ('open', 'acknowledged')
        AND o.document NOT IN (SELECT document FROM braked WHERE state = 'waiting')",
    "o.id"
);

/// Live rows of one cell, as [`open`].
pub(super) async fn open_of(conn: &mut Conn, cell: &UnitId) -> Result<Vec<ObligationRow>, StoreError> {
    rows(query_gathered(OPEN_OF).bind(cell.as_str()).fetch_all(conn).await?)
}

/// Rows of the cell `$1` with a due, live or ended at or after `$2`, oldest first: asked whenever a calendar looks.
pub(super) const DATED_OF: Words = contacted!(
    "o.cell = $1 AND o.due IS NOT NULL AND (o.state IN ('open', 'acknowledged') OR o.since >= $2)
        AND o.document NOT IN (SELECT document FROM braked WHERE state = 'waiting')",
    "o.id"
);

/// Rows of a cell with a due, live or ended at or after `since`, oldest first.
pub(super) async fn dated_of(
    conn: &mut Conn,
    cell: &UnitId,
    since: DateTime<Utc>,
) -> Result<Vec<ObligationRow>, StoreError> {
    rows(query_gathered(DATED_OF).bind(cell.as_str()).bind(millis(since)).fetch_all(conn).await?)
}

/// When the newest notice that told the cell of an obligation `o` was accepted; what follows says of which. A row that was
/// moved to a newer revision was told of under an earlier one.
macro_rules! last_sent {
    () => {
        concat!(
            "max(n.sent_at) FROM obligation o JOIN revision r ON r.document = o.document
                AND (r.id = o.revision OR o.told > 0 AND r.id < o.revision)
             JOIN notice n ON n.revision = r.id AND n.unit = o.cell
             WHERE n.delivery = 'sent' AND ",
            crate::store::tally::telling!("n")
        )
    };
}
pub(super) use last_sent;
