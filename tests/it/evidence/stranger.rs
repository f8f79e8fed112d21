//! Somebody who writes to the register behind vanthu's back, with all that the engine lets its owner do.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, raw_sql};

use crate::support::postgres::Database;

pub enum Stranger {
    File(SqliteConnection),
    Server(PgConnection),
}

impl Stranger {
    pub async fn of_file(path: &Path) -> Self {
        Self::File(SqliteConnectOptions::new().filename(path).connect().await.unwrap())
    }

    pub async fn of_server(database: &Database) -> Self {
        Self::Server(PgConnection::connect(&database.url()).await.unwrap())
    }

    /// Statements, one or several.
    pub async fn try_to(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::File(conn) => sql.execute(conn).await.map(drop),
            Self::Server(conn) => sql.execute(conn).await.map(drop),
        }
    }

    pub async fn run(&mut self, sql: &str) {
        self.try_to(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Takes away what keeps the journal from being changed.
    pub async fn unlock_journal(&mut self) {
        let sql = match self {
            Self::File(_) => "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete",
            Self::Server(_) => "ALTER TABLE journal DISABLE TRIGGER ALL",
        };
        self.run(sql).await;
    }
}

/// A text as it stands in a statement.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
