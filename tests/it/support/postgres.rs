//! A PostgreSQL server of our own: one private cluster for the whole test process, a database for each test.
//!
//! The cluster sorts text as Vietnamese people do, not by bytes. It hears on a socket, where everybody may come in, and
//! with TLS on the loopback, where `qua_mang` needs a password. Before it stands a PgBouncer that gives each transaction
//! another server connection. A shell keeps them: when this process ends, however it does, the shell's input ends, and
//! it stops the servers and removes their folder.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use secrecy::SecretString;
use vanthu::app::ports::Store;
use vanthu::store::Access;
use vanthu::store::postgres::{Patience, PostgresOptions, PostgresStore, open};

use super::net::free_port;

/// Makes a cluster below a new folder, tells where it is, and ends it when its input ends.
const KEEPER: &str = include_str!("keep-postgres.sh");

/// A cluster, with the pooler before it; it ends with this value.
pub struct Cluster {
    socket: PathBuf,
    bin: PathBuf,
    /// Of the server, on the loopback and in the name of its socket.
    port: u16,
    /// Of the pooler, in the name of its socket.
    pooled: u16,
    /// The end of its input is the end of the cluster.
    keeper: Child,
}

static CLUSTER: OnceLock<Arc<Cluster>> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Where Debian keeps the server's programs, else where they are found by themselves.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<_> = versions.map(|version| version.unwrap().path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop().unwrap_or_else(|| {
        let found = Command::new("sh").args(["-c", "dirname \"$(command -v initdb)\""]).output().unwrap();
        let bin = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
        assert!(bin.join("initdb").exists(), "there is no PostgreSQL server here; ./test.sh installs one");
        bin
    })
}

/// A program of the server, under the account that runs it: the server refuses to run as root.
fn as_server(program: &Path) -> Command {
    if uzers::get_effective_uid() != 0 {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "nobody", "--"]).arg(program);
    command
}

