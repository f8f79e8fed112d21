//! Schema and reader say the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::lexicon::{Lexicon, overhear};
use super::shape::{Form, Table};
use super::{Known, Schema};
use crate::config::diagnostic::Findings;
use crate::config::file::SourceFile;
use crate::config::{calendar, rule, sample, settings, unit};

/// Every table that a file of rules can hold, once.
const RULES: &str = r#"
[[ladder]]
name = "standard"
step = [{ at = "due", kind = "remind", to = "cell" }]
urgency = { urgent = "50%" }

[[rule]]
id = "a"
name = "A"
when = { kind = "KH", all = [{ kind = "KH" }], any = [{ kind = "KH" }], none = [{ kind = "KH" }] }
to = { kind = "base-cell" }
task = [{ id = "a", name = "A", lead = { kind = "base-cell" } }, { id = "b", name = "B", to = ["a"] }]

[[test]]
document = { subject = "A", issued = 2026-01-15 }
expect = { cells = 1 }
"#;
/// Every table that a file of units can hold, once.
const UNITS: &str = r#"
office = "a"
sectors = { a = "A" }
kind = [{ id = "a", name = "A" }]

[[unit]]
id = "a"
kind = "a"
names = [{ name = "A" }]
parents = [{ unit = "b" }]
mailboxes = [{ address = "a@mau.example" }]

[[absence]]
unit = "a"
"#;

fn heard(schema: Schema) -> Lexicon {
    let findings = Findings::default();
    let file = |text: &str| SourceFile::new("a.toml", text);
    overhear(|| match schema {
        Schema::Rules => {
            let files = crate::config::folder::Folder { files: vec![file(RULES)], whole: true };
            rule::read("rules.d", &files, None, None, &findings);
        }
        Schema::Units => drop(unit::read(&file(UNITS), &findings)),
        Schema::Calendar => {
            let general = SourceFile::new("calendar/calendar.toml", "zone = \"UTC\"\n[[sector]]\n");
            drop(calendar::read("calendar", &[general], None, &findings));
        }
        Schema::Year => drop(calendar::read("calendar", &[file("year = 2026\noff = {}\n")], None, &findings)),
        Schema::Settings => {}
    })
}

/// The tables a table leads to, itself first, each once.
fn tables(top: &'static Table) -> Vec<&'static Table> {
    let mut found: Vec<&'static Table> = vec![top];
    let mut next = 0;
    while let Some(table) = found.get(next).copied() {
        for inner in table.keys.iter().filter_map(|key| inner(&key.form)) {
            if !found.iter().any(|known| known.name == inner.name) {
                found.push(inner);
            }
        }
        next += 1;
    }
    found
}

fn inner(form: &'static Form) -> Option<&'static Table> {
    match form {
        Form::One(table) | Form::Many(table) => Some(table),
        Form::Either(one, _) => inner(one),
        _ => None,
    }
}

/// The name a reader gives a table: the top of a file has one of its own here.
fn heard_name(table: &Table, top: &Table) -> &'static str {
    if table.name == top.name { "tệp" } else { table.name }
}

#[test]
fn keys_are_those_of_the_reader() {
    for schema in [Schema::Rules, Schema::Units, Schema::Calendar, Schema::Year] {
        let (top, lexicon) = (schema.table(), heard(schema));
        let keys = |table: &&'static Table| {
            (heard_name(table, top), table.keys.iter().map(|key| key.name).collect::<BTreeSet<_>>())
        };
        let described: BTreeMap<_, _> = tables(top).iter().map(keys).collect();
        // A free table is read without asking for keys.
        let mut read = lexicon.keys.clone();
        read.retain(|_, keys| !keys.is_empty());
        assert_eq!(described, read, "{schema:?}");
    }
}

#[test]
fn words_are_those_of_the_reader() {
    for schema in [Schema::Rules, Schema::Units, Schema::Calendar, Schema::Year] {
        let (top, lexicon) = (schema.table(), heard(schema));
        let mut described = BTreeMap::new();
        for table in tables(top) {
            for key in table.keys {
                if let Some(words) = words(&key.form) {
                    let words: Vec<_> = words.iter().map(|(word, _)| (*word).to_owned()).collect();
                    described.insert((heard_name(table, top), key.name), words);
                }
            }
        }
        assert_eq!(described, lexicon.words, "{schema:?}");
    }
}

