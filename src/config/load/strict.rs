//! Merged settings → [`Settings`], strictly and with every finding at once. Serde stops at the first
//! fault; so each fault is told, mended with a value that is known to be good, and the reading begins
//! again. What was mended is remembered: nothing more is said about it.

use serde_path_to_error::Segment;

use super::layers::{Layers, MAIN};
use super::tree::{Fault, Found, Step, Tree, join};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings, Word};
use crate::config::file::Place;
use crate::config::settings::Settings;
use crate::config::suggest::similar_words;
use crate::config::{duration, limit, rate, secret};

/// More faults than this are not told one by one.
const MOST: usize = 50;

/// How many sources stand in [`GOOD`]: one of each type that has keys of its own which must be there.
const SOURCES: usize = 3;

/// Good values for every key that must be there, to read on with.
const GOOD: &str = r#"
office = { name = "x" }
web = { public_url = "https://x.example", link_keys = [{ id = "x", secret = { env = "x" } }], trusted_proxies = ["127.0.0.1"] }
[[source]]
type = "ioffice"
id = "x"
url = "https://x.example"
username = "x"
password = { env = "x" }
lists = ["waiting"]
posts = ["x"]
open_marks = ["x"]
[[source]]
type = "vxp"
id = "y"
url = "https://x.example"
system_id = "x"
secret = { env = "x" }
[[source]]
type = "lgsp"
id = "z"
url = "https://x.example"
username = "x"
password = { env = "x" }
application_code = "x"
system_id = "x"
secret_key = { env = "x" }
[mail]
from = "x@x.example"
list_id = "x.example"
waits = ["1m"]
stop_words = ["x"]
transport = { type = "smtp", host = "x.example", port = 465, tls = "implicit" }
"#;

/// What came of the reading.
pub struct Read {
    /// The settings, if they can be read with the mended parts.
    pub settings: Option<Settings>,
    /// What was mended; values at or below these are not the writer's.
    pub mended: Vec<Vec<Step>>,
}

/// Reads the settings; every fault is among the findings.
pub fn read(mut tree: Tree, layers: &Layers, findings: &Findings) -> Read {
    let good = good_values();
    let mut mended: Vec<Vec<Step>> = Vec::new();
    for _ in 0..MOST {
        let error = match serde_path_to_error::deserialize::<_, Settings>(tree.clone()) {
            Ok(settings) => return Read { settings: Some(settings), mended },
            Err(error) => error,
        };
        let mut path: Vec<Step> = error.path().iter().filter_map(step).collect();
        let fault = error.into_inner();
        let told = mended.iter().any(|earlier| path.starts_with(earlier));
        if let Fault::Missing(key) = fault {
            path.push(Step::Key(key.to_owned()));
        }
        if !told && !mended.contains(&path) {
            findings.add(finding(&path, &fault, layers, &tree));
        }
        path = mend(&mut tree, path, &fault, &good);
        mended.push(path);
    }
    Read { settings: None, mended }
}

