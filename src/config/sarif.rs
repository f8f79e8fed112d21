//! Findings as SARIF 2.1.0 (OASIS), for tools that show them beside a change: every code is a rule of
//! the tool, every finding a result, an allowed warning a result with its suppression.

use serde_json::{Value, json};
use url::Url;

use super::code::{Code, Severity};
use super::diagnostic::{Diagnostic, Report};
use super::file::Place;
use super::page::Page;
use super::settings::Language;

/// Where the format is defined.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What the paths of findings are relative to: the folder of `vanthu.toml`.
const ROOT: &str = "ROOT";

/// One log with one run.
pub fn log(report: &Report, language: Language) -> Value {
    let rules: Vec<_> = Code::ALL.iter().map(|code| rule(*code, language)).collect();
    let results: Vec<_> = report.diagnostics.iter().map(|finding| result(finding, language)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": tag(language),
                "rules": rules,
            } },
            "language": tag(language),
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { ROOT: { "description": { "text": "vanthu.toml" } } },
            "results": results,
        }],
    })
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

fn rule(code: Code, language: Language) -> Value {
    let words = code.words(language);
    json!({
        "id": code.id(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": words.title },
        "help": { "text": Page::of(code).text(language) },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": { "phase": code.phase().as_str() },
    })
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn result(finding: &Diagnostic, language: Language) -> Value {
    let index = Code::ALL.iter().position(|code| *code == finding.code);
    let said = [
        finding.title(language),
        finding.label(language),
        finding.did_you_mean(language).unwrap_or_default(),
        finding.help(language),
    ];
    let said: Vec<_> = said.into_iter().filter(|text| !text.is_empty()).collect();
    let mut result = json!({
        "ruleId": finding.code.id(),
        "ruleIndex": index,
        "level": level(finding.severity()),
        "message": { "text": said.join("\n") },
        "locations": [location(&finding.place)],
    });
    let related = finding.related.iter().map(|(place, word)| {
        let mut location = location(place);
        location["message"] = json!({ "text": word.text(language) });
        location
    });
    let related: Vec<_> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(reason) = &finding.allowed {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn location(place: &Place) -> Value {
    match place {
        Place::Text { file, span } => {
            let (line, column) = file.line_column(span.start);
            let (end_line, end_column) = file.line_column(span.end);
            json!({ "physicalLocation": {
                "artifactLocation": artifact(&file.path),
                "region": {
                    "startLine": line, "startColumn": column,
                    "endLine": end_line, "endColumn": end_column,
                    "byteOffset": span.start, "byteLength": span.len(),
                },
            } })
        }
        Place::Path(path) => json!({ "physicalLocation": { "artifactLocation": artifact(path) } }),
        Place::Variable(name) => {
            json!({ "logicalLocations": [{ "fullyQualifiedName": name, "kind": "variable" }] })
        }
    }
}

/// A path as a URI reference below [`ROOT`], or as a `file:` URI where it is absolute.
fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({ "uri": Url::from_file_path(path).map_or_else(|()| path.to_owned(), String::from) });
    }
    let uri = Url::from_file_path(format!("/{path}"));
    let uri = uri.map_or_else(|()| path.to_owned(), |uri| uri.path().trim_start_matches('/').to_owned());
    json!({ "uri": uri, "uriBaseId": ROOT })
}
