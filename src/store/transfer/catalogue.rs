//! What tables a register has, by the catalogue of its SQLite side, and the counters of its PostgreSQL side.

use std::collections::BTreeSet;

use super::super::sql::{Conn, query_as, query_scalar};
use crate::app::ports::StoreError;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// INTEGER, BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BLOB, BYTEA.
    Bytes,
}

/// A table with its columns.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// Its columns, in their order on the SQLite side.
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns of its key.
    pub(super) key: Vec<String>,
}

/// Every table, each after those it refers to.
pub(super) async fn tables(conn: &mut Conn) -> Result<Vec<Table>, StoreError> {
    let names: Vec<String> = query_scalar(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut waiting = Vec::with_capacity(names.len());
    for name in names {
        let referred: Vec<String> = query_scalar("SELECT \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&name)
            .fetch_all(&mut *conn)
            .await?;
        let referred: BTreeSet<_> = referred.into_iter().filter(|other| *other != name).collect();
        waiting.push((table(conn, name).await?, referred));
    }
    Ok(in_order(waiting))
}

/// Tables whose references all stand before them; of a circle, which the schema has none of, in any order.
fn in_order(mut waiting: Vec<(Table, BTreeSet<String>)>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let placed = |name: &String| ordered.iter().any(|table| table.name == *name);
        let next = waiting.iter().position(|(_, referred)| referred.iter().all(placed)).unwrap_or_default();
        ordered.push(waiting.remove(next).0);
    }
    ordered
}

async fn table(conn: &mut Conn, name: String) -> Result<Table, StoreError> {
    let rows: Vec<(String, String, i64)> =
        query_as("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid")
            .bind(&name)
            .fetch_all(conn)
            .await?;
    let mut key: Vec<_> = rows.iter().filter(|(_, _, pk)| *pk > 0).collect();
    key.sort_by_key(|(_, _, pk)| *pk);
    let key = key.into_iter().map(|(column, _, _)| column.clone()).collect();
    let columns = rows.into_iter().map(|(column, kind, _)| {
        let kind = match kind.as_str() {
            "INTEGER" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Bytes,
            other => return Err(StoreError::Engine(format!("{name}.{column}: {other}"))),
        };
        Ok((column, kind))
    });
    Ok(Table { columns: columns.collect::<Result<_, _>>()?, key, name })
}

/// Lets every counter go on after the greatest number there is.
pub(super) async fn set_sequences(conn: &mut Conn) -> Result<(), StoreError> {
    let counters: Vec<(String, String)> = query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY table_name",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (table, column) in counters {
        super::execute(
            conn,
            &format!(
                "SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), max(\"{column}\"))
                 FROM \"{table}\" HAVING max(\"{column}\") IS NOT NULL"
            ),
        )
        .await?;
    }
    Ok(())
}
