//! The table of the week: when it is enqueued, for whom, and what it counts.

use chrono::Weekday;
use vanthu::app::report::{Weekly, report, weekly};
use vanthu::domain::bulletin::News;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::{Answer, State};
use vanthu::domain::tally::{Counts, Report, Window, is_late};

use super::{document, done, rig, say};
use crate::support::rig::{Rig, local};

const SYMBOL: &str = "9-HD/ĐUK";

fn monday() -> Weekly {
    Weekly {
        to: vec!["lanh-dao@duk.example".to_owned(), "bi-thu@duk.example".to_owned()],
        day: Weekday::Mon,
        hour: "07:30:00".parse().unwrap(),
    }
}

/// Monday 2026-03-02: a directive for four cells, due Friday 13th; one cell has no mailbox.
async fn opened() -> Rig {
    let rig = rig("2026-03-02 09:00").await;
    let mut directive = document(1, SYMBOL, "Sinh hoạt chuyên đề quý I", "2026-03-02 08:45");
    directive.due = "2026-03-13".parse().ok();
    rig.ioffice.put(directive);
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

async fn enqueued(rig: &Rig) -> Vec<(String, Report)> {
    let due = rig.store.due_bulletins(rig.clock_now()).await.unwrap();
    let read = due.into_iter().map(|due| match due.bulletin.news {
        News::Weekly(news) => (due.bulletin.to, news.report),
        other => panic!("{other:?}"),
    });
    read.collect()
}

#[tokio::test]
async fn monday_morning_once_for_each_address() {
    let rig = opened().await;
    let turn = async || {
        weekly(rig.store.as_ref(), &rig.office, &rig.policy, &monday(), rig.clock_now()).await.unwrap()
    };
    rig.go("2026-03-03 09:00");
    say(&rig, "cb-1-1", &[SYMBOL], Answer::Received { promised: None }).await;
    rig.go("2026-03-06 09:00");
    say(&rig, "cb-1-1", &[SYMBOL], done()).await;
    say(&rig, "cb-2", &[SYMBOL], Answer::Received { promised: None }).await;

    let mut made = Vec::new();
    for at in
        ["2026-03-07 08:00", "2026-03-09 07:29", "2026-03-09 07:30", "2026-03-09 09:00", "2026-03-10 07:30"]
    {
        rig.go(at);
        made.push(turn().await);
    }
    assert_eq!(made, [0, 0, 2, 0, 0]);
    let mails = enqueued(&rig).await;
    assert_eq!(
        mails.iter().map(|mail| mail.0.as_str()).collect::<Vec<_>>(),
        ["lanh-dao@duk.example", "bi-thu@duk.example"]
    );
    let report = &mails[0].1;
    assert_eq!(report, &mails[1].1);
    let window = Window { since: local("2026-03-02 00:00"), until: local("2026-03-09 00:00") };
    assert_eq!(report.window, window);
    let lines: Vec<_> =
        report.groups.iter().map(|line| (line.committee.as_deref(), line.cells, line.counts.now)).collect();
    let counts = |all, sent, acknowledged, done, late, unreached| Counts {
        all,
        sent,
        acknowledged,
        done,
        late,
        unreached,
        set_aside: 0,
    };
    // Thanh tra never acknowledged and is late for that; Quỹ Mẫu was never reached and is not.
    assert_eq!(
        lines,
        [(Some("Đảng bộ Sở Mẫu"), 2, counts(2, 2, 1, 1, 1, 0)), (None, 2, counts(2, 1, 1, 0, 0, 1))]
    );
    assert_eq!((report.total.opened(), report.total.now.all), (4, 4));
    assert_eq!(report.directives.len(), 1);
}

/// A week that begins with holidays: the table comes on the first working day, and only once.
#[tokio::test]
async fn after_holidays_on_the_next_working_day() {
    let mut rig = opened().await;
    let year = rig.office.calendar.years.get_mut(&2026).unwrap();
    year.off.insert("2026-03-09".parse().unwrap(), "nghỉ thử".to_owned());
    let mut made = Vec::new();
    for day in ["09", "10", "11", "16"] {
        rig.go(&format!("2026-03-{day} 08:00"));
        made.push(
            weekly(rig.store.as_ref(), &rig.office, &rig.policy, &monday(), rig.clock_now()).await.unwrap(),
        );
    }
    assert_eq!(made, [0, 2, 0, 2]);
    let nobody = Weekly { to: Vec::new(), ..monday() };
    rig.go("2026-03-23 08:00");
    assert_eq!(
        weekly(rig.store.as_ref(), &rig.office, &rig.policy, &nobody, rig.clock_now()).await.unwrap(),
        0
    );
}

/// The counts of the table and the one definition of late agree, row by row, at many instants.
#[tokio::test]
async fn the_table_and_the_definition_of_late_agree() {
    let rig = opened().await;
    rig.go("2026-03-05 09:00");
    say(&rig, "cb-1-2", &[SYMBOL], Answer::Received { promised: None }).await;
    for at in ["2026-03-05 10:00", "2026-03-13 23:59", "2026-03-14 00:00", "2026-03-20 12:00"] {
        rig.go(at);
        let now = rig.clock_now();
        let window = Window { since: local("2026-03-01 00:00"), until: now };
        let report = report(rig.store.as_ref(), &rig.office, &rig.policy, window).await.unwrap();
        let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
        let late = rows.iter().filter(|row| is_late(&row.obligation, row.contact, now)).count();
        let live = |row: &&vanthu::app::ports::ObligationRow| row.obligation.state != State::Withdrawn;
        assert_eq!(report.total.now.late, late as u64, "{at}");
        assert_eq!(report.total.now.all, rows.iter().filter(live).count() as u64);
        assert_eq!(report.directives[0].counts, report.total);
    }
}
