//! Faults of rules, ladders and the tests beside them.

use unicode_normalization::UnicodeNormalization as _;
use vanthu::config::rules_test;
use vanthu::config::settings::Language;
use vanthu::domain::obligation::{Owed, Role};

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

/// A rule of the office's file made a plan, with one task too few or too much.
const TASK: &str = "\n[[rule.task]]\nid = \"quán triệt\"\nname = \"Quán triệt\"\n";

broken! {
    a_task_with_a_code_nobody_can_type: "ladder = \"standard\"\n" => &format!("ladder = \"standard\"\n{TASK}");
    a_task_for_nobody: "to = { kind = [\"base-cell\"], sector = [\"administration\"] }\n" =>
        "task = [{ id = \"quan-triet\", name = \"Quán triệt\" }]\n";
    a_task_twice: "ladder = \"standard\"\n" =>
        "ladder = \"standard\"\n[[rule.task]]\nid = \"a\"\nname = \"Một\"\n[[rule.task]]\nid = \"a\"\nname = \"Hai\"\n";
    a_task_by_role_and_by_to: "ladder = \"standard\"\n" =>
        "ladder = \"standard\"\n[[rule.task]]\nid = \"a\"\nname = \"Toạ đàm\"\nlead = [\"cb-truong-hoc\"]\nto = { kind = \"base-cell\" }\nrole = \"support\"\n";
    a_key_that_every_task_overrides: "ladder = \"standard\"\n" =>
        "ladder = \"standard\"\n[[rule.task]]\nid = \"a\"\nname = \"Toạ đàm\"\ndue = \"3 working days\"\nlead = { kind = \"base-cell\" }\n";
    a_task_with_nobody: "to = {" => "task = [{ id = \"a\", name = \"Một\" }]\nnobody = \"không rõ\"\nto = {";
    a_task_without_a_ladder: "ladder = \"standard\"\n" =>
        "[[rule.task]]\nid = \"a\"\nname = \"Một\"\n";
    a_task_whose_leads_are_unknown: "ladder = \"standard\"\n" =>
        "ladder = \"standard\"\n[[rule.task]]\nid = \"a\"\nname = \"Dự toạ đàm\"\nlead = [\"cb-truong\"]\nsupport = []\nchu_tri = 1\n";
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

const PLAN: &str = r#"
[[rule]]
id = "ke-hoach"
name = "Kế hoạch năm"
when = { text_any = ["kế hoạch năm"] }
to = { kind = "base-cell" }
owes = ["acknowledge", "report"]
due = "10 working days"
ladder = "standard"

  [[rule.task]]
  id = "quan-triet"
  name = "Quán triệt kế hoạch"

  [[rule.task]]
  id = "toa-dam"
  name = "Toạ đàm điểm"
  lead = ["cb-truong-hoc"]
  support = { kind = "base-cell" }
  owes = ["do"]
  due = "fixed 2026-03-16"
"#;

/// What a task leaves out is the rule's; what it writes is its own.
#[test]
fn tasks_fall_back_to_their_rule() {
    let loaded =
        Office::new().append("rules.d/10.toml", PLAN).load().unwrap_or_else(|report| panic!("{report}"));
    let rule = &loaded.office.ruleset.rules[1];
    let [first, second] = rule.tasks.as_slice() else { panic!("{:?}", rule.tasks) };
    assert_eq!(
        (first.name.id.as_str(), first.name.name.as_str()),
        ("ke-hoach/quan-triet", "Quán triệt kế hoạch")
    );
    assert_eq!(first.to, [(Role::Lead, rule.to.clone())]);
    assert_eq!((&first.owes, &first.due, &first.ladder.name), (&rule.owes, &rule.due, &rule.ladder.name));
    let roles: Vec<_> = second.to.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [Role::Lead, Role::Support]);
    assert_eq!(second.to[0].1.units, ["cb-truong-hoc".into()]);
    assert_eq!(second.owes, [Owed::Do]);
    assert_eq!(second.ladder, first.ladder);
}

#[test]
fn tests_name_tasks_and_say_what_came_instead() {
    let tests = r#"[[test]]
document = { symbol = "1-KH/TU", subject = "Kế hoạch năm 2026", issued = 2026-01-15 }
expect = [
  { rule = "ke-hoach", cells = 2 },
  { task = "quan-triet", cells = 2, due = 2026-01-29 },
  { task = "ke-hoach/toa-dam", cells = ["cb-truong-hoc", "cb-dien-luc"], due = 2026-03-16 },
]
[[test]]
document = { symbol = "2-KH/TU", subject = "Kế hoạch năm 2026", issued = 2026-01-15 }
expect = { task = "toa-dam", cells = 1, due = 2026-01-29 }
"#;
    let office = Office::new().append("rules.d/10.toml", PLAN).append("rules.d/10.toml", tests);
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    let report = rules_test::report(&rules_test::run(&loaded.office));
    insta::assert_snapshot!(report.render(Language::Vi, false));
    let unknown = tests.replace("task = \"toa-dam\"", "task = \"toa-dạm\"");
    insta::assert_snapshot!(
        Office::new().append("rules.d/10.toml", PLAN).append("rules.d/10.toml", &unknown).tells()
    );
}
