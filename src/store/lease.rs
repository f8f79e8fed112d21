//! Leases of instances that share a register on a server.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, millis};
use super::{Conn, dialect, schema};
use crate::app::ports::{LeaseReader, LeaseTx, StoreError, Uncleared};

#[async_trait]
impl<P: Pool> LeaseReader for P {
    async fn server_time(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut conn = self.reader().await?;
        if !conn.is_shared() {
            return Ok(None);
        }
        let now: i64 = query_scalar(dialect::SERVER_TIME).fetch_one(&mut conn).await?;
        Place { table: "lease", key: "now" }.instant("until", now).map(Some)
    }

    async fn require_known(&self) -> Result<(), StoreError> {
        let mut conn = self.reader().await?;
        if !conn.is_shared() {
            return Ok(());
        }
        let newest: Option<(i64, String)> = query_as(
            "SELECT version, program FROM vanthu_schema WHERE version > $1 ORDER BY version DESC LIMIT 1",
        )
        .bind(schema::newest())
        .fetch_optional(&mut conn)
        .await?;
        newest.map_or(Ok(()), |(version, program)| Err(schema::too_new("sổ", version, &program)))
    }

    async fn uncleared(&self) -> Result<Option<Uncleared>, StoreError> {
        let mut conn = self.reader().await?;
        if !conn.is_shared() {
            return Ok(None);
        }
        let most: Option<(String, i64, i64)> =
            query_as(dialect::UNCLEARED).bind(DEAD).fetch_optional(&mut conn).await?;
        most.map(|(table, dead, live)| {
            let place = Place { table: "pg_stat_user_tables", key: &table };
            let (dead, live) = (place.number("n_dead_tup", dead)?, place.number("n_live_tup", live)?);
            Ok(Uncleared { table: table.clone(), dead, live })
        })
        .transpose()
    }

    async fn instances(&self) -> Result<Vec<String>, StoreError> {
        let mut conn = self.reader().await?;
        if conn.is_shared() { living(&mut conn).await } else { Ok(Vec::new()) }
    }
}

/// So many dead rows of a table are nothing yet: autovacuum comes once in a while.
const DEAD: i64 = 50_000;

/// The instances that serve a register on a server.
pub(super) async fn living(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(query_scalar(dialect::INSTANCES).fetch_all(conn).await?)
}

/// Frees what instances that live no more had claimed; how many mails that were.
pub(super) async fn free(conn: &mut Conn, now: DateTime<Utc>) -> Result<u64, StoreError> {
    conn.queues(None, millis(now));
    query(dialect::FREE_STATUSES).execute(&mut *conn).await?;
    Ok(query(dialect::FREE_NOTICES).bind(millis(now)).execute(conn).await?.rows_affected())
}

#[async_trait]
impl LeaseTx for SqlTx {
    async fn take_lease(
        &mut self,
        job: &str,
        instance: &str,
        time: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        Ok(query_scalar(dialect::HOLD)
            .bind(job)
            .bind(instance)
            .bind(time.num_milliseconds())
            .bind(millis(now))
            .fetch_optional(self.conn())
            .await?)
    }

    async fn give_back(&mut self, instance: &str) -> Result<(), StoreError> {
        query("UPDATE lease SET until = 0 WHERE holder = $1").bind(instance).execute(self.conn()).await?;
        Ok(())
    }

    async fn take_back(&mut self, instance: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.conn().queues(None, millis(now));
        let done = query(
            "UPDATE notice SET delivery = 'ambiguous', lease_until = NULL, send_at = $2, doubtful = $2
             WHERE delivery = 'sending' AND instance = $1",
        )
        .bind(instance)
        .bind(millis(now))
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }
}
