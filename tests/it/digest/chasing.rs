//! The letter that chases: its figures, its form, and when there is none.

use vanthu::app::chasing::{ChasingError, draft};
use vanthu::app::ports::{HoldKind, NewHold};
use vanthu::domain::chasing::ChasingLetter;
use vanthu::domain::obligation::Answer;
use vanthu::domain::operation::Standing;
use vanthu::render::chasing;

use super::{document, done, number, python, rig, say};
use crate::support::rig::Rig;
use crate::support::site::{Site, fake};

const DIRECTIVE: &str = "9-HD/ĐUK";
const PLAN: &str = "12-KH/ĐUK";
const FILED: &str = "13-TB/ĐUK";

/// A directive due Friday 13th and a plan; on Tuesday 17th one cell is done, one has acknowledged, one is silent,
/// one has no mailbox.
async fn late() -> Rig {
    let rig = rig("2026-03-02 09:00").await;
    let mut directive = document(1, DIRECTIVE, "Sinh hoạt chuyên đề quý I", "2026-03-02 08:45");
    directive.due = "2026-03-13".parse().ok();
    rig.ioffice.put(directive);
    rig.ioffice.put(document(2, PLAN, "Kế hoạch năm 2026", "2026-03-02 08:40"));
    rig.ioffice.put(document(3, FILED, "Thông báo để lưu", "2026-03-02 08:40"));
    rig.poll().await.unwrap();
    rig.send().await;
    rig.go("2026-03-10 09:00");
    say(&rig, "cb-2", &[DIRECTIVE], done()).await;
    say(&rig, "cb-1-1", &[DIRECTIVE], Answer::Received { promised: None }).await;
    rig.go("2026-03-17 09:00");
    rig
}

async fn letter(rig: &Rig, symbol: &str) -> Result<ChasingLetter, ChasingError> {
    let id = number(rig, symbol).await;
    draft(rig.store.as_ref(), &rig.office, &rig.policy, id, rig.clock_now()).await
}

#[tokio::test]
async fn who_has_done_it_and_who_has_not() {
    let rig = late().await;
    let zone = rig.office.calendar.zone;
    let one = letter(&rig, DIRECTIVE).await.unwrap();
    assert_eq!((one.asked_count(), one.done_count(), one.late_count(), one.unreached_count()), (4, 1, 2, 1));
    let plan = letter(&rig, PLAN).await.unwrap();
    let said = [chasing::text(&one, zone), chasing::text(&plan, zone)];
    insta::assert_snapshot!(said.join("\n==========\n"));
}

/// Read by python-docx: page, margins, text, tables.
#[tokio::test]
async fn the_word_document_reads_as_it_should() {
    let rig = late().await;
    let letter = letter(&rig, DIRECTIVE).await.unwrap();
    let bytes = chasing::docx(&letter, rig.office.calendar.zone).unwrap();
    insta::assert_snapshot!(python("word.py", &bytes));
}

#[tokio::test]
async fn when_there_is_nothing_to_chase() {
    let rig = late().await;
    assert!(matches!(letter(&rig, "99-KH/ĐUK").await, Err(ChasingError::Unknown)));
    assert!(matches!(letter(&rig, FILED).await, Err(ChasingError::Nobody)));
    for cell in ["cb-1-1", "cb-1-2", "cb-3"] {
        say(&rig, cell, &[DIRECTIVE], done()).await;
    }
    assert!(matches!(letter(&rig, DIRECTIVE).await, Err(ChasingError::AllDone)));
    let plan = number(&rig, PLAN).await;
    let mut tx = rig.store.begin().await.unwrap();
    tx.stand(plan, Standing::Revoked).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(letter(&rig, PLAN).await, Err(ChasingError::Ended)));
}

/// Never about a document that may be secret, be it by a later delivery.
#[tokio::test]
async fn a_withheld_document_is_chased_by_nobody() {
    let rig = late().await;
    let id = number(&rig, DIRECTIVE).await;
    let row = rig.store.document(id, rig.clock_now()).await.unwrap().unwrap();
    let mut tx = rig.store.begin().await.unwrap();
    let hold = NewHold {
        kind: HoldKind::Secret,
        source: row.source,
        external_id: row.external_id,
        document: None,
        unit: None,
        task: None,
        reason: "độ mật chưa rõ".to_owned(),
        raw: None,
    };
    tx.open_hold(&hold, rig.clock_now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(letter(&rig, DIRECTIVE).await, Err(ChasingError::Withheld)));
    let site = Site::over(rig, fake()).await;
    let (status, page) = site.staff(&format!("/documents/{id}/letter.docx")).await;
    assert!(status == 409 && page.contains("giữ vì độ mật"), "{status} {page}");
}

#[tokio::test]
async fn the_board_offers_it() {
    let rig = late().await;
    let (id, filed) = (number(&rig, DIRECTIVE).await, number(&rig, FILED).await);
    let site = Site::over(rig, fake()).await;
    let (_, page) = site.staff(&format!("/documents/{id}")).await;
    assert!(page.contains(&format!("href=\"/documents/{id}/letter.docx\"")), "{page}");
    assert!(!site.staff(&format!("/documents/{filed}")).await.1.contains("letter.docx"));
    let path = format!("{}/documents/{id}/letter.docx", site.admin);
    let response = site.client.get(path).send().await.unwrap();
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(name, format!("attachment; filename=\"cong-van-don-doc-{id}.docx\""));
    let bytes = response.bytes().await.unwrap();
    assert!(python("word.py", &bytes).contains("ĐẢNG CỘNG SẢN VIỆT NAM"));
    let (status, text) = site.staff(&format!("/documents/{id}/letter.txt")).await;
    assert!(status == 200 && text.contains("Chi bộ Thanh tra"), "{text}");
    assert_eq!(site.staff("/documents/99/letter.docx").await.0, 404);
    assert_eq!(site.staff(&format!("/documents/{filed}/letter.txt")).await.0, 409);
}
