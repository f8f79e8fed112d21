//! `kill -9` in the middle of a change of the schema: the next start finishes it, and nothing is lost. A program that is
//! older than a register leaves it alone (T17).
//!
//! `VANTHU_UPGRADES` sets how many kills, `VANTHU_ROWS` how many directives of five cells the register holds, `VANTHU_SEED`
//! which instants (docs/RELIABILITY.md).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqlSafeStr, query, query_as, query_scalar};
use vanthu::demo::ioffice::Setup;

use super::kill::Random;
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::number;

/// Schemas that a register may have been left at.
const OLD: [i64; 4] = [1, 9, 18, 27];

/// Facts in its journal.
const FACTS: i64 = 500;

/// What the register holds, by table, with a sum that tells changed rows.
type Sums = BTreeMap<&'static str, (i64, i64)>;

const SUMS: [(&str, &str); 8] = [
    ("document", "SELECT count(*), coalesce(sum(id * length(external_id)), 0) FROM document"),
    ("revision", "SELECT count(*), coalesce(sum(id * length(content)), 0) FROM revision"),
    ("duty", "SELECT count(*), coalesce(sum(id * revision), 0) FROM duty"),
    (
        "obligation",
        "SELECT count(*), coalesce(sum(id * revision * length(cell) * length(state)), 0) FROM obligation",
    ),
    ("notice", "SELECT count(*), coalesce(sum(id * length(message_id) * length(delivery)), 0) FROM notice"),
    ("answer", "SELECT count(*), coalesce(sum(id * obligation * length(content)), 0) FROM answer"),
    ("hold", "SELECT count(*), coalesce(sum(id * length(reason)), 0) FROM hold"),
    ("journal", "SELECT count(*), coalesce(sum(number * length(hash)), 0) FROM journal WHERE number <= 500"),
];

/// Waits for work on a file; the office has threads of its own, which may not wait.
fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

async fn sums(conn: &mut SqliteConnection) -> Sums {
    let mut sums = Sums::new();
    for (table, sql) in SUMS {
        sums.insert(table, query_as(sql).fetch_one(&mut *conn).await.unwrap());
    }
    sums
}

