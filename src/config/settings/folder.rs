//! A folder that people drop files into.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::defaults;

/// `[[source]] type = "folder"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// Name in logs, metrics and the register; never change it later.
    pub id: String,
    /// The folder.
    pub path: PathBuf,
    /// How long a file must not have changed before it is read.
    #[serde(default = "defaults::rest", with = "crate::config::duration")]
    pub rest: Duration,
    /// Endings of the files to read: `edxml`, `xml`, `eml`, `xlsx`.
    #[serde(default = "defaults::kinds")]
    pub kinds: Vec<String>,
    /// Values of the column “Độ mật” that mean "not secret". Everything else is held.
    #[serde(default = "defaults::open_marks")]
    pub open_marks: Vec<String>,
    /// When to look: five-field cron in the calendar's zone.
    #[serde(default = "defaults::folder_poll")]
    pub poll: String,
}
