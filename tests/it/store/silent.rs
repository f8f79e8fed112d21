//! A server that stands still, crashes, or ends connections, and askers who go away: nobody hangs, nothing that was confirmed
//! is lost, nobody believes in a lease that another has, and soon all is well again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use sqlx::{Connection as _, PgConnection, query_scalar};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use vanthu::app::ports::{
    ClaimRequest, Clock as _, JournalEntry, JournalKind, LeaseReader as _, NewNotice, Reader as _,
    Settlement, Store, StoreError, Uncleared,
};
use vanthu::domain::chain::Verdict;
use vanthu::runtime::clock::WallClock;
use vanthu::store::Access;
use vanthu::store::postgres::{Patience, PostgresOptions, PostgresStore, open};

use super::fixture::{Directive, claim, directive, enqueue, minute, notice, sent};
use crate::daemon::kill::Random;
use crate::support::number;
use crate::support::postgres::{Cluster, Database};

/// Shorter than in service, so that the tests are.
const PATIENCE: Patience = Patience { connect: Duration::from_secs(2), answer: Duration::from_secs(2) };
/// A trial of the connection, a new one, and a statement, on a busy machine.
const GIVEN_UP: Duration = Duration::from_secs(15);
/// Within which all must be well again.
const BACK: Duration = Duration::from_secs(15);
/// The store's connections at most.
const CONNECTIONS: i64 = 6;

async fn opened(database: &Database) -> PostgresStore {
    let options = PostgresOptions { patience: PATIENCE, ..database.options() };
    open(&options, Access::Serve).await.unwrap()
}

/// Writes one row of the journal, which bears this number.
async fn write(store: &PostgresStore, number: u64) -> Result<(), StoreError> {
    let entry = JournalEntry {
        at: minute(0),
        kind: JournalKind::Held,
        document: None,
        obligation: None,
        detail: serde_json::json!({ "number": number }),
    };
    let mut tx = store.begin().await?;
    tx.append(&[entry]).await?;
    tx.commit().await
}

