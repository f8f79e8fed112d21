//! The journal.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[journal]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalSettings {
    /// Folder of a second copy of the journal, best on another disk; none is kept without.
    pub copy: Option<PathBuf>,
}
