//! The layers of settings: `vanthu.toml`, its drop-ins, the environment; later ones win. The `config`
//! crate merges them; because it forgets lines, every finding is looked up again in the layers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use config::{Config, Environment, File, FileFormat, Source as _};
use regex::Regex;
use toml::de::{DeTable, DeValue};

use super::tree::{Step, Tree};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::{Place, SourceFile};
use crate::config::{folder, syntax};

/// The main file.
pub const MAIN: &str = "vanthu.toml";
/// The folder of drop-ins beside it; may be absent.
pub const DROP_INS: &str = "vanthu.toml.d";
/// What variables begin with.
pub const PREFIX: &str = "VANTHU_";

/// What stands after `password =` and `secret =` unless it opens a table.
#[expect(clippy::unwrap_used, reason = "the pattern is constant; a test compiles it")]
static BARE_SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[^\w?&])(?:password|secret)\s*=\s*("[^"\n]*"|'[^'\n]*'|[^\s{#,}][^,}#\n]*)"#).unwrap()
});

/// The password in the address of a database.
#[expect(clippy::unwrap_used, reason = "the pattern is constant; a test compiles it")]
static URL_SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\bpostgres(?:ql)?://(?:[^:@/\s"']*:([^@\s"']+)@|[^\s"']*[?&]password=([^&\s"']+))"#)
        .unwrap()
});

/// All layers, first to last.
pub struct Layers {
    files: Vec<Arc<SourceFile>>,
    /// Setting → variable, for example `log.filter` → `VANTHU_LOG__FILTER`.
    variables: BTreeMap<Vec<Step>, String>,
    /// What is merged from the variables.
    values: BTreeMap<String, String>,
}

impl Layers {
    /// Reads the files below `root` and takes the settings among the variables. `None` if a file
    /// cannot be read or is not TOML.
    pub fn gather(root: &Path, env: &BTreeMap<String, String>, findings: &Findings) -> Option<Self> {
        let main = SourceFile::read(&root.join(MAIN), MAIN);
        let main = main.map_err(|finding| findings.add(finding)).ok();
        let drop_ins = root.join(DROP_INS);
        let drop_ins =
            if drop_ins.is_dir() { folder::read(&drop_ins, DROP_INS, findings).files } else { Vec::new() };
        let files: Vec<_> = main.into_iter().chain(drop_ins).map(|file| masked(&file)).collect();
        for file in &files {
            syntax::parse(file, findings);
        }
        let values: BTreeMap<_, _> = env.iter().filter(|(name, _)| path_of(name).is_some()).collect();
        let variables = values.keys().filter_map(|name| Some((path_of(name)?, (*name).clone()))).collect();
        let values = values.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        (!findings.has_errors()).then_some(Self { files, variables, values })
    }

    /// The layers merged; `None` if the `config` crate refuses one, with a finding.
    pub fn merged(&self, findings: &Findings) -> Option<Tree> {
        let mut builder = Config::builder();
        for file in &self.files {
            let source = File::from_str(&file.text, FileFormat::Toml);
            if source.collect().is_err() {
                // The text is TOML, so a number it cannot hold is all that is left.
                findings.add(Diagnostic::new(Code::BadScalar, Place::Path(file.path.clone())));
            }
            builder = builder.add_source(source);
        }
        let values = self.values.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let environment = Environment::with_prefix(PREFIX.trim_end_matches('_'));
        let environment = environment.prefix_separator("_").separator("__").source(Some(values));
        let merged = builder.add_source(environment).build().ok()?.collect().ok()?;
        Some(Tree::table(merged))
    }

    /// The variable that sets exactly this, if one does.
    pub fn variable(&self, path: &[Step]) -> Option<&str> {
        self.variables.get(path).map(String::as_str)
    }

    /// Where a setting stands: the variable, else the last layer that reaches deepest. With `key`, its
    /// key instead of its value. Where nothing of it is written: the start of the main file.
    pub fn locate(&self, path: &[Step], key: bool) -> Place {
        if let Some(variable) = self.variable(path) {
            return Place::Variable(variable.to_owned());
        }
        let mut best: Option<(usize, Place)> = None;
        for file in &self.files {
            let Ok(table) = DeTable::parse(&file.text) else { continue };
            let (depth, span) = deepest(table.get_ref(), path, key);
            if depth > 0 && best.as_ref().is_none_or(|(deepest, _)| depth >= *deepest) {
                best = Some((depth, Place::text(file, span)));
            }
        }
        let below = || self.variables.iter().find(|(set, _)| set.starts_with(path));
        let whole = best.as_ref().is_some_and(|(depth, _)| *depth == path.len());
        match (best, below()) {
            (_, Some((_, variable))) if !whole => Place::Variable(variable.clone()),
            (Some((_, place)), _) => place,
            (None, _) => Place::Path(MAIN.to_owned()),
        }
    }

