use std::sync::Arc;

use vanthu::app::ports::{NewObligation, ObligationRow, Settled, Store, StoreError, TallyRow};
use vanthu::domain::ids::{ObligationId, TaskId, UnitId};
use vanthu::domain::notice::NoticeKind;
use vanthu::domain::obligation::{Contact, Grade, Obligation, State};
use vanthu::domain::tally::is_late;

use crate::store::fixture::{
    Directive, claim, directive, duty, enqueue, minute, new_obligation, notice, save, sent, settle,
};

pub async fn a_cell_is_obliged_once_per_revision(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let mut tx = store.begin().await.unwrap();
    let rows = ["cb-2", "cb-3", "cb-3"].map(|cell| new_obligation(directive.duty, cell));
    let registered = &directive.registered;
    let opened = tx.open_obligations(registered.id, registered.revision, &rows, minute(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(opened.iter().map(|(_, cell)| cell.as_str()).collect::<Vec<_>>(), ["cb-3"]);
    let stored = store.obligation(opened[0].0).await.unwrap().unwrap().obligation;
    let expected = Obligation {
        id: opened[0].0,
        document: registered.id,
        revision: registered.revision,
        duty: directive.duty,
        task: TaskId::only(),
        cell: "cb-3".into(),
        state: State::Open,
        opened: minute(1),
        since: minute(1),
        acknowledge_due: Some(minute(60)),
        due: Some(minute(600)),
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: Some(minute(30)),
    };
    assert_eq!(stored, expected);
}

fn task(code: &str) -> TaskId {
    TaskId::of(&"ke-hoach".into(), code)
}

pub async fn a_cell_is_obliged_once_per_task(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let registered = &directive.registered;
    let mut tx = store.begin().await.unwrap();
    let rows = ["a", "b", "a"]
        .map(|code| NewObligation { task: task(code), ..new_obligation(directive.duty, "cb-1") });
    let opened = tx.open_obligations(registered.id, registered.revision, &rows, minute(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(opened.len(), 2, "the third is the first again");
    let asked = store.asked_of(registered.revision, &"cb-1".into()).await.unwrap();
    let codes: Vec<_> = asked.iter().map(|row| row.task.as_str()).collect();
    assert_eq!(codes, ["", "ke-hoach/a", "ke-hoach/b"], "oldest first");
    assert!(store.asked_of(registered.revision, &"cb-2".into()).await.unwrap().is_empty());
    let sheet = store.sheet(asked[1].id).await.unwrap().unwrap();
    let rows: Vec<_> = sheet.rows.into_iter().map(|(row, _)| row).collect();
    assert_eq!(rows, asked, "the same by any of them");
    let tally: u64 = store.tally(minute(2)).await.unwrap().iter().map(|row| row.count).sum();
    assert_eq!(tally, 3, "each task counts");
}

/// Rows of one cell and revision that want attention come together, even past the limit: what they say
/// goes into one mail.
pub async fn what_befalls_a_cell_comes_together(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let registered = &directive.registered;
    let mut tx = store.begin().await.unwrap();
    let new = ["a", "b"].map(|code| NewObligation {
        task: task(code),
        next_action: Some(minute(if code == "a" { 35 } else { 90 })),
        ..new_obligation(directive.duty, "cb-1")
    });
    tx.open_obligations(registered.id, registered.revision, &new, minute(1)).await.unwrap();
    let due = |rows: &[ObligationRow]| -> Vec<String> {
        rows.iter().map(|row| format!("{}{}", row.obligation.cell, row.obligation.task)).collect()
    };
    assert_eq!(due(&tx.due(minute(40), 1).await.unwrap()), ["cb-1", "cb-1ke-hoach/a"]);
    assert_eq!(due(&tx.due(minute(40), 9).await.unwrap()), ["cb-1", "cb-2", "cb-1ke-hoach/a"]);
}

pub async fn the_new_form_is_kept_whole(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let mut tx = store.begin().await.unwrap();
    let mut rows = Vec::new();
    for (id, _) in &directive.obligations {
        rows.push(tx.obligation(*id).await.unwrap().unwrap());
    }
    rows[0] = Obligation {
        state: State::Acknowledged,
        since: minute(2),
        acknowledge_due: None,
        due: Some(minute(900)),
        grade: Some(Grade::Verified),
        promised: "2026-01-20".parse().ok(),
        extension_asked: "2026-01-30".parse().ok(),
        step: 3,
        next_action: None,
        ..rows[0].clone()
    };
    rows[1] = rows[1].closed(State::Withdrawn, minute(3));
    tx.save_obligations(&rows).await.unwrap();
    assert_eq!(tx.obligation(rows[0].id).await.unwrap().as_ref(), Some(&rows[0]));
    tx.commit().await.unwrap();
    for row in &rows {
        assert_eq!(&store.obligation(row.id).await.unwrap().unwrap().obligation, row);
    }
}

pub async fn another_duty_is_kept_with_its_opening(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let mut tx = store.begin().await.unwrap();
    let other = tx.open_duty(directive.registered.revision, &duty()).await.unwrap();
    let inside = tx.obligations(directive.registered.id).await.unwrap();
    assert_eq!(inside.len(), 2);
    let row = inside[0].obligation.given(other, &duty());
    let row = row.closed(State::Withdrawn, minute(4)).reopened(other, &duty(), Some(minute(40)), minute(5));
    tx.reassign(std::slice::from_ref(&row)).await.unwrap();
    tx.commit().await.unwrap();
    let stored = store.obligation(row.id).await.unwrap().unwrap().obligation;
    assert_eq!((stored.duty, stored.opened, stored.state), (other, minute(5), State::Open));
    assert_eq!(stored, row);
    let left = store.obligation(inside[1].obligation.id).await.unwrap().unwrap().obligation;
    assert_eq!(left, inside[1].obligation);
}

pub async fn saving_a_row_that_is_not_there_fails(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let row = store.obligation(directive.obligations[0].0).await.unwrap().unwrap().obligation;
    let mut tx = store.begin().await.unwrap();
    let stranger = Obligation { id: ObligationId(99), ..row };
    let error = tx.save_obligations(&[stranger]).await.unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { table: "obligation", .. }), "{error}");
    assert!(tx.obligation(ObligationId(99)).await.unwrap().is_none());
}

async fn set_next(store: &dyn Store, id: ObligationId, minutes: Option<i64>) {
    let row = store.obligation(id).await.unwrap().unwrap().obligation;
    save(store, &Obligation { next_action: minutes.map(minute), ..row }).await;
}

fn cells(rows: &[ObligationRow]) -> Vec<&str> {
    rows.iter().map(|row| row.obligation.cell.as_str()).collect()
}

pub async fn due_rows_come_earliest_first(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2", "cb-3", "cb-4"]).await;
    for ((id, _), next) in directive.obligations.iter().zip([Some(40), Some(20), None, Some(41)]) {
        set_next(&*store, *id, next).await;
    }
    let mut tx = store.begin().await.unwrap();
    assert_eq!(cells(&tx.due(minute(40), 9).await.unwrap()), ["cb-2", "cb-1"]);
    assert_eq!(cells(&tx.due(minute(50), 1).await.unwrap()), ["cb-2"]);
    assert!(tx.due(minute(19), 9).await.unwrap().is_empty());
}

pub async fn closed_rows_want_no_attention(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let row = store.obligation(directive.obligations[0].0).await.unwrap().unwrap().obligation;
    save(&*store, &Obligation { state: State::Done, ..row }).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.due(minute(99), 9).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(store.next_action().await.unwrap(), None);
}

/// Enqueues a notice of a kind to `cb-1` at another address each time, and settles it.
async fn told(store: &dyn Store, directive: &Directive, kind: NoticeKind, settled: Option<Settled>) {
    let mut new = notice(directive.registered.revision, "cb-1");
    new.key.kind = kind;
    new.key.mailbox = format!("{}@example.vn", store.outbox(minute(0)).await.unwrap().0.len() + 1);
    new.key.step = kind.as_str().to_owned();
    enqueue(store, directive, &[new]).await;
    let Some(settled) = settled else { return };
    for claimed in claim(store, "a", 1, 9).await {
        assert!(settle(store, &claimed, settled.clone(), 2).await);
    }
}

pub async fn contact_follows_the_notices(store: Arc<dyn Store>) {
    let failed = || Some(Settled::Failed { reason: "550 5.1.1 no such user".to_owned() });
    let cases = [
        (vec![], Contact::NoContact, 0),
        (vec![(NoticeKind::Notice, None)], Contact::Unsent, 0),
        (vec![(NoticeKind::Notice, failed())], Contact::NoContact, 0),
        (vec![(NoticeKind::Notice, failed()), (NoticeKind::Reminder, None)], Contact::Unsent, 0),
        (vec![(NoticeKind::Notice, Some(sent()))], Contact::Sent, 1),
        (vec![(NoticeKind::Notice, failed()), (NoticeKind::Chase, Some(sent()))], Contact::Sent, 1),
        (vec![(NoticeKind::Change, Some(sent())), (NoticeKind::Reminder, Some(sent()))], Contact::Sent, 2),
        (vec![(NoticeKind::Escalation, Some(sent()))], Contact::NoContact, 0),
        (vec![(NoticeKind::Withdrawal, Some(sent()))], Contact::NoContact, 0),
    ];
    for (number, (history, contact, count)) in cases.into_iter().enumerate() {
        let directive = directive(&*store, &number.to_string(), &["cb-1", "cb-2"]).await;
        for (kind, settled) in history.clone() {
            told(&*store, &directive, kind, settled).await;
        }
        let id = directive.obligations.iter().find(|(_, cell)| cell.as_str() == "cb-1").unwrap().0;
        let row = store.obligation(id).await.unwrap().unwrap();
        assert_eq!((row.contact, row.notices_sent), (contact, count), "{history:?}");
        let told = store.sheet(id).await.unwrap().unwrap().sent;
        assert_eq!(told, (count > 0).then(|| minute(2)), "{history:?}");
        let waiting = claim(&*store, "a", 1, 9).await;
        for claimed in waiting {
            settle(&*store, &claimed, failed().unwrap(), 2).await;
        }
    }
}

pub async fn live_rows_of_other_revisions(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let second = directive(&*store, "7", &["cb-1"]).await;
    directive(&*store, "8", &["cb-1"]).await;
    let row = store.obligation(first.obligations[1].0).await.unwrap().unwrap().obligation;
    save(&*store, &row.closed(State::Done, minute(1))).await;

    let mut tx = store.begin().await.unwrap();
    let id = first.registered.id;
    let ids = |rows: Vec<Obligation>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let others = tx.live(id, Some(second.registered.revision)).await.unwrap();
    assert_eq!(ids(others), [first.obligations[0].0]);
    let all = tx.live(id, None).await.unwrap();
    assert_eq!(ids(all), [first.obligations[0].0, second.obligations[0].0]);
}

pub async fn rows_of_a_document_by_cell(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-2", "cb-1"]).await;
    directive(&*store, "7", &["cb-3", "cb-1"]).await;
    let id = first.registered.id;
    assert_eq!(cells(&store.obligations(id, false).await.unwrap()), ["cb-1", "cb-3"]);
    assert_eq!(cells(&store.obligations(id, true).await.unwrap()), ["cb-1", "cb-1", "cb-2", "cb-3"]);
}

pub async fn live_among_asks_for_cells_of_one_revision(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-1", "cb-2", "cb-3"]).await;
    directive(&*store, "8", &["cb-1"]).await;
    let row = store.obligation(first.obligations[1].0).await.unwrap().unwrap().obligation;
    save(&*store, &row.closed(State::Excused, minute(1))).await;
    let asked: Vec<UnitId> = ["cb-1", "cb-2", "cb-9"].map(UnitId::from).to_vec();
    let found = store.live_among(first.registered.revision, &asked).await.unwrap();
    assert_eq!(cells(&found), ["cb-1"]);
    assert!(store.live_among(first.registered.revision, &[]).await.unwrap().is_empty());
}

/// Every state, due instants around now and absent, reached or not: the one definition of late decides,
/// and both the tally and the list of documents agree with it.
pub async fn lateness_in_sql_is_lateness_in_the_domain(store: Arc<dyn Store>) {
    let now = minute(100);
    let states =
        [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused, State::Withdrawn];
    let instants = [None, Some(now - chrono::Duration::milliseconds(1)), Some(now), Some(minute(101))];
    let names: Vec<String> = (0..states.len() * 16 * 2).map(|number| format!("cb-{number:03}")).collect();
    let directive = directive(&*store, "7", &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut tx = store.begin().await.unwrap();
    let mut reached = Vec::new();
    for (number, (id, cell)) in directive.obligations.iter().enumerate() {
        let row = tx.obligation(*id).await.unwrap().unwrap();
        let (state, acknowledge_due, due) =
            (states[number / 32], instants[number / 8 % 4], instants[number / 2 % 4]);
        tx.save_obligations(&[Obligation { state, acknowledge_due, due, ..row }]).await.unwrap();
        if number % 2 == 0 {
            reached.push(notice(directive.registered.revision, cell.as_str()));
        }
    }
    tx.commit().await.unwrap();
    enqueue(&*store, &directive, &reached).await;
    for claimed in claim(&*store, "a", 1, 999).await {
        settle(&*store, &claimed, sent(), 1).await;
    }

    let rows = store.obligations(directive.registered.id, false).await.unwrap();
    let expected: Vec<_> = rows
        .iter()
        .map(|ObligationRow { obligation, contact, .. }| TallyRow {
            cell: obligation.cell.clone(),
            state: obligation.state,
            late: is_late(obligation, *contact, now),
            unreached: *contact != Contact::Sent,
            count: 1,
        })
        .collect();
    let late = expected.iter().filter(|row| row.late).count() as u64;
    assert!(late > 10);
    assert_eq!(store.tally(now).await.unwrap(), expected);
    assert_eq!(store.document(directive.registered.id, now).await.unwrap().unwrap().late, late);
}
