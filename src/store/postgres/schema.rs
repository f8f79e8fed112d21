//! Whose database it is, how old its schema is, and bringing it up to date. Each in a transaction: an unnamed statement
//! is parsed and run in two goes, and only within a transaction a pooler takes both to the same server connection.

use std::time::Duration;

use sqlx::{Connection as _, Error, PgConnection, raw_sql};

use super::super::schema::{self, Found, STEPS};
use crate::app::ports::StoreError;

/// The oldest PostgreSQL that is tested; `server_version_num`.
const OLDEST_SERVER: i32 = 150_000;

/// The lock of who changes the schema, until its transaction ends: "vant".
const LOCK: i64 = 0x7661_6e74;

/// How often a change of the schema is tried, and how long it rests in between.
const TRIES: u32 = 12;
const PAUSE: Duration = Duration::from_millis(300);

/// What a change of a schema in service begins with: its turn among those who write, before any table is changed. Nobody
/// waits long behind it: a table that somebody reads is waited for in vain for 5 s, and everybody goes on.
const FIRST: &str = "SET LOCAL lock_timeout = '5s'; SELECT id FROM meta FOR UPDATE";

/// The steps that were taken. Its name says whose database it is; its form stays for ever, so that any older program
/// can read the answer.
const MADE: &str = "
CREATE TABLE vanthu_schema (
    version BIGINT PRIMARY KEY,
    name    TEXT NOT NULL,
    program TEXT NOT NULL, -- the version of vanthu that took the step
    taken   TIMESTAMPTZ NOT NULL DEFAULT now()
)";

/// What is asked of the server before anything else.
const SERVER: &str = "
SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('fsync'),
    pg_is_in_recovery(), current_schema() IS NOT NULL";

/// Tables of the schema that ours would be in, and whether the one that makes it ours is among them.
const TABLES: &str = "
SELECT count(*), count(*) FILTER (WHERE relname = 'vanthu_schema') FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')";

/// Looks at a database; writes nothing.
async fn inspect(conn: &mut PgConnection, shown: &str) -> Result<Found, StoreError> {
    let (tables, ours): (i64, i64) = sqlx::query_as(TABLES).persistent(false).fetch_one(&mut *conn).await?;
    match (tables, ours) {
        (0, _) => Ok(Found::Empty),
        (_, 0) => Err(StoreError::Refused(format!(
            "{shown} là cơ sở dữ liệu của chương trình khác; hãy sửa `store.url`, hoặc tạo một cơ sở dữ liệu riêng"
        ))),
        _ => known(conn, shown).await.map(Found::Register),
    }
}

async fn known(conn: &mut PgConnection, shown: &str) -> Result<i64, StoreError> {
    let last: Option<(i64, String)> =
        sqlx::query_as("SELECT version, program FROM vanthu_schema ORDER BY version DESC LIMIT 1")
            .persistent(false)
            .fetch_optional(conn)
            .await?;
    let (version, program) = last.unwrap_or_default();
    if version <= schema::newest() { Ok(version) } else { Err(schema::too_new(shown, version, &program)) }
}

/// Refuses a server that is too old, cannot hold Vietnamese, cannot write, or would lose what it confirmed.
async fn require_server(conn: &mut PgConnection, shown: &str) -> Result<(), StoreError> {
    let (version, encoding, fsync, standby, schema): (i32, String, String, bool, bool) =
        sqlx::query_as(SERVER).persistent(false).fetch_one(conn).await?;
    let why = if version < OLDEST_SERVER {
        format!("là PostgreSQL {}; cần bản 15 trở lên", version / 10_000)
    } else if encoding != "UTF8" {
        format!("dùng bảng mã {encoding}; hãy tạo cơ sở dữ liệu với ENCODING 'UTF8'")
    } else if fsync == "off" {
        "đang tắt fsync: mất điện là mất dữ liệu đã ghi; hãy bật fsync".to_owned()
    } else if standby {
        "là máy dự phòng, chỉ đọc được; hãy trỏ `store.url` tới máy chính".to_owned()
    } else if !schema {
        "không có lược đồ nào trong search_path của tài khoản".to_owned()
    } else {
        return Ok(());
    };
    Err(StoreError::Refused(format!("máy chủ của {shown} {why}")))
}

/// Brings the schema up to date, and notes which program did. Of several that try at once one does it, the others wait and
/// find it done.
///
/// Earlier programs may be serving the register meanwhile. Whoever gets in the way is let pass: the change is given up and
/// begun again, for up to a minute.
pub(super) async fn migrate(conn: &mut PgConnection, shown: &str) -> Result<(), StoreError> {
    let mut tries = 1;
    loop {
        match take_over(conn, shown).await {
            Err(StoreError::Away(_)) if tries < TRIES => tries += 1,
            ended => return ended,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One try, in one transaction.
async fn take_over(conn: &mut PgConnection, shown: &str) -> Result<(), StoreError> {
    let mut tx = conn.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    require_server(&mut tx, shown).await?;
    let current = Found::Register(schema::newest());
    if inspect(&mut tx, shown).await? == current && programmed(&mut tx).await? {
        return Ok(tx.rollback().await?);
    }
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).persistent(false).execute(&mut *tx).await?;
    if inspect(&mut tx, shown).await? == Found::Empty {
        raw_sql(MADE).execute(&mut *tx).await?;
    } else {
        raw_sql(FIRST).execute(&mut *tx).await?;
    }
    take_steps(&mut tx).await?;
    sqlx::query(schema::META)
        .bind(schema::secret()?)
        .bind(env!("CARGO_PKG_VERSION"))
        .persistent(false)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Takes every step that was not taken, in their order.
async fn take_steps(conn: &mut PgConnection) -> Result<(), StoreError> {
    let taken: Vec<i64> = sqlx::query_scalar("SELECT version FROM vanthu_schema")
        .persistent(false)
        .fetch_all(&mut *conn)
        .await?;
    for step in STEPS.iter().filter(|step| !taken.contains(&step.number)) {
        raw_sql(step.words.postgres).execute(&mut *conn).await?;
        sqlx::query("INSERT INTO vanthu_schema (version, name, program) VALUES ($1, $2, $3)")
            .bind(step.number)
            .bind(step.name)
            .bind(env!("CARGO_PKG_VERSION"))
            .persistent(false)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Whether this program changed the schema last.
async fn programmed(conn: &mut PgConnection) -> Result<bool, Error> {
    let program: Option<(String,)> =
        sqlx::query_as("SELECT program FROM meta").persistent(false).fetch_optional(conn).await?;
    Ok(program.is_some_and(|(program,)| program == env!("CARGO_PKG_VERSION")))
}

/// Refuses a register whose schema is older than this program; only the daemon brings it up to date.
pub(super) async fn require_current(conn: &mut PgConnection, shown: &str) -> Result<(), StoreError> {
    let mut tx = conn.begin_with("BEGIN READ ONLY").await?;
    require_server(&mut tx, shown).await?;
    let found = inspect(&mut tx, shown).await?;
    tx.rollback().await?;
    schema::require_current(found, shown)
}
