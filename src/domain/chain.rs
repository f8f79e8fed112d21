//! The chain of the journal: how a row is bound to the one before it, and what a walk along it finds.
//!
//! The *leaf* of a row is SHA-256 over six parts joined by line feeds: number, milliseconds since 1970-01-01T00:00Z,
//! kind, document, obligation (`-` where there is none) and the detail as stored. The *hash* of a row is SHA-256 over
//! the hash of the row before it (64 zeros before the first), a line feed and the leaf. Both are 64 lower-case hex
//! digits. Of the six parts only the last may hold a line feed, so no two rows have the same text.
//!
//! Because a leaf stands for its row, a few rows can be proved to lie in the chain without showing the others. Rows
//! that were written before there were leaves are bound by the hash over the previous hash and the six parts
//! themselves, joined by line feeds; neither text can be mistaken for the other, since a leaf holds no line feed.
//!
//! A chain cannot show that its end was cut off, or that all of it was written anew; whoever keeps a [`Head`]
//! elsewhere can.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::Serialize;

mod walk;

pub use walk::{Kept, Verdict, Walk};

/// The hash before the first row.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How far a chain has come: enough to tell later whether what was there then is there still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// How many rows there are; the number of the last one.
    pub rows: i64,
    /// The hash of the last one.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { rows: 0, hash: BEGINNING.to_owned() }
    }
}

/// A row as the chain sees it: texts as bytes, because a damaged one need not be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 1 on, without gaps.
    pub number: i64,
    /// When, in milliseconds since 1970-01-01T00:00Z.
    pub at: i64,
    /// The word of its kind.
    pub kind: Vec<u8>,
    /// The document it is about, if any.
    pub document: Option<i64>,
    /// The obligation it is about, if it is about one only.
    pub obligation: Option<i64>,
    /// The details, JSON as stored.
    pub detail: Vec<u8>,
    /// Its hash as stored.
    pub hash: Vec<u8>,
}

impl Link {
    /// The six parts that a row says, joined by line feeds.
    fn text(&self) -> Vec<u8> {
        let id = |id: Option<i64>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let mut text = format!("{}\n{}\n", self.number, self.at).into_bytes();
        text.extend_from_slice(&self.kind);
        text.extend_from_slice(format!("\n{}\n{}\n", id(self.document), id(self.obligation)).as_bytes());
        text.extend_from_slice(&self.detail);
        text
    }

    /// What stands for the row in the chain.
    pub fn leaf(&self) -> String {
        sha256(&[&self.text()])
    }

    /// The hash of the row behind one whose hash is given.
    pub fn hash_after(&self, previous: &str) -> String {
        bind(previous, &self.leaf())
    }

    /// The same as rows were bound before there were leaves.
    fn old_hash_after(&self, previous: &str) -> String {
        sha256(&[previous.as_bytes(), b"\n", &self.text()])
    }

    /// How it is bound behind a row whose hash is given; `None` where it is not.
    pub fn form_after(&self, previous: &str) -> Option<Form> {
        if self.kind.contains(&b'\n') {
            return None;
        }
        let forms = [(Form::Leaf, self.hash_after(previous)), (Form::Text, self.old_hash_after(previous))];
        forms.into_iter().find(|(_, hash)| hash.as_bytes() == self.hash).map(|(form, _)| form)
    }
}

/// How a row is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// By its leaf.
    Leaf,
    /// By all it says, as before there were leaves.
    Text,
}

/// The hash of a row behind one whose hash is given, by its leaf.
pub fn bind(previous: &str, leaf: &str) -> String {
    sha256(&[previous.as_bytes(), b"\n", leaf.as_bytes()])
}

/// SHA-256 over parts as if they were one text, 64 lower-case hex digits.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in parts {
        hash.update(part);
    }
    HEXLOWER.encode(hash.finish().as_ref())
}

#[cfg(test)]
mod tests;
