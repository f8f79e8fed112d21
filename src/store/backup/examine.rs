//! Whether a file is a whole register: what the engine says of its pages, whose it is, how old, and its journal.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection, query_scalar};

use super::manifest::JournalEnd;
use crate::app::ports::StoreError;
use crate::domain::chain::Verdict;
use crate::store::{schema, sqlite};

/// A file that was examined and is a whole register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The number of its schema.
    pub schema: i64,
    /// Where its journal ends.
    pub journal: JournalEnd,
    /// When the last thing happened that its journal tells of.
    pub last: Option<DateTime<Utc>>,
    /// How many rows each table has.
    pub rows: BTreeMap<String, i64>,
}

/// Examines a file that nobody writes to.
///
/// # Errors
/// [`StoreError::Refused`], naming what is wrong, for a file that is damaged, no register, newer than this program, or
/// whose journal is not as it was written.
pub async fn examine(path: &Path) -> Result<Examined, StoreError> {
    let bad = |error: sqlx::Error| damaged(path, &error.to_string());
    let options = SqliteConnectOptions::new().filename(path).read_only(true).create_if_missing(false);
    let mut conn = options.connect().await.map_err(bad)?;
    // What cannot be read at all is damaged, whatever it was meant to be.
    let _: i64 =
        query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut conn).await.map_err(bad)?;
    let found = schema::inspect(&mut conn, path).await?;
    let schema::Found::Register(schema) = found else {
        return Err(StoreError::Refused(format!(
            "{} không phải là sổ của vanthu: tệp trống",
            path.display()
        )));
    };
    require_sound(&mut conn, path).await?;
    let dangling: i64 = query_scalar("SELECT count(*) FROM pragma_foreign_key_check")
        .fetch_one(&mut conn)
        .await
        .map_err(bad)?;
    if dangling > 0 {
        return Err(damaged(path, &format!("{dangling} dòng trỏ tới dòng không có")));
    }
    let rows = rows(&mut conn).await.map_err(bad)?;
    let last: Option<i64> =
        query_scalar("SELECT max(at) FROM journal").fetch_one(&mut conn).await.map_err(bad)?;
    conn.close().await.map_err(bad)?;
    let journal = match sqlite::verify_journal_of(path).await? {
        Verdict::Whole { rows, last } => JournalEnd { rows, last },
        Verdict::Missing { number } | Verdict::Changed { number } | Verdict::Rewritten { number } => {
            return Err(damaged(path, &format!("nhật ký bị thiếu hoặc bị sửa từ dòng {number}")));
        }
        // Without a head kept elsewhere these two cannot come.
        Verdict::Cut { rows: number, .. } => {
            return Err(damaged(path, &format!("nhật ký bị cắt sau dòng {number}")));
        }
        Verdict::Strange { hash } => {
            return Err(damaged(path, &format!("nhật ký không có dòng nào mang mã {hash}")));
        }
    };
    Ok(Examined { schema, journal, last: last.and_then(DateTime::from_timestamp_millis), rows })
}

/// Reads every page.
async fn require_sound(conn: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let said: Result<Vec<String>, _> = query_scalar("PRAGMA integrity_check(3)").fetch_all(conn).await;
    match said {
        Ok(lines) if lines == ["ok"] => Ok(()),
        Ok(lines) => Err(damaged(path, &lines.join("; ").replace('\n', " "))),
        Err(error) => Err(damaged(path, &error.to_string())),
    }
}

async fn rows(conn: &mut SqliteConnection) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let names: Vec<String> = query_scalar(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut rows = BTreeMap::new();
    for name in names {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{name}\""));
        rows.insert(name, query_scalar(count).fetch_one(&mut *conn).await?);
    }
    Ok(rows)
}

/// The error for a file that is not as it was written.
fn damaged(path: &Path, what: &str) -> StoreError {
    StoreError::Refused(format!("{} bị hỏng, không dùng được: {what}", path.display()))
}
