//! What somebody outside saw of an office: what was served, what was taken, what clients were told. The oracle
//! (`tests/oracle/oracle.py`) judges by that and a dump of the register.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;
use vanthu::demo::ioffice::FakeDocument;

use super::daemon::{Ended, World, plan};

/// Everything seen so far.
pub struct Outside {
    folder: TempDir,
    taken: AtomicUsize,
    served: Mutex<Vec<Value>>,
    visits: Mutex<Vec<Value>>,
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
        Self { folder, taken: AtomicUsize::new(0), served: Mutex::default(), visits: Mutex::default() }
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

    /// Writes down what was seen, and the dump of the register beside it; no daemon may be at work.
    pub fn write(&self, world: &World) {
        let lines = |rows: &Mutex<Vec<Value>>| -> String {
            rows.lock().unwrap().iter().map(|row| format!("{row}\n")).collect()
        };
        fs::write(self.path("nguon.jsonl"), lines(&self.served)).unwrap();
        fs::write(self.path("khach.jsonl"), lines(&self.visits)).unwrap();
        fs::write(self.path("nhat-ky"), world.log()).unwrap();
        let dump = self.path("so.jsonl");
        fs::remove_file(&dump).ok();
        let exported = world.vanthu(&["store", "export", "--out", &dump.display().to_string()]);
        assert_eq!(exported.code, 0, "{}{}", exported.out, exported.err);
    }

    /// What the oracle says of what lies in a folder.
    pub fn asked(folder: &Path, world: &World, bounds: Bounds) -> Ended {
        let path = |name: &str| folder.join(name).display().to_string();
        let mut command = Command::new("python3");
        command.args(["-I", "-S"]).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/oracle.py"));
        for (option, file) in [
            ("--dump", path("so.jsonl")),
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
        Ended::from(command.env("PYTHONUTF8", "1").output().unwrap())
    }

    /// Writes down what was seen and has the oracle judge it; it must find nothing broken. What it said.
    pub fn judge(&self, world: &World, bounds: Bounds) -> String {
        self.write(world);
        let said = Self::asked(self.folder.path(), world, bounds);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        said.out
    }
}
