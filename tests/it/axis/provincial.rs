//! A provincial axis: the session, the days it is asked for, the files beside the edXML.

use serde_json::json;
use vanthu::app::ports::{Clock as _, Reading, Source as _};
use vanthu::source::lgsp::Lgsp;

use super::fake::Act;
use super::{Place, ids, lgsp_options, lgsp_server, outcome, read_only, walk};
use crate::support::rig::local;

#[tokio::test]
async fn one_login_serves_all_and_is_renewed_when_it_runs_out() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.lgsp(&fake);
    assert_eq!(outcome(&read_only(&source).await), "open");
    assert_eq!(fake.asked("auth/login"), 1);
    fake.script("getEdoc", Act::Expire);
    assert_eq!(outcome(&read_only(&source).await), "open");
    assert_eq!(fake.asked("auth/login"), 2);
    fake.script_many("getEdoc", 0, 9, Act::Expire);
    assert_eq!(
        outcome(&read_only(&source).await),
        "denied",
        "a session renewed for this request is not renewed again"
    );
    assert_eq!(fake.asked("auth/login"), 3);
    fake.check();
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    let mut options = lgsp_options(&fake, place.folder.path());
    options.password = "sai".to_owned().into();
    let source = Lgsp::new(options, place.clock.clone(), place.files()).unwrap();
    for _ in 0..3 {
        let error = walk(&source).await.unwrap_err();
        insta::allow_duplicates! { insta::assert_snapshot!(error, @"đăng nhập bị từ chối: đăng nhập (auth/login): mã HTTP 401; kiểm tra username và password của nguồn"); }
    }
    assert_eq!(fake.asked("auth/login"), 1);
}

#[tokio::test]
async fn the_first_list_of_a_day_reaches_back_a_month_and_the_others_a_week() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    fake.put("new", "Chuyên đề");
    fake.put("old", "Chuyên đề");
    fake.world().messages[1].created = local("2026-02-05 08:00");
    let source = place.lgsp(&fake);
    fake.script("syncReceivedEdocList", Act::Status(404));
    assert!(walk(&source).await.is_err());
    assert_eq!(ids(&walk(&source).await.unwrap()), ["new", "old"], "a failed walk was no walk");
    assert_eq!(ids(&walk(&source).await.unwrap()), ["new"]);
    let days: Vec<_> =
        fake.seen().into_iter().filter(|seen| seen.path.contains("sync")).map(|seen| seen.query).collect();
    insta::assert_snapshot!(days.last().unwrap(), @"messageType=status&fromDate=2026%2F02%2F23&toDate=2026%2F03%2F03");
    place.clock.advance_to(local("2026-03-03 09:00"));
    assert_eq!(ids(&walk(&source).await.unwrap()), ["new", "old"]);
    fake.check();
}

#[tokio::test]
async fn organs_come_bare_or_in_a_frame() {
    for agencies in [json!([{"code": "A1", "name": "A"}]), json!({"data": [{"code": "A1", "name": "A"}]})] {
        let place = Place::new();
        let fake = lgsp_server::start(&place.clock).await;
        fake.world().agencies = agencies;
        walk(&place.lgsp(&fake)).await.unwrap();
        let kept = std::fs::read_to_string(place.folder.path().join("agencies-truc.tsv")).unwrap();
        assert_eq!(kept, format!("{}\nA1\tA\n", place.clock.now().to_rfc3339()));
    }
}

#[tokio::test]
async fn a_message_is_read_from_text_and_from_base64() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.lgsp(&fake);
    for base64 in [false, true] {
        fake.world().messages[0].base64 = base64;
        let Ok(Reading::Open(incoming)) = read_only(&source).await else { panic!() };
        assert_eq!(incoming.document.get().subject, "Chuyên đề");
    }
    assert!(source.served().is_some());
    fake.check();
}

#[tokio::test]
async fn files_beside_the_message_are_those_it_names_or_further_ones() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let text = fake.world().messages[0].text.clone();
    let (head, _) = text.split_once(" <AttachmentEncoded>").unwrap();
    let bare = format!("{head}</edXML>");
    let file = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
    let source = place.lgsp(&fake);
    for (text, files, expected) in [
        (&bare, vec![file("31-CV-TU.pdf", b"%PDF-1")], vec![("31-CV-TU.pdf", Some(6))]),
        (&text, vec![file("31-CV-TU.pdf", b"%PDF-1")], vec![("31-CV-TU.pdf", Some(5))]),
        (
            &text,
            vec![file("phụ lục.pdf", b"%PDF-1.7")],
            vec![("31-CV-TU.pdf", Some(5)), ("phụ lục.pdf", Some(8))],
        ),
        (&bare, vec![], vec![("31-CV-TU.pdf", None)]),
    ] {
        {
            let mut world = fake.world();
            (world.messages[0].text, world.messages[0].files) = (text.clone(), files);
        }
        let reading = read_only(&source).await;
        let Ok(Reading::Open(incoming)) = reading else { panic!("{reading:?}") };
        let files = &incoming.document.get().attachments;
        let shown: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.size)).collect();
        assert_eq!(shown, expected);
    }
    fake.world().messages[0].files = vec![file("Kế hoạch (MẬT).pdf", b"%PDF-1.7")];
    assert_eq!(outcome(&read_only(&source).await), "withheld", "by the name of a file beside it");
    fake.check();
}
