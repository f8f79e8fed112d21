//! What cells asked and how it was decided; presses that were not counted.

use super::at;
use crate::app::ports::{Asked, DoubtRow, RequestRow, Verdict};
use crate::domain::ids::{DocumentId, HoldId, ObligationId, RequestId, UnitId};
use crate::domain::obligation::Answer;

/// One request of each kind, decided and not.
pub(in crate::render::pages) fn requests() -> Vec<RequestRow> {
    let asked = |id: i64, cell: i64, asks, reason: &str| RequestRow {
        id: RequestId(id),
        obligation: ObligationId(cell),
        document: DocumentId(1),
        cell: UnitId(format!("cb-{cell}")),
        hold: HoldId(id),
        asks,
        reason: reason.to_owned(),
        asked: at("2026-03-10T09:00"),
        due: Some(at("2026-03-14T00:00")),
        verdict: None,
        given: None,
        moved: None,
        actor: None,
        why: None,
        decided: None,
    };
    let until = "2026-03-20".parse().unwrap();
    let granted = RequestRow {
        verdict: Some(Verdict::Granted),
        given: "2026-03-18".parse().ok(),
        moved: Some(at("2026-03-19T00:00")),
        actor: Some("vt".to_owned()),
        decided: Some(at("2026-03-11T09:00")),
        ..asked(1, 1, Asked::MoreTime { until }, "Bí thư đi học")
    };
    let suggested = Some("cb-4".into());
    vec![granted, asked(2, 3, Asked::Declined { suggested }, "nhiệm vụ của khối trường học")]
}

/// Presses of one link that were not counted.
pub(in crate::render::pages) fn doubts() -> Vec<DoubtRow> {
    vec![DoubtRow {
        obligation: ObligationId(5),
        document: DocumentId(1),
        cell: "cb-5".into(),
        why: "after-mail".to_owned(),
        answer: Answer::Received { promised: None },
        evidence: "203.0.113.7 Mozilla".to_owned(),
        first: at("2026-03-02T08:15"),
        last: at("2026-03-02T08:16"),
        presses: 4,
    }]
}
