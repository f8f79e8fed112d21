//! Plans: what is shown is what is done, and nothing is done before.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::office::Office;
use vanthu::app::plan::apply::{Applied, Apply, ApplyError, apply};
use vanthu::app::plan::draw::{Draw, Only, Side, draw};
use vanthu::app::ports::{HoldKind, NoticeFilter, NoticeRow, ObligationRow};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::change::Fate;
use vanthu::domain::ids::{DocumentId, UnitId};
use vanthu::domain::notice::NoticeKind;
use vanthu::domain::obligation::{Answer, Role, State};
use vanthu::domain::plan::{Act, Change, HoldAct, Kept, Plan};
use vanthu::domain::rule::{DueSource, Rule, Ruleset, Targets};
use vanthu::domain::stamp::Stamp;

use crate::support::rig::{Rig, local};

/// The stamp of the office's files; the rig's office has none, so that any will do.
fn stamp(rules: &str) -> Stamp {
    Stamp { rules: rules.to_owned(), units: "u".to_owned(), calendar: "c".to_owned() }
}

async fn plan(rig: &Rig, after: &Office) -> Plan {
    let draft = Draw {
        reader: rig.store.as_ref(),
        before: None,
        after: Side { office: after, stamp: &stamp("mới") },
        only: Only::All,
        since: local("2026-01-01 00:00"),
        now: rig.clock_now(),
        actor: "vt".to_owned(),
        progress: &|_, _| (),
    };
    draw(&draft).await.unwrap()
}

async fn applied(rig: &Rig, office: &Office, plan: &Plan) -> Result<Applied, ApplyError> {
    let job = Apply {
        store: rig.store.as_ref(),
        side: Side { office, stamp: &stamp("mới") },
        policy: &rig.policy,
        actor: "vt".to_owned(),
        now: rig.clock_now(),
    };
    apply(&job, plan).await
}

/// The rig's office with other rules.
fn with(rig: &Rig, edit: impl FnOnce(&mut Vec<Rule>)) -> Office {
    let mut rules = rig.office.ruleset.rules.clone();
    edit(&mut rules);
    Office { ruleset: Ruleset::new(rules, "mới".to_owned()), ..rig.office.clone() }
}

/// A rule like the office's first, for documents with these words.
fn rule(rig: &Rig, id: &str, words: &str) -> Rule {
    let mut rule = rig.office.ruleset.rules[0].clone();
    rule.id = id.into();
    rule.when.text_any = vec![words.to_owned()];
    rule
}

fn paper(id: i64, subject: &str) -> FakeDocument {
    let mut paper = FakeDocument::new(id, &format!("{id}-KH/ĐUK"), subject, local("2026-03-02 08:00"));
    paper.due = "2026-03-31".parse().ok();
    paper
}

/// Monday 2026-03-02 with one document for all four cells, one that no rule matches, one to be kept.
async fn rig() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(paper(1, "Sinh hoạt chuyên đề quý I"));
    rig.ioffice.put(paper(2, "Thư mời dự hội trại"));
    rig.ioffice.put(paper(3, "Tài liệu để lưu"));
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

/// The number of the document with an id of its own at the source.
async fn number(rig: &Rig, symbol: &str) -> DocumentId {
    rig.store.find_documents(symbol, rig.clock_now()).await.unwrap()[0].id
}

async fn rows(rig: &Rig, document: DocumentId) -> BTreeMap<UnitId, ObligationRow> {
    let rows = rig.store.obligations(document, false).await.unwrap();
    rows.into_iter().map(|row| (row.obligation.cell.clone(), row)).collect()
}

async fn done(rig: &Rig, document: DocumentId, cell: &str) {
    let obligation = rows(rig, document).await[&UnitId::from(cell)].obligation.id;
    let answer = Answer::done();
    let entry = OnBehalf {
        obligations: &[obligation],
        answer: &answer,
        actor: "vt",
        reason: "gọi điện",
        now: rig.clock_now(),
    };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}

/// `act cell` for each part, in order.
fn acts(change: &Change) -> Vec<String> {
    let word = |act: Act| match act {
        Act::Open => "open".to_owned(),
        Act::Reopen { .. } => "reopen".to_owned(),
        Act::Change { .. } => "change".to_owned(),
        Act::Withdraw { .. } => "withdraw".to_owned(),
        Act::Keep { kept } => format!("{kept:?}"),
    };
    change.parts().map(|(_, part)| format!("{} {}", word(part.act), part.cell)).collect()
}