    /// Whether any layer sets this.
    pub fn is_set(&self, path: &[Step]) -> bool {
        let written = |file: &Arc<SourceFile>| {
            DeTable::parse(&file.text)
                .is_ok_and(|table| deepest(table.get_ref(), path, false).0 == path.len())
        };
        self.variable(path).is_some() || self.files.iter().any(written)
    }
}

/// How many steps a table follows, and the span of where it ends.
fn deepest(table: &DeTable<'_>, path: &[Step], key: bool) -> (usize, std::ops::Range<usize>) {
    let Some(Step::Key(name)) = path.first() else { return (0, 0..0) };
    let Some((found, mut value)) = table.get_key_value(name.as_str()) else { return (0, 0..0) };
    let mut span = if key { found.span() } else { value.span() };
    for (depth, step) in path.iter().enumerate().skip(1) {
        let next = match (value.get_ref(), step) {
            (DeValue::Table(table), Step::Key(name)) => {
                table.get_key_value(name.as_str()).map(|(found, value)| (found.span(), value))
            }
            (DeValue::Array(items), Step::Index(index)) => items.get(*index).map(|item| (item.span(), item)),
            _ => None,
        };
        let Some((at_key, next)) = next else { return (depth, value.span()) };
        value = next;
        span = if key { at_key } else { next.span() };
    }
    (path.len(), span)
}

/// `VANTHU_MAIL__LIST_ID` → `mail.list_id`. A variable without `__` is no setting: those belong to the
/// command line.
pub fn path_of(name: &str) -> Option<Vec<Step>> {
    let name = name.strip_prefix(PREFIX)?;
    let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let steps: Vec<_> = name.split("__").map(|part| Step::Key(part.to_ascii_lowercase())).collect();
    let whole = steps.len() > 1 && steps.iter().all(|step| *step != Step::Key(String::new()));
    (plain && whole).then_some(steps)
}

/// The file with secrets in clear overwritten, byte by byte so that spans still fit: its lines may be
/// shown on a terminal and in the log.
fn masked(file: &Arc<SourceFile>) -> Arc<SourceFile> {
    let mut text = file.text.clone();
    for found in BARE_SECRETS.captures_iter(&file.text) {
        let Some(secret) = found.get(1) else { continue };
        let quoted = secret.as_str().starts_with(['"', '\'']);
        let range = if quoted { secret.start() + 1..secret.end() - 1 } else { secret.range() };
        text.replace_range(range.clone(), &"*".repeat(range.len()));
    }
    for found in URL_SECRETS.captures_iter(&file.text) {
        if let Some(secret) = found.get(1).or_else(|| found.get(2)) {
            text.replace_range(secret.range(), &"*".repeat(secret.len()));
        }
    }
    SourceFile::new(file.path.clone(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_name_settings() {
        let path = |name| path_of(name).map(|path| super::super::tree::join(&path));
        assert_eq!(path("VANTHU_MAIL__LIST_ID").as_deref(), Some("mail.list_id"));
        assert_eq!(path("VANTHU_MAIL__TRANSPORT__PORT").as_deref(), Some("mail.transport.port"));
        for foreign in ["VANTHU_CONFIG", "HOME", "VANTHU___X", "VANTHU_a__b", "VANTHU_MAIL__"] {
            assert_eq!(path(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn secrets_in_clear_are_not_shown() {
        let cases = [
            ("password = \"tuyệt mật\"\n", "password = \"*************\"\n"),
            ("password = 'x' # y", "password = '*' # y"),
            ("password = hunter2\n", "password = *******\n"),
            ("k = [{ id = \"a\", secret = \"b\" }]", "k = [{ id = \"a\", secret = \"*\" }]"),
            ("password = { file = \"x\" }", "password = { file = \"x\" }"),
            ("url = \"postgres://v:bí@db/v\"", "url = \"postgres://v:***@db/v\""),
            ("url = \"postgres://v@db/v?a=b&password=x\"", "url = \"postgres://v@db/v?a=b&password=*\""),
            ("url = \"postgres://v@db:5432/v\"", "url = \"postgres://v@db:5432/v\""),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(&SourceFile::new("a", text)).text, expected);
        }
    }
}
