//! Where sources put down what they receive, and what may be done to where they take it from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::ports::Files;
use crate::config::settings::Settings;
use crate::source::folder::Hand;
use crate::store::files::Folder;

/// The room sources have.
pub struct Room {
    /// The contents of attachments.
    pub files: Arc<dyn Files>,
    /// What a source must know again after a restart: beside the register.
    pub folder: PathBuf,
    /// What goes with the poll.
    pub scratch: PathBuf,
    /// Whether anything may be taken, or only looked at.
    pub hand: Hand,
}

impl Room {
    /// The daemon's own.
    pub fn own(settings: &Settings) -> Self {
        let folder = beside_register(settings);
        Self { files: super::files(settings), scratch: folder.clone(), folder, hand: Hand::Takes }
    }

    /// One for whoever only looks: what is written goes to `scratch`, a folder that goes with it.
    pub fn looking(settings: &Settings, scratch: &Path) -> Self {
        Self {
            files: Arc::new(Folder::new(scratch.join("files"))),
            folder: beside_register(settings),
            scratch: scratch.to_owned(),
            hand: Hand::Looks,
        }
    }
}

fn beside_register(settings: &Settings) -> PathBuf {
    let folder = settings.store.path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}
