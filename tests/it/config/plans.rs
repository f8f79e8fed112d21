//! What the lints see of plans, whose work stands in their tasks.

use vanthu::config::code::Code;

use super::base;
use super::office::Office;

const LADDER: &str = r#"[[ladder]]
name = "standard"
[[ladder.step]]
at = "due - 3 working days"
kind = "remind"
to = "cell"
"#;

fn rule(id: &str, tasks: &str) -> String {
    let head = "when = { text_any = [\"kế hoạch năm\"] }\ndue = \"10 working days\"\nladder = \"standard\"";
    format!("[[rule]]\nid = \"{id}\"\nname = \"Kế hoạch năm\"\n{head}\n{tasks}\n")
}

fn task(id: &str, rest: &str) -> String {
    format!("[[rule.task]]\nid = \"{id}\"\nname = \"Toạ đàm\"\n{rest}\n")
}

/// Everything found in an office that has these rules only.
fn found(rules: &[String]) -> Vec<Code> {
    base::codes(&base::examine(&Office::new().with("rules.d/10.toml", LADDER.to_owned() + &rules.join("\n"))))
}

#[test]
fn cells_are_reached_by_tasks() {
    let school = task("mot", "lead = [\"cb-truong-hoc\"]");
    let power = task("hai", "lead = { sector = \"enterprise\" }");
    assert_eq!(found(&[rule("ke-hoach", &(school.clone() + &power))]), []);
    assert_eq!(found(&[rule("ke-hoach", &school)]), [Code::Unreached]);
}

/// What a document alone can tell is not judged, in whichever task it stands.
#[test]
fn a_task_for_receivers_leaves_the_reach_of_rules_open() {
    let named = task("mot", "lead = [\"cb-truong-hoc\"]");
    let receivers = task("hai", "lead = { direct = \"cells\" }");
    assert_eq!(found(&[rule("ke-hoach", &(named + &receivers))]), []);
}

#[test]
fn two_plans_for_one_document_are_not_compared() {
    let every = "lead = { kind = \"base-cell\" }";
    let plans = [
        rule("mot", &task("quan-triet", every)),
        rule("hai", &task("toa-dam", &format!("{every}\nowes = [\"do\"]"))),
        rule("ba", "to = { kind = \"base-cell\" }"),
    ];
    assert_eq!(found(&plans), []);
}

#[test]
fn the_dues_of_tasks_are_judged_and_what_all_override_is_not() {
    let every = "lead = { kind = \"base-cell\" }";
    let fine = task("mot", every) + &task("hai", &format!("{every}\ndue = \"fixed 2026-03-16\""));
    assert_eq!(found(&[rule("ke-hoach", &fine)]), []);
    for (wrong, code) in [
        ("due = \"fixed 2026-01-05\"", Code::DueBeforeNotice),
        ("due = \"2 working days\"", Code::LadderTooLong),
        ("acknowledge_within = \"12 working days\"", Code::AcknowledgeAfterDue),
    ] {
        let plan = task("mot", every) + &task("hai", &format!("{every}\n{wrong}"));
        assert_eq!(found(&[rule("ke-hoach", &plan)]), [code], "{wrong}");
    }
}

/// A deputy reads in place of mailboxes that have run out.
#[test]
fn a_cell_that_a_deputy_reads_for_has_no_dead_mailbox() {
    let cell = "[[unit]]\nid = \"cb-moi\"\nname = \"Chi bộ Mới\"\nkind = \"base-cell\"\nparent = \"duk\"\n\
                mailboxes = [{ address = \"cu@mau.example\", until = 2025-12-31 }]\n";
    let away = "[[absence]]\nunit = \"cb-moi\"\nfrom = 2026-01-01\nuntil = 2026-02-28\n";
    let codes = |units: &str| base::codes(&base::examine(&base::office().append("units.toml", units)));
    assert_eq!(codes(cell), [Code::DeadMailbox]);
    assert_eq!(codes(&format!("{cell}\n{away}deputy = \"pho@mau.example\"\n")), []);
    let read = cell.replace(", until = 2025-12-31", "");
    assert_eq!(codes(&format!("{read}\n{away}")), [Code::NobodyReads]);
}