/// The steps of the schema up to a number, from the files that the program has in it.
fn steps(last: i64) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let step = |path: PathBuf| {
        let number: i64 =
            path.file_name().unwrap().to_str().unwrap().split('_').next().unwrap().parse().unwrap();
        let sql = AssertSqlSafe(fs::read_to_string(path).unwrap()).into_sql_str();
        let name: Cow<'static, str> = format!("step {number}").into();
        Migration::new(number, name, MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(files.into_iter().map(step).filter(|step| step.version <= last).collect())
}

/// What every directive of the register says: as the program itself wrote its first.
async fn texts(path: &Path) -> (String, String) {
    let mut conn = open(path).await;
    let texts =
        query_as("SELECT r.content, d.content FROM revision r, duty d WHERE r.id = 1 AND d.revision = 1");
    let texts = texts.fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    texts
}

/// A register at an old schema: so many directives of the first release, each told to five cells, one of which answered.
async fn old(path: &Path, schema: i64, directives: i64, (document, duty): &(String, String)) -> Sums {
    let mut conn = open(path).await;
    steps(1).run(&mut conn).await.unwrap();
    query("PRAGMA journal_mode = wal").execute(&mut conn).await.unwrap();
    query("CREATE TEMP TABLE cell (k INTEGER, name TEXT)").execute(&mut conn).await.unwrap();
    for (k, name) in (1_i64..).zip(["cb-so-mau-1", "cb-so-mau-2", "cb-so-mau-3", "cb-hoi-mau", "cb-quy-mau"])
    {
        query("INSERT INTO cell VALUES ($1, $2)").bind(k).bind(name).execute(&mut conn).await.unwrap();
    }
    let mut tx = conn.begin().await.unwrap();
    for sql in [
        "CREATE TEMP TABLE d AS WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < $1)
         SELECT k FROM n",
        "INSERT INTO meta (id, secret, program) VALUES (1, zeroblob(32), '0.0.1')",
        "INSERT INTO document (id, source, external_id, registered) SELECT k, 'ioffice', 'cu-' || k, 1768435200000 FROM d",
        "INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered)
         SELECT k, k, 1, 'ab', k || '-KH/ĐUK', $2, 1768435200000 FROM d",
        "INSERT INTO duty (id, revision, content) SELECT k, k, $3 FROM d",
        "INSERT INTO obligation (id, document, revision, duty, cell, state, opened, since, step)
         SELECT d.k * 5 + cell.k, d.k, d.k, d.k, name, CASE cell.k WHEN 1 THEN 'acknowledged' ELSE 'open' END, 0, 0, 0
         FROM d, cell",
        "INSERT INTO answer (obligation, revision, content, grade, channel, at)
         SELECT id, revision, '{\"answer\":\"received\"}', 'clicked', 'link', 0 FROM obligation WHERE state <> 'open'",
        "INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery,
            send_at, tries, epoch, sent_at, reply)
         SELECT d.k, d.k, name, 'notice', '00', name || '@mau.example', d.k || '.' || cell.k || '@mau.example', 5, 0,
            'sent', 0, 1, 1, 0, '250 ok' FROM d, cell",
        "INSERT INTO hold (kind, source, external_id, reason, opened)
         SELECT 'unmatched', 'ioffice', 'giu-' || k, 'không quy tắc nào', 0 FROM d WHERE k <= 100",
    ] {
        query(sql).bind(directives).bind(document).bind(duty).execute(&mut *tx).await.unwrap();
    }
    let mut hash = "0".repeat(64);
    for number in 1..=FACTS {
        let detail = format!("{{\"reason\":\"việc số {number}\"}}");
        let hashed = |text: String| HEXLOWER.encode(digest(&SHA256, text.as_bytes()).as_ref());
        let fact = hashed(format!("{number}\n0\nheld\n-\n-\n{detail}"));
        hash = hashed(format!("{hash}\n{fact}"));
        query("INSERT INTO journal (number, at, kind, detail, hash) VALUES ($1, 0, 'held', $2, $3)")
            .bind(number)
            .bind(detail)
            .bind(&hash)
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    steps(schema).run(&mut conn).await.unwrap();
    let sums = sums(&mut conn).await;
    conn.close().await.unwrap();
    sums
}

/// The schema that a kill left behind: looked at in a copy, so that the next start finds the file as it was left.
async fn left(path: &Path) -> i64 {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let copy = folder.path().join("vanthu.db");
    for end in ["", "-wal"] {
        let from = PathBuf::from(format!("{}{end}", path.display()));
        if from.exists() {
            fs::copy(from, format!("{}{end}", copy.display())).unwrap();
        }
    }
    let mut conn = open(&copy).await;
    query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut conn)
        .await
        .unwrap()
}

