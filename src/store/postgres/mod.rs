//! A register on a PostgreSQL server, for several instances of the daemon.
//!
//! Everything is a transaction that brings its own limits (`SET LOCAL`), and statements are unnamed: nothing depends
//! on the session, so that PgBouncer may hand each transaction another server connection.
//!
//! There is one writer at a time here too: a write takes its *turn*, the row lock on `meta`, before it reads. What the
//! use cases were written for, a register that nobody changes under their hands, thus holds for several instances as
//! it does for one; the turn ends with the transaction, also with the connection or the instance that held it.

mod schema;

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{
    ConnectOptions as _, Connection as _, Error, PgConnection, Postgres, Row as _, Transaction, raw_sql,
};

use super::chronicle::Chronicle;
use super::front::Watch;
use super::pool::{Pool, Writer};
use super::remember::{self, Remembered};
use super::sql::{Alarm, Held, Tip, answered, query, query_scalar};
use super::{Access, Conn, error};
use crate::app::ports::{Room, StoreError};
use crate::domain::chain::Head;

/// Connections that read; a further reader waits.
const READERS: u32 = 4;

/// Connections that write: one has its turn, one waits in the server's queue, where turns are given in order.
const WRITERS: u32 = 2;

/// How long a connection may take to show that it is still there, when it is taken from the pool or given back.
const ALIVE: Duration = Duration::from_secs(5);

/// Idle connections are given back to the server after so long.
const IDLE: Duration = Duration::from_secs(300);

/// How a read begins. All it reads is of one instant; the server refuses a write.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '60s';
    SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL jit = off";

/// How a write begins. Each statement sees what was committed before it, so what follows the turn sees all earlier
/// writes. A writer that stands still loses its turn before a lease runs out.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = '60s';
    SET LOCAL lock_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '20s'; SET LOCAL jit = off";

/// How a write takes its turn. A server that confirms commits before they are on its disk is told not to; one that waits
/// for its standbys as well is left alone.
///
/// What it gives last is the end of the journal (number and hash; nothing in a new register): whether the server still
/// knows what it has confirmed, and where the write goes on.
///
/// It is not among the words that begin the write: the driver (sqlx 0.9) undoes no transaction whose beginning it saw no
/// end of (<https://github.com/transact-rs/sqlx/issues/4393>), and whoever gave up waiting would keep the turn.
const TURN: &str = "SELECT set_config('synchronous_commit', 'on', true)
        WHERE current_setting('synchronous_commit') = 'off';
    SELECT id FROM meta FOR UPDATE;
    SELECT last.number, last.hash FROM (SELECT 1) AS one
        LEFT JOIN (SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1) AS last ON true";

/// How long the server may be silent.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long a task waits for a connection.
    pub connect: Duration,
    /// How long it waits for the answer to a statement; longer than the server itself allows one (`statement_timeout`),
    /// so that only a server that answers nothing at all meets this.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(30), answer: Duration::from_secs(65) }
    }
}

/// Where the register is.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// `postgres://USER@HOST/DATABASE?sslmode=verify-full`, without the password.
    pub url: String,
    /// The password, if the server asks for one.
    pub password: Option<SecretString>,
    /// PEM file of the authority that signed the server's certificate; public ones if `None`.
    pub ca_file: Option<PathBuf>,
    /// How long the server may be silent.
    pub patience: Patience,
}

impl PostgresOptions {
    fn driver(&self) -> Result<PgConnectOptions, StoreError> {
        let wrong = |error: sqlx::Error| {
            StoreError::Refused(format!(
                "store.url không dùng được: {error}; viết như postgres://vanthu@db.example/vanthu"
            ))
        };
        let mut options = PgConnectOptions::from_str(&self.url)
            .map_err(wrong)?
            .application_name("vanthu")
            // A pooler refuses what it does not know to keep apart.
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        if let Some(password) = &self.password {
            options = options.password(password.expose_secret());
        }
        if let Some(file) = &self.ca_file {
            options = options.ssl_root_cert(file);
        }
        Ok(options)
    }

