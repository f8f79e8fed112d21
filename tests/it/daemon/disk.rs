//! The register's disk fails, fills, or is not what it should be: what was confirmed stays, what cannot be recorded does
//! not happen, and one line says what to do.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use vanthu::demo::ioffice::Setup;

use super::answers::{acknowledged, press, said, sent};
use super::mail::{Mail, grouped, taken};
use crate::support::daemon::{CELLS, Ended, World, wait_until};
use crate::support::faults::{Disk, EIO, Faults, as_root};
use crate::support::outside::Outside;
use crate::support::{net, number};

/// An office whose register is a file, in a folder of its own.
fn office(folder: &Path) -> World {
    let world = World::over(Setup::default(), None);
    world.keep_in(folder);
    world
}

fn readiness(world: &World) -> (String, String) {
    let (_, body) = net::get(world.admin, "/readyz").unwrap();
    let found: Value = serde_json::from_str(&body).unwrap();
    let disk = found["checks"].as_array().unwrap().iter().find(|check| check["name"] == "disk").unwrap();
    (found["status"].as_str().unwrap().to_owned(), disk["detail"].as_str().unwrap_or_default().to_owned())
}

/// T10, T11: 50 directives are out, the disk fills to the last byte.
#[test]
fn a_full_disk_takes_answers_and_nothing_else_until_there_is_room() {
    const DOCUMENTS: usize = 50;
    let disk = Disk::new(40);
    let world = office(disk.path());
    let mails = sent(&world, DOCUMENTS);
    world.sink.take(Mail::read);
    let mut daemon = world.start();
    wait_until("the room is kept back", || disk.path().join("vanthu.db.reserve").exists());

    let (outside, trouble) = (Outside::new(), Some("đĩa của sổ đầy"));
    outside.look(&world, None);
    disk.fill();
    let full = Instant::now();
    wait_until("the full disk is seen", || outside.look(&world, trouble).is_none_or(|status| status != "ok"));
    let seen = full.elapsed();
    let (status, detail) = readiness(&world);
    assert_eq!(status, "degraded", "answers are still taken: {detail}");
    assert!(detail.contains("hãy dọn đĩa"), "{detail}");
    assert!(world.board("/").contains("chỉ ghi trả lời của chi bộ"));

    world.deliver(99);
    let mut confirmed = BTreeSet::new();
    let mut refused = None;
    for mail in &mails {
        match press(&world, mail) {
            Some((200, _)) => drop(confirmed.insert(said(mail))),
            Some((503, page)) => {
                refused = Some(page);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    if let Some(page) = refused {
        assert!(page.contains("chưa ghi nhận được gì"), "{page}");
    }
    for _ in 0..30 {
        outside.look(&world, trouble);
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(daemon.is_running(), "{}", world.log());
    assert_eq!(world.sink.count(), 0, "a mail left that could not be recorded");

    disk.clear();
    let cleared = Instant::now();
    wait_until("the new directive is out", || world.sink.count() == CELLS);
    wait_until("all is well", || outside.look(&world, None).is_some_and(|status| status == "ok"));
    let resumed = cleared.elapsed();
    assert!(daemon.is_running(), "it went on by itself");
    println!(
        "full disk: seen after {seen:.1?}, {} of {} answers taken, resumed after {resumed:.1?}",
        confirmed.len(),
        mails.len()
    );
    assert!(seen < Duration::from_secs(10) && resumed < Duration::from_secs(60));
    assert!(confirmed.len() >= 200, "only {} answers were taken", confirmed.len());
    let stored = acknowledged(&world, DOCUMENTS);
    assert!(confirmed.is_subset(&stored), "lost: {:?}", confirmed.difference(&stored).collect::<Vec<_>>());
    assert!(daemon.terminate().0.success());
    println!("{}", outside.judge_health(&world));
    let new = taken(&world.sink);
    assert_eq!((new.len(), grouped(&new).len()), (CELLS, CELLS));
}

/// T8: whichever sync of the register fails, the process ends, says so, and never goes on as if nothing were.
#[test]
fn a_sync_that_fails_ends_the_process_and_loses_nothing() {
    const DOCUMENTS: usize = 6;
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let world = office(folder.path());
    let mails = sent(&world, DOCUMENTS);
    let (mut confirmed, mut delivered, mut fell) = (BTreeSet::new(), DOCUMENTS, 0);
    let last = number("VANTHU_SYNCS", 16);
    for at in 1..=last {
        // Each is at least six syncs: itself, a claim, its mails. A long life needs several of them.
        for _ in 0..=at / 6 {
            delivered += 1;
            world.deliver(i64::try_from(delivered).unwrap());
        }
        let faults = Faults::new();
        let mut command = world.command(&["run"]);
        faults.load(&mut command, folder.path());
        faults.fail(&mut command, "sync", at, EIO);
        let mut daemon = world.spawn_with(command);
        let begun = Instant::now();
        let mut next = mails.iter().cycle().skip(usize::try_from(at).unwrap());
        while daemon.is_running() && faults.counted().1 == 0 && begun.elapsed() < Duration::from_secs(30) {
            let mail = next.next().unwrap();
            if let Some((200, _)) = press(&world, mail) {
                confirmed.insert(said(mail));
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        assert_eq!(faults.counted().1, 1, "sync {at} never came:\n{}", world.log());
        let met = Instant::now();
        let status = daemon.wait();
        assert!(met.elapsed() < Duration::from_secs(5), "sync {at}: it went on for {:?}", met.elapsed());
        assert_eq!(status.code(), Some(1), "sync {at}");
        let log = world.log();
        let line = log.lines().rev().find(|line| line.contains("đĩa hoặc tệp của sổ bị lỗi"));
        assert!(line.is_some(), "sync {at}: {}", log.lines().last().unwrap_or_default());
        fell += 1;
    }
    let daemon = world.start();
    let wanted = delivered * CELLS;
    let reached = || world.sink.count() >= wanted && grouped(&taken(&world.sink)).len() == wanted;
    wait_until("all mails are out", reached);
    assert!(daemon.terminate().0.success());
    let mails = taken(&world.sink);
    let repeats = mails.len() - grouped(&mails).len();
    let stored = acknowledged(&world, delivered);
    println!("{fell} failed syncs, {} answers confirmed, {repeats} mails repeated", confirmed.len());
    assert!(confirmed.is_subset(&stored), "lost: {:?}", confirmed.difference(&stored).collect::<Vec<_>>());
    assert!(repeats <= fell, "{repeats} repeats");
}

/// How a start ends, in its one line.
fn refused(world: &World, code: i32, says: &[&str]) -> String {
    let begun = Instant::now();
    let ended: Ended = world.vanthu(&["run"]);
    let took = begun.elapsed();
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    let lines: Vec<_> = ended.err.lines().filter(|line| line.starts_with("vanthu: ")).collect();
    assert_eq!(lines.len(), 1, "{}", ended.err);
    for part in says {
        assert!(lines[0].contains(part), "{part}: {}", lines[0]);
    }
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    assert_eq!(world.sink.count(), 0, "a mail left");
    lines[0].to_owned()
}

/// A register with a directive in it, whose mails are out and taken away.
fn used(folder: &Path) -> (World, PathBuf) {
    let world = office(folder);
    world.deliver(1);
    let daemon = world.start();
    wait_until("all mails are out", || world.sink.count() == CELLS);
    assert!(daemon.terminate().0.success());
    world.sink.take(Mail::read);
    (world, folder.join("vanthu.db"))
}

/// T13: the disk is read-only; the register is another account's.
#[test]
fn a_disk_that_is_read_only_and_a_register_of_another_account_are_refused() {
    let disk = Disk::new(40);
    let (world, register) = used(disk.path());
    disk.remount("ro");
    refused(&world, 78, &["chế độ chỉ đọc", "findmnt", &register.display().to_string()]);
    disk.remount("rw");
    as_root(&["chown", "nobody", register.to_str().unwrap()]);
    refused(&world, 77, &["thuộc tài khoản nobody", "runuser -u nobody", "chown -R"]);
    world.write("vanthu.toml.d/50-nhat-ky.toml", "[journal]\ncopy = \"o-hai\"\n");
    refused(&world, 77, &["thuộc tài khoản nobody", "runuser -u nobody", "chown -R"]);
}

/// T18: what is damaged or no register at all is not worked with.
#[test]
fn a_damaged_register_is_refused_with_the_way_back() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let (world, register) = used(folder.path());
    let whole = fs::read(&register).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 30, "{pages} pages");
    // The first bytes of a page say what kind of page it is and where its rows begin.
    for page in [2, pages / 2, pages - 1] {
        let file = fs::OpenOptions::new().write(true).open(&register).unwrap();
        file.write_all_at(&[0xff; 16], u64::try_from(page * 4096).unwrap()).unwrap();
        refused(&world, 78, &["bị hỏng", "vanthu restore"]);
        fs::write(&register, &whole).unwrap();
    }
    fs::write(&register, &whole[..whole.len() / 2]).unwrap();
    refused(&world, 78, &["bị hỏng", "vanthu restore"]);
    fs::write(&register, "đây là một tệp văn bản dài, không phải sổ\n".repeat(200)).unwrap();
    refused(&world, 78, &["không phải sổ của vanthu", "store.path"]);
    fs::write(&register, &whole).unwrap();
    let daemon = world.start();
    assert!(daemon.terminate().0.success());
}

/// T23: a file system that is not of this machine, as the kernel names it.
#[test]
fn a_register_on_a_user_space_file_system_is_refused() {
    let (below, above) = (tempfile::tempdir_in("/tmp").unwrap(), tempfile::tempdir_in("/tmp").unwrap());
    let [below, above] = [&below, &above].map(|folder| folder.path().to_str().unwrap().to_owned());
    as_root(&["bindfs", &below, &above]);
    let world = office(Path::new(&above));
    refused(&world, 78, &["nằm trên hệ thống tệp fuse", "store.path", "store.url"]);
    as_root(&["umount", &above]);
    let status = Command::new("ls").arg(&below).output().unwrap();
    assert!(status.stdout.is_empty(), "nothing was made there");
}