/// Starts one: a new one, or one that follows another.
fn start(leader: Option<&Cluster>) -> Cluster {
    let (bin, port, pooled) = (programs(), free_port(), free_port());
    let mut keeper = as_server(Path::new("sh"))
        .args(["-c", KEEPER, "keeper"])
        .arg(&bin)
        .args([port.to_string(), pooled.to_string()])
        .args(leader.into_iter().flat_map(|one| [one.socket.display().to_string(), one.port.to_string()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut place = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut place).unwrap();
    assert!(!place.is_empty(), "the private PostgreSQL cluster did not start");
    Cluster { socket: PathBuf::from(place.trim()), bin, port, pooled, keeper }
}

impl Cluster {
    /// One for a single test, which may stop it, freeze it or let it crash.
    pub fn own() -> Arc<Self> {
        Arc::new(start(None))
    }

    /// One that follows this one, and has everything it has when this returns.
    pub fn standby(&self) -> Self {
        start(Some(self))
    }

    /// It serves in its own right from now on.
    pub fn promote(&self) {
        self.control(&["-w", "promote"]);
    }

    /// Whether its server has ended.
    fn is_down(&self) -> bool {
        !self.socket.join("data/postmaster.pid").exists()
    }

    /// Port of the server on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every process of the server stands still: connections stay open, and nothing is answered.
    pub fn freeze(&self) {
        // The one that makes the others first, so that no more are made.
        let server = self.server();
        signal("STOP", &[server]);
        signal("STOP", &children(server));
    }

    /// They go on where they stood.
    pub fn thaw(&self) {
        let server = self.server();
        signal("CONT", &children(server));
        signal("CONT", &[server]);
    }

    /// Every process of the server ends at once, as if its machine had died; what was committed is on the disk.
    pub fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// The server starts, and is there when this returns.
    pub fn restart(&self) {
        let log = self.socket.join("log");
        self.control(&["-l", log.to_str().unwrap(), "-w", "start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = as_server(&self.bin.join("pg_ctl"));
        command.arg("-D").arg(self.socket.join("data")).arg("-s").args(arguments);
        assert!(command.stdin(Stdio::null()).status().unwrap().success(), "pg_ctl {arguments:?}");
    }

    fn server(&self) -> u32 {
        let file = std::fs::read_to_string(self.socket.join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().parse().unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.is_down() {
            self.thaw();
        }
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }
}

fn signal(name: &str, processes: &[u32]) {
    let numbers = processes.iter().map(u32::to_string);
    // One of them may have ended by itself.
    Command::new("kill").arg(format!("-{name}")).args(numbers).stderr(Stdio::null()).status().unwrap();
}

/// The processes that a process made.
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let number: u32 = entry.unwrap().file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // Behind the name, which may hold anything: state, parent.
        let (_, rest) = stat.rsplit_once(") ")?;
        (rest.split(' ').nth(1)?.parse() == Ok(parent)).then_some(number)
    });
    processes.collect()
}

/// A database of one test; it goes with this value.
pub struct Database {
    name: String,
    cluster: Arc<Cluster>,
}

impl Database {
    /// A new, empty one.
    pub fn new() -> Self {
        Self::on(cluster())
    }

    /// The same on a cluster of the test's own.
    pub fn on(cluster: &Arc<Cluster>) -> Self {
        let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        run(cluster, "createdb", &name);
        Self { name, cluster: cluster.clone() }
    }

    /// Its address as it stands in the settings.
    pub fn url(&self) -> String {
        self.url_on(&self.cluster)
    }

    /// The same through the pooler.
    pub fn pooled_url(&self) -> String {
        self.through(&self.cluster, self.cluster.pooled)
    }

    /// Its address on another cluster that has a copy of it.
    pub fn url_on(&self, cluster: &Cluster) -> String {
        self.through(cluster, cluster.port)
    }

    fn through(&self, cluster: &Cluster, port: u16) -> String {
        format!("postgres:///{}?host={}&port={port}&user=vanthu", self.name, cluster.socket.display())
    }

    /// Its address at a port of the loopback, behind which is the server, a line to it for example.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://vanthu@127.0.0.1:{port}/{}?sslmode=disable", self.name)
    }

    /// Its address on the loopback, for `qua_mang`, with this `sslmode`.
    pub fn guarded_url(&self, sslmode: &str) -> String {
        format!("postgres://qua_mang@127.0.0.1:{}/{}?sslmode={sslmode}", self.cluster.port, self.name)
    }

    /// How the store reaches it.
    pub fn options(&self) -> PostgresOptions {
        PostgresOptions {
            url: self.url(),
            password: None::<SecretString>,
            ca_file: None,
            patience: Patience::default(),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // One that a test has let die takes its databases with it.
        if !self.cluster.is_down() {
            run(&self.cluster, "dropdb", &self.name);
        }
    }
}

fn cluster() -> &'static Arc<Cluster> {
    CLUSTER.get_or_init(|| Arc::new(start(None)))
}

/// PEM file of the authority that signed the server's certificate.
pub fn authority() -> PathBuf {
    socket().join("ca.crt")
}

/// The folder of the server's socket.
pub fn socket() -> &'static Path {
    &cluster().socket
}

fn run(cluster: &Cluster, program: &str, name: &str) {
    let Cluster { socket, bin, port, .. } = cluster;
    let mut command = Command::new(bin.join(program));
    command.arg("-h").arg(socket).args(["-U", "vanthu", "-p", &port.to_string()]);
    if program == "dropdb" {
        command.args(["--force", "--if-exists"]);
    }
    let done = command.arg(name).output().unwrap();
    assert!(done.status.success() || std::thread::panicking(), "{program}: {done:?}");
}

/// An empty register in a database that goes with the second value.
pub async fn temp_postgres() -> (PostgresStore, Database) {
    let database = Database::new();
    let store = open(&database.options(), Access::Serve).await.unwrap();
    (store, database)
}

/// The same behind the port.
pub async fn temp_store() -> (Arc<dyn Store>, Database) {
    let (store, database) = temp_postgres().await;
    (Arc::new(store), database)
}

/// The same through the pooler.
pub async fn pooled_store() -> (Arc<dyn Store>, Database) {
    let database = Database::new();
    let options = PostgresOptions { url: database.pooled_url(), ..database.options() };
    (Arc::new(open(&options, Access::Serve).await.unwrap()), database)
}
