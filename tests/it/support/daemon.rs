//! The real program as operations meet it: an office folder, a process, signals, two ports, a log.
//! Around it a document system and a mail server that are not part of it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::Value;
use tempfile::TempDir;
use vanthu::app::ports::Clock as _;
use vanthu::demo::ioffice::{FakeDocument, FakeIoffice, Setup};
use vanthu::runtime::clock::WallClock;

use super::net::{self, free_port};
use super::postgres::Database;
use super::smtp_sink::SmtpSink;

/// Everything but secrets and years, below the office's folder.
const FILES: [(&str, &str); 4] = [
    ("vanthu.toml", include_str!("van-phong/vanthu.toml")),
    ("units.toml", include_str!("van-phong/units.toml")),
    ("rules.d/10-chung.toml", include_str!("van-phong/rules.d/10-chung.toml")),
    ("calendar/calendar.toml", include_str!("van-phong/calendar/calendar.toml")),
];

/// How many cells the office's one rule selects.
pub const CELLS: usize = 5;

/// An office with its document system and its mail server; the daemon itself comes and goes.
pub struct World {
    /// The document system.
    pub ioffice: FakeIoffice,
    /// The mail server.
    pub sink: SmtpSink,
    /// Port of the cells' pages.
    pub web: u16,
    /// Port of the board.
    pub admin: u16,
    folder: TempDir,
    /// Where its register is, if not in a file of the folder.
    pub database: Option<Database>,
    _runtime: tokio::runtime::Runtime,
}

impl World {
    /// An office without documents, and nothing running but its surroundings.
    pub fn new() -> Self {
        Self::with(Setup::default())
    }

    /// The same over a document system that starts like this, its register in whichever engine this run is for.
    pub fn with(setup: Setup) -> Self {
        let database = super::store::on_server().then(Database::new);
        Self::over(setup, database)
    }

    /// The same with its register in a database.
    pub fn over(setup: Setup, database: Option<Database>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let now = std::sync::Arc::new(now);
        let listen = ([127, 0, 0, 1], 0).into();
        let ioffice = runtime.block_on(FakeIoffice::start(listen, setup, now)).unwrap();
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let sink = SmtpSink::start(&[]);
        let world =
            Self { ioffice, sink, web: free_port(), admin: free_port(), folder, database, _runtime: runtime };
        world.furnish();
        world
    }

    fn furnish(&self) {
        for (path, text) in FILES {
            self.write(path, &self.filled(text));
        }
        for year in now().year()..=now().year() + 1 {
            let text = format!("year = {year}\nbasis = \"thử\"\nconfirmed = true\n[off]\n");
            self.write(&format!("calendar/{year}.toml"), &text);
        }
        self.keep_in_database();
        self.write("secrets/ioffice", "vanthu");
        self.write("secrets/link-key", "khoá thử, dài hơn ba mươi hai byte, không dùng ở đâu khác");
    }

    fn keep_in_database(&self) {
        if let Some(database) = &self.database {
            self.write("vanthu.toml.d/80-so.toml", &format!("[store]\nurl = \"{}\"\n", database.url()));
        }
    }

    fn filled(&self, text: &str) -> String {
        text.replace("{IOFFICE}", &self.ioffice.url())
            .replace("{SMTP}", &self.sink.port.to_string())
            .replace("{WEB}", &self.web.to_string())
            .replace("{ADMIN}", &self.admin.to_string())
    }

    /// A path below the office's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the office, readable by its owner only.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Edits a file as staff would: every `from` in it becomes `to`, and there must be one.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} does not hold {from:?}");
        self.write(name, &text.replace(from, to));
    }

    /// Puts the register into a folder.
    pub fn keep_in(&self, folder: &std::path::Path) {
        let path = folder.join("vanthu.db");
        self.write("vanthu.toml.d/70-so.toml", &format!("[store]\npath = \"{}\"\n", path.display()));
    }

    /// A document that the office's rule gives to every cell, received a moment ago.
    pub fn deliver(&self, id: i64) {
        self.ioffice.put(plan(id));
    }

    /// The program with this office's files and a bare environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vanthu"));
        command.env_clear().env("USER", "van-thu").env("VANTHU_CONFIG", self.path("vanthu.toml"));
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn vanthu(&self, arguments: &[&str]) -> Ended {
        Ended::from(self.command(arguments).output().unwrap())
    }

    /// Starts the daemon and does not wait for it.
    pub fn spawn(&self) -> Daemon {
        self.spawn_with(self.command(&["run"]))
    }

    /// The same with a command that was changed.
    pub fn spawn_with(&self, mut command: Command) -> Daemon {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("nhat-ky")).unwrap();
        let output = log.try_clone().unwrap();
        let child = command.stdout(output).stderr(log).spawn().unwrap();
        Daemon { child, log: self.path("nhat-ky") }
    }

    /// The same, but with whatever it writes going elsewhere than to the office's log.
    pub fn spawn_to(&self, mut command: Command, output: impl Into<Stdio>) -> Daemon {
        let child = command.stdout(Stdio::null()).stderr(output).spawn().unwrap();
        Daemon { child, log: self.path("nhat-ky") }
    }

    /// Starts the daemon and waits until it is ready.
    pub fn start(&self) -> Daemon {
        let mut daemon = self.spawn();
        self.ready(&mut daemon);
        daemon
    }

    /// Waits until the daemon answers.
    pub fn ready(&self, daemon: &mut Daemon) {
        wait_until("the daemon is ready", || {
            if let Some(status) = daemon.child.try_wait().unwrap() {
                panic!("the daemon ended with {status}:\n{}", daemon.log());
            }
            net::get(self.admin, "/readyz").is_some_and(|(status, _)| status == 200)
        });
    }

    /// A page of the board.
    pub fn board(&self, path: &str) -> String {
        let (status, body) = net::get(self.admin, path).expect("the board answers");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Everything the daemons of this office have written to their log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("nhat-ky")).unwrap_or_default()
    }
}

/// Now, for what must look recent.
pub fn now() -> DateTime<Utc> {
    WallClock.now()
}

/// A plan of the committee that the office's rule gives to every cell.
pub fn plan(id: i64) -> FakeDocument {
    let subject = format!("Kế hoạch sinh hoạt chuyên đề lần thứ {id}");
    FakeDocument::new(id, &format!("{id}-KH/ĐUK"), &subject, now() - chrono::Duration::seconds(5))
}

/// Looks every 20 ms, for four minutes at most: enough for the longest test on a busy machine.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(240), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A running daemon; killed when dropped.
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How much of a processor it has used so far.
    pub fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        // The name may hold spaces; what counts comes after its closing bracket. A tick is 10 ms.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Sends a signal, by its name without SIG.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success(), "kill -{name}");
    }

    /// SIGKILL, and waits for the end.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; how it ended and how long that took.
    pub fn terminate(self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        self.signal("TERM");
        (self.wait(), begun.elapsed())
    }

    /// Waits for the end.
    pub fn wait(mut self) -> ExitStatus {
        let mut ended = None;
        wait_until("the daemon ends", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        ended.unwrap()
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// What it has logged, and what those before it did.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.is_running() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// A command that has ended.
pub struct Ended {
    /// Its exit code; -1 after a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ended {
    /// Standard output as JSON, where the command ended well.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}
