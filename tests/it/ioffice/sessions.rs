//! Logging in, renewing, being refused.

use std::time::Duration;

use futures_util::future::join_all;
use vanthu::app::ports::Source;
use vanthu::demo::ioffice::{Act, FakeAccount, FakePost, Fault, Setup};
use vanthu::source::ioffice::{Ioffice, Options};

use super::{asked, holding, kind, open, options, plans, source, start, walk};

#[tokio::test]
async fn an_expired_session_is_renewed_once_per_request() {
    let fake = holding(plans(4)).await;
    let source = source(&fake);
    let rows = walk(&source).await.unwrap();
    fake.expire_sessions();
    fake.forget_seen();
    open(source.read(&rows[0]).await);
    let paths: Vec<_> = fake.seen().iter().map(|seen| seen.path.clone()).collect();
    assert_eq!(
        paths,
        [
            "document/getdetaildocument/4/",
            "login/",
            "document/getdetaildocument/4/",
            "document/getactivitylog/4/"
        ]
    );
}

#[tokio::test]
async fn a_second_401_in_a_row_is_an_error_and_not_a_loop() {
    let fake = holding(plans(1)).await;
    fake.script(Fault::on("getdetaildocument", Act::Status(401)).always());
    let source = source(&fake);
    let row = super::only_row(&source).await;
    assert_eq!(kind(&source.read(&row).await.unwrap_err()), "unexpected");
    assert_eq!((asked(&fake, "login"), asked(&fake, "getdetaildocument")), (2, 2));
}

#[tokio::test]
async fn many_requests_that_meet_an_expired_session_cost_one_login() {
    let fake = holding(plans(12)).await;
    let source = source(&fake);
    let rows = walk(&source).await.unwrap();
    fake.expire_sessions();
    fake.forget_seen();
    for reading in join_all(rows.iter().map(|row| source.read(row))).await {
        open(reading);
    }
    assert_eq!(asked(&fake, "login"), 1);
}

#[tokio::test]
async fn sessions_that_run_out_by_time_are_renewed_too() {
    let session_life = Duration::from_millis(150);
    let fake = start(Setup { documents: plans(9), session_life, ..Setup::default() }).await;
    let source = source(&fake);
    for _ in 0..4 {
        assert_eq!(walk(&source).await.unwrap().len(), 9);
        tokio::time::sleep(session_life).await;
    }
    assert_eq!(asked(&fake, "login"), 4);
}

#[tokio::test]
async fn an_expired_session_of_a_further_post_is_switched_once_per_login() {
    let mut account = FakeAccount::new("vanthu", "vanthu");
    account.posts = vec![FakePost { userid: "77".to_owned(), name: "Chánh văn phòng".to_owned() }];
    let fake = start(Setup { accounts: vec![account], documents: plans(2), ..Setup::default() }).await;
    let source = Ioffice::new(Options { posts: vec!["77".to_owned()], ..options(&fake) }).unwrap();
    for _ in 0..3 {
        walk(&source).await.unwrap();
        fake.expire_sessions();
    }
    assert_eq!((asked(&fake, "login"), asked(&fake, "switch")), (3, 3));
}

#[tokio::test]
async fn a_server_that_allows_one_session_at_a_time_costs_logins_but_hides_nothing() {
    let mut account = FakeAccount::new("vanthu", "vanthu");
    account.posts = vec![FakePost { userid: "77".to_owned(), name: "Chánh văn phòng".to_owned() }];
    let setup =
        Setup { accounts: vec![account], documents: plans(5), single_session: true, ..Setup::default() };
    let fake = start(setup).await;
    let source = Ioffice::new(Options { posts: vec!["77".to_owned()], ..options(&fake) }).unwrap();
    for _ in 0..2 {
        assert_eq!(walk(&source).await.unwrap().len(), 10);
    }
    assert_eq!((asked(&fake, "login"), asked(&fake, "switch")), (4, 4));
}

