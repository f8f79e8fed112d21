//! Rows gathered into one text.
//!
//! A driver carries rows across one by one, and SQLite's from a thread of its own, each value copied twice: 221 rows of
//! 21 columns cost ten times what the engine takes to find them (docs/PERFORMANCE.md, "Due scan"). Statements whose
//! rows come by the hundred therefore give one text: a JSON array that has an array of columns for each row.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use sqlx::Error;

use super::statement::{QueryScalar, Words, query_scalar};
use super::{Conn, Value};

/// Columns as one JSON array, in the words of an engine.
macro_rules! array {
    (sqlite, $($column:expr),+) => { concat!("json_array(", $($column),+, ")") };
    (postgres, $($column:expr),+) => { concat!("json_build_array(", $($column),+, ")") };
}
pub(in crate::store) use array;

/// What a gathering statement selects: its rows, each an [`array!`], in an order.
macro_rules! gathered {
    (sqlite, $row:expr, $order:expr) => {
        concat!("json_group_array(", $row, " ORDER BY ", $order, ")")
    };
    (postgres, $row:expr, $order:expr) => {
        concat!("coalesce(json_agg(", $row, " ORDER BY ", $order, "), '[]')::text")
    };
}
pub(in crate::store) use gathered;

/// A statement that gathers its rows; each array becomes a `T`, whose fields stand in the order of the columns.
#[must_use]
pub(in crate::store) struct QueryGathered<T> {
    query: QueryScalar<String>,
    row: PhantomData<fn() -> T>,
}

/// A statement that gives its rows [`gathered!`].
pub(in crate::store) fn query_gathered<T>(words: impl Into<Words>) -> QueryGathered<T> {
    QueryGathered { query: query_scalar(words), row: PhantomData }
}

impl<T: DeserializeOwned> QueryGathered<T> {
    /// Binds the next value, from `$1` on.
    pub(in crate::store) fn bind(self, value: impl Into<Value>) -> Self {
        Self { query: self.query.bind(value), row: PhantomData }
    }

    /// Every row.
    pub(in crate::store) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>, Error> {
        let rows = self.query.fetch_one(conn).await?;
        serde_json::from_str(&rows).map_err(|error| Error::Decode(Box::new(error)))
    }
}