#[tokio::test]
async fn the_same_rules_change_nothing() {
    let rig = rig().await;
    let drawn = plan(&rig, &rig.office).await;
    assert_eq!((drawn.looked, drawn.changes.len(), drawn.is_empty()), (3, 0, true));
}

#[tokio::test]
async fn a_document_that_waited_is_given_by_a_new_rule() {
    let rig = rig().await;
    let waits = number(&rig, "2-KH/ĐUK").await;
    let office = with(&rig, |rules| rules.push(rule(&rig, "hoi-trai", "hội trại")));
    let drawn = plan(&rig, &office).await;
    let [change] = &drawn.changes[..] else { panic!("{:#?}", drawn.changes) };
    assert_eq!((change.document, change.was, change.is), (waits, Fate::Unmatched, Fate::Assigned));
    assert_eq!(change.hold, Some(HoldAct::Close));
    assert_eq!(acts(change), ["open cb-1-1", "open cb-1-2", "open cb-2", "open cb-3"]);

    let done = applied(&rig, &office, &drawn).await.unwrap();
    assert_eq!(done, Applied { documents: 1, opened: 4, mails: 3, ..Applied::default() });
    assert_eq!(
        rig.send().await,
        ["notice cb-1-1@mau.example", "notice cb-1-2@mau.example", "notice cb-2@mau.example"]
    );
    let holds = rig.store.holds(true).await.unwrap();
    assert!(holds.iter().all(|hold| hold.kind == HoldKind::NoContact), "{holds:?}");
    assert!(plan(&rig, &office).await.changes.is_empty(), "what was applied is as routed");
}

#[tokio::test]
async fn obligations_are_changed_and_withdrawn_and_whoever_is_done_is_left_alone() {
    let rig = rig().await;
    let document = number(&rig, "1-KH/ĐUK").await;
    done(&rig, document, "cb-2").await;
    let office = with(&rig, |rules| {
        rules[0].to = Targets { except: vec!["cb-1-2".into()], ..rules[0].to.clone() };
        rules[0].due = vec![DueSource::Fixed("2026-04-15".parse().unwrap())];
        rules[0].role = Role::Support;
    });
    let drawn = plan(&rig, &office).await;
    let answered = format!("{:?}", Kept::Answered(State::Done));
    assert_eq!(
        acts(&drawn.changes[0]),
        ["withdraw cb-1-2", "change cb-1-1", &format!("{answered} cb-2"), "change cb-3"]
    );
    let done = applied(&rig, &office, &drawn).await.unwrap();
    assert_eq!((done.opened, done.changed, done.withdrawn, done.mails), (0, 2, 1, 2));
    assert_eq!(rig.send().await, ["change cb-1-1@mau.example", "withdrawal cb-1-2@mau.example"]);
    let letters = rig.mailer.letters();
    let change =
        letters.iter().find(|letter| letter.to == "cb-1-1@mau.example" && letter.role == Role::Support);
    assert_eq!(change.unwrap().due, Some(office.calendar.end_of_day("2026-04-15".parse().unwrap())));
    let rows = rows(&rig, document).await;
    let state = |cell: &str| rows[&UnitId::from(cell)].obligation.state;
    assert_eq!((state("cb-2"), state("cb-1-2")), (State::Done, State::Withdrawn));
    assert_eq!(
        rows[&UnitId::from("cb-2")].obligation.due,
        Some(office.calendar.end_of_day("2026-03-31".parse().unwrap()))
    );
}

