//! The contents of attachments beside the copies. A content never changes once it has its name, so each is kept once
//! for all copies that refer to it.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{failure, sync_folder};
use crate::app::ports::StoreError;
use crate::domain::ids::FileId;
use crate::store::files::Folder;

/// The folder's name beside copies.
pub(super) const FOLDER: &str = "files";

/// Copies what is referred to and not there yet; returns how many have no content in `from`.
pub(super) fn collect(from: &Path, to: &Path, referred: &BTreeSet<FileId>) -> Result<usize, StoreError> {
    let (source, target) = (Folder::new(from), Folder::new(to));
    let mut missing = 0;
    for id in referred {
        let Some((old, new)) = source.place(id).zip(target.place(id)) else { continue };
        let length = |path: &Path| path.metadata().map(|found| found.len()).ok();
        match length(&old) {
            None if length(&new).is_none() => missing += 1,
            None => {}
            Some(bytes) if length(&new) == Some(bytes) => {}
            Some(_) => copy(&old, &new)?,
        }
    }
    Ok(missing)
}

/// Copies one; it bears its name only when it is durable.
fn copy(old: &Path, new: &Path) -> Result<(), StoreError> {
    let folder = new.parent().unwrap_or(new);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| failure(folder, &error))?;
    let part = new.with_extension("part");
    let write = || {
        let mut source = File::open(old)?;
        let mut target =
            OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&part)?;
        io::copy(&mut source, &mut target)?;
        target.sync_all()?;
        fs::rename(&part, new)
    };
    write().map_err(|error| failure(new, &error))?;
    sync_folder(folder)
}

/// Removes what no copy refers to any more.
pub(super) fn forget(folder: &Path, referred: &HashSet<&str>) -> Result<(), StoreError> {
    for fan in entries(folder)? {
        for path in entries(&fan)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !referred.contains(name.as_str()) {
                fs::remove_file(&path).map_err(|error| failure(&path, &error))?;
            }
        }
    }
    Ok(())
}

/// What is in a folder; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failure(folder, &error)),
    };
    listed
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(|error| failure(folder, &error))
}
