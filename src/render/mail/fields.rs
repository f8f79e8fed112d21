//! The names that templates may use: what the views of all samples hold, so that the list can never lag
//! behind the views.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{DigestView, Office, Piece, TemplateFault, Unknown, View, samples_in};
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

/// All names of all samples that a template for a piece is given.
pub(super) fn names(piece: Piece, office: &Office) -> Names {
    let mut names = Names::default();
    let (letters, digests) = views(office);
    let is_digest = matches!(piece, Piece::DigestText | Piece::DigestHtml);
    for view in if is_digest { digests } else { letters } {
        if let Value::Object(fields) = view {
            for (name, value) in fields {
                keys(&value, &mut names.below);
                names.top.insert(name);
            }
        }
    }
    if !is_digest {
        names.top.extend(SENTENCES.map(str::to_owned));
    }
    names
}

/// The views of letters, and those of digests.
fn views(office: &Office) -> (Vec<Value>, Vec<Value>) {
    let (mut letters, mut digests) = (Vec::new(), Vec::new());
    for letter in samples_in(Language::Vi) {
        match &letter.digest {
            Some(digest) => {
                digests.extend(serde_json::to_value(DigestView::new(&letter, digest, office)).ok())
            }
            None => letters.extend(serde_json::to_value(View::new(&letter, office)).ok()),
        }
    }
    (letters, digests)
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

/// Every name with an example of what it holds, in order: `due.day`, `tasks[].name`; those of letters, then those
/// of digests.
pub fn list(office: &Office) -> Vec<(String, String)> {
    let (letters, digests) = views(office);
    let (mut of_letters, mut of_digests) = (BTreeMap::new(), BTreeMap::new());
    letters.iter().for_each(|view| walk("", view, &mut of_letters));
    digests.iter().for_each(|view| walk("", view, &mut of_digests));
    for sentence in SENTENCES {
        of_letters.insert(sentence.to_owned(), format!("kết quả của mẫu {sentence}, chỉ có trong letter"));
    }
    let named = of_digests.into_iter().map(|(name, example)| (format!("digest: {name}"), example));
    of_letters.into_iter().chain(named).collect()
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
