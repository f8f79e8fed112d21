//! What is listed and fetched, and how it is signed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use vanthu::app::ports::{Ability, Reading, Source as _};
use vanthu::source::vxp::Vxp;

use super::fake::{Act, document};
use super::{Place, ids, outcome, read_only, vxp_options, vxp_server, walk};

#[tokio::test]
async fn both_lists_are_walked_and_counted_and_every_request_is_signed() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("8713", "Chuyên đề quý I");
    fake.put("8714", "Chuyên đề quý II");
    fake.put_text("8720", "status", include_str!("../../../fixtures/edxml/status-01.edxml").to_owned());
    let source = place.vxp(&fake);
    let first = source.list(None).await.unwrap();
    assert_eq!(first.total, Some(3));
    let rows = walk(&source).await.unwrap();
    assert_eq!(ids(&rows), ["8713", "8714", "8720"]);
    assert_eq!(rows[0].received, Some(place.clock_minus_a_minute()));
    for (row, expected) in rows.iter().zip(["open", "open", "status"]) {
        assert_eq!(outcome(&source.read(row).await), expected, "{row:?}");
    }
    for row in &rows {
        source.confirm(row).await.unwrap();
    }
    assert_eq!(walk(&source).await.unwrap(), [], "null is an empty list");
    fake.check();
}

impl Place {
    fn clock_minus_a_minute(&self) -> DateTime<Utc> {
        use vanthu::app::ports::Clock as _;
        self.clock.now() - TimeDelta::minutes(1)
    }
}

#[tokio::test]
async fn a_message_is_the_same_plain_and_as_base64() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("8713", "Chuyên đề quý I");
    let source = place.vxp(&fake);
    let plain = read_only(&source).await;
    fake.world().messages[0].base64 = true;
    let encoded = read_only(&source).await;
    let (Ok(Reading::Open(plain)), Ok(Reading::Open(encoded))) = (plain, encoded) else { panic!() };
    let document = plain.document.get();
    assert_eq!(document.subject, "Chuyên đề quý I");
    assert_eq!(document.exchange.organ.as_deref(), Some("000.00.77.H99"));
    assert_eq!(document.external_id.as_str(), "8713");
    assert!(document.attachments[0].stored.is_some(), "{:?}", document.attachments);
    assert_eq!(plain.raw.len(), encoded.raw.len());
    fake.check();
}

#[tokio::test]
async fn a_large_message_is_read_and_a_larger_one_held() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    let file = data_encoding::BASE64.encode(&vec![b'x'; 2 << 20]);
    fake.put_text("1", "edoc", document("1", "Chuyên đề").replace("JVBERi0=", &file));
    let mut options = vxp_options(&fake, place.folder.path());
    options.reach.request_timeout = Duration::from_secs(20);
    let source = Vxp::new(options.clone(), place.clock.clone(), place.files()).unwrap();
    let Ok(Reading::Open(incoming)) = read_only(&source).await else { panic!() };
    assert_eq!(incoming.document.get().attachments[0].size, Some(2 << 20));
    assert!(incoming.raw.len() < 10_000, "files do not stand in what the register keeps");

    options.reach.message_limit = 1 << 20;
    let source = Vxp::new(options, place.clock.clone(), place.files()).unwrap();
    let Ok(Reading::Broken(broken)) = read_only(&source).await else { panic!() };
    insta::assert_snapshot!(broken.reason, @"lấy nội dung văn bản (getEdoc): trả lời lớn hơn mức cho phép 1048576 byte");
    let left: Vec<_> =
        std::fs::read_dir(place.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["files"], "what passed through the disk is gone");
}

#[tokio::test]
async fn a_secret_mark_withholds_and_leaves_no_file() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "(MẬT) Chuyên đề chim hoạ mi");
    let source = place.vxp(&fake);
    assert_eq!(outcome(&read_only(&source).await), "withheld");
    let kept = walkdir(&place.folder.path().join("files"));
    assert_eq!(kept, 0);
}

fn walkdir(folder: &std::path::Path) -> usize {
    if !folder.exists() {
        return 0;
    }
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walkdir(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn a_row_that_vanishes_is_gone_and_one_that_cannot_be_had_is_held() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    fake.script("getEdoc", Act::Vanish("1".to_owned()));
    assert_eq!(outcome(&read_only(&source).await), "gone");
    for (answer, held) in [
        (json!({"status": "FAIL", "ErrorCode": "4", "ErrorDesc": "Loi"}), "mã lỗi 4"),
        (json!({"status": "OK", "ErrorCode": "0", "data": null}), "không trả nội dung"),
        (json!({"status": "OK", "ErrorCode": "0"}), "không trả nội dung"),
        (json!({"status": "OK", "ErrorCode": "0", "data": "khong phai base64"}), "không phải"),
        (json!({"xyz": 1}), "thiếu status"),
    ] {
        fake.world().messages.clear();
        fake.put("1", "Chuyên đề");
        fake.script("getEdoc", Act::Body(answer.clone()));
        match read_only(&source).await {
            Ok(Reading::Broken(broken)) => assert!(broken.reason.contains(held), "{}", broken.reason),
            other => panic!("{answer}: {other:?}"),
        }
    }
    fake.check();
}

#[tokio::test]
async fn rows_listed_twice_or_without_an_id_are_rows_all_the_same() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    fake.put("1", "Chuyên đề");
    fake.put("", "Chuyên đề");
    let source = place.vxp(&fake);
    let rows = walk(&source).await.unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], rows[1]);
    assert_eq!(outcome(&source.read(&rows[2]).await), "broken");
    source.confirm(&rows[2]).await.unwrap();
    assert_eq!(fake.asked("updateStatus"), 0);
}

#[tokio::test]
async fn organs_are_asked_for_once_a_week_and_name_a_nameless_sender() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.world().agencies = json!([{"code": "000.00.77.H99", "name": "Văn phòng Tỉnh uỷ Mẫu"}]);
    let text = document("1", "Chuyên đề")
        .replace("<edXML:OrganName>Văn phòng Tỉnh uỷ Mẫu</edXML:OrganName></edXML:From>", "</edXML:From>");
    fake.put_text("1", "edoc", text);
    let source = place.vxp(&fake);
    let Ok(Reading::Open(incoming)) = read_only(&source).await else { panic!() };
    assert_eq!(incoming.document.get().issuer, "Văn phòng Tỉnh uỷ Mẫu");
    walk(&source).await.unwrap();
    walk(&place.vxp(&fake)).await.unwrap();
    assert_eq!(fake.asked("getAgenciesList"), 1);
    place.clock.advance_to(crate::support::rig::local("2026-03-09 09:01"));
    fake.script_many("getAgenciesList", 0, 9, Act::Status(503));
    walk(&source).await.unwrap();
    assert_eq!(fake.asked("getAgenciesList"), 5, "asked again with patience; the poll goes on without");
    fake.check();
}

#[tokio::test]
async fn an_axis_that_does_not_count_is_walked_all_the_same() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.world().is_old = true;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    assert_eq!(source.list(None).await.unwrap().total, None);
    assert_eq!(ids(&walk(&source).await.unwrap()), ["1"]);
}

#[tokio::test]
async fn abilities_follow_the_settings() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    assert_eq!(place.vxp(&fake).abilities().statuses, Ability::Yes);
    let mut options = vxp_options(&fake, place.folder.path());
    options.organ = None;
    let source = Vxp::new(options, place.clock.clone(), place.files()).unwrap();
    assert_eq!(source.abilities().statuses, Ability::Off);
}
