//! A due day that a person enters comes before everything else, and stays.

use vanthu::app::due::{DueError, Entered, Entry, enter};
use vanthu::app::plan::draw::{Draw, Only, Side, draw};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::deadline::Basis;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::plan::{Act, Kept};
use vanthu::domain::rule::{DueSource, Ruleset};
use vanthu::domain::stamp::Stamp;

use crate::support::rig::{Rig, local};

async fn rig() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(FakeDocument::new(1, "1-KH/ĐUK", "Sinh hoạt chuyên đề", local("2026-03-02 08:00")));
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

async fn set(rig: &Rig, day: &str, reason: &str) -> Result<Entered, DueError> {
    let entry = Entry {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        document: DocumentId(1),
        task: None,
        day: day.parse().unwrap(),
        actor: "vt",
        reason,
        now: rig.clock_now(),
    };
    enter(&entry).await
}

#[tokio::test]
async fn an_entered_day_is_told_kept_and_explained() {
    let rig = rig().await;
    assert!(matches!(set(&rig, "2026-03-20", " ").await, Err(DueError::NoReason)));
    assert!(matches!(set(&rig, "2026-03-01", "x").await, Err(DueError::Past(_))));
    assert_eq!(
        set(&rig, "2026-03-20", "Ban Tổ chức gọi").await.unwrap(),
        Entered { obligations: 4, mails: 3 }
    );
    assert!(matches!(set(&rig, "2026-03-20", "lần nữa").await, Err(DueError::Nothing)));
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    assert!(rows.iter().all(|row| row.obligation.due == Some(local("2026-03-21 00:00"))));
    let duty = rig.store.duty(rows[0].obligation.duty).await.unwrap().unwrap().duty;
    let why = duty.due_why.unwrap();
    assert_eq!((why.basis, why.proposal), (Some(Basis::Person), false));
    assert_eq!(why.reading, "vt nhập: hết thứ Sáu 20/03/2026 (Ban Tổ chức gọi)");
    assert_eq!(
        rig.send().await,
        ["change cb-1-1@mau.example", "change cb-1-2@mau.example", "change cb-2@mau.example"]
    );

    let mut office = rig.office.clone();
    let mut rules = office.ruleset.rules.clone();
    rules[0].due = vec![DueSource::WorkingDays(20)];
    office.ruleset = Ruleset::new(rules, "mới".to_owned());
    let job = Draw {
        reader: rig.store.as_ref(),
        before: None,
        after: Side { office: &office, stamp: &Stamp::default() },
        only: Only::All,
        since: local("2026-01-01 00:00"),
        now: rig.clock_now(),
        actor: "vt".to_owned(),
        progress: &|_, _| (),
    };
    let plan = draw(&job).await.unwrap();
    let acts: Vec<_> = plan.changes[0].parts().map(|(_, part)| part.act).collect();
    assert_eq!(acts, [Act::Keep { kept: Kept::Entered }; 4]);
}