#[tokio::test]
async fn what_a_plan_took_away_a_later_one_gives_back() {
    let rig = rig().await;
    let document = number(&rig, "1-KH/ĐUK").await;
    let none = with(&rig, |rules| drop(rules.remove(0)));
    let drawn = plan(&rig, &none).await;
    assert_eq!(drawn.changes[0].hold, Some(HoldAct::Open));
    applied(&rig, &none, &drawn).await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
    let holds = rig.store.holds(true).await.unwrap();
    assert_eq!(holds.iter().filter(|hold| hold.kind == HoldKind::Unmatched).count(), 2);

    rig.go("2026-03-04 09:00");
    let back = plan(&rig, &rig.office).await;
    assert_eq!(acts(&back.changes[0]), ["reopen cb-1-1", "reopen cb-1-2", "reopen cb-2", "reopen cb-3"]);
    applied(&rig, &rig.office, &back).await.unwrap();
    assert_eq!(rig.send().await.len(), 3, "the cells are told again");
    for row in rows(&rig, document).await.into_values() {
        assert_eq!((row.obligation.state, row.obligation.opened), (State::Open, local("2026-03-04 09:00")));
        // One working day to acknowledge counts from today and not from the day of the document.
        assert_eq!(
            row.obligation.acknowledge_due,
            Some(rig.office.calendar.end_of_day("2026-03-05".parse().unwrap()))
        );
    }
}

