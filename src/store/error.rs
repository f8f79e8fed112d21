//! From the engine's errors to the port's, by code, never by text.

use crate::app::ports::StoreError;

/// `SQLITE_FULL`: the database or its disk is full (sqlite.org/rescode.html).
const SQLITE_FULL: i32 = 13;

/// The low byte of an extended result code is the primary one.
const PRIMARY: i32 = 0xff;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match code.and_then(|code| code.parse::<i32>().ok()) {
            Some(code) if code & PRIMARY == SQLITE_FULL => Self::Full(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}
