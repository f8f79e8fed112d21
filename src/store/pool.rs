//! Why a register is opened, and what either engine gives its statements: connections that read, and a write that
//! has begun.

use std::sync::Arc;

use async_trait::async_trait;

use super::Conn;
use super::chronicle::Chronicle;
use super::sql::Alarm;
use crate::app::ports::{Room, StoreError};

/// Why somebody opens the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The daemon: makes the register, brings its schema up to date; of an SQLite file it holds the lock.
    Serve,
    /// A command beside it: needs a register that is there and up to date; may read, and write briefly.
    Visit,
}

/// Whoever has connections that only read.
#[async_trait]
pub(super) trait Pool: Send + Sync {
    /// One of them.
    async fn reader(&self) -> Result<Conn, StoreError>;

    /// The copy of the journal that is kept beside; none by whoever only looks.
    fn chronicle(&self) -> Option<Arc<Chronicle>> {
        None
    }
}

/// Whoever can write too.
#[async_trait]
pub(super) trait Writer: Pool {
    /// A write that has begun; it waits for its turn, because there is one writer at a time.
    async fn writing(&self) -> Result<Conn, StoreError>;

    /// Rings when the disk fails under any statement.
    fn alarm(&self) -> &Alarm;

    /// Gives up a piece of what is kept back for a full disk.
    async fn relieve(&self) -> bool;

    /// How much room there is.
    async fn room(&self) -> Room;

    /// Lets go of the register.
    async fn shut(&self);
}
