//! Two daemons with mails in flight: the server of their register stands still, one of them stands still, one of them is cut
//! off.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use vanthu::demo::ioffice::Setup;

use super::answers::press;
use super::instances::{Machine, assert_once, mails_reach};
use super::mail::{Mail, grouped, taken};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::line::Line;
use crate::support::net;
use crate::support::number;
use crate::support::postgres::{Cluster, Database};

/// What a daemon says of itself.
fn readiness(machine: &Machine) -> u16 {
    net::get(machine.admin, "/readyz").map_or(0, |(status, _)| status)
}

/// How long until it holds.
fn until(what: &str, holds: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    wait_until(what, holds);
    began.elapsed()
}

/// `VANTHU_FREEZE` seconds, 20 by default: both daemons say at once that they are not ready, nothing ends and nothing
/// hangs; when the server goes on all mails leave, each once, those too that were in flight.
#[test]
fn a_register_that_stands_still_costs_no_mail_and_repeats_none() {
    let frozen = Duration::from_secs(number("VANTHU_FREEZE", 20));
    let cluster = Cluster::own();
    // Half a minute of mails, so that some are in flight whenever the server stops.
    let world = slow_office(Database::on(&cluster));
    let machines = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let documents = 6;
    for id in 1..=documents {
        world.deliver(id);
    }
    let mut daemons = machines.each_ref().map(|machine| machine.start(&world));
    mails_reach(&world, 6);
    let began = Instant::now();
    cluster.freeze();
    for machine in &machines {
        let red = until("the board turns red", || readiness(machine) == 503);
        println!("red after {:.1} s", red.as_secs_f64());
        assert!(red < Duration::from_secs(10), "{red:?}");
    }
    std::thread::sleep(frozen.saturating_sub(began.elapsed()));
    let before = world.sink.count();
    cluster.thaw();
    let thawed = Instant::now();
    for machine in &machines {
        until("the board is well again", || readiness(machine) == 200);
    }
    let well = thawed.elapsed();
    mails_reach(&world, before + 1);
    let back = thawed.elapsed();
    println!(
        "frozen for {frozen:?}: ready after {:.1} s, mails after {:.1} s",
        well.as_secs_f64(),
        back.as_secs_f64()
    );
    assert!(back < Duration::from_secs(15), "{back:?}");
    let documents = usize::try_from(documents).unwrap();
    mails_reach(&world, documents * CELLS);
    all_is_settled(&world);
    for daemon in &mut daemons {
        assert!(daemon.is_running(), "{}", daemon.log());
    }
    for daemon in daemons {
        let (ended, took) = daemon.terminate();
        assert!(ended.success() && took < Duration::from_secs(10), "{ended} {took:?} {}", world.log());
    }
    assert_once(&world, documents);
}

/// The lease of these tests: its holder's work goes on elsewhere a second after it.
const LEASE: Duration = Duration::from_secs(6);

/// An office whose mail server takes a second for each mail, and whose daemons share a register.
pub(super) fn slow_office(database: Database) -> World {
    let mut world = World::over(Setup::default(), Some(database));
    world.sink.pause();
    world.sink.resume(&["-w", "1"]);
    world
}

fn start(world: &World, machine: &Machine, mut command: Command) -> Daemon {
    command.env("VANTHU_STORE__LEASE", format!("{}s", LEASE.as_secs()));
    let mut daemon = world.spawn_with(command);
    wait_until("the daemon is ready", || {
        assert!(daemon.is_running(), "{}", daemon.log());
        readiness(machine) == 200
    });
    daemon
}

/// How many mails came that are copies of others; the copies bear the same Message-ID.
pub(super) fn copies(mails: &[Mail]) -> usize {
    mails.len() - grouped(mails).len()
}

