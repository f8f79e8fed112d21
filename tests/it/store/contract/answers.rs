use std::sync::Arc;

use vanthu::app::ports::{AnswerRecord, Asked, HoldKind, NewHold, NewRequest, Store};
use vanthu::domain::ids::ObligationId;
use vanthu::domain::obligation::{Answer, Grade};

use crate::store::fixture::{directive, minute};

/// What a cell is asked, said and asked back, and of what: as each is read by itself, and nothing of another cell.
pub async fn a_sheet_is_all_of_one_cell(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let (revision, [(own, _), (other, _)]) = (directive.registered.revision, &directive.obligations[..])
    else {
        panic!("two cells")
    };
    let answer = |obligation, minutes| AnswerRecord {
        obligation,
        revision,
        answer: Answer::Received { promised: None },
        grade: Grade::Clicked,
        channel: "link".to_owned(),
        actor: None,
        reason: None,
        evidence: Some("192.0.2.7 \"Mozilla\" \\u0000 đ".to_owned()),
        at: minute(minutes),
    };
    let hold = |unit: &str| NewHold {
        kind: HoldKind::MoreTime,
        source: "ioffice".into(),
        external_id: "7".into(),
        document: Some(directive.registered.id),
        unit: Some(unit.into()),
        task: None,
        reason: "x".to_owned(),
        raw: None,
    };
    let until = "2026-02-03".parse().unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.record_answers(&[answer(*own, 5), answer(*other, 6), answer(*own, 4)]).await.unwrap();
    for (row, unit) in [(*own, "cb-1"), (*other, "cb-2")] {
        let hold = tx.open_hold(&hold(unit), minute(6)).await.unwrap().unwrap();
        let asks = Asked::MoreTime { until };
        let request =
            NewRequest {
                obligation: row, hold, asks, reason: "mưa lũ".to_owned(), due: None, at: minute(7)
            };
        tx.open_request(&request).await.unwrap();
    }
    let both = tx.answerable(&[*other, ObligationId(999), *own]).await.unwrap();
    tx.commit().await.unwrap();

    let sheet = store.sheet(*own).await.unwrap().unwrap();
    let stored = store.revision(revision).await.unwrap().unwrap();
    assert_eq!(
        (sheet.number, sheet.standing, &sheet.document),
        (stored.number, stored.standing, &stored.document)
    );
    assert!(sheet.edits.is_none() && sheet.sent.is_none());
    let [(row, duty)] = &sheet.rows[..] else { panic!("{:?}", sheet.rows) };
    assert_eq!(*row, store.obligation(*own).await.unwrap().unwrap().obligation);
    assert_eq!(format!("{duty:?}"), format!("{:?}", store.duty(directive.duty).await.unwrap().unwrap().duty));
    assert_eq!(format!("{:?}", sheet.answers), format!("{:?}", store.answers(*own).await.unwrap()));
    assert_eq!(sheet.answers.len(), 2);
    let mut requests = store.requests(directive.registered.id).await.unwrap();
    requests.retain(|request| request.obligation == *own);
    assert_eq!(sheet.requests, requests);
    assert_eq!(sheet.requests.len(), 1);
    assert!(store.sheet(ObligationId(999)).await.unwrap().is_none());
    let mut rows = vec![row.clone(), store.obligation(*other).await.unwrap().unwrap().obligation];
    rows.sort_by_key(|row| row.id);
    assert_eq!(both.into_iter().map(|(row, _)| row).collect::<Vec<_>>(), rows, "those that are there");
}

pub async fn answers_are_kept_in_order(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let (obligation, revision) = (directive.obligations[0].0, directive.registered.revision);
    let link = AnswerRecord {
        obligation,
        revision,
        answer: Answer::Received { promised: "2026-01-20".parse().ok() },
        grade: Grade::Clicked,
        channel: "link".to_owned(),
        actor: None,
        reason: None,
        evidence: Some("192.0.2.7 Mozilla/5.0".to_owned()),
        at: minute(5),
    };
    let staff = AnswerRecord {
        answer: Answer::Declined {
            reason: "Việc của Ban Tổ chức".to_owned(),
            suggested: Some("cb-9".into()),
        },
        grade: Grade::Staff,
        channel: "staff".to_owned(),
        actor: Some("vanthu01".to_owned()),
        reason: Some("Bí thư gọi điện".to_owned()),
        evidence: None,
        at: minute(4),
        ..link.clone()
    };
    let mut tx = store.begin().await.unwrap();
    tx.record_answers(&[link.clone(), staff.clone(), link.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let kept = store.answers(obligation).await.unwrap();
    let expected: Vec<_> = [&link, &staff, &link].iter().map(|answer| format!("{answer:?}")).collect();
    assert_eq!(kept.iter().map(|answer| format!("{answer:?}")).collect::<Vec<_>>(), expected);
    assert!(store.answers(directive.obligations[1].0).await.unwrap().is_empty());
}
