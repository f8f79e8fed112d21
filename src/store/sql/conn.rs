//! Where statements run.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::app::ports::StoreError;

/// A connection of either engine, given back when dropped. The one place that names them both; the statements'
/// functions take nothing else.
pub(in crate::store) enum Conn {
    /// Reads an SQLite file, statement by statement.
    Sqlite(PoolConnection<Sqlite>),
    /// A write to an SQLite file that has begun.
    SqliteWrite(Transaction<'static, Sqlite>),
    /// Reads or writes a PostgreSQL register. Always a transaction: through a pooler only that keeps statements on one
    /// server connection, and only in it a limit can be set that ends with it.
    Postgres(Transaction<'static, Postgres>),
}

/// The driver's own connection.
pub(in crate::store) enum Line<'c> {
    /// To an SQLite file.
    Sqlite(&'c mut SqliteConnection),
    /// To a PostgreSQL server.
    Postgres(&'c mut PgConnection),
}

impl Conn {
    /// What a driver runs statements on.
    pub(in crate::store) fn line(&mut self) -> Line<'_> {
        match self {
            Self::Sqlite(conn) => Line::Sqlite(conn),
            Self::SqliteWrite(tx) => Line::Sqlite(tx),
            Self::Postgres(tx) => Line::Postgres(tx),
        }
    }

    /// Whether other instances may serve the register at the same time.
    pub(in crate::store) fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Makes what was written durable; where only reads were made there is nothing to do.
    pub(in crate::store) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::SqliteWrite(tx) => Ok(tx.commit().await?),
            Self::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}
