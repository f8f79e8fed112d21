//! The server of the register dies, and one takes its place that had not received its last commits (T30).

use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection, query_scalar, raw_sql};
use vanthu::demo::ioffice::Setup;

use super::mail::taken;
use super::recall::{CELLS, acknowledged, furnish, hear, mailed, settled, status};
use crate::support::daemon::{World, wait_until};
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

/// A directive for 221 cells, its mails and its answers are what the new server never heard of. The daemon that was there
/// stops before it sends or confirms anything on it; the next one finds everything again by the copy of its journal.
#[test]
fn a_server_that_lacks_the_last_commits_costs_no_answer_and_no_mail() {
    let first = Cluster::own();
    let database = Database::on(&first);
    let line = Line::to(first.port());
    let (leader, through) = (database.url(), database.url_at(line.port));
    let world = World::over(Setup::default(), Some(database));
    furnish(&world);
    world.edit("vanthu.toml", "page_size = 10", "page_size = 10\npoll = \"* * * * *\"");
    world.write("vanthu.toml.d/80-so.toml", &format!("[store]\nurl = \"{through}\"\nlease = \"6s\"\n"));
    world.deliver(1);
    let mut daemon = mailed(&world, 1);
    let heard = hear(&world, "1-KH/ĐUK", 0..3);
    let second = first.standby();
    let standby = world.database.as_ref().unwrap().url_on(&second);
    part(&leader, &standby);

    world.deliver(2);
    wait_until("the mails are recorded", || status(&world)["outbox"]["sent"] == 2 * CELLS);
    let late = hear(&world, "2-KH/ĐUK", 5..9);
    let more = heard.union(&hear(&world, "1-KH/ĐUK", 10..12)).cloned().collect();
    let mails = taken(&world.sink);
    assert_eq!(mails.len(), 2 * CELLS);
    // The copy has what a command beside the daemon wrote within a second.
    std::thread::sleep(Duration::from_millis(2500));

    first.crash();
    second.promote();
    line.lead_to(second.port());
    line.cut();
    let began = Instant::now();
    wait_until("the daemon has stopped by itself", || !daemon.is_running());
    println!("stopped {:.1} s after another server had taken over", began.elapsed().as_secs_f64());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(daemon.log().contains("không còn những gì đã ghi"), "{}", daemon.log());
    assert_eq!(world.sink.count(), mails.len(), "nothing left in between");

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
