//! What stands still: a process that gets no processor, and names that nobody resolves. systemd is played by the test:
//! it hears what the program says of itself and kills it when that falls silent, as the unit asks.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, Daemon, World, wait_until};
use crate::support::faults::Faults;

/// A tenth of what the unit gives the program, so that the test is not about waiting.
const WATCHDOG: Duration = Duration::from_secs(3);

/// systemd, as far as the program knows it.
struct Manager {
    heard: Arc<Mutex<Instant>>,
}

impl Manager {
    /// Listens until the office is gone.
    fn new(world: &World) -> Self {
        let socket = UnixDatagram::bind(world.path("bao")).unwrap();
        let heard = Arc::new(Mutex::new(Instant::now()));
        let told = heard.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(length) = socket.recv(&mut buffer) {
                assert!(!buffer[..length].starts_with(b"WATCHDOG=trigger"), "a loop has hung");
                *told.lock().unwrap() = Instant::now();
            }
        });
        Self { heard }
    }

    fn start(world: &World, mut command: Command) -> Daemon {
        let watchdog = WATCHDOG.as_micros().to_string();
        command.env("NOTIFY_SOCKET", world.path("bao")).env("WATCHDOG_USEC", watchdog);
        let mut daemon = world.spawn_with(command);
        world.ready(&mut daemon);
        daemon
    }

    /// Whether the program has said in time that it lives.
    fn hears(&self) -> bool {
        self.heard.lock().unwrap().elapsed() < WATCHDOG
    }
}

#[test]
fn a_process_that_stands_still_is_replaced_and_its_work_is_done() {
    let world = World::new();
    (1..=20).for_each(|id| world.deliver(id));
    let manager = Manager::new(&world);
    let daemon = Manager::start(&world, world.command(&["run"]));
    wait_until("mails are going out", || taken(&world.sink).len() > CELLS);

    daemon.signal("STOP");
    let stopped = Instant::now();
    wait_until("it is silent for too long", || !manager.hears());
    let found = stopped.elapsed();
    daemon.kill();
    let _daemon = Manager::start(&world, world.command(&["run"]));
    let back = stopped.elapsed();
    wait_until("every cell has its mails", || grouped(&taken(&world.sink)).len() == 20 * CELLS);

    assert!(found < WATCHDOG * 2, "found after {found:?}");
    let repeated: usize = grouped(&taken(&world.sink)).values().map(|mails| mails.len() - 1).sum();
    assert!(repeated <= 1, "{repeated} repeated");
    println!("hang found after {found:.1?} of {WATCHDOG:?}, back after {back:.1?}, {repeated} repeated");
}

#[test]
fn a_name_server_that_is_silent_holds_up_the_mail_and_nothing_else() {
    let world = World::new();
    world.edit("vanthu.toml", "host = \"127.0.0.1\"", "host = \"localhost\"");
    world.edit("vanthu.toml", "command_timeout = \"10s\"", "command_timeout = \"2s\"");
    let faults = Faults::new();
    let mut command = world.command(&["run"]);
    faults.names(&mut command);
    faults.silence_names(true);
    let manager = Manager::new(&world);
    let daemon = Manager::start(&world, command);
    world.deliver(1);

    wait_until("it is seen that mail cannot leave", || {
        let readiness: Value = serde_json::from_str(&world.board("/readyz")).unwrap();
        let checks = readiness["checks"].as_array().unwrap();
        checks.iter().any(|check| check["name"] == "mail" && check["ok"] == false)
    });
    for _ in 0..4 {
        std::thread::sleep(WATCHDOG / 2);
        assert!(manager.hears(), "it lives on");
    }
    assert!(world.board("/").contains("Kế hoạch sinh hoạt"), "and reads its sources");
    assert!(taken(&world.sink).is_empty());

    faults.silence_names(false);
    wait_until("the mails leave", || taken(&world.sink).len() == CELLS);
    assert!(daemon.terminate().0.success());
}
