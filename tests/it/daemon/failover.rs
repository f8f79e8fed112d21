//! The server of the register dies, and one takes its place that had not received its last commits (T30).

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection, query_scalar, raw_sql};
use vanthu::demo::ioffice::Setup;

use super::mail::taken;
use super::recall::{CELLS, SMALL, acknowledged, furnish, hear, mailed, settled, status};
use crate::support::daemon::{Daemon, World, wait_until};
use crate::support::line::Line;
use crate::support::postgres::{Cluster, Database};

/// Does something on a server.
fn on<T>(url: &str, work: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = PgConnection::connect(url).await.unwrap();
        work(&mut conn).await
    })
}

/// Waits until a standby has all that its leader has, and has it hear nothing more.
fn part(leader: &str, standby: &str) {
    wait_until("the standby has everything", || {
        on(leader, async |conn| {
            query_scalar::<_, bool>(
                "SELECT bool_and(replay_lsn = pg_current_wal_lsn()) IS TRUE FROM pg_stat_replication",
            )
            .fetch_one(conn)
            .await
            .unwrap()
        })
    });
    on(standby, async |conn| {
        raw_sql("ALTER SYSTEM SET primary_conninfo = ''").execute(&mut *conn).await.unwrap();
        raw_sql("SELECT pg_reload_conf()").execute(conn).await.unwrap();
    });
    wait_until("nothing follows the leader", || {
        let followers = on(leader, async |conn| {
            query_scalar::<_, i64>("SELECT count(*) FROM pg_stat_replication").fetch_one(conn).await.unwrap()
        });
        followers == 0
    });
}

/// A server with one that follows it, and the address under which either is reached.
struct Pair {
    first: Arc<Cluster>,
    second: Option<Cluster>,
    line: Line,
}

impl Pair {
    /// An office whose register is on the first; sources are read every minute.
    fn office() -> (Self, World) {
        let first = Cluster::own();
        let database = Database::on(&first);
        let line = Line::to(first.port());
        let store = format!("[store]\nurl = \"{}\"\nlease = \"6s\"\n", database.url_at(line.port));
        let world = World::over(Setup::default(), Some(database));
        world.edit("vanthu.toml", "page_size = 10", "page_size = 10\npoll = \"* * * * *\"");
        world.write("vanthu.toml.d/80-so.toml", &store);
        (Self { first, second: None, line }, world)
    }

    /// From now on the second knows of nothing more.
    fn part(&mut self, world: &World) {
        let second = self.first.standby();
        let database = world.database.as_ref().unwrap();
        part(&database.url(), &database.url_on(&second));
        self.second = Some(second);
    }

    /// The first dies, and the second takes its place.
    fn fail_over(&self) {
        let second = self.second.as_ref().unwrap();
        self.first.crash();
        second.promote();
        self.line.lead_to(second.port());
        self.line.cut();
    }
}

/// How a daemon ends that finds another server in the place of its own, in time and before any mail.
fn stopped(world: &World, daemon: Daemon) -> ExitStatus {
    let (began, mails) = (Instant::now(), world.sink.count());
    let ended = daemon.wait();
    println!("stopped {:.1} s after another server had taken over", began.elapsed().as_secs_f64());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(world.log().contains("không còn những gì đã ghi"), "{}", world.log());
    assert_eq!(world.sink.count(), mails, "nothing left in between");
    ended
}

/// A directive for 221 cells, its mails and its answers are what the new server never heard of. The daemon that was there
/// stops before it sends or confirms anything on it; the next one finds everything again by the copy of its journal.
#[test]
fn a_server_that_lacks_the_last_commits_costs_no_answer_and_no_mail() {
    let (mut servers, world) = Pair::office();
    furnish(&world);
    world.deliver(1);
    let daemon = mailed(&world, 1);
    let heard = hear(&world, "1-KH/ĐUK", 0..3);
    servers.part(&world);

    world.deliver(2);
    wait_until("the mails are recorded", || status(&world)["outbox"]["sent"] == 2 * CELLS);
    let late = hear(&world, "2-KH/ĐUK", 5..9);
    let more = heard.union(&hear(&world, "1-KH/ĐUK", 10..12)).cloned().collect();
    let mails = taken(&world.sink);
    assert_eq!(mails.len(), 2 * CELLS);
    // The copy has what a command beside the daemon wrote within a second.
    std::thread::sleep(Duration::from_millis(2500));
    servers.fail_over();
    assert_eq!(stopped(&world, daemon).code(), Some(1), "systemd starts it again");

    let daemon = world.start();
    let restoring = status(&world)["restoring"].clone();
    assert!(restoring["origin"].as_str().unwrap().contains("bản chép nhật ký"), "{restoring}");
    settled(&world, &mails, &[("1-KH/ĐUK", more), ("2-KH/ĐUK", late)]);
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let daemon = world.start();
    wait_until("the new document is told", || world.sink.count() == mails.len() + CELLS);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(taken(&world.sink).len(), 3 * CELLS, "no mail came twice");
    assert_eq!(acknowledged(&world, "2-KH/ĐUK").len(), 4);
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

/// Nobody could tell the next daemon what is missing, so a person must act before there is one.
#[test]
fn without_a_copy_of_the_journal_it_is_not_started_again() {
    let (mut servers, world) = Pair::office();
    world.deliver(1);
    let daemon = world.start();
    wait_until("the mails are recorded", || status(&world)["outbox"]["sent"] == SMALL);
    servers.part(&world);
    let cell = world.vanthu(&["show", "1-KH/ĐUK", "--json"]).json()[0]["obligations"][0]["cell"].clone();
    let said = world.vanthu(&["ack", "1-KH/ĐUK", cell.as_str().unwrap(), "received", "--reason", "gọi điện"]);
    assert_eq!(said.code, 0, "{}", said.err);
    // The daemon hears of it at its next beat.
    std::thread::sleep(Duration::from_secs(3));
    servers.fail_over();
    assert_eq!(stopped(&world, daemon).code(), Some(78), "{}", world.log());
    assert!(world.log().contains("vanthu restore hold"), "{}", world.log());
}
