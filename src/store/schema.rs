//! Whose file it is, how old its schema is, and bringing it up to date.

use std::path::Path;

use aws_lc_rs::rand;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, query, query_as, query_scalar};

use super::Conn;
use crate::app::ports::{Meta, StoreError};

/// "vant", in the header of every register (0001_init.sql).
const APPLICATION_ID: i64 = 0x7661_6e74;

/// SQLite before 3.51.3 can lose committed writes when two connections reset the write-ahead log at
/// once; a lock file refreshed carelessly could bring such a version back.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// Random bytes that key Message-IDs.
const SECRET: usize = 32;

/// All migrations, oldest first; one that was released is never changed.
fn migrations() -> Migrator {
    let steps = [
        (1, "init", include_str!("migrations/sqlite/0001_init.sql")),
        (2, "tasks", include_str!("migrations/sqlite/0002_tasks.sql")),
        (3, "no heir", include_str!("migrations/sqlite/0003_no_heir.sql")),
        (4, "edition", include_str!("migrations/sqlite/0004_edition.sql")),
        (5, "holds", include_str!("migrations/sqlite/0005_holds.sql")),
        (6, "operations", include_str!("migrations/sqlite/0006_operations.sql")),
        (7, "status", include_str!("migrations/sqlite/0007_status.sql")),
        (8, "polls", include_str!("migrations/sqlite/0008_polls.sql")),
        (9, "upstream", include_str!("migrations/sqlite/0009_upstream.sql")),
        (11, "decided", include_str!("migrations/sqlite/0011_decided.sql")),
        (13, "again", include_str!("migrations/sqlite/0013_again.sql")),
        (14, "ladders", include_str!("migrations/sqlite/0014_ladders.sql")),
        (18, "inbound", include_str!("migrations/sqlite/0018_inbound.sql")),
        (16, "sending", include_str!("migrations/sqlite/0016_sending.sql")),
        (15, "requests", include_str!("migrations/sqlite/0015_requests.sql")),
        (17, "digest", include_str!("migrations/sqlite/0017_digest.sql")),
    ];
    let step = |(number, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.map(step).into())
}

/// The number of the last migration this program knows.
fn newest() -> i64 {
    migrations().iter().map(|migration| migration.version).max().unwrap_or_default()
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
pub(super) async fn inspect(conn: &mut Conn, path: &Path) -> Result<Found, StoreError> {
    require_engine(&mut *conn).await?;
    let application: i64 = query_scalar("PRAGMA application_id").fetch_one(&mut *conn).await?;
    // The list of migrations alone: a first start was cut short before it made anything else.
    let tables: i64 = query_scalar("SELECT count(*) FROM sqlite_schema WHERE tbl_name <> '_sqlx_migrations'")
        .fetch_one(&mut *conn)
        .await?;
    match (application, tables) {
        (0, 0) => Ok(Found::Empty),
        (APPLICATION_ID, _) => Ok(Found::Register(require_known(conn, path).await?)),
        _ => Err(StoreError::Refused(format!(
            "{} là cơ sở dữ liệu của chương trình khác; hãy sửa `store.path`",
            path.display()
        ))),
    }
}

async fn require_engine(conn: &mut Conn) -> Result<(), StoreError> {
    let version: String = query_scalar("SELECT sqlite_version()").fetch_one(conn).await?;
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
async fn require_known(conn: &mut Conn, path: &Path) -> Result<i64, StoreError> {
    let schema = version(&mut *conn).await?;
    if schema <= newest() {
        return Ok(schema);
    }
    let program: Option<String> = query_scalar("SELECT program FROM meta").fetch_optional(conn).await?;
    Err(StoreError::Refused(format!(
        "{} có lược đồ số {schema}, bản vanthu {} này chỉ biết đến số {}; cần vanthu {} trở lên",
        path.display(),
        env!("CARGO_PKG_VERSION"),
        newest(),
        program.as_deref().unwrap_or("mới hơn"),
    )))
}

async fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    let version: Option<i64> =
        query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(conn).await?;
    Ok(version.unwrap_or_default())
}

/// Brings the schema up to date, each step in a transaction of its own, and notes which program did.
pub(super) async fn migrate(conn: &mut Conn) -> Result<(), StoreError> {
    migrations().run(&mut *conn).await.map_err(migration_failed)?;
    query(
        "INSERT INTO meta (id, secret, program) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET program = excluded.program WHERE meta.program <> excluded.program",
    )
    .bind(secret()?)
    .bind(env!("CARGO_PKG_VERSION"))
    .execute(conn)
    .await?;
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
pub(super) fn require_current(found: Found, path: &Path) -> Result<(), StoreError> {
    let path = path.display();
    match found {
        Found::Register(schema) if schema == newest() => Ok(()),
        Found::Register(schema) => Err(StoreError::Refused(format!(
            "{path} còn ở lược đồ số {schema}; hãy khởi động lại dịch vụ vanthu để nâng cấp"
        ))),
        Found::Empty => Err(StoreError::Refused(format!(
            "{path} chưa có dữ liệu; dịch vụ vanthu chưa chạy lần nào với tệp này"
        ))),
    }
}

/// New random bytes, asked for once in the life of a register.
fn secret() -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![0; SECRET];
    rand::fill(&mut bytes)
        .map_err(|_| StoreError::Engine("hệ điều hành không cho số ngẫu nhiên".to_owned()))?;
    Ok(bytes)
}

/// Facts of the register.
pub(super) async fn meta(conn: &mut Conn) -> Result<Meta, StoreError> {
    let (secret,): (Vec<u8>,) = query_as("SELECT secret FROM meta").fetch_one(&mut *conn).await?;
    Ok(Meta { secret, schema: version(conn).await? })
}