/// One instance is stopped for longer than its lease, in the middle of its mails, while the other goes on with them; then it
/// continues. It must not send what it still has in hand: at most the one mail whose content had begun to leave comes
/// twice, and as the same message.
#[test]
fn an_instance_that_stood_still_sends_nothing_that_another_has() {
    let stops = number("VANTHU_STOPS", 2);
    let world = slow_office(Database::new());
    let machines = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let mut random = super::kill::Random(number("VANTHU_SEED", 1));
    let mut documents = 0;
    for stop in 0..stops {
        let before = world.sink.count();
        for _ in 0..3 {
            documents += 1;
            world.deliver(documents);
        }
        let daemons = machines.each_ref().map(|machine| start(&world, machine, machine.command(&world)));
        mails_reach(&world, before + 2);
        std::thread::sleep(Duration::from_micros(random.below(1_500_000)));
        let stopped = &daemons[usize::try_from(stop % 2).unwrap()];
        stopped.signal("STOP");
        let began = Instant::now();
        mails_reach(&world, usize::try_from(documents).unwrap() * CELLS);
        // By now the other one has had all of it.
        std::thread::sleep((LEASE * 2).saturating_sub(began.elapsed()));
        stopped.signal("CONT");
        // Time to do what it should not.
        std::thread::sleep(LEASE / 2);
        all_is_settled(&world);
        for daemon in daemons {
            assert!(daemon.terminate().0.success(), "{}", world.log());
        }
    }
    let mails = world.sink.take(Mail::read);
    let repeats = copies(&mails);
    println!("{stops} stops: {} mails, {repeats} repeats", mails.len());
    assert_eq!(grouped(&mails).len(), usize::try_from(documents).unwrap() * CELLS);
    assert!(repeats <= usize::try_from(stops).unwrap(), "{repeats} repeats in {stops} stops");
}

/// Waits until the register says of every mail that it was sent.
pub(super) fn all_is_settled(world: &World) {
    wait_until("all is settled", || {
        let status = world.vanthu(&["status", "--json"]).json();
        status["outbox"].as_object().unwrap().keys().all(|state| state == "sent")
    });
}

/// When the log says something of these jobs, by the job.
fn said(world: &World, what: &str) -> Vec<(String, DateTime<Utc>)> {
    let mut found = Vec::new();
    for line in world.log().lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if line["message"] != what {
            continue;
        }
        let at: DateTime<Utc> = line["timestamp"].as_str().unwrap().parse().unwrap();
        let jobs = line["job"].as_str().or(line["jobs"].as_str()).unwrap();
        found.extend(jobs.split(", ").map(|job| (job.to_owned(), at)));
    }
    found
}

/// The network between one instance and the server is gone, in the middle of its mails: it stops whatever only one may do
/// before the other begins, and sends nothing that the other has; when the network is back it stands by.
#[test]
fn an_instance_that_is_cut_off_stops_before_another_begins() {
    let cluster = Cluster::own();
    let database = Database::on(&cluster);
    let line = Line::to(cluster.port());
    let through = database.url_at(line.port);
    let world = slow_office(database);
    let [one, two] = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let mut command = one.command(&world);
    command.env("VANTHU_STORE__URL", through);
    for id in 1..=4 {
        world.deliver(id);
    }
    let first = start(&world, &one, command);
    let second = start(&world, &two, two.command(&world));
    mails_reach(&world, 4);
    line.part();
    let began = Instant::now();
    world.deliver(5);
    mails_reach(&world, 5 * CELLS);
    println!("all mails {:.1} s after the cut", began.elapsed().as_secs_f64());
    let (lost, gained) = (
        said(&world, "đã mất quyền làm việc này; dịch vụ khác sẽ làm"),
        said(&world, "dịch vụ này nhận việc"),
    );
    let lost: BTreeMap<_, _> = lost.into_iter().collect();
    assert!(lost.contains_key("poll:ioffice") && lost.contains_key("chase"), "{lost:?}");
    for (job, at) in &lost {
        let (_, taken) = gained.iter().rfind(|(gained, _)| gained == job).unwrap();
        println!("{job}: given up {} ms before it was taken", (*taken - *at).num_milliseconds());
        assert!(at < taken, "{job} was done by two");
    }
    line.heal();
    wait_until("the one that was cut off is well again", || readiness(&one) == 200);
    all_is_settled(&world);
    for daemon in [first, second] {
        assert!(daemon.terminate().0.success(), "{}", world.log());
    }
    let mails = world.sink.take(Mail::read);
    let repeats = copies(&mails);
    println!("{} mails, {repeats} repeats", mails.len());
    assert_eq!(grouped(&mails).len(), 5 * CELLS);
    assert!(repeats <= 1, "{repeats} repeats");
}

