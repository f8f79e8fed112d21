//! What the nightly comparison of a source with the register found.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::FromRow;
use std::collections::BTreeMap;

use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, json, millis};
use super::{Conn, dialect, receipt};
use crate::app::ports::{Differ, Difference, ReceiptLook, Span, StoreError, UpstreamTx};
use crate::domain::ids::{DocumentId, ExternalId, SourceId, UnitId};
use crate::domain::receipt::Times;

/// At the edges of a span the source's day of issue and ours may be different days of the same document; what
/// lies so near to them is not called missing.
const EDGE: TimeDelta = TimeDelta::days(2);

#[async_trait]
impl UpstreamTx for SqlTx {
    async fn receipts_of(
        &mut self,
        document: DocumentId,
        source: &SourceId,
    ) -> Result<BTreeMap<UnitId, Times>, StoreError> {
        receipt::of(self.conn(), document, source).await
    }

    async fn keep_receipts(&mut self, look: &ReceiptLook) -> Result<(), StoreError> {
        receipt::keep(self.conn(), look).await
    }

    async fn note_found(
        &mut self,
        source: &SourceId,
        walk: DateTime<Utc>,
        found: &[(ExternalId, bool)],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = found.iter().map(|(id, overdue)| (id, i64::from(*overdue))).collect();
        query(dialect::NOTE_FOUND)
            .bind(source.as_str())
            .bind(millis(walk))
            .bind(json(&rows)?)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn conclude_compare(
        &mut self,
        source: &SourceId,
        walk: DateTime<Utc>,
        span: Span,
    ) -> Result<(), StoreError> {
        query(dialect::NOTE_MISSING)
            .bind(source.as_str())
            .bind(millis(walk))
            .bind(iso(span.from + EDGE))
            .bind(iso(span.until - EDGE))
            .execute(self.conn())
            .await?;
        for sql in [
            "UPDATE compared SET missing = NULL WHERE source = $1 AND found = $2 AND missing IS NOT NULL",
            "UPDATE compared SET overdue_since = NULL
             WHERE source = $1 AND overdue_since IS NOT NULL AND overdue < $2",
        ] {
            query(sql).bind(source.as_str()).bind(millis(walk)).execute(self.conn()).await?;
        }
        Ok(())
    }
}

/// A day as it stands in a document's JSON.
fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// Of `ids` those that were never read, in order.
pub(super) async fn unknown(
    conn: &mut Conn,
    source: &SourceId,
    ids: &[ExternalId],
) -> Result<Vec<ExternalId>, StoreError> {
    let ids: Vec<String> =
        query_scalar(dialect::UNKNOWN).bind(source.as_str()).bind(json(ids)?).fetch_all(conn).await?;
    Ok(ids.into_iter().map(ExternalId).collect())
}

#[derive(FromRow)]
struct Row {
    document: i64,
    symbol: String,
    source: String,
    external_id: String,
    missing: Option<i64>,
    overdue_since: Option<i64>,
    asked: i64,
    live: i64,
    undated: i64,
}

impl Row {
    /// Since when it differs how.
    fn differs(&self) -> [(Option<i64>, Differ); 3] {
        let overdue = |holds: bool| self.overdue_since.filter(|_| holds);
        [
            (self.missing, Differ::Missing),
            (overdue(self.undated > 0), Differ::Undated),
            (overdue(self.asked > 0 && self.live == 0), Differ::Finished),
        ]
    }

    fn differences(&self) -> Result<Vec<Difference>, StoreError> {
        let place = Place { table: "compared", key: &self.external_id };
        let difference = |(since, differ): (Option<i64>, Differ)| {
            let since = place.instant_of("missing", since).transpose()?;
            Some(since.map(|since| Difference {
                document: DocumentId(self.document),
                symbol: self.symbol.clone(),
                source: SourceId(self.source.clone()),
                external_id: ExternalId(self.external_id.clone()),
                differ,
                since,
            }))
        };
        self.differs().into_iter().filter_map(difference).collect()
    }
}

/// Where sources and register differ, by document.
pub(super) async fn differences(
    conn: &mut Conn,
    document: Option<DocumentId>,
) -> Result<Vec<Difference>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT g.document, r.symbol, c.source, c.external_id, c.missing, c.overdue_since,
            count(b.id) FILTER (WHERE b.state <> 'withdrawn') AS asked,
            count(b.id) FILTER (WHERE b.state IN ('open', 'acknowledged')) AS live,
            count(b.id) FILTER (WHERE b.state IN ('open', 'acknowledged') AND b.due IS NULL) AS undated
         FROM compared c
         JOIN origin g ON g.source = c.source AND g.external_id = c.external_id
         JOIN revision r ON r.id = (SELECT max(id) FROM revision WHERE document = g.document)
         LEFT JOIN obligation b ON b.revision = r.id
         WHERE (c.missing IS NOT NULL OR c.overdue_since IS NOT NULL) AND ($1 IS NULL OR g.document = $1)
         GROUP BY c.source, c.external_id, g.document, r.symbol, c.missing, c.overdue_since
         ORDER BY g.document, c.source, c.external_id",
    )
    .bind(document.map(|id| id.0))
    .fetch_all(conn)
    .await?;
    let differences: Result<Vec<_>, _> = rows.iter().map(Row::differences).collect();
    Ok(differences?.into_iter().flatten().collect())
}
