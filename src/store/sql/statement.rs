//! A statement, what is bound to it, and running it.

use std::marker::PhantomData;

use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Error, FromRow, Postgres, Sqlite};

use super::value::{Value, arguments};
use super::{Conn, Line, answered, one_by_one};

/// The text of a statement in the words of each engine.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Words {
    /// For SQLite.
    pub(in crate::store) sqlite: &'static str,
    /// For PostgreSQL.
    pub(in crate::store) postgres: &'static str,
}

/// A text that both engines read alike.
impl From<&'static str> for Words {
    fn from(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}

/// What either driver can make of a row.
pub(in crate::store) trait Readable:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Readable for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement that gives no rows.
#[must_use]
pub(in crate::store) struct Query {
    words: Words,
    values: Vec<Value>,
}

/// A statement whose rows become `T`.
#[must_use]
pub(in crate::store) struct QueryAs<T> {
    query: Query,
    row: PhantomData<fn() -> T>,
}

/// A statement whose rows have one column, which becomes `T`.
#[must_use]
pub(in crate::store) struct QueryScalar<T>(QueryAs<(T,)>);

/// What a statement changed.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Done(u64);

impl Done {
    /// The rows it inserted, changed or deleted.
    pub(in crate::store) fn rows_affected(self) -> u64 {
        self.0
    }
}

/// A statement to execute.
pub(in crate::store) fn query(words: impl Into<Words>) -> Query {
    Query { words: words.into(), values: Vec::new() }
}

/// A statement that gives rows.
pub(in crate::store) fn query_as<T>(words: impl Into<Words>) -> QueryAs<T> {
    QueryAs { query: query(words), row: PhantomData }
}

/// A statement that gives one column.
pub(in crate::store) fn query_scalar<T>(words: impl Into<Words>) -> QueryScalar<T> {
    QueryScalar(query_as(words))
}

/// As sqlx's own, unnamed on PostgreSQL: a named statement lives on one server connection, and a pooler hands each
/// transaction another (PgBouncer before 1.21 knows no other way).
const NAMED: bool = false;

impl Query {
    /// Binds the next value, from `$1` on.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it.
    pub(in crate::store) async fn execute(self, conn: &mut Conn) -> Result<Done, Error> {
        let Self { words, values } = self;
        let alarm = conn.alarm();
        let rows = match conn.line() {
            Line::Sqlite(line) => {
                let statement =
                    sqlx::query_with::<Sqlite, _>(words.sqlite, arguments::<SqliteArguments>(values)?);
                statement.execute(line).await.map(|done| done.rows_affected())
            }
            Line::Postgres(line, patience) => {
                let statement =
                    sqlx::query_with::<Postgres, _>(words.postgres, arguments::<PgArguments>(values)?);
                let done = answered(patience, statement.persistent(NAMED).execute(line)).await;
                done.map(|done| done.rows_affected())
            }
        };
        alarm.heard(rows).map(Done)
    }
}

impl<T: Readable> QueryAs<T> {
    /// Binds the next value, from `$1` on.
    pub(in crate::store) fn bind(self, value: impl Into<Value>) -> Self {
        Self { query: self.query.bind(value), row: PhantomData }
    }

    /// Every row.
    pub(in crate::store) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>, Error> {
        let alarm = conn.alarm();
        alarm.heard(match conn.line() {
            Line::Sqlite(line) => self.sqlite()?.fetch_all(line).await,
            Line::Postgres(line, patience) => answered(patience, self.postgres()?.fetch_all(line)).await,
        })
    }

    /// The first row; it is an error if there is none.
    pub(in crate::store) async fn fetch_one(self, conn: &mut Conn) -> Result<T, Error> {
        self.fetch_optional(conn).await?.ok_or(Error::RowNotFound)
    }

    /// The first row, if there is one.
    pub(in crate::store) async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<T>, Error> {
        let alarm = conn.alarm();
        alarm.heard(match conn.line() {
            Line::Sqlite(line) => self.sqlite()?.fetch_optional(line).await,
            Line::Postgres(line, patience) => answered(patience, self.postgres()?.fetch_optional(line)).await,
        })
    }

    /// Row after row, for what is too much to be held at once.
    pub(in crate::store) fn fetch(self, conn: &mut Conn) -> Result<BoxStream<'_, Result<T, Error>>, Error>
    where
        T: 'static,
    {
        let alarm = conn.alarm();
        let rows = match conn.line() {
            Line::Sqlite(line) => self.sqlite()?.fetch(line),
            Line::Postgres(line, patience) => one_by_one(patience, self.postgres()?.fetch(line)),
        };
        Ok(rows.inspect_err(move |error| alarm.note(error)).boxed())
    }

    fn sqlite(self) -> Result<sqlx::query::QueryAs<'static, Sqlite, T, SqliteArguments>, Error> {
        let Query { words, values } = self.query;
        Ok(sqlx::query_as_with::<Sqlite, T, SqliteArguments>(words.sqlite, arguments(values)?))
    }

    fn postgres(self) -> Result<sqlx::query::QueryAs<'static, Postgres, T, PgArguments>, Error> {
        let Query { words, values } = self.query;
        Ok(sqlx::query_as_with::<Postgres, T, PgArguments>(words.postgres, arguments(values)?)
            .persistent(NAMED))
    }
}

impl<T> QueryScalar<T>
where
    (T,): Readable,
{
    /// Binds the next value, from `$1` on.
    pub(in crate::store) fn bind(self, value: impl Into<Value>) -> Self {
        Self(self.0.bind(value))
    }

    /// Every row's value.
    pub(in crate::store) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>, Error> {
        Ok(self.0.fetch_all(conn).await?.into_iter().map(|(value,)| value).collect())
    }

    /// The first row's value; it is an error if there is none.
    pub(in crate::store) async fn fetch_one(self, conn: &mut Conn) -> Result<T, Error> {
        Ok(self.0.fetch_one(conn).await?.0)
    }

    /// The first row's value, if there is a row.
    pub(in crate::store) async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<T>, Error> {
        Ok(self.0.fetch_optional(conn).await?.map(|(value,)| value))
    }
}
