//! Putting a copy back in the place of a register. What was there is kept under another name; what takes its place
//! bears the mark of a restoration before it stands there, so that no daemon ever serves it without.
//!
//! A marker beside the register says that this is under way: between the two renames there is a register without its
//! log, or none, and no daemon may take that for what it is.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::examine::{Examined, examine};
use super::manifest::Manifest;
use super::{Order, failure, files, sha256, sync_folder};
use crate::app::ports::{
    Given, JournalEntry, JournalKind, NewRestoration, Reader as _, Store as _, StoreError,
};
use crate::store::{Access, place, sqlite};

/// What was put back.
#[derive(Debug, Clone)]
pub struct Back {
    /// When the copy was taken; the last thing its journal tells of where no manifest says.
    pub taken: Option<DateTime<Utc>>,
    /// Where its journal ended.
    pub rows: i64,
    /// Where the register is now that stood there before; `None` where there was none.
    pub aside: Option<PathBuf>,
    /// Attachments it refers to that have no content, neither beside the copy nor in the folder of files.
    pub missing: usize,
}

/// Puts the copy `from` in the place of the register of `order`, whose `folder` counts for nothing; `author` is
/// whoever does it.
///
/// # Errors
/// [`StoreError::Refused`], with what to do, where a daemon serves the register, the copy is not sound or not what its
/// manifest says, or a file cannot be had. The register is as it was then, or the marker says that this must be done
/// again.
pub async fn put_back(order: &Order<'_>, from: &Path, author: &str) -> Result<Back, StoreError> {
    let register = order.register;
    place::refuse_remote(register)?;
    let lock = place::lock(register)?;
    belong(&place::beside(register, ".lock"), register)?;
    let manifest = Manifest::beside(from)?;
    if let Some(manifest) = &manifest
        && manifest.sha256 != sha256(from)?
    {
        return Err(StoreError::Refused(format!(
            "{} không khớp bản kê đi kèm (SHA-256): tệp đã bị sửa hoặc chép thiếu; hãy dùng bản sao lưu khác",
            from.display()
        )));
    }
    let staged = place::beside(register, ".phuc-hoi");
    stage(from, &staged)?;
    let marked = mark(order, from, (&staged, author), manifest.as_ref()).await;
    let (examined, missing) = match marked {
        Ok(marked) => marked,
        Err(error) => {
            clear(&staged);
            return Err(error);
        }
    };
    belong(&staged, register)?;
    let aside = exchange(register, &staged, order.now)?;
    drop(lock);
    let taken = manifest.map(|manifest| manifest.taken).or(examined.last);
    Ok(Back { taken, rows: examined.journal.rows, aside, missing })
}

/// Copies a file, with its log where it has one, beside the register.
fn stage(from: &Path, staged: &Path) -> Result<(), StoreError> {
    clear(staged);
    for ending in ["", "-wal"] {
        let (old, new) = (place::beside(from, ending), place::beside(staged, ending));
        match fs::copy(&old, &new) {
            Ok(_) => {}
            Err(error) if !ending.is_empty() && error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failure(&old, &error)),
        }
        let close = || {
            fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
            File::open(&new)?.sync_all()
        };
        close().map_err(|error| failure(&new, &error))?;
    }
    Ok(())
}

/// Removes a staged copy with all that belongs to it.
fn clear(staged: &Path) {
    for ending in ["", "-wal", "-shm", "-journal", ".lock"] {
        fs::remove_file(place::beside(staged, ending)).ok();
    }
}

/// Checks the staged copy, brings it up to date and marks it; fetches its attachments.
async fn mark(
    order: &Order<'_>,
    from: &Path,
    (staged, author): (&Path, &str),
    manifest: Option<&Manifest>,
) -> Result<(Examined, usize), StoreError> {
    let examined = examine(staged).await?;
    let store = sqlite::open(staged, Access::Serve).await?;
    let referred = store.files().await?;
    let beside = from.with_file_name(files::FOLDER);
    let missing = files::collect(&beside, order.files, &referred)?;
    let origin = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let new = NewRestoration {
        taken: manifest.map(|manifest| manifest.taken).or(examined.last),
        restored: order.now,
        author: author.to_owned(),
        origin,
        given: Given::default(),
    };
    let mut tx = store.begin().await?;
    tx.restored(&new).await?;
    tx.append(&[held(&new)]).await?;
    tx.commit().await?;
    store.close().await;
    fs::remove_file(place::beside(staged, ".lock")).ok();
    File::open(staged).and_then(|file| file.sync_all()).map_err(|error| failure(staged, &error))?;
    Ok((examined, missing))
}

/// What the journal says of it.
fn held(new: &NewRestoration) -> JournalEntry {
    JournalEntry {
        at: new.restored,
        kind: JournalKind::Held,
        document: None,
        obligation: None,
        detail: json!({ "restored": new.origin, "taken": new.taken, "actor": new.author }),
    }
}

/// Puts the staged copy in the register's place; where the register went.
fn exchange(register: &Path, staged: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    let folder = register.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let marker = place::marker(register);
    File::create(&marker).and_then(|file| file.sync_all()).map_err(|error| failure(&marker, &error))?;
    sync_folder(folder)?;
    let aside = place::beside(register, &format!(".truoc-phuc-hoi-{}", now.format("%Y%m%dT%H%M%SZ")));
    let mut moved = None;
    for ending in ["", "-wal"] {
        let (old, new) = (place::beside(register, ending), place::beside(&aside, ending));
        match fs::rename(&old, &new) {
            Ok(()) => moved = Some(aside.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failure(&old, &error)),
        }
    }
    fs::remove_file(place::beside(register, "-shm")).ok();
    sync_folder(folder)?;
    fs::rename(staged, register).map_err(|error| failure(register, &error))?;
    sync_folder(folder)?;
    fs::remove_file(&marker).map_err(|error| failure(&marker, &error))?;
    sync_folder(folder)?;
    Ok(moved)
}

/// Gives a file to whoever the register's folder belongs to: a restore is often done by root, and the daemon is not.
fn belong(path: &Path, register: &Path) -> Result<(), StoreError> {
    let folder = register.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(owner), Ok(own)) = (folder.metadata(), path.metadata()) else { return Ok(()) };
    if owner.uid() == own.uid() {
        return Ok(());
    }
    chown(path, Some(owner.uid()), Some(owner.gid())).map_err(|error| failure(path, &error))
}
