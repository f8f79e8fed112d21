//! Copies a whole register from an SQLite file to a PostgreSQL server, or back: one transaction on the side that is
//! filled, every table read again afterwards and compared, row by row, with what was read.
//!
//! What tables there are is asked of the SQLite side, so that no list here can forget one.

mod catalogue;
mod copy;

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, raw_sql};

use self::catalogue::Table;
use super::pool::{Access, Writer as _};
use super::postgres::{self, PostgresOptions};
use super::sql::{Conn, Line, answered};
use super::{journal, lease, place, restoration, sqlite};
use crate::app::ports::StoreError;
use crate::domain::chain::Verdict;

/// Where a register is, or is to be.
#[derive(Debug, Clone)]
pub enum End {
    /// In an SQLite file.
    File(PathBuf),
    /// On a PostgreSQL server.
    Server(PostgresOptions),
}

impl End {
    /// How people may see it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Server(options) => options.shown(),
        }
    }
}

/// What was copied of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256, lower-case hex, over its rows in the order of their key, each value with its type and length.
    pub hash: String,
}

/// Who watches a copy: the table, and how many of its rows were copied or compared so far.
pub type Watcher<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// One side of the copy, held against every other writer.
struct Side {
    conn: Conn,
    /// Keeps a daemon from opening the file meanwhile.
    _lock: Option<File>,
}

/// Copies the register `from` one side `to` the other, which must be empty, and compares every row; nothing stays on
/// the other side if anything differs. Contents of attachments are not in the register and stay where they are.
///
/// # Errors
/// [`StoreError::Refused`], with what to do, where both are of one kind, a daemon is at work, `to` is not empty, or a
/// row or the journal differs afterwards; else as the engines say.
pub async fn transfer(from: &End, to: &End, watch: Watcher<'_>) -> Result<Vec<Copied>, StoreError> {
    let (mut source, mut target) = sides(from, to).await?;
    let tables = match from {
        End::File(_) => catalogue::tables(&mut source.conn).await?,
        End::Server(_) => catalogue::tables(&mut target.conn).await?,
    };
    require_empty(&mut target.conn, &tables, &to.shown()).await?;
    execute(&mut target.conn, "DELETE FROM meta; DELETE FROM lease").await?;
    let mut copied = Vec::with_capacity(tables.len());
    for table in &tables {
        copied.push(copy::copy(&mut source.conn, &mut target.conn, table, watch).await?);
    }
    for (table, read) in tables.iter().zip(&copied) {
        let written = copy::sum(&mut target.conn, table, watch).await?;
        if written != *read {
            return Err(differs(&to.shown(), &table.name));
        }
    }
    if walked(&mut source.conn, watch).await? != walked(&mut target.conn, watch).await? {
        return Err(differs(&to.shown(), "journal"));
    }
    if matches!(to, End::Server(_)) {
        catalogue::set_sequences(&mut target.conn).await?;
        restoration::raise_counters(&mut target.conn).await?;
    }
    target.conn.commit().await?;
    Ok(copied)
}

/// What a walk along the journal comes to.
async fn walked(conn: &mut Conn, watch: Watcher<'_>) -> Result<Verdict, StoreError> {
    let progress = |rows: i64| watch("journal", u64::try_from(rows).unwrap_or_default());
    journal::verify(conn, Vec::new(), &progress).await
}

fn differs(shown: &str, table: &str) -> StoreError {
    StoreError::Refused(format!(
        "bảng {table} ở {shown} không giống bản gốc sau khi chép; không có gì được giữ lại ở đó"
    ))
}

/// Both sides opened. The one that is filled is made where it is not there yet.
async fn sides(from: &End, to: &End) -> Result<(Side, Side), StoreError> {
    match (from, to) {
        (End::File(file), End::Server(server)) => {
            Ok((of_file(file, Access::Visit).await?, of_server(server, Access::Serve).await?))
        }
        (End::Server(server), End::File(file)) => {
            Ok((of_server(server, Access::Visit).await?, of_file(file, Access::Serve).await?))
        }
        _ => Err(StoreError::Refused(
            "lệnh này chỉ chép từ tệp SQLite sang PostgreSQL hoặc ngược lại; cùng một loại thì dùng sao lưu"
                .to_owned(),
        )),
    }
}

async fn of_file(path: &Path, access: Access) -> Result<Side, StoreError> {
    let (store, lock) = match access {
        Access::Serve => (sqlite::open(path, access).await?, None),
        Access::Visit => {
            let lock = place::lock(path)?;
            (sqlite::open(path, access).await?, Some(lock))
        }
    };
    let conn = store.writing().await?;
    Ok(Side { conn, _lock: lock.or(store.into_lock()) })
}

async fn of_server(options: &PostgresOptions, access: Access) -> Result<Side, StoreError> {
    let store = postgres::open(options, access).await?;
    let mut conn = store.writing().await?;
    // The turn is held to the end; a table may take longer than any statement of the daemon.
    execute(&mut conn, "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        .await?;
    let others = lease::living(&mut conn).await?.len();
    if others > 0 {
        return Err(StoreError::Refused(format!(
            "{} đang có {others} dịch vụ vanthu chạy; hãy dừng mọi dịch vụ vanthu trước khi chép (dịch vụ vừa mất đột ngột \
             thì đợi một phút)",
            options.shown()
        )));
    }
    Ok(Side { conn, _lock: None })
}

/// A new register has its facts, at most leases that have run out, and nothing else.
async fn require_empty(conn: &mut Conn, tables: &[Table], shown: &str) -> Result<(), StoreError> {
    for table in tables.iter().filter(|table| !["meta", "lease"].contains(&table.name.as_str())) {
        if !copy::is_empty(conn, table).await? {
            return Err(StoreError::Refused(format!(
                "{shown} đã có dữ liệu (bảng {}); chỉ chép được vào một sổ trống",
                table.name
            )));
        }
    }
    Ok(())
}

/// Statements without values, one or several.
async fn execute(conn: &mut Conn, sql: &str) -> Result<(), StoreError> {
    let statement = raw_sql(AssertSqlSafe(sql.to_owned()));
    match conn.line() {
        Line::Sqlite(line) => statement.execute(line).await.map(drop),
        Line::Postgres(line, patience) => answered(patience, statement.execute(line)).await.map(drop),
    }?;
    Ok(())
}
