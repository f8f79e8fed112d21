//! The disks beside that of the register fail: where the contents of attachments go, and where the log goes. Mails leave,
//! answers are taken, and what could not be kept comes in when there is room again (T12).

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;
use vanthu::demo::ioffice::Setup;

use super::answers::{press, said};
use super::mail::{grouped, taken};
use crate::edxml::recent;
use crate::support::daemon::{CELLS, Daemon, World, now, wait_until};
use crate::support::faults::{Disk, EIO, Faults};
use crate::support::net;

/// An office that also reads a folder, with the contents of attachments in a folder of their own. Somebody dropped a
/// message with a file, before one without.
fn office(files: &Path) -> World {
    let world = World::over(Setup::default(), None);
    let folder = world.path("van-ban-den");
    fs::create_dir(&folder).unwrap();
    let source = format!(
        "[[source]]\ntype = \"folder\"\nid = \"thu-muc\"\npath = \"{}\"\nrest = \"1s\"\n\n[mail]\n",
        folder.display()
    );
    world.edit("vanthu.toml", "[mail]\n", &source);
    world.write("vanthu.toml.d/75-tep.toml", &format!("[store]\nfiles = \"{}\"\n", files.display()));
    world.deliver(1);
    let day = (now() - chrono::Duration::days(1)).format("%Y/%m/%d").to_string();
    for (name, number) in [("1-co-tep.edxml", 31), ("2-khong-tep.edxml", 32)] {
        fs::write(folder.join(name), recent(number, &day, number == 31)).unwrap();
    }
    world
}

/// What `/readyz` says is the matter with the folder.
fn matter(world: &World) -> Option<String> {
    let (_, body) = net::get(world.admin, "/readyz")?;
    let found: Value = serde_json::from_str(&body).unwrap();
    let checks = found["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "source:thu-muc")?;
    (check["ok"] == false).then(|| check["detail"].as_str().unwrap().to_owned())
}

/// Everything but the message with a file comes in; then that disk is well again.
fn goes_on(world: &World, mut daemon: Daemon, says: &str, mend: impl FnOnce()) {
    wait_until("all other mails are out", || taken(&world.sink).len() == 2 * CELLS);
    wait_until("staff see it", || matter(world).is_some());
    let detail = matter(world).unwrap();
    assert!(detail.contains(says), "{detail}");
    let mails = taken(&world.sink);
    assert!(mails.iter().all(|mail| mail.symbol != "31-CV/TU"));
    assert!(mails.iter().any(|mail| mail.symbol == "32-CV/TU"), "who stands behind it need not wait");
    assert_eq!(press(world, &mails[0]).map(|(status, _)| status), Some(200), "{:?}", said(&mails[0]));
    assert!(daemon.is_running());
    mend();
    assert!(daemon.terminate().0.success(), "{}", world.log());
    let daemon = world.start();
    wait_until("its mails are out", || taken(&world.sink).len() == 3 * CELLS);
    wait_until("all is well", || matter(world).is_none());
    assert!(daemon.terminate().0.success());
    let mails = taken(&world.sink);
    assert_eq!((mails.len(), grouped(&mails).len()), (3 * CELLS, 3 * CELLS));
    let left = fs::read_dir(world.path("van-ban-den/working")).unwrap().count();
    assert_eq!(left, 0, "all that was dropped is put away");
}

#[test]
fn a_full_disk_of_attachments_holds_up_nothing_else() {
    let disk = Disk::new(2);
    let world = office(&disk.path().join("tep"));
    disk.fill();
    let daemon = world.start();
    goes_on(&world, daemon, "hết chỗ trên đĩa chứa tệp đính kèm", || disk.clear());
}

#[test]
fn a_failing_disk_of_attachments_holds_up_nothing_else() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let world = office(&folder.path().join("tep"));
    let faults = Faults::new();
    let mut command = world.command(&["run"]);
    faults.load(&mut command, folder.path());
    faults.fail_all(&mut command, "write,sync,open", EIO);
    let mut daemon = world.spawn_with(command);
    world.ready(&mut daemon);
    goes_on(&world, daemon, "không ghi hoặc đọc được tệp đính kèm", || faults.mend());
    assert!(faults.counted().1 > 0);
}

/// A life whose log cannot be written.
fn unheard(output: impl Into<std::process::Stdio>) {
    let world = World::over(Setup::default(), None);
    (1..=4).for_each(|id| world.deliver(id));
    let mut daemon = world.spawn_to(world.command(&["run"]), output);
    world.ready(&mut daemon);
    wait_until("all mails are out", || taken(&world.sink).len() == 4 * CELLS);
    let mails = taken(&world.sink);
    for mail in &mails {
        assert_eq!(press(&world, mail).map(|(status, _)| status), Some(200));
    }
    assert!(daemon.is_running());
    assert!(daemon.terminate().0.success());
    assert_eq!((mails.len(), grouped(&mails).len()), (4 * CELLS, 4 * CELLS));
}

#[test]
fn a_log_whose_disk_is_full_holds_up_nothing() {
    let disk = Disk::new(1);
    let log = fs::File::create(disk.path().join("nhat-ky")).unwrap();
    disk.fill();
    unheard(log);
}

#[test]
fn a_log_that_nobody_reads_holds_up_nothing() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    unheard(writer);
}
