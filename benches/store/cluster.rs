//! A PostgreSQL server of our own on the disk where the SQLite files lie, set as Debian sets it but for the memory it may
//! take. It ends with this value.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use vanthu::store::postgres::{Patience, PostgresOptions};

/// The server's account: it refuses to run as root.
const ACCOUNT: &str = "nobody";

/// A running server.
pub struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    server: Child,
}

impl Cluster {
    /// Makes and starts one.
    ///
    /// # Errors
    /// There is no PostgreSQL here, or it does not start.
    pub fn start() -> Result<Self> {
        let (bin, folder) = (programs()?, tempfile::tempdir()?);
        std::os::unix::fs::chown(folder.path(), Some(account("-u")?), Some(account("-g")?))?;
        let data = folder.path().join("data");
        let made = own(&bin.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args(["-A", "trust", "-U", "vanthu", "-E", "UTF8", "--locale=C.UTF-8"])
            .stdout(Stdio::null())
            .status()?;
        ensure!(made.success(), "initdb failed");
        let server = own(&bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=", "-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"])
            .arg("-c")
            .arg(format!("unix_socket_directories={}", folder.path().display()))
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("log"))?)
            .spawn()?;
        let cluster = Self { bin, folder, server };
        let begun = Instant::now();
        while !cluster.client("pg_isready").arg("-q").status()?.success() {
            ensure!(begun.elapsed() < Duration::from_secs(30), "the server does not start");
            sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    /// An empty database.
    ///
    /// # Errors
    /// The server's.
    pub fn database(&self, name: &str) -> Result<PostgresOptions> {
        let made = self.client("createdb").arg(name).status()?;
        ensure!(made.success(), "createdb failed");
        let url = format!("postgres:///{name}?host={}&user=vanthu", self.folder.path().display());
        Ok(PostgresOptions { url, password: None, ca_file: None, patience: Patience::default() })
    }

    /// Takes a database away.
    ///
    /// # Errors
    /// The server's.
    pub fn drop_database(&self, options: &PostgresOptions) -> Result<()> {
        let address = url::Url::parse(&options.url)?;
        let ended = self.client("dropdb").arg(address.path().trim_start_matches('/')).status()?;
        ensure!(ended.success(), "dropdb failed");
        Ok(())
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.arg("-h").arg(self.folder.path()).args(["-U", "vanthu"]);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The server itself, not what runs it under its account: that one waits for it. At once: its folder goes with it.
        let noted = fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        let id = noted.lines().next().map_or_else(|| self.server.id().to_string(), str::to_owned);
        Command::new("kill").args(["-QUIT", &id]).status().ok();
        self.server.wait().ok();
    }
}

/// A program under the server's account where we are root, else under ours.
fn own(program: &Path) -> Command {
    if uzers::get_effective_uid() != 0 {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", ACCOUNT, "--"]).arg(program);
    command
}

fn account(which: &str) -> Result<u32> {
    let own = if uzers::get_effective_uid() == 0 { vec![which, ACCOUNT] } else { vec![which] };
    let id = Command::new("id").args(own).output()?;
    Ok(String::from_utf8(id.stdout)?.trim().parse()?)
}

/// Where Debian keeps the server's programs: those of the newest version.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("no PostgreSQL: run ./test.sh once")?;
    let mut found: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop().context("no PostgreSQL: run ./test.sh once")
}