/// Nothing is missing, nothing is changed, and the file is whole.
async fn judge(path: &Path, before: &Sums) {
    let mut conn = open(path).await;
    assert_eq!(sums(&mut conn).await, *before);
    let checked: String = query_scalar("PRAGMA quick_check").fetch_one(&mut conn).await.unwrap();
    assert_eq!(checked, "ok");
    let broken: Vec<(String,)> =
        query_as("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut conn).await.unwrap();
    assert_eq!(broken, [], "every reference holds");
    conn.close().await.unwrap();
}

fn put(from: &Path, to: &Path) {
    for end in ["-wal", "-shm"] {
        fs::remove_file(format!("{}{end}", to.display())).ok();
    }
    fs::copy(from, to).unwrap();
}

/// Bytes in the log of a register: the schema is being changed.
fn logged(path: &Path) -> u64 {
    fs::metadata(format!("{}-wal", path.display())).map_or(0, |log| log.len())
}

/// How long a start takes from the first change of the schema until it is ready.
fn upgraded(world: &World, path: &Path) -> Duration {
    let mut daemon = world.spawn();
    wait_until("the schema is changed", || logged(path) > 0);
    let begun = Instant::now();
    world.ready(&mut daemon);
    let took = begun.elapsed();
    assert!(daemon.terminate().0.success(), "{}", world.log());
    took
}

/// An office whose register is a file, and what its own first directive says.
fn office() -> (World, PathBuf, (String, String)) {
    let world = World::over(Setup::default(), None);
    fs::create_dir(world.path("so")).unwrap();
    world.keep_in(&world.path("so"));
    world.deliver(1);
    let daemon = world.start();
    wait_until("all mails are out", || world.sink.count() == CELLS);
    assert!(daemon.terminate().0.success());
    world.ioffice.remove(1);
    let path = world.path("so/vanthu.db");
    let texts = wait(texts(&path));
    (world, path, texts)
}

#[test]
fn a_change_of_the_schema_that_is_cut_short_is_finished_by_the_next_start() {
    let (kills, seed) = (number("VANTHU_UPGRADES", 20), number("VANTHU_SEED", 20_260_122));
    let rows = i64::try_from(number("VANTHU_ROWS", 2_000)).unwrap();
    println!("VANTHU_UPGRADES={kills} VANTHU_ROWS={rows} VANTHU_SEED={seed}");
    let (world, path, texts) = office();
    let mut random = Random(seed);
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let mut offices = Vec::new();
    for schema in OLD {
        let file = folder.path().join(format!("{schema}.db"));
        let sums = wait(old(&file, schema, rows, &texts));
        put(&file, &path);
        let took = upgraded(&world, &path);
        wait(judge(&path, &sums));
        let newest = wait(left(&path));
        offices.push((file, schema, newest, sums, took));
    }
    let mut between = 0;
    for kill in 0..kills {
        let (file, schema, newest, sums, took) = &offices[usize::try_from(kill).unwrap() % offices.len()];
        put(file, &path);
        // Every third time the start that was to finish it dies too.
        for _ in 0..1 + u64::from(kill % 3 == 0) {
            let daemon = world.spawn();
            wait_until("the schema is changed", || logged(&path) > 0);
            let most = u64::try_from(took.as_micros()).unwrap().max(1);
            std::thread::sleep(Duration::from_micros(random.below(most)));
            daemon.kill();
            let left = wait(left(&path));
            between += usize::from((schema + 1..*newest).contains(&left));
        }
        let daemon = world.start();
        assert!(daemon.terminate().0.success(), "kill {kill}: {}", world.log());
        wait(judge(&path, sums));
        let verified = world.vanthu(&["journal", "verify"]);
        assert_eq!(verified.code, 0, "kill {kill}: {}{}", verified.out, verified.err);
    }
    let took: Vec<_> =
        offices.iter().map(|(_, schema, _, _, took)| format!("{schema}: {took:.1?}")).collect();
    println!(
        "{kills} starts killed, {between} deaths between two steps; a whole change took {}",
        took.join(", ")
    );
    assert!(between > 0, "no kill fell between two steps");
    assert_eq!(world.sink.count(), CELLS, "no mail left because of it");
}

#[test]
fn a_program_leaves_a_newer_register_alone() {
    let (world, path, _) = office();
    wait(async {
        let mut conn = open(&path).await;
        for sql in [
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (99, 'later', TRUE, x'00', 0)",
            "UPDATE meta SET program = '9.4.0'",
        ] {
            query(sql).execute(&mut conn).await.unwrap();
        }
        conn.close().await.unwrap();
    });
    let before = fs::read(&path).unwrap();
    for verb in [&["run"][..], &["poll", "--once"], &["status"]] {
        let refused = world.vanthu(verb);
        assert_eq!(refused.code, 78, "{verb:?}: {}{}", refused.out, refused.err);
        let lines: Vec<_> = refused.err.lines().filter(|line| line.starts_with("vanthu: ")).collect();
        assert_eq!(lines.len(), 1, "{}", refused.err);
        assert!(lines[0].contains("lược đồ số 99") && lines[0].contains("cần vanthu 9.4.0"), "{}", lines[0]);
    }
    assert_eq!(fs::read(&path).unwrap(), before, "it was not touched");
}
