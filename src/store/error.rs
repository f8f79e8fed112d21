//! From the engines' errors to the port's, by code, never by text.

use std::io::ErrorKind;
use std::path::Path;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::app::ports::StoreError;

/// The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
const PRIMARY: i32 = 0xff;
/// `SQLITE_PERM`: no right to do it.
const SQLITE_PERM: i32 = 3;
/// `SQLITE_BUSY`: another process holds the file's lock for longer than we wait.
const SQLITE_BUSY: i32 = 5;
/// `SQLITE_READONLY`: the file, its folder or its disk cannot be written to.
const SQLITE_READONLY: i32 = 8;
/// `SQLITE_IOERR`: the system could not read, write, sync, cut or lock.
const SQLITE_IOERR: i32 = 10;
/// `SQLITE_CORRUPT`: what stands in the file cannot be.
const SQLITE_CORRUPT: i32 = 11;
/// `SQLITE_FULL`: the database or its disk is full.
const SQLITE_FULL: i32 = 13;
/// `SQLITE_CANTOPEN`: a file could not be opened.
const SQLITE_CANTOPEN: i32 = 14;
/// `SQLITE_NOTADB`: not a database, or its first page is damaged.
const SQLITE_NOTADB: i32 = 26;
/// `SQLITE_IOERR_SHMSIZE`: the shared index of the log could not grow, for which there is one reason: no room.
const SQLITE_IOERR_SHMSIZE: i32 = 10 | 19 << 8;

/// SQLSTATEs (postgresql.org/docs/current/errcodes-appendix.html) of a disk that is full.
const PG_FULL: &str = "53100";

/// Of work that the server undid and that may simply be done again: a conflict, a deadlock, a lock or time that ran
/// out, a server that stops, starts or has no connection left, and class 08, connections that broke.
const PG_AWAY: [&str; 11] =
    ["40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "53300", "25P03", "25006"];

/// Of a disk that failed under the server, a file of its that is gone, and damaged rows or indexes.
const PG_BROKEN: [&str; 4] = ["58030", "58P01", "XX001", "XX002"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        kind(&error)
    }
}

/// What a driver's error is to the port.
pub(super) fn kind(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(database) => of_database(database.as_ref(), error.to_string()),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => StoreError::Away(error.to_string()),
        _ => StoreError::Engine(error.to_string()),
    }
}

fn of_database(error: &(dyn DatabaseError + 'static), text: String) -> StoreError {
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        return of_server(error, text);
    }
    match sqlite_code(error) {
        Some(SQLITE_IOERR_SHMSIZE) => StoreError::Full(text),
        Some(code) => match code & PRIMARY {
            SQLITE_FULL => StoreError::Full(text),
            // Of a register that was opened before: no file handle is left, for a while.
            SQLITE_BUSY | SQLITE_CANTOPEN => StoreError::Away(text),
            SQLITE_IOERR | SQLITE_CORRUPT | SQLITE_NOTADB | SQLITE_READONLY => StoreError::Broken(text),
            _ => StoreError::Engine(text),
        },
        None => StoreError::Engine(text),
    }
}

fn of_server(error: &PgDatabaseError, text: String) -> StoreError {
    match error.code() {
        PG_FULL => StoreError::Full(text),
        code if PG_BROKEN.contains(&code) => StoreError::Broken(text),
        // The server itself gives up: a sync of its own failed.
        _ if matches!(error.severity(), PgSeverity::Panic) => StoreError::Broken(text),
        code if PG_AWAY.contains(&code) || code.starts_with("08") => StoreError::Away(text),
        _ => StoreError::Engine(text),
    }
}

fn sqlite_code(error: &dyn DatabaseError) -> Option<i32> {
    error.code()?.parse().ok()
}

