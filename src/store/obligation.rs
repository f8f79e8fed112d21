//! Obligations, and whether their cells were reached.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};

use super::tally::telling;
use super::value::{Place, json, limit, millis, millis_of};
use super::{Conn, dialect};
use crate::app::ports::{NewObligation, ObligationRow, StoreError};
use crate::domain::ids::{DocumentId, DutyId, ObligationId, RevisionId, UnitId};
use crate::domain::obligation::{Contact, Grade, Obligation, State};

/// The columns of [`Row`], of a table called `o`.
macro_rules! columns {
    () => {
        "o.id, o.document, o.revision, o.duty, o.cell, o.state, o.opened, o.since, o.acknowledge_due, o.due,
         o.grade, o.promised, o.extension_asked, o.step, o.next_action"
    };
}
pub(super) use columns;

/// A row of the table.
#[derive(FromRow)]
pub(super) struct Row {
    id: i64,
    document: i64,
    revision: i64,
    duty: i64,
    cell: String,
    state: String,
    opened: i64,
    since: i64,
    acknowledge_due: Option<i64>,
    due: Option<i64>,
    grade: Option<String>,
    promised: Option<String>,
    extension_asked: Option<String>,
    step: i64,
    next_action: Option<i64>,
}

impl TryFrom<Row> for Obligation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "obligation", key: row.id };
        Ok(Self {
            id: ObligationId(row.id),
            document: DocumentId(row.document),
            revision: RevisionId(row.revision),
            duty: DutyId(row.duty),
            cell: UnitId(row.cell),
            state: place.word("state", &row.state, State::parse)?,
            opened: place.instant("opened", row.opened)?,
            since: place.instant("since", row.since)?,
            acknowledge_due: place.instant_of("acknowledge_due", row.acknowledge_due)?,
            due: place.instant_of("due", row.due)?,
            grade: row.grade.map(|grade| place.word("grade", &grade, Grade::parse)).transpose()?,
            promised: place.day_of("promised", row.promised.as_deref())?,
            extension_asked: place.day_of("extension_asked", row.extension_asked.as_deref())?,
            step: place.number("step", row.step)?,
            next_action: place.instant_of("next_action", row.next_action)?,
        })
    }
}

/// A row with the counts of the notices that tell its cell of it.
#[derive(FromRow)]
struct Contacted {
    #[sqlx(flatten)]
    row: Row,
    notices: i64,
    sent: i64,
    failed: i64,
}

impl Contacted {
    /// Contact is derived, never stored, so that it cannot disagree with the outbox.
    fn contact(&self) -> Contact {
        match self {
            Self { sent: 1.., .. } => Contact::Sent,
            Self { notices, failed, .. } if notices == failed => Contact::NoContact,
            _ => Contact::Unsent,
        }
    }
}

impl TryFrom<Contacted> for ObligationRow {
    type Error = StoreError;

    fn try_from(row: Contacted) -> Result<Self, StoreError> {
        let place = Place { table: "notice", key: row.row.id };
        let contact = row.contact();
        let notices_sent = place.number("delivery", row.sent)?;
        Ok(Self { obligation: row.row.try_into()?, contact, notices_sent })
    }
}

/// Obligations with their contact, which meet a condition, in an order.
macro_rules! contacted {
    ($which:expr, $order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", count(n.id) AS notices, count(*) FILTER (WHERE n.delivery = 'sent') AS sent,
                count(*) FILTER (WHERE n.delivery = 'failed') AS failed
            FROM obligation o
            LEFT JOIN notice n ON n.revision = o.revision AND n.unit = o.cell AND ",
            telling!("n"),
            " WHERE ",
            $which,
            " GROUP BY o.id ORDER BY ",
            $order
        )
    };
}

/// Live rows whose ladder wants attention at `$1`, at most `$2`.
pub(super) const DUE: &str = contacted!(
    "o.id IN (SELECT id FROM obligation WHERE next_action <= $1 AND state IN ('open', 'acknowledged')
              ORDER BY next_action, id LIMIT $2)",
    "o.next_action, o.id"
);

fn rows(rows: Vec<Contacted>) -> Result<Vec<ObligationRow>, StoreError> {
    rows.into_iter().map(ObligationRow::try_from).collect()
}

