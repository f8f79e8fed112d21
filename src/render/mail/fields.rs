//! The names that templates may use: what the views of all samples hold, so that the list can never lag
//! behind the views.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Office, TemplateFault, Unknown, View, samples_in};
use crate::domain::language::Language;

/// What the text and HTML parts are given beside the view.
const SENTENCES: [&str; 2] = ["opening", "request"];

/// Longest value shown beside a name.
const SHOWN: usize = 60;

/// The names that templates may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// At the top.
    pub(super) top: BTreeSet<String>,
    /// Anywhere below.
    below: BTreeSet<String>,
}

impl Names {
    /// A fault of rendering with the names that might have been meant.
    pub(super) fn beside(&self, fault: TemplateFault) -> TemplateFault {
        let known = || self.top.iter().chain(&self.below).cloned().collect();
        let unknown = fault.unknown.map(|unknown| Box::new(Unknown { known: known(), ..*unknown }));
        TemplateFault { unknown, ..fault }
    }
}

/// All names of all samples.
pub(super) fn names(office: &Office) -> Names {
    let mut names = Names::default();
    for view in views(office) {
        if let Value::Object(fields) = view {
            for (name, value) in fields {
                keys(&value, &mut names.below);
                names.top.insert(name);
            }
        }
    }
    names.top.extend(SENTENCES.map(str::to_owned));
    names
}

fn views(office: &Office) -> Vec<Value> {
    let letters = samples_in(Language::Vi);
    letters.iter().filter_map(|letter| serde_json::to_value(View::new(letter, office)).ok()).collect()
}

fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                into.insert(name.clone());
                keys(value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

/// Every name with an example of what it holds, in order: `due.day`, `tasks[].name`.
pub fn list(office: &Office) -> Vec<(String, String)> {
    let mut found = BTreeMap::new();
    for view in views(office) {
        walk("", &view, &mut found);
    }
    for sentence in SENTENCES {
        found.insert(sentence.to_owned(), format!("kết quả của mẫu {sentence}, chỉ có trong letter"));
    }
    found.into_iter().collect()
}

/// Notes the names below a value; the first example that is not empty stays.
fn walk(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(&path, value, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().for_each(|item| walk(&format!("{path}[]"), item, found));
        }
        Value::Array(items) if items.is_empty() => {}
        value => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let empty = value.is_null() || text.is_empty();
            let known = found.entry(path.to_owned()).or_default();
            if known.is_empty() && !empty {
                *known = crate::render::line::shorten(&text, SHOWN).into_owned();
            }
        }
    }
}