/// Why a file could not be opened as a register, with what to do.
pub(super) fn opening(path: &Path, error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlite_code).map(|code| code & PRIMARY);
    let shown = path.display();
    match code {
        Some(SQLITE_NOTADB) => StoreError::Refused(format!(
            "{shown} không phải sổ của vanthu, hoặc trang đầu của tệp đã hỏng; hãy sửa `store.path`, hoặc {RESTORE}"
        )),
        Some(SQLITE_CORRUPT) => damaged(path, &error.to_string()),
        Some(SQLITE_READONLY) => StoreError::Refused(format!(
            "không ghi được vào {shown} hoặc thư mục của nó: đĩa đang ở chế độ chỉ đọc, hoặc thiếu quyền ghi; {WRITABLE}"
        )),
        Some(SQLITE_PERM) => StoreError::Forbidden(format!("không được phép mở {shown}; {WRITABLE}")),
        Some(SQLITE_CANTOPEN) => StoreError::Refused(format!(
            "không mở được cơ sở dữ liệu {shown}: {error}; kiểm tra tệp có ở đó không, và quyền của tệp, của thư mục"
        )),
        _ => match kind(error) {
            StoreError::Engine(reason) => {
                StoreError::Refused(format!("không mở được cơ sở dữ liệu {shown}: {reason}"))
            }
            other => other,
        },
    }
}

/// What to do about a damaged file.
const RESTORE: &str = "phục hồi bản sao lưu mới nhất: vanthu restore TỆP";

/// What to do about a place that cannot be written to.
const WRITABLE: &str =
    "xem `findmnt -T` và `ls -ln` của thư mục, rồi trả quyền ghi cho tài khoản chạy vanthu";

/// The error for a file whose structure is damaged.
pub(super) fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Refused(format!(
        "{} bị hỏng ({reason}); không chạy tiếp để khỏi hỏng thêm. Hãy {RESTORE}",
        path.display()
    ))
}

/// What to do about a certificate.
const TLS: &str = "kiểm tra sslmode trong store.url và store.ca_file";

/// Why a server could not be reached at start, with what to do.
pub(super) fn unreachable(shown: &str, error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned();
    let advice = match (code.as_str(), error) {
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
    let text = format!("không kết nối được {shown}: {said}; {advice}");
    // A server that is not there yet will come; one that turns us away will not change its mind.
    let is_away = matches!(error, sqlx::Error::Io(io) if io.kind() != ErrorKind::InvalidData);
    if is_away || PG_AWAY.contains(&code.as_str()) {
        StoreError::Away(text)
    } else {
        StoreError::Refused(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    /// An error of SQLite by its extended code.
    #[derive(Debug)]
    struct Said(&'static str);

    impl std::fmt::Display for Said {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }

    #[test]
    fn a_failing_disk_a_full_one_and_a_busy_one_are_told_apart() {
        let word = |code| match kind(&sqlx::Error::Database(Box::new(Said(code)))) {
            StoreError::Broken(_) => "broken",
            StoreError::Full(_) => "full",
            StoreError::Away(_) => "away",
            StoreError::Engine(_) => "engine",
            _ => "other",
        };
        for (code, wanted) in [
            ("13", "full"),
            ("4874", "full"),   // IOERR_SHMSIZE
            ("1034", "broken"), // IOERR_FSYNC
            ("1290", "broken"), // IOERR_DIR_FSYNC
            ("778", "broken"),  // IOERR_WRITE
            ("266", "broken"),  // IOERR_READ
            ("522", "broken"),  // IOERR_SHORT_READ
            ("1546", "broken"), // IOERR_TRUNCATE
            ("11", "broken"),   // CORRUPT
            ("26", "broken"),   // NOTADB
            ("8", "broken"),    // READONLY
            ("5", "away"),      // BUSY
            ("517", "away"),    // BUSY_SNAPSHOT
            ("14", "away"),     // CANTOPEN
            ("2067", "engine"), // CONSTRAINT_UNIQUE
            ("1", "engine"),
        ] {
            assert_eq!(word(code), wanted, "{code}");
        }
    }
}