fn words(form: &'static Form) -> Option<&'static [(&'static str, &'static str)]> {
    match form {
        Form::Word(words) => Some(words),
        Form::List(item) => words(item),
        _ => None,
    }
}

/// Serde names every field of a struct when it meets one that it does not know.
fn fields<T: serde::de::DeserializeOwned>() -> BTreeSet<String> {
    let message = toml::from_str::<T>("no-such-key = 1").err().unwrap().to_string();
    let listed = message.split_once("expected").unwrap().1;
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn settings_are_those_of_the_reader() {
    use super::settings as described;
    let keys = |table: &Table| -> BTreeSet<String> {
        table.keys.iter().map(|key| key.name.to_owned()).filter(|name| name != "type").collect()
    };
    assert_eq!(keys(&described::FILE), fields::<settings::Settings>());
    assert_eq!(keys(&described::OFFICE), fields::<settings::Office>());
    assert_eq!(keys(&described::FILES), fields::<settings::Files>());
    let mut source = fields::<settings::Ioffice>();
    source.extend(fields::<settings::Folder>());
    source.extend(fields::<settings::Vxp>());
    source.extend(fields::<settings::Lgsp>());
    assert_eq!(keys(&described::SOURCE), source);
    assert_eq!(keys(&super::tenant::FIELD_NAMES), fields::<settings::FieldNames>());
    assert_eq!(keys(&described::MAIL), fields::<settings::Mail>());
    let mut transport = fields::<settings::Smtp>();
    transport.insert("folder".to_owned());
    assert_eq!(keys(&described::TRANSPORT), transport);
    let mut sent = fields::<settings::SentImap>();
    sent.extend(fields::<settings::SentLog>());
    assert_eq!(keys(&described::SENT), sent);
    assert_eq!(keys(&described::INBOX), fields::<settings::Inbox>());
    assert_eq!(keys(&described::WEB), fields::<settings::Web>());
    assert_eq!(keys(&described::LINK_KEY), fields::<settings::LinkKey>());
    assert_eq!(keys(&described::ADMIN), fields::<settings::Admin>());
    assert_eq!(keys(&described::JOURNAL), fields::<settings::JournalSettings>());
    assert_eq!(keys(&described::CLOCK), fields::<settings::ClockSettings>());
    assert_eq!(keys(&described::BACKUP), fields::<settings::Backup>());
    assert_eq!(keys(&described::STORE), fields::<settings::StoreSettings>());
    assert_eq!(keys(&described::SCHEDULE), fields::<settings::Schedules>());
    assert_eq!(keys(&described::ACCEPT), fields::<settings::Accept>());
    assert_eq!(keys(&described::WATCH), fields::<settings::Watching>());
    assert_eq!(keys(&described::DIGEST), fields::<settings::Digest>());
    assert_eq!(keys(&described::WEEKLY), fields::<settings::Weekly>());
    assert_eq!(keys(&described::WATCH_SOURCE), fields::<settings::WatchedSource>());
    assert_eq!(keys(&described::BRAKE), fields::<settings::Braking>());
    assert_eq!(keys(&described::HEARTBEAT), fields::<settings::Heartbeat>());
    assert_eq!(keys(&described::HEARTBEAT_SOURCE), fields::<settings::SourceHeartbeat>());
    assert_eq!(keys(&described::LOG), fields::<settings::Log>());
}

/// A TOML text as an editor hands it to a schema: dates become text.
fn as_json(text: &str) -> Value {
    fn value(written: toml::Value) -> Value {
        match written {
            toml::Value::Datetime(date) => json!(date.to_string()),
            toml::Value::Array(items) => items.into_iter().map(value).collect(),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, item)| (key, value(item))).collect())
            }
            plain => serde_json::to_value(plain).unwrap(),
        }
    }
    value(toml::from_str(text).unwrap())
}

