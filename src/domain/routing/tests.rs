mod conditions;
mod properties;
mod targets;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Ho_Chi_Minh;
use proptest::prelude::*;

use super::*;
use crate::domain::document::{Exchange, Operation, Steering, Urgency};
use crate::domain::ids::{ExternalId, SourceId, TaskId};
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Grade, Owed, Role, TaskName};
use crate::domain::rule::{DueSource, Rule, Targets, Task, When};
use crate::domain::unit::{Dated, Kind, Unit, Validity};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 08:00 in the office on a Thursday.
fn now() -> DateTime<Utc> {
    Ho_Chi_Minh.with_ymd_and_hms(2026, 1, 15, 8, 0, 0).unwrap().with_timezone(&Utc)
}

fn calendar() -> Calendar {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(8), time(17))],
        before_day: Default::default(),
        years: [(2026, Default::default())].into(),
    }
}

fn unit(id: &str, kind: &str, sector: &str, parent: Option<&str>) -> Unit {
    Unit {
        sector: Some(sector.to_owned()),
        aliases: if id == "duk" { words(&["Đảng uỷ Khối các cơ quan", "ĐUK"]) } else { Vec::new() },
        tags: match id {
            "cb-1-2" | "cb-2" => words(&["border"]),
            "dn-1" => words(&["no-clerk"]),
            _ => Vec::new(),
        },
        parents: parent.map(|parent| Dated::always(parent.into())).into_iter().collect(),
        ..Unit::new(id, kind, &format!("Tên {id}"))
    }
}

fn units() -> Units {
    let kind = |id: &str, cell| Kind { id: id.to_owned(), name: id.to_owned(), cell };
    Units::new(
        Some("duk".into()),
        vec![kind("bloc", false), kind("committee", false), kind("cell", true)],
        Default::default(),
        [
            unit("duk", "bloc", "party", None),
            unit("db-1", "committee", "administration", Some("duk")),
            unit("cb-1-1", "cell", "administration", Some("db-1")),
            unit("cb-1-2", "cell", "public-service", Some("db-1")),
            unit("cb-2", "cell", "administration", Some("duk")),
            unit("dn-1", "cell", "enterprise", Some("duk")),
        ],
    )
}

fn document(symbol: &str, subject: &str) -> Document {
    Document {
        source: SourceId::from("ioffice"),
        external_id: ExternalId::from("1"),
        symbol: symbol.to_owned(),
        kind_name: None,
        subject: subject.to_owned(),
        content: None,
        issuer: "Đảng ủy Khối các cơ quan".to_owned(),
        signer: None,
        issued: Some(day("2026-01-14")),
        received: None,
        due: None,
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    }
}

fn rule(id: &str, when: When, to: Targets) -> Rule {
    Rule {
        id: id.into(),
        name: format!("Quy tắc {id}"),
        when,
        to,
        tasks: Vec::new(),
        nobody_because: None,
        role: Role::Lead,
        owes: vec![Owed::Acknowledge],
        acknowledge_within: None,
        due: Vec::new(),
        ladder: Ladder::default(),
        grade: Grade::Clicked,
        figures: Vec::new(),
        valid: Validity::default(),
        is_final: false,
        place: "rules.toml:1".to_owned(),
    }
}

fn everyone() -> Targets {
    Targets { kind: vec!["cell".to_owned()], ..Targets::default() }
}

fn run(rules: Vec<Rule>, document: &Document) -> Trace {
    let ruleset = Ruleset::new(rules, "h".to_owned());
    route(&ruleset, document, &units(), &calendar(), now())
}

fn cells(trace: &Trace) -> Vec<String> {
    let Outcome::Assigned { assignments } = &trace.outcome else {
        return Vec::new();
    };
    let mut cells: Vec<_> = assignments.iter().flat_map(|a| a.cells.iter().map(|c| c.0.clone())).collect();
    cells.sort();
    cells
}

