//! A register on either engine, and its tables without vanthu.

use anyhow::{Result, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use std::sync::Arc;
use tempfile::TempDir;
use vanthu::app::ports::Store;
use vanthu::store::postgres::PostgresOptions;
use vanthu::store::{Access, postgres, sqlite};

use super::cluster::Cluster;

/// An engine that registers are made on.
pub enum Engine {
    /// Files.
    Sqlite,
    /// Databases of one server.
    Postgres(Cluster),
}

/// Where a register lies; it goes with this value, or with its server.
pub enum Place {
    /// In a folder.
    Sqlite(TempDir),
    /// In a database.
    Postgres(PostgresOptions),
}

impl Engine {
    /// What the tables of results say.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Gives the room of a register back.
    ///
    /// # Errors
    /// The server's.
    pub fn forget(&self, place: Place) -> Result<()> {
        match (self, place) {
            (Self::Postgres(cluster), Place::Postgres(options)) => cluster.drop_database(&options),
            _ => Ok(()),
        }
    }

    /// A place for a new register.
    ///
    /// # Errors
    /// The disk or the server fails.
    pub fn place(&self, name: &str) -> Result<Place> {
        Ok(match self {
            Self::Sqlite => Place::Sqlite(tempfile::tempdir()?),
            Self::Postgres(cluster) => Place::Postgres(cluster.database(name)?),
        })
    }
}

impl Place {
    /// The register as the daemon has it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn store(&self) -> Result<Arc<dyn Store>> {
        Ok(match self {
            Self::Sqlite(folder) => {
                Arc::new(sqlite::open(&folder.path().join("vanthu.db"), Access::Serve).await?)
            }
            Self::Postgres(options) => Arc::new(postgres::open(options, Access::Serve).await?),
        })
    }

    /// A connection that knows nothing of vanthu, as durable as vanthu's.
    ///
    /// # Errors
    /// The engine's.
    pub async fn raw(&self) -> Result<Raw> {
        Ok(match self {
            Self::Sqlite(folder) => {
                let options = SqliteConnectOptions::new().filename(folder.path().join("vanthu.db"));
                let options = options.synchronous(sqlx::sqlite::SqliteSynchronous::Full);
                Raw::Sqlite(options.pragma("wal_autocheckpoint", "4000").connect().await?)
            }
            Self::Postgres(options) => Raw::Postgres(PgConnection::connect(&options.url).await?),
        })
    }
}

/// The engine alone.
pub enum Raw {
    /// An SQLite file.
    Sqlite(SqliteConnection),
    /// A PostgreSQL database.
    Postgres(PgConnection),
}

impl Raw {
    /// Runs statements; how many rows they touched.
    ///
    /// # Errors
    /// The engine's.
    pub async fn run(&mut self, sql: String) -> Result<u64> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        Ok(match self {
            Self::Sqlite(conn) => sql.execute(conn).await?.rows_affected(),
            Self::Postgres(conn) => sql.execute(conn).await?.rows_affected(),
        })
    }

    /// The one number that a query gives.
    ///
    /// # Errors
    /// The engine's.
    pub async fn number(&mut self, sql: String) -> Result<i64> {
        let sql = AssertSqlSafe(sql);
        Ok(match self {
            Self::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(conn).await?,
            Self::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(conn).await?,
        })
    }

    /// The names with their numbers that a query gives, in the words of each engine.
    ///
    /// # Errors
    /// The engine's.
    pub async fn numbers(&mut self, (sqlite, postgres): (&str, &str)) -> Result<Vec<(String, i64)>> {
        Ok(match self {
            Self::Sqlite(conn) => sqlx::query_as(AssertSqlSafe(sqlite.to_owned())).fetch_all(conn).await?,
            Self::Postgres(conn) => {
                sqlx::query_as(AssertSqlSafe(postgres.to_owned())).fetch_all(conn).await?
            }
        })
    }

    /// The names that a query gives.
    ///
    /// # Errors
    /// The engine's, or there are none.
    pub async fn names(&mut self, (sqlite, postgres): (String, String)) -> Result<Vec<String>> {
        let names: Vec<String> = match self {
            Self::Sqlite(conn) => sqlx::query_scalar(AssertSqlSafe(sqlite)).fetch_all(conn).await?,
            Self::Postgres(conn) => sqlx::query_scalar(AssertSqlSafe(postgres)).fetch_all(conn).await?,
        };
        ensure!(!names.is_empty(), "no names");
        Ok(names)
    }
}
