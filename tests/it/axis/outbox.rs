//! Statuses end to end: a document comes by an axis, is routed, its cells answer, and the axis is told what
//! the settings let the machine tell, once, through lost answers and restarts. And back: what others say.

use std::sync::Arc;

use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::policy::Policy;
use vanthu::app::ports::{HoldKind, Source, StatusFilter};
use vanthu::app::report_up::{self, Recall, ReportUp, ReportedUp};
use vanthu::domain::ids::{DocumentId, SourceId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::{Answer, State};
use vanthu::domain::status::{Fold, StatusCode, Voice};

use super::fake::{Act, Fake};
use super::{Place, lgsp_server, vxp_server};
use crate::support::rig::Rig;

/// A document that waits on an axis, and an office that tells these codes.
struct Desk {
    rig: Rig,
    place: Place,
    fake: Fake,
    provincial: bool,
}

impl Desk {
    async fn new(provincial: bool, codes: &[StatusCode]) -> Self {
        let mut rig = Rig::at("2026-03-02 09:00").await;
        let voice = Voice { codes: codes.to_vec(), fold: Fold::All, except: None };
        let voices = [(SourceId::from("truc"), voice)].into();
        rig.policy = Arc::new(Policy { voices, ..(*rig.policy).clone() });
        let place = Place { folder: tempfile::tempdir().unwrap(), clock: rig.clock.clone() };
        let fake = match provincial {
            true => lgsp_server::start(&place.clock).await,
            false => vxp_server::start(&place.clock).await,
        };
        fake.put("1", "Chuyên đề quý I");
        Self { rig, place, fake, provincial }
    }

    /// The source as a new process has it.
    fn source(&self) -> Box<dyn Source> {
        match self.provincial {
            true => Box::new(self.place.lgsp(&self.fake)),
            false => Box::new(self.place.vxp(&self.fake)),
        }
    }

    async fn poll(&self) {
        self.rig.poll_from(self.source().as_ref()).await.unwrap();
    }

    /// Tells what may be told now.
    async fn tell(&self) -> ReportedUp {
        let source = self.source();
        let job = ReportUp {
            store: self.rig.store.as_ref(),
            sources: &[source.as_ref()],
            clock: self.rig.clock.as_ref(),
            instance: "thử",
            each: &|| (),
        };
        job.run().await.unwrap()
    }

    /// Every cell answers.
    async fn answer(&self, answer: Answer) {
        let rows = self.rig.store.obligations(DocumentId(1), false).await.unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.obligation.id).collect();
        let entry = OnBehalf {
            obligations: &ids,
            answer: &answer,
            actor: "vt",
            reason: "gọi điện",
            now: self.rig.clock_now(),
        };
        let known = (&self.rig.office.calendar, &self.rig.policy.voices);
        acknowledge::staff(self.rig.store.as_ref(), known, &entry).await.unwrap();
    }

    /// The codes the axis was told, in order.
    fn told(&self) -> Vec<String> {
        let code = |text: &str| text.split_once("StatusCode>").unwrap().1.chars().take(2).collect();
        self.fake.world().sent.iter().map(|sent| code(&sent.text)).collect()
    }

    async fn holds(&self, kind: HoldKind) -> Vec<String> {
        let holds = self.rig.store.holds(true).await.unwrap();
        holds.into_iter().filter(|hold| hold.kind == kind).map(|hold| hold.reason).collect()
    }

    /// Somebody says a code about the document that waits as `1`.
    fn hear(&self, id: &str, fixture: &str, number: &str) {
        let text =
            fixture.replace("31-CV/TU", &format!("{number}-CV/TU")).replace("2022/02/21", "2026/02/27");
        self.fake.put_text(id, "status", text);
    }
}

const RECALL: &str = include_str!("../../../fixtures/edxml/status-13-recall.edxml");
const ARRIVED: &str = include_str!("../../../fixtures/edxml/status-01.edxml");

fn received() -> Answer {
    Answer::Received { promised: None }
}

#[tokio::test]
async fn a_document_is_told_of_from_arrival_to_the_end() {
    for provincial in [false, true] {
        let desk = Desk::new(provincial, &Voice::MACHINE).await;
        desk.poll().await;
        assert_eq!(desk.tell().await, ReportedUp { told: 1, ..ReportedUp::default() });
        assert_eq!(desk.told(), ["01"]);
        desk.answer(received()).await;
        desk.tell().await;
        assert_eq!(desk.told(), ["01", "03", "05"]);
        desk.answer(Answer::done()).await;
        desk.poll().await;
        desk.tell().await;
        assert_eq!(desk.tell().await, ReportedUp::default(), "nothing is told twice");
        assert_eq!(desk.told(), ["01", "03", "05", "06"]);
        desk.fake.check();
    }
}

