//! From the engines' errors to the port's, by code, never by text.

use std::io::ErrorKind;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::app::ports::StoreError;

/// `SQLITE_FULL`: the database or its disk is full (sqlite.org/rescode.html).
const SQLITE_FULL: i32 = 13;

/// The low byte of an extended result code is the primary one.
const PRIMARY: i32 = 0xff;

/// SQLSTATEs (postgresql.org/docs/current/errcodes-appendix.html) of a disk that is full.
const PG_FULL: &str = "53100";

/// Of work that the server undid and that may simply be done again: a conflict, a deadlock, a lock or time that ran
/// out, a server that stops, starts or has no connection left, and class 08, connections that broke.
const PG_AWAY: [&str; 11] =
    ["40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "53300", "25P03", "25006"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => of_database(database.as_ref(), error.to_string()),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Self::Away(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}

fn of_database(error: &(dyn DatabaseError + 'static), text: String) -> StoreError {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        return match code.as_ref() {
            PG_FULL => StoreError::Full(text),
            code if PG_AWAY.contains(&code) || code.starts_with("08") => StoreError::Away(text),
            _ => StoreError::Engine(text),
        };
    }
    match code.parse::<i32>() {
        Ok(code) if code & PRIMARY == SQLITE_FULL => StoreError::Full(text),
        _ => StoreError::Engine(text),
    }
}

/// What to do about a certificate.
const TLS: &str = "kiểm tra sslmode trong store.url và store.ca_file";

/// Why a server could not be reached at start, with what to do.
pub(super) fn unreachable(shown: &str, error: sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned();
    let advice = match (code.as_str(), &error) {
        ("28P01" | "28000", _) => {
            "kiểm tra tài khoản trong store.url, mật khẩu trong store.password và pg_hba.conf"
        }
        ("3D000", _) => "tạo cơ sở dữ liệu trước: createdb -E UTF8 -O TÀI-KHOẢN TÊN",
        (_, sqlx::Error::Tls(_)) => TLS,
        // The handshake's own failures come as unreadable data.
        (_, sqlx::Error::Io(io)) if io.kind() == ErrorKind::InvalidData => TLS,
        _ => "kiểm tra địa chỉ trong store.url và máy chủ PostgreSQL",
    };
    let said =
        error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    StoreError::Refused(format!("không kết nối được {shown}: {said}; {advice}"))
}
