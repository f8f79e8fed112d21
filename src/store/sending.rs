//! Conversations, recent mails, and mails kept back because of where they would go.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::pool::Pool;
use super::sql::{query, query_as};
use super::tx::SqlTx;
use super::value::{Place, json, millis};
use super::{claim, dialect};
use crate::app::ports::{Claimed, NewThread, SendingReader, SendingTx, StoreError};
use crate::domain::ids::{DocumentId, NoticeId, UnitId};
use crate::domain::sending::SafeList;
use crate::domain::thread::Thread;

#[async_trait]
impl<P: Pool> SendingReader for P {
    async fn thread(
        &self,
        document: DocumentId,
        unit: &UnitId,
        mailbox: &str,
    ) -> Result<Option<Thread>, StoreError> {
        let row: Option<(String, i64, String)> = query_as(
            "SELECT topic, started, first FROM thread WHERE document = $1 AND unit = $2 AND mailbox = $3",
        )
        .bind(document.0)
        .bind(unit.as_str())
        .bind(mailbox)
        .fetch_optional(&mut self.reader().await?)
        .await?;
        let place = Place { table: "thread", key: document };
        let thread = |(topic, started, first)| {
            Ok(Thread { topic, started: place.instant("started", started)?, first })
        };
        row.map(thread).transpose()
    }

    async fn sent_since(&self, since: DateTime<Utc>) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(String, i64)> = query_as(
            "SELECT mailbox, sent_at FROM notice WHERE delivery = 'sent' AND sent_at >= $1 ORDER BY sent_at",
        )
        .bind(millis(since))
        .fetch_all(&mut self.reader().await?)
        .await?;
        let place = Place { table: "notice", key: "sent_at" };
        rows.into_iter().map(|(mailbox, at)| Ok((mailbox, place.instant("sent_at", at)?))).collect()
    }

    async fn as_claimed(&self, id: NoticeId) -> Result<Option<Claimed>, StoreError> {
        Ok(claim::read(&mut self.reader().await?, &[id.0]).await?.pop())
    }
}

#[async_trait]
impl SendingTx for SqlTx {
    async fn keep_threads(&mut self, threads: &[NewThread]) -> Result<(), StoreError> {
        if threads.is_empty() {
            return Ok(());
        }
        let row = |new: &NewThread| {
            let NewThread { document, unit, mailbox, thread } = new.clone();
            (document, unit, mailbox, thread.topic, millis(thread.started), thread.first)
        };
        let rows: Vec<_> = threads.iter().map(row).collect();
        query(dialect::KEEP_THREADS).bind(json(&rows)?).execute(self.conn()).await?;
        Ok(())
    }

    async fn keep_outside(&mut self, notices: &[(NoticeId, String)]) -> Result<(), StoreError> {
        if !notices.is_empty() {
            query(dialect::KEEP_OUTSIDE).bind(json(notices)?).execute(self.conn()).await?;
        }
        Ok(())
    }

    async fn explain_outside(
        &mut self,
        document: DocumentId,
        unit: &UnitId,
        words: &str,
    ) -> Result<u64, StoreError> {
        let done = query(
            "UPDATE notice SET reply = coalesce(reply || '; ', '') || $3
             WHERE delivery = 'held' AND unit = $2 AND id IN (SELECT notice FROM outside)
                AND revision IN (SELECT id FROM revision WHERE document = $1)",
        )
        .bind(document.0)
        .bind(unit.as_str())
        .bind(words)
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    async fn admit(&mut self, safe: &SafeList, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let held: Vec<(i64, String)> =
            query_as("SELECT notice, mailbox FROM outside").fetch_all(self.conn()).await?;
        let admitted: Vec<_> =
            held.iter().filter(|(_, mailbox)| safe.admits(mailbox)).map(|(notice, _)| *notice).collect();
        if admitted.is_empty() {
            return Ok(0);
        }
        let ids = json(&admitted)?;
        self.conn().queues(None, millis(now));
        let done = query(dialect::ADMIT).bind(&ids).bind(millis(now)).execute(self.conn()).await?;
        query(dialect::FORGET_OUTSIDE).bind(&ids).execute(self.conn()).await?;
        Ok(done.rows_affected())
    }
}
