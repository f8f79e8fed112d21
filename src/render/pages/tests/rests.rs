//! Work that rests, on its own page and on that of its document.

use super::super::respite::RespitePage;
use super::super::sample::{Sample, at, duty, obligation};
use super::check;
use crate::app::ports::Stepped;
use crate::domain::ids::{ObligationId, RespiteId};
use crate::domain::ladder::{Recipient, StepKind};
use crate::domain::obligation::{Contact, Instants, Respite, RespiteKind, State};

/// A row that is muted for a week.
pub(super) fn respite(row: i64) -> Respite {
    let instants = Instants::default();
    Respite {
        id: RespiteId(1),
        obligation: ObligationId(row),
        kind: RespiteKind::Mute,
        author: "Nguyễn Thị Lan".to_owned(),
        reason: "chi bộ tổ chức đại hội".to_owned(),
        since: at("2026-03-13T08:00"),
        until: at("2026-03-21T00:00"),
        floor: None,
        before: instants,
        after: instants,
        ended: None,
    }
}

#[test]
fn work_can_rest_or_go() {
    let sample = Sample::new();
    let setting = sample.setting("board");
    let row = obligation(1, State::Acknowledged, Contact::Delivered);
    let step = |step, kind| Stepped {
        obligation: row.obligation.id,
        at: at("2026-03-12T07:30"),
        step,
        kind,
        recipient: Recipient::Cell,
        unit: row.obligation.cell.clone(),
    };
    let steps = [step(1, StepKind::Remind), step(2, StepKind::Chase)];
    let duty = duty();
    let awake = RespitePage::new(&setting, &row, (Some(&duty), None, &steps), "STAMP".to_owned());
    check("respite", &awake);
    let muted = respite(1);
    let resting = RespitePage::new(&setting, &row, (Some(&duty), Some(&muted), &[]), "STAMP".to_owned());
    check("respite_muted", &resting);
}