#[tokio::test]
async fn what_is_over_or_was_dealt_with_is_shown_and_kept() {
    let rig = rig().await;
    let (first, waits) = (number(&rig, "1-KH/ĐUK").await, number(&rig, "2-KH/ĐUK").await);
    for cell in ["cb-1-1", "cb-1-2", "cb-2", "cb-3"] {
        done(&rig, first, cell).await;
    }
    let mut tx = rig.store.begin().await.unwrap();
    for hold in rig.store.holds(true).await.unwrap() {
        tx.release_hold(hold.id, rig.clock_now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let office = with(&rig, |rules| {
        rules[0].role = Role::Inform;
        rules.push(rule(&rig, "hoi-trai", "hội trại"));
    });
    let drawn = plan(&rig, &office).await;
    let kept: Vec<_> = drawn.changes.iter().map(|change| (change.document, change.kept)).collect();
    assert_eq!(kept.len(), 2);
    assert!(
        kept.contains(&(first, Some(Kept::Settled))) && kept.contains(&(waits, Some(Kept::DealtWith))),
        "{kept:?}"
    );
    assert!(drawn.is_empty(), "nothing to apply");
    assert_eq!(applied(&rig, &office, &drawn).await.unwrap(), Applied::default());
}

#[tokio::test]
async fn a_due_that_has_passed_opens_nothing() {
    let rig = rig().await;
    rig.go("2026-04-01 09:00");
    let office = with(&rig, |rules| rules.push(rule(&rig, "hoi-trai", "hội trại")));
    let drawn = plan(&rig, &office).await;
    assert!(
        acts(&drawn.changes[0]).iter().all(|act| act.starts_with("Past")),
        "{:?}",
        acts(&drawn.changes[0])
    );
    assert_eq!(drawn.changes[0].hold, None, "it goes on waiting for staff");
}

#[tokio::test]
async fn a_plan_is_refused_once_something_moved() {
    let rig = rig().await;
    let document = number(&rig, "1-KH/ĐUK").await;
    let office = with(&rig, |rules| rules[0].role = Role::Support);
    let drawn = plan(&rig, &office).await;

    let mut foreign = drawn.clone();
    foreign.after = stamp("khác");
    assert!(
        matches!(applied(&rig, &office, &foreign).await, Err(ApplyError::Files(what)) if what == ["quy tắc"])
    );
    let mut newer = drawn.clone();
    newer.form += 1;
    assert!(matches!(applied(&rig, &office, &newer).await, Err(ApplyError::Form)));
    // The rules do not make of it what the plan says: the file was edited by hand.
    assert!(
        matches!(applied(&rig, &rig.office, &drawn).await, Err(ApplyError::Moved(which)) if which == [document])
    );

    let journal = rig.store.journal(None, 0, 0).await.unwrap().len();
    done(&rig, document, "cb-2").await;
    let refused = applied(&rig, &office, &drawn).await;
    assert!(matches!(&refused, Err(ApplyError::Moved(which)) if *which == [document]), "{refused:?}");
    assert_eq!(rig.store.journal(None, 0, 0).await.unwrap().len(), journal + 1, "only the answer is new");
    assert!(rig.send().await.is_empty());

    let again = plan(&rig, &office).await;
    applied(&rig, &office, &again).await.unwrap();
    let twice = applied(&rig, &office, &again).await;
    assert!(matches!(twice, Err(ApplyError::Moved(_))), "{twice:?}");
}

#[tokio::test]
async fn an_acknowledgement_in_between_is_no_obstacle() {
    let rig = rig().await;
    let document = number(&rig, "1-KH/ĐUK").await;
    let office = with(&rig, |rules| rules[0].role = Role::Support);
    let drawn = plan(&rig, &office).await;
    let obligation = rows(&rig, document).await[&UnitId::from("cb-2")].obligation.id;
    let answer = Answer::Received { promised: None };
    let entry = OnBehalf {
        obligations: &[obligation],
        answer: &answer,
        actor: "vt",
        reason: "gọi",
        now: rig.clock_now(),
    };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
    assert_eq!(applied(&rig, &office, &drawn).await.unwrap().changed, 4);
    let row = &rows(&rig, document).await[&UnitId::from("cb-2")].obligation;
    assert_eq!(row.state, State::Acknowledged, "what a cell said stays said");
}

/// What a random edit of the rules is made of.
#[derive(Debug, Clone)]
struct Edit {
    words: Vec<usize>,
    role: Role,
    due: u16,
    committee_only: bool,
}

const SUBJECTS: [&str; 4] = ["chuyên đề", "thanh tra", "hội trại", "lưu"];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let roles = prop::sample::select(vec![Role::Lead, Role::Support, Role::Inform]);
    let words = prop::collection::vec(0..SUBJECTS.len(), 1..3);
    let edit = (words, roles, 5_u16..40, any::<bool>());
    let edit = edit.prop_map(|(words, role, due, committee_only)| Edit { words, role, due, committee_only });
    prop::collection::vec(edit, 0..4)
}

fn edited(rig: &Rig, edits: &[Edit]) -> Office {
    with(rig, |rules| {
        let archive = rules.pop();
        rules.clear();
        for (number, edit) in edits.iter().enumerate() {
            let mut new = rule(rig, &format!("r-{number}"), "");
            new.when.text_any = edit.words.iter().map(|word| SUBJECTS[*word].to_owned()).collect();
            new.role = edit.role;
            new.due = vec![DueSource::WorkingDays(edit.due)];
            if edit.committee_only {
                new.to.subtree = vec!["db-1".into()];
            }
            rules.push(new);
        }
        rules.extend(archive);
    })
}

/// Everything a plan may touch: obligations by document and cell, mails by step.
async fn register(rig: &Rig) -> (BTreeMap<(DocumentId, UnitId), ObligationRow>, Vec<NoticeRow>) {
    let mut all = BTreeMap::new();
    for document in rig.store.documents(100, rig.clock_now()).await.unwrap() {
        for (cell, row) in rows(rig, document.id).await {
            all.insert((document.id, cell), row);
        }
    }
    (all, rig.store.notices(&NoticeFilter::default()).await.unwrap())
}

/// Applies a plan and holds the register against what the plan said, row by row and mail by mail.
async fn apply_and_compare(rig: &Rig, office: &Office) {
    let drawn = plan(rig, office).await;
    let (before, mails_before) = register(rig).await;
    applied(rig, office, &drawn).await.unwrap();
    let (after, mails_after) = register(rig).await;

    let mut promised: BTreeMap<(DocumentId, UnitId), _> = BTreeMap::new();
    let mut letters = Vec::new();
    for change in &drawn.changes {
        for (group, part) in change.parts() {
            promised.insert((change.document, part.cell.clone()), (group, part.act));
            let kind = part.act.mail();
            letters.extend(part.mails.iter().map(|to| (change.document, to.clone(), kind.unwrap())));
        }
    }
    for (key, row) in &after {
        let was = before.get(key);
        match promised.get(key) {
            None | Some((_, Act::Keep { .. })) => {
                assert_eq!(
                    Some(&row.obligation),
                    was.map(|was| &was.obligation),
                    "{key:?} was not to change"
                );
            }
            Some((_, Act::Withdraw { .. })) => assert_eq!(row.obligation.state, State::Withdrawn),
            Some((group, act)) => {
                let duty = rig.store.duty(row.obligation.duty).await.unwrap().unwrap().duty;
                assert_eq!(Some(&duty), group.after.as_ref(), "{key:?}");
                assert_eq!(row.obligation.due, duty.due);
                assert_eq!(was.is_none(), *act == Act::Open);
                assert!(row.obligation.state.is_live());
            }
        }
    }
    let opened = promised.iter().filter(|(_, (_, act))| *act == Act::Open).count();
    assert_eq!(after.len(), before.len() + opened);
    let old: Vec<_> = mails_before.iter().map(|mail| mail.id).collect();
    let new = mails_after.iter().filter(|mail| !old.contains(&mail.id));
    let mut sent: Vec<_> = new.map(|mail| (mail.document, mail.mailbox.clone(), mail.kind)).collect();
    sent.sort();
    letters.sort();
    assert_eq!(sent, letters);
    assert!(plan(rig, office).await.is_empty(), "a second plan has nothing left to do");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_equals_what_applying_it_does(
        first in edits(),
        second in edits(),
        answers in prop::collection::vec((0_usize..4, 0_usize..4), 0..5),
        is_sent in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut rig = Rig::at("2026-03-02 09:00").await;
            for (id, subject) in (1..).zip(SUBJECTS) {
                rig.ioffice.put(paper(id, &format!("Về {subject}")));
            }
            rig.office = edited(&rig, &first);
            rig.poll().await.unwrap();
            if is_sent {
                rig.send().await;
            }
            let (known, _) = register(&rig).await;
            for (document, cell) in answers {
                let cell = ["cb-1-1", "cb-1-2", "cb-2", "cb-3"][cell];
                let document = DocumentId(document as i64 + 1);
                if known.contains_key(&(document, cell.into())) {
                    done(&rig, document, cell).await;
                }
            }
            let fresh = Rig::at("2026-03-02 09:00").await;
            rig.go("2026-03-03 10:00");
            apply_and_compare(&rig, &edited(&fresh, &second)).await;
            if is_sent {
                rig.send().await;
            }
            rig.go("2026-03-05 10:00");
            apply_and_compare(&rig, &edited(&fresh, &first)).await;
        });
    }
}

