//! What the readers ask for, overheard while a test lets them read: table by table, key by key.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Keys of each table, and the words of the keys that take one of a list.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Table → keys.
    pub keys: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// (Table, key) → words.
    pub words: BTreeMap<(&'static str, &'static str), Vec<String>>,
}

thread_local! {
    static HEARD: RefCell<Lexicon> = RefCell::default();
}

/// Notes that a reader asked a table for a key.
pub fn hear(table: &'static str, key: &'static str) {
    HEARD.with_borrow_mut(|heard| heard.keys.entry(table).or_default().insert(key));
}

/// Notes which words a reader knows for a key.
pub fn hear_words<T>(table: &'static str, key: &'static str, known: &[(&str, T)]) {
    let words = known.iter().map(|(word, _)| (*word).to_owned()).collect();
    HEARD.with_borrow_mut(|heard| heard.words.insert((table, key), words));
}

/// What was heard while `reading`.
pub fn overhear(reading: impl FnOnce()) -> Lexicon {
    HEARD.take();
    reading();
    HEARD.take()
}
