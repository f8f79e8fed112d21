//! Disks that fail, fill and forget: a library loaded into the program under test, and small disks of their own.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// `EIO`, by its number.
pub const EIO: i32 = 5;

/// The smallest piece of a file that a disk writes as a whole.
const SECTOR: u64 = 512;

/// More calls than there ever are: the count from which on those that all fail fail no more.
const MENDED: i64 = 1 << 60;

/// The library, compiled once.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/faults.c");
        let library =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}.so", std::process::id()));
        let mut made = Command::new("cc");
        made.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).args(["-lpthread", "-ldl"]);
        assert!(made.status().unwrap().success(), "cc (package build-essential) is needed");
        library
    })
}

/// What one life of a program meets.
pub struct Faults {
    folder: TempDir,
}

impl Faults {
    /// Nothing yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        fs::write(folder.path().join("count"), [0; 16]).unwrap();
        Self { folder }
    }

    /// Lets a program meet them in its files below `under`.
    pub fn load(&self, command: &mut Command, under: &Path) {
        command.env("LD_PRELOAD", library()).env("FAULTS_UNDER", under);
    }

    /// The `at`th of some calls fails; 0 only counts them.
    pub fn fail(&self, command: &mut Command, calls: &str, at: u64, errno: i32) {
        fs::write(self.folder.path().join("count"), [0; 16]).unwrap();
        command.env("FAULTS_CALLS", calls).env("FAULTS_AT", at.to_string());
        command.env("FAULTS_ERRNO", errno.to_string());
        command.env("FAULTS_COUNT", self.folder.path().join("count"));
    }

    /// All such calls fail from now on, until [`Faults::mend`].
    pub fn fail_all(&self, command: &mut Command, calls: &str, errno: i32) {
        self.fail(command, calls, 1, errno);
        command.env("FAULTS_LAST", MENDED.to_string());
    }

    /// No call fails any more.
    pub fn mend(&self) {
        let count = OpenOptions::new().write(true).open(self.folder.path().join("count")).unwrap();
        count.write_all_at(&MENDED.to_ne_bytes(), 0).unwrap();
    }

    /// The process is killed behind the `answer`th answer to a final dot: before the `after`th write or sync that follows,
    /// or at once where that is 0.
    pub fn die(&self, command: &mut Command, answer: u64, after: u64) {
        command.env("FAULTS_ANSWER", answer.to_string()).env("FAULTS_AFTER", after.to_string());
    }

    /// Gives the program a name server that answers unless [`Faults::silence_names`] says otherwise.
    pub fn names(&self, command: &mut Command) {
        self.silence_names(false);
        command.env("LD_PRELOAD", library()).env("FAULTS_NAMES", self.folder.path().join("names"));
    }

    /// Whether the name server is silent from now on.
    pub fn silence_names(&self, silent: bool) {
        self.tell("names", i64::from(silent));
    }

    /// Gives the program a wall clock that is off by what [`Faults::leap`] says.
    pub fn clock(&self, command: &mut Command) {
        let clock = self.folder.path().join("clock");
        if !clock.exists() {
            self.leap(0);
        }
        command.env("LD_PRELOAD", library()).env("FAULTS_CLOCK", clock);
    }

    /// From now on the wall clock is off by so many seconds, in programs that run and in those to come.
    pub fn leap(&self, off: i64) {
        self.tell("clock", off);
    }

    /// Writes a number into a file that programs have mapped.
    fn tell(&self, name: &str, number: i64) {
        let path = self.folder.path().join(name);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).unwrap();
        file.set_len(16).unwrap();
        file.write_all_at(&number.to_ne_bytes(), 0).unwrap();
    }

    /// How many such calls there were, and how many of them failed.
    pub fn counted(&self) -> (u64, u64) {
        let bytes = fs::read(self.folder.path().join("count")).unwrap();
        let number = |at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().unwrap());
        (number(0), number(8))
    }

    /// Writes down what is not yet synced, anew.
    pub fn remember(&self, command: &mut Command) {
        let log = self.folder.path().join("log");
        fs::write(&log, b"").unwrap();
        command.env("FAULTS_LOG", log);
    }

    /// The power fails: of what was not synced, `survives` says of each sector of each write whether it reached the
    /// disk. Returns how many sectors did not.
    pub fn cut(&self, mut survives: impl FnMut() -> bool) -> usize {
        let mut writes = unsynced(&fs::read(self.folder.path().join("log")).unwrap());
        let mut lost = 0;
        while let Some(write) = writes.pop() {
            lost += write.forget(&mut survives);
        }
        lost
    }
}

