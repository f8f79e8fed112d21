//! A server that misbehaves: T45, T46, T74.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::Instant;
use vanthu::app::ports::Source;
use vanthu::demo::ioffice::{Act, FakeDocument, FakeFile, Fault};
use vanthu::source::ioffice::{Ioffice, Options};

use super::{asked, holding, kind, only_row, open, options, outcome, plan, plans, read_only, source, walk};

/// What a fault does to a list, and what it does to one document's detail.
#[tokio::test]
async fn faults_are_failures_and_never_no_documents() {
    let table = [
        (Act::LoginPage, "unexpected", "unexpected"),
        (Act::Redirect("https://example.vn/".to_owned()), "unexpected", "unexpected"),
        (Act::WrongCharset, "unexpected", "broken"),
        (Act::GzipBomb(8 * 1024 * 1024), "unexpected", "broken"),
        (Act::NotJson, "unexpected", "broken"),
        (Act::Half, "unexpected", "broken"),
        (Act::Refuse("5".to_owned(), "Lỗi hệ thống".to_owned()), "unexpected", "broken"),
        (Act::Data(serde_json::json!("TRUE")), "unexpected", "broken"),
        (Act::Status(400), "unexpected", "broken"),
        (Act::Status(403), "unexpected", "broken"),
        (Act::Status(404), "unexpected", "gone"),
        (Act::Status(500), "unreachable", "broken"),
        (Act::Status(502), "unreachable", "unreachable"),
        (Act::Status(503), "unreachable", "unreachable"),
        (Act::Status(429), "unreachable", "unreachable"),
        (Act::Cut, "unreachable", "unreachable"),
    ];
    for (act, of_list, of_document) in table {
        let fake = holding(vec![plan(1)]).await;
        let source = source(&fake);
        let row = only_row(&source).await;
        fake.script(Fault::on("getlistwaiting", act.clone()).always());
        fake.script(Fault::on("getdetaildocument", act.clone()).always());
        assert_eq!(kind(&walk(&source).await.unwrap_err()), of_list, "list: {act:?}");
        assert_eq!(outcome(&source.read(&row).await), of_document, "document: {act:?}");
    }
}

#[tokio::test]
async fn one_poisoned_document_leaves_the_others_alone() {
    let fake = holding(plans(3)).await;
    fake.script(Fault::on("getdetaildocument/2/", Act::Status(500)).always());
    let source = source(&fake);
    let mut outcomes = Vec::new();
    for row in &walk(&source).await.unwrap() {
        outcomes.push(outcome(&source.read(row).await));
    }
    assert_eq!(outcomes, ["open", "broken", "open"]);
}

#[tokio::test]
async fn a_document_that_is_gone_is_gone() {
    let fake = holding(vec![plan(1)]).await;
    let source = source(&fake);
    let row = only_row(&source).await;
    fake.remove(1);
    assert_eq!(outcome(&source.read(&row).await), "gone");
}

#[tokio::test]
async fn a_gzip_bomb_is_left_at_the_cap() {
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("getlistwaiting", Act::GzipBomb(8 * 1024 * 1024)));
    let error = source(&fake).list(None).await.unwrap_err();
    assert!(error.to_string().contains("1048576 byte"), "{error}");
    // The same bytes below the cap are just not JSON: what stopped us was the size after unpacking.
    fake.script(Fault::on("getlistwaiting", Act::GzipBomb(64 * 1024)));
    let error = source(&fake).list(None).await.unwrap_err();
    assert!(!error.to_string().contains("byte"), "{error}");
}

#[tokio::test]
async fn retry_after_is_honoured_within_bounds() {
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("getlistwaiting", Act::Busy(503, "1".to_owned())));
    let start = Instant::now();
    assert_eq!(walk(&source(&fake)).await.unwrap().len(), 1);
    assert!(start.elapsed() >= Duration::from_secs(1));

    fake.script(Fault::on("getlistwaiting", Act::Busy(429, "3600".to_owned())).always());
    fake.forget_seen();
    let start = Instant::now();
    assert_eq!(kind(&walk(&source(&fake)).await.unwrap_err()), "unreachable");
    assert_eq!(asked(&fake, "getlistwaiting"), 1);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn repeats_are_few() {
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("getlistwaiting", Act::Status(503)).always());
    walk(&source(&fake)).await.unwrap_err();
    assert_eq!(asked(&fake, "getlistwaiting"), 4);
}

#[tokio::test]
async fn a_slow_server_is_given_up_in_time() {
    let fake = holding(vec![plan(1)]).await;
    let request_timeout = Duration::from_millis(100);
    let source = Ioffice::new(Options { request_timeout, ..options(&fake) }).unwrap();
    let row = only_row(&source).await;
    fake.script(Fault::on("getdetaildocument", Act::Delay(Duration::from_secs(30))).always());
    let start = Instant::now();
    assert_eq!(outcome(&source.read(&row).await), "unreachable");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let fake = holding(Vec::new()).await;
    let options = options(&fake);
    drop(fake);
    let error = Ioffice::new(options).unwrap().list(None).await.unwrap_err();
    assert_eq!(kind(&error), "unreachable");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/qlvb/api/", other.local_addr().unwrap());
    let fake = holding(vec![plan(1)]).await;
    for path in ["getlistwaiting", "getdetaildocument", "login"] {
        fake.script(Fault::on(path, Act::Redirect(to.clone())).always());
    }
    source(&fake).list(None).await.unwrap_err();
    let call = tokio::time::timeout(Duration::from_millis(100), other.accept()).await;
    assert!(call.is_err(), "the token was carried to another host");
}

#[tokio::test]
async fn a_document_is_not_held_because_its_activity_log_fails() {
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("getactivitylog", Act::Status(500)).always());
    let incoming = open(read_only(&source(&fake)).await);
    let raw: serde_json::Value = serde_json::from_slice(&incoming.raw).unwrap();
    assert_eq!(raw["activity"], serde_json::Value::Null);
}

#[tokio::test]
async fn file_names_that_cannot_be_read_hold_the_document() {
    let files = vec![FakeFile { name: "ke-hoach.pdf".to_owned(), size: 1 }];
    for act in [Act::Status(500), Act::Status(404), Act::Data(serde_json::json!([{"id": "1"}]))] {
        let fake = holding(vec![FakeDocument { files: files.clone(), ..plan(1) }]).await;
        fake.script(Fault::on("getfileattach", act.clone()).always());
        assert_eq!(outcome(&read_only(&source(&fake)).await), "broken", "{act:?}");
    }
}

#[tokio::test]
async fn what_a_server_sends_into_status_code_stays_out_of_errors() {
    let fake = holding(vec![plan(1)]).await;
    let code = "Kế hoạch\r\n{\"level\":\"ERROR\"}\x1b[31m";
    fake.script(Fault::on("getlistwaiting", Act::Refuse(code.to_owned(), code.to_owned())));
    let error = source(&fake).list(None).await.unwrap_err().to_string();
    assert!(!error.contains("Kế hoạch") && !error.chars().any(char::is_control), "{error:?}");
}
