//! Duties that come again: which are ripe, their rows, and that a period was dealt with.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::obligation::{Row, columns};
use super::sql::{query, query_as};
use super::tx::SqlTx;
use super::value::{Place, millis};
use crate::app::ports::{RecurTx, StoreError, StoredDuty};
use crate::domain::ids::DutyId;
use crate::domain::obligation::Obligation;

#[async_trait]
impl RecurTx for SqlTx {
    async fn ripe(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<StoredDuty>, StoreError> {
        let rows: Vec<(i64, String)> = query_as(
            "SELECT id, content FROM duty WHERE again <= $1 AND NOT EXISTS (
                    SELECT 1 FROM braked b JOIN revision r ON r.document = b.document
                    WHERE r.id = duty.revision AND b.state = 'waiting')
                 ORDER BY again, id LIMIT $2",
        )
        .bind(millis(now))
        .bind(limit)
        .fetch_all(self.conn())
        .await?;
        let read = |(id, content): (i64, String)| {
            let place = Place { table: "duty", key: id };
            Ok(StoredDuty { id: DutyId(id), duty: place.json("content", &content)? })
        };
        rows.into_iter().map(read).collect()
    }

    async fn under(&mut self, duty: DutyId) -> Result<Vec<Obligation>, StoreError> {
        let rows: Vec<Row> = query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM obligation o JOIN document d ON d.id = o.document
             WHERE o.duty = $1 AND d.standing = 'in-force'
                AND o.revision = (SELECT max(id) FROM revision WHERE document = o.document)
             ORDER BY o.cell"
        ))
        .bind(duty.0)
        .fetch_all(self.conn())
        .await?;
        rows.into_iter().map(Obligation::try_from).collect()
    }

    async fn end_period(&mut self, duty: DutyId) -> Result<(), StoreError> {
        query("UPDATE duty SET again = NULL WHERE id = $1").bind(duty.0).execute(self.conn()).await?;
        Ok(())
    }
}
