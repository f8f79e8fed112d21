//! A register of its own for each test.

use std::sync::Arc;

use vanthu::app::ports::Store;
use vanthu::store::sqlite::{Access, SqliteStore, open};

/// An empty register in a folder that goes with the second value.
pub async fn temp_store() -> (Arc<dyn Store>, tempfile::TempDir) {
    let (store, folder) = temp_sqlite().await;
    (Arc::new(store), folder)
}

/// The same with the engine's own face.
pub async fn temp_sqlite() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("vanthu.db"), Access::Serve).await.unwrap();
    (store, folder)
}
