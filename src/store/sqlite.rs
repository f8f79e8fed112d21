//! Opening and closing the register, and its two pools.
//!
//! One connection writes, four read: SQLite has one writer anyway, and queueing for it here, in order,
//! is fairer and faster than having the engine say "busy". Writes begin with `BEGIN IMMEDIATE`, because
//! a plain `BEGIN` that turns into a write fails at once without waiting.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::chronicle::Chronicle;
pub use super::pool::Access;
use super::pool::{Pool, Writer};
use super::remember::{self, Remembered};
use super::reserve::Reserve;
use super::sql::{Alarm, Held, query};
use super::{Conn, error, journal, place, schema};
use crate::app::ports::{Room, StoreError};
use crate::domain::chain::Verdict;

/// Readers at once; a fifth waits.
const READERS: u32 = 4;

/// How long the engine waits for another process (a person's shell, a copy in progress) to let go.
const BUSY: Duration = Duration::from_secs(10);

/// Bytes of a register that a start looks through: some tenths of a second, where systemd gives a start 90 s.
const LOOKED_THROUGH: u64 = 64 << 20;

/// How long a task waits for its turn.
const TURN: Duration = Duration::from_secs(30);

/// Pages in the log before the writer moves them over: 16 MB, a fifth faster than the engine's 4 MB.
const LOG: i64 = 4000;

/// Writes between two looks at the log.
const LOOK: u32 = 8;

/// The register in an SQLite file, every connection opened read-only: the engine itself refuses a write.
#[derive(Debug)]
pub struct SqliteReader {
    readers: SqlitePool,
    alarm: Alarm,
}

#[async_trait]
impl Pool for SqliteReader {
    async fn reader(&self) -> Result<Conn, StoreError> {
        reading(&self.readers, &self.alarm).await
    }
}

async fn reading(readers: &SqlitePool, alarm: &Alarm) -> Result<Conn, StoreError> {
    Ok(Conn::new(Held::Sqlite(alarm.heard(readers.acquire().await)?), alarm))
}

/// The register in an SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    alarm: Alarm,
    /// What only the daemon has.
    own: Option<Own>,
    /// The copy of the journal, once one is kept.
    chronicle: OnceLock<Arc<Chronicle>>,
}

/// What the daemon does for the file, and nobody beside it.
#[derive(Debug)]
struct Own {
    /// Released when the store goes.
    lock: File,
    reserve: Reserve,
    /// Writes begun, to look at the log now and then.
    writes: AtomicU32,
}

/// Opens the register.
///
/// # Errors
/// [`StoreError::Busy`] while another daemon serves it; [`StoreError::Forbidden`] where it is another account's;
/// [`StoreError::Refused`], with what to do, for a file that lies on a remote file system or a disk that is read-only,
/// belongs to another program, is newer than this one, is damaged, or cannot be opened; [`StoreError::Full`],
/// [`StoreError::Broken`] and [`StoreError::Engine`] as the engine says.
pub async fn open(path: &Path, access: Access) -> Result<SqliteStore, StoreError> {
    place::refuse_remote(path)?;
    let own = match access {
        Access::Serve => Some(serve(path)?),
        Access::Visit => None,
    };
    let mut ready = prepare(path, access).await;
    if let (Err(StoreError::Full(_)), Some(own)) = (&ready, &own)
        && own.reserve.give()
    {
        ready = prepare(path, access).await;
    }
    ready?;
    Ok(SqliteStore {
        writer: writer_pool(path),
        readers: reader_pool(path),
        alarm: Alarm::default(),
        own,
        chronicle: OnceLock::new(),
    })
}

/// Refuses a register of another account, before anything is made beside it: files of the wrong owner would keep the
/// right one out, also where the wrong one is root.
///
/// # Errors
/// [`StoreError::Forbidden`], naming both; a folder that cannot be read.
pub fn require_own(path: &Path) -> Result<(), StoreError> {
    place::require_own(path)
}

/// Takes the file for this process alone, and makes it if it is not there.
fn serve(path: &Path) -> Result<Own, StoreError> {
    let lock = place::lock(path)?;
    place::refuse_unfinished(path)?;
    place::prepare(path)?;
    Ok(Own { lock, reserve: Reserve::beside(path), writes: AtomicU32::new(0) })
}

/// Looks at the file and, for who serves it, brings its schema up to date.
async fn prepare(path: &Path, access: Access) -> Result<(), StoreError> {
    let found = inspect(path, access).await?;
    if access == Access::Visit {
        return schema::require_current(found, &path.display().to_string());
    }
    let mut conn = writing(path).connect().await?;
    schema::migrate(&mut conn).await?;
    empty_log(&mut conn).await?;
    Ok(conn.close().await?)
}

/// Opens a register that is there and up to date, for reading and nothing else.
///
/// # Errors
/// As [`open`] says.
pub async fn open_reader(path: &Path) -> Result<SqliteReader, StoreError> {
    place::refuse_remote(path)?;
    schema::require_current(inspect(path, Access::Visit).await?, &path.display().to_string())?;
    Ok(SqliteReader { readers: reader_pool(path), alarm: Alarm::default() })
}

/// Walks the journal of a file that may be older than this program, and that nobody writes to.
///
/// # Errors
/// [`StoreError`] if the file cannot be read.
pub(super) async fn verify_journal_of(path: &Path) -> Result<Verdict, StoreError> {
    let mut conn = SqliteReader { readers: reader_pool(path), alarm: Alarm::default() }.reader().await?;
    journal::verify(&mut conn, Vec::new(), &|_| ()).await
}

