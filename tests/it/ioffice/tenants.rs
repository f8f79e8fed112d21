//! Tenants that call their fields otherwise, and the words they have for yes, no and nothing.

use serde_json::{Value, json};
use vanthu::app::ports::Reading;
use vanthu::demo::ioffice::{Act, FakeIoffice, Fault};
use vanthu::source::ioffice::{FieldMap, Ioffice, Options, StatusesBy};

use super::{holding, only_row, open, options, outcome, plan};

/// Fields of the web layer, which differ from province to province.
fn web() -> FieldMap {
    let name = |name: &str| vec![name.to_owned()];
    FieldMap {
        symbol: ["so_kyhieu", "soKihieu"].map(str::to_owned).to_vec(),
        subject: name("trich_yeu"),
        issuer: name("coquan_banhanh"),
        due: name("han_xuly"),
        urgency: name("priority_name"),
        secrecy: name("do_mat"),
        ..FieldMap::default()
    }
}

fn tenant(fake: &FakeIoffice, fields: FieldMap) -> Ioffice {
    Ioffice::new(Options { fields, ..options(fake) }).unwrap()
}

async fn read(fields: FieldMap, detail: Value) -> Result<Reading, vanthu::app::ports::SourceError> {
    use vanthu::app::ports::Source as _;
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("getdetaildocument", Act::Data(detail)).always());
    let source = tenant(&fake, fields);
    source.read(&only_row(&source).await).await
}

#[tokio::test]
async fn fields_of_the_web_layer_are_read_by_their_own_names() {
    let detail = json!({
        "id": "1", "so_kyhieu": " 16-ĐA/TU ", "trich_yeu": "V/v &quot;b&aacute;o c&aacute;o&quot;",
        "coquan_banhanh": "Tỉnh uỷ", "han_xuly": "20/03/2026", "priority_name": "Hoả tốc", "do_mat": "Thường",
        "ngayVanBan": "15/01/2026",
    });
    let incoming = open(read(web(), detail.clone()).await);
    let document = incoming.document.get();
    let seen = (document.symbol.as_str(), document.subject.as_str(), document.issuer.as_str());
    assert_eq!(seen, ("16-ĐA/TU", "V/v \"báo cáo\"", "Tỉnh uỷ"));
    assert_eq!(document.due, "2026-03-20".parse().ok());
    assert_eq!(document.urgency.as_str(), "express");
    assert_eq!(
        outcome(&read(FieldMap::default(), detail).await),
        "withheld",
        "nobody said what do_mat means"
    );
}

/// The built-in names stay behind a tenant's, also in another case.
#[tokio::test]
async fn built_in_names_stay() {
    let detail = json!({
        "id": "1", "SOKIHIEU": "12-KH/ĐUK", "trich_yeu": "null", "trichYeu": "Kế hoạch", "doMat": "Thường",
        "hanGiaiQuyet": "null", "han_xuly": "",
    });
    let incoming = open(read(web(), detail).await);
    let document = incoming.document.get();
    assert_eq!((document.symbol.as_str(), document.subject.as_str()), ("12-KH/ĐUK", "Kế hoạch"));
    assert_eq!(document.due, None);
}

#[tokio::test]
async fn every_secrecy_field_must_be_open() {
    let table = [
        (json!({"doMat": "Thường", "do_mat": "Không mật"}), "open"),
        (json!({"doMat": "Mật", "do_mat": "Thường"}), "withheld"),
        (json!({"doMat": "Thường", "do_mat": "Mật"}), "withheld"),
        (json!({"doMat": "Thường", "DO_MAT": ""}), "withheld"),
        (json!({"doMat": ["Thường"], "do_mat": "Thường"}), "withheld"),
        (json!({"do_mat": "Thường"}), "open"),
        (json!({}), "withheld"),
    ];
    for (secrecy, expected) in table {
        let mut detail = json!({"id": "1", "soKiHieu": "1-KH/ĐUK", "trichYeu": "Kế hoạch"});
        detail.as_object_mut().unwrap().extend(secrecy.as_object().unwrap().clone());
        assert_eq!(outcome(&read(web(), detail).await), expected, "{secrecy}");
    }
}

#[tokio::test]
async fn a_date_under_a_tenants_name_that_is_none_is_told_by_that_name() {
    let detail = json!({"id": "1", "soKiHieu": "1-KH/ĐUK", "doMat": "Thường", "han_xuly": "31/02/2026"});
    match read(web(), detail).await {
        Ok(Reading::Broken(broken)) => assert!(broken.reason.contains("han_xuly"), "{}", broken.reason),
        other => panic!("{other:?}"),
    }
}

/// `"TRUE"`, `"OK"`, numbers and nothing at all say yes to a status; the word FALSE with HTTP 200 says no.
#[tokio::test]
async fn words_for_yes_and_no() {
    use vanthu::app::ports::{Reported, Source as _};
    let table = [
        (json!("TRUE"), true),
        (json!("true"), true),
        (json!("OK"), true),
        (json!(1), true),
        (json!(true), true),
        (json!(""), true),
        (json!(null), true),
        (json!("FALSE"), false),
        (json!(false), false),
        (json!(0), false),
    ];
    for (word, taken) in table {
        let fake = holding(vec![plan(1)]).await;
        fake.script(Fault::on("receive_status", Act::Data(word.clone())));
        let by = Some(StatusesBy::Integration);
        let source = Ioffice::new(Options { statuses_by: by, ..options(&fake) }).unwrap();
        let reported = source.report(&super::report(&source).await).await.unwrap();
        assert_eq!(matches!(reported, Reported::Taken(_)), taken, "{word}: {reported:?}");
    }
}

/// A login page with status 200 is not an answer: the status is told again later.
#[tokio::test]
async fn a_login_page_for_an_answer_is_no_receipt() {
    use vanthu::app::ports::Source as _;
    let fake = holding(vec![plan(1)]).await;
    fake.script(Fault::on("receive_status", Act::LoginPage));
    let by = Some(StatusesBy::Integration);
    let source = Ioffice::new(Options { statuses_by: by, ..options(&fake) }).unwrap();
    let report = super::report(&source).await;
    assert_eq!(super::kind(&source.report(&report).await.unwrap_err()), "unexpected");
    // It had arrived all the same: told again, it is known, and stands there once.
    for _ in 0..2 {
        assert_eq!(source.report(&report).await.unwrap(), vanthu::app::ports::Reported::Known);
    }
    assert_eq!(fake.statuses().len(), 1);
}