#[tokio::test]
async fn a_switch_that_fails_is_not_repeated_with_the_same_login() {
    for act in [Act::Status(500), Act::Cut, Act::Status(429), Act::LoginPage] {
        let mut account = FakeAccount::new("vanthu", "vanthu");
        account.posts = vec![FakePost { userid: "77".to_owned(), name: "Chánh văn phòng".to_owned() }];
        let fake = start(Setup { accounts: vec![account], ..Setup::default() }).await;
        fake.script(Fault::on("switch", act.clone()));
        let source = Ioffice::new(Options { posts: vec!["77".to_owned()], ..options(&fake) }).unwrap();
        walk(&source).await.unwrap_err();
        assert_eq!((asked(&fake, "login"), asked(&fake, "switch")), (1, 1), "{act:?}");
        walk(&source).await.unwrap();
        assert_eq!((asked(&fake, "login"), asked(&fake, "switch")), (2, 2), "{act:?}");
    }
}

#[tokio::test]
async fn a_switch_to_a_post_the_account_has_not_is_unexpected() {
    let fake = holding(plans(1)).await;
    let source = Ioffice::new(Options { posts: vec!["99".to_owned()], ..options(&fake) }).unwrap();
    let error = walk(&source).await.unwrap_err();
    assert_eq!(kind(&error), "unexpected");
    assert!(!error.to_string().contains("99"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_however_many_ask() {
    let fake = holding(plans(3)).await;
    let password = "sai-mat-khau".to_owned().into();
    let source = Ioffice::new(Options { password, ..options(&fake) }).unwrap();
    for result in join_all((0..20).map(|_| source.list(None))).await {
        assert_eq!(kind(&result.unwrap_err()), "denied");
    }
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn answers_to_a_login() {
    let table = [
        (Act::Status(401), "denied"),
        (Act::Status(400), "denied"),
        (Act::Refuse("7".to_owned(), "Tài khoản bị khoá".to_owned()), "denied"),
        (Act::Refuse("7".to_owned(), "Vui lòng nhập mã OTP".to_owned()), "otp"),
        (Act::Data(serde_json::json!({"token": "x", "requireOTP": true})), "otp"),
        (Act::Data(serde_json::json!("")), "unexpected"),
        (Act::LoginPage, "unexpected"),
        (Act::NotJson, "unexpected"),
        (Act::Redirect("https://example.vn/sso".to_owned()), "unexpected"),
        (Act::Status(503), "unreachable"),
        (Act::Cut, "unreachable"),
    ];
    for (act, expected) in table {
        let fake = holding(plans(1)).await;
        fake.script(Fault::on("login", act.clone()).always());
        assert_eq!(kind(&source(&fake).list(None).await.unwrap_err()), expected, "{act:?}");
        assert_eq!(fake.seen().len(), 1, "{act:?}: a login is never repeated");
    }
}

#[tokio::test]
async fn every_generation_of_login() {
    for login in ["login", "login/v3", "login/v6"] {
        let fake = holding(plans(1)).await;
        let source = Ioffice::new(Options { login: login.to_owned(), ..options(&fake) }).unwrap();
        assert_eq!(walk(&source).await.unwrap().len(), 1);
        assert_eq!(asked(&fake, &format!("{login}/")), 1);
    }
}

#[tokio::test]
async fn a_one_time_password_is_never_bypassed() {
    let account = FakeAccount { otp: true, ..FakeAccount::new("vanthu", "vanthu") };
    let fake = start(Setup { accounts: vec![account], documents: plans(1), ..Setup::default() }).await;
    let source = Ioffice::new(Options { login: "login/v6".to_owned(), ..options(&fake) }).unwrap();
    for _ in 0..3 {
        assert_eq!(kind(&source.list(None).await.unwrap_err()), "otp");
    }
    let paths: Vec<_> = fake.seen().iter().map(|seen| seen.path.clone()).collect();
    assert_eq!(paths, ["login/v6/"]);
}
