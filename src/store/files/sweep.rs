//! What no document refers to any more goes, once it is old enough not to belong to a document that is
//! being registered.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::{Folder, INCOMING, failure, fan, remove};
use crate::app::ports::FilesError;
use crate::domain::ids::FileId;

/// How old a file is before it may be missed: a document's files are kept just before it is registered,
/// and a restore may bring back a register that is a little older than the files.
const GRACE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that stay.
    pub kept: u64,
    /// Files removed.
    pub removed: u64,
}

impl Folder {
    /// Removes files older than a week that are not among `referred`.
    ///
    /// # Errors
    /// [`FilesError`]; what was removed stays removed, the rest waits for the next sweep.
    pub fn sweep(&self, referred: &BTreeSet<FileId>, now: DateTime<Utc>) -> Result<Swept, FilesError> {
        let mut swept = Swept::default();
        let before = SystemTime::from(now).checked_sub(GRACE).unwrap_or(SystemTime::UNIX_EPOCH);
        for folder in names(&self.root)? {
            let path = self.root.join(&folder);
            for name in names(&path)?.iter().filter(|name| fan(name) == Some(&folder)) {
                let wanted = referred.contains(&FileId(name.clone()));
                if wanted || !is_older(&path.join(name), before)? {
                    swept.kept += 1;
                    continue;
                }
                remove(&path.join(name))?;
                swept.removed += 1;
            }
        }
        Ok(swept)
    }

    /// Removes what an earlier run left half written, some of it perhaps of a document that would have been
    /// withheld further on. For the owner of the folder alone, before it writes anything; gives how many.
    ///
    /// # Errors
    /// [`FilesError`].
    pub fn recover(&self) -> Result<usize, FilesError> {
        let incoming = self.root.join(INCOMING);
        let left = names(&incoming)?;
        left.iter().try_for_each(|name| remove(&incoming.join(name)))?;
        Ok(left.len())
    }
}

/// The names in a folder; none for what is no folder.
fn names(path: &Path) -> Result<Vec<String>, FilesError> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(path).map_err(|error| failure("đọc", path, error))?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
}

fn is_older(path: &Path, before: SystemTime) -> Result<bool, FilesError> {
    let known = fs::symlink_metadata(path).map_err(|error| failure("đọc", path, error))?;
    Ok(known.is_file() && known.modified().is_ok_and(|at| at < before))
}
