//! Whose file it is, how old its schema is, and bringing it up to date.

use std::path::Path;

use aws_lc_rs::rand;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqliteConnection, query, query_scalar};

use super::sql::{self, Words};
use super::{Conn, error};
use crate::app::ports::{Meta, StoreError};

/// "vant", in the header of every register (0001_init.sql).
const APPLICATION_ID: i64 = 0x7661_6e74;

/// SQLite before 3.51.3 can lose committed writes when two connections reset the write-ahead log at
/// once; a lock file refreshed carelessly could bring such a version back.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// Random bytes that key Message-IDs.
const SECRET: usize = 32;

/// One step of the schema, for either engine.
pub(super) struct Step {
    /// Its number, the same for both.
    pub(super) number: i64,
    /// What it is about.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) words: Words,
}

/// The step whose files, one for each engine, bear a name.
macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        Step {
            number: $number,
            name: $name,
            words: Words {
                sqlite: include_str!(concat!("migrations/sqlite/", $file)),
                postgres: include_str!(concat!("migrations/postgres/", $file)),
            },
        }
    };
}

/// All steps, oldest first; one that was released is never changed.
pub(super) static STEPS: [Step; 21] = [
    step!(1, "init", "0001_init.sql"),
    step!(2, "tasks", "0002_tasks.sql"),
    step!(3, "no heir", "0003_no_heir.sql"),
    step!(4, "edition", "0004_edition.sql"),
    step!(5, "holds", "0005_holds.sql"),
    step!(6, "operations", "0006_operations.sql"),
    step!(7, "status", "0007_status.sql"),
    step!(8, "polls", "0008_polls.sql"),
    step!(9, "upstream", "0009_upstream.sql"),
    step!(11, "decided", "0011_decided.sql"),
    step!(13, "again", "0013_again.sql"),
    step!(14, "ladders", "0014_ladders.sql"),
    step!(15, "requests", "0015_requests.sql"),
    step!(16, "sending", "0016_sending.sql"),
    step!(17, "digest", "0017_digest.sql"),
    step!(18, "inbound", "0018_inbound.sql"),
    step!(25, "leases", "0025_leases.sql"),
    step!(26, "cells", "0026_cells.sql"),
    step!(27, "restoration", "0027_restoration.sql"),
    step!(28, "doubtful", "0028_doubtful.sql"),
    step!(29, "recalled", "0029_recalled.sql"),
];

/// Notes the program that changed the schema, `$2`, and at the first start the secret `$1`.
pub(super) const META: &str = "
INSERT INTO meta (id, secret, program) VALUES (1, $1, $2)
ON CONFLICT (id) DO UPDATE SET program = excluded.program WHERE meta.program <> excluded.program";

/// The number of the last step that was taken.
const VERSION: Words = Words {
    sqlite: "SELECT max(version) FROM _sqlx_migrations WHERE success",
    postgres: "SELECT max(version) FROM vanthu_schema",
};

fn migrations() -> Migrator {
    let step = |step: &Step| {
        let sql = step.words.sqlite.into_sql_str();
        Migration::new(step.number, step.name.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(STEPS.iter().map(step).collect())
}

/// The number of the last step this program knows.
pub(super) fn newest() -> i64 {
    STEPS.iter().map(|step| step.number).max().unwrap_or_default()
}

/// What stands in a file before anything is written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Empty,
    /// A register with this schema, not newer than this program.
    Register(i64),
}

/// Looks at a file; writes nothing.
pub(super) async fn inspect(conn: &mut SqliteConnection, path: &Path) -> Result<Found, StoreError> {
    let trouble = |error: sqlx::Error| error::opening(path, &error);
    // The engine reads the file's first page before it says anything.
    let version: String =
        query_scalar("SELECT sqlite_version()").fetch_one(&mut *conn).await.map_err(trouble)?;
    require_version(&version)?;
    let (application, tables) = look(&mut *conn).await.map_err(trouble)?;
    match (application, tables) {
        (0, 0) => Ok(Found::Empty),
        (APPLICATION_ID, _) => Ok(Found::Register(require_known(conn, path).await?)),
        _ => Err(StoreError::Refused(format!(
            "{} là cơ sở dữ liệu của chương trình khác; hãy sửa `store.path`",
            path.display()
        ))),
    }
}

/// Whose file it says it is, and how many tables it has.
async fn look(conn: &mut SqliteConnection) -> Result<(i64, i64), sqlx::Error> {
    let application = query_scalar("PRAGMA application_id").fetch_one(&mut *conn).await?;
    // The list of migrations alone: a first start was cut short before it made anything else.
    let tables = query_scalar("SELECT count(*) FROM sqlite_schema WHERE tbl_name <> '_sqlx_migrations'");
    Ok((application, tables.fetch_one(conn).await?))
}

fn require_version(version: &str) -> Result<(), StoreError> {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or_default());
    let mut part = || parts.next().unwrap_or_default();
    if (part(), part(), part()) >= OLDEST_SQLITE {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "SQLite {version} có lỗi làm mất dữ liệu đã ghi; cần bản vanthu dựng với SQLite 3.51.3 trở lên"
    )))
}

