//! Edit: how one content of a document differs from the next, field by field, and how much that matters
//! to who must act on it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::domain::document::{Attachment, Document, Urgency};
use crate::domain::text::{clean, tone_key};

/// What of a document can change. `Asks` is no field of it but what the rules make of it for a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Số, ký hiệu.
    Symbol,
    /// Trích yếu.
    Subject,
    /// Hạn giải quyết.
    Due,
    /// Role of the cell, what it owes, the grade demanded.
    Asks,
    /// Nơi nhận.
    Addressees,
    /// Nội dung.
    Content,
    /// Tệp kèm theo.
    Files,
    /// Loại văn bản.
    Kind,
    /// Cơ quan ban hành.
    Issuer,
    /// Người ký.
    Signer,
    /// Ngày ban hành.
    Issued,
    /// Độ khẩn.
    Urgency,
    /// Lĩnh vực.
    Area,
}

impl Field {
    /// Every field, in the order in which people read them.
    pub const ALL: [Self; 13] = [
        Self::Symbol,
        Self::Subject,
        Self::Due,
        Self::Asks,
        Self::Addressees,
        Self::Content,
        Self::Files,
        Self::Kind,
        Self::Issuer,
        Self::Signer,
        Self::Issued,
        Self::Urgency,
        Self::Area,
    ];

    /// The word in TOML, SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Symbol => "symbol",
            Self::Subject => "subject",
            Self::Due => "due",
            Self::Asks => "asks",
            Self::Addressees => "addressees",
            Self::Content => "content",
            Self::Files => "files",
            Self::Kind => "kind",
            Self::Issuer => "issuer",
            Self::Signer => "signer",
            Self::Issued => "issued",
            Self::Urgency => "urgency",
            Self::Area => "area",
        }
    }

    /// Its label in mails and on pages.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Symbol => "Số, ký hiệu",
            Self::Subject => "Trích yếu",
            Self::Due => "Hạn giải quyết",
            Self::Asks => "Việc được giao",
            Self::Addressees => "Nơi nhận",
            Self::Content => "Nội dung",
            Self::Files => "Tệp kèm theo",
            Self::Kind => "Loại văn bản",
            Self::Issuer => "Cơ quan ban hành",
            Self::Signer => "Người ký",
            Self::Issued => "Ngày ban hành",
            Self::Urgency => "Độ khẩn",
            Self::Area => "Lĩnh vực",
        }
    }

    /// The field in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Symbol => "Document number",
            Self::Subject => "Subject",
            Self::Due => "Due date",
            Self::Asks => "What is asked",
            Self::Addressees => "Addressees",
            Self::Content => "Content",
            Self::Files => "Attached files",
            Self::Kind => "Kind of document",
            Self::Issuer => "Issued by",
            Self::Signer => "Signed by",
            Self::Issued => "Date of issue",
            Self::Urgency => "Urgency",
            Self::Area => "Area",
        }
    }
}

/// How much an edit matters; a later one matters more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Spaces, case, the place of a tone mark: nobody is told.
    Spelling,
    /// It informs.
    Small,
    /// It asks for a new acknowledgement.
    Material,
}

/// A field that differs, as people read it before and after; empty where there was or is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What differs.
    pub field: Field,
    /// How it read.
    pub old: String,
    /// How it reads.
    pub new: String,
}

impl Edit {
    /// How much it matters where changes of the fields in `material` do.
    pub fn weight(&self, material: &BTreeSet<Field>) -> Weight {
        match (tone_key(&self.old) == tone_key(&self.new), material.contains(&self.field)) {
            (true, _) => Weight::Spelling,
            (false, true) => Weight::Material,
            (false, false) => Weight::Small,
        }
    }

    /// Both readings in one line, word by word.
    pub fn words(&self) -> Vec<Words> {
        let diff = TextDiff::from_words(&self.old, &self.new);
        let mut parts: Vec<Words> = Vec::new();
        for change in diff.iter_all_changes() {
            let side = match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Old,
                ChangeTag::Insert => Side::New,
            };
            match parts.last_mut().filter(|last| last.side == side) {
                Some(last) => last.text.push_str(change.value()),
                None => parts.push(Words { side, text: change.value().to_owned() }),
            }
        }
        parts
    }
}

/// On which side of an edit words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Before and after.
    Both,
    /// Before only.
    Old,
    /// After only.
    New,
}

/// Words that stand together on one side, spaces kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The side.
    pub side: Side,
    /// The words.
    pub text: String,
}

/// What differs between two contents, in the order of [`Field::ALL`]. Neither when and how a content came
/// nor what the exchange calls it is part of it.
pub fn edits(old: &Document, new: &Document) -> Vec<Edit> {
    let edit = |field| {
        if field == Field::Files && same_files(&old.attachments, &new.attachments) {
            return None;
        }
        let (old, new) = (reading(old, field), reading(new, field));
        (old != new).then_some(Edit { field, old, new })
    };
    Field::ALL.into_iter().filter_map(edit).collect()
}

/// A field as people read it.
fn reading(document: &Document, field: Field) -> String {
    let text = |text: &Option<String>| text.as_deref().map(clean).unwrap_or_default();
    match field {
        Field::Symbol => clean(&document.symbol),
        Field::Subject => clean(&document.subject),
        Field::Due => document.due.map(day).unwrap_or_default(),
        Field::Asks => String::new(),
        Field::Addressees => {
            document.addressees.iter().map(|name| clean(name)).collect::<Vec<_>>().join("; ")
        }
        Field::Content => text(&document.content),
        Field::Files => document.attachments.iter().map(file).collect::<Vec<_>>().join("; "),
        Field::Kind => text(&document.kind_name),
        Field::Issuer => clean(&document.issuer),
        Field::Signer => text(&document.signer),
        Field::Issued => document.issued.map(day).unwrap_or_default(),
        Field::Urgency => urgency(document.urgency).to_owned(),
        Field::Area => text(&document.field),
    }
}

/// Whether two lists are of the same files, as far as both sides tell: one source knows names only, another
/// sizes and contents.
fn same_files(old: &[Attachment], new: &[Attachment]) -> bool {
    let agree = |old: &Attachment, new: &Attachment| {
        let hash = |file: &Attachment| file.stored.as_ref().map(|stored| stored.sha256.clone());
        tone_key(&old.name) == tone_key(&new.name)
            && old.size.zip(new.size).is_none_or(|(old, new)| old == new)
            && hash(old).zip(hash(new)).is_none_or(|(old, new)| old == new)
    };
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| agree(old, new))
}

fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// A file by name, size and the start of its hash: a file put in the place of another keeps the name.
fn file(file: &Attachment) -> String {
    let size = file.size.map(|size| format!("{size} byte"));
    let hash = file.stored.as_ref().map(|stored| stored.sha256.chars().take(8).collect::<String>());
    let told: Vec<_> = [size, hash].into_iter().flatten().collect();
    if told.is_empty() { clean(&file.name) } else { format!("{} ({})", clean(&file.name), told.join(", ")) }
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Unknown => "",
        Urgency::Normal => "Thường",
        Urgency::Urgent => "Khẩn",
        Urgency::VeryUrgent => "Thượng khẩn",
        Urgency::Express => "Hoả tốc",
        Urgency::ExpressTimed => "Hoả tốc hẹn giờ",
    }
}
