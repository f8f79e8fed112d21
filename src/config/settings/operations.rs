//! How thu hồi, cập nhật, thay thế and second origins are handled.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::operation::{Field, Handling};

/// `[operations]`: what happens when a document is changed, taken back or replaced, and when two sources
/// deliver the same one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operations {
    /// What asks for a new acknowledgement when it changes; any other change only informs.
    pub material: BTreeSet<Field>,
    /// Whether cells are told of a change that only informs.
    pub small: Small,
    /// The office's own mã định danh on the axis, with former ones.
    pub organs: Vec<String>,
    /// Ids of the sources, the one that leads where two deliver the same document differently first; those
    /// not named follow in the order of the file.
    pub order: Vec<String>,
    /// How long an operation waits for its original before staff are asked to look.
    #[serde(with = "crate::config::duration")]
    pub wait: Duration,
}

/// What a cell hears of a change that only informs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Small {
    /// One mail with what differs.
    Mail,
    /// Nothing; page and register show it.
    Silent,
}

impl Default for Operations {
    fn default() -> Self {
        let Handling { material, organs, wait, .. } = Handling::default();
        Self { material, small: Small::Mail, organs, order: Vec::new(), wait }
    }
}