/// Two instances and a relay that takes 12 mails a minute: no more leave than from one, also when the one that sends is killed.
#[test]
fn two_instances_keep_one_pace() {
    let world = slow_office(Database::new());
    world.write("vanthu.toml.d/60-nhip.toml", "[mail.pace]\nrelay = \"12 per minute\"\n");
    for id in 1..=8 {
        world.deliver(id);
    }
    let [one, two] = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let first = start(&world, &one, one.command(&world));
    let second = start(&world, &two, two.command(&world));
    mails_reach(&world, 1);
    let began = Instant::now();
    let mut first = Some(first);
    while began.elapsed() < Duration::from_secs(45) {
        let (count, passed) = (world.sink.count(), began.elapsed());
        // A full bucket, what came back since, and of a sender that was killed the mail that nobody knows of.
        let allowed = 12.0 + passed.as_secs_f64() / 5.0 + 2.0;
        assert!(count as f64 <= allowed, "{count} mails in {passed:?}");
        if passed > Duration::from_secs(18)
            && let Some(first) = first.take()
        {
            first.kill();
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let count = world.sink.count();
    println!("{count} mails in 45 s at 12 a minute");
    assert!(count > 17, "the other one goes on: {count}");
    let gained = said(&world, "dịch vụ này nhận việc");
    assert!(gained.iter().filter(|(job, _)| job == "post").count() == 2, "{gained:?}");
    assert!(second.terminate().0.success(), "{}", world.log());
    let mails = world.sink.take(Mail::read);
    assert!(copies(&mails) <= 1);
}

/// Conflicts as a server under load reports them: of the rows of the journal one in ten is refused as not serializable.
const STORM: &str = "
CREATE FUNCTION storm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF random() < 0.1 THEN RAISE EXCEPTION 'storm' USING ERRCODE = '40001'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER storm BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION storm()";

/// Statements of another program at the register.
fn execute(url: &str, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    });
}

/// How many obligations are acknowledged. What was undone has used up numbers, so they cannot be counted through.
fn acknowledged(url: &str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = PgConnection::connect(url).await.unwrap();
        let count = sqlx::query_scalar("SELECT count(*) FROM obligation WHERE state = 'acknowledged'");
        count.fetch_one(&mut conn).await.unwrap()
    })
}

