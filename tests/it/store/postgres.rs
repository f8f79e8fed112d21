//! What is particular to PostgreSQL: whose database it is, several who open it, turns, lost connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, query, query_as, query_scalar};
use vanthu::app::ports::{JournalEntry, JournalKind, Reader, Store, StoreError};
use vanthu::domain::chain::Verdict;
use vanthu::store::Access;
use vanthu::store::postgres::{Patience, PostgresOptions, open, open_reader};

use super::fixture::{directive, minute, newest_schema};
use crate::support::postgres::{Database, authority, temp_postgres};

/// Another program at the same database.
async fn stranger(database: &Database) -> PgConnection {
    PgConnection::connect(&database.url()).await.unwrap()
}

async fn execute(conn: &mut PgConnection, sql: &str) {
    query(AssertSqlSafe(sql.to_owned())).execute(conn).await.unwrap();
}

async fn refusal(database: &Database, access: Access) -> String {
    match open(&database.options(), access).await {
        Err(StoreError::Refused(reason) | StoreError::Unmade(reason)) => {
            reason.replace(&database.url(), "postgres://…")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let database = Database::new();
    execute(&mut stranger(&database).await, "CREATE TABLE khach (id BIGINT)").await;
    insta::assert_snapshot!(refusal(&database, Access::Serve).await, @"postgres://… là cơ sở dữ liệu của chương trình khác; hãy sửa `store.url`, hoặc tạo một cơ sở dữ liệu riêng");
    let mut conn = stranger(&database).await;
    let tables: i64 = query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(tables, 1, "nothing was made there");
}

#[tokio::test]
async fn an_empty_database_is_only_for_the_daemon() {
    let database = Database::new();
    insta::assert_snapshot!(refusal(&database, Access::Visit).await, @"postgres://… chưa có dữ liệu; dịch vụ vanthu chưa chạy lần nào với sổ này");
    open(&database.options(), Access::Serve).await.unwrap();
    open(&database.options(), Access::Visit).await.unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_the_program_that_made_it() {
    let (store, database) = temp_postgres().await;
    store.close().await;
    let next = newest_schema() + 1;
    let sql =
        format!("INSERT INTO vanthu_schema (version, name, program) VALUES ({next}, 'mai sau', '9.9.9')");
    execute(&mut stranger(&database).await, &sql).await;
    let reason = refusal(&database, Access::Serve).await.replace(&next.to_string(), "MỚI");
    insta::assert_snapshot!(reason.replace(&newest_schema().to_string(), "CŨ"), @"postgres://… có lược đồ số MỚI, bản vanthu 0.1.0 này chỉ biết đến số CŨ; cần vanthu 9.9.9 trở lên");
}

#[tokio::test]
async fn who_cannot_come_in_is_told_what_to_do() {
    let database = Database::new();
    let url = database.url();
    let nobody = PostgresOptions { url: url.replace("user=vanthu", "user=khach"), ..database.options() };
    let nowhere =
        PostgresOptions { url: url.replace("postgres:///t", "postgres:///khong-co-t"), ..database.options() };
    let nothing = PostgresOptions { url: "postgres://a@127.0.0.1:1/b".to_owned(), ..database.options() };
    let advice = ["pg_hba.conf", "createdb -E UTF8", "store.url"];
    for (options, advice) in [nobody, nowhere, nothing].into_iter().zip(advice) {
        let ended = open(&options, Access::Serve).await;
        let Err(StoreError::Refused(reason) | StoreError::Away(reason)) = ended else { panic!("{ended:?}") };
        assert!(reason.starts_with("không kết nối được postgres://") && reason.contains(advice), "{reason}");
    }
}

/// Several instances that start at once: one makes the schema, the others find it made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_may_migrate_at_once() {
    let database = Database::new();
    let options = database.options();
    let opened = join_all((0..6).map(|_| open(&options, Access::Serve))).await;
    let mut secrets = Vec::new();
    for store in opened {
        let store = store.unwrap();
        secrets.push(store.meta().await.unwrap().secret);
        store.close().await;
    }
    secrets.dedup();
    assert_eq!(secrets.len(), 1, "one register");
}

/// Two instances write at once: one journal without gaps, every document once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_two_instances_take_turns() {
    let (first, database) = temp_postgres().await;
    let first = Arc::new(first);
    let second = Arc::new(open(&database.options(), Access::Serve).await.unwrap());
    let entry = |number: i64| JournalEntry {
        at: minute(number),
        kind: JournalKind::Held,
        document: None,
        obligation: None,
        detail: serde_json::json!({ "number": number }),
    };
    let writes = (0..60_i64).map(|number| {
        let store = if number % 2 == 0 { first.clone() } else { second.clone() };
        async move {
            directive(store.as_ref(), &format!("{}", number / 2), &["cb-1"]).await;
            let mut tx = store.begin().await.unwrap();
            tx.append(&[entry(number), entry(number)]).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    join_all(writes).await;
    assert!(matches!(
        second.verify_journal(Vec::new(), &|_| ()).await.unwrap(),
        Verdict::Whole { rows: 120, .. }
    ));
    assert_eq!(first.documents(99, minute(0)).await.unwrap().len(), 30, "each id of the source once");
}

/// A writer that stands still with its turn in hand loses it; the next one goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_stands_still_loses_its_turn() {
    let (store, database) = temp_postgres().await;
    let mut still = stranger(&database).await;
    execute(&mut still, "BEGIN").await;
    execute(&mut still, "SET LOCAL idle_in_transaction_session_timeout = '1s'").await;
    execute(&mut still, "SELECT id FROM meta FOR UPDATE").await;
    let began = Instant::now();
    directive(&store, "7", &["cb-1"]).await;
    let waited = began.elapsed();
    assert!((Duration::from_millis(700)..Duration::from_secs(10)).contains(&waited), "{waited:?}");
}

/// Every connection ends under our hands: what was under way is undone and may be done again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_end_are_made_anew() {
    let (store, database) = temp_postgres().await;
    let mut admin = stranger(&database).await;
    for number in 0..20 {
        let mut tx = store.begin().await.unwrap();
        tx.append(&[]).await.unwrap();
        let ended: Vec<(bool,)> = query_as(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        assert!(!ended.is_empty());
        match tx.commit().await {
            Err(StoreError::Away(_)) => {}
            other => panic!("{other:?}"),
        }
        directive(&store, &format!("{number}"), &["cb-1"]).await;
    }
    assert_eq!(store.documents(99, minute(0)).await.unwrap().len(), 20);
}

#[tokio::test]
async fn a_reader_cannot_write_and_the_journal_cannot_be_changed() {
    let (store, database) = temp_postgres().await;
    directive(&store, "7", &["cb-1"]).await;
    let mut tx = store.begin().await.unwrap();
    let entry = JournalEntry {
        at: minute(0),
        kind: JournalKind::Held,
        document: None,
        obligation: None,
        detail: serde_json::json!({}),
    };
    tx.append(&[entry]).await.unwrap();
    tx.commit().await.unwrap();
    let reader = open_reader(&database.options()).await.unwrap();
    assert_eq!(reader.documents(9, minute(0)).await.unwrap().len(), 1);
    let mut conn = stranger(&database).await;
    for sql in
        ["UPDATE journal SET at = 1", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM acceptance"]
    {
        let done = query(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await;
        assert!(done.is_err() || sql.contains("acceptance"), "{sql}");
    }
    assert!(matches!(
        store.verify_journal(Vec::new(), &|_| ()).await.unwrap(),
        Verdict::Whole { rows: 1, .. }
    ));
}

/// Columns as the standard names them, so that the two engines can be compared.
const SERVER_COLUMNS: &str = "
SELECT table_name::text, column_name::text,
    CASE data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' ELSE upper(data_type) END,
    is_nullable = 'NO'
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'vanthu_schema'
ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\"";

const FILE_COLUMNS: &str = "
SELECT t.name, c.name, c.type, c.\"notnull\" = 1 OR c.pk > 0
FROM sqlite_schema t, pragma_table_info(t.name) c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations'
ORDER BY t.name, c.name";

/// Each step has its twin, and together they make the same tables.
#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let (store, database) = temp_postgres().await;
    assert_eq!(store.meta().await.unwrap().schema, newest_schema());
    let server: Vec<(String, String, String, bool)> =
        query_as(SERVER_COLUMNS).fetch_all(&mut stranger(&database).await).await.unwrap();
    let (_file, folder) = crate::support::store::temp_sqlite().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("vanthu.db"));
    let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let file: Vec<(String, String, String, bool)> =
        query_as(FILE_COLUMNS).fetch_all(&mut conn).await.unwrap();
    assert_eq!(server, file);
}

/// Over the network: by TLS under an authority of our own, with a password that no text shows.
#[tokio::test]
async fn over_the_network_it_takes_tls_a_known_authority_and_the_password() {
    let database = Database::new();
    let mut admin = stranger(&database).await;
    execute(&mut admin, "CREATE ROLE qua_mang LOGIN PASSWORD 'mat khau'").await;
    execute(&mut admin, "GRANT ALL ON SCHEMA public TO qua_mang").await;
    let options = |sslmode: &str, password: &str| PostgresOptions {
        url: database.guarded_url(sslmode),
        password: Some(SecretString::from(password)),
        ca_file: Some(authority()),
        patience: Patience::default(),
    };
    let store = open(&options("verify-full", "mat khau"), Access::Serve).await.unwrap();
    directive(&store, "7", &["cb-1"]).await;
    let stranger = PostgresOptions { ca_file: None, ..options("verify-full", "mat khau") };
    let wrong = [
        (options("verify-full", "mật khẩu khác"), "mật khẩu"),
        (options("disable", "mat khau"), "pg_hba.conf"),
        (stranger, "ca_file"),
    ];
    for (options, advice) in wrong {
        let Err(StoreError::Refused(reason)) = open(&options, Access::Serve).await else {
            panic!("{advice}")
        };
        assert!(reason.contains(advice) && !reason.contains("khác"), "{reason}");
    }
    store.close().await;
    execute(&mut admin, "DROP OWNED BY qua_mang").await;
    execute(&mut admin, "DROP ROLE qua_mang").await;
}