#[track_caller]
fn matches(when: When, document: &Document, expected: bool) {
    let trace = run(vec![rule("r", when, everyone())], document);
    assert_eq!(trace.outcome != Outcome::Unmatched, expected, "{:#?}", trace.rules);
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn conditions_agree_with_what_people_mean() {
    let plan = document("12-KH/ĐUK", "Kế hoạch sinh hoạt chuyên đề quý I");
    let any = |list: &[&str]| When { text_any: words(list), ..When::default() };
    matches(When::default(), &plan, true);
    matches(When { issuer: words(&["ĐUK"]), ..When::default() }, &plan, true);
    matches(When { issuer: words(&["UK"]), ..When::default() }, &plan, false);
    matches(When { issuer: words(&["duk"]), ..When::default() }, &plan, true);
    matches(When { issuer: words(&["ĐẢNG UỶ KHỐI các cơ quan"]), ..When::default() }, &plan, true);
    matches(When { kind: words(&["HD", "KH"]), ..When::default() }, &plan, true);
    matches(When { kind: words(&["kế hoạch"]), ..When::default() }, &plan, true);
    matches(When { symbol: words(&["KH"]), ..When::default() }, &plan, true);
    matches(any(&["sinh hoạt chuyên đề"]), &plan, true);
    matches(any(&["SINH HOẠT chuyên đề"]), &plan, true);
    matches(any(&["sinh hoat chuyen de"]), &plan, false);
    matches(When { accent_free: true, ..any(&["sinh hoat chuyen de"]) }, &plan, true);
    matches(any(&["chuyên"]), &plan, true);
    matches(any(&["huyên đề"]), &plan, false);
    matches(When { text_all: words(&["chuyên đề", "quý I"]), ..When::default() }, &plan, true);
    matches(When { text_all: words(&["chuyên đề", "quý II"]), ..When::default() }, &plan, false);
    matches(When { text_none: words(&["quý II"]), ..When::default() }, &plan, true);
    matches(When { text_none: words(&["quý I"]), ..When::default() }, &plan, false);
    matches(When { urgency: vec![Urgency::Express], ..When::default() }, &plan, false);
    matches(When { issued_from: Some(day("2026-01-14")), ..When::default() }, &plan, true);
    matches(When { issued_until: Some(day("2026-01-13")), ..When::default() }, &plan, false);
    matches(When { source: vec!["vxp".into()], ..When::default() }, &plan, false);
}

#[test]
fn a_token_is_not_a_part_of_a_token() {
    let report = document("15/ABC-UBND", "Báo cáo");
    matches(When { symbol: words(&["BC"]), ..When::default() }, &report, false);
    matches(When { symbol: words(&["ABC"]), ..When::default() }, &report, true);
}

#[test]
fn decomposed_text_and_either_tone_place_route_alike() {
    use unicode_normalization::UnicodeNormalization;
    let subject = "Đảng uỷ triển khai hoà giải";
    for written in [subject.to_owned(), subject.nfd().collect(), "ĐẢNG ỦY triển khai hòa giải".to_owned()]
    {
        let when = When { text_all: words(&["đảng ủy", "hoà giải"]), ..When::default() };
        matches(when, &document("1-CV/TU", &written), true);
    }
}

#[test]
fn targets_intersect_then_add_then_except() {
    let paper = document("1-KH/TU", "x");
    #[track_caller]
    fn check(to: Targets, paper: &Document, expected: &[&str]) {
        assert_eq!(cells(&run(vec![rule("r", When::default(), to)], paper)), expected);
    }
    let sector = |names: &[&str]| Targets { sector: words(names), ..everyone() };
    check(everyone(), &paper, &["cb-1-1", "cb-1-2", "cb-2", "dn-1"]);
    check(sector(&["administration", "public-service"]), &paper, &["cb-1-1", "cb-1-2", "cb-2"]);
    check(Targets { subtree: vec!["db-1".into()], ..sector(&["administration"]) }, &paper, &["cb-1-1"]);
    check(Targets { units: vec!["dn-1".into()], ..Targets::default() }, &paper, &["dn-1"]);
    check(Targets { units: vec!["dn-1".into()], ..sector(&["public-service"]) }, &paper, &["cb-1-2", "dn-1"]);
    check(Targets { except: vec!["db-1".into()], ..everyone() }, &paper, &["cb-2", "dn-1"]);
}

#[test]
fn for_one_cell_the_strictest_role_and_the_earliest_due_win() {
    let paper = document("1-KH/TU", "x");
    let mut inform = rule("inform", When::default(), everyone());
    inform.role = Role::Inform;
    inform.due = vec![DueSource::WorkingDays(1)];
    let only = Targets { units: vec!["cb-2".into()], ..Targets::default() };
    let mut lead = rule("lead", When::default(), only);
    lead.owes = vec![Owed::Report, Owed::Acknowledge];
    lead.due = vec![DueSource::Document, DueSource::WorkingDays(5)];
    let trace = run(vec![inform, lead], &paper);
    let Outcome::Assigned { assignments } = &trace.outcome else { panic!("{trace:?}") };
    assert_eq!(assignments.len(), 2);
    let both = assignments.iter().find(|a| a.duty.rules.len() == 2).unwrap();
    assert_eq!(both.cells, vec!["cb-2".into()].into());
    assert_eq!(both.duty.role, Role::Lead);
    assert_eq!(both.duty.rules, ["lead".into(), "inform".into()]);
    assert_eq!(both.duty.owes, [Owed::Acknowledge, Owed::Report]);
    assert_eq!(both.duty.due, Some(calendar().end_of_day(day("2026-01-16"))));
}

#[test]
fn final_validity_nobody_and_unmatched_are_told_apart() {
    let paper = document("1-KH/TU", "x");
    let mut ended = rule("ended", When::default(), everyone());
    ended.valid.until = Some(day("2025-12-31"));
    let mut last = rule("last", When::default(), everyone());
    last.is_final = true;
    let below = rule("below", When::default(), everyone());
    let trace = run(vec![ended.clone(), last, below], &paper);
    let verdicts: Vec<_> = trace.rules.iter().map(|rule| rule.verdict).collect();
    assert_eq!(verdicts, [RuleVerdict::NotValid, RuleVerdict::Matched, RuleVerdict::NotRead]);

    let mut nobody = rule("nobody", When::default(), Targets::default());
    nobody.nobody_because = Some("chỉ lưu".to_owned());
    let trace = run(vec![nobody], &paper);
    assert_eq!(trace.outcome, Outcome::Nobody { rule: "nobody".into(), because: "chỉ lưu".to_owned() });

    assert_eq!(run(vec![ended], &paper).outcome, Outcome::Unmatched);
}

#[test]
fn a_due_the_text_proposes_binds_only_where_the_rule_says_text() {
    let paper = document("1-CV/TU", "Báo cáo kết quả chậm nhất ngày 30/01/2026");
    let silent = rule("silent", When::default(), everyone());
    let mut listens = silent.clone();
    listens.due = vec![DueSource::Text];
    let duty = |rule| match run(vec![rule], &paper).outcome {
        Outcome::Assigned { assignments } => assignments.into_iter().next().unwrap().duty,
        other => panic!("{other:?}"),
    };
    let (guess, bound) = (duty(silent), duty(listens));
    assert_eq!(guess.due, None);
    assert!(guess.due_why.unwrap().proposal);
    assert_eq!(bound.due, Some(calendar().end_of_day(day("2026-01-30"))));
    assert!(!bound.due_why.unwrap().proposal);
}

fn task(rule: &str, code: &str, to: Vec<(Role, Targets)>, due: u16) -> Task {
    Task {
        name: TaskName { id: TaskId::of(&rule.into(), code), name: format!("Việc {code}") },
        to,
        owes: vec![Owed::Acknowledge, Owed::Report],
        acknowledge_within: Some(1),
        due: vec![DueSource::WorkingDays(due)],
        ladder: Ladder::default(),
        grade: Grade::Clicked,
        figures: Vec::new(),
    }
}

fn plan(id: &str, tasks: Vec<Task>) -> Rule {
    Rule { tasks, ..rule(id, When::default(), Targets::default()) }
}

/// Task, role, cells and due day of every assignment.
fn told(trace: &Trace) -> Vec<String> {
    let Outcome::Assigned { assignments } = &trace.outcome else { return Vec::new() };
    let line = |one: &Assignment| {
        let task = one.duty.task.as_ref().map_or("-", |task| task.id.as_str());
        let cells: Vec<_> = one.cells.iter().map(UnitId::as_str).collect();
        let due = one.duty.due.map(|due| calendar().date_of(due - chrono::Duration::seconds(1)).to_string());
        format!("{task} {:?} {} {}", one.duty.role, cells.join(","), due.unwrap_or_default())
    };
    assignments.iter().map(line).collect()
}

/// One document opens several obligations, in the order of the plan; each cell one per task.
#[test]
fn a_plan_asks_task_by_task() {
    let below = Targets { subtree: vec!["db-1".into()], ..Targets::default() };
    let trace = run(
        vec![plan(
            "kh",
            vec![
                task("kh", "quan-triet", vec![(Role::Lead, everyone())], 5),
                task("kh", "chuyen-de", vec![(Role::Lead, below)], 2),
            ],
        )],
        &document("05-KH/ĐUK", "Kế hoạch"),
    );
    assert_eq!(
        told(&trace),
        [
            "kh/quan-triet Lead cb-1-1,cb-1-2,cb-2,dn-1 2026-01-22",
            "kh/chuyen-de Lead cb-1-1,cb-1-2 2026-01-19",
        ]
    );
    let [rule] = trace.rules.as_slice() else { panic!("one rule") };
    let counts: Vec<_> = rule.tasks.iter().map(|one| (one.task.id.code(), one.cells)).collect();
    assert_eq!((rule.cells, counts), (4, vec![("quan-triet", 4), ("chuyen-de", 2)]));
}

/// Within one task the strictest role wins and the rule is named once; tasks of other rules, of the same
/// code or of none, stay apart.
#[test]
fn a_task_merges_with_itself_and_nothing_else() {
    let one = |id: &str| Targets { units: vec![id.into()], ..Targets::default() };
    let split = task("kh", "chung", vec![(Role::Lead, one("cb-2")), (Role::Support, everyone())], 5);
    let other = task("khac", "chung", vec![(Role::Inform, one("cb-2"))], 3);
    let plain = rule("thuong", When::default(), one("cb-2"));
    let trace =
        run(vec![plan("kh", vec![split]), plan("khac", vec![other]), plain], &document("5-KH/ĐUK", "x"));
    assert_eq!(
        told(&trace),
        [
            "kh/chung Lead cb-2 2026-01-22",
            "kh/chung Support cb-1-1,cb-1-2,dn-1 2026-01-22",
            "khac/chung Inform cb-2 2026-01-20",
            "- Lead cb-2 ",
        ]
    );
    let Outcome::Assigned { assignments } = &trace.outcome else { panic!("{trace:?}") };
    assert_eq!(assignments[0].duty.rules, ["kh".into()]);
    assert_eq!(trace.rules[0].cells, 4, "a cell counts once, whatever it is asked");
}

proptest! {
    /// However targets overlap: for one cell and one task one obligation, with the strictest role it was
    /// chosen for, and none that nobody asked for.
    #[test]
    fn each_cell_is_asked_once_per_task(
        asks in prop::collection::vec((0..3_u8, 0..3_u8, prop::collection::btree_set(0..4_usize, 1..4)), 1..12),
    ) {
        const CELLS: [&str; 4] = ["cb-1-1", "cb-1-2", "cb-2", "dn-1"];
        const ROLES: [Role; 3] = [Role::Inform, Role::Support, Role::Lead];
        let mut tasks: BTreeMap<u8, Vec<(Role, Targets)>> = BTreeMap::new();
        let mut wanted: BTreeMap<(String, &str), Role> = BTreeMap::new();
        for (number, role, cells) in asks {
            let role = ROLES[usize::from(role)];
            let names: Vec<_> = cells.iter().map(|cell| CELLS[*cell]).collect();
            for cell in &names {
                let role_so_far = wanted.entry((format!("kh/t{number}"), cell)).or_insert(role);
                *role_so_far = role.max(*role_so_far);
            }
            let units = names.into_iter().map(Into::into).collect();
            tasks.entry(number).or_default().push((role, Targets { units, ..Targets::default() }));
        }
        let tasks = tasks.into_iter().map(|(number, to)| task("kh", &format!("t{number}"), to, 5)).collect();
        let trace = run(vec![plan("kh", tasks)], &document("5-KH/ĐUK", "x"));
        let Outcome::Assigned { assignments } = &trace.outcome else { panic!("{trace:?}") };
        let mut seen = BTreeMap::new();
        for one in assignments {
            for cell in one.cells.iter() {
                let key = (one.duty.task.as_ref().unwrap().id.0.clone(), cell.as_str());
                prop_assert!(seen.insert(key, one.duty.role).is_none(), "twice");
            }
        }
        prop_assert_eq!(seen, wanted);
    }
}
