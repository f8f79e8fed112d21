use std::sync::Arc;

use vanthu::app::ports::{AnswerRecord, Store};
use vanthu::domain::obligation::{Answer, Grade};

use crate::store::fixture::{directive, minute};

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
    for answer in [&link, &staff, &link] {
        tx.record_answer(answer).await.unwrap();
    }
    tx.commit().await.unwrap();
    let kept = store.answers(obligation).await.unwrap();
    let expected: Vec<_> = [&link, &staff, &link].iter().map(|answer| format!("{answer:?}")).collect();
    assert_eq!(kept.iter().map(|answer| format!("{answer:?}")).collect::<Vec<_>>(), expected);
    assert!(store.answers(directive.obligations[1].0).await.unwrap().is_empty());
}
