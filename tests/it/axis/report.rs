//! Statuses out: signed, strict edXML, told once.

use serde_json::json;
use vanthu::app::ports::{Clock as _, Earlier, Reading, Report, Reported, Source, SourceError};
use vanthu::domain::document::Document;
use vanthu::domain::status::{Status, StatusCode};
use vanthu::source::edxml::{Context, Limits, read};

use super::fake::{Act, Fake};
use super::{ORGAN, Place, SENDER, lgsp_server, read_only, vxp_server};

async fn report(place: &Place, source: &dyn Source, code: StatusCode) -> Report {
    let Ok(Reading::Open(incoming)) = read_only(source).await else { panic!() };
    let document: Document = incoming.document.get().clone();
    Report {
        external_id: document.external_id.clone(),
        document,
        code,
        description: "Văn bản đã đến".to_owned(),
        at: place.clock.now(),
        key: format!("khoá {}", code.digits()),
        earlier: None,
    }
}

/// The same once more, after `told` about the document was taken.
fn again(report: &Report, told: &[&str]) -> Report {
    let receipts = told.iter().map(|receipt| (*receipt).to_owned()).collect();
    Report { earlier: Some(Earlier { receipts }), ..report.clone() }
}

fn said(place: &Place, text: &str) -> Status {
    let files = place.files();
    let context = Context {
        source: &"truc".into(),
        external_id: &"1".into(),
        received: None,
        zone: chrono_tz::Asia::Ho_Chi_Minh,
        files: files.as_ref(),
        limits: Limits::default(),
    };
    match read(text.as_bytes(), &context).unwrap() {
        Reading::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

async fn axis(provincial: bool) -> (Place, Fake, Box<dyn Source>) {
    let place = Place::new();
    let fake = if provincial {
        lgsp_server::start(&place.clock).await
    } else {
        vxp_server::start(&place.clock).await
    };
    fake.put("1", "Chuyên đề");
    let source: Box<dyn Source> =
        if provincial { Box::new(place.lgsp(&fake)) } else { Box::new(place.vxp(&fake)) };
    (place, fake, source)
}

#[tokio::test]
async fn a_status_reaches_the_sender_of_the_document() {
    for provincial in [false, true] {
        let (place, fake, source) = axis(provincial).await;
        let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
        assert_eq!(source.report(&report).await, Ok(Reported::Taken(Some("S1".to_owned()))));
        let sent = fake.world().sent[0].clone();
        assert!(provincial || sent.to == SENDER, "{}", sent.to);
        let status = said(&place, &sent.text);
        assert_eq!((status.from.as_str(), status.digits.as_str()), (ORGAN, "01"));
        assert_eq!(status.about.organ.as_deref(), Some(SENDER));
        assert_eq!(status.about.key, report.document.exchange.key);
        assert_eq!(status.at, Some(report.at));
        fake.check();
    }
}

#[tokio::test]
async fn a_status_whose_answer_was_lost_is_told_once() {
    for provincial in [false, true] {
        let (place, fake, source) = axis(provincial).await;
        let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
        fake.script("sendEdoc", Act::Lost);
        assert!(matches!(source.report(&report).await, Err(SourceError::Unreachable(_))));
        assert_eq!(source.report(&again(&report, &[])).await, Ok(Reported::Known));
        assert_eq!(fake.world().sent.len(), 1);
        fake.check();
    }
}

#[tokio::test]
async fn a_restart_forgets_no_doubt() {
    let (place, fake, source) = axis(false).await;
    let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
    fake.script("sendEdoc", Act::Lost);
    source.report(&report).await.unwrap_err();
    drop(source);
    assert_eq!(place.vxp(&fake).report(&again(&report, &[])).await, Ok(Reported::Known));
    assert_eq!(fake.world().sent.len(), 1);
}

/// What else was sent to the same organ in those minutes is not the one in doubt.
#[tokio::test]
async fn another_status_to_the_same_organ_is_not_mistaken_for_it() {
    for keeps_sent in [false, true] {
        let (place, fake, source) = axis(false).await;
        fake.world().keeps_sent = keeps_sent;
        let arrived = report(&place, source.as_ref(), StatusCode::Arrived).await;
        let mut other = arrived.clone();
        other.document.symbol = "9-CV/TU".to_owned();
        other.document.exchange.key = Some("000.00.77.H99,2026/02/27,9-CV/TU".to_owned());
        let accepted = Report { code: StatusCode::Accepted, ..arrived.clone() };
        source.report(&other).await.unwrap();
        let told = source.report(&arrived).await.unwrap();
        assert_eq!(told, Reported::Taken(Some("S2".to_owned())));
        fake.script("sendEdoc", Act::Status(503));
        source.report(&accepted).await.unwrap_err();

        let told = source.report(&again(&accepted, &["S2"])).await.unwrap();
        assert_eq!(told, Reported::Taken(Some("S3".to_owned())), "{keeps_sent}: it had not arrived");
        assert_eq!(source.report(&again(&accepted, &["S2"])).await, Ok(Reported::Known), "{keeps_sent}");
        assert_eq!(fake.world().sent.len(), 3);
        fake.check();
    }
}

/// A receipt that nobody knows accounts for one row of an axis that gives nothing back.
#[tokio::test]
async fn rows_are_counted_where_the_axis_gives_no_receipts() {
    let (place, fake, source) = axis(false).await;
    fake.world().keeps_sent = true;
    let arrived = report(&place, source.as_ref(), StatusCode::Arrived).await;
    let accepted = Report { code: StatusCode::Accepted, ..arrived.clone() };
    source.report(&arrived).await.unwrap();
    let doubt = again(&accepted, &["nguồn đã nhận"]);
    assert!(matches!(source.report(&doubt).await, Ok(Reported::Taken(_))));
    assert_eq!(source.report(&doubt).await, Ok(Reported::Known));
}

#[tokio::test]
async fn a_status_that_never_arrived_is_told_again() {
    let (place, fake, source) = axis(false).await;
    let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
    fake.script("sendEdoc", Act::Status(409));
    assert_eq!(source.report(&report).await, Ok(Reported::Known), "409: it is there already");
    fake.script("sendEdoc", Act::Status(503));
    source.report(&report).await.unwrap_err();
    assert!(matches!(source.report(&again(&report, &[])).await, Ok(Reported::Taken(_))));
    fake.world().is_old = true;
    fake.script("sendEdoc", Act::Lost);
    source.report(&report).await.unwrap_err();
    let told = source.report(&again(&report, &[])).await;
    assert!(matches!(told, Ok(Reported::Taken(_))), "an axis without that list is told twice: {told:?}");
    fake.check();
}

#[tokio::test]
async fn an_axis_that_cannot_be_asked_is_not_told_blindly() {
    let (place, fake, source) = axis(false).await;
    let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
    fake.script("sendEdoc", Act::Lost);
    source.report(&report).await.unwrap_err();
    fake.script_many("getSentEdocList", 0, 9, Act::Status(503));
    assert!(matches!(source.report(&again(&report, &[])).await, Err(SourceError::Unreachable(_))));
    assert_eq!(fake.world().sent.len(), 1);
}

#[tokio::test]
async fn what_the_axis_refuses_for_good_is_refused_with_the_reason() {
    let (place, fake, source) = axis(false).await;
    let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
    let refusal =
        |description: &str| Act::Body(json!({"status": "FAIL", "ErrorCode": "7", "ErrorDesc": description}));
    fake.script("sendEdoc", refusal("Don vi gui H1 khong dung voi ma da dang ky H2"));
    let Ok(Reported::Refused(reason)) = source.report(&report).await else { panic!() };
    insta::assert_snapshot!(reason, @"gửi trạng thái (sendEdoc): trục từ chối, mã lỗi 7; organ không phải mã đã đăng ký với system_id");
    let nameless = Report {
        document: Document { exchange: Default::default(), ..report.document.clone() },
        ..report.clone()
    };
    let Ok(Reported::Refused(reason)) = source.report(&nameless).await else { panic!() };
    insta::assert_snapshot!(reason, @"văn bản không ghi mã định danh của nơi gửi");
    assert_eq!(fake.asked("sendEdoc"), 1);
}

#[tokio::test]
async fn a_receiver_the_axis_does_not_list_is_not_written_to() {
    for provincial in [false, true] {
        let (place, fake, source) = axis(provincial).await;
        fake.world().agencies = json!([{"code": "000.00.01.H99", "name": "Cơ quan khác"}]);
        let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
        let Ok(Reported::Refused(reason)) = source.report(&report).await else { panic!() };
        assert_eq!(reason, "mã 000.00.77.H99 không có trong danh mục cơ quan của trục");
        assert_eq!(fake.asked("sendEdoc"), 0);
    }
}

#[tokio::test]
async fn codes_of_a_provincial_axis_are_told_in_words_and_not_tried_again() {
    let (place, fake, source) = axis(true).await;
    let report = report(&place, source.as_ref(), StatusCode::Arrived).await;
    for code in ["10", "18", "19", "20", "21", "22", "23"] {
        fake.script("sendEdoc", Act::Body(json!({"success": false, "data": {"errorCode": code}})));
        assert!(matches!(source.report(&report).await, Ok(Reported::Refused(_))), "{code}");
    }
    assert_eq!(fake.asked("sendEdoc"), 7);
    fake.script("sendEdoc", Act::Body(json!({"success": false, "data": {"errorCode": "15"}})));
    assert!(matches!(source.report(&report).await, Err(SourceError::Denied(_))));
    fake.check();
}