    /// The address as people may see it: a password that stands in it all the same is left out.
    #[must_use]
    pub fn shown(&self) -> String {
        match url::Url::parse(&self.url) {
            Ok(mut url) if url.password().is_some() => match url.set_password(None) {
                Ok(()) => url.to_string(),
                Err(()) => "postgres://…".to_owned(),
            },
            _ => self.url.clone(),
        }
    }
}

/// The register on a PostgreSQL server, every transaction begun read-only: the server itself refuses a write.
#[derive(Debug)]
pub struct PostgresReader {
    readers: PgPool,
    alarm: Alarm,
    answer: Duration,
}

#[async_trait]
impl Pool for PostgresReader {
    async fn reader(&self) -> Result<Conn, StoreError> {
        let tx = begin(&self.readers, READ, &self.alarm, self.answer).await?;
        Ok(Conn::new(Held::Postgres(tx, self.answer), &self.alarm))
    }
}

/// The register on a PostgreSQL server.
#[derive(Debug)]
pub struct PostgresStore {
    readers: PgPool,
    writers: PgPool,
    alarm: Alarm,
    answer: Duration,
    /// The copy of the journal, once one is kept.
    chronicle: OnceLock<Arc<Chronicle>>,
    /// How far the journal had come.
    tip: Tip,
    /// From where on mails may be due.
    watch: Watch,
}

/// Opens the register. Several instances may serve it at once.
///
/// # Errors
/// [`StoreError::Refused`], with what to do, for a server that cannot be reached or does not let us in, and for a
/// database that belongs to another program, is newer than this one, or would lose what it confirmed.
pub async fn open(options: &PostgresOptions, access: Access) -> Result<PostgresStore, StoreError> {
    let driver = options.driver()?;
    prepare(options, &driver, access).await?;
    let pool = |connections| pool(connections, &driver, options.patience);
    Ok(PostgresStore {
        readers: pool(READERS),
        writers: pool(WRITERS),
        alarm: Alarm::default(),
        answer: options.patience.answer,
        chronicle: OnceLock::new(),
        tip: Tip::default(),
        watch: Watch::default(),
    })
}

/// Opens a register that is there and up to date, for reading and nothing else.
///
/// # Errors
/// As [`open`] says.
pub async fn open_reader(options: &PostgresOptions) -> Result<PostgresReader, StoreError> {
    let driver = options.driver()?;
    prepare(options, &driver, Access::Visit).await?;
    let readers = pool(READERS, &driver, options.patience);
    Ok(PostgresReader { readers, alarm: Alarm::default(), answer: options.patience.answer })
}

/// Looks at the database before anything is written to it, and brings its schema up to date for who serves it.
async fn prepare(
    options: &PostgresOptions,
    driver: &PgConnectOptions,
    access: Access,
) -> Result<(), StoreError> {
    let (shown, patience) = (options.shown(), options.patience);
    let conn = answered(patience.connect, driver.connect()).await;
    let mut conn = conn.map_err(|error| error::unreachable(&shown, &error))?;
    let ready = match access {
        // Bringing a large register up to date takes as long as it takes.
        Access::Serve => schema::migrate(&mut conn, &shown).await,
        Access::Visit => schema::require_current(&mut conn, &shown).await,
    };
    conn.close().await?;
    ready
}

/// Connections that are tried before they are used and before they are kept: the pool's own trials wait for ever for a
/// server that is silent, each with one of the pool's places.
fn pool(connections: u32, driver: &PgConnectOptions, patience: Patience) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience.connect)
        .idle_timeout(IDLE)
        .test_before_acquire(false)
        .before_acquire(|conn, _| Box::pin(is_alive(conn)))
        .after_release(|conn, _| Box::pin(is_alive(conn)))
        .connect_lazy_with(driver.clone())
}

