//! The page of a code in docs/diagnostics: what it means in Vietnamese and English, a wrong example and
//! a right one. `check --explain VT004` prints it; the tests run both examples.
//!
//! A page has four parts under headings `#`, `##`: Vietnamese, English, wrong, right. A fenced block
//! bears the file it stands for (` ```toml rules.d/50.toml `), or `sh` for what happens around files.

use super::code::Code;
use super::settings::Language;

/// A page, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'a> {
    vietnamese: &'a str,
    english: &'a str,
    /// The wrong example, as written.
    pub wrong: &'a str,
    /// The right example, as written.
    pub right: &'a str,
}

impl Page<'static> {
    /// The page of a code.
    pub fn of(code: Code) -> Self {
        let mut parts = code.page().split("\n## ");
        let mut next = || parts.next().unwrap_or_default();
        Self { vietnamese: next(), english: next(), wrong: next(), right: next() }
    }

    /// The text for people: heading, explanation, both examples.
    pub fn text(&self, language: Language) -> String {
        let (body, wrong, right) = match language {
            Language::Vi => (self.vietnamese, "Sai:", "Đúng:"),
            Language::En => (self.english, "Wrong:", "Right:"),
        };
        let body = body.trim_start_matches("# ").trim();
        let examples = [(wrong, self.wrong), (right, self.right)];
        let examples = examples.map(|(title, part)| format!("{title}\n\n{}", indented(part)));
        format!("{body}\n\n{}\n{}", examples[0], examples[1])
    }
}

/// A fenced block of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// The words after the fence: kind, file, how it is stored.
    pub head: Vec<&'a str>,
    /// Its lines.
    pub text: String,
}

/// The fenced blocks of a part.
pub fn blocks(part: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in part.lines() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(head), None) => {
                open = Some(Block { head: head.split_whitespace().collect(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The blocks of a part, indented, each under the name of its file.
fn indented(part: &str) -> String {
    let mut text = String::new();
    for block in blocks(part) {
        if let Some(file) = block.head.get(1) {
            text.push_str(&format!("    # {file}\n"));
        }
        for line in block.text.lines() {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    text
}
