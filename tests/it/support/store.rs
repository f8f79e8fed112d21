//! A register of its own for each test.

use std::sync::Arc;

use vanthu::app::ports::Store;
use vanthu::store::sqlite::{Access, SqliteStore, open};

use super::postgres::{self, Database};

/// What a register is kept in; gone with this value.
#[expect(dead_code, reason = "held, never read")]
pub enum Keep {
    /// An SQLite file.
    Folder(tempfile::TempDir),
    /// A database on the private server.
    Database(Database),
}

/// Whether this run is for registers on a server. Every test above the store can be run on both engines:
///
///     VANTHU_TEST_STORE=postgres cargo test --test it app:: polls:: inbound:: daemon::
#[expect(clippy::disallowed_methods, reason = "which engine a run is for is no setting of the daemon")]
pub fn on_server() -> bool {
    match std::env::var("VANTHU_TEST_STORE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("VANTHU_TEST_STORE is sqlite or postgres, not {other}"),
    }
}

/// An empty register in the engine this run is for.
pub async fn temp_store() -> (Arc<dyn Store>, Keep) {
    if on_server() {
        let (store, database) = postgres::temp_store().await;
        return (store, Keep::Database(database));
    }
    let (store, folder) = file_store().await;
    (store, Keep::Folder(folder))
}

/// An empty register in an SQLite file, in a folder that goes with the second value.
pub async fn file_store() -> (Arc<dyn Store>, tempfile::TempDir) {
    let (store, folder) = temp_sqlite().await;
    (Arc::new(store), folder)
}

/// The same with the engine's own face.
pub async fn temp_sqlite() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("vanthu.db"), Access::Serve).await.unwrap();
    (store, folder)
}
