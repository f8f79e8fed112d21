//! The outbox as a whole: how much stands where, and when anything next wants attention.

use chrono::{DateTime, Utc};

use super::front::Front;
use super::sql::{query_as, query_scalar};
use super::value::{Place, json};
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

/// The same from a front on, `$1`; and the earliest end of a lease from `$2` on. PostgreSQL's words.
const NEXT_FROM: &str = concat!(
    dialect::levels_from!("$1"),
    " SELECT min((SELECT min(n.send_at) FROM notice n
                  WHERE n.delivery IN ('queued', 'ambiguous') AND n.priority = level.priority
                    AND n.send_at >= level.since)),
        (SELECT min(lease_until) FROM notice WHERE delivery = 'sending' AND lease_until >= $2)
      FROM level"
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
    if let Some(watch) = conn.watch.clone()
        && let look = watch.look()
        && let Some(front) = &look.front
    {
        let next = next_from(conn, front).await?;
        if watch.still_holds(&look) {
            return Ok(next);
        }
    }
    let lease: Option<i64> = query_scalar(NEXT_LEASE).fetch_one(&mut *conn).await?;
    let lease = Place { table: "notice", key: "min" }.instant_of("lease_until", lease)?;
    Ok([next_waiting(conn).await?, lease].into_iter().flatten().min())
}

async fn next_from(conn: &mut Conn, front: &Front) -> Result<Option<DateTime<Utc>>, StoreError> {
    let levels: Vec<_> = front.since.iter().collect();
    let next: (Option<i64>, Option<i64>) =
        query_as(NEXT_FROM).bind(json(&levels)?).bind(front.lease).fetch_one(conn).await?;
    let place = Place { table: "notice", key: "min" };
    let (at, lease) = (place.instant_of("send_at", next.0)?, place.instant_of("lease_until", next.1)?);
    Ok(at.into_iter().chain(lease).min())
}

/// When the next ladder wants attention.
pub(super) async fn next_action(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(NEXT_ACTION).fetch_one(conn).await?;
    Place { table: "obligation", key: "min" }.instant_of("next_action", at)
}
