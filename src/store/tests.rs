//! What only the inside can see: query plans, and a writer's connection after the engine gave up.

use sqlx::{AssertSqlSafe, query, query_as};

use super::sqlite::{Access, SqliteStore, open};
use super::{dialect, notice, obligation};
use crate::app::ports::{JournalEntry, JournalKind, Store, StoreError};

async fn temp_store() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("vanthu.db"), Access::Serve).await.unwrap();
    (store, folder)
}

async fn plan(store: &SqliteStore, sql: &str) -> String {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let steps: Vec<(i64, i64, i64, String)> =
        query_as(sql).fetch_all(&mut *store.writer().acquire().await.unwrap()).await.unwrap();
    steps.into_iter().map(|step| step.3 + "\n").collect()
}

/// The cost of these follows what is open or asked for, never what there ever was.
#[tokio::test]
async fn open_work_is_found_by_its_partial_index() {
    let (store, _keep) = temp_store().await;
    let statements = [
        ("claim", dialect::CLAIM),
        ("claimed", notice::CLAIMED),
        ("settle", dialect::SETTLE),
        ("due", obligation::DUE),
        ("next send", notice::NEXT_SEND),
        ("next lease", notice::NEXT_LEASE),
        ("next action", obligation::NEXT_ACTION),
    ];
    let mut plans = String::new();
    for (name, sql) in statements {
        plans += &format!("{name}:\n{}\n", plan(&store, sql).await);
    }
    insta::assert_snapshot!(plans);
}

fn entry(text: &str) -> JournalEntry {
    let at = chrono::DateTime::UNIX_EPOCH;
    let detail = serde_json::json!({ "text": text });
    JournalEntry { at, kind: JournalKind::Held, document: None, obligation: None, detail }
}

#[tokio::test]
async fn a_full_disk_is_told_by_code_and_passes() {
    let (store, _keep) = temp_store().await;
    let pages = |count: i64| {
        let sql = AssertSqlSafe(format!("PRAGMA max_page_count = {count}"));
        async { query(sql).execute(&mut *store.writer().acquire().await.unwrap()).await.unwrap() }
    };
    pages(1).await; // the engine takes the present size instead
    let mut tx = store.begin().await.unwrap();
    let error = tx.append(&[entry(&"x".repeat(100_000))]).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    drop(tx);
    pages(1_000_000).await;
    let mut tx = store.begin().await.unwrap();
    tx.append(&[entry("lại có chỗ")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.journal(None, 0, 0).await.unwrap().len(), 1);
}

/// Some errors make the engine roll back by itself; the driver does not learn of it.
#[tokio::test]
async fn a_connection_that_lost_its_transaction_is_given_up() {
    let (store, _keep) = temp_store().await;
    let mut lost = store.writer().begin_with("BEGIN IMMEDIATE").await.unwrap();
    query("ROLLBACK").execute(&mut *lost).await.unwrap();
    drop(lost);
    for _ in 0..3 {
        let mut tx = store.begin().await.unwrap();
        tx.append(&[entry("tiếp tục")]).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(store.journal(None, 0, 0).await.unwrap().len(), 3);
}
