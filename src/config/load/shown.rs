//! `config show --origin`: every effective setting with where it comes from; of secrets, the place only.

use std::fmt;

use serde_json::Value;

use super::layers::Layers;
use super::tree::{Step, join};
use crate::config::file::Place;
use crate::config::settings::Settings;

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody wrote it.
    Default,
    /// A file or variable.
    At(Place),
}

/// `file:line`, the variable, or `mặc định`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("mặc định"),
            Self::At(place) => place.fmt(f),
        }
    }
}

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its path, for example `source[0].url`.
    pub key: String,
    /// Its value as TOML would write it.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every leaf of the settings, by path.
pub fn shown(settings: &Settings, layers: &Layers) -> Vec<Shown> {
    let mut leaves = Vec::new();
    let tree = serde_json::to_value(settings).unwrap_or_default();
    collect(&tree, &mut Vec::new(), &mut leaves);
    let leaf = |(path, value): (Vec<Step>, String)| {
        let origin =
            if layers.is_set(&path) { Origin::At(layers.locate(&path, true)) } else { Origin::Default };
        Shown { key: join(&path), value, origin }
    };
    leaves.into_iter().map(leaf).collect()
}

/// Tables and lists of tables are walked; plain values and lists of them are leaves. What is absent is
/// not shown.
fn collect(value: &Value, path: &mut Vec<Step>, leaves: &mut Vec<(Vec<Step>, String)>) {
    match value {
        Value::Null => {}
        Value::Object(table) => {
            for (key, value) in table {
                path.push(Step::Key(key.clone()));
                collect(value, path, leaves);
                path.pop();
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, value) in items.iter().enumerate() {
                path.push(Step::Index(index));
                collect(value, path, leaves);
                path.pop();
            }
        }
        _ => leaves.push((path.clone(), value.to_string())),
    }
}
