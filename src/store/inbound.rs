//! Mail that came back: messages, and how far the mailbox for answers was read.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place as At, millis, millis_of};
use super::{Conn, mailbox};
use crate::app::ports::{
    Bounce, InboundKind, InboundReader, InboundRow, InboundTx, InboxState, NewInbound, Place, StoreError,
    Written,
};
use crate::domain::ids::{DocumentId, NoticeId, UnitId};
use crate::domain::mailbox::Record;
use crate::domain::notice::NoticeKey;

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    because: String,
    document: Option<i64>,
    unit: Option<String>,
    notice: Option<i64>,
    sender: Option<String>,
    text: Option<String>,
    at: i64,
}

impl TryFrom<Row> for InboundRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = At { table: "inbound", key: row.id };
        Ok(Self {
            id: row.id,
            kind: place.word("kind", &row.kind, InboundKind::parse)?,
            because: row.because,
            document: row.document.map(DocumentId),
            unit: row.unit.map(UnitId),
            notice: row.notice.map(NoticeId),
            sender: row.sender,
            text: row.text,
            at: place.instant("at", row.at)?,
        })
    }
}

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "SELECT id, kind, because, document, unit, notice, sender, text, at FROM inbound "
    };
}

#[derive(FromRow)]
struct StateRow {
    inbox: String,
    validity: i64,
    uid: i64,
    good: Option<i64>,
    failing_since: Option<i64>,
    error: Option<String>,
}

impl TryFrom<StateRow> for InboxState {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        let place = At { table: "inbox", key: row.inbox.clone() };
        Ok(Self {
            validity: place.number("validity", row.validity)?,
            uid: place.number("uid", row.uid)?,
            good: place.instant_of("good", row.good)?,
            failing_since: place.instant_of("failing_since", row.failing_since)?,
            error: row.error,
            inbox: row.inbox,
        })
    }
}

async fn keep(conn: &mut Conn, mail: &NewInbound) -> Result<i64, StoreError> {
    let id = query_scalar(
        "INSERT INTO inbound (identity, inbox, validity, uid, kind, because, document, unit, notice, sender, text,
            raw, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
    )
    .bind(&mail.identity)
    .bind(&mail.place.inbox)
    .bind(mail.place.validity)
    .bind(mail.place.uid)
    .bind(mail.kind.as_str())
    .bind(&mail.because)
    .bind(mail.document.map(|id| id.0))
    .bind(mail.unit.as_ref().map(UnitId::as_str))
    .bind(mail.notice.map(|id| id.0))
    .bind(mail.sender.as_deref())
    .bind(mail.text.as_deref())
    .bind(mail.raw.as_deref())
    .bind(millis(mail.at))
    .fetch_one(conn)
    .await?;
    Ok(id)
}

