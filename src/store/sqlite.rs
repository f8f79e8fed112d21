//! Opening and closing the register, and its two pools.
//!
//! One connection writes, four read: SQLite has one writer anyway, and queueing for it here, in order,
//! is fairer and faster than having the engine say "busy". Writes begin with `BEGIN IMMEDIATE`, because
//! a plain `BEGIN` that turns into a write fails at once without waiting.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use super::chronicle::Chronicle;
pub use super::pool::Access;
use super::pool::{Pool, Writer};
use super::remember::{self, Remembered};
use super::sql::query;
use super::{Conn, journal, place, schema};
use crate::app::ports::StoreError;
use crate::domain::chain::Verdict;

/// Readers at once; a fifth waits.
const READERS: u32 = 4;

/// How long the engine waits for another process (a person's shell, a copy in progress) to let go.
const BUSY: Duration = Duration::from_secs(10);

/// How long a task waits for its turn.
const TURN: Duration = Duration::from_secs(30);

/// Pages in the log before the writer moves them over: 16 MB, a fifth faster than the engine's 4 MB.
const CHECKPOINT_PAGES: &str = "4000";

/// The register in an SQLite file, every connection opened read-only: the engine itself refuses a write.
#[derive(Debug)]
pub struct SqliteReader {
    readers: SqlitePool,
}

#[async_trait]
impl Pool for SqliteReader {
    async fn reader(&self) -> Result<Conn, StoreError> {
        Ok(Conn::Sqlite(self.readers.acquire().await?))
    }
}

/// The register in an SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Released when the store goes.
    lock: Option<File>,
    /// The copy of the journal, once one is kept.
    chronicle: OnceLock<Arc<Chronicle>>,
}

/// Opens the register.
///
/// # Errors
/// [`StoreError::Refused`], with what to do, for a file that is in use by another daemon, lies on a
/// remote file system, belongs to another program, is newer than this one, or cannot be opened;
/// [`StoreError::Full`] and [`StoreError::Engine`] as the engine says.
pub async fn open(path: &Path, access: Access) -> Result<SqliteStore, StoreError> {
    place::refuse_remote(path)?;
    let lock = match access {
        Access::Serve => {
            let lock = place::lock(path)?;
            place::refuse_unfinished(path)?;
            place::prepare(path)?;
            Some(lock)
        }
        Access::Visit => None,
    };
    let found = inspect(path).await?;
    if access == Access::Serve && found != schema::Found::Empty {
        require_sound(path).await?;
    }
    if access == Access::Visit {
        schema::require_current(found, &path.display().to_string())?;
    }
    let writer = writer_pool(path);
    if access == Access::Serve {
        schema::migrate(&mut *writer.acquire().await?).await?;
    }
    Ok(SqliteStore { writer, readers: reader_pool(path), lock, chronicle: OnceLock::new() })
}

/// Opens a register that is there and up to date, for reading and nothing else.
///
/// # Errors
/// As [`open`] says.
pub async fn open_reader(path: &Path) -> Result<SqliteReader, StoreError> {
    place::refuse_remote(path)?;
    schema::require_current(inspect(path).await?, &path.display().to_string())?;
    Ok(SqliteReader { readers: reader_pool(path) })
}

/// Refuses a file whose structure is damaged: whoever writes to it damages it more. Reads every page once.
async fn require_sound(path: &Path) -> Result<(), StoreError> {
    let damaged = |what: &str| {
        StoreError::Refused(format!(
            "{} bị hỏng ({}); không chạy tiếp để khỏi hỏng thêm. Hãy phục hồi bản sao lưu mới nhất: vanthu restore TỆP",
            path.display(),
            what.replace('\n', " ")
        ))
    };
    let mut conn = base(path).read_only(true).connect().await?;
    let said: Result<Vec<String>, _> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_all(&mut conn).await;
    conn.close().await?;
    match said {
        Ok(lines) if lines == ["ok"] => Ok(()),
        Ok(lines) => Err(damaged(&lines.join("; "))),
        Err(error) => Err(damaged(&error.to_string())),
    }
}

/// Walks the journal of a file that may be older than this program, and that nobody writes to.
///
/// # Errors
/// [`StoreError`] if the file cannot be read.
pub(super) async fn verify_journal_of(path: &Path) -> Result<Verdict, StoreError> {
    let mut conn = SqliteReader { readers: reader_pool(path) }.reader().await?;
    journal::verify(&mut conn, Vec::new(), &|_| ()).await
}

