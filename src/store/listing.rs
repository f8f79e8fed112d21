//! Documents as lists show them: the newest revision with the tally of its obligations.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::sql::query_as;
use super::tally::{past, reached, telling};
use super::value::{Place, millis, signed};
use crate::app::ports::{DocumentRow, StoreError};
use crate::domain::ids::{DocumentId, ExternalId, RevisionId, SourceId};
use crate::domain::obligation::State;
use crate::domain::operation::Standing;
use crate::domain::text;

#[derive(FromRow)]
struct ListRow {
    id: i64,
    source: String,
    external_id: String,
    registered: i64,
    revision: i64,
    content: String,
    open: i64,
    acknowledged: i64,
    done: i64,
    declined: i64,
    excused: i64,
    withdrawn: i64,
    cells: i64,
    due: Option<i64>,
    late: i64,
    standing: String,
}

impl ListRow {
    /// The states that occur, in the order of an obligation's life.
    fn tally(&self, place: &Place<i64>) -> Result<Vec<(State, u64)>, StoreError> {
        let counts = [
            (State::Open, self.open),
            (State::Acknowledged, self.acknowledged),
            (State::Done, self.done),
            (State::Declined, self.declined),
            (State::Excused, self.excused),
            (State::Withdrawn, self.withdrawn),
        ];
        counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| Ok((state, place.number("state", count)?)))
            .collect()
    }
}

impl TryFrom<ListRow> for DocumentRow {
    type Error = StoreError;

    fn try_from(row: ListRow) -> Result<Self, StoreError> {
        let place = Place { table: "document", key: row.id };
        let revision = Place { table: "revision", key: row.revision };
        Ok(Self {
            id: DocumentId(row.id),
            revision: RevisionId(row.revision),
            tally: row.tally(&place)?,
            document: revision.json("content", &row.content)?,
            registered: place.instant("registered", row.registered)?,
            standing: place.word("standing", &row.standing, Standing::parse)?,
            cells: place.number("cells", row.cells)?,
            due: place.instant_of("due", row.due)?,
            late: place.number("late", row.late)?,
            source: SourceId(row.source),
            external_id: ExternalId(row.external_id),
        })
    }
}

/// Documents with the tally of their newest revision, newest first; `$1` is now.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.source, d.external_id, d.registered, d.standing, r.id AS revision, r.content,
                count(*) FILTER (WHERE o.state = 'open') AS open,
                count(*) FILTER (WHERE o.state = 'acknowledged') AS acknowledged,
                count(*) FILTER (WHERE o.state = 'done') AS done,
                count(*) FILTER (WHERE o.state = 'declined') AS declined,
                count(*) FILTER (WHERE o.state = 'excused') AS excused,
                count(*) FILTER (WHERE o.state = 'withdrawn') AS withdrawn,
                count(DISTINCT o.cell) AS cells,
                min(o.due) FILTER (WHERE o.state IN ('open', 'acknowledged')) AS due,
                count(*) FILTER (WHERE ",
            past!(),
            " AND ",
            reached!(),
            ") AS late
            FROM document d
            JOIN revision r ON r.id = (SELECT max(id) FROM revision WHERE document = d.id)
            LEFT JOIN obligation o ON o.revision = r.id
            WHERE ",
            $which,
            " GROUP BY d.id, r.id ORDER BY d.id DESC"
        )
    };
}

/// One document.
pub(super) async fn document(
    conn: &mut Conn,
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<Option<DocumentRow>, StoreError> {
    let row: Option<ListRow> =
        query_as(list!("d.id = $2")).bind(millis(now)).bind(id.0).fetch_optional(conn).await?;
    row.map(DocumentRow::try_from).transpose()
}

/// Documents whose newest revision bears a symbol.
pub(super) async fn find_documents(
    conn: &mut Conn,
    symbol: &str,
    now: DateTime<Utc>,
) -> Result<Vec<DocumentRow>, StoreError> {
    let rows: Vec<ListRow> = query_as(list!(
        "d.id IN (SELECT document FROM revision WHERE symbol = $2 AND symbol <> '') AND r.symbol = $2"
    ))
    .bind(millis(now))
    .bind(text::clean(symbol))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(DocumentRow::try_from).collect()
}

/// The newest documents.
pub(super) async fn documents(
    conn: &mut Conn,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<DocumentRow>, StoreError> {
    let rows: Vec<ListRow> = query_as(list!("d.id IN (SELECT id FROM document ORDER BY id DESC LIMIT $2)"))
        .bind(millis(now))
        .bind(signed(limit))
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(DocumentRow::try_from).collect()
}
