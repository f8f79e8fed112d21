//! A calendar that changes moves nothing by itself: a plan shows what would move, and does exactly that.

use vanthu::app::office::Office;
use vanthu::app::plan::apply::{Apply, ApplyError, apply};
use vanthu::app::plan::draw::{Draw, Only, Side, draw};
use vanthu::app::ports::NoticeFilter;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::calendar::{Calendar, Year};
use vanthu::domain::ids::DocumentId;
use vanthu::domain::notice::NoticeKind;
use vanthu::domain::plan::Plan;
use vanthu::domain::rule::Ruleset;
use vanthu::domain::stamp::Stamp;
use vanthu::render::plan::PlanText;

use crate::support::rig::{Rig, local};

fn stamp() -> Stamp {
    Stamp { rules: "r".to_owned(), units: "u".to_owned(), calendar: "mới".to_owned() }
}

/// The rig's office with a holiday on Monday 09/03/2026.
fn with_holiday(rig: &Rig) -> Office {
    let off = [("2026-03-09".parse().unwrap(), "ngày lễ mới".to_owned())];
    let mut years = rig.office.calendar.years.clone();
    years.insert(2026, Year { off: off.into(), basis: Some("1/TB".to_owned()), ..Year::default() });
    Office { calendar: Calendar { years, ..rig.office.calendar.clone() }, ..rig.office.clone() }
}

async fn plan(rig: &Rig, office: &Office) -> Plan {
    let job = Draw {
        reader: rig.store.as_ref(),
        before: None,
        after: Side { office, stamp: &stamp() },
        only: Only::Calendar,
        since: local("2026-01-01 00:00"),
        now: rig.clock_now(),
        actor: "vt".to_owned(),
        progress: &|_, _| (),
    };
    draw(&job).await.unwrap()
}

/// Monday 02/03/2026: one directive counted in working days, one with a written due day.
async fn rig() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(FakeDocument::new(1, "1-KH/ĐUK", "Sinh hoạt chuyên đề", local("2026-03-02 08:00")));
    rig.poll().await.unwrap();
    let mut fixed = FakeDocument::new(2, "2-KH/ĐUK", "Học tập chuyên đề", local("2026-03-02 08:00"));
    fixed.due = "2026-03-31".parse().ok();
    rig.ioffice.put(fixed);
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

async fn due(rig: &Rig, document: i64) -> Vec<String> {
    let rows = rig.store.obligations(DocumentId(document), false).await.unwrap();
    let zone = rig.office.calendar.zone;
    rows.iter().map(|row| row.obligation.due.unwrap().with_timezone(&zone).date_naive().to_string()).collect()
}

#[tokio::test]
async fn a_holiday_moves_counted_dues_once_somebody_applies_it() {
    let rig = rig().await;
    let office = with_holiday(&rig);
    // 10 working days after 02/03 end on 16/03, that is at 00:00 of 17/03.
    assert_eq!(due(&rig, 1).await, ["2026-03-17"; 4]);
    let plan = plan(&rig, &office).await;
    assert_eq!((plan.changes.len(), plan.apart), (1, 0));
    let text = PlanText { plan: &plan, units: &office.units, calendar: &office.calendar };
    insta::assert_snapshot!(text.document(&plan.changes[0]));
    // Nothing moves by itself, not even when ladders are looked at.
    rig.chase().await;
    assert_eq!(due(&rig, 1).await, ["2026-03-17"; 4]);
    let job = Apply {
        store: rig.store.as_ref(),
        side: Side { office: &office, stamp: &stamp() },
        policy: &rig.policy,
        actor: "vt".to_owned(),
        now: rig.clock_now(),
    };
    let done = apply(&job, &plan).await.unwrap();
    assert_eq!((done.documents, done.changed, done.opened, done.withdrawn), (1, 4, 0, 0));
    assert_eq!(due(&rig, 1).await, ["2026-03-18"; 4]);
    assert_eq!(due(&rig, 2).await, ["2026-04-01"; 4], "a written day does not move");
    let notices = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    let changes = notices.iter().filter(|row| row.kind == NoticeKind::Change).count();
    assert_eq!(changes, 3, "whoever was told hears of it; cb-3 has no mailbox");
    let journal = rig.store.journal(Some(DocumentId(1)), 0, 0).await.unwrap();
    let detail = &journal.iter().rfind(|row| row.detail.get("due_before").is_some()).unwrap().detail;
    assert_eq!(detail["calendar"], office.calendar.version());
    assert_eq!(detail["due_before"], "2026-03-16T17:00:00Z");
    assert_eq!(detail["due"], "2026-03-17T17:00:00Z");
    assert!(matches!(apply(&job, &plan).await, Err(ApplyError::Moved(_))), "once is enough");
    assert!(self::plan(&rig, &office).await.is_empty());
}

#[tokio::test]
async fn what_rules_change_too_is_left_to_the_plan_of_rules() {
    let rig = rig().await;
    let mut office = with_holiday(&rig);
    let mut rules = office.ruleset.rules.clone();
    rules[0].role = vanthu::domain::obligation::Role::Support;
    office.ruleset = Ruleset::new(rules, "mới".to_owned());
    let plan = plan(&rig, &office).await;
    assert!(plan.is_empty());
    assert_eq!(plan.apart, 2);
}
