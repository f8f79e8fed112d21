//! Every phrase of all rules, found in one pass over the text.

use super::atoms::Atom;
use super::letters::Letters;
use super::words::Words;

/// Phrases by their key. A phrase stands for whole words, or for letters anywhere: the fixed part of a
/// regular expression.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    words: Words,
    letters: Letters,
}

impl Phrases {
    /// The atom of a phrase; `next` if it is new. An empty phrase stands nowhere.
    pub(super) fn add(&mut self, key: &[u8], whole: bool, next: Atom) -> Atom {
        match std::str::from_utf8(key) {
            Ok(phrase) if whole && Words::fit(phrase) => self.words.add(phrase, next),
            _ => self.letters.add(key, whole, next),
        }
    }

    /// Makes the text searchable; to be called once, when all phrases are known.
    pub(super) fn finish(&mut self) {
        self.letters.finish();
    }

    /// Tells `met` every phrase that stands in `text`, perhaps more than once.
    pub(super) fn find(&self, text: &str, mut met: impl FnMut(Atom)) {
        self.words.find(text, &mut met);
        self.letters.find(text, &mut met);
    }

    /// Whether there is nothing to find.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.letters.is_empty()
    }
}
