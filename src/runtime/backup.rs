//! Copies of the register, by the settings: taking one, how they stand, and putting one back.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::config::settings::{self, Settings};
use crate::domain::backup::Backups;
use crate::store::backup::{self, Order};

pub use crate::store::backup::{Back, Done, Manifest};

/// How the copies stand; `None` where the settings name no folder, or the register is on a server, which has tools of
/// its own.
pub fn stand(settings: &Settings) -> Option<Backups> {
    let watched = settings.backup.as_ref().filter(|_| settings.store.url.is_none())?;
    Some(stand_of(watched))
}

fn stand_of(watched: &settings::Backup) -> Backups {
    let (kept, trouble) = match backup::list(&watched.folder) {
        Ok(kept) => (kept, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    Backups {
        folder: watched.folder.display().to_string(),
        newest: kept.first().map(|kept| kept.manifest.taken),
        count: kept.len(),
        trouble,
        patience_hours: i64::try_from(watched.warn_after.as_secs() / 3600).unwrap_or(i64::MAX),
    }
}

/// Takes a copy into a folder, of which `keep` stay.
///
/// # Errors
/// The store's, with what to do.
pub async fn take(
    settings: &Settings,
    folder: &Path,
    keep: usize,
    now: DateTime<Utc>,
) -> anyhow::Result<Done> {
    let files = settings.store.files();
    Ok(backup::backup(&Order { register: &settings.store.path, files: &files, folder, keep, now }).await?)
}

/// Puts a copy in the register's place.
///
/// # Errors
/// The store's, with what to do.
pub async fn put_back(
    settings: &Settings,
    from: &Path,
    author: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Back> {
    let (files, register) = (settings.store.files(), &settings.store.path);
    let order = Order { register, files: &files, folder: Path::new(""), keep: 1, now };
    Ok(backup::put_back(&order, from, author).await?)
}
