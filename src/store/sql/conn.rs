//! Where statements run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Error, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use super::{Alarm, answered};
use crate::app::ports::StoreError;
use crate::domain::chain::Head;
use crate::store::front::{Found, Watch};

/// What is said of a commit that was not answered.
const UNKNOWN: &str = "mất liên lạc khi đang ghi, chưa rõ đã ghi xong hay chưa";

/// A connection of either engine, given back when dropped, and who is told of its failures. The statements' functions
/// take nothing else.
pub(in crate::store) struct Conn {
    held: Held,
    alarm: Alarm,
    /// The end of the journal as this write left it; one that wrote nothing there yet must look.
    pub(in crate::store) journal: Option<Head>,
    /// Who is told how far the journal has come, once it is durable.
    tip: Option<Tip>,
    /// What is known of the front of what waits, where a server is the engine.
    pub(in crate::store) watch: Option<Watch>,
    /// What a claim of this write found, to be known once it is durable.
    pub(in crate::store) found: Option<Found>,
}

/// How far the journal had come at the last write of this process that is known to be durable. A server that knows less
/// is not the one that confirmed it.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Tip(Arc<Mutex<Head>>);

impl Tip {
    /// As it was last.
    pub(in crate::store) fn get(&self) -> Head {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, head: Head) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

/// The one place that names both engines.
pub(in crate::store) enum Held {
    /// Reads an SQLite file, statement by statement.
    Sqlite(PoolConnection<Sqlite>),
    /// A write to an SQLite file that has begun.
    SqliteWrite(Transaction<'static, Sqlite>),
    /// Reads or writes a PostgreSQL register. Always a transaction: through a pooler only that keeps statements on one
    /// server connection, and only in it a limit can be set that ends with it. With how long its server is waited for.
    Postgres(Transaction<'static, Postgres>, Duration),
}

/// The driver's own connection.
pub(in crate::store) enum Line<'c> {
    /// To an SQLite file.
    Sqlite(&'c mut SqliteConnection),
    /// To a PostgreSQL server, and how long an answer of it is waited for.
    Postgres(&'c mut PgConnection, Duration),
}

impl Conn {
    /// A connection whose failures ring `alarm`.
    pub(in crate::store) fn new(held: Held, alarm: &Alarm) -> Self {
        Self { held, alarm: alarm.clone(), journal: None, tip: None, watch: None, found: None }
    }

    /// A write that begins at this end of the journal and tells where it ends.
    pub(in crate::store) fn from(held: Held, alarm: &Alarm, journal: Head, tip: &Tip) -> Self {
        Self { journal: Some(journal), tip: Some(tip.clone()), ..Self::new(held, alarm) }
    }

    /// One that knows the front of what waits.
    pub(in crate::store) fn with(self, watch: &Watch) -> Self {
        Self { watch: Some(watch.clone()), ..self }
    }

    /// A mail is queued: at a priority, if that is known, and for an instant in milliseconds, the earliest there is where
    /// that is not.
    pub(in crate::store) fn queues(&self, priority: Option<i64>, at: i64) {
        if let Some(watch) = &self.watch {
            watch.queue(priority, at);
        }
    }

    /// What a driver runs statements on.
    pub(in crate::store) fn line(&mut self) -> Line<'_> {
        match &mut self.held {
            Held::Sqlite(conn) => Line::Sqlite(conn),
            Held::SqliteWrite(tx) => Line::Sqlite(tx),
            Held::Postgres(tx, patience) => Line::Postgres(tx, *patience),
        }
    }

    /// Who is told of failures.
    pub(in crate::store) fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    /// Whether other instances may serve the register at the same time.
    pub(in crate::store) fn is_shared(&self) -> bool {
        matches!(self.held, Held::Postgres(..))
    }

    /// Makes what was written durable; where only reads were made there is nothing to do. Of a server that falls silent
    /// meanwhile nobody knows whether it did: what is tried again must find what is there.
    pub(in crate::store) async fn commit(self) -> Result<(), StoreError> {
        let ended = match self.held {
            Held::Sqlite(_) => Ok(()),
            Held::SqliteWrite(tx) => {
                // Another connection's disk failed meanwhile: it is the same disk.
                self.alarm.silent()?;
                tx.commit().await
            }
            Held::Postgres(tx, patience) => {
                match self.alarm.heard(answered(patience, tx.commit()).await) {
                    Err(Error::Io(silence)) => {
                        return Err(StoreError::Away(format!("{UNKNOWN}: {silence}")));
                    }
                    ended => ended?,
                }
                if let (Some(tip), Some(head)) = (self.tip, self.journal) {
                    tip.set(head);
                }
                if let (Some(watch), Some(found)) = (self.watch, self.found) {
                    watch.advance(found);
                }
                return Ok(());
            }
        };
        Ok(self.alarm.heard(ended)?)
    }
}
