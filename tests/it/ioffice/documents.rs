//! What a document looks like when it has come through.

use chrono::NaiveDate;
use serde_json::{Value, json};
use vanthu::app::ports::Source;
use vanthu::demo::ioffice::{Act, FakeDocument, FakeFile, Fault};
use vanthu::domain::document::Urgency;

use super::{asked, holding, only_row, open, outcome, plan, read_only, source};

fn full() -> FakeDocument {
    FakeDocument {
        subject: "Kế hoạch \"sinh hoạt\" <chuyên đề> & quý I".to_owned(),
        content: "Thực hiện trước ngày 05/02/2026".to_owned(),
        urgency: "Hỏa tốc".to_owned(),
        files: vec![
            FakeFile { name: "Kế hoạch & phụ lục.pdf".to_owned(), size: 120_400 },
            FakeFile { name: "Danh sách.xlsx".to_owned(), size: 9_000 },
        ],
        comments: vec!["Giao Văn phòng tham mưu".to_owned()],
        due: NaiveDate::from_ymd_opt(2026, 2, 5),
        ..plan(4)
    }
}

#[tokio::test]
async fn a_document_comes_through_whole() {
    let fake = holding(vec![full()]).await;
    let incoming = open(read_only(&source(&fake)).await);
    insta::assert_debug_snapshot!(incoming.document.get());
}

#[tokio::test]
async fn the_raw_bundle_holds_the_very_bytes() {
    let fake = holding(vec![full()]).await;
    let incoming = open(read_only(&source(&fake)).await);
    let raw: Value = serde_json::from_slice(&incoming.raw).unwrap();
    assert_eq!(raw["detail"]["data"]["soKiHieu"], json!("04-KH/ĐUK"));
    assert_eq!(raw["files"]["data"][1]["fileSize"], json!("9000"));
    assert_eq!(raw["activity"]["status"]["code"], json!("0"));
}

#[tokio::test]
async fn the_same_document_twice_is_the_same_revision() {
    let fake = holding(vec![full()]).await;
    let source = source(&fake);
    let (row, first) = (only_row(&source).await, open(read_only(&source).await));
    let again = only_row(&source).await;
    assert_eq!(row.fingerprint, again.fingerprint, "being read changes nothing");
    assert_eq!(
        first.document.get().fingerprint(),
        open(source.read(&again).await).document.get().fingerprint()
    );

    fake.put(FakeDocument { subject: "Kế hoạch khác".to_owned(), ..full() });
    assert_ne!(only_row(&source).await.fingerprint, row.fingerprint);
}

#[tokio::test]
async fn arrival_is_read_with_or_without_a_time() {
    for (id, expected) in
        [(3, "2026-01-14T17:00:00+00:00"), (4, "2026-01-15T05:05:00+00:00"), (5, "2026-01-15T06:05:00+00:00")]
    {
        let fake = holding(vec![plan(id)]).await;
        let row = only_row(&source(&fake)).await;
        assert_eq!(row.received.unwrap().to_rfc3339(), expected);
    }
}

#[tokio::test]
async fn urgency_by_name() {
    for (name, expected) in [
        ("", Urgency::Unknown),
        ("null", Urgency::Unknown),
        ("Chưa rõ", Urgency::Unknown),
        ("Thường", Urgency::Normal),
        ("KHẨN", Urgency::Urgent),
        ("Thượng khẩn", Urgency::VeryUrgent),
        ("Hoả tốc", Urgency::Express),
        ("Hỏa tốc", Urgency::Express),
        ("Ho\u{0309}a tốc", Urgency::Express),
        ("Hỏa tốc hẹn giờ", Urgency::ExpressTimed),
    ] {
        let fake = holding(vec![FakeDocument { urgency: name.to_owned(), ..plan(1) }]).await;
        let incoming = open(read_only(&source(&fake)).await);
        assert_eq!(incoming.document.get().urgency, expected, "{name}");
    }
}

/// Details as a tenant may send them; what matters is what becomes of each.
#[tokio::test]
async fn details_of_every_shape() {
    let detail = json!({"id": 1, "trichYeu": "Kế hoạch", "soKiHieu": "01-KH/ĐUK", "doMat": "Thường"});
    let with = |name: &str, value: Value| {
        let mut detail = detail.clone();
        detail[name] = value;
        detail
    };
    let table = [
        (detail.clone(), "open"),
        (json!([detail]), "open"),
        (json!(detail.to_string()), "open"),
        (with("id", json!("1")), "open"),
        (with("soDenDi", json!("không số")), "open"),
        (with("hanGiaiQuyet", json!("null")), "open"),
        (with("hanGiaiQuyet", json!("2026/02/05 00:00:00")), "open"),
        (with("doMat", json!("Th&#432;&#7901;ng")), "open"),
        (with("DOMAT", json!("Thường")), "open"),
        (with("id", json!(2)), "broken"),
        (with("hanGiaiQuyet", json!("cuối quý")), "broken"),
        (with("ngayVanBan", json!("31/02/2026")), "broken"),
        (json!({"id": 1, "doMat": "Thường"}), "broken"),
        (json!([detail, detail]), "broken"),
        (json!(["Kế hoạch"]), "broken"),
        (json!(true), "broken"),
        (json!(""), "gone"),
        (json!([]), "gone"),
        (json!({}), "gone"),
        (json!(null), "gone"),
    ];
    for (data, expected) in table {
        let fake = holding(vec![plan(1)]).await;
        fake.script(Fault::on("getdetaildocument", Act::Data(data.clone())));
        assert_eq!(outcome(&read_only(&source(&fake)).await), expected, "{data}");
    }
}

#[tokio::test]
async fn a_row_that_says_none_has_no_files_to_ask_for() {
    let fake = holding(vec![plan(1)]).await;
    open(read_only(&source(&fake)).await);
    assert_eq!(asked(&fake, "getfileattach"), 0);

    let fake = holding(vec![full()]).await;
    let incoming = open(read_only(&source(&fake)).await);
    assert_eq!((asked(&fake, "getfileattach"), incoming.document.get().attachments.len()), (1, 2));
}
