//! The names that templates may use: what the views of all samples hold, so that the list can never lag
//! behind the views.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    BulletinView, DigestView, Office, Piece, TemplateFault, Unknown, View, WeeklyView, bulletin_samples,
    samples_in, weekly_sample,
};
use crate::domain::bulletin::{Bulletin, News};
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
    for fields in views(Kind::of(piece), office).into_iter().filter_map(|view| match view {
        Value::Object(fields) => Some(fields),
        _ => None,
    }) {
        for (name, value) in fields {
            keys(&value, &mut names.below);
            names.top.insert(name);
        }
    }
    if Kind::of(piece) == Kind::Letter {
        names.top.extend(SENTENCES.map(str::to_owned));
    }
    names
}

/// Which view a template is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digest,
    Weekly,
    Bulletin,
}

impl Kind {
    /// The frame is given all of them, and uses what all have; a letter has it.
    fn of(piece: Piece) -> Self {
        match piece {
            Piece::DigestText | Piece::DigestHtml => Self::Digest,
            Piece::WeeklyText | Piece::WeeklyHtml => Self::Weekly,
            Piece::BulletinHtml => Self::Bulletin,
            Piece::Opening | Piece::Request | Piece::Text | Piece::Html | Piece::Frame | Piece::Style => {
                Self::Letter
            }
        }
    }
}

/// The views of a kind.
fn views(kind: Kind, office: &Office) -> Vec<Value> {
    let shown = |view: serde_json::Result<Value>| view.ok();
    let letters = samples_in(Language::Vi);
    let digests = || letters.iter().filter_map(|letter| Some((letter, letter.digest.as_ref()?)));
    match kind {
        Kind::Letter => letters
            .iter()
            .filter(|letter| letter.digest.is_none())
            .filter_map(|letter| shown(serde_json::to_value(View::new(letter, office))))
            .collect(),
        Kind::Digest => digests()
            .filter_map(|(letter, digest)| {
                shown(serde_json::to_value(DigestView::new(letter, digest, office)))
            })
            .collect(),
        Kind::Weekly => {
            let view = WeeklyView::new(&weekly_sample(), office, Language::Vi);
            shown(serde_json::to_value(view)).into_iter().collect()
        }
        Kind::Bulletin => {
            bulletin_samples(Language::Vi).iter().filter_map(|one| staff(one, office)).collect()
        }
    }
}

fn staff(bulletin: &Bulletin, office: &Office) -> Option<Value> {
    let (heading, subject, text) = super::bulletin::text(bulletin, office);
    let link = match &bulletin.news {
        News::Request(news) => news.link.as_deref(),
        _ => None,
    };
    serde_json::to_value(BulletinView::new((heading, &subject, &text), link, office, bulletin.language)).ok()
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
/// of digests, of the weekly mail, and of other mails to staff.
pub fn list(office: &Office) -> Vec<(String, String)> {
    let named = |kind| {
        let mut found = BTreeMap::new();
        views(kind, office).iter().for_each(|view| walk("", view, &mut found));
        found
    };
    let mut all = named(Kind::Letter);
    for sentence in SENTENCES {
        all.insert(sentence.to_owned(), format!("kết quả của mẫu {sentence}, chỉ có trong letter"));
    }
    let mut all: Vec<_> = all.into_iter().collect();
    for (kind, mail) in [(Kind::Digest, "digest"), (Kind::Weekly, "weekly"), (Kind::Bulletin, "bulletin")] {
        all.extend(named(kind).into_iter().map(|(name, example)| (format!("{mail}: {name}"), example)));
    }
    all
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
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
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
