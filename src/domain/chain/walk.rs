//! Walking along a chain, row by row, and what it comes to.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Head, Link};

/// A head that somebody kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// How many rows there were then, if that was written down with it.
    pub rows: Option<i64>,
    /// The hash of the last of them.
    pub hash: String,
}

impl Kept {
    /// Reads a line of a file of heads, `NUMBER HASH …`, or a hash alone; `None` for an empty line or one that begins
    /// with `#`.
    ///
    /// # Errors
    /// What else stands there.
    pub fn parse(line: &str) -> Result<Option<Self>, String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let (rows, hash) = match first.parse::<i64>() {
            Ok(rows) if rows >= 0 && first.len() < 20 => (Some(rows), words.next().unwrap_or_default()),
            _ => (None, first),
        };
        let hash = hash.to_ascii_lowercase();
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Some(Self { rows, hash })) } else { Err(line.to_owned()) }
    }
}

/// What a walk along the whole chain found: the first thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Every row is as it was written, and every head that was kept is among them.
    Whole {
        /// How many rows there are.
        rows: i64,
        /// The hash of the last one: what to keep elsewhere.
        last: String,
    },
    /// A row is missing.
    Missing {
        /// Its number.
        number: i64,
    },
    /// A row is not what was written, or was never written by the register.
    Changed {
        /// Its number.
        number: i64,
    },
    /// Up to this row the chain fits in itself, but it was written anew: a kept head says otherwise.
    Rewritten {
        /// Its number; some row up to it is not what it was.
        number: i64,
    },
    /// The end was cut off: a head was kept when there were more rows.
    Cut {
        /// How many there are.
        rows: i64,
        /// How many there were.
        kept: i64,
    },
    /// No row has the hash of a kept head: the end was cut off, the chain was written anew, or the head is another
    /// register's.
    Strange {
        /// That hash.
        hash: String,
    },
}

/// A walk along a chain.
#[derive(Debug)]
pub struct Walk {
    at: Head,
    /// Kept heads with their number, the lowest last.
    numbered: Vec<(i64, String)>,
    /// Kept heads without.
    unnumbered: BTreeSet<String>,
}

impl Walk {
    /// A walk from before the first row, which is to pass these heads.
    pub fn new(kept: impl IntoIterator<Item = Kept>) -> Self {
        let (mut numbered, mut unnumbered) = (Vec::new(), BTreeSet::new());
        for Kept { rows, hash } in kept {
            match rows {
                Some(rows) => numbered.push((rows, hash)),
                None => drop(unnumbered.insert(hash)),
            }
        }
        numbered.sort_by(|a, b| b.cmp(a));
        numbered.dedup();
        Self { at: Head::default(), numbered, unnumbered }
    }

    /// How far it has come.
    pub fn at(&self) -> &Head {
        &self.at
    }

    /// Takes the next row, in the order of their numbers; the verdict if it is not as it was written, which ends the
    /// walk.
    ///
    /// # Errors
    /// That verdict.
    pub fn step(&mut self, link: &Link) -> Result<(), Verdict> {
        self.meet()?;
        let number = self.at.rows + 1;
        if link.number < number {
            return Err(Verdict::Changed { number: link.number });
        }
        if link.number > number {
            return Err(Verdict::Missing { number });
        }
        link.form_after(&self.at.hash).ok_or(Verdict::Changed { number })?;
        // It is the hash that was computed, and so a text.
        self.at = Head { rows: number, hash: String::from_utf8_lossy(&link.hash).into_owned() };
        self.meet()
    }

    /// Whether the kept heads say of this place what it is.
    fn meet(&mut self) -> Result<(), Verdict> {
        self.unnumbered.remove(&self.at.hash);
        while let Some((rows, hash)) = self.numbered.last()
            && *rows == self.at.rows
        {
            if *hash != self.at.hash {
                return Err(Verdict::Rewritten { number: self.at.rows });
            }
            self.numbered.pop();
        }
        Ok(())
    }

    /// What it comes to where no further row is.
    pub fn end(mut self) -> Verdict {
        if let Err(verdict) = self.meet() {
            return verdict;
        }
        let rows = self.at.rows;
        if let Some((kept, _)) = self.numbered.first() {
            return Verdict::Cut { rows, kept: *kept };
        }
        match self.unnumbered.pop_first() {
            Some(hash) => Verdict::Strange { hash },
            None => Verdict::Whole { rows, last: self.at.hash },
        }
    }
}
