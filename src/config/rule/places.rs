//! Where the parts of a rule stand, for findings that only all rules together can give.

use std::collections::BTreeMap;

use crate::config::fields::Fields;
use crate::config::file::{Place, Sourced};
use crate::domain::rule::Rule;

/// Keys of a rule that findings point at.
const KEYS: [&str; 5] = ["due", "acknowledge_within", "ladder", "until", "nobody"];
/// Keys of `when` that findings point at.
const WHEN: [&str; 1] = ["text_regex"];
/// Keys of `when` that hold phrases.
const PHRASES: [&str; 3] = ["text_any", "text_all", "text_none"];

/// A rule and where its parts stand.
#[derive(Debug, Clone)]
pub struct Written {
    /// The rule.
    pub rule: Rule,
    /// Its places.
    pub places: Places,
}

/// Where the parts of a rule stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Its code.
    pub id: Place,
    keys: BTreeMap<&'static str, Place>,
    /// The phrases of its text conditions.
    pub phrases: Vec<Sourced<String>>,
}

impl Places {
    /// Takes the places of a table; reports nothing.
    pub fn of(fields: &Fields<'_>) -> Self {
        let id = fields.value_place("id").unwrap_or_else(|| fields.place());
        let mut keys: BTreeMap<_, _> =
            KEYS.into_iter().filter_map(|key| Some((key, fields.value_place(key)?))).collect();
        let mut phrases = Vec::new();
        if let Some(when) = fields.peek_table("when") {
            keys.extend(WHEN.into_iter().filter_map(|key| Some((key, when.value_place(key)?))));
            phrases = PHRASES.into_iter().flat_map(|key| when.peek_texts(key)).collect();
        }
        Self { id, keys, phrases }
    }

    /// The value of a key, or the rule's code where the key is not written.
    pub fn key(&self, key: &str) -> Place {
        self.keys.get(key).unwrap_or(&self.id).clone()
    }
}