/// Whether a connection answers in time; one that was left in the middle of a statement is brought to its end first, and
/// its transaction undone.
async fn is_alive(conn: &mut PgConnection) -> Result<bool, Error> {
    Ok(answered(ALIVE, conn.ping()).await.is_ok())
}

/// The end of the journal, of the last row that [`TURN`] gives.
fn head(row: &PgRow) -> Result<Head, Error> {
    let (number, hash): (Option<i64>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(number.zip(hash).map_or_else(Head::default, |(rows, hash)| Head { rows, hash }))
}

/// Whether a journal that ends here goes on from an earlier end. Only where other instances have written meanwhile must
/// the server be asked.
async fn follows(conn: &mut Conn, end: &Head, earlier: &Head) -> Result<bool, StoreError> {
    if earlier.rows == 0 || end.rows <= earlier.rows {
        return Ok(earlier.rows == 0 || end == earlier);
    }
    let hash: Option<String> = query_scalar("SELECT hash FROM journal WHERE number = $1")
        .bind(earlier.rows)
        .fetch_optional(conn)
        .await?;
    Ok(hash.as_deref() == Some(&earlier.hash))
}

/// Begins a transaction.
async fn begin(
    pool: &PgPool,
    words: &'static str,
    alarm: &Alarm,
    answer: Duration,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    Ok(alarm.heard(answered(answer, pool.begin_with(words)).await)?)
}

impl PostgresStore {
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
        let chronicle = Chronicle::go_on(
            Box::new(PostgresReader {
                readers: self.readers.clone(),
                alarm: self.alarm.clone(),
                answer: self.answer,
            }),
            folder,
        )
        .await?;
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
impl Pool for PostgresStore {
    fn chronicle(&self) -> Option<Arc<Chronicle>> {
        self.chronicle.get().cloned()
    }

    async fn reader(&self) -> Result<Conn, StoreError> {
        let tx = begin(&self.readers, READ, &self.alarm, self.answer).await?;
        Ok(Conn::new(Held::Postgres(tx, self.answer), &self.alarm).with(&self.watch))
    }
}

#[async_trait]
impl Writer for PostgresStore {
    async fn writing(&self) -> Result<Conn, StoreError> {
        self.alarm.silent()?;
        let mut tx = begin(&self.writers, WRITE, &self.alarm, self.answer).await?;
        let told = raw_sql(TURN).fetch_all(&mut *tx);
        let told = self.alarm.heard(answered(self.answer, told).await)?;
        let end = told.last().map(head).transpose()?.unwrap_or_default();
        let tip = self.tip.get();
        let conn = Conn::from(Held::Postgres(tx, self.answer), &self.alarm, end.clone(), &self.tip);
        let mut conn = conn.with(&self.watch);
        if !follows(&mut conn, &end, &tip).await? {
            let lost = StoreError::Receded { row: tip.rows, copied: self.chronicle.get().is_some() };
            self.alarm.ring(lost.clone());
            return Err(lost);
        }
        Ok(conn)
    }

    fn alarm(&self) -> &Alarm {
        &self.alarm
    }

    /// Room on the server is its keeper's business.
    async fn relieve(&self) -> bool {
        false
    }

    /// Once the server's disk was full, the only way to know is to write: one row, as it is.
    async fn room(&self) -> Room {
        if !self.alarm.is_full() {
            return Room::Ample;
        }
        match self.probe().await {
            Ok(()) => {
                self.alarm.clear();
                Room::Ample
            }
            Err(StoreError::Full(reason)) => Room::Spent(format!(
                "đĩa của máy chủ PostgreSQL đã đầy ({reason}): không ghi được gì vào sổ; hãy dọn đĩa"
            )),
            Err(error) => Room::Tight(error.to_string()),
        }
    }

    async fn shut(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl PostgresStore {
    async fn probe(&self) -> Result<(), StoreError> {
        let mut conn = self.writing().await?;
        query("UPDATE meta SET program = program").execute(&mut conn).await?;
        conn.commit().await
    }
}
