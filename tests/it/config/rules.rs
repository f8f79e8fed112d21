//! Faults of rules, ladders and the tests beside them.

use unicode_normalization::UnicodeNormalization as _;
use vanthu::config::rules_test;
use vanthu::config::settings::Language;

use super::office::Office;

fn tells(old: &str, new: &str) -> String {
    Office::new().exchange("rules.d/10.toml", old, new).tells()
}

macro_rules! broken {
    ($($name:ident: $old:expr => $new:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(tells($old, $new));
        })*
    };
}

broken! {
    unknown_keys: "due = " => "deadline = ";
    unknown_condition: "text_any" => "text_ani";
    unknown_urgency: "when = { " => "when = { urgency = [\"hoả tốc\", \"expres\"], ";
    unknown_cell: "to = { kind = [\"base-cell\"]," => "to = { units = [\"Chi bo Truong hoc\"], except = [\"cb-dien-lục\"],";
    not_a_cell: "to = { kind = [\"base-cell\"]," => "to = { units = [\"duk\"],";
    unknown_kind_and_sector: "kind = [\"base-cell\"], sector = [\"administration\"]" => "kind = [\"committee\"], sector = [\"hành chính\"]";
    bad_regex: "text_any = [\"sinh hoạt chuyên đề\"]" => "text_regex = \"(quý|tháng\"";
    unknown_ladder: "ladder = \"standard\"" => "ladder = \"standrad\"";
    no_ladder: "ladder = \"standard\"\n" => "";
    bad_due: "\"document, else 15 working days\"" => "\"15 ngày làm việc\"";
    nobody_and_somebody: "to = {" => "nobody = \"không rõ\"\nto = {";
    nobody_at_all: "to = { kind = [\"base-cell\"], sector = [\"administration\"] }\n" => "";
    nobody_without_a_reason: "to = {" => "nobody = \" \"\nto = {";
    wrong_types: "name = \"Sinh hoạt chuyên đề\"" => "name = 12\nowes = 3\nfinal = \"true\"\nfrom = 3";
    bad_step: "at = \"due - 3 working days\"" => "at = \"trước hạn 3 ngày\"";
    dead_step: "due = \"document, else 15 working days\"" => "acknowledge_within = \"1 working day\"";
    bad_days: "due = " => "acknowledge_within = \"1 ngày\"\ndue = ";
    unknown_source: "when = { " => "when = { source = [\"iofice\"], ";
    empty_list: "text_any = [\"sinh hoạt chuyên đề\"]" => "text_any = []";
    chooses_nobody: "kind = [\"base-cell\"], sector = [\"administration\"]" => "kind = [\"base-cell\"], sector = [\"truong\"]";
}

#[test]
fn one_text_is_a_list_of_one() {
    let office = Office::new().exchange("rules.d/10.toml", "kind = [\"base-cell\"]", "kind = \"base-cell\"");
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.office.ruleset.rules[0].to.kind, ["base-cell"]);
}

#[test]
fn rules_of_one_code_in_two_files() {
    let second = "[[rule]]\nid = \"chuyen-de\"\nname = \"Lặp\"\nwhen = { kind = \"KH\" }\nto = { kind = \"base-cell\" }\n";
    insta::assert_snapshot!(Office::new().with("rules.d/20-them.toml", second).tells());
}

#[test]
fn a_catch_all_that_hides_the_rest() {
    let first = "[[rule]]\nid = \"tat-ca\"\nname = \"Tất cả\"\nnobody = \"thử\"\nfinal = true\n";
    insta::assert_snapshot!(Office::new().with("rules.d/01.toml", first).tells());
}

/// Half a ruleset is never compared: what a broken file may declare is not called unknown.
#[test]
fn a_broken_file_does_not_make_others_wrong() {
    let office = Office::new()
        .exchange("rules.d/10.toml", "ladder = \"standard\"", "ladder = \"elsewhere\"")
        .with("rules.d/20.toml", "[[ladder]]\nname = elsewhere\n");
    insta::assert_snapshot!(office.tells());
}

/// Accents stored apart are read as composed ones.
#[test]
fn values_are_composed() {
    let rules = super::office::RULES.nfd().collect::<String>();
    let loaded = Office::new().with("rules.d/10.toml", rules).load().unwrap();
    let rule = &loaded.office.ruleset.rules[0];
    assert_eq!(rule.name, "Sinh hoạt chuyên đề");
    assert_eq!(rule.when.text_any, ["sinh hoạt chuyên đề"]);
}

#[test]
fn the_hash_follows_the_texts() {
    let hash = |office: Office| office.load().unwrap().office.ruleset.hash;
    let first = hash(Office::new());
    assert_eq!(first.len(), 12);
    assert_eq!(first, hash(Office::new()));
    assert_ne!(first, hash(Office::new().append("rules.d/10.toml", "# thêm một dòng\n")));
}

#[test]
fn tests_are_checked_like_rules() {
    let test = "[[test]]\ndocument = { subject = \"Sinh hoạt chuyên đề\" }\nexpect = { cells = [\"cb-truong\"], rule = \"chuyen\", outcome = \"ok\" }\n\n\
                [[test]]\ndocument = { symbol = \"1-KH/TU\", isued = 2026-01-05, issued = 2026-01-05 }\nexpect = {}\n";
    insta::assert_snapshot!(Office::new().append("rules.d/10.toml", test).tells());
}

#[test]
fn failed_tests_say_what_came_instead() {
    let tests = r#"[[test]]
document = { symbol = "1-KH/TU", subject = "Sinh hoạt chuyên đề quý I", issued = 2026-01-15 }
expect = { cells = 2, rule = "chuyen-de", due = 2026-02-06 }

[[test]]
name = "Doanh nghiệp cũng phải nhận"
document = { symbol = "2-KH/TU", subject = "Sinh hoạt chuyên đề quý II", issued = 2026-01-15 }
expect = { cells = ["cb-truong-hoc", "cb-dien-luc"] }

[[test]]
document = { symbol = "3-KH/TU", subject = "Việc khác", issued = 2026-01-15 }
expect = { outcome = "assigned", rule = "chuyen-de", due = 2026-02-05 }

[[test]]
document = { symbol = "4-KH/TU", subject = "Sinh hoạt chuyên đề quý IV", issued = 2026-01-15 }
expect = { cells = 1, rule = "chuyen-de", due = 2026-02-05, outcome = "assigned" }
"#;
    let loaded = Office::new().append("rules.d/10.toml", tests).load().unwrap();
    let tested = rules_test::run(&loaded.office);
    assert!(tested[3].failures.is_empty());
    assert_eq!(rules_test::untested(&loaded.office, &tested).len(), 0);
    insta::assert_snapshot!(rules_test::report(&tested).render(Language::Vi, false));
}
