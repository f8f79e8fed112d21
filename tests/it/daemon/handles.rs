//! Few file handles, and none: clients are turned away, nothing spins, nothing ends, and everything goes on when there are
//! handles again (T15).

use std::io::Read as _;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use vanthu::demo::ioffice::Setup;

use super::answers::press;
use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::net;

/// How long it is watched for spinning.
const WATCHED: Duration = Duration::from_secs(4);

/// The daemon with so many file handles at most.
fn limited(world: &World, handles: u32) -> Command {
    let daemon = world.command(&["run"]);
    let mut command = Command::new("prlimit");
    command.arg(format!("--nofile={handles}:{handles}")).arg(daemon.get_program()).args(daemon.get_args());
    command.env_clear().env("PATH", "/usr/bin:/bin").stdin(std::process::Stdio::null());
    command.envs(daemon.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// Connections that say nothing.
fn crowd(port: u16, clients: usize) -> Vec<TcpStream> {
    (0..clients).filter_map(|_| TcpStream::connect(("127.0.0.1", port)).ok()).collect()
}

/// Of a processor, over some seconds.
fn share(daemon: &Daemon) -> f64 {
    let (before, begun) = (daemon.cpu(), Instant::now());
    std::thread::sleep(WATCHED);
    (daemon.cpu() - before).as_secs_f64() / begun.elapsed().as_secs_f64()
}

/// Whether the other side has ended a connection.
fn is_ended(mut client: &TcpStream) -> bool {
    client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    match client.read(&mut [0; 16]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn clients_never_take_the_last_file_handle() {
    const DOCUMENTS: i64 = 30;
    let world = World::over(Setup::default(), None);
    (1..=DOCUMENTS).for_each(|id| world.deliver(id));
    let mut daemon = world.spawn_with(limited(&world, 64));
    wait_until("it listens", || net::get(world.admin, "/livez").is_some());
    let crowd = crowd(world.web, 100);
    let all = usize::try_from(DOCUMENTS).unwrap() * CELLS;
    wait_until("all mails are out", || world.sink.count() == all);
    let (status, _) = net::get(world.admin, "/readyz").expect("the board has its own places");
    assert_eq!(status, 200);
    let used = share(&daemon);
    println!("{} clients that say nothing: {:.1} % of a processor", crowd.len(), used * 100.0);
    assert!(used <= 0.2, "{used} of a processor");
    let turned_away = crowd.iter().filter(|client| is_ended(client)).count();
    assert!((80..100).contains(&turned_away), "{turned_away} of {} were turned away", crowd.len());
    drop(crowd);
    let mails = taken(&world.sink);
    wait_until("a cell is heard", || press(&world, &mails[0]).is_some_and(|(status, _)| status == 200));
    assert!(daemon.is_running());
    assert!(daemon.terminate().0.success(), "{}", world.log());
    assert_eq!((mails.len(), grouped(&mails).len()), (all, all));
    assert!(!world.log().contains("Too many open files"), "{}", world.log());
}

/// Sets how many file handles a running process may have.
fn allow(daemon: &Daemon, handles: usize) {
    let set = Command::new("prlimit")
        .args(["--pid", &daemon.id().to_string(), &format!("--nofile={handles}:1024")])
        .status();
    assert!(set.unwrap().success(), "prlimit (package util-linux) is needed");
}

#[test]
fn without_a_file_handle_it_waits_and_goes_on() {
    let world = World::over(Setup::default(), None);
    world.deliver(1);
    let mut daemon = world.start();
    wait_until("all mails are out", || world.sink.count() == CELLS);
    let mails = taken(&world.sink);
    allow(&daemon, 3);
    let crowd = crowd(world.web, 20);
    let used = share(&daemon);
    println!("no file handle: {:.1} % of a processor", used * 100.0);
    assert!(used <= 0.2, "{used} of a processor");
    assert!(daemon.is_running(), "{}", world.log());
    allow(&daemon, 1024);
    drop(crowd);
    wait_until("the board answers", || {
        net::get(world.admin, "/readyz").is_some_and(|(status, _)| status == 200)
    });
    for mail in &mails {
        assert_eq!(press(&world, mail).map(|(status, _)| status), Some(200));
    }
    let log = world.log();
    assert!(
        !log.contains("giữ nguyên bản đang dùng"),
        "files that cannot be looked at are not broken: {log}"
    );
    assert!(daemon.is_running());
    assert!(daemon.terminate().0.success(), "{}", world.log());
}
