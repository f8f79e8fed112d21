//! The folder on disk. What lies in it was put there by anybody, so names are names and never paths, only
//! plain files are opened, and nothing is ever written over.
//!
//! | Subfolder | What is in it |
//! |---|---|
//! | (the folder) | what people drop |
//! | `working` | what was claimed and is being read |
//! | `done/YYYY/MM` | what is in the register |
//! | `refused` | what could not be read |
//! | `withheld` | what may be secret: for people to handle where secrets are handled |

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::moving::{ANYTHING, as_around, free_name, rename_new};
use super::options::Kind;

/// Entries looked at in one go; a folder with more is looked at again.
const MOST_ENTRIES: usize = 10_000;
/// Our own subfolders.
pub(super) const OURS: [&str; 4] = ["working", "done", "refused", "withheld"];
/// What we tell people about the folder.
pub(super) const NOTE: &str = "GHI-CHU-VANTHU.txt";
/// Endings of copies that are still being written, and of what editors leave.
const UNFINISHED: [&str; 8] = ["tmp", "part", "partial", "crdownload", "filepart", "download", "swp", "lock"];
/// What systems leave in folders.
const LITTER: [&str; 4] = ["thumbs.db", "desktop.ini", "ehthumbs.db", "ntuser.dat"];

/// Where a file lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Spot {
    /// Whether it was claimed; else it lies where people dropped it.
    pub claimed: bool,
    /// Its name there.
    pub name: String,
}

/// What tells one content of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub size: u64,
    /// Seconds and nanoseconds, as the disk says.
    pub modified: (i64, i64),
    inode: u64,
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Self {
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        Self { size: metadata.len(), modified, inode: metadata.ino() }
    }
}

/// What was seen in a folder.
#[derive(Debug, Default)]
pub(super) struct Sights {
    /// Files of kinds that are read.
    pub files: Vec<(Spot, Stamp)>,
    /// Everything else people should know of: its name and why it is left alone.
    pub strange: Vec<(String, &'static str)>,
}

/// Why a file cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Taken away meanwhile.
    Gone,
    /// Not a plain file any more.
    Strange,
    /// No permission.
    Denied,
    /// Larger than any of its kind.
    TooLarge,
    /// The disk or the network.
    Failed(io::ErrorKind),
}

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct Tray {
    pub root: PathBuf,
    /// Endings that are read.
    pub kinds: Vec<String>,
}

impl Tray {
    /// Where a file is.
    pub(super) fn path(&self, spot: &Spot) -> PathBuf {
        if spot.claimed { self.working().join(&spot.name) } else { self.root.join(&spot.name) }
    }

    pub(super) fn working(&self) -> PathBuf {
        self.root.join("working")
    }

    /// Makes the subfolders.
    ///
    /// # Errors
    /// The disk's; also where something else than a folder bears the name of one of ours.
    pub(super) fn set_up(&self) -> io::Result<()> {
        OURS.iter().try_for_each(|name| real_folder(&self.root.join(name)))
    }

