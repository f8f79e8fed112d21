//! The brake: what was told of late, and what is kept back from being told.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Conn;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, millis, millis_of, signed};
use crate::app::ports::{BrakeTx, Braked, StoreError};
use crate::domain::brake::{Flow, Why};
use crate::domain::ids::{DocumentId, HoldId, RevisionId};

/// What a hold keeps back; mails of revisions that were overtaken are dropped and count no more.
pub(super) async fn count(conn: &mut Conn, hold: HoldId) -> Result<Braked, StoreError> {
    let (documents, mails): (i64, i64) = query_as(
        "SELECT count(*), CAST(coalesce(sum((SELECT count(*) FROM revision r JOIN notice n ON n.revision = r.id
             WHERE r.document = b.document AND n.delivery = 'held')), 0) AS BIGINT)
         FROM braked b WHERE b.hold = $1 AND b.state = 'waiting'",
    )
    .bind(hold.0)
    .fetch_one(conn)
    .await?;
    let place = Place { table: "braked", key: hold };
    Ok(Braked { documents: place.number("document", documents)?, mails: place.number("hold", mails)? })
}

/// The documents that a hold keeps back, oldest first, at most so many.
pub(super) async fn documents(
    conn: &mut Conn,
    hold: HoldId,
    most: i64,
) -> Result<Vec<DocumentId>, StoreError> {
    let ids: Vec<i64> = query_scalar(
        "SELECT document FROM braked WHERE hold = $1 AND state = 'waiting' ORDER BY document LIMIT $2",
    )
    .bind(hold.0)
    .bind(most)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// Its mails that wait are held, and its ladders rest: nobody may be chased about what nobody was told.
async fn keep_back(conn: &mut Conn, document: DocumentId) -> Result<(), StoreError> {
    query(
        "UPDATE notice SET delivery = 'held'
         WHERE delivery = 'queued' AND revision IN (SELECT id FROM revision WHERE document = $1)",
    )
    .bind(document.0)
    .execute(&mut *conn)
    .await?;
    query(
        "UPDATE obligation SET next_action = NULL
         WHERE next_action IS NOT NULL AND revision = (SELECT max(id) FROM revision WHERE document = $1)",
    )
    .bind(document.0)
    .execute(conn)
    .await?;
    Ok(())
}

#[async_trait]
impl BrakeTx for SqlTx {
    async fn flow(&mut self, since: DateTime<Utc>) -> Result<Flow, StoreError> {
        query("DELETE FROM passed WHERE at <= $1").bind(millis(since)).execute(self.conn()).await?;
        let (directives, mails): (i64, i64) =
            query_as("SELECT count(*), CAST(coalesce(sum(mails), 0) AS BIGINT) FROM passed")
                .fetch_one(self.conn())
                .await?;
        let place = Place { table: "passed", key: "sum" };
        Ok(Flow { directives: place.number("id", directives)?, mails: place.number("mails", mails)? })
    }

    async fn passed(
        &mut self,
        document: DocumentId,
        mails: u64,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        query("INSERT INTO passed (document, at, mails) VALUES ($1, $2, $3)")
            .bind(document.0)
            .bind(millis(now))
            .bind(signed(mails))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn queued(&mut self, revision: RevisionId) -> Result<u64, StoreError> {
        let count: i64 =
            query_scalar("SELECT count(*) FROM notice WHERE revision = $1 AND delivery = 'queued'")
                .bind(revision.0)
                .fetch_one(self.conn())
                .await?;
        Place { table: "notice", key: revision }.number("revision", count)
    }

    async fn braked(&mut self, document: DocumentId) -> Result<Option<(HoldId, Why)>, StoreError> {
        let row: Option<(i64, String)> = query_as(
            "SELECT hold, why FROM braked
             WHERE document = $1 AND (state = 'waiting' OR state = 'silent' AND why = 'baseline')",
        )
        .bind(document.0)
        .fetch_optional(self.conn())
        .await?;
        let place = Place { table: "braked", key: document };
        row.map(|(hold, why)| Ok((HoldId(hold), place.word("why", &why, Why::parse)?))).transpose()
    }

    async fn brake(&mut self, document: DocumentId, hold: HoldId, why: Why) -> Result<(), StoreError> {
        query(
            "INSERT INTO braked (document, hold, why, state) VALUES ($1, $2, $3, 'waiting')
             ON CONFLICT (document) DO UPDATE SET hold = excluded.hold, why = excluded.why, state = 'waiting'",
        )
        .bind(document.0)
        .bind(hold.0)
        .bind(why.as_str())
        .execute(self.conn())
        .await?;
        keep_back(self.conn(), document).await
    }

    async fn braked_by(&mut self, hold: HoldId) -> Result<Vec<DocumentId>, StoreError> {
        documents(self.conn(), hold, i64::MAX).await
    }

    async fn braked_count(&mut self, hold: HoldId) -> Result<Braked, StoreError> {
        count(self.conn(), hold).await
    }

    async fn let_go(
        &mut self,
        document: DocumentId,
        send_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let state = if send_at.is_some() { "released" } else { "silent" };
        query("UPDATE braked SET state = $2 WHERE document = $1")
            .bind(document.0)
            .bind(state)
            .execute(self.conn())
            .await?;
        if let Some(at) = send_at {
            self.conn().queues(None, millis(at));
        }
        let done = query(
            "UPDATE notice SET delivery = CASE WHEN $2 IS NULL THEN 'dropped' ELSE 'queued' END,
                send_at = coalesce($2, send_at), enqueued = $3,
                reply = CASE WHEN $2 IS NULL THEN 'văn phòng quyết định không gửi' END
             WHERE delivery = 'held' AND revision IN (SELECT id FROM revision WHERE document = $1)",
        )
        .bind(document.0)
        .bind(millis_of(send_at))
        .bind(millis(now))
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    async fn hold_reason(&mut self, hold: HoldId, reason: &str) -> Result<(), StoreError> {
        query("UPDATE hold SET reason = $2 WHERE id = $1")
            .bind(hold.0)
            .bind(reason)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
