//! The outbox as a whole: how much stands where, and when anything next wants attention.

use chrono::{DateTime, Utc};

use super::sql::{query_as, query_scalar};
use super::value::Place;
use super::{Conn, dialect};
use crate::app::ports::StoreError;
use crate::domain::notice::Delivery;

/// The earliest `send_at` of what waits.
pub(super) const NEXT_SEND: &str = concat!(
    dialect::levels!(),
    " SELECT min((SELECT min(n.send_at) FROM notice n
                  WHERE n.delivery IN ('queued', 'ambiguous') AND n.priority = level.priority))
      FROM level WHERE level.priority IS NOT NULL"
);

/// The earliest end of a lease.
pub(super) const NEXT_LEASE: &str = "SELECT min(lease_until) FROM notice WHERE delivery = 'sending'";

/// The earliest instant a ladder wants attention.
pub(super) const NEXT_ACTION: &str = "
SELECT min(next_action) FROM obligation
WHERE next_action IS NOT NULL AND state IN ('open', 'acknowledged')";

async fn next_waiting(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(NEXT_SEND).fetch_one(conn).await?;
    Place { table: "notice", key: "min" }.instant_of("send_at", at)
}

/// How many notices stand in each delivery state, and the oldest instant of those that are due.
pub(super) async fn counts(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<(Vec<(Delivery, u64)>, Option<DateTime<Utc>>), StoreError> {
    let counts: Vec<(String, i64)> =
        query_as("SELECT delivery, count(*) FROM notice GROUP BY delivery ORDER BY delivery")
            .fetch_all(&mut *conn)
            .await?;
    let place = Place { table: "notice", key: "count" };
    let counts = counts.into_iter().map(|(delivery, count)| {
        Ok((place.word("delivery", &delivery, Delivery::parse)?, place.number("delivery", count)?))
    });
    let counts = counts.collect::<Result<_, StoreError>>()?;
    Ok((counts, next_waiting(conn).await?.filter(|at| *at <= now)))
}

/// The earliest instant a notice may leave: a waiting one's own, or the end of a lease.
pub(super) async fn next_send(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let lease: Option<i64> = query_scalar(NEXT_LEASE).fetch_one(&mut *conn).await?;
    let lease = Place { table: "notice", key: "min" }.instant_of("lease_until", lease)?;
    Ok([next_waiting(conn).await?, lease].into_iter().flatten().min())
}

/// When the next ladder wants attention.
pub(super) async fn next_action(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(NEXT_ACTION).fetch_one(conn).await?;
    Place { table: "obligation", key: "min" }.instant_of("next_action", at)
}
