//! A document prepared once for all rules: which atoms it has, and its texts in the forms that
//! conditions compare.

use chrono::NaiveDate;

use super::atoms::{Atom, Atoms};
use crate::domain::document::Document;
use crate::domain::symbol::{Symbol, kind_code, kind_names};
use crate::domain::text::{bare_of, tone_key};
use crate::domain::unit::{Unit, Units};

/// What conditions ask of a document.
pub(super) struct Facts<'a> {
    /// The document.
    pub(super) document: &'a Document,
    /// Day of receipt in the office's zone; that of the routing where the source gives none.
    pub(super) received: NaiveDate,
    /// Its symbol, parsed.
    pub(super) symbol: Option<Symbol>,
    toned: String,
    bare: String,
    has: Vec<u64>,
    found: Vec<Atom>,
}

impl<'a> Facts<'a> {
    /// Looks up everything the document has.
    pub(super) fn new(atoms: &Atoms, document: &'a Document, units: &Units, received: NaiveDate) -> Self {
        let (toned, bare) = keys(document, !atoms.bare.is_empty());
        let mut facts = Self {
            document,
            received,
            symbol: document.parsed_symbol(),
            toned,
            bare,
            has: vec![0; atoms.len().div_ceil(64)],
            found: Vec::new(),
        };
        facts.look_up(atoms, units);
        facts
    }

    /// Whether the document has an atom.
    pub(super) fn has(&self, atom: Atom) -> bool {
        let (word, bit) = place(atom);
        self.has.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The atoms it has, each once.
    pub(super) fn found(&self) -> &[Atom] {
        &self.found
    }

    /// The text that phrases and patterns meet: subject and content, a line each.
    pub(super) fn key(&self, bare: bool) -> &str {
        if bare { &self.bare } else { &self.toned }
    }

    /// Keys of the kind: of its name, or, where the source names none, of what the symbol's abbreviation
    /// may stand for.
    pub(super) fn kind_keys(&self) -> Vec<String> {
        match (&self.document.kind_name, &self.symbol) {
            (Some(name), _) => vec![tone_key(name)],
            (None, Some(Symbol { kind: Some(code), .. })) => kind_names(code).map(str::to_owned).collect(),
            (None, _) => Vec::new(),
        }
    }

    /// Abbreviations of the kind: the symbol's and that of the name.
    pub(super) fn kind_codes(&self) -> impl Iterator<Item = &str> {
        let symbol = self.symbol.as_ref().and_then(|symbol| symbol.kind.as_deref());
        let named = self.document.kind_name.as_deref().and_then(kind_code);
        symbol.into_iter().chain(named.filter(move |named| symbol != Some(named)))
    }

    fn look_up(&mut self, atoms: &Atoms, units: &Units) {
        let document = self.document;
        let mut found: Vec<Atom> = Vec::new();
        for code in self.kind_codes() {
            found.extend(atoms.kind.exactly(code));
        }
        for key in self.kind_keys() {
            found.extend(atoms.kind.by_key(&key));
        }
        for token in self.symbol.iter().flat_map(Symbol::tokens) {
            found.extend(atoms.symbol.exactly(token));
        }
        self.issuer(atoms, units, &mut found);
        found.extend(atoms.of_urgency(document.urgency));
        found.extend(atoms.of_operation(document.operation));
        found.extend(atoms.of_steering(document.steering));
        found.extend(atoms.source.exactly(document.source.as_str()));
        atoms.toned.find(&self.toned, |atom| found.push(atom));
        atoms.bare.find(&self.bare, |atom| found.push(atom));
        found.into_iter().for_each(|atom| self.add(atom));
    }

    /// The issuer by the tokens of the symbol, by its name, and by every other name of a unit that is
    /// called so: a rule may say `Đảng uỷ Khối` where the document says `ĐUK`.
    fn issuer(&self, atoms: &Atoms, units: &Units, found: &mut Vec<Atom>) {
        let tokens = self.symbol.as_ref().map(|symbol| symbol.issuer.as_slice()).unwrap_or_default();
        found.extend(atoms.issuer.by_key(&tone_key(&self.document.issuer)));
        let mut as_unit = |unit: &Unit| {
            for key in units.keys_of(&unit.id) {
                found.extend(atoms.issuer.by_key(key));
            }
        };
        units.called(&self.document.issuer).for_each(&mut as_unit);
        for token in tokens {
            // Abbreviations are told apart letter for letter: ĐA is not DA.
            let same = |unit: &&Unit| unit.all_names().any(|name| name == token);
            units.called(token).filter(same).for_each(&mut as_unit);
        }
        for token in tokens {
            found.extend(atoms.issuer.exactly(token));
        }
    }

    fn add(&mut self, atom: Atom) {
        let (word, bit) = place(atom);
        if let Some(word) = self.has.get_mut(word).filter(|word| **word & bit == 0) {
            *word |= bit;
            self.found.push(atom);
        }
    }
}

/// Word and bit of an atom.
fn place(atom: Atom) -> (usize, u64) {
    (atom as usize / 64, 1 << (atom % 64))
}

/// Subject and content by their tone keys and, if any rule asks for them, by their bare keys; each on a
/// line of its own, so that no phrase is found across the seam.
fn keys(document: &Document, is_bare_asked: bool) -> (String, String) {
    let mut toned = tone_key(&document.subject);
    let content = document.content.as_deref().map(tone_key);
    let mut bare = if is_bare_asked { bare_of(&toned) } else { String::new() };
    if let Some(content) = content {
        if is_bare_asked {
            bare = bare + "\n" + &bare_of(&content);
        }
        toned = toned + "\n" + &content;
    }
    (toned, bare)
}
