//! Somebody's shell holds the write lock of the register's file: what writes waits and is done afterwards, what reads goes
//! on, and nothing is lost or repeated (T24).
//!
//! `VANTHU_LOCKED` sets for how many seconds, usually one more than a write waits (docs/RELIABILITY.md).

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use vanthu::demo::ioffice::Setup;

use super::answers::{acknowledged, press, said};
use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::{net, number};

/// Holds the lock for so many seconds, and says so.
const SHELL: &str = "
import sqlite3, sys, time
shell = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
shell.execute('BEGIN IMMEDIATE')
print('held', flush=True)
time.sleep(float(sys.argv[2]))
shell.execute('ROLLBACK')
";

/// Directives that are on their way meanwhile.
const DOCUMENTS: usize = 20;

fn hold(register: &Path, seconds: u64) -> Child {
    let mut shell = Command::new("python3")
        .args(["-c", SHELL])
        .arg(register)
        .arg(seconds.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed");
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "held\n");
    shell
}

/// How long a page of the board takes, again and again until told to stop; the longest but one in a hundred.
fn look(world: &World, stop: impl Fn() -> bool) -> Duration {
    let mut all = Vec::new();
    while !stop() {
        let begun = Instant::now();
        assert_eq!(net::get(world.admin, "/outbox").expect("the board answers").0, 200);
        all.push(begun.elapsed());
        std::thread::sleep(Duration::from_millis(10));
    }
    all.sort();
    all[(all.len() * 99 / 100).min(all.len() - 1)]
}

#[test]
fn a_lock_that_somebody_holds_is_waited_for() {
    let seconds = number("VANTHU_LOCKED", 11);
    let world = World::over(Setup::default(), None);
    (1..).take(DOCUMENTS).for_each(|id| world.deliver(id));
    let mut daemon = world.start();
    wait_until("some mails are out", || world.sink.count() >= 20);

    let mut shell = hold(&world.path("vanthu.db"), seconds);
    let begun = Instant::now();
    let held = world.sink.count();
    let mails = taken(&world.sink);
    let (confirmed, over) = (Mutex::new(BTreeSet::new()), AtomicBool::new(false));
    let (office, heard) = (&world, &confirmed);
    let slowest = std::thread::scope(|scope| {
        for part in mails.chunks(mails.len().div_ceil(4)) {
            scope.spawn(move || {
                for mail in part {
                    match press(office, mail) {
                        Some((200, _)) => drop(heard.lock().unwrap().insert(said(mail))),
                        Some((503, _)) => {}
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
        scope.spawn(|| {
            assert!(shell.wait().unwrap().success());
            over.store(true, Ordering::SeqCst);
        });
        let slowest = look(&world, || over.load(Ordering::SeqCst));
        assert!(world.sink.count() <= held + 1, "a mail left that could not be recorded");
        slowest
    });
    let waited = begun.elapsed();
    let wanted = DOCUMENTS * CELLS;
    wait_until("all mails are out", || {
        world.sink.count() >= wanted && grouped(&taken(&world.sink)).len() == wanted
    });
    let usual = look(&world, {
        let begun = Instant::now();
        move || begun.elapsed() > Duration::from_secs(1)
    });
    assert!(daemon.is_running());
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let mails = taken(&world.sink);
    assert_eq!(mails.len(), wanted, "nothing was repeated");
    let (confirmed, stored) = (confirmed.into_inner().unwrap(), acknowledged(&world, DOCUMENTS));
    println!(
        "locked for {seconds} s ({waited:.1?}): {} answers confirmed, pages of the board p99 {slowest:.1?}, {usual:.1?} without",
        confirmed.len()
    );
    assert!(confirmed.is_subset(&stored), "lost: {:?}", confirmed.difference(&stored).collect::<Vec<_>>());
    assert!(!confirmed.is_empty(), "nobody was heard afterwards");
    let most = Duration::from_millis(200).max(usual * 3);
    assert!(slowest <= most, "reading waited {slowest:?} for a writer");
    assert!(!world.log().contains("(code: 517)"), "{}", world.log());
}
