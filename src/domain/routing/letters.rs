//! Runs of letters, found in one pass over the text wherever they stand.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::atoms::Atom;
use crate::domain::text::is_in_word;

/// How many bytes deep the automaton keeps whole tables of what may follow. The three that are usual are one
/// Vietnamese letter; with many runs deeper tables make routing faster, see docs/PERFORMANCE.md.
const DENSE: usize = 8;

/// Runs of letters: the fixed parts of regular expressions, and phrases that begin or end with what is no
/// letter.
#[derive(Debug, Default)]
pub(super) struct Letters {
    atoms: BTreeMap<Vec<u8>, Meanings>,
    automata: Vec<(AhoCorasick, Vec<Meanings>)>,
}

/// The atoms of one run of letters.
#[derive(Debug, Clone, Copy, Default)]
struct Meanings {
    words: Option<Atom>,
    letters: Option<Atom>,
}

impl Letters {
    /// The atom of a run; `next` if it is new. An empty run stands nowhere.
    pub(super) fn add(&mut self, key: &[u8], whole: bool, next: Atom) -> Atom {
        let meanings = self.atoms.entry(key.to_owned()).or_default();
        let place = if whole { &mut meanings.words } else { &mut meanings.letters };
        *place.get_or_insert(next)
    }

    /// Makes the text searchable; to be called once, when all runs are known.
    pub(super) fn finish(&mut self) {
        let mut runs: Vec<_> = std::mem::take(&mut self.atoms).into_iter().collect();
        runs.retain(|(key, _)| !key.is_empty());
        self.build(&runs);
    }

    /// One automaton for all; two where all together were more than one can hold.
    fn build(&mut self, runs: &[(Vec<u8>, Meanings)]) {
        if runs.is_empty() {
            return;
        }
        let keys = runs.iter().map(|(key, _)| key);
        match AhoCorasickBuilder::new().dense_depth(DENSE).match_kind(MatchKind::Standard).build(keys) {
            Ok(automaton) => {
                let meanings = runs.iter().map(|(_, meanings)| *meanings).collect();
                self.automata.push((automaton, meanings));
            }
            Err(_) => {
                let (left, right) = runs.split_at(runs.len() / 2);
                [left, right]
                    .into_iter()
                    .filter(|half| half.len() < runs.len())
                    .for_each(|half| self.build(half));
            }
        }
    }

    /// Tells `met` every run that stands in `text`, perhaps more than once.
    pub(super) fn find(&self, text: &str, mut met: impl FnMut(Atom)) {
        for (automaton, meanings) in &self.automata {
            for found in automaton.find_overlapping_iter(text) {
                let Some(meanings) = meanings.get(found.pattern().as_usize()) else { continue };
                meanings.letters.iter().for_each(|atom| met(*atom));
                if let Some(atom) = meanings.words
                    && stands_alone(text, found.start(), found.end())
                {
                    met(atom);
                }
            }
        }
    }

    /// Whether there is nothing to find.
    pub(super) fn is_empty(&self) -> bool {
        self.automata.is_empty()
    }
}

/// Whether no letter or digit touches either end.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    !before.is_some_and(is_in_word) && !after.is_some_and(is_in_word)
}