/// The file's schema, unless it is newer than this program. The tables asked here keep their form for
/// ever, so that any older program can read the answer.
async fn require_known(conn: &mut SqliteConnection, path: &Path) -> Result<i64, StoreError> {
    let trouble = |error: sqlx::Error| error::opening(path, &error);
    let schema = version(&mut *conn).await.map_err(trouble)?;
    if schema <= newest() {
        return Ok(schema);
    }
    let program = query_scalar("SELECT program FROM meta").fetch_optional(conn).await;
    let program: Option<String> = program.map_err(trouble)?;
    Err(too_new(&path.display().to_string(), schema, program.as_deref().unwrap_or("mới hơn")))
}

/// The error for a register that a newer program has changed.
pub(super) fn too_new(place: &str, schema: i64, program: &str) -> StoreError {
    StoreError::Refused(format!(
        "{place} có lược đồ số {schema}, bản vanthu {} này chỉ biết đến số {}; cần vanthu {program} trở lên",
        env!("CARGO_PKG_VERSION"),
        newest(),
    ))
}

async fn version(conn: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let version: Option<i64> = query_scalar(VERSION.sqlite).fetch_one(conn).await?;
    Ok(version.unwrap_or_default())
}

/// Brings the schema up to date, each step in a transaction of its own, and notes which program did.
pub(super) async fn migrate(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    migrations().run(&mut *conn).await.map_err(migration_failed)?;
    query(META).bind(secret()?).bind(env!("CARGO_PKG_VERSION")).execute(conn).await?;
    Ok(())
}

fn migration_failed(error: sqlx::migrate::MigrateError) -> StoreError {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Refused(format!("không nâng cấp được lược đồ cơ sở dữ liệu: {other}")),
    }
}

/// Refuses a register whose schema is older than this program; only the daemon brings it up to date.
pub(super) fn require_current(found: Found, path: &str) -> Result<(), StoreError> {
    match found {
        Found::Register(schema) if schema == newest() => Ok(()),
        Found::Register(schema) => Err(StoreError::Refused(format!(
            "{path} còn ở lược đồ số {schema}; hãy khởi động lại dịch vụ vanthu để nâng cấp"
        ))),
        Found::Empty => Err(StoreError::Unmade(format!(
            "{path} chưa có dữ liệu; dịch vụ vanthu chưa chạy lần nào với sổ này"
        ))),
    }
}

/// New random bytes, asked for once in the life of a register.
pub(super) fn secret() -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![0; SECRET];
    rand::fill(&mut bytes)
        .map_err(|_| StoreError::Engine("hệ điều hành không cho số ngẫu nhiên".to_owned()))?;
    Ok(bytes)
}

/// Facts of the register.
pub(super) async fn meta(conn: &mut Conn) -> Result<Meta, StoreError> {
    let secret: Vec<u8> = sql::query_scalar("SELECT secret FROM meta").fetch_one(&mut *conn).await?;
    let schema: Option<i64> = sql::query_scalar(VERSION).fetch_one(conn).await?;
    Ok(Meta { secret, schema: schema.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Debian 12 ships, and the last release that can lose what was committed, are refused.
    #[test]
    fn an_engine_that_loses_writes_is_refused() {
        for (version, good) in [
            ("3.40.1", false),
            ("3.51.2", false),
            ("3.9.0", false),
            ("3.51.3", true),
            ("3.52.0", true),
            ("4.0.0", true),
        ] {
            assert_eq!(require_version(version).is_ok(), good, "{version}");
        }
    }
}
