//! Copies of a register in an SQLite file, taken while its daemon works, and putting one back.
//!
//! | In the folder of copies | What |
//! |---|---|
//! | `vanthu-20261123T201500Z.db` | a copy that was opened and checked, compact, closed to others |
//! | `vanthu-20261123T201500Z.json` | its [`Manifest`]; a copy without one is not whole and counts for nothing |
//! | `files/3f/3f0c…` | the contents of attachments that any of the copies refers to, once |
//! | `.vanthu-….part`, `.lock` | a copy in progress |
//!
//! A copy bears its name only after it was checked, and what it replaces goes only after that.

mod examine;
mod files;
mod manifest;
mod put_back;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};

use super::{Access, sqlite};
use crate::app::ports::{Reader as _, StoreError};
pub use examine::{Examined, examine};
use files::{collect, forget};
pub use manifest::{JournalEnd, Kept, Manifest, list};
pub use put_back::{Back, put_back};

/// What copies' names begin with.
const PREFIX: &str = "vanthu-";

/// What to copy where.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The register.
    pub register: &'a Path,
    /// The folder of the contents of attachments.
    pub files: &'a Path,
    /// The folder of copies; made where it is missing.
    pub folder: &'a Path,
    /// How many copies stay, this one counted; at least one does.
    pub keep: usize,
    /// Now; names the copy.
    pub now: DateTime<Utc>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The copy.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// Older copies that went.
    pub removed: usize,
    /// Attachments the register refers to whose content is not where it should be.
    pub missing: usize,
    /// Whether the copy lies on the very disk of the register, and dies with it.
    pub same_disk: bool,
}

/// Takes a copy, checks it and lets older ones go.
///
/// # Errors
/// [`StoreError::Refused`], with what to do, where the folder cannot be used, another copy is in progress or the copy
/// is not sound; as the engine says where the register cannot be read. Older copies are as they were then.
pub async fn backup(order: &Order<'_>) -> Result<Done, StoreError> {
    let folder = order.folder;
    make_folder(folder)?;
    let _lock = lock(folder)?;
    clear_leftovers(folder)?;
    let name = format!("{PREFIX}{}", order.now.format("%Y%m%dT%H%M%SZ"));
    let (path, part) = (folder.join(format!("{name}.db")), folder.join(format!(".{name}.part")));
    if path.exists() {
        return Err(StoreError::Refused(format!(
            "{} đã có; mỗi giây chỉ sao lưu được một lần",
            path.display()
        )));
    }
    let taken = take(order, &part).await;
    let (manifest, missing) = match taken {
        Ok(taken) => taken,
        Err(error) => {
            fs::remove_file(&part).ok();
            return Err(error);
        }
    };
    fs::rename(&part, &path).map_err(|error| failure(&path, &error))?;
    let manifest = Manifest { file: format!("{name}.db"), ..manifest };
    manifest.write(&folder.join(format!("{name}.json")))?;
    sync_folder(folder)?;
    let removed = rotate(folder, order.keep.max(1))?;
    let same_disk = device(folder).is_some() && device(folder) == device(order.register);
    Ok(Done { path, manifest, removed, missing, same_disk })
}

/// Copies to a file that does not bear its name yet, and checks it; with how many attachments have no content.
async fn take(order: &Order<'_>, part: &Path) -> Result<(Manifest, usize), StoreError> {
    let store = sqlite::open(order.register, Access::Visit).await?;
    store.backup_to(part).await?;
    let examined = examine(part).await?;
    // The copy, not the register, says which attachments belong to it: they are copied after it.
    let copy = sqlite::open_reader(part).await?;
    let referred = copy.files().await?;
    let missing = collect(order.files, &order.folder.join(files::FOLDER), &referred)?;
    let manifest = Manifest {
        file: String::new(),
        taken: order.now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: examined.schema,
        bytes: part.metadata().map_err(|error| failure(part, &error))?.len(),
        sha256: sha256(part)?,
        journal: examined.journal,
        rows: examined.rows,
        files: referred.into_iter().map(|id| id.0).collect(),
    };
    Ok((manifest, missing))
}

/// Lets copies go beyond the newest `keep`, and attachments that none of those refers to.
fn rotate(folder: &Path, keep: usize) -> Result<usize, StoreError> {
    let kept = list(folder)?;
    let (stay, go) = kept.split_at(keep.min(kept.len()));
    for Kept { path, .. } in go {
        // The manifest first: what is left of a removal that was cut short counts for nothing.
        for path in [path.with_extension("json"), path.clone()] {
            fs::remove_file(&path).map_err(|error| failure(&path, &error))?;
        }
    }
    let referred = stay.iter().flat_map(|kept| kept.manifest.files.iter().map(String::as_str)).collect();
    forget(&folder.join(files::FOLDER), &referred)?;
    sync_folder(folder)?;
    Ok(go.len())
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| failure(folder, &error))
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(".lock");
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
    let file = file.map_err(|error| failure(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Refused(format!(
            "một lệnh sao lưu khác đang ghi vào {}; xin chờ lệnh ấy xong",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failure(&path, &error)),
    }
}

/// What a copy that was cut short left; nobody else writes here while the lock is held.
fn clear_leftovers(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(|error| failure(folder, &error))? {
        let path = entry.map_err(|error| failure(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(&format!(".{PREFIX}")) {
            fs::remove_file(&path).map_err(|error| failure(&path, &error))?;
        }
    }
    Ok(())
}

/// SHA-256 of a file, lower-case hex.
fn sha256(path: &Path) -> Result<String, StoreError> {
    let mut file = File::open(path).map_err(|error| failure(path, &error))?;
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece).map_err(|error| failure(path, &error))? {
            0 => return Ok(data_encoding::HEXLOWER.encode(hash.finish().as_ref())),
            n => hash.update(piece.get(..n).unwrap_or_default()),
        }
    }
}

/// Makes the names of a folder durable.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failure(folder, &error))
}

fn device(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|found| found.dev())
}

/// The error for a file or folder that cannot be had.
fn failure(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(path.display().to_string())
        }
        _ => super::place::refused(path, error),
    }
}