/// The same as soon as the server does it; how long that took.
async fn write_in_the_end(store: &PostgresStore, number: u64) -> Duration {
    let began = Instant::now();
    while let Err(error) = write(store, number).await {
        assert!(matches!(error, StoreError::Away(_)), "{error:?}");
        assert!(began.elapsed() < BACK, "{error}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    began.elapsed()
}

/// The numbers that the journal bears; its chain must hold.
async fn written(store: &PostgresStore, database: &Database) -> BTreeSet<u64> {
    let verdict = store.verify_journal(Vec::new(), &|_| ()).await.unwrap();
    assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
    let mut conn = PgConnection::connect(&database.url()).await.unwrap();
    let numbers: Vec<Option<i64>> = query_scalar("SELECT (detail::json ->> 'number')::bigint FROM journal")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    numbers.into_iter().flatten().map(|number| u64::try_from(number).unwrap()).collect()
}

/// Connections of the store to the server.
async fn connections(database: &Database) -> i64 {
    let mut admin = PgConnection::connect(&database.url()).await.unwrap();
    query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap()
}

/// Asks in every way at once; each is told within its time that nobody answers.
async fn all_are_given_up(store: &PostgresStore) {
    let read = async { store.meta().await.map(drop) };
    let reads = join_all((0..8).map(|_| async { store.documents(9, minute(0)).await.map(drop) }));
    let writes = join_all((0..4).map(|number| write(store, number)));
    let began = Instant::now();
    let (read, reads, writes) = tokio::join!(read, reads, writes);
    for ended in std::iter::once(read).chain(reads).chain(writes) {
        assert!(matches!(ended, Err(StoreError::Away(_))), "{ended:?}");
    }
    assert!(began.elapsed() < GIVEN_UP, "{:?}", began.elapsed());
}

/// The server's processes are stopped, in the middle of a write too: nobody hangs; once they go on so does everybody, over
/// no more connections than before, and the write happened or did not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_is_given_up_and_found_again() {
    let cluster = Cluster::own();
    let database = Database::on(&cluster);
    let store = opened(&database).await;
    directive(&store, "7", &["cb-1"]).await;
    for round in [10, 20] {
        let mut tx = store.begin().await.unwrap();
        tx.append(&[]).await.unwrap();
        cluster.freeze();
        let unknown = tx.commit().await;
        assert!(matches!(&unknown, Err(StoreError::Away(said)) if said.contains("chưa rõ")), "{unknown:?}");
        all_are_given_up(&store).await;
        all_are_given_up(&store).await;
        cluster.thaw();
        let back = write_in_the_end(&store, round).await;
        println!("back after {:.1} s", back.as_secs_f64());
        assert!(back < BACK, "{back:?}");
    }
    let numbers = written(&store, &database).await;
    assert!(numbers.contains(&10) && numbers.contains(&20), "{numbers:?}");
    assert_eq!(store.documents(99, minute(0)).await.unwrap().len(), 1);
    let began = Instant::now();
    while connections(&database).await > CONNECTIONS {
        assert!(began.elapsed() < BACK, "{} connections", connections(&database).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The server dies again and again while three write: what was confirmed is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_was_committed_outlives_the_server() {
    let crashes = number("VANTHU_CRASHES", 8);
    let cluster = Cluster::own();
    let database = Database::on(&cluster);
    let store = Arc::new(opened(&database).await);
    let (end, ended) = watch::channel(false);
    let mut writers = JoinSet::new();
    for writer in 0..3_u64 {
        let (store, ended) = (store.clone(), ended.clone());
        writers.spawn(async move {
            let mut confirmed = BTreeSet::new();
            for number in (0..).map(|number| number * 3 + writer) {
                if *ended.borrow() {
                    break;
                }
                match write(&store, number).await {
                    Ok(()) => drop(confirmed.insert(number)),
                    Err(StoreError::Away(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(other) => panic!("{other:?}"),
                }
            }
            confirmed
        });
    }
    let mut random = Random(number("VANTHU_SEED", 1));
    for crash in 0..crashes {
        tokio::time::sleep(Duration::from_micros(300_000 + random.below(500_000))).await;
        let cluster = cluster.clone();
        tokio::task::spawn_blocking(move || {
            cluster.crash();
            cluster.restart();
        })
        .await
        .unwrap();
        let back = write_in_the_end(&store, u64::MAX / 4 + crash).await;
        assert!(back < BACK, "{back:?}");
    }
    end.send_replace(true);
    let confirmed: BTreeSet<_> = writers.join_all().await.into_iter().flatten().collect();
    let numbers = written(&store, &database).await;
    println!("{crashes} crashes, {} confirmed of {}", confirmed.len(), numbers.len());
    assert!(confirmed.len() > usize::try_from(crashes).unwrap());
    let lost: Vec<_> = confirmed.difference(&numbers).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// How long a lease of the next test holds, and how much earlier its holder takes it for ended.
const LEASE: TimeDelta = TimeDelta::milliseconds(700);
const EARLY: Duration = Duration::from_millis(100);

/// Asks for one job again and again; the times during which it believed to have it, with the epoch.
async fn believe(store: &PostgresStore, instance: &str, until: Instant) -> Vec<(Instant, Instant, i64)> {
    let mut believed = Vec::new();
    while Instant::now() < until {
        let asked = Instant::now();
        let epoch = async {
            let mut tx = store.begin().await?;
            let epoch = tx.take_lease("chase", instance, LEASE, WallClock.now()).await?;
            tx.commit().await?;
            Ok(epoch)
        };
        match epoch.await {
            Ok(Some(epoch)) => {
                believed.push((Instant::now(), asked + LEASE.to_std().unwrap() - EARLY, epoch))
            }
            Ok(None) | Err(StoreError::Away(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
        // Now and then one rests for longer than its lease, and the other has its chance.
        let rest = if believed.len() % 7 == 6 { 900 } else { 30 };
        tokio::time::sleep(Duration::from_millis(rest)).await;
    }
    believed
}

/// Connections are ended one by one under two who want the same job: never do both believe to have it, and whoever takes
/// it over has a greater epoch.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nobody_believes_in_a_lease_that_another_has() {
    let seconds = number("VANTHU_SECONDS", 12);
    let database = Database::new();
    let (first, second) = (opened(&database).await, opened(&database).await);
    let until = Instant::now() + Duration::from_secs(seconds);
    let terminate = async {
        let mut admin = PgConnection::connect(&database.url()).await.unwrap();
        let mut ended = 0_i64;
        while Instant::now() < until {
            ended += query_scalar::<_, i64>(
                "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) one",
            )
            .fetch_one(&mut admin)
            .await
            .unwrap();
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        ended
    };
    let (one, other, ended) =
        tokio::join!(believe(&first, "a", until), believe(&second, "b", until), terminate);
    println!("{ended} connections ended; held {} and {} times", one.len(), other.len());
    assert!(ended > 20 && one.len() > 3 && other.len() > 3, "{ended} {} {}", one.len(), other.len());
    for (from, to, epoch) in &one {
        for (began, ended, later) in &other {
            assert!(from >= ended || began >= to, "both at once, in epochs {epoch} and {later}");
            assert!((epoch < later) == (from < began), "epochs grow: {epoch}, {later}");
        }
    }
}

/// Claims are given up in mid-work, at any instant: no turn stays taken, no connection is lost, and what they had claimed
/// can be claimed again when its time has passed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_is_cancelled_leaves_nothing_stuck() {
    let times = number("VANTHU_CANCELS", 300);
    let database = Database::new();
    let store = opened(&database).await;
    let cells: Vec<_> = (0..60).map(|cell| format!("cb-{cell}")).collect();
    let cells: Vec<_> = cells.iter().map(String::as_str).collect();
    let directive = directive(&store, "7", &cells).await;
    let notices: Vec<_> = cells.iter().map(|cell| notice(directive.registered.revision, cell)).collect();
    enqueue(&store, &directive, &notices).await;
    let mut random = Random(number("VANTHU_SEED", 1));
    let mut cancelled = 0;
    for time in 0..times {
        let patience = Duration::from_micros(random.below(8_000));
        let minutes = i64::try_from(time).unwrap() * 2;
        let store: &dyn Store = &store;
        cancelled += u64::from(timeout(patience, claim(store, "a", minutes, 2)).await.is_err());
    }
    println!("{cancelled} of {times} claims were cancelled");
    assert!(cancelled > times / 10);
    let back = write_in_the_end(&store, 0).await;
    assert!(back < Duration::from_secs(5), "{back:?}");
    let late = i64::try_from(times).unwrap() * 2 + 10;
    assert_eq!(claim(&store, "b", late, 99).await.len(), cells.len());
    assert!(connections(&database).await <= CONNECTIONS);
}

/// Sessions of the store that stand in a transaction for nobody.
async fn idle_in_transaction(admin: &mut PgConnection) -> i64 {
    query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND state LIKE 'idle in transaction%'",
    )
    .fetch_one(admin)
    .await
    .unwrap()
}

/// Writes that wait for their turn end before they have it, because whoever waited has gone or the server ended the wait:
/// nothing of them stays begun, and the next write has its turn at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_ends_before_its_turn_holds_up_nobody() {
    let database = Database::new();
    let store = opened(&database).await;
    let mut holder = PgConnection::connect(&database.url()).await.unwrap();
    let mut admin = PgConnection::connect(&database.url()).await.unwrap();
    let cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for round in 0..12 {
        sqlx::raw_sql("BEGIN; SELECT id FROM meta FOR UPDATE").execute(&mut holder).await.unwrap();
        let (one, other) = tokio::join!(
            timeout(Duration::from_millis(120), store.begin()),
            timeout(Duration::from_millis(120), async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if round % 2 == 0 {
                    query_scalar::<_, i64>(cancel).fetch_one(&mut admin).await.unwrap();
                }
                store.begin().await
            }),
        );
        assert!(!matches!(one, Ok(Ok(_))) && !matches!(other, Ok(Ok(_))), "the turn is taken");
        sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        let began = Instant::now();
        let both = join_all([write(&store, round * 2), write(&store, round * 2 + 1)]).await;
        assert!(both.iter().all(Result::is_ok), "{both:?}");
        let back = began.elapsed();
        assert!(back < Duration::from_secs(2), "round {round}: {back:?}");
    }
    let began = Instant::now();
    while idle_in_transaction(&mut admin).await > 0 {
        assert!(began.elapsed() < Duration::from_secs(2), "a transaction was left open");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(connections(&database).await <= CONNECTIONS + 2);
}

/// Mails that become due together; with 160 ms from one round to the next that is 50 a second.
const A_ROUND: usize = 8;

/// Milliseconds since the first minute.
fn after(millis: usize) -> DateTime<Utc> {
    minute(0) + TimeDelta::milliseconds(i64::try_from(millis).unwrap())
}

/// One round: some mails are queued, claimed, and sent; how long the claim took.
async fn round(store: &PostgresStore, directive: &Directive, number: usize) -> Duration {
    let now = after(number * 160);
    let notices: Vec<_> = (0..A_ROUND)
        .map(|cell| NewNotice {
            send_at: now,
            priority: 3,
            ..notice(directive.registered.revision, &format!("cb-{number}-{cell}"))
        })
        .collect();
    enqueue(store, directive, &notices).await;
    let began = Instant::now();
    let (instance, lease_until) = ("a".to_owned(), now + TimeDelta::minutes(1));
    let mut tx = store.begin().await.unwrap();
    let claimed = tx.claim(&ClaimRequest { instance, now, lease_until, limit: 64 }).await.unwrap();
    tx.commit().await.unwrap();
    let took = began.elapsed();
    assert_eq!(claimed.len(), A_ROUND, "round {number}");
    let settlements: Vec<_> = claimed
        .iter()
        .map(|claimed| Settlement { id: claimed.id, epoch: claimed.epoch, settled: sent() })
        .collect();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.settle(&settlements, now).await.unwrap().into_iter().all(|counted| counted));
    tx.commit().await.unwrap();
    took
}

/// Of some times that within which 99 in 100 lie, in milliseconds.
fn p99(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() * 99 / 100].as_secs_f64() * 1000.0
}

/// Somebody's transaction stays open for `VANTHU_ROUNDS` rounds (22,500 are an hour), so that the server may clear nothing
/// away while 50 mails a second are queued, claimed and sent: claims take what they took, and the register says why it
/// grows slow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_transaction_does_not_slow_claims_down() {
    let rounds = usize::try_from(number("VANTHU_ROUNDS", 1_500)).unwrap();
    let database = Database::new();
    let store = opened(&database).await;
    let directive = directive(&store, "7", &["cb-a"]).await;
    let mut long = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM notice")
        .execute(&mut long)
        .await
        .unwrap();
    assert_eq!(store.uncleared().await.unwrap(), None);
    let mut times = Vec::with_capacity(rounds);
    for number in 0..rounds {
        times.push(round(&store, &directive, number).await);
    }
    let last = times.split_off(rounds - rounds / 5);
    times.truncate(rounds / 5);
    let (first, last) = (p99(times), p99(last));
    println!("{rounds} rounds: p99 of a claim {first:.1} ms at first, {last:.1} ms in the end");
    assert!(last < first.max(20.0) * 1.5, "{first:.1} ms became {last:.1} ms");
}

/// Rows that the server may not clear away are told of while there are many, and no longer.
#[tokio::test]
async fn rows_that_cannot_be_cleared_away_are_told_of() {
    let database = Database::new();
    let store = opened(&database).await;
    let directive = directive(&store, "7", &["cb-a"]).await;
    let notices: Vec<_> =
        (0..20_000).map(|cell| notice(directive.registered.revision, &format!("cb-{cell}"))).collect();
    enqueue(&store, &directive, &notices).await;
    let (mut long, mut other) = (
        PgConnection::connect(&database.url()).await.unwrap(),
        PgConnection::connect(&database.url()).await.unwrap(),
    );
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM notice")
        .execute(&mut long)
        .await
        .unwrap();
    for _ in 0..3 {
        sqlx::raw_sql("UPDATE notice SET tries = tries").execute(&mut other).await.unwrap();
    }
    sqlx::raw_sql("VACUUM notice").execute(&mut other).await.unwrap();
    let told = Uncleared { table: "notice".to_owned(), dead: 60_000, live: 20_000 };
    assert_eq!(store.uncleared().await.unwrap(), Some(told));
    sqlx::raw_sql("ROLLBACK").execute(&mut long).await.unwrap();
    sqlx::raw_sql("VACUUM notice").execute(&mut other).await.unwrap();
    assert_eq!(store.uncleared().await.unwrap(), None);
}
