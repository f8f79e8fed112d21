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
use vanthu::store::postgres::{PostgresOptions, PostgresStore, open};

use super::net::free_port;

/// Makes a cluster below a new folder, tells where it is, and ends it when its input ends.
const KEEPER: &str = include_str!("keep-postgres.sh");

struct Cluster {
    socket: PathBuf,
    bin: PathBuf,
    /// Of the server, on the loopback and in the name of its socket.
    port: u16,
    /// Of the pooler, in the name of its socket.
    pooled: u16,
    /// The end of its input is the end of the cluster.
    _keeper: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
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

fn start() -> Cluster {
    let (bin, port, pooled) = (programs(), free_port(), free_port());
    // The server refuses to run as root.
    let mut command = if uzers::get_effective_uid() == 0 {
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut keeper = command
        .args(["-c", KEEPER, "keeper"])
        .arg(&bin)
        .args([port.to_string(), pooled.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut place = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut place).unwrap();
    assert!(!place.is_empty(), "the private PostgreSQL cluster did not start");
    Cluster { socket: PathBuf::from(place.trim()), bin, port, pooled, _keeper: keeper }
}

/// A database of one test; it goes with this value.
pub struct Database {
    name: String,
}

impl Database {
    /// A new, empty one.
    pub fn new() -> Self {
        let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        run("createdb", &name);
        Self { name }
    }

    /// Its address as it stands in the settings.
    pub fn url(&self) -> String {
        self.through(cluster().port)
    }

    /// The same through the pooler.
    pub fn pooled_url(&self) -> String {
        self.through(cluster().pooled)
    }

    fn through(&self, port: u16) -> String {
        format!("postgres:///{}?host={}&port={port}&user=vanthu", self.name, socket().display())
    }

    /// Its address on the loopback, for `qua_mang`, with this `sslmode`.
    pub fn guarded_url(&self, sslmode: &str) -> String {
        format!("postgres://qua_mang@127.0.0.1:{}/{}?sslmode={sslmode}", cluster().port, self.name)
    }

    /// How the store reaches it.
    pub fn options(&self) -> PostgresOptions {
        PostgresOptions { url: self.url(), password: None::<SecretString>, ca_file: None }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        run("dropdb", &self.name);
    }
}

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(start)
}

/// PEM file of the authority that signed the server's certificate.
pub fn authority() -> PathBuf {
    socket().join("ca.crt")
}

/// The folder of the server's socket.
pub fn socket() -> &'static Path {
    &cluster().socket
}

fn run(program: &str, name: &str) {
    let Cluster { socket, bin, port, .. } = cluster();
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
