//! Pages that only say something: a link that leads nowhere, a request that was refused.

use serde::Serialize;

use super::{Page, Shell};
use crate::domain::language::Language;

/// A message for whoever followed a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessagePage {
    /// The language of its reader.
    pub language: Language,
    /// Name of the office.
    pub office: String,
    /// Its phone.
    pub phone: Option<String>,
    /// What happened, in a few words.
    pub title: String,
    /// What it means and what to do, paragraph by paragraph.
    pub text: Vec<String>,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "message.html";

    fn language(&self) -> Language {
        self.language
    }
}

/// The same for staff, within the board.
#[derive(Debug, Clone, Serialize)]
pub struct RefusalPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What happened.
    pub title: String,
    /// What to do.
    pub text: Vec<String>,
}

impl Page for RefusalPage {
    const TEMPLATE: &'static str = "refusal.html";
}
