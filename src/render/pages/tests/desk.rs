//! What one person decides about one thing: a hold, or work that may rest. Its forms, a form that was sent with a
//! mistake, and the page that asks once more.

use super::super::answer::{Tone, Word};
use super::super::desk::{Confirm, DeskPage};
use super::super::{hold, respite};
use super::*;
use crate::app::ports::HoldView;
use crate::domain::ids::RespiteId;
use crate::domain::obligation::{Instants, Respite, RespiteKind};

fn resting(sample: &Sample, rests: Option<&Respite>) -> DeskPage {
    let row = obligation(3, State::Open, Contact::Sent);
    respite::page(&sample.setting("board"), &row, (Some(&duty()), rests, &[]), "dau".to_owned())
}

/// Nothing was typed for who decides: the form is open again, with what was typed.
#[test]
fn work_may_rest() {
    let sample = Sample::new();
    check("respite", &resting(&sample, None));
    let mut page = resting(&sample, None);
    page.fill("mute", &[("until", "20/03/2026".to_owned()), ("reason", "Bí thư đi học".to_owned())]);
    page.word = Some(Word {
        tone: Tone::Ask,
        title: "Chưa làm gì".to_owned(),
        text: "Xin ghi tên người quyết định và lý do.".to_owned(),
    });
    check("respite_mistaken", &page);
}

#[test]
fn work_that_rests_may_run_again_once_asked() {
    let sample = Sample::new();
    let rests = Respite {
        id: RespiteId(4),
        obligation: ObligationId(3),
        kind: RespiteKind::Pause,
        author: "Nguyễn Thị Lan".to_owned(),
        reason: "chờ hướng dẫn của cấp trên".to_owned(),
        since: at("2026-03-12T08:00"),
        until: at("2026-03-21T00:00"),
        floor: None,
        before: Instants::default(),
        after: Instants::default(),
        ended: None,
    };
    let mut page = resting(&sample, Some(&rests));
    check("respite_resting", &page);
    page.confirm = Some(Confirm {
        act: "resume",
        label: "Cho chạy lại",
        lines: vec!["Hạn đang là thứ Năm, 19/03/2026, sẽ thành thứ Hai, 16/03/2026.".to_owned()],
        typed: vec![("who", "Nguyễn Thị Lan".to_owned()), ("reason", "đã có hướng dẫn".to_owned())],
    });
    check("respite_confirm", &page);
}

#[test]
fn a_request_of_a_cell_is_decided() {
    let sample = Sample::new();
    let request = requests().remove(1);
    let row = HoldRow {
        id: request.hold,
        kind: HoldKind::Declined,
        source: "ioffice".into(),
        external_id: "104233".into(),
        document: Some(DocumentId(1)),
        symbol: Some("12-KH/ĐUK".to_owned()),
        unit: Some(request.cell.clone()),
        reason: request.reason.clone(),
        opened: at("2026-03-13T09:00"),
        closed: None,
        decided: None,
        matter: Matter::Nothing,
    };
    let known = document("12-KH/ĐUK", "Kế hoạch sinh hoạt chuyên đề quý I năm 2026", Urgency::Normal);
    let about = HoldView {
        hold: row,
        document: Some(known),
        braked: None,
        kept_back: Vec::new(),
        mail: None,
        request: Some(request),
    };
    check("hold", &hold::page(&sample.setting("holds"), &about, &[], "dau".to_owned()));
}
