//! A bulletin as its template sees it: its text paragraph by paragraph. What is lined up is told apart, so that it
//! can stay in letters of one width: carets stand under their words, and commands can be copied.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::language::Language;
use crate::render::line::one_line;
use crate::render::mail::Office;

/// Words that stand in the template.
#[derive(Debug, Serialize)]
pub struct Labels {
    /// The language, as HTML names it.
    pub tag: &'static str,
    /// What the button says.
    pub decide: &'static str,
}

/// A bulletin as its template sees it.
#[derive(Debug, Serialize)]
pub struct BulletinView<'a> {
    /// Words of the language.
    pub words: Labels,
    /// What it is.
    pub heading: &'a str,
    /// Name of the office.
    pub office: Cow<'a, str>,
    /// The subject line.
    pub opening: &'a str,
    /// Its text, parted at empty lines.
    pub paragraphs: Vec<Vec<Run<'a>>>,
}

/// Lines that are alike.
#[derive(Debug, Serialize)]
pub struct Run<'a> {
    /// Whether they are lined up with each other.
    pub lined_up: bool,
    /// The link, where they are nothing but the one that decides.
    pub link: Option<&'a str>,
    /// They.
    pub lines: Vec<&'a str>,
}

impl<'a> BulletinView<'a> {
    /// The view of a text under its heading and subject line, with the one link it may bear.
    pub fn new(
        (heading, subject, text): (&'a str, &'a str, &'a str),
        link: Option<&'a str>,
        office: &'a Office,
        language: Language,
    ) -> Self {
        let decide = match language {
            Language::Vi => "Xem và quyết định",
            Language::En => "See and decide",
        };
        Self {
            words: Labels { tag: language.as_str(), decide },
            heading,
            office: one_line(&office.name),
            opening: subject,
            paragraphs: text.trim_end().split("\n\n").map(|block| runs(block, link)).collect(),
        }
    }
}

/// Runs of lines that are lined up, or are not; a line that is an address alone is a run of its own.
fn runs<'a>(block: &'a str, link: Option<&'a str>) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    let is_address = |line: &str| line.starts_with("https://") || line.starts_with("http://");
    for line in block.lines() {
        let lined_up = line.starts_with(' ') || line.contains("   ") || line.contains("]: ");
        match runs.last_mut() {
            Some(run)
                if run.lined_up == lined_up
                    && !is_address(line)
                    && !run.lines.iter().any(|one| is_address(one)) =>
            {
                run.lines.push(line);
            }
            _ => runs.push(Run { lined_up, link: link.filter(|link| *link == line), lines: vec![line] }),
        }
    }
    runs
}
