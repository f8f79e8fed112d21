//! The folder source over real files in a folder of its own, polled into a real register, by a clock that
//! the test moves.

mod archive;
mod evil;
mod fuzz;
mod messages;
mod permissions;
mod register;
mod secrets;
mod sheets;
mod unkept;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use vanthu::app::ingest::{self, Overlap, Poll, PollError, Polled};
use vanthu::app::ports::{Clock, Files, HoldKind, HoldRow};
use vanthu::domain::document::Document;
use vanthu::runtime::clock::DemoClock;
use vanthu::source::folder::{Folder, Hand, Options};

use crate::support::rig::Rig;

/// How long files must rest here.
pub const REST: TimeDelta = TimeDelta::seconds(5);

/// The rig's clock, on which nobody waits.
#[derive(Debug)]
struct Impatient(Arc<DemoClock>);

impl Clock for Impatient {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn sleep_until(&self, _: DateTime<Utc>) -> Duration {
        Duration::ZERO
    }
}

/// A folder, the source over it, and the office that reads it.
pub struct Desk {
    pub rig: Rig,
    pub source: Folder,
    folder: tempfile::TempDir,
    files: tempfile::TempDir,
}

impl Desk {
    /// An empty folder on 2 March 2026, 9:00.
    pub async fn new() -> Self {
        let rig = Rig::at("2026-03-02 09:00").await;
        let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let source = source(folder.path(), files.path(), &rig);
        Self { rig, source, folder, files }
    }

    /// The same after a crash: what was in memory is gone.
    pub fn restart(&mut self) {
        self.source = source(self.folder.path(), self.files.path(), &self.rig);
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Drops a file.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        self.rig.clock.advance_to(self.rig.clock.now() + time);
    }

    /// One poll.
    pub async fn poll(&self) -> Result<Polled, PollError> {
        let overlap = Overlap {
            window: TimeDelta::zero(),
            recheck: TimeDelta::days(36_500),
            after_refusal: TimeDelta::zero(),
        };
        let opened = || {};
        let poll = Poll {
            store: self.rig.store.as_ref(),
            office: &self.rig.office,
            policy: &self.rig.policy,
            overlap,
            opened: &opened,
            care: &self.rig.care,
            clock: self.rig.clock.as_ref(),
        };
        ingest::poll(&poll, &self.source, self.rig.clock.now()).await
    }

    /// Polls, lets files rest, polls again: what the second poll did.
    pub async fn settle(&self) -> Polled {
        self.poll().await.unwrap();
        self.wait(REST);
        self.poll().await.unwrap()
    }

    /// Everything in the folder, in order, folders left out.
    pub fn tree(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    let path = entry.path();
                    found.push(path.strip_prefix(self.root()).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        found
    }

    /// How many attachments are kept.
    pub fn kept(&self) -> usize {
        let fans = fs::read_dir(self.files.path()).unwrap().map(|fan| fan.unwrap().path());
        fans.filter(|fan| !fan.ends_with("incoming")).map(|fan| fs::read_dir(fan).unwrap().count()).sum()
    }

    /// A text of the folder, with plain line ends.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap().replace("\r\n", "\n")
    }

    /// What is in the register, by symbol.
    pub async fn documents(&self) -> Vec<Document> {
        let rows = self.rig.store.documents(1_000, self.rig.clock.now()).await.unwrap();
        let mut documents: Vec<_> = rows.into_iter().map(|row| row.document).collect();
        documents.sort_by(|left, right| left.symbol.cmp(&right.symbol));
        documents
    }

    pub async fn symbols(&self) -> Vec<String> {
        self.documents().await.into_iter().map(|document| document.symbol).collect()
    }

    /// What waits for staff because of what was dropped; one cell of the office has no mailbox, which is
    /// another matter.
    pub async fn holds(&self) -> Vec<HoldRow> {
        let holds = self.rig.store.holds(true).await.unwrap();
        holds.into_iter().filter(|hold| hold.kind != HoldKind::NoContact).collect()
    }
}

fn source(root: &Path, kept: &Path, rig: &Rig) -> Folder {
    Folder::new(options(root), Arc::new(Impatient(rig.clock.clone())), files(kept))
}

/// A store of attachments.
pub fn files(root: &Path) -> Arc<dyn Files> {
    Arc::new(vanthu::store::files::Folder::new(root))
}

/// Settings over a folder.
pub fn options(root: &Path) -> Options {
    Options {
        id: "thu-muc".into(),
        path: root.to_path_buf(),
        rest: REST,
        kinds: ["edxml", "xml", "eml", "xlsx"].map(str::to_owned).to_vec(),
        open_marks: ["Thường", "Không mật", "Không"].map(str::to_owned).to_vec(),
        hand: Hand::Takes,
        zone: Ho_Chi_Minh,
    }
}
