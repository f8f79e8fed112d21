//! The outbox as a whole: how much stands where, and when anything next wants attention.

use chrono::{DateTime, Utc};
use sqlx::{query_as, query_scalar};

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

/// The earliest end of a lease and the earliest ladder.
pub(super) const NEXT_OTHER: &str = "
SELECT (SELECT min(lease_until) FROM notice WHERE delivery = 'sending'),
    (SELECT min(next_action) FROM obligation
     WHERE next_action IS NOT NULL AND state IN ('open', 'acknowledged'))";

async fn next_send(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
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
    Ok((counts, next_send(conn).await?.filter(|at| *at <= now)))
}

/// The next instant anything wants attention: a waiting notice, a lease that runs out, a ladder.
pub(super) async fn next_wake(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let (lease, ladder): (Option<i64>, Option<i64>) = query_as(NEXT_OTHER).fetch_one(&mut *conn).await?;
    let lease = Place { table: "notice", key: "min" }.instant_of("lease_until", lease)?;
    let ladder = Place { table: "obligation", key: "min" }.instant_of("next_action", ladder)?;
    Ok([next_send(conn).await?, lease, ladder].into_iter().flatten().min())
}