/// Opens rows; returns those that were new.
pub(super) async fn open(
    conn: &mut Conn,
    document: DocumentId,
    revision: RevisionId,
    new: &[NewObligation],
    now: DateTime<Utc>,
) -> Result<Vec<(ObligationId, UnitId)>, StoreError> {
    let source: Vec<_> = new
        .iter()
        .map(|row| {
            let dues = (millis_of(row.acknowledge_due), millis_of(row.due));
            (row.duty, &row.cell, dues.0, dues.1, millis_of(row.next_action))
        })
        .collect();
    let opened: Vec<(i64, String)> = query_as(dialect::OPEN_OBLIGATIONS)
        .bind(document.0)
        .bind(revision.0)
        .bind(millis(now))
        .bind(json(&source)?)
        .fetch_all(conn)
        .await?;
    Ok(opened.into_iter().map(|(id, cell)| (ObligationId(id), UnitId(cell))).collect())
}

/// Stores the new form of rows; a row that does not exist is an error, not a silence.
pub(super) async fn save(conn: &mut Conn, rows: &[Obligation]) -> Result<(), StoreError> {
    let source: Vec<_> = rows
        .iter()
        .map(|row| {
            let dues = (millis_of(row.acknowledge_due), millis_of(row.due));
            let learnt = (row.grade.map(Grade::as_str), row.promised, row.extension_asked);
            let next = millis_of(row.next_action);
            let state = row.state.as_str();
            (row.id, state, millis(row.since), dues.0, dues.1, learnt.0, learnt.1, learnt.2, row.step, next)
        })
        .collect();
    let saved = query(dialect::SAVE_OBLIGATIONS).bind(json(&source)?).execute(conn).await?.rows_affected();
    if saved == rows.len() as u64 {
        return Ok(());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id.to_string()).collect();
    Err(StoreError::Inconsistent { table: "obligation", column: "id", key: ids.join(" ") })
}

/// One row, to be changed.
pub(super) async fn find(conn: &mut Conn, id: ObligationId) -> Result<Option<Obligation>, StoreError> {
    let row: Option<Row> = query_as(concat!("SELECT ", columns!(), " FROM obligation o WHERE o.id = $1"))
        .bind(id.0)
        .fetch_optional(conn)
        .await?;
    row.map(Obligation::try_from).transpose()
}

/// Live rows of a document under revisions other than `except`.
pub(super) async fn live(
    conn: &mut Conn,
    document: DocumentId,
    except: Option<RevisionId>,
) -> Result<Vec<Obligation>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM revision r JOIN obligation o ON o.revision = r.id
          WHERE r.document = $1 AND r.id IS DISTINCT FROM $2 AND o.state IN ('open', 'acknowledged')
          ORDER BY o.id"
    ))
    .bind(document.0)
    .bind(except.map(|id| id.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Obligation::try_from).collect()
}

/// Live rows whose ladder wants attention, earliest first.
pub(super) async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    at_most: u32,
) -> Result<Vec<ObligationRow>, StoreError> {
    rows(query_as(DUE).bind(millis(now)).bind(limit(at_most)).fetch_all(conn).await?)
}

/// One row with its contact.
pub(super) async fn get(conn: &mut Conn, id: ObligationId) -> Result<Option<ObligationRow>, StoreError> {
    let row: Option<Contacted> =
        query_as(contacted!("o.id = $1", "o.id")).bind(id.0).fetch_optional(conn).await?;
    row.map(ObligationRow::try_from).transpose()
}

/// The rows of a document, by cell; newest revision only, or all.
pub(super) async fn of_document(
    conn: &mut Conn,
    document: DocumentId,
    all_revisions: bool,
) -> Result<Vec<ObligationRow>, StoreError> {
    let sql = if all_revisions {
        contacted!("o.revision IN (SELECT id FROM revision WHERE document = $1)", "o.cell, o.revision")
    } else {
        contacted!("o.revision = (SELECT max(id) FROM revision WHERE document = $1)", "o.cell")
    };
    rows(query_as(sql).bind(document.0).fetch_all(conn).await?)
}

/// Live rows of a revision whose cell is one of `cells`.
pub(super) async fn live_among(
    conn: &mut Conn,
    revision: RevisionId,
    cells: &[UnitId],
) -> Result<Vec<ObligationRow>, StoreError> {
    let sql = contacted!(concat!(dialect::among!(), " AND o.state IN ('open', 'acknowledged')"), "o.cell");
    rows(query_as(sql).bind(revision.0).bind(json(cells)?).fetch_all(conn).await?)
}

/// When the newest notice that told the cell of the row was accepted.
pub(super) async fn last_sent(
    conn: &mut Conn,
    id: ObligationId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(concat!(
        "SELECT max(n.sent_at) FROM obligation o JOIN notice n ON n.revision = o.revision AND n.unit = o.cell
         WHERE o.id = $1 AND n.delivery = 'sent' AND ",
        telling!("n")
    ))
    .bind(id.0)
    .fetch_one(conn)
    .await?;
    Place { table: "notice", key: id }.instant_of("sent_at", at)
}
