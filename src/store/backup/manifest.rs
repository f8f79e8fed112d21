//! What stands beside a copy: how to know it again, and how much is in it.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::failure;
use crate::app::ports::StoreError;

/// Of a copy, JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name.
    pub file: String,
    /// When it was taken.
    pub taken: DateTime<Utc>,
    /// The version of vanthu that took it.
    pub program: String,
    /// The number of its schema.
    pub schema: i64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, lower-case hex.
    pub sha256: String,
    /// Where its journal ends.
    pub journal: JournalEnd,
    /// How many rows each table has.
    pub rows: BTreeMap<String, i64>,
    /// The attachments it refers to.
    pub files: Vec<String>,
}

/// The end of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEnd {
    /// How many rows there are.
    pub rows: i64,
    /// The hash of the last.
    pub last: String,
}

/// A copy with its manifest.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The copy.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

impl Manifest {
    /// Writes it beside its copy; whole, or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let part =
            path.with_file_name(format!(".{}.part", path.file_stem().unwrap_or_default().to_string_lossy()));
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Engine(format!("không ghi được JSON: {error}")))?;
        let write = || {
            let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&part)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&part, path)
        };
        write().map_err(|error| failure(path, &error))
    }

    /// The manifest beside a copy, if one stands there.
    ///
    /// # Errors
    /// One that cannot be read.
    pub(super) fn beside(copy: &Path) -> Result<Option<Self>, StoreError> {
        let path = copy.with_extension("json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failure(&path, &error)),
        };
        let read = serde_json::from_str(&text);
        read.map(Some).map_err(|error| {
            StoreError::Refused(format!("không đọc được bản kê {}: {error}", path.display()))
        })
    }
}

/// The whole copies in a folder, newest first: those with a manifest whose size they have. Sums are compared when a
/// copy is put back; here only whether it may be one.
///
/// # Errors
/// A folder that is not there or cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Kept>, StoreError> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failure(folder, &error))? {
        let path = entry.map_err(|error| failure(folder, &error))?.path();
        if path.extension().is_none_or(|ending| ending != "db") {
            continue;
        }
        let Ok(Some(manifest)) = Manifest::beside(&path) else { continue };
        if path.metadata().is_ok_and(|found| found.len() == manifest.bytes) {
            kept.push(Kept { path, manifest });
        }
    }
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.manifest.taken));
    Ok(kept)
}
