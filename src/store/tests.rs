//! What only the inside can see: query plans, and a writer's connection after the engine gave up.

use sqlx::{AssertSqlSafe, Row, query, query_as};

use super::pool::Pool as _;
use super::sqlite::{Access, SqliteStore, open};
use super::{claim, contact, dialect, ladder, outbox, sql};
use crate::app::ports::{JournalEntry, JournalKind, Reader, Store, StoreError};

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
        ("claim", dialect::CLAIM.sqlite),
        ("claimed", claim::CLAIMED.sqlite),
        ("settle", dialect::SETTLE.sqlite),
        ("due", contact::DUE.sqlite),
        ("open of a cell", contact::OPEN_OF.sqlite),
        ("dated of a cell", contact::DATED_OF.sqlite),
        ("next send", outbox::NEXT_SEND),
        ("next lease", outbox::NEXT_LEASE),
        ("next action", outbox::NEXT_ACTION),
        ("resting", ladder::RESTING.sqlite),
        ("told above", ladder::TOLD_ABOVE),
        ("tables above", ladder::TABLES),
    ];
    let mut plans = String::new();
    for (name, sql) in statements {
        plans += &format!("{name}:\n{}\n", plan(&store, sql).await);
    }
    assert!(plans.contains("due:") && plans.contains("USING INDEX obligation_next"), "{plans}");
    insta::assert_snapshot!(plans);
}

/// What durability and the walls between rows rest on; the driver's defaults may change.
#[tokio::test]
async fn connections_are_set_as_durability_needs() {
    let (store, _keep) = temp_store().await;
    let mut seen = String::new();
    for pragma in
        ["journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "mmap_size", "busy_timeout"]
    {
        let sql = AssertSqlSafe(format!("PRAGMA {pragma}"));
        let row = query(sql).fetch_one(&mut *store.writer().acquire().await.unwrap()).await.unwrap();
        let value = row.try_get_unchecked::<String, _>(0).unwrap();
        seen += &format!("{pragma} = {value}\n");
    }
    insta::assert_snapshot!(seen, @r"
    journal_mode = wal
    synchronous = 2
    foreign_keys = 1
    wal_autocheckpoint = 0
    mmap_size = 0
    busy_timeout = 10000
    ");
    let mut reader = store.reader().await.unwrap();
    assert!(sql::query("DELETE FROM reading").execute(&mut reader).await.is_err(), "readers cannot write");
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

/// The log is moved over by a statement of ours, whose failure we see; the engine's own is off.
#[tokio::test]
async fn the_log_is_moved_before_it_grows_long() {
    let (store, keep) = temp_store().await;
    let text = "x".repeat(400_000);
    for _ in 0..120 {
        let mut tx = store.begin().await.unwrap();
        tx.append(&[entry(&text)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let size = |name: &str| std::fs::metadata(keep.path().join(name)).unwrap().len();
    assert!(size("vanthu.db-wal") < 24 << 20, "the log has {} bytes", size("vanthu.db-wal"));
    assert!(size("vanthu.db") > 24 << 20, "the file has {} bytes", size("vanthu.db"));
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
