//! A register that was put back from an older copy of itself: what is held back, and which numbers are never given
//! again.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, millis, millis_of};
use super::{Conn, journal};
use crate::app::ports::{NewRestoration, Restoration, RestorationReader, RestorationTx, StoreError};

/// How many numbers of obligations a register is thought to have given since its last copy: more than an office of 221
/// cells opens in ten years.
const OBLIGATIONS: i64 = 10_000_000;

/// The same for documents, their revisions and holds, whose numbers people type.
const OTHERS: i64 = 10_000;

#[derive(FromRow)]
struct Row {
    id: i64,
    origin: String,
    taken: Option<i64>,
    restored: i64,
    author: String,
    position: i64,
    last_obligation: i64,
    floor_obligation: i64,
    released: Option<i64>,
    releaser: Option<String>,
    reason: Option<String>,
}

impl TryFrom<Row> for Restoration {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "restoration", key: row.id };
        Ok(Self {
            id: row.id,
            origin: row.origin,
            taken: place.instant_of("taken", row.taken)?,
            restored: place.instant("restored", row.restored)?,
            author: row.author,
            position: row.position,
            lost: (row.last_obligation, row.floor_obligation),
            released: place.instant_of("released", row.released)?,
            releaser: row.releaser,
            reason: row.reason,
        })
    }
}

/// Whether everything is held back that would leave.
pub(super) async fn holds_back(conn: &mut Conn) -> Result<bool, StoreError> {
    let open: i64 =
        query_scalar("SELECT count(*) FROM restoration WHERE released IS NULL").fetch_one(conn).await?;
    Ok(open > 0)
}

#[async_trait]
impl<P: Pool> RestorationReader for P {
    async fn restorations(&self) -> Result<Vec<Restoration>, StoreError> {
        let rows: Vec<Row> = query_as(
            "SELECT id, origin, taken, restored, author, position, last_obligation, floor_obligation, released,
                releaser, reason
             FROM restoration ORDER BY id",
        )
        .fetch_all(&mut self.reader().await?)
        .await?;
        rows.into_iter().map(Restoration::try_from).collect()
    }
}

/// The greatest numbers given so far: obligation, document, revision, hold.
type Last = (i64, i64, i64, i64);

async fn last(conn: &mut Conn) -> Result<Last, StoreError> {
    Ok(query_as(
        "SELECT (SELECT coalesce(max(id), 0) FROM obligation), (SELECT coalesce(max(id), 0) FROM document),
            (SELECT coalesce(max(id), 0) FROM revision), (SELECT coalesce(max(id), 0) FROM hold)",
    )
    .fetch_one(conn)
    .await?)
}

/// The next round number that leaves room for so many, so that people can tell new numbers from old ones.
fn above(last: i64, room: i64) -> i64 {
    (last / room + 2).saturating_mul(room)
}

/// Lets the counters of a server go on above the floors; a file finds them in the statements that give numbers.
pub(super) async fn raise_counters(conn: &mut Conn) -> Result<(), StoreError> {
    if !conn.is_shared() {
        return Ok(());
    }
    for statement in [
        "SELECT setval(pg_get_serial_sequence('obligation', 'id'), greatest(max(floor_obligation),
            (SELECT max(id) FROM obligation))) FROM restoration HAVING count(*) > 0",
        "SELECT setval(pg_get_serial_sequence('document', 'id'), greatest(max(floor_document),
            (SELECT max(id) FROM document))) FROM restoration HAVING count(*) > 0",
        "SELECT setval(pg_get_serial_sequence('revision', 'id'), greatest(max(floor_revision),
            (SELECT max(id) FROM revision))) FROM restoration HAVING count(*) > 0",
        "SELECT setval(pg_get_serial_sequence('hold', 'id'), greatest(max(floor_hold),
            (SELECT max(id) FROM hold))) FROM restoration HAVING count(*) > 0",
    ] {
        let _: Option<i64> = query_scalar(statement).fetch_optional(&mut *conn).await?;
    }
    Ok(())
}

#[async_trait]
impl RestorationTx for SqlTx {
    async fn restored(&mut self, new: &NewRestoration) -> Result<(), StoreError> {
        let conn = self.conn();
        let position = journal::head(conn).await?.rows;
        let (obligation, document, revision, hold) = last(conn).await?;
        query(
            "INSERT INTO restoration (origin, taken, restored, author, position, last_obligation, floor_obligation,
                floor_document, floor_revision, floor_hold)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&new.origin)
        .bind(millis_of(new.taken))
        .bind(millis(new.restored))
        .bind(&new.author)
        .bind(position)
        .bind(obligation)
        .bind(above(obligation.max(new.given.obligation), OBLIGATIONS))
        .bind(above(document.max(new.given.document), OTHERS))
        .bind(above(revision.max(new.given.revision), OTHERS))
        .bind(above(hold.max(new.given.hold), OTHERS))
        .execute(&mut *conn)
        .await?;
        // What waited when the copy was taken may have left since.
        query("UPDATE notice SET doubtful = coalesce(doubtful, $1) WHERE delivery IN ('queued', 'sending', 'ambiguous')")
            .bind(millis(new.taken.unwrap_or(new.restored)))
            .execute(&mut *conn)
            .await?;
        raise_counters(conn).await
    }

    async fn release_restored(
        &mut self,
        author: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let done =
            query("UPDATE restoration SET released = $1, releaser = $2, reason = $3 WHERE released IS NULL")
                .bind(millis(now))
                .bind(author)
                .bind(reason)
                .execute(self.conn())
                .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_are_round_and_leave_room() {
        for (last, floor) in [(0, 20_000), (12, 20_000), (9_999, 20_000), (10_000, 30_000), (25_001, 40_000)]
        {
            assert_eq!(above(last, OTHERS), floor, "{last}");
            assert!(floor - last >= OTHERS);
        }
    }
}