/// A plan of tasks is compared task by task: a cell that loses one and keeps others is told of a change, in
/// one mail, and the row of the task it lost is the only one withdrawn.
#[tokio::test]
async fn tasks_are_compared_task_by_task() {
    let rig = rig().await;
    rig.ioffice.put(paper(4, "Kế hoạch năm 2026"));
    rig.poll().await.unwrap();
    rig.send().await;
    let document = number(&rig, "4-KH/ĐUK").await;
    let office = with(&rig, |rules| {
        let plan = rules.iter_mut().find(|rule| !rule.tasks.is_empty()).unwrap();
        plan.tasks.retain(|task| task.name.id.code() != "dang-ky");
        plan.tasks[0].due = vec![DueSource::WorkingDays(15)];
    });
    let drawn = plan(&rig, &office).await;
    let [change] = &drawn.changes[..] else { panic!("{:#?}", drawn.changes) };
    let tasks: BTreeMap<_, _> = change.groups.iter().map(|group| (group.task_id().0, group)).collect();
    assert_eq!(tasks.keys().collect::<Vec<_>>(), ["plan/dang-ky", "plan/quan-triet"]);
    assert!(tasks["plan/dang-ky"].cells.iter().all(|part| matches!(part.act, Act::Withdraw { .. })));
    assert!(tasks["plan/quan-triet"].cells.iter().all(|part| matches!(part.act, Act::Change { .. })));
    let written: Vec<_> = change.parts().flat_map(|(_, part)| part.mails.iter().zip(part.mail())).collect();
    assert!(written.iter().all(|(_, kind)| *kind == NoticeKind::Change), "{written:?}");
    let addresses: BTreeSet<_> = written.iter().map(|(address, _)| address).collect();
    assert_eq!(addresses.len(), written.len(), "one mail to each");

    let done = applied(&rig, &office, &drawn).await.unwrap();
    assert_eq!((done.opened, done.changed, done.withdrawn, done.mails), (0, 4, 4, written.len() as u64));
    let rows = rig.store.obligations(document, false).await.unwrap();
    let live = rows.iter().filter(|row| row.obligation.state.is_live());
    let live: BTreeSet<_> = live.map(|row| row.obligation.task.code().to_owned()).collect();
    assert_eq!(live, BTreeSet::from(["quan-triet".to_owned(), "toa-dam".to_owned()]));
    assert!(plan(&rig, &office).await.is_empty(), "applying it settles it");
}