fn faults(schema: Schema, known: Option<&Known>, text: &str) -> Vec<String> {
    let document = schema.document(known);
    let validator = jsonschema::draft7::new(&document).unwrap();
    validator.iter_errors(&as_json(text)).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn known() -> Known {
    let (office, _) = sample::office().unwrap();
    Known::of(&office.units, &office.ruleset, &[sample::SOURCE.to_owned()])
}

fn of_file(path: &str) -> Option<Schema> {
    match path {
        "vanthu.toml" => Some(Schema::Settings),
        "units.toml" => Some(Schema::Units),
        "calendar/calendar.toml" => Some(Schema::Calendar),
        path if path.starts_with("calendar/") && path.ends_with(".toml") => Some(Schema::Year),
        path if path.starts_with("rules.d/") && path.ends_with(".toml") => Some(Schema::Rules),
        _ => None,
    }
}

#[test]
fn the_sample_fits_with_and_without_its_data() {
    let known = known();
    for (path, text) in sample::FILES {
        let Some(schema) = of_file(path) else { continue };
        for known in [None, Some(&known)] {
            assert_eq!(faults(schema, known, text), Vec::<String>::new(), "{path}");
        }
    }
}

#[test]
fn schemas_are_schemas() {
    let known = known();
    for schema in Schema::ALL {
        for known in [None, Some(&known)] {
            let document = schema.document(known);
            assert!(jsonschema::meta::is_valid(&document), "{schema:?}");
        }
    }
}

/// One slip at a time in a rule that fits: each is a fault that names its place.
#[test]
fn slips_do_not_fit() {
    let right = r#"
[[rule]]
id = "a"
name = "A"
when = { kind = ["KH"], urgency = "urgent" }
to = { kind = ["base-cell"], except = ["duk"] }
owes = ["acknowledge"]
due = "document, else 15 working days"
from = 2026-01-01
"#;
    let known = known();
    assert_eq!(faults(Schema::Rules, Some(&known), right), Vec::<String>::new());
    let slips = [
        ("id = \"a\"\n", "", "/rule/0"),
        ("name = \"A\"", "name = 12", "/rule/0/name"),
        ("owes = ", "owe = ", "/rule/0"),
        ("owes = [\"acknowledge\"]", "owes = [\"acknowlege\"]", "/rule/0/owes"),
        ("\"urgent\"", "\"khẩn\"", "/rule/0/when/urgency"),
        ("\"base-cell\"", "\"base-sell\"", "/rule/0/to/kind"),
        ("\"duk\"", "\"dukk\"", "/rule/0/to/except"),
        ("[\"KH\"]", "[]", "/rule/0/when/kind"),
        ("15 working days", "15 ngày làm việc", "/rule/0/due"),
        ("2026-01-01", "\"1/1/2026\"", "/rule/0/from"),
    ];
    for (old, new, place) in slips {
        assert!(right.contains(old), "{old}");
        let faults = faults(Schema::Rules, Some(&known), &right.replacen(old, new, 1));
        assert!(faults.iter().any(|fault| fault.starts_with(place)), "{new}: {faults:?}");
    }
}

/// Without data nothing is refused that only the office's own lists could tell.
#[test]
fn without_data_any_code_fits() {
    let text = "[[rule]]\nid = \"a\"\nname = \"A\"\nto = { units = \"cb-moi\", sector = [\"moi\"] }\n";
    assert_eq!(faults(Schema::Rules, None, text), Vec::<String>::new());
}

/// The schemas beside the sample are those of the program. `VANTHU_SCHEMAS=1 cargo test schemas` writes them.
#[test]
fn schemas_beside_the_sample_are_current() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    #[expect(
        clippy::disallowed_methods,
        reason = "asks what the developer wants, sets nothing in the daemon"
    )]
    let wanted = std::env::var_os("VANTHU_SCHEMAS").is_some_and(|wanted| wanted == "1");
    for schema in Schema::ALL {
        let path = folder.join(schema.path());
        if wanted {
            std::fs::write(&path, schema.text(None)).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == schema.text(None), "{}: run VANTHU_SCHEMAS=1 cargo test schemas", path.display());
    }
}
