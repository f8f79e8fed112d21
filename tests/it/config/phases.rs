//! Findings for machines: JSON with every way to count a column, SARIF 2.1.0, and the phases.

use serde_json::Value;
use vanthu::config::code::{Code, Phase};
use vanthu::config::sarif;
use vanthu::config::settings::Language;

use super::base;
use super::office::Office;

fn broken() -> Office {
    base::office()
        .with("rules.d/50 quy tắc.toml", "[[rule]]\nid = \"a\"\nname = \"🎯 Họp\"\nwhen = { text_any = [\"ho\u{323}p\"], wen = 1 }\nto = { units = [\"cb-dien-luk\"] }\n")
        .env("VANTHU_LOG_FILTER", "debug")
}

#[test]
fn a_finding_counts_columns_in_every_way() {
    let report = base::examine(&broken());
    let json = report.to_json(Language::Vi);
    let finding = json.as_array().unwrap().iter().find(|finding| finding["code"] == "VT020").unwrap();
    let line = "when = { text_any = [\"ho\u{323}p\"], ";
    assert_eq!(finding["line"], 4);
    assert_eq!(finding["column"], line.chars().count() + 1);
    assert_eq!(finding["utf16_column"], line.encode_utf16().count() + 1);
    let before = "[[rule]]\nid = \"a\"\nname = \"🎯 Họp\"\n".len() + line.len();
    assert_eq!(finding["byte"], before);
    assert_eq!(finding["end_byte"], before + "wen".len());
    for key in ["severity", "phase", "message", "label", "help", "file"] {
        assert!(finding[key].is_string(), "{key}: {finding}");
    }
}

#[test]
fn every_code_has_its_phase() {
    let phase = |code: Code| code.phase();
    assert_eq!(phase(Code::SmartQuote), Phase::Syntax);
    assert_eq!(phase(Code::WrongType), Phase::Syntax);
    assert_eq!(phase(Code::UnknownUnit), Phase::References);
    assert_eq!(phase(Code::Shadowed), Phase::References);
    assert_eq!(phase(Code::SecretUnread), Phase::Environment);
    assert_eq!(phase(Code::Unused), Phase::Environment);
    let report = base::examine(&broken());
    assert_eq!(report.of(Phase::Syntax), (1, 0), "{report}");
    assert_eq!(report.of(Phase::References), (1, 0), "{report}");
    assert_eq!(report.of(Phase::Environment), (0, 1), "{report}");
}

/// What SARIF 2.1.0 demands of a log (OASIS, §3.13 and on), checked member by member.
#[test]
fn sarif_is_well_formed() {
    let report = base::examine(&broken());
    let log = sarif::log(&report, Language::Vi);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "vanthu");
    let rules = driver["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Code::ALL.len());
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string(), "{rule}");
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
        assert!(is_level(&rule["defaultConfiguration"]["level"]), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.diagnostics.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(is_level(&result["level"]));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for location in result["locations"].as_array().unwrap() {
            well_placed(location, run);
        }
    }
    let uri = results
        .iter()
        .find_map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str());
    assert_eq!(uri, Some("rules.d/50%20quy%20t%E1%BA%AFc.toml"));
}

fn is_level(level: &Value) -> bool {
    ["none", "note", "warning", "error"].iter().any(|known| level == known)
}

fn well_placed(location: &Value, run: &Value) {
    let Some(physical) = location.get("physicalLocation") else {
        assert!(location["logicalLocations"][0]["fullyQualifiedName"].is_string(), "{location}");
        return;
    };
    let artifact = &physical["artifactLocation"];
    assert!(artifact["uri"].as_str().unwrap().is_ascii(), "{artifact}");
    assert!(run["originalUriBaseIds"].get(artifact["uriBaseId"].as_str().unwrap()).is_some());
    if let Some(region) = physical.get("region") {
        let number = |key: &str| region[key].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1);
        assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")));
    }
}
