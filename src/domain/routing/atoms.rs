//! Atoms: the single facts that conditions ask about ("the symbol has the token KH", "the text says
//! sinh hoạt chuyên đề"), each kept once however many rules ask for it, and found in a document by
//! looking up what the document has instead of asking rule by rule.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::phrases::Phrases;
use crate::domain::document::{Operation, Steering, Urgency};
use crate::domain::text::tone_key;

/// Number of an atom.
pub(super) type Atom = u32;

/// Without random keys: the same rules compile the same way, and what is filed is our own.
pub(super) type Steady<K, V> = HashMap<K, V, FixedState>;

type Table<K> = Steady<K, Vec<Atom>>;

/// Names that are compared letter for letter or by their tone key.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: Table<String>,
    keyed: Table<String>,
}

impl Names {
    /// What is written `text`, letter for letter.
    pub(super) fn exactly(&self, text: &str) -> &[Atom] {
        self.exact.get(text).map(Vec::as_slice).unwrap_or_default()
    }

    /// What has this tone key.
    pub(super) fn by_key(&self, key: &str) -> &[Atom] {
        self.keyed.get(key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Every atom of a ruleset, by what a document must have.
#[derive(Debug, Default)]
pub(super) struct Atoms {
    /// Issuers, as rules name them.
    pub(super) issuer: Names,
    /// Kinds, as rules name them.
    pub(super) kind: Names,
    /// Tokens of symbols.
    pub(super) symbol: Names,
    /// Sources.
    pub(super) source: Names,
    urgency: Table<Urgency>,
    operation: Table<Operation>,
    steering: Table<Steering>,
    /// Phrases in the tone key of the text.
    pub(super) toned: Phrases,
    /// Phrases in its bare key.
    pub(super) bare: Phrases,
    /// How many conditions ask for each atom.
    asked: Vec<u32>,
}

impl Atoms {
    /// How many atoms there are.
    pub(super) fn len(&self) -> usize {
        self.asked.len()
    }

    /// How many conditions could be met by these atoms: what it costs to look them all up.
    pub(super) fn cost(&self, atoms: &[Atom]) -> u64 {
        let asked = atoms.iter().filter_map(|atom| self.asked.get(*atom as usize));
        asked.map(|asked| u64::from(*asked)).sum()
    }

    /// Atoms of the documents with this urgency.
    pub(super) fn of_urgency(&self, urgency: Urgency) -> &[Atom] {
        self.urgency.get(&urgency).map(Vec::as_slice).unwrap_or_default()
    }

    /// Atoms of the documents with this operation.
    pub(super) fn of_operation(&self, operation: Operation) -> &[Atom] {
        self.operation.get(&operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// Atoms of the documents with this loại chỉ đạo.
    pub(super) fn of_steering(&self, steering: Steering) -> &[Atom] {
        self.steering.get(&steering).map(Vec::as_slice).unwrap_or_default()
    }

    /// An issuer, by token or by name.
    pub(super) fn issuer(&mut self, wanted: &str) -> Atom {
        name(&mut self.issuer, &mut self.asked, wanted)
    }

    /// A kind, by abbreviation or by name.
    pub(super) fn kind(&mut self, wanted: &str) -> Atom {
        name(&mut self.kind, &mut self.asked, wanted)
    }

    /// A token of the symbol.
    pub(super) fn symbol(&mut self, wanted: &str) -> Atom {
        once(&mut self.symbol.exact, &mut self.asked, wanted.to_owned())
    }

    /// A source.
    pub(super) fn source(&mut self, wanted: &str) -> Atom {
        once(&mut self.source.exact, &mut self.asked, wanted.to_owned())
    }

    /// An urgency.
    pub(super) fn urgency(&mut self, wanted: Urgency) -> Atom {
        once(&mut self.urgency, &mut self.asked, wanted)
    }

    /// An operation.
    pub(super) fn operation(&mut self, wanted: Operation) -> Atom {
        once(&mut self.operation, &mut self.asked, wanted)
    }

    /// A loại chỉ đạo.
    pub(super) fn steering(&mut self, wanted: Steering) -> Atom {
        once(&mut self.steering, &mut self.asked, wanted)
    }

    /// Text that stands in the toned or in the bare key; `whole` if as whole words.
    pub(super) fn text(&mut self, key: &[u8], bare: bool, whole: bool) -> Atom {
        let next = count(self.asked.len());
        let phrases = if bare { &mut self.bare } else { &mut self.toned };
        let atom = phrases.add(key, whole, next);
        ask(&mut self.asked, atom)
    }

    /// Makes the text searchable; to be called once, when all rules are compiled.
    pub(super) fn finish(&mut self) {
        self.toned.finish();
        self.bare.finish();
    }
}

fn count(length: usize) -> Atom {
    Atom::try_from(length).unwrap_or(Atom::MAX)
}

/// Counts one more condition that asks for `atom`, which may be new.
fn ask(asked: &mut Vec<u32>, atom: Atom) -> Atom {
    if atom as usize == asked.len() {
        asked.push(0);
    }
    if let Some(times) = asked.get_mut(atom as usize) {
        *times = times.saturating_add(1);
    }
    atom
}

fn once<K: Eq + std::hash::Hash>(table: &mut Table<K>, asked: &mut Vec<u32>, wanted: K) -> Atom {
    let atoms = table.entry(wanted).or_default();
    let atom = atoms.first().copied().unwrap_or(count(asked.len()));
    if atoms.is_empty() {
        atoms.push(atom);
    }
    ask(asked, atom)
}

/// A name is met letter for letter, or by its tone key, which several spellings share.
fn name(names: &mut Names, asked: &mut Vec<u32>, wanted: &str) -> Atom {
    let is_new = !names.exact.contains_key(wanted);
    let atom = once(&mut names.exact, asked, wanted.to_owned());
    if is_new {
        names.keyed.entry(tone_key(wanted)).or_default().push(atom);
    }
    atom
}
