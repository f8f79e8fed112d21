//! Tables as JSON schema, draft-07: the one version that both common TOML editors read alike. What
//! they show beside it goes where each looks: `x-taplo` for Even Better TOML, descriptions for tombi.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::known::Known;
use super::shape::{Data, Form, Key, Table};

/// What every schema says of itself.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema of the file whose top is `table`.
pub fn document(table: &'static Table, known: Option<&Known>) -> Value {
    let mut writer = Writer { known, definitions: BTreeMap::new() };
    let mut top = writer.object(table);
    top.insert("$schema".into(), json!(DRAFT));
    top.insert("title".into(), json!(table.name));
    let definitions: Map<String, Value> = writer.definitions.into_iter().collect();
    if !definitions.is_empty() {
        top.insert("definitions".into(), Value::Object(definitions));
    }
    Value::Object(top)
}

struct Writer<'a> {
    known: Option<&'a Known>,
    /// Tables already written, by name; a table that contains itself refers to its own entry.
    definitions: BTreeMap<String, Value>,
}

impl Writer<'_> {
    fn object(&mut self, table: &'static Table) -> Map<String, Value> {
        let keys = table.keys.iter().map(|key| (key.name.to_owned(), self.key(key)));
        let properties: Map<String, Value> = keys.collect();
        let required: Vec<&str> = table.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        let mut object = Map::new();
        object.insert("type".into(), json!("object"));
        object.insert("description".into(), json!(table.about));
        object.insert("properties".into(), Value::Object(properties));
        object.insert("additionalProperties".into(), json!(false));
        if !required.is_empty() {
            object.insert("required".into(), json!(required));
            object.insert("x-taplo".into(), json!({ "initKeys": required }));
        }
        object
    }

    fn key(&mut self, key: &'static Key) -> Value {
        let mut schema = self.form(&key.form);
        let about = match words_of(&key.form) {
            Some(words) => format!("{}\n\n{}", key.about, listed(words)),
            None => key.about.to_owned(),
        };
        // Beside `$ref` draft-07 reads nothing else, so the description goes around it.
        if schema.contains_key("$ref") {
            schema = Map::from_iter([("allOf".to_owned(), json!([schema]))]);
        }
        schema.insert("description".into(), json!(about));
        if !key.examples.is_empty() {
            schema.insert("examples".into(), json!(key.examples));
        }
        Value::Object(schema)
    }

    fn form(&mut self, form: &'static Form) -> Map<String, Value> {
        match form {
            Form::Text => object(json!({ "type": "string" })),
            Form::Pattern(pattern) => object(json!({ "type": "string", "pattern": pattern })),
            Form::Flag => object(json!({ "type": "boolean" })),
            Form::Number(low, high) => object(json!({ "type": "integer", "minimum": low, "maximum": high })),
            // tombi tells bare dates from quoted ones, which people paste from spreadsheets.
            Form::Date => object(json!({ "anyOf": [
                { "type": "string", "format": "date" },
                { "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$" },
            ] })),
            Form::Word(words) => word(words),
            Form::Of(data) => self.data(*data),
            Form::Either(one, other) => {
                let (one, other) = (self.form(one), self.form(other));
                object(json!({ "anyOf": [one, other] }))
            }
            Form::List(item) => {
                let item = self.form(item);
                object(json!({ "anyOf": [{ "type": "array", "items": item, "minItems": 1 }, item] }))
            }
            Form::Array(item) => {
                let item = self.form(item);
                object(json!({ "type": "array", "items": item }))
            }
            Form::One(table) => self.reference(table),
            Form::Many(table) => {
                let item = self.reference(table);
                object(json!({ "type": "array", "items": item }))
            }
            Form::Free(pattern) => object(json!({
                "type": "object", "patternProperties": { *pattern: { "type": "string" } },
                "additionalProperties": false,
            })),
        }
    }

    fn reference(&mut self, table: &'static Table) -> Map<String, Value> {
        // A plain name: editors do not agree on what must be escaped in a reference.
        let name = table.name.trim_matches(['[', ']', '`']);
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.to_owned(), Value::Null);
            let object = self.object(table);
            self.definitions.insert(name.to_owned(), Value::Object(object));
        }
        object(json!({ "$ref": format!("#/definitions/{name}") }))
    }

    fn data(&self, data: Data) -> Map<String, Value> {
        let text = json!({ "type": "string", "minLength": 1 });
        let none = Known::default();
        let entries = self.known.unwrap_or(&none).list(data);
        if entries.is_empty() {
            return object(text);
        }
        let codes: Vec<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        let list = json!({ "type": "string", "enum": codes, "x-taplo": { "docs": { "enumValues": names } } });
        if data.is_closed() { object(list) } else { object(json!({ "anyOf": [list, text] })) }
    }
}

fn word(words: &[(&str, &str)]) -> Map<String, Value> {
    let (words, meanings): (Vec<_>, Vec<_>) = words.iter().copied().unzip();
    object(json!({ "type": "string", "enum": words, "x-taplo": { "docs": { "enumValues": meanings } } }))
}

fn words_of(form: &'static Form) -> Option<&'static [(&'static str, &'static str)]> {
    match form {
        Form::Word(words) => Some(words),
        Form::List(item) | Form::Array(item) => words_of(item),
        _ => None,
    }
}

/// Words with their meanings as a Markdown list, for editors that show descriptions only.
fn listed(words: &[(&str, &str)]) -> String {
    words.iter().map(|(word, meaning)| format!("- `\"{word}\"`: {meaning}")).collect::<Vec<_>>().join("\n")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