    /// Whether the folder can be read, and files moved out of it.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn knock(&self) -> io::Result<()> {
        fs::read_dir(&self.root)?;
        Ok(rustix::fs::access(&self.root, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)?)
    }

    /// What lies where people drop, or among what was claimed.
    ///
    /// # Errors
    /// The disk's; a folder of claimed files that is not there yet is empty.
    pub(super) fn sights(&self, claimed: bool) -> io::Result<Sights> {
        let folder = if claimed { self.working() } else { self.root.clone() };
        let entries = match fs::read_dir(folder) {
            Err(error) if claimed && error.kind() == io::ErrorKind::NotFound => return Ok(Sights::default()),
            entries => entries?,
        };
        let mut sights = Sights::default();
        for entry in entries.take(MOST_ENTRIES) {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                sights
                    .strange
                    .push((entry.file_name().to_string_lossy().into_owned(), "tên tệp không phải Unicode"));
                continue;
            };
            if is_passed_over(&name) {
                continue;
            }
            // Of the entry itself, never of what a link leads to. Gone meanwhile is gone.
            let Ok(metadata) = entry.path().symlink_metadata() else { continue };
            match self.strangeness(&name, &metadata) {
                Some(why) => sights.strange.push((name, why)),
                None => sights.files.push((Spot { claimed, name }, Stamp::of(&metadata))),
            }
        }
        Ok(sights)
    }

    fn strangeness(&self, name: &str, metadata: &fs::Metadata) -> Option<&'static str> {
        let kind = metadata.file_type();
        if kind.is_symlink() {
            return Some("là liên kết (lối tắt), không phải tệp");
        }
        if kind.is_dir() {
            return Some("là thư mục con, không được đọc");
        }
        if !kind.is_file() {
            return Some("không phải tệp thường");
        }
        if !self.is_read(name) {
            return Some("không thuộc loại tệp được đọc");
        }
        (metadata.len() == 0).then_some("tệp rỗng, đang chờ nội dung")
    }

    fn is_read(&self, name: &str) -> bool {
        let ending = ending(name);
        self.kinds.contains(&ending) && Kind::of(&ending).is_some()
    }

    /// Claims a file: moves it among those being read, under a name that is free there. `None` where
    /// somebody took it away.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn claim(&self, name: &str) -> io::Result<Option<Spot>> {
        loop {
            let target = free_name(name, |candidate| is_free(&self.working(), candidate));
            match rename_new(&self.root.join(name), &self.working().join(&target)) {
                Ok(()) => return Ok(Some(Spot { claimed: true, name: target })),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The stamp of a file as it is now.
    pub(super) fn stamp(&self, spot: &Spot) -> Option<Stamp> {
        let metadata = self.path(spot).symlink_metadata().ok()?;
        metadata.is_file().then(|| Stamp::of(&metadata))
    }

    /// The bytes of a file, at most `most` of them.
    ///
    /// # Errors
    /// [`Unread`].
    pub(super) fn read(&self, spot: &Spot, most: usize) -> Result<Vec<u8>, Unread> {
        let file = self.open(spot, most)?;
        let mut bytes = Vec::new();
        file.take(limit(most).saturating_add(1)).read_to_end(&mut bytes).map_err(unread)?;
        if bytes.len() > most { Err(Unread::TooLarge) } else { Ok(bytes) }
    }

    /// A file to be read as it flows, of at most so many bytes now.
    ///
    /// # Errors
    /// [`Unread`].
    pub(super) fn open(&self, spot: &Spot, most: usize) -> Result<File, Unread> {
        let file = open(&self.path(spot)).map_err(unread)?;
        let metadata = file.metadata().map_err(unread)?;
        if !metadata.is_file() {
            return Err(Unread::Strange);
        }
        if metadata.len() > limit(most) { Err(Unread::TooLarge) } else { Ok(file) }
    }
}

/// Opens a plain file: what became a link meanwhile is refused, and a pipe does not make us wait.
fn open(path: &Path) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn limit(most: usize) -> u64 {
    u64::try_from(most).unwrap_or(u64::MAX)
}

fn unread(error: io::Error) -> Unread {
    if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
        return Unread::Strange;
    }
    match error.kind() {
        io::ErrorKind::NotFound => Unread::Gone,
        io::ErrorKind::PermissionDenied => Unread::Denied,
        kind => Unread::Failed(kind),
    }
}

/// A folder that is one: made if it is missing, refused if it is a link to somewhere else.
pub(super) fn real_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => {
            made?;
            return fs::set_permissions(path, as_around(path, ANYTHING)?);
        }
    }
    if path.symlink_metadata()?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

/// Whether nothing in a folder bears a name.
pub(super) fn is_free(folder: &Path, name: &str) -> bool {
    folder.join(name).symlink_metadata().is_err()
}

/// The ending of a name in lower case, without the dot; empty without one.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

/// What is not worth a word: our own, hidden files, copies under way, locks of open documents, litter.
fn is_passed_over(name: &str) -> bool {
    let lower = name.to_lowercase();
    OURS.contains(&name)
        || name == NOTE
        || lower.starts_with(['.', '~'])
        || lower.ends_with('~')
        || LITTER.contains(&lower.as_str())
        || UNFINISHED.contains(&ending(name).as_str())
}
