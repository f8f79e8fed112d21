use std::sync::Arc;

use aws_lc_rs::digest;
use serde_json::json;
use vanthu::app::ports::{JournalEntry, JournalKind, JournalRow, Store};
use vanthu::domain::ids::{DocumentId, ObligationId};

use crate::store::fixture::minute;

fn entry(kind: JournalKind, document: Option<i64>, detail: serde_json::Value) -> JournalEntry {
    JournalEntry { at: minute(1), kind, document: document.map(DocumentId), obligation: None, detail }
}

/// The chain as an outsider computes it from an export.
fn expected_hash(previous: &str, row: &JournalRow) -> String {
    let id = |id: Option<i64>| id.map_or("-".to_owned(), |id| id.to_string());
    let sha256 = |text: String| {
        data_encoding::HEXLOWER.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
    };
    let text = [
        row.number.to_string(),
        row.at.timestamp_millis().to_string(),
        row.kind.as_str().to_owned(),
        id(row.document.map(|id| id.0)),
        id(row.obligation.map(|id| id.0)),
        serde_json::to_string(&row.detail).unwrap(),
    ]
    .join("\n");
    sha256(format!("{previous}\n{}", sha256(text)))
}

pub async fn numbers_have_no_gaps_and_hashes_chain(store: Arc<dyn Store>) {
    for batch in 0..3 {
        let entries = [
            entry(JournalKind::Registered, Some(1), json!({ "symbol": "16-KH/ĐUK", "batch": batch })),
            JournalEntry {
                obligation: Some(ObligationId(7)),
                ..entry(JournalKind::Answered, Some(1), json!({ "note": "dòng 1\ndòng 2" }))
            },
            entry(JournalKind::Held, None, json!({})),
        ];
        let mut tx = store.begin().await.unwrap();
        tx.append(&entries).await.unwrap();
        tx.append(&[]).await.unwrap();
        if batch != 1 {
            tx.commit().await.unwrap();
        }
    }
    let rows = store.journal(None, 0, 0).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let mut previous = "0".repeat(64);
    for row in &rows {
        assert_eq!(row.hash, expected_hash(&previous, row));
        previous = row.hash.clone();
    }
    assert_eq!(rows[1].obligation, Some(ObligationId(7)));
    assert_eq!(rows[1].detail, json!({ "note": "dòng 1\ndòng 2" }));
    let numbers = |rows: Vec<JournalRow>| rows.iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(numbers(store.journal(None, 2, 3).await.unwrap()), [3, 4, 5]);
}

pub async fn a_document_has_its_own_journal(store: Arc<dyn Store>) {
    let entries = [Some(1), Some(2), None, Some(1)].map(|id| entry(JournalKind::Routed, id, json!({})));
    let mut tx = store.begin().await.unwrap();
    tx.append(&entries).await.unwrap();
    tx.commit().await.unwrap();
    let numbers = |rows: Vec<JournalRow>| rows.iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(numbers(store.journal(Some(DocumentId(1)), 0, 0).await.unwrap()), [1, 4]);
    assert_eq!(numbers(store.journal(Some(DocumentId(1)), 1, 0).await.unwrap()), [4]);
    assert_eq!(numbers(store.journal(Some(DocumentId(1)), 0, 1).await.unwrap()), [1]);
}
