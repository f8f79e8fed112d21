//! Statuses upstream and down: what is told, once and in order, through outages and crashes.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use chrono::Utc;
use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::hold::{Desk, To, Wanted};
use vanthu::app::ingest::{self, Overlap, Poll};
use vanthu::app::policy::Policy;
use vanthu::app::ports::{
    Abilities, Ability, ClaimRequest, ClaimedStatus, Given, HoldKind, Listed, Listing, Matter, NewHold,
    NewOrigin, NewRestoration, OriginId, PageToken, Reading, Report, Reported, Source, SourceError,
    StatusFilter, StatusRow,
};
use vanthu::app::report_up::{self, ByHand, Recall, ReportUp, ReportedUp, SendError};
use vanthu::demo::ioffice::{Act, FakeDocument, Fault};
use vanthu::domain::document::Reference;
use vanthu::domain::ids::{DocumentId, HoldId, SourceId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::{Answer, Role, State};
use vanthu::domain::operation::Key;
use vanthu::domain::status::{Fold, Status, StatusCode, Voice};
use vanthu::source::ioffice::{Ioffice, Options, StatusesBy};

use crate::support::rig::{Rig, local, options};

/// A rig whose iOffice is told statuses, with one directive for four cells.
async fn rig(by: StatusesBy, fold: Fold) -> Rig {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    rig.source = Ioffice::new(Options { statuses_by: Some(by), ..options(&rig.ioffice) }).unwrap();
    let voice = Voice { codes: Voice::MACHINE.to_vec(), fold, except: None };
    let voices = [(SourceId::from("ioffice"), voice)].into();
    rig.policy = Arc::new(Policy { voices, ..(*rig.policy).clone() });
    rig.ioffice.put(document(1, "Sinh hoạt chuyên đề quý I"));
    rig
}

fn document(id: i64, subject: &str) -> FakeDocument {
    FakeDocument::new(id, &format!("{id}-KH/ĐUK"), subject, local("2026-03-02 08:40"))
}

/// Tells what may be told now.
async fn run(rig: &Rig) -> ReportedUp {
    let job = ReportUp {
        store: rig.store.as_ref(),
        sources: &[&rig.source],
        clock: rig.clock.as_ref(),
        instance: "thử",
        each: &|| (),
    };
    job.run().await.unwrap()
}

async fn answer(rig: &Rig, cell: &str, answer: Answer) {
    answer_about(rig, DocumentId(1), cell, answer).await;
}

async fn answer_about(rig: &Rig, document: DocumentId, cell: &str, answer: Answer) {
    let rows = rig.store.obligations(document, false).await.unwrap();
    let id = rows.iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation.id;
    let entry = OnBehalf {
        obligations: &[id],
        answer: &answer,
        actor: "vt",
        reason: "gọi điện",
        now: rig.clock_now(),
    };
    let known = (&rig.office.calendar, &rig.policy.voices);
    acknowledge::staff(rig.store.as_ref(), known, &entry).await.unwrap();
}

fn received() -> Answer {
    Answer::Received { promised: None }
}

fn done() -> Answer {
    Answer::done()
}

const CELLS: [&str; 4] = ["cb-1-1", "cb-1-2", "cb-2", "cb-3"];

async fn statuses(rig: &Rig) -> Vec<StatusRow> {
    let mut rows = rig.store.statuses(&StatusFilter::default()).await.unwrap();
    rows.reverse();
    rows
}

/// What the integration interface took, in order.
fn told(rig: &Rig) -> Vec<String> {
    rig.ioffice.statuses().into_iter().map(|status| status.code).collect()
}

async fn holds(rig: &Rig, kind: HoldKind) -> Vec<(HoldId, String)> {
    let holds = rig.store.holds(true).await.unwrap();
    holds.into_iter().filter(|hold| hold.kind == kind).map(|hold| (hold.id, hold.reason)).collect()
}

#[tokio::test]
async fn cells_are_one_body_and_nothing_is_told_twice() {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    rig.poll().await.unwrap();
    assert_eq!(run(&rig).await, ReportedUp { told: 1, ..ReportedUp::default() });
    for cell in CELLS {
        assert_eq!(told(&rig), ["01"], "before {cell}");
        answer(&rig, cell, received()).await;
        answer(&rig, cell, received()).await;
        run(&rig).await;
    }
    assert_eq!(told(&rig), ["01", "03", "05"]);
    for cell in CELLS {
        answer(&rig, cell, done()).await;
    }
    rig.go("2026-03-02 16:00");
    rig.poll().await.unwrap();
    assert_eq!(run(&rig).await, ReportedUp { told: 1, ..ReportedUp::default() });
    assert_eq!(told(&rig), ["01", "03", "05", "06"]);
    assert_eq!(run(&rig).await, ReportedUp::default());
    let said: Vec<_> = statuses(&rig).await.into_iter().map(|status| status.description).collect();
    let all = "4/4 chi bộ đã nhận";
    assert_eq!(said, ["", all, all, "4/4 chi bộ đã nhận, 4/4 đã hoàn thành"]);
}

#[tokio::test]
async fn the_first_cell_speaks_for_all_where_the_office_says_so() {
    let rig = rig(StatusesBy::Integration, Fold::Any).await;
    rig.poll().await.unwrap();
    answer(&rig, "cb-2", received()).await;
    run(&rig).await;
    assert_eq!(told(&rig), ["01", "03", "05"]);
}

#[tokio::test]
async fn a_comment_tells_numbers_and_is_written_once() {
    let rig = rig(StatusesBy::Comment, Fold::Any).await;
    rig.poll().await.unwrap();
    run(&rig).await;
    answer(&rig, "cb-2", received()).await;
    run(&rig).await;
    insta::assert_snapshot!(rig.ioffice.document(1).unwrap().comments.join("\n"), @r"
    01 Đã đến. (vanthu-4a15c1aa)
    03 Đã tiếp nhận. 1/4 chi bộ đã nhận. (vanthu-4d9e87b5)
    05 Đang xử lý. 1/4 chi bộ đã nhận. (vanthu-f5e64df3)
    ");
    let seen = rig.ioffice.seen();
    let acting: Vec<_> = seen.iter().filter(|seen| seen.path.contains("incommingdocument")).collect();
    assert!(acting.iter().all(|seen| seen.method == "POST"), "{acting:?}");
    assert_eq!(acting.len(), 3);
    rig.go("2026-03-02 16:00");
    assert_eq!(rig.poll().await.unwrap().registered, 0, "our own comments are no change of the document");
}

/// A register that was made anew says it all again, and finds that the source has it.
#[tokio::test]
async fn what_a_lost_register_told_is_not_told_again() {
    let old = rig(StatusesBy::Comment, Fold::Any).await;
    old.poll().await.unwrap();
    run(&old).await;
    let mut anew = rig(StatusesBy::Comment, Fold::Any).await;
    anew.ioffice = old.ioffice;
    anew.source =
        Ioffice::new(Options { statuses_by: Some(StatusesBy::Comment), ..options(&anew.ioffice) }).unwrap();
    let new = NewRestoration {
        origin: "bản chép nhật ký".to_owned(),
        taken: None,
        restored: anew.clock_now(),
        author: "vt".to_owned(),
        given: Given::default(),
    };
    let mut tx = anew.store.begin().await.unwrap();
    tx.restored(&new).await.unwrap();
    tx.commit().await.unwrap();
    anew.poll().await.unwrap();
    assert_eq!(run(&anew).await, ReportedUp::default(), "everything is held back");
    anew.go("2026-03-02 10:00");
    let mut tx = anew.store.begin().await.unwrap();
    tx.release_restored("vt", "đã xem", anew.clock_now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run(&anew).await, ReportedUp { known: 1, ..ReportedUp::default() });
    assert_eq!(anew.ioffice.document(1).unwrap().comments.len(), 1);
    anew.go("2026-03-02 11:00");
    let document = statuses(&anew).await[0].document;
    answer_about(&anew, document, "cb-2", received()).await;
    assert_eq!(run(&anew).await.told, 2, "what is news is told as ever");
    assert_eq!(anew.ioffice.document(1).unwrap().comments.len(), 3);
}

/// As a process that dies between telling and settling: the source has it, the register does not know.
async fn die_after_telling(rig: &Rig) -> ClaimedStatus {
    let now = rig.clock_now();
    let request =
        ClaimRequest { instance: "cũ".to_owned(), now, lease_until: now + report_up::LEASE, limit: 1 };
    let mut tx = rig.store.begin().await.unwrap();
    let claimed = tx.claim_status(&request, &["ioffice".into()]).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let report = Report {
        external_id: claimed.status.origin.external_id.clone(),
        document: claimed.revision.document.clone(),
        code: claimed.status.code,
        description: claimed.status.description.clone(),
        at: claimed.status.at,
        key: claimed.status.key.clone(),
        earlier: None,
    };
    assert!(matches!(rig.source.report(&report).await, Ok(Reported::Taken(_))));
    claimed
}

#[tokio::test]
async fn a_death_between_telling_and_settling_is_repaired_as_known() {
    for by in [StatusesBy::Integration, StatusesBy::Comment] {
        let rig = rig(by, Fold::All).await;
        rig.poll().await.unwrap();
        let lost = die_after_telling(&rig).await;
        assert_eq!(run(&rig).await, ReportedUp::default(), "the lease of the dead one holds");
        rig.go("2026-03-02 09:10");
        assert_eq!(run(&rig).await, ReportedUp { known: 1, ..ReportedUp::default() }, "{by:?}");
        let row = statuses(&rig).await.remove(0);
        assert_eq!((row.delivery, row.key, row.tries), (Delivery::Sent, lost.status.key, 2));
        let count = rig.ioffice.statuses().len() + rig.ioffice.document(1).unwrap().comments.len();
        assert_eq!(count, 1, "{by:?}: told once");
    }
}

#[tokio::test]
async fn an_outage_delays_and_a_refusal_is_for_a_person() {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    rig.poll().await.unwrap();
    rig.ioffice.script(Fault::on("receive_status", Act::Status(503)).always());
    assert_eq!(run(&rig).await, ReportedUp { retried: 1, ..ReportedUp::default() });
    rig.ioffice.clear_faults();
    assert_eq!(run(&rig).await, ReportedUp::default(), "not before its wait");
    rig.ioffice.script(Fault::on("receive_status", Act::Status(403)).always());
    rig.go("2026-03-02 09:01");
    assert_eq!(run(&rig).await, ReportedUp { failed: 1, ..ReportedUp::default() });
    let [(_, reason)] = &holds(&rig, HoldKind::Upstream).await[..] else { panic!("one hold") };
    insta::assert_snapshot!(reason, @"nguồn không nhận trạng thái 01 Đã đến: báo trạng thái (shared/integration/doc/receive_status/?ids=1): mã HTTP 403; gửi lại: vanthu upstream retry 1");

    rig.ioffice.clear_faults();
    let id = statuses(&rig).await[0].id;
    report_up::retry(rig.store.as_ref(), id, "vt", rig.clock_now()).await.unwrap();
    // The fake files a status before a fault takes the place of its answer, so the first try had arrived.
    assert_eq!(run(&rig).await, ReportedUp { known: 1, ..ReportedUp::default() });
    let again = report_up::retry(rig.store.as_ref(), id, "vt", rig.clock_now()).await;
    assert!(matches!(again, Err(SendError::NotWaiting(_))), "what was told is told");
    assert_eq!(holds(&rig, HoldKind::Upstream).await, [], "and needs nobody any more");
}

#[tokio::test]
async fn what_waited_too_long_is_for_a_person() {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    rig.poll().await.unwrap();
    rig.ioffice.script(Fault::on("receive_status", Act::Status(503)).always());
    let mut tries = 0;
    while statuses(&rig).await[0].delivery != Delivery::Failed {
        rig.clock.advance_to(statuses(&rig).await[0].send_at);
        run(&rig).await;
        tries += 1;
    }
    assert_eq!(tries, report_up::WAITS.len() + 1);
    assert_eq!(holds(&rig, HoldKind::Upstream).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_said_of_a_withheld_document_nor_while_a_brake_is_on() {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    let mut secret = document(2, "Chuyên đề chim hoạ mi");
    secret.secrecy = Some("Mật".to_owned());
    rig.ioffice.put(secret);
    rig.poll().await.unwrap();
    let brake = NewHold {
        kind: HoldKind::Brake,
        source: "ioffice".into(),
        external_id: "*".into(),
        document: None,
        unit: None,
        task: None,
        reason: "quá nhiều văn bản cùng lúc".to_owned(),
        raw: None,
    };
    let mut tx = rig.store.begin().await.unwrap();
    let id = tx.open_hold(&brake, rig.clock_now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run(&rig).await, ReportedUp::default());
    let mut tx = rig.store.begin().await.unwrap();
    tx.release_hold(id, rig.clock_now()).await.unwrap();
    tx.commit().await.unwrap();
    run(&rig).await;
    let about: Vec<_> = rig.ioffice.statuses().into_iter().map(|status| status.document).collect();
    assert_eq!(about, [1]);
    assert_eq!(statuses(&rig).await.len(), 1);

    // Open when it was registered, marked secret before it was told.
    rig.ioffice.put(document(3, "Chuyên đề"));
    rig.poll().await.unwrap();
    let mut marked = document(3, "Chuyên đề");
    marked.secrecy = Some("Mật".to_owned());
    rig.ioffice.put(marked);
    rig.go("2026-03-02 16:00");
    rig.poll().await.unwrap();
    assert_eq!(run(&rig).await, ReportedUp::default());
}

#[tokio::test]
async fn a_person_says_what_no_machine_may() {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    rig.poll().await.unwrap();
    let send = async |code, takes: bool| {
        let reason = "gửi nhầm nơi nhận";
        let now = rig.clock_now();
        let by = ByHand { document: DocumentId(1), code, source: None, actor: "vt", reason, now };
        report_up::send(rig.store.as_ref(), &|_| takes, &by).await
    };
    assert!(matches!(send(StatusCode::Refused, false).await, Err(SendError::Nowhere)));
    assert!(matches!(send(StatusCode::ChangeAccepted, true).await, Err(SendError::Answer(_))));
    assert!(matches!(send(StatusCode::Arrived, true).await, Err(SendError::Unsayable(_))));
    send(StatusCode::Refused, true).await.unwrap();
    assert!(matches!(send(StatusCode::Accepted, true).await, Err(SendError::Unsayable(_))));
    for cell in CELLS {
        answer(&rig, cell, done()).await;
    }
    run(&rig).await;
    assert_eq!(told(&rig), ["01", "02"], "after a refusal the machine is silent");
    let refused = statuses(&rig).await.remove(1);
    assert_eq!(refused.author.as_deref(), Some("vt"));
    assert!(refused.description.starts_with("gửi nhầm nơi nhận"), "{}", refused.description);
}

/// The axis: hands out status messages and takes statuses.
struct Axis {
    id: SourceId,
    messages: Vec<Status>,
}

#[async_trait]
impl Source for Axis {
    fn id(&self) -> &SourceId {
        &self.id
    }

    fn credentials(&self) -> String {
        String::new()
    }

    async fn list(&self, _: Option<&PageToken>) -> Result<Listing, SourceError> {
        let row = |number: usize| Listed {
            external_id: format!("m-{number}").as_str().into(),
            fingerprint: number.to_string(),
            received: None,
            handle: number.to_string(),
        };
        Ok(Listing { rows: (0..self.messages.len()).map(row).collect(), total: None, next: None })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let number: usize = row.handle.parse().unwrap();
        Ok(Reading::Status(Box::new(self.messages[number].clone())))
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: Ability::Yes,
            files: Ability::No,
            operations: Ability::No,
            counts: Ability::No,
        }
    }
}

fn message(digits: &str, key: &str) -> Status {
    Status {
        from: "000.00.77.H99".to_owned(),
        from_name: Some("Văn phòng Tỉnh uỷ Mẫu".to_owned()),
        about: Reference {
            organ: Some("000.00.77.H99".to_owned()),
            key: Some(key.to_owned()),
            ..Reference::default()
        },
        digits: digits.to_owned(),
        description: Some("gửi nhầm phụ lục".to_owned()),
        at: None,
    }
}

/// The register with a directive that the axis calls K-1, and what the axis then says of it.
async fn heard(messages: Vec<Status>) -> Rig {
    let rig = rig(StatusesBy::Integration, Fold::All).await;
    rig.poll().await.unwrap();
    rig.send().await;
    keyed(&rig, rig.clock_now()).await;
    let axis = Axis { id: "ioffice".into(), messages };
    let day = chrono::Duration::days(1);
    let job = Poll {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        overlap: Overlap { window: day, recheck: day, after_refusal: day },
        opened: &|| (),
        care: &rig.care,
        clock: rig.clock.as_ref(),
    };
    for _ in 0..2 {
        ingest::poll(&job, &axis, rig.clock_now()).await.unwrap();
    }
    rig
}

/// A further revision of document 1, as the axis would have delivered it.
async fn keyed(rig: &Rig, now: DateTime<Utc>) {
    let mut tx = rig.store.begin().await.unwrap();
    let known = tx.registered(&"ioffice".into(), &"1".into()).await.unwrap();
    let revision = tx.revision(known.as_ref().unwrap().revision).await.unwrap().unwrap();
    let mut document = revision.document;
    document.exchange.organ = Some("000.00.77.H99".to_owned());
    document.exchange.key = Some("K-1".to_owned());
    let open = vanthu::domain::secrecy::judge(document, Some("Thường"), &["Thường".to_owned()]).unwrap();
    let new = tx.register(known.as_ref(), &open, b"{}", now).await.unwrap();
    let key = Key::target(open.get());
    let origin = NewOrigin { document: new.id, content: open.get(), key: key.as_ref(), raw: None, seen: now };
    tx.keep_origin(&origin).await.unwrap();
    let live = tx.live(DocumentId(1), None).await.unwrap();
    let duty = tx.duty(live[0].duty).await.unwrap().unwrap().duty;
    let duty = tx.open_duty(new.revision, &duty).await.unwrap();
    let row = |row: &vanthu::domain::obligation::Obligation| vanthu::app::ports::NewObligation {
        duty,
        cell: row.cell.clone(),
        task: row.task.clone(),
        acknowledge_due: None,
        due: None,
        next_action: None,
    };
    let rows: Vec<_> = live.iter().map(row).collect();
    tx.open_obligations(new.id, new.revision, &rows, now).await.unwrap();
    let closed: Vec<_> = live.iter().map(|row| row.closed(State::Withdrawn, now)).collect();
    tx.save_obligations(&closed).await.unwrap();
    tx.commit().await.unwrap();
}

async fn decide(rig: &Rig, hold: HoldId, agrees: bool) -> Result<usize, report_up::RecallError> {
    let recall = Recall {
        hold,
        agrees,
        actor: "vt",
        reason: "đã trao đổi qua điện thoại",
        office: &rig.office,
        policy: &rig.policy,
        now: rig.clock_now(),
    };
    let takes = |_: &OriginId| true;
    report_up::answer(rig.store.as_ref(), &takes, &recall).await.map(|done| done.withdrawn)
}

#[tokio::test]
async fn a_recall_waits_for_a_person_who_agrees() {
    let rig = heard(vec![message("13", "K-1")]).await;
    let [(hold, reason)] = &holds(&rig, HoldKind::Recall).await[..] else { panic!("one hold") };
    assert!(reason.contains("Văn phòng Tỉnh uỷ Mẫu") && reason.contains("gửi nhầm phụ lục"), "{reason}");
    assert_eq!(run(&rig).await, ReportedUp::default(), "nothing goes out while it is open");
    assert_eq!(decide(&rig, *hold, true).await.unwrap(), 4);
    let rows = rig.store.obligations(DocumentId(1), true).await.unwrap();
    assert!(rows.iter().all(|row| row.obligation.state == State::Withdrawn));
    rig.go("2026-03-02 10:00");
    let told_cells = rig.send().await;
    assert!(
        told_cells.iter().all(|mail| mail.starts_with("withdrawal")) && told_cells.len() == 3,
        "{told_cells:?}"
    );
    run(&rig).await;
    assert_eq!(told(&rig), ["01", "15"]);
    assert!(decide(&rig, *hold, false).await.is_err(), "a question is answered once");
    assert_eq!(rig.store.heard(DocumentId(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_recall_that_is_refused_leaves_all_as_it_was() {
    let rig = heard(vec![message("13", "K-1")]).await;
    let [(hold, _)] = &holds(&rig, HoldKind::Recall).await[..] else { panic!("one hold") };
    assert_eq!(decide(&rig, *hold, false).await.unwrap(), 0);
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    assert!(rows.iter().all(|row| row.obligation.state == State::Open));
    run(&rig).await;
    assert_eq!(told(&rig), ["01", "16"]);
}

#[tokio::test]
async fn what_is_not_understood_or_about_nothing_we_know_is_held() {
    let rig = heard(vec![message("07", "K-1"), message("13", "K-2"), message("06", "K-1")]).await;
    assert_eq!(holds(&rig, HoldKind::Recall).await, []);
    let reasons: Vec<_> =
        holds(&rig, HoldKind::Upstream).await.into_iter().map(|(_, reason)| reason).collect();
    insta::assert_snapshot!(reasons.join("\n"), @r"
    Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo 13 Yêu cầu lấy lại về văn bản mã K-2, văn bản này không có trong sổ: gửi nhầm phụ lục
    Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo trạng thái “07” không có trong danh mục, về văn bản mã K-1: gửi nhầm phụ lục
    ");
    let heard = rig.store.heard(DocumentId(1)).await.unwrap();
    let digits: Vec<_> = heard.iter().map(|heard| heard.status.digits.as_str()).collect();
    assert_eq!(digits, ["07", "06"], "what is about a document is kept beside it");
}

fn desk(rig: &Rig) -> Desk<'_> {
    let (store, now) = (rig.store.as_ref(), rig.clock_now());
    Desk { store, office: &rig.office, policy: &rig.policy, actor: "vt", reason: "đã gọi điện", now }
}

#[tokio::test]
async fn a_recall_is_answered_like_any_other_hold() {
    for (agrees, code, state) in [(true, "15", State::Withdrawn), (false, "16", State::Open)] {
        let rig = heard(vec![message("13", "K-1")]).await;
        let [(hold, _)] = holds(&rig, HoldKind::Recall).await[..] else { panic!("one hold") };
        let desk = desk(&rig);
        let done = if agrees { desk.release(hold).await } else { desk.dismiss(hold).await };
        assert_eq!(done.unwrap().documents, 1);
        let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
        assert!(rows.iter().all(|row| row.obligation.state == state));
        run(&rig).await;
        assert_eq!(told(&rig), ["01", code]);
    }
}

#[tokio::test]
async fn a_refused_status_is_told_again_or_given_up() {
    for again in [true, false] {
        let rig = rig(StatusesBy::Integration, Fold::All).await;
        rig.poll().await.unwrap();
        rig.ioffice.script(Fault::on("receive_status", Act::Status(403)).always());
        run(&rig).await;
        rig.ioffice.clear_faults();
        let open = rig.store.holds(true).await.unwrap();
        let hold = open.iter().find(|hold| hold.kind == HoldKind::Upstream).unwrap();
        assert_eq!(hold.matter, Matter::Refused);
        let undecided =
            async || rig.store.status_tally().await.unwrap().iter().map(|row| row.undecided).sum::<u64>();
        assert_eq!(undecided().await, 1);
        if again {
            desk(&rig).release(hold.id).await.unwrap();
            assert_eq!(run(&rig).await, ReportedUp { known: 1, ..ReportedUp::default() });
        } else {
            desk(&rig).dismiss(hold.id).await.unwrap();
            assert_eq!(run(&rig).await, ReportedUp::default());
        }
        assert_eq!(undecided().await, 0);
        assert_eq!(holds(&rig, HoldKind::Upstream).await, []);
    }
}

/// The sender calls the document by a name that nobody knows here; a person does.
#[tokio::test]
async fn a_message_about_nothing_known_is_given_to_its_document() {
    let rig = heard(vec![message("13", "K-2")]).await;
    let open = rig.store.holds(true).await.unwrap();
    let hold = open.iter().find(|hold| hold.kind == HoldKind::Upstream).unwrap();
    assert_eq!(hold.matter, Matter::Heard);
    let wanted = Wanted { to: To::Document(DocumentId(1)), role: Role::Lead, due: None };
    desk(&rig).assign(hold.id, &wanted).await.unwrap();
    assert_eq!(holds(&rig, HoldKind::Upstream).await, []);
    assert_eq!(rig.store.heard(DocumentId(1)).await.unwrap().len(), 1);
    let [(recall, _)] = holds(&rig, HoldKind::Recall).await[..] else { panic!("a recall waits now") };
    desk(&rig).dismiss(recall).await.unwrap();
    run(&rig).await;
    assert_eq!(told(&rig), ["01", "16"]);
}