fn good_values() -> Tree {
    let file = config::File::from_str(GOOD, config::FileFormat::Toml);
    let values = config::Source::collect(&file).unwrap_or_default();
    Tree::table(values)
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Removes what is wrong and puts in what is good; returns the path that was changed.
fn mend(tree: &mut Tree, mut path: Vec<Step>, fault: &Fault, good: &Tree) -> Vec<Step> {
    if matches!(fault, Fault::Unknown { .. }) {
        tree.set(&path, None);
        return path;
    }
    // A wrong `type` makes every key beside it look unknown: the whole table is replaced.
    if path.last() == Some(&Step::Key("type".to_owned())) {
        path.pop();
    }
    let at = |number| {
        let step = |step: &Step| match step {
            Step::Index(_) => Step::Index(number),
            Step::Key(_) => step.clone(),
        };
        path.iter().map(step).collect::<Vec<_>>()
    };
    let value = (0..SOURCES).find_map(|number| good.get(&at(number))).cloned();
    let missing = matches!(fault, Fault::Missing(_));
    tree.set(&path, if missing { Some(value.unwrap_or(Tree::Text("x".to_owned()))) } else { value });
    path
}

fn finding(path: &[Step], fault: &Fault, layers: &Layers, tree: &Tree) -> Diagnostic {
    let name = key_of(path);
    let value = || layers.locate(path, false);
    match fault {
        Fault::Unknown { key, .. } if is_of_statuses(path, key) => told_nowhere(path, key, layers, tree),
        Fault::Unknown { key, known } => unknown_key(path, key, known, layers),
        Fault::Missing(key) => {
            let parent = path.split_last().map_or(&[][..], |(_, parent)| parent);
            Diagnostic::new(Code::MissingKey, layers.locate(parent, true)).with(*key).with(table_name(parent))
        }
        Fault::Type { found: Found::BareSecret, .. } => {
            Diagnostic::new(Code::BareSecret, layers.locate(path, true))
        }
        Fault::Type { found, wanted } => {
            let finding = Diagnostic::new(Code::WrongType, value()).with(name);
            finding.with(wanted_words(wanted)).with(found_words(*found))
        }
        Fault::Value(wanted) if wanted == secret::WANTED => Diagnostic::new(Code::SecretPlace, value()),
        Fault::Value(wanted) => {
            Diagnostic::new(Code::BadValue, value()).with(name).with(wanted_words(wanted))
        }
        Fault::Word { word, known } => {
            let finding = Diagnostic::new(Code::UnknownWord, value()).with(word.as_str()).with(name);
            finding.with(known.join(", ")).or_rather(similar_words(word, known.iter().copied()))
        }
        Fault::Other(message) => {
            Diagnostic::new(Code::BadValue, value()).with(name).with(wanted_words(message))
        }
    }
}

/// An unknown key is an error in a file, where it was written for us; a variable may be anybody's.
fn unknown_key(path: &[Step], key: &str, known: &[&'static str], layers: &Layers) -> Diagnostic {
    let similar = similar_words(key, known.iter().copied());
    match layers.locate(path, true) {
        Place::Variable(name) => {
            let finding =
                Diagnostic::new(Code::UnknownVariable, Place::Variable(name.clone())).with(name.as_str());
            let prefix = name.rsplit_once("__").map_or("", |(prefix, _)| prefix);
            finding.or_rather(similar.iter().map(|key| format!("{prefix}__{}", key.to_uppercase())).collect())
        }
        place => {
            let parent = path.split_last().map_or(&[][..], |(_, parent)| parent);
            let finding = Diagnostic::new(Code::UnknownKey, place).with(key).with(table_name(parent));
            finding.or_rather(similar)
        }
    }
}

/// Whether a key says what is told to a source; those that take no statuses do not know it.
fn is_of_statuses(path: &[Step], key: &str) -> bool {
    let of_source = path.first() == Some(&Step::Key("source".to_owned()));
    of_source && ["statuses", "statuses_by", "statuses_when"].contains(&key)
}

/// A source that cannot be told anything is told that in so many words, not that the key is misspelt.
fn told_nowhere(path: &[Step], key: &str, layers: &Layers, tree: &Tree) -> Diagnostic {
    let mut id = path.split_last().map_or(&[][..], |(_, parent)| parent).to_vec();
    id.push(Step::Key("id".to_owned()));
    let id = match tree.get(&id) {
        Some(Tree::Text(id)) => id.as_str(),
        _ => "?",
    };
    let finding = Diagnostic::new(Code::StatusesNowhere, layers.locate(path, true)).with(key).with(id);
    finding.with((
        "loại nguồn này không nhận trạng thái: bỏ khoá này",
        "sources of this type take no statuses: remove this key",
    ))
}

/// The last key of a path: a list's item is called by its list.
fn key_of(path: &[Step]) -> String {
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Index(_) => None,
    };
    path.iter().rev().find_map(key).unwrap_or_default()
}

fn table_name(path: &[Step]) -> Word {
    match path {
        [] => MAIN.into(),
        [.., Step::Index(_)] => {
            let list = path.split_last().map_or(&[][..], |(_, list)| list);
            format!("[[{}]]", join(list)).into()
        }
        _ => format!("[{}]", join(path)).into(),
    }
}

/// What serde's readers call what they want, as people call it.
const WANTED: [(&str, &str, &str); 15] = [
    ("a string", "chữ trong dấu ngoặc kép", "text in quotes"),
    ("path string", "đường dẫn trong dấu ngoặc kép", "a path in quotes"),
    ("a boolean", "true hoặc false, không ngoặc kép", "true or false, without quotes"),
    ("u16", "số nguyên từ 0 đến 65535", "a whole number from 0 to 65535"),
    ("u32", "số nguyên không âm", "a whole number, not negative"),
    ("u64", "số nguyên không âm", "a whole number, not negative"),
    ("usize", "số nguyên không âm", "a whole number, not negative"),
    ("a sequence", "danh sách, ví dụ [\"a\", \"b\"]", "a list, for example [\"a\", \"b\"]"),
    (
        duration::WANTED,
        "khoảng thời gian như \"30s\", \"5m\", \"1h\"",
        "a duration such as \"30s\", \"5m\", \"1h\"",
    ),
    (limit::WANTED, "số từ 0 trở lên, hoặc tỷ lệ như \"20%\"", "a number from 0, or a share such as \"20%\""),
    (
        rate::WANTED,
        "số thư trong một khoảng, như \"30 per hour\" (minute, hour, day)",
        "so many in a time, such as \"30 per hour\" (minute, hour, day)",
    ),
    (
        secret::WANTED,
        "nơi để bí mật, ví dụ { file = \"…\" }",
        "the place of a secret, for example { file = \"…\" }",
    ),
    (
        "socket address",
        "địa chỉ và cổng như \"127.0.0.1:8080\"",
        "address and port such as \"127.0.0.1:8080\"",
    ),
    (
        "invalid socket address syntax",
        "địa chỉ và cổng như \"127.0.0.1:8080\"",
        "address and port such as \"127.0.0.1:8080\"",
    ),
    ("invalid IP address syntax", "địa chỉ IP như \"10.0.0.1\"", "an IP address such as \"10.0.0.1\""),
];

fn wanted_words(wanted: &str) -> Word {
    let known = WANTED.iter().find(|(name, _, _)| *name == wanted);
    match known {
        Some((_, vi, en)) => (*vi, *en).into(),
        // Structs and tagged tables.
        None if wanted.starts_with("struct ") || wanted == "a map" => {
            ("bảng, ví dụ { khoá = \"…\" }", "a table, for example { key = \"…\" }").into()
        }
        None => ("giá trị khác", "another value").into(),
    }
}

fn found_words(found: Found) -> Word {
    match found {
        Found::Flag => ("true/false", "true/false").into(),
        Found::Integer => ("số nguyên", "a whole number").into(),
        Found::Float => ("số lẻ", "a fraction").into(),
        Found::Text | Found::BareSecret => ("chữ", "text").into(),
        Found::List => ("danh sách", "a list").into(),
        Found::Table => ("bảng", "a table").into(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;

    use super::*;

    #[test]
    fn the_good_values_are_good() {
        let read = Settings::deserialize(good_values());
        assert!(read.is_ok(), "{:?}", read.err());
    }
}