/// Looks at the file before any setting of ours is written to it: it may be somebody else's. Who serves it looks at
/// every page: damage is met here, and not by a mail that says something wrong.
async fn inspect(path: &Path, access: Access) -> Result<schema::Found, StoreError> {
    let trouble = |error: sqlx::Error| error::opening(path, &error);
    let mut conn = base(path).connect().await.map_err(trouble)?;
    let found = schema::inspect(&mut conn, path).await;
    if access == Access::Serve && found.is_ok() {
        require_whole(&mut conn, path).await?;
        empty_log(&mut conn).await?;
    }
    conn.close().await.map_err(trouble)?;
    found
}

/// Moves the log into the main file and cuts it to nothing, which needs all others gone. Left to the closing of the last
/// connection, a failure would be kept from us.
async fn empty_log(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(conn).await?;
    Ok(())
}

/// Refuses a file whose structure is damaged: whoever writes to it damages it more. Reads every page once, so it is
/// left to the nightly copy where that would hold up the start.
async fn require_whole(conn: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > LOOKED_THROUGH) {
        return Ok(());
    }
    let checked = sqlx::query_scalar::<_, String>("PRAGMA quick_check(1)").fetch_one(conn).await;
    match checked.map_err(|error| error::opening(path, &error))?.as_str() {
        "ok" => Ok(()),
        damage => Err(error::damaged(path, &damage.replace('\n', " "))),
    }
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

/// The log is moved over by [`SqliteStore::move_log`], never by the engine itself: that would keep a failure to itself.
fn writing(path: &Path) -> SqliteConnectOptions {
    base(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "0")
}

fn writer_pool(path: &Path) -> SqlitePool {
    // Some failures (disk full, I/O) end the transaction inside the engine while the driver still
    // counts it as open; such a connection could never begin again and is given up.
    let pool = pool(1).before_acquire(|conn, _| {
        let free = !conn.is_in_transaction();
        Box::pin(async move { Ok(free) })
    });
    pool.connect_lazy_with(writing(path))
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

#[async_trait]
impl Pool for SqliteStore {
    fn chronicle(&self) -> Option<Arc<Chronicle>> {
        self.chronicle.get().cloned()
    }

    async fn reader(&self) -> Result<Conn, StoreError> {
        reading(&self.readers, &self.alarm).await
    }
}

impl SqliteStore {
    /// Opens every connection now: a daemon that clients crowd may have no file handle for them later.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn furnish(&self) -> Result<(), StoreError> {
        let _writer = self.writer.acquire().await?;
        futures_util::future::try_join_all((0..READERS).map(|_| self.readers.acquire())).await?;
        Ok(())
    }

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
        let reader = Box::new(SqliteReader { readers: self.readers.clone(), alarm: self.alarm.clone() });
        let chronicle = Chronicle::go_on(reader, folder).await?;
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

    /// The one connection that writes.
    #[cfg(test)]
    pub(super) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// The lock, to be held longer than the store.
    pub(super) fn into_lock(self) -> Option<File> {
        self.own.map(|own| own.lock)
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

    async fn checkpoint(&self) -> Result<(), sqlx::Error> {
        empty_log(&mut *self.writer.acquire().await?).await
    }

    /// Moves the log into the main file once it has grown long; readers may go on meanwhile. A disk that is full only
    /// lets the log grow; any other failure is final.
    async fn move_log(&self) -> Result<(), StoreError> {
        let is_time = |own: &Own| own.writes.fetch_add(1, Ordering::Relaxed) % LOOK == LOOK - 1;
        if !self.own.as_ref().is_some_and(is_time) {
            return Ok(());
        }
        match self.alarm.heard(self.try_move_log().await).map_err(StoreError::from) {
            Err(StoreError::Full(reason)) => {
                tracing::warn!(%reason, "đĩa đầy, chưa chuyển được nhật ký ghi trước vào sổ");
                Ok(())
            }
            ended => ended,
        }
    }

    async fn try_move_log(&self) -> Result<(), sqlx::Error> {
        let mut conn = self.writer.acquire().await?;
        let looked = sqlx::query_as("PRAGMA wal_checkpoint(NOOP)").fetch_one(&mut *conn).await?;
        let (_, pages, moved): (i64, i64, i64) = looked;
        if pages - moved >= LOG {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut *conn).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Writer for SqliteStore {
    async fn writing(&self) -> Result<Conn, StoreError> {
        self.alarm.silent()?;
        self.move_log().await?;
        let tx = self.alarm.heard(self.writer.begin_with("BEGIN IMMEDIATE").await)?;
        Ok(Conn::new(Held::SqliteWrite(tx), &self.alarm))
    }

    fn alarm(&self) -> &Alarm {
        &self.alarm
    }

    async fn relieve(&self) -> bool {
        let Some(own) = &self.own else { return false };
        let reserve = own.reserve.clone();
        tokio::task::spawn_blocking(move || reserve.give()).await.unwrap_or(false)
    }

    async fn room(&self) -> Room {
        let Some(own) = &self.own else { return Room::Ample };
        let (reserve, was_full) = (own.reserve.clone(), self.alarm.is_full());
        let room = tokio::task::spawn_blocking(move || reserve.room(was_full)).await;
        let room = room.unwrap_or_else(|error| Room::Tight(error.to_string()));
        if room == Room::Ample {
            self.alarm.clear();
        }
        room
    }

    /// Lets readers go, then the writer, with the log written into the main file between. After the disk has failed
    /// nothing is let go of: even the closing of the last connection would write.
    async fn shut(&self) {
        if self.alarm.silent().is_ok() {
            self.readers.close().await;
            if let Err(error) = self.alarm.heard(self.checkpoint().await) {
                tracing::warn!(%error, "store.checkpoint at close failed; the log is read again at the next start");
            }
        }
        match self.alarm.silent() {
            Ok(()) => self.writer.close().await,
            Err(_) => std::mem::forget((self.writer.clone(), self.readers.clone())),
        }
    }
}