/// Looks at the file before any setting of ours is written to it: it may be somebody else's.
async fn inspect(path: &Path) -> Result<schema::Found, StoreError> {
    let trouble = |error: StoreError| match error {
        StoreError::Engine(reason) => StoreError::Refused(format!(
            "không mở được cơ sở dữ liệu {}: {reason}; nếu tệp hỏng, hãy phục hồi bản sao lưu mới nhất: \
             vanthu restore TỆP",
            path.display()
        )),
        other => other,
    };
    let mut conn = base(path).connect().await.map_err(|error| trouble(error.into()))?;
    let found = schema::inspect(&mut conn, path).await.map_err(trouble);
    conn.close().await?;
    found
}

fn base(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // A page changed on disk by another process must not be read half old from a mapping.
        .pragma("mmap_size", "0")
        // More rows fit between two hops of the engine's thread; 221 come as one batch.
        .row_buffer_size(256)
}

fn writer_pool(path: &Path) -> SqlitePool {
    let options = base(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    // Some failures (disk full, I/O) end the transaction inside the engine while the driver still
    // counts it as open; such a connection could never begin again and is given up.
    let pool = pool(1).before_acquire(|conn, _| {
        let free = !conn.is_in_transaction();
        Box::pin(async move { Ok(free) })
    });
    pool.connect_lazy_with(options)
}

fn reader_pool(path: &Path) -> SqlitePool {
    pool(READERS).connect_lazy_with(base(path).read_only(true))
}

/// Connections to a file do not go stale: none is tested before use, none is closed for its age.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TURN)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

impl SqliteStore {
    /// Keeps a copy of the journal in a folder from now on; a register that the copy knows more of than it does itself is
    /// marked as put back, and told what it lacks.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a copy that cannot be read or written; as the engine says.
    pub async fn copy_to(
        &self,
        folder: PathBuf,
        now: DateTime<Utc>,
    ) -> Result<Option<Remembered>, StoreError> {
        let remembered = self.remember(&folder, now).await?;
        let chronicle =
            Chronicle::go_on(Box::new(SqliteReader { readers: self.readers.clone() }), folder).await?;
        self.chronicle.set(chronicle).ok();
        Ok(remembered)
    }

    /// Compares the register with a copy of its journal and is told what it lacks; the copy stays as it is, but for
    /// a last line that was cut.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a copy that cannot be read; as the engine says.
    pub async fn remember(
        &self,
        folder: &Path,
        now: DateTime<Utc>,
    ) -> Result<Option<Remembered>, StoreError> {
        remember::remember(self, folder, now).await
    }
}

#[async_trait]
impl Pool for SqliteStore {
    fn chronicle(&self) -> Option<Arc<Chronicle>> {
        self.chronicle.get().cloned()
    }

    async fn reader(&self) -> Result<Conn, StoreError> {
        Ok(Conn::Sqlite(self.readers.acquire().await?))
    }
}

impl SqliteStore {
    /// The one connection that writes.
    #[cfg(test)]
    pub(super) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// The lock, to be held longer than the store.
    pub(super) fn into_lock(self) -> Option<File> {
        self.lock
    }

    /// Writes a whole, compact copy of the register as of now to a new file, without holding up
    /// writers; the copy is on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if `target` exists or cannot be made; else as the engine says, and then
    /// what there is at `target` is no copy.
    pub async fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
        let refused = |error: std::io::Error| place::refused(target, &error);
        let name = target
            .to_str()
            .ok_or_else(|| StoreError::Refused(format!("tên tệp {} không phải UTF-8", target.display())))?;
        let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(target);
        let file = made.map_err(refused)?;
        query("VACUUM INTO $1").bind(name).execute(&mut self.reader().await?).await?;
        file.sync_all().map_err(refused)
    }

    /// Moves the log into the main file and cuts it to nothing, which needs all readers gone.
    async fn checkpoint(&self) -> Result<(), StoreError> {
        let mut conn = self.writer.acquire().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *conn).await?;
        Ok(())
    }
}

#[async_trait]
impl Writer for SqliteStore {
    async fn writing(&self) -> Result<Conn, StoreError> {
        Ok(Conn::SqliteWrite(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Lets readers go, then the writer, with the log written into the main file between.
    async fn shut(&self) {
        self.readers.close().await;
        if let Err(error) = self.checkpoint().await {
            tracing::warn!(%error, "store.checkpoint at close failed; the log is read again at the next start");
        }
        self.writer.close().await;
    }
}