/// A write or a cut whose file was not synced since.
struct Write {
    path: PathBuf,
    kind: i64,
    offset: u64,
    length: u64,
    size: u64,
    old: Vec<u8>,
}

impl Write {
    fn read(log: &mut &[u8]) -> Option<Self> {
        let mut head = [0_i64; 6];
        for number in &mut head {
            let mut bytes = [0; 8];
            log.read_exact(&mut bytes).ok()?;
            *number = i64::from_ne_bytes(bytes);
        }
        let [kind, name, offset, length, size, kept] = head;
        let mut take = |length: i64| {
            let mut bytes = vec![0; usize::try_from(length).unwrap()];
            log.read_exact(&mut bytes).ok()?;
            Some(bytes)
        };
        let path = String::from_utf8(take(name)?).unwrap().into();
        let number = |number: i64| u64::try_from(number).unwrap();
        Some(Self {
            path,
            kind,
            offset: number(offset),
            length: number(length),
            size: number(size),
            old: take(kept)?,
        })
    }

    /// Undoes the sectors that did not reach the disk.
    fn forget(&self, survives: &mut impl FnMut() -> bool) -> usize {
        // A file that is gone had nothing to lose any more.
        let Ok(file) = OpenOptions::new().read(true).write(true).open(&self.path) else { return 0 };
        if self.kind == 2 {
            if survives() {
                return 0;
            }
            file.set_len(self.size).unwrap();
            file.write_all_at(&self.old, self.offset).unwrap();
            return 1;
        }
        let (end, mut at, mut lost) = (self.offset + self.length, self.offset, 0);
        while at < end {
            let next = ((at / SECTOR + 1) * SECTOR).min(end);
            if !survives() {
                lost += 1;
                self.restore(&file, at, next);
            }
            at = next;
        }
        lost
    }

    fn restore(&self, file: &File, from: u64, to: u64) {
        if file.metadata().unwrap().len() < to {
            return;
        }
        let place = |at: u64| usize::try_from(at - self.offset).unwrap();
        let mut sector = self.old.get(place(from)..).unwrap_or_default().to_vec();
        sector.resize(place(to) - place(from), 0);
        file.write_all_at(&sector, from).unwrap();
        // What stood beyond the old end was not there at all.
        if self.size <= from && file.metadata().unwrap().len() == to {
            file.set_len(from.max(self.size)).unwrap();
        }
    }
}

/// What was written and not synced, oldest first; a record that was cut off belongs to a write that never began.
fn unsynced(mut log: &[u8]) -> Vec<Write> {
    let mut open: BTreeMap<PathBuf, Vec<(usize, Write)>> = BTreeMap::new();
    let mut number = 0;
    while let Some(write) = Write::read(&mut log) {
        if write.kind == 3 {
            open.remove(&write.path);
        } else {
            open.entry(write.path.clone()).or_default().push((number, write));
        }
        number += 1;
    }
    let mut all: Vec<_> = open.into_values().flatten().collect();
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, write)| write).collect()
}

/// Runs a command that only root may.
pub fn as_root(arguments: &[&str]) {
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut all = if id.stdout.starts_with(b"0\n") { vec![] } else { vec!["sudo", "-n"] };
    all.extend(arguments);
    let status = Command::new(all[0]).args(&all[1..]).status().unwrap();
    assert!(status.success(), "{all:?}: {status}");
}

/// A small disk of its own; gone when dropped.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// An empty one of so many megabytes.
    pub fn new(megabytes: u32) -> Self {
        let disk = Self { folder: tempfile::tempdir_in("/tmp").unwrap() };
        let id =
            |flag: &str| String::from_utf8(Command::new("id").arg(flag).output().unwrap().stdout).unwrap();
        let options = format!("size={megabytes}m,mode=700,uid={},gid={}", id("-u").trim(), id("-g").trim());
        as_root(&["mount", "-t", "tmpfs", "-o", &options, "tmpfs", disk.path().to_str().unwrap()]);
        disk
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Mounts it anew, as `ro` or `rw`.
    pub fn remount(&self, how: &str) {
        as_root(&["mount", "-o", &format!("remount,{how}"), self.path().to_str().unwrap()]);
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.path().join("dem")).unwrap();
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
            file.seek(SeekFrom::End(0)).unwrap();
        }
    }

    /// Takes away what fills it.
    pub fn clear(&self) {
        fs::remove_file(self.path().join("dem")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        as_root(&["umount", "--lazy", self.path().to_str().unwrap()]);
    }
}