#[tokio::test]
async fn the_machine_tells_only_what_the_settings_let_it() {
    let desk = Desk::new(false, &[StatusCode::Arrived]).await;
    desk.poll().await;
    desk.answer(received()).await;
    desk.answer(Answer::done()).await;
    desk.tell().await;
    assert_eq!(desk.told(), ["01"]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_even_after_a_restart() {
    for provincial in [false, true] {
        let desk = Desk::new(provincial, &Voice::MACHINE).await;
        desk.poll().await;
        desk.tell().await;
        desk.answer(received()).await;
        desk.fake.script("sendEdoc", Act::Lost);
        // What waits behind the one in doubt does not overtake it.
        assert_eq!(desk.tell().await, ReportedUp { retried: 1, ..ReportedUp::default() });
        assert_eq!(desk.told(), ["01", "03"]);
        desk.rig.go("2026-03-02 09:02");
        // `source` makes a new one for every run: nothing of the first is in memory.
        assert_eq!(desk.tell().await, ReportedUp { known: 1, told: 1, ..ReportedUp::default() });
        assert_eq!(desk.told(), ["01", "03", "05"]);
        desk.fake.check();
    }
}

#[tokio::test]
async fn a_person_may_have_a_lost_one_told_again_without_a_second_copy() {
    let desk = Desk::new(false, &[StatusCode::Arrived]).await;
    desk.poll().await;
    desk.fake.script("sendEdoc", Act::Lost);
    desk.tell().await;
    let row = desk.rig.store.statuses(&StatusFilter::default()).await.unwrap().remove(0);
    assert_eq!((row.delivery, row.tries), (Delivery::Queued, 1));
    report_up::retry(desk.rig.store.as_ref(), row.id, "vt", desk.rig.clock_now()).await.unwrap();
    assert_eq!(desk.tell().await, ReportedUp { known: 1, ..ReportedUp::default() });
    assert_eq!(desk.told(), ["01"]);
}

#[tokio::test]
async fn what_others_say_is_kept_beside_the_document_and_acknowledged() {
    for provincial in [false, true] {
        let desk = Desk::new(provincial, &[StatusCode::Arrived]).await;
        desk.poll().await;
        desk.hear("s1", ARRIVED, "1");
        desk.poll().await;
        desk.poll().await;
        let heard = desk.rig.store.heard(DocumentId(1)).await.unwrap();
        let digits: Vec<_> = heard.iter().map(|heard| heard.status.digits.as_str()).collect();
        assert_eq!(digits, ["01"], "once, however often it is listed");
        assert_eq!(desk.fake.acknowledged(), ["1", "s1"]);
        assert_eq!(desk.holds(HoldKind::Upstream).await, [""; 0]);
        desk.fake.check();
    }
}

#[tokio::test]
async fn what_nobody_here_can_place_waits_for_a_person() {
    let desk = Desk::new(false, &[StatusCode::Arrived]).await;
    desk.poll().await;
    desk.hear("s1", ARRIVED, "77");
    desk.hear("s2", &ARRIVED.replace("StatusCode>01<", "StatusCode>07<"), "1");
    desk.poll().await;
    let mut holds = desk.holds(HoldKind::Upstream).await;
    holds.sort();
    insta::assert_snapshot!(holds.join("\n"), @r"
    Đảng uỷ Khối Mẫu (000.05.77.H99) báo 01 Đã đến về văn bản 77-CV/TU ngày 27/02/2026, văn bản này không có trong sổ: Phần mềm đã nhận, văn thư chưa xử lý
    Đảng uỷ Khối Mẫu (000.05.77.H99) báo trạng thái “07” không có trong danh mục, về văn bản 1-CV/TU ngày 27/02/2026: Phần mềm đã nhận, văn thư chưa xử lý
    ");
    assert_eq!(desk.fake.acknowledged(), ["1", "s1", "s2"], "it is here, with its text");
}

#[tokio::test]
async fn a_recall_is_answered_by_a_person_and_the_answer_goes_to_the_axis() {
    for provincial in [false, true] {
        let desk = Desk::new(provincial, &[StatusCode::Arrived]).await;
        desk.poll().await;
        desk.tell().await;
        desk.hear("s13", RECALL, "1");
        desk.poll().await;
        let holds = desk.rig.store.holds(true).await.unwrap();
        let hold = holds.iter().find(|hold| hold.kind == HoldKind::Recall).unwrap();
        let recall = Recall {
            hold: hold.id,
            agrees: true,
            actor: "vt",
            reason: "nơi gửi gửi nhầm",
            office: &desk.rig.office,
            policy: &desk.rig.policy,
            now: desk.rig.clock_now(),
        };
        report_up::answer(desk.rig.store.as_ref(), &|_| true, &recall).await.unwrap();
        desk.tell().await;
        assert_eq!(desk.told(), ["01", "15"]);
        let rows = desk.rig.store.obligations(DocumentId(1), false).await.unwrap();
        assert!(rows.iter().all(|row| row.obligation.state == State::Withdrawn));
        desk.fake.check();
    }
}

#[tokio::test]
async fn a_refused_status_is_a_hold_that_says_what_to_do() {
    let desk = Desk::new(true, &[StatusCode::Arrived]).await;
    desk.poll().await;
    desk.fake
        .script("sendEdoc", Act::Body(serde_json::json!({"success": false, "data": {"errorCode": "18"}})));
    assert_eq!(desk.tell().await, ReportedUp { failed: 1, ..ReportedUp::default() });
    insta::assert_snapshot!(desk.holds(HoldKind::Upstream).await.join("\n"), @"nguồn không nhận trạng thái 01 Đã đến: gửi trạng thái (sendEdoc): mã lỗi 18, nơi nhận không có trên trục; gửi lại: vanthu upstream retry 1");
}
