//! Rows of a table, from one side to the other, and their sum.

use aws_lc_rs::digest;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Error, Postgres, Row, Sqlite, Type};

use super::super::sql::{Conn, Line, Value, answered, arguments, one_by_one};
use super::catalogue::{Kind, Table};
use super::{Copied, Watcher};
use crate::app::ports::StoreError;

/// Values in one statement at most; SQLite allows 32,766, PostgreSQL 65,535.
const VALUES: usize = 8_000;

/// Bytes in one statement, roughly, before it is sent; what a source sent may be megabytes.
const BYTES: usize = 4 * 1024 * 1024;

/// Rows between two words to whoever watches.
const STRIDE: u64 = 500;

impl Table {
    fn quoted(columns: impl Iterator<Item = impl AsRef<str>>) -> String {
        columns.map(|column| format!("\"{}\"", column.as_ref())).collect::<Vec<_>>().join(", ")
    }

    fn names(&self) -> String {
        Self::quoted(self.columns.iter().map(|(name, _)| name))
    }

    /// Every row in the order of the key, which is the same on both sides: texts are compared by their bytes.
    fn select(&self) -> String {
        format!("SELECT {} FROM \"{}\" ORDER BY {}", self.names(), self.name, Self::quoted(self.key.iter()))
    }

    fn insert(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<_> = (1..=width).map(|place| format!("${}", row * width + place)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        format!("INSERT INTO \"{}\" ({}) VALUES {}", self.name, self.names(), rows.join(", "))
    }
}

/// The sum over rows: whatever differs in a value, in its type or in their order shows.
struct Sum {
    digest: digest::Context,
    rows: u64,
}

impl Sum {
    fn new() -> Self {
        Self { digest: digest::Context::new(&digest::SHA256), rows: 0 }
    }

    fn add(&mut self, row: &[Value]) {
        for value in row {
            let (kind, bytes) = match value {
                Value::Int(Some(number)) => ('i', number.to_string().into_bytes()),
                Value::Text(Some(text)) => ('t', text.clone().into_bytes()),
                Value::Bytes(Some(bytes)) => ('b', bytes.clone()),
                Value::Int(None) | Value::Text(None) | Value::Bytes(None) => ('n', Vec::new()),
            };
            self.digest.update(format!("{kind}{}:", bytes.len()).as_bytes());
            self.digest.update(&bytes);
        }
        self.rows += 1;
    }

    fn end(self, table: &Table) -> Copied {
        let hash = data_encoding::HEXLOWER.encode(self.digest.finish().as_ref());
        Copied { table: table.name.clone(), rows: self.rows, hash }
    }
}

/// Copies every row of a table; the sum is over what was read.
pub(super) async fn copy(
    source: &mut Conn,
    target: &mut Conn,
    table: &Table,
    watch: Watcher<'_>,
) -> Result<Copied, StoreError> {
    let mut sum = Sum::new();
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut rows = rows(source, table);
    while let Some(row) = rows.try_next().await? {
        sum.add(&row);
        bytes += row.iter().map(size).sum::<usize>();
        batch.extend(row);
        if batch.len() + table.columns.len() > VALUES || bytes > BYTES {
            insert(target, table, std::mem::take(&mut batch)).await?;
            bytes = 0;
            watch(&table.name, sum.rows);
        }
    }
    insert(target, table, batch).await?;
    watch(&table.name, sum.rows);
    Ok(sum.end(table))
}

/// The sum over the rows of a table as they stand.
pub(super) async fn sum(conn: &mut Conn, table: &Table, watch: Watcher<'_>) -> Result<Copied, StoreError> {
    let mut sum = Sum::new();
    let mut rows = rows(conn, table);
    while let Some(row) = rows.try_next().await? {
        sum.add(&row);
        if sum.rows.is_multiple_of(STRIDE) {
            watch(&table.name, sum.rows);
        }
    }
    Ok(sum.end(table))
}

/// Whether a table has no rows.
pub(super) async fn is_empty(conn: &mut Conn, table: &Table) -> Result<bool, StoreError> {
    Ok(rows(conn, table).try_next().await?.is_none())
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(Some(text)) => text.len(),
        Value::Bytes(Some(bytes)) => bytes.len(),
        _ => size_of::<i64>(),
    }
}

async fn insert(conn: &mut Conn, table: &Table, values: Vec<Value>) -> Result<(), StoreError> {
    if values.is_empty() {
        return Ok(());
    }
    let sql = AssertSqlSafe(table.insert(values.len().div_ceil(table.columns.len())));
    match conn.line() {
        Line::Sqlite(line) => {
            sqlx::query_with::<Sqlite, _>(sql, arguments::<SqliteArguments>(values)?)
                .persistent(false)
                .execute(line)
                .await?;
        }
        Line::Postgres(line, patience) => {
            let insert = sqlx::query_with::<Postgres, _>(sql, arguments::<PgArguments>(values)?);
            answered(patience, insert.persistent(false).execute(line)).await?;
        }
    }
    Ok(())
}

fn rows<'c>(conn: &'c mut Conn, table: &'c Table) -> BoxStream<'c, Result<Vec<Value>, Error>> {
    let sql = AssertSqlSafe(table.select());
    match conn.line() {
        Line::Sqlite(line) => {
            sqlx::query::<Sqlite>(sql).persistent(false).fetch(line).map(|row| values(&row?, table)).boxed()
        }
        Line::Postgres(line, patience) => {
            let rows = sqlx::query::<Postgres>(sql).persistent(false).fetch(line);
            one_by_one(patience, rows).map(|row| values(&row?, table)).boxed()
        }
    }
}

fn values<'r, R>(row: &'r R, table: &Table) -> Result<Vec<Value>, Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |(place, (_, kind)): (usize, &(String, Kind))| {
        Ok(match kind {
            Kind::Int => Value::Int(row.try_get(place)?),
            Kind::Text => Value::Text(row.try_get(place)?),
            Kind::Bytes => Value::Bytes(row.try_get(place)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}