async fn save(conn: &mut Conn, state: &InboxState) -> Result<(), StoreError> {
    query(
        "INSERT INTO inbox (inbox, validity, uid, good, failing_since, error) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (inbox) DO UPDATE SET validity = excluded.validity, uid = excluded.uid,
            good = excluded.good, failing_since = excluded.failing_since, error = excluded.error",
    )
    .bind(&state.inbox)
    .bind(state.validity)
    .bind(state.uid)
    .bind(millis_of(state.good))
    .bind(millis_of(state.failing_since))
    .bind(state.error.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

#[async_trait]
impl InboundTx for SqlTx {
    async fn knows_mail(&mut self, identity: &str) -> Result<bool, StoreError> {
        let known: Option<i64> = query_scalar("SELECT id FROM inbound WHERE identity = $1")
            .bind(identity)
            .fetch_optional(self.conn())
            .await?;
        Ok(known.is_some())
    }

    async fn keep_mail(&mut self, mail: &NewInbound) -> Result<i64, StoreError> {
        keep(self.conn(), mail).await
    }

    async fn save_inbox(&mut self, state: &InboxState) -> Result<(), StoreError> {
        save(self.conn(), state).await
    }

    async fn put_away(&mut self, place: &Place) -> Result<(), StoreError> {
        query("UPDATE inbound SET away = 1 WHERE away = 0 AND inbox = $1 AND validity = $2 AND uid = $3")
            .bind(&place.inbox)
            .bind(place.validity)
            .bind(place.uid)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn written(&mut self, message_ids: &[String]) -> Result<Vec<Written>, StoreError> {
        mailbox::written(self.conn(), message_ids).await
    }

    async fn addressed(&mut self, key: &NoticeKey) -> Result<BTreeSet<String>, StoreError> {
        mailbox::addressed(self.conn(), key).await
    }

    async fn bounce(&mut self, bounce: &Bounce) -> Result<bool, StoreError> {
        mailbox::bounce(self.conn(), bounce).await
    }

    async fn mailbox(&mut self, address: &str) -> Result<Option<Record>, StoreError> {
        mailbox::get(self.conn(), address).await
    }

    async fn save_mailbox(&mut self, record: &Record) -> Result<(), StoreError> {
        mailbox::save(self.conn(), record).await
    }

    async fn dead(&mut self) -> Result<BTreeSet<String>, StoreError> {
        mailbox::dead(self.conn()).await
    }

    async fn recovered(&mut self, before: DateTime<Utc>) -> Result<Vec<Record>, StoreError> {
        mailbox::recovered(self.conn(), before).await
    }

    async fn forget_mail(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = query(
            "UPDATE inbound SET sender = NULL, text = NULL, raw = NULL
             WHERE at < $1 AND (sender IS NOT NULL OR text IS NOT NULL OR raw IS NOT NULL)",
        )
        .bind(millis(before))
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }
}

#[async_trait]
impl<P: Pool> InboundReader for P {
    async fn inbox(&self, inbox: &str) -> Result<Option<InboxState>, StoreError> {
        let row: Option<StateRow> = query_as("SELECT * FROM inbox WHERE inbox = $1")
            .bind(inbox)
            .fetch_optional(&mut self.reader().await?)
            .await?;
        row.map(InboxState::try_from).transpose()
    }

    async fn inboxes(&self) -> Result<Vec<InboxState>, StoreError> {
        let rows: Vec<StateRow> =
            query_as("SELECT * FROM inbox ORDER BY inbox").fetch_all(&mut self.reader().await?).await?;
        rows.into_iter().map(InboxState::try_from).collect()
    }

    async fn left_behind(&self, inbox: &str, validity: u32) -> Result<Vec<u32>, StoreError> {
        let uids: Vec<i64> = query_scalar(
            "SELECT uid FROM inbound WHERE away = 0 AND inbox = $1 AND validity = $2 ORDER BY uid",
        )
        .bind(inbox)
        .bind(validity)
        .fetch_all(&mut self.reader().await?)
        .await?;
        let place = At { table: "inbound", key: inbox };
        uids.into_iter().map(|uid| place.number("uid", uid)).collect()
    }

    async fn message(&self, id: i64) -> Result<Option<InboundRow>, StoreError> {
        let row: Option<Row> = query_as(concat!(columns!(), "WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut self.reader().await?)
            .await?;
        row.map(InboundRow::try_from).transpose()
    }

    async fn messages(&self, document: DocumentId) -> Result<Vec<InboundRow>, StoreError> {
        let rows: Vec<Row> = query_as(concat!(columns!(), "WHERE document = $1 ORDER BY id"))
            .bind(document.0)
            .fetch_all(&mut self.reader().await?)
            .await?;
        rows.into_iter().map(InboundRow::try_from).collect()
    }

    async fn inbound_tally(&self) -> Result<Vec<(InboundKind, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = query_as("SELECT kind, count(*) FROM inbound GROUP BY kind")
            .fetch_all(&mut self.reader().await?)
            .await?;
        let read = |(kind, count): (String, i64)| {
            let place = At { table: "inbound", key: &kind };
            Ok((place.word("kind", &kind, InboundKind::parse)?, place.number("count", count)?))
        };
        rows.into_iter().map(read).collect()
    }

    async fn mailboxes(&self) -> Result<Vec<Record>, StoreError> {
        mailbox::list(&mut self.reader().await?).await
    }
}
