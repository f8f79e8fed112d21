//! What is particular to SQLite: the file, its lock, its schema, its log, its journal on the disk.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqlSafeStr, query, query_as, query_scalar};
use vanthu::app::ports::{ClaimRequest, JournalEntry, JournalKind, Reader, Store, StoreError};
use vanthu::domain::chain::Verdict;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::notice::NoticeKind;
use vanthu::domain::obligation::{Grade, State};
use vanthu::store::sqlite::{Access, open, open_reader};

use super::fixture::{directive, enqueue, minute, newest_schema, notice};
use crate::support::store::temp_sqlite;

/// Another program at the same file.
async fn stranger(path: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut conn = options.connect().await.unwrap();
    query(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

async fn refusal(path: &Path, access: Access) -> String {
    match open(path, access).await {
        Err(StoreError::Refused(reason) | StoreError::Unmade(reason) | StoreError::Busy(reason)) => {
            reason.replace(&path.parent().unwrap().display().to_string(), "…")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_second_daemon_is_refused_until_the_first_is_gone() {
    let (store, folder) = temp_sqlite().await;
    let path = folder.path().join("vanthu.db");
    for _ in 0..20 {
        let reason = refusal(&path, Access::Serve).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(reason, @"…/vanthu.db đang được một tiến trình vanthu khác dùng; mỗi cơ sở dữ liệu chỉ có một tiến trình phục vụ");
        }
    }
    store.close().await;
    drop(store);
    open(&path, Access::Serve).await.unwrap();
}

#[tokio::test]
async fn a_command_works_beside_the_daemon() {
    let (store, folder) = temp_sqlite().await;
    let path = folder.path().join("vanthu.db");
    let visitor = open(&path, Access::Visit).await.unwrap();
    directive(&visitor, "7", &["cb-1"]).await;
    assert_eq!(store.documents(9, minute(0)).await.unwrap().len(), 1);
    let writes = (0..40).map(|number| {
        let store: &dyn Store = if number % 2 == 0 { &store } else { &visitor };
        async move { directive(store, &format!("{number}-"), &["cb-1"]).await }
    });
    futures_util::future::join_all(writes).await;
    assert_eq!(visitor.documents(99, minute(0)).await.unwrap().len(), 41);
}

/// What only shows or tries out holds a register that the engine itself opened read-only.
#[tokio::test]
async fn a_reader_leaves_the_file_as_it_was() {
    let (store, folder) = temp_sqlite().await;
    let made = directive(&store, "7", &["cb-1"]).await;
    let path = folder.path().join("vanthu.db");
    let reader: Box<dyn Reader> = Box::new(open_reader(&path).await.unwrap());
    let before = (store.journal(None, 0, 0).await.unwrap().len(), std::fs::read(&path).unwrap());
    let found = reader.documents(9, minute(0)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(reader.revision(found[0].revision).await.unwrap().is_some());
    assert_eq!(reader.obligations(made.registered.id, true).await.unwrap().len(), 1);
    assert_eq!(reader.outbox(minute(0)).await.unwrap(), store.outbox(minute(0)).await.unwrap());
    let after = (store.journal(None, 0, 0).await.unwrap().len(), std::fs::read(&path).unwrap());
    assert!(before == after, "a reader wrote");
}

#[tokio::test]
async fn a_command_needs_a_register_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vanthu.db");
    let missing = refusal(&path, Access::Visit).await;
    assert!(missing.starts_with("không mở được cơ sở dữ liệu …/vanthu.db: "), "{missing}");
    assert!(!path.exists());
    std::fs::write(&path, b"").unwrap();
    insta::assert_snapshot!(refusal(&path, Access::Visit).await, @"…/vanthu.db chưa có dữ liệu; dịch vụ vanthu chưa chạy lần nào với sổ này");
}

#[tokio::test]
async fn files_are_for_the_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vanthu.db");
    for _ in 0..2 {
        let store = open(&path, Access::Serve).await.unwrap();
        directive(&store, "7", &["cb-1"]).await;
        let mut names = Vec::new();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
            names.push(file.file_name().into_string().unwrap());
        }
        names.sort();
        assert_eq!(names, ["vanthu.db", "vanthu.db-shm", "vanthu.db-wal", "vanthu.db.lock"]);
        store.close().await;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let (store, folder) = temp_sqlite().await;
    directive(&store, "7", &["cb-1"]).await;
    store.close().await;
    assert!(!folder.path().join("vanthu.db-wal").exists());
    assert!(store.begin().await.is_err());
    drop(store);
    let again = open(&folder.path().join("vanthu.db"), Access::Serve).await.unwrap();
    assert_eq!(again.documents(9, minute(0)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_newer_register_is_refused_with_the_version_it_needs() {
    let (store, folder) = temp_sqlite().await;
    let path = folder.path().join("vanthu.db");
    store.close().await;
    drop(store);
    stranger(
        &path,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (99, 'later', TRUE, x'00', 0);
         UPDATE meta SET program = '9.4.0'",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    for access in [Access::Serve, Access::Visit] {
        let reason = refusal(&path, access).await.replace(env!("CARGO_PKG_VERSION"), "X");
        let reason = reason.replace(&format!("chỉ biết đến số {}", newest_schema()), "chỉ biết đến số N");
        insta::allow_duplicates! {
            insta::assert_snapshot!(reason, @"…/vanthu.db có lược đồ số 99, bản vanthu X này chỉ biết đến số N; cần vanthu 9.4.0 trở lên");
        }
    }
    assert_eq!(std::fs::read(&path).unwrap(), before, "it was not touched");
}

#[tokio::test]
async fn files_of_others_are_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.db");
    stranger(&other, "CREATE TABLE note (id INTEGER)").await;
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "không phải cơ sở dữ liệu, nhưng đủ dài để bị đọc như một".repeat(20)).unwrap();
    for path in [&other, &text] {
        let before = std::fs::read(path).unwrap();
        let reason = refusal(path, Access::Serve).await;
        assert!(
            reason.contains("chương trình khác") || reason.contains("không phải sổ của vanthu"),
            "{reason}"
        );
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
}

#[tokio::test]
async fn a_first_start_that_was_cut_short_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vanthu.db");
    stranger(
        &path,
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
            installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL,
            checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
    )
    .await;
    let store = open(&path, Access::Serve).await.unwrap();
    assert_eq!(store.meta().await.unwrap().schema, newest_schema());
}

/// A register as the first release made it, with what may stand in one.
async fn of_the_first_release(path: &Path) {
    let sql = include_str!("../../../src/store/migrations/sqlite/0001_init.sql").into_sql_str();
    let init = Migration::new(1, "init".into(), MigrationType::Simple, sql, false);
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
    let mut conn = options.connect().await.unwrap();
    Migrator::with_migrations(vec![init]).run(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    stranger(path, include_str!("first_release.sql")).await;
}

#[tokio::test]
async fn a_register_of_the_first_release_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vanthu.db");
    of_the_first_release(&path).await;
    let refused = refusal(&path, Access::Visit).await;
    insta::assert_snapshot!(refused, @"…/vanthu.db còn ở lược đồ số 1; hãy khởi động lại dịch vụ vanthu để nâng cấp");
    let store = open(&path, Access::Serve).await.unwrap();
    assert_eq!(store.meta().await.unwrap().schema, newest_schema());
    let rows = store.obligations(DocumentId(1), true).await.unwrap();
    let kept: Vec<_> = rows
        .iter()
        .map(|row| (row.obligation.id.0, row.obligation.cell.as_str(), row.obligation.task.as_str()))
        .collect();
    assert_eq!(kept, [(11, "cb-1", ""), (12, "cb-2", "")]);
    let first = &rows[0].obligation;
    assert_eq!((first.state, first.step, first.grade), (State::Acknowledged, 4, Some(Grade::Verified)));
    assert_eq!(first.promised, "2026-01-20".parse().ok());
    let duty = store.duty(first.duty).await.unwrap().unwrap().duty;
    assert_eq!((duty.task, duty.rules), (None, vec!["chuyen-de-quy".into()]));
    assert_eq!(store.answers(ObligationId(11)).await.unwrap().len(), 1);
    assert_eq!(store.holds(true).await.unwrap().len(), 1);
    assert_eq!(store.next_action().await.unwrap(), Some(minute(30)));

    let mut tx = store.begin().await.unwrap();
    let request =
        ClaimRequest { instance: "a".to_owned(), now: minute(9), lease_until: minute(10), limit: 9 };
    let claimed = tx.claim(&request).await.unwrap();
    let about: Vec<_> = claimed.iter().map(|one| (one.key.kind, one.about.clone())).collect();
    assert_eq!(about, [(NoticeKind::Notice, vec![]), (NoticeKind::Reminder, vec![(ObligationId(12), 4)])]);
    tx.commit().await.unwrap();

    let mut conn = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let broken: Vec<(String,)> =
        query_as("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut conn).await.unwrap();
    assert_eq!(broken, [], "every reference holds");
    let refers: String = query_scalar("SELECT sql FROM sqlite_schema WHERE name = 'answer'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert!(refers.contains("REFERENCES \"obligation\" (id)"), "{refers}");
}

/// A person's shell holds the write lock for a while: writers wait, readers do not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_lock_is_waited_for() {
    let (store, folder) = temp_sqlite().await;
    let path = folder.path().join("vanthu.db");
    let mut shell = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    query("BEGIN IMMEDIATE").execute(&mut shell).await.unwrap();
    let began = Instant::now();
    let write = directive(&store, "7", &["cb-1"]);
    let read = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(store.documents(9, minute(0)).await.unwrap().is_empty());
        assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(950)).await;
        query("ROLLBACK").execute(&mut shell).await.unwrap();
    };
    tokio::join!(write, read);
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_settings_of_the_writer_are_what_durability_needs() {
    let (store, folder) = temp_sqlite().await;
    directive(&store, "7", &["cb-1"]).await;
    let path = folder.path().join("vanthu.db");
    let mut conn = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let mode: String = query_scalar("PRAGMA journal_mode").fetch_one(&mut conn).await.unwrap();
    let application: i64 = query_scalar("PRAGMA application_id").fetch_one(&mut conn).await.unwrap();
    assert_eq!((mode.as_str(), &application.to_be_bytes()[4..]), ("wal", b"vant".as_slice()));
}

fn fact(text: &str) -> JournalEntry {
    let detail = serde_json::json!({ "text": text });
    JournalEntry { at: minute(0), kind: JournalKind::Held, document: None, obligation: None, detail }
}

/// A register with 2,500 facts, closed; more than one stride of the walk.
async fn journalled() -> (std::path::PathBuf, tempfile::TempDir) {
    let (store, folder) = temp_sqlite().await;
    let facts: Vec<_> = (1..=2500).map(|number| fact(&format!("việc số {number:04}"))).collect();
    let mut tx = store.begin().await.unwrap();
    tx.append(&facts).await.unwrap();
    tx.commit().await.unwrap();
    let last = store.journal(None, 2499, 0).await.unwrap().remove(0).hash;
    assert_eq!(store.verify_journal(Vec::new(), &|_| ()).await.unwrap(), Verdict::Whole { rows: 2500, last });
    store.close().await;
    (folder.path().join("vanthu.db"), folder)
}

async fn verdict(path: &Path) -> Verdict {
    open(path, Access::Visit).await.unwrap().verify_journal(Vec::new(), &|_| ()).await.unwrap()
}

#[tokio::test]
async fn a_flipped_bit_on_the_disk_is_found() {
    let (path, _keep) = journalled().await;
    let whole = std::fs::read(&path).unwrap();
    for number in [1, 1234, 2500] {
        let needle = format!("việc số {number:04}");
        let at = whole.windows(needle.len()).position(|bytes| bytes == needle.as_bytes()).unwrap();
        for (offset, bit) in [(needle.len() - 1, 1), (1, 0x80)] {
            let mut damaged = whole.clone();
            damaged[at + offset] ^= bit;
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(verdict(&path).await, Verdict::Changed { number }, "byte {offset}");
        }
    }
}

#[tokio::test]
async fn a_rewritten_journal_is_found() {
    let without = "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;";
    let cases = [
        ("UPDATE journal SET at = at + 1 WHERE number = 7", Verdict::Changed { number: 7 }),
        ("UPDATE journal SET obligation = 1 WHERE number = 7", Verdict::Changed { number: 7 }),
        ("UPDATE journal SET document = 1 WHERE number = 7", Verdict::Changed { number: 7 }),
        ("UPDATE journal SET kind = 'closed' WHERE number = 7", Verdict::Changed { number: 7 }),
        (
            "UPDATE journal SET hash = lower(hex(zeroblob(32))) WHERE number = 7",
            Verdict::Changed { number: 7 },
        ),
        ("DELETE FROM journal WHERE number = 7", Verdict::Missing { number: 7 }),
        ("DELETE FROM journal WHERE number < 7", Verdict::Missing { number: 1 }),
        (
            "DELETE FROM journal WHERE number = 7; UPDATE journal SET number = number - 1 WHERE number > 7",
            Verdict::Changed { number: 7 },
        ),
    ];
    for (sql, expected) in cases {
        let (path, _keep) = journalled().await;
        stranger(&path, &format!("{without} {sql}")).await;
        assert_eq!(verdict(&path).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn the_journal_takes_no_update_and_no_delete() {
    let (path, _keep) = journalled().await;
    let mut conn = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    for sql in ["UPDATE journal SET at = 0", "DELETE FROM journal WHERE number = 2500"] {
        let error = query(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_understood_is_named() {
    let (store, folder) = temp_sqlite().await;
    let made = directive(&store, "7", &["cb-1"]).await;
    stranger(&folder.path().join("vanthu.db"), "UPDATE obligation SET promised = 'mai'").await;
    let error = store.obligation(made.obligations[0].0).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"dữ liệu không hợp lệ ở obligation.promised, khoá 1");
}

#[tokio::test]
async fn words_outside_the_list_never_get_in() {
    let (store, folder) = temp_sqlite().await;
    let made = directive(&store, "7", &["cb-1"]).await;
    enqueue(&store, &made, &[notice(made.registered.revision, "cb-1")]).await;
    let path = folder.path().join("vanthu.db");
    let mut conn = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    for sql in [
        "UPDATE obligation SET state = 'late'",
        "UPDATE notice SET delivery = 'pending'",
        "UPDATE notice SET delivery = 'sending'",
        "UPDATE notice SET delivery = 'sent'",
        "UPDATE notice SET priority = 256",
        "UPDATE obligation SET duty = 99",
        "UPDATE obligation SET due = 'mai'",
        "INSERT INTO meta (id, secret, program) VALUES (2, zeroblob(32), '1')",
    ] {
        assert!(query(AssertSqlSafe(sql)).execute(&mut conn).await.is_err(), "{sql}");
    }
}

/// One row that the engine refuses (here by a trigger for one cell) undoes its whole write, and only it.
#[tokio::test]
async fn a_refused_row_undoes_its_write_and_no_other() {
    let (store, folder) = temp_sqlite().await;
    let path = folder.path().join("vanthu.db");
    stranger(
        &path,
        "CREATE TRIGGER refuse BEFORE INSERT ON obligation WHEN new.cell = 'cb-2'
         BEGIN SELECT raise(ABORT, 'refused'); END",
    )
    .await;
    let good = directive(&store, "7", &["cb-1"]).await;
    let mut tx = store.begin().await.unwrap();
    let row = super::fixture::new_obligation(good.duty, "cb-2");
    let error = tx.open_obligations(good.registered.id, good.registered.revision, &[row], minute(0)).await;
    assert!(matches!(error, Err(StoreError::Engine(_))), "{error:?}");
    drop(tx);
    assert_eq!(store.obligations(good.registered.id, true).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_backup_is_a_register_of_its_own() {
    let (store, folder) = temp_sqlite().await;
    directive(&store, "7", &["cb-1"]).await;
    let target = folder.path().join("copy.db");
    store.backup_to(&target).await.unwrap();
    directive(&store, "8", &["cb-1"]).await;
    assert!(matches!(store.backup_to(&target).await, Err(StoreError::Refused(_))), "it never overwrites");
    assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let copy = open(&target, Access::Serve).await.unwrap();
    assert_eq!(copy.documents(9, minute(0)).await.unwrap().len(), 1);
    assert_eq!(copy.meta().await.unwrap().secret, store.meta().await.unwrap().secret);
}
