//! The page on which the office decides, by the link of its mail, about what a cell asks. Like every page that
//! a link opens it shows nothing of the document (promises.md T65).

use serde::Serialize;

use super::Page;
use super::answer::{Form, Word};
use crate::domain::language::Language;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct DecidePage {
    /// The language of its reader.
    pub language: Language,
    /// Name of the office.
    pub office: String,
    /// Its phone.
    pub phone: Option<String>,
    /// What is asked, in a few words.
    pub title: &'static str,
    /// What the press led to, or why there is no form.
    pub word: Option<Word>,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What can be decided; none once it is.
    pub forms: Vec<Form>,
}

impl Page for DecidePage {
    const TEMPLATE: &'static str = "decide.html";

    fn language(&self) -> Language {
        self.language
    }
}
