//! A register that moves from one engine to the other, and back.

use std::path::Path;

use chrono::TimeDelta;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, query_scalar, raw_sql};
use vanthu::app::ports::{JournalEntry, JournalKind, Reader, Store, StoreError};
use vanthu::domain::chain::Verdict;
use vanthu::domain::ids::DocumentId;
use vanthu::store::postgres::{self, PostgresOptions};
use vanthu::store::transfer::{Copied, End, transfer};
use vanthu::store::{Access, sqlite};

use super::fixture::{directive, minute};
use crate::support::postgres::{Database, temp_postgres};

/// One row or more for every table.
const EVERY_TABLE: &str = include_str!("every-table.sql");

async fn file(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).foreign_keys(true).connect().await.unwrap()
}

/// A register in a file that holds something of everything.
async fn filled(path: &Path) {
    let store = sqlite::open(path, Access::Serve).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let entry = |number: i64| JournalEntry {
        at: minute(number),
        kind: JournalKind::Held,
        document: (number > 0).then_some(DocumentId(3)),
        obligation: None,
        detail: serde_json::json!({ "why": "đọc lại \"nguồn\"", "number": number }),
    };
    tx.append(&[entry(0), entry(1), entry(2)]).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let mut conn = file(path).await;
    raw_sql(EVERY_TABLE).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Everything in a file, as SQLite itself writes it down: per table its name and its rows.
async fn written(path: &Path) -> Vec<(String, Vec<String>)> {
    let mut conn = file(path).await;
    let names: Vec<String> = query_scalar(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for name in names {
        let columns: Vec<String> =
            query_scalar("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info($1)")
                .bind(&name)
                .fetch_all(&mut conn)
                .await
                .unwrap();
        let sql = format!("SELECT {} AS line FROM \"{name}\" ORDER BY line", columns.join(" || ',' || "));
        let rows: Vec<String> = query_scalar(AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
        tables.push((name, rows));
    }
    tables
}

async fn copy(from: &End, to: &End) -> Result<Vec<Copied>, String> {
    match transfer(from, to, &|_, _| ()).await {
        Ok(copied) => Ok(copied),
        Err(StoreError::Refused(reason) | StoreError::Busy(reason)) => Err(reason),
        Err(other) => panic!("{other:?}"),
    }
}

/// From a file to a server, through a pooler to a new file: what SQLite writes down of both files is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_comes_back_as_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new();
    let [old, new] = ["cu.db", "moi.db"].map(|name| folder.path().join(name));
    filled(&old).await;
    let server = End::Server(database.options());
    let pooled = End::Server(PostgresOptions { url: database.pooled_url(), ..database.options() });
    let there = copy(&End::File(old.clone()), &server).await.unwrap();
    let empty: Vec<_> = there.iter().filter(|table| table.rows == 0).map(|table| &table.table).collect();
    assert!(empty.is_empty(), "every-table.sql has nothing for {empty:?}");
    let back = copy(&pooled, &End::File(new.clone())).await.unwrap();
    assert_eq!(there, back);
    assert_eq!(written(&old).await, written(&new).await);
}

/// What moved to a server goes on there: new rows get numbers after all others, the journal its next link.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_that_moved_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("cu.db");
    filled(&old).await;
    let secret = sqlite::open(&old, Access::Visit).await.unwrap().meta().await.unwrap().secret;
    let database = Database::new();
    copy(&End::File(old), &End::Server(database.options())).await.unwrap();
    let store = postgres::open(&database.options(), Access::Serve).await.unwrap();
    assert_eq!(store.meta().await.unwrap().secret, secret, "Message-IDs stay as they are");
    let directive = directive(&store, "101", &["cb-1"]).await;
    assert!(directive.registered.id.0 > 4_294_967_299 && directive.obligations[0].0.0 > 22);
    assert!(matches!(
        store.verify_journal(Vec::new(), &|_| ()).await.unwrap(),
        Verdict::Whole { rows: 3, .. }
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_into_an_empty_register_that_nobody_serves() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("cu.db");
    filled(&old).await;
    let from = End::File(old.clone());
    let (store, database) = temp_postgres().await;
    directive(&store, "7", &["cb-1"]).await;
    let mut tx = store.begin().await.unwrap();
    tx.take_lease("máy-1", "máy-1", TimeDelta::minutes(1), minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    let to = End::Server(database.options());
    let served = copy(&from, &to).await.unwrap_err();
    assert!(served.contains("hãy dừng mọi dịch vụ vanthu"), "{served}");
    let mut tx = store.begin().await.unwrap();
    tx.give_back("máy-1").await.unwrap();
    tx.commit().await.unwrap();
    let taken = copy(&from, &to).await.unwrap_err();
    assert!(taken.contains("đã có dữ liệu (bảng document)"), "{taken}");
    let daemon = sqlite::open(&old, Access::Serve).await.unwrap();
    let running = copy(&from, &End::Server(Database::new().options())).await.unwrap_err();
    assert!(running.contains("vanthu"), "{running}");
    daemon.close().await;
    let alike = copy(&from, &End::File(folder.path().join("x.db"))).await.unwrap_err();
    assert!(alike.contains("sao lưu"), "{alike}");
}
