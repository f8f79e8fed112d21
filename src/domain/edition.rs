//! Edition: the texts of the office's files as they stood together at one time: rules, units, calendar,
//! templates. It is named by what it holds, so that the same texts are the same edition wherever and
//! whenever they are read.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// Hex digits of a name that people see and may type: 48 bits tell the editions of one office apart.
const DIGITS: usize = 12;

/// One file of an edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EditionFile {
    /// Its place among the office's files, whatever folders the settings name: `rules.d/10-chung.toml`,
    /// `units.toml`, `calendar/2026.toml`, `templates/mail/opening.txt`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// All files of one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    hash: String,
    files: Vec<EditionFile>,
}

impl Edition {
    /// An edition of these files, in whatever order they come.
    pub fn new(mut files: Vec<EditionFile>) -> Self {
        files.sort();
        Self { hash: hash(files.iter().flat_map(|file| [file.path.as_str(), file.text.as_str()])), files }
    }

    /// Its name: SHA-256 in 64 hex digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Its files, by path.
    pub fn files(&self) -> &[EditionFile] {
        &self.files
    }

    /// The text of a file, where it holds that file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
}

/// SHA-256 over texts in 64 hex digits; each is preceded by its length, so that no two lists are alike.
pub fn hash<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part.as_bytes());
    }
    HEXLOWER.encode(context.finish().as_ref())
}

/// A name as people see it: its first 12 digits.
pub fn short(hash: &str) -> &str {
    hash.get(..DIGITS).unwrap_or(hash)
}

/// What an edition would have changed, had it been in force when the documents of late came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Documents looked at.
    pub documents: u64,
    /// Of these, those that would be routed differently.
    pub changed: u64,
    /// Obligations that would be new, counted by document and cell.
    pub added: u64,
    /// Obligations that would not be.
    pub removed: u64,
    /// Obligations of the same cells with another role, task or due instant.
    pub altered: u64,
    /// Cells that any of it concerns.
    pub cells: u64,
    /// Obligations now open that the edition would not give, or give otherwise. They stay as they are.
    pub open: u64,
}

impl Impact {
    /// One sentence for staff.
    pub fn vietnamese(&self) -> String {
        let Self { documents, changed, added, removed, altered, cells, open } = self;
        if *documents == 0 {
            return "chưa có văn bản gần đây nào để xét cách giao".to_owned();
        }
        if *changed == 0 {
            return format!("không đổi cách giao văn bản nào trong {documents} văn bản gần đây");
        }
        let parts = [(added, "giao thêm"), (removed, "bớt"), (altered, "đổi vai trò hoặc hạn")];
        let parts = parts.iter().filter(|(count, _)| **count > 0);
        let parts: Vec<_> = parts.map(|(count, what)| format!("{what} {count} việc")).collect();
        let parts = if parts.is_empty() { "không đổi việc nào".to_owned() } else { parts.join(", ") };
        let open = if *open > 0 { format!("; liên quan {open} việc đang mở") } else { String::new() };
        format!("đổi cách giao {changed} trong {documents} văn bản gần đây: {parts}, ở {cells} chi bộ{open}")
    }
}

/// A share of so few says nothing: in its first week an office has three documents.
const FEW: u64 = 10;

/// The most that may change without a person's word: so many, or so large a share of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many.
    Count(u64),
    /// So many of a hundred; ten or fewer never exceed it.
    Percent(u8),
}

impl Limit {
    /// Whether `count` of `all` is more than this.
    pub fn is_exceeded(self, count: u64, all: u64) -> bool {
        match self {
            Self::Count(most) => count > most,
            Self::Percent(most) => {
                count > FEW && count.saturating_mul(100) > all.saturating_mul(u64::from(most))
            }
        }
    }
}

/// What may change at once before an edition waits for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brake {
    /// Documents of late that would be routed differently.
    pub documents: Limit,
    /// Cells that any of it concerns.
    pub cells: Limit,
    /// Obligations now open that the edition would not give, or give otherwise.
    pub open: Limit,
}

/// All of something that an [`Impact`] touches a part of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whole {
    /// Cells of the office today.
    pub cells: u64,
    /// Obligations now open.
    pub open: u64,
}

impl Brake {
    /// Whether a person must look first. What changes nothing never waits.
    pub fn holds(&self, impact: &Impact, whole: Whole) -> bool {
        impact.changed > 0
            && (self.documents.is_exceeded(impact.changed, impact.documents)
                || self.cells.is_exceeded(impact.cells, whole.cells)
                || self.open.is_exceeded(impact.open, whole.open))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> EditionFile {
        EditionFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn an_edition_is_named_by_what_it_holds() {
        let one = Edition::new(vec![file("b", "2"), file("a", "1")]);
        assert_eq!(one, Edition::new(vec![file("a", "1"), file("b", "2")]));
        assert_eq!(one.hash().len(), 64);
        assert_eq!(short(one.hash()).len(), 12);
        let others = [
            vec![file("a", "1")],
            vec![file("a", "1"), file("b", "3")],
            vec![file("a", "1"), file("c", "2")],
            vec![file("a", "1b"), file("", "2")],
        ];
        for other in others {
            assert_ne!(one.hash(), Edition::new(other.clone()).hash(), "{other:?}");
        }
    }

    #[test]
    fn the_brake_holds_what_is_more_than_its_limits() {
        let brake =
            Brake { documents: Limit::Percent(20), cells: Limit::Count(10), open: Limit::Percent(50) };
        let whole = Whole { cells: 221, open: 40 };
        let impact =
            |changed, cells, open| Impact { documents: 100, changed, cells, open, ..Impact::default() };
        for (name, impact, holds) in [
            ("nothing", impact(0, 0, 0), false),
            ("at every limit", impact(20, 10, 20), false),
            ("a document more", impact(21, 10, 20), true),
            ("a cell more", impact(20, 11, 20), true),
            ("an open obligation more", impact(20, 10, 21), true),
            ("all of a few", Impact { documents: 10, ..impact(10, 0, 0) }, false),
            ("all of more than a few", Impact { documents: 11, ..impact(11, 0, 0) }, true),
        ] {
            assert_eq!(brake.holds(&impact, whole), holds, "{name}");
        }
        let open = Brake { documents: Limit::Count(0), cells: Limit::Count(0), open: Limit::Count(0) };
        assert!(!open.holds(&impact(0, 5, 5), whole), "what changes no document waits for nobody");
    }

    #[test]
    fn an_impact_is_one_sentence() {
        let untried = Impact::default();
        let nothing = Impact { documents: 12, ..Impact::default() };
        let some =
            Impact { documents: 340, changed: 12, added: 30, removed: 4, altered: 0, cells: 18, open: 9 };
        let held = Impact { documents: 5, changed: 1, ..Impact::default() };
        let lines = [untried, nothing, some, held].map(|impact| impact.vietnamese()).join("\n");
        insta::assert_snapshot!(lines, @r"
        chưa có văn bản gần đây nào để xét cách giao
        không đổi cách giao văn bản nào trong 12 văn bản gần đây
        đổi cách giao 12 trong 340 văn bản gần đây: giao thêm 30 việc, bớt 4 việc, ở 18 chi bộ; liên quan 9 việc đang mở
        đổi cách giao 1 trong 5 văn bản gần đây: không đổi việc nào, ở 0 chi bộ
        ");
    }
}