/// In a storm of conflicts every mail leaves once and every answer is taken, each within ten seconds.
#[test]
fn conflicts_hold_nobody_up() {
    let documents = 8;
    let database = Database::new();
    let url = database.url();
    let world = World::over(Setup::default(), Some(database));
    (1..).take(documents).for_each(|id| world.deliver(id));
    let daemon = world.start();
    execute(&url, STORM);
    mails_reach(&world, documents * CELLS);
    let mails = taken(&world.sink);
    assert_eq!(grouped(&mails).len(), mails.len(), "each once");
    let mut slowest = Duration::ZERO;
    for mail in &mails {
        let began = Instant::now();
        let (status, page) = press(&world, mail).unwrap();
        assert_eq!(status, 200, "{page}");
        slowest = slowest.max(began.elapsed());
    }
    println!("{} answers in a storm, the slowest in {:.1} s", mails.len(), slowest.as_secs_f64());
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
    execute(&url, "DROP TRIGGER storm ON journal");
    all_is_settled(&world);
    assert_eq!(acknowledged(&url), i64::try_from(mails.len()).unwrap());
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

/// Rules are changed on one machine alone: the other follows within seconds and says that its own files are old; a restart does
/// not bring those back, a person's word does.
#[test]
fn the_rules_accepted_last_are_in_force_on_every_machine() {
    let world = World::over(Setup::default(), Some(Database::new()));
    let [one, two] = ["mot", "hai"].map(|name| Machine::new(&world, name));
    let files = ["vanthu.toml", "units.toml", "rules.d/10-chung.toml", "calendar/calendar.toml"];
    let years = [0, 1].map(|more| format!("calendar/{}.toml", world_year() + more));
    for file in files
        .into_iter()
        .chain(years.iter().map(String::as_str))
        .chain(["secrets/ioffice", "secrets/link-key"])
    {
        let text = std::fs::read_to_string(world.path(file)).unwrap();
        world.write(&format!("may-hai/{file}"), &text);
    }
    let settings = std::fs::read_to_string(world.path("vanthu.toml.d/80-so.toml")).unwrap();
    world.write("may-hai/vanthu.toml.d/80-so.toml", &settings);
    let command = || {
        let mut command = two.command(&world);
        command.env("VANTHU_CONFIG", world.path("may-hai/vanthu.toml"));
        command
    };
    let first = start(&world, &one, one.command(&world));
    let second = start(&world, &two, command());
    let files_of = |machine: &Machine| {
        let (_, body) = net::get(machine.admin, "/readyz").unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let checks = body["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == "files").unwrap()
    };
    let accepted = || world.vanthu(&["rules", "log", "--json"]).json().as_array().unwrap().len();
    let before = accepted();
    world.edit("rules.d/10-chung.toml", "\"Sinh hoạt", "\"Mới: Sinh hoạt");
    let began = Instant::now();
    wait_until("the change is accepted", || accepted() == before + 1);
    wait_until("the other follows and says so", || files_of(&two)["ok"] == false);
    println!("followed {:.1} s after the change", began.elapsed().as_secs_f64());
    assert!(files_of(&two)["detail"].as_str().unwrap().contains("máy khác đã nhận"), "{}", files_of(&two));
    assert_eq!(files_of(&one)["ok"], true, "{}", files_of(&one));
    assert!(second.terminate().0.success(), "{}", world.log());
    let second = start(&world, &two, command());
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!((accepted(), files_of(&two)["ok"].as_bool()), (before + 1, Some(false)), "{}", world.log());
    assert_eq!(files_of(&one)["ok"], true);
    // A person says that the files of this machine are right after all: then the first one's are old.
    second.signal("HUP");
    wait_until("it is accepted", || accepted() == before + 2);
    wait_until("the first follows", || files_of(&one)["ok"] == false && files_of(&two)["ok"] == true);
    for daemon in [first, second] {
        assert!(daemon.terminate().0.success(), "{}", world.log());
    }
}

fn world_year() -> i32 {
    chrono::Datelike::year(&crate::support::daemon::now())
}

/// A newer program brings the register up to date under an older one that runs: the older one stops by itself, at the next
/// beat, and says why.
#[test]
fn an_older_program_stops_when_a_newer_one_has_upgraded_the_register() {
    let database = Database::new();
    let url = database.url();
    let world = World::over(Setup::default(), Some(database));
    let machine = Machine::new(&world, "mot");
    let daemon = start(&world, &machine, machine.command(&world));
    execute(&url, "INSERT INTO vanthu_schema (version, name, program) VALUES (9999, 'mai sau', '9.9.9')");
    let began = Instant::now();
    let ended = daemon.wait();
    println!("stopped after {:.1} s", began.elapsed().as_secs_f64());
    assert!(began.elapsed() < LEASE, "{:?}", began.elapsed());
    assert_eq!(ended.code(), Some(78), "{}", world.log());
    let again = world.vanthu(&["run"]);
    assert!(again.code == 78 && again.err.contains("9.9.9"), "{} {}", again.code, again.err);
}
