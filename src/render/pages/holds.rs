//! What waits for a human.

use serde::Serialize;

use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::HoldRow;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct HoldsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The open holds, newest first.
    pub lines: Vec<HoldLine>,
}

impl Page for HoldsPage {
    const TEMPLATE: &'static str = "holds.html";
}

/// One hold.
#[derive(Debug, Clone, Serialize)]
pub struct HoldLine {
    /// Its number, for `vanthu hold release`.
    pub id: i64,
    /// What it is.
    pub kind: &'static str,
    /// Why.
    pub reason: String,
    /// The unit it is about.
    pub unit: Option<String>,
    /// The document's number in the register.
    pub document: Option<i64>,
    /// Where the document comes from.
    pub origin: String,
    /// Since when.
    pub since: String,
}

impl HoldsPage {
    /// The open holds.
    pub fn new(setting: Setting<'_>, holds: &[HoldRow]) -> Self {
        let line = |hold: &HoldRow| HoldLine {
            id: hold.id.0,
            kind: words::hold(hold.kind),
            reason: hold.reason.clone(),
            unit: hold.unit.as_ref().map(|unit| setting.name(unit)),
            document: hold.document.map(|id| id.0),
            origin: format!("{} / {}", hold.source, hold.external_id),
            since: setting.moment(hold.opened),
        };
        let lines = holds.iter().filter(|hold| hold.closed.is_none()).map(line).collect();
        Self { shell: setting.shell, lines }
    }
}
