//! What somebody outside saw of an office: what was served, what was taken, what clients were told. The oracle
//! (`tests/oracle/oracle.py`) judges by that and a dump of the register.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};
use tempfile::TempDir;
use vanthu::demo::ioffice::FakeDocument;

use super::daemon::{Ended, World, plan};
use super::net;

/// Everything seen so far.
pub struct Outside {
    folder: TempDir,
    taken: AtomicUsize,
    served: Mutex<Vec<Value>>,
    visits: Mutex<Vec<Value>>,
    heard: Mutex<Vec<Value>>,
    health: Mutex<Vec<Value>>,
    begun: Instant,
}

/// How much may have been repeated or sent.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Deaths.
    pub kills: u64,
    /// Mails that each death may repeat.
    pub workers: usize,
    /// Mails that one reader may get in a day.
    pub per_day: usize,
}

impl Outside {
    /// Nothing seen.
    pub fn new() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        fs::create_dir(folder.path().join("thu")).unwrap();
        Self {
            folder,
            taken: AtomicUsize::new(0),
            served: Mutex::default(),
            visits: Mutex::default(),
            heard: Mutex::default(),
            health: Mutex::default(),
            begun: Instant::now(),
        }
    }

    /// A file of what was seen.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A plan of the office was served, as [`World::deliver`] does it.
    pub fn delivered(&self, id: i64) {
        self.served(&plan(id), None);
    }

    /// A document was served; one with a secret mark has a word that stands nowhere else.
    pub fn served(&self, document: &FakeDocument, canary: Option<&str>) {
        let row = json!({
            "id": document.id.to_string(), "symbol": document.symbol, "text": document.subject,
            "secret": canary.is_some(), "canary": canary,
        });
        self.served.lock().unwrap().push(row);
    }

    /// A mail was taken.
    pub fn took(&self, raw: &[u8]) {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        fs::write(self.path("thu").join(format!("{number:07}.eml")), raw).unwrap();
    }

    /// A link was followed, and the page said that the answer is recorded, or did not.
    pub fn visited(&self, method: &str, (cell, symbol): (&str, &str), confirmed: bool) {
        let row = json!({ "method": method, "cell": cell, "symbol": symbol, "confirmed": confirmed });
        self.visits.lock().unwrap().push(row);
    }

    /// A mail was put into the mailbox for answers: to which of ours, from whom, and whether a machine wrote it.
    pub fn replied(&self, about: &str, from: &str, machine: bool) {
        let row = json!({ "channel": "reply", "about": about, "from": from, "machine": machine });
        self.heard.lock().unwrap().push(row);
    }

    /// Asks the daemon how it is, while something is broken or nothing is; what it said.
    pub fn look(&self, world: &World, trouble: Option<&str>) -> Option<String> {
        let status = net::get(world.admin, "/readyz").map(|(_, body)| {
            serde_json::from_str::<Value>(&body).unwrap()["status"].as_str().unwrap().to_owned()
        });
        let row = json!({ "at": self.begun.elapsed().as_secs_f64(), "trouble": trouble, "status": status });
        self.health.lock().unwrap().push(row);
        status
    }

    /// Writes down what was seen, and the dump of the register beside it; no daemon may be at work.
    pub fn write(&self, world: &World) {
        let lines = |rows: &Mutex<Vec<Value>>| -> String {
            rows.lock().unwrap().iter().map(|row| format!("{row}\n")).collect()
        };
        fs::write(self.path("nguon.jsonl"), lines(&self.served)).unwrap();
        fs::write(self.path("khach.jsonl"), lines(&self.visits)).unwrap();
        for (name, rows) in [("nghe.jsonl", &self.heard), ("suc-khoe.jsonl", &self.health)] {
            if !rows.lock().unwrap().is_empty() {
                fs::write(self.path(name), lines(rows)).unwrap();
            }
        }
        fs::write(self.path("nhat-ky"), world.log()).unwrap();
        let dump = self.path("so.jsonl");
        fs::remove_file(&dump).ok();
        let exported = world.vanthu(&["store", "export", "--out", &dump.display().to_string()]);
        assert_eq!(exported.code, 0, "{}{}", exported.out, exported.err);
    }

    /// What the oracle says of what lies in a folder.
    pub fn asked(folder: &Path, world: &World, bounds: Bounds) -> Ended {
        let path = |name: &str| folder.join(name).display().to_string();
        let mut command = oracle(folder);
        for (option, file) in [
            ("--upstream", path("nguon.jsonl")),
            ("--clients", path("khach.jsonl")),
            ("--mails", path("thu")),
            ("--log", path("nhat-ky")),
            ("--rules", world.path("rules.d").display().to_string()),
            ("--units", world.path("units.toml").display().to_string()),
            ("--kills", bounds.kills.to_string()),
            ("--workers", bounds.workers.to_string()),
            ("--per-day", bounds.per_day.to_string()),
        ] {
            command.args([option, &file]);
        }
        Ended::from(command.output().unwrap())
    }

    /// Has the oracle judge the health that was looked at, and the register; it must find nothing broken. What it said.
    pub fn judge_health(&self, world: &World) -> String {
        self.write(world);
        let said = Ended::from(oracle(self.folder.path()).output().unwrap());
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        let last = said.out.lines().last().unwrap();
        assert!(last.starts_with("12 held"), "{last}");
        last.to_owned()
    }

    /// Writes down what was seen and has the oracle judge it; it must find nothing broken. What it said.
    pub fn judge(&self, world: &World, bounds: Bounds) -> String {
        self.write(world);
        let said = Self::asked(self.folder.path(), world, bounds);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        said.out
    }
}

/// The oracle over the dump that lies in a folder, and what was heard and looked at where that was noted.
fn oracle(folder: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-I", "-S"]).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/oracle.py"));
    for (option, name) in [("--dump", "so.jsonl"), ("--heard", "nghe.jsonl"), ("--health", "suc-khoe.jsonl")]
    {
        let file = folder.join(name);
        if file.exists() {
            command.arg(option).arg(file);
        }
    }
    command.env("PYTHONUTF8", "1");
    command
}
