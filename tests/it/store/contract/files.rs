use std::collections::BTreeSet;
use std::sync::Arc;

use vanthu::app::ports::{HoldKind, NewHold, Store};
use vanthu::domain::document::{Attachment, Document, StoredFile};
use vanthu::domain::ids::{FileId, HoldId};
use vanthu::domain::secrecy::judge;

use crate::store::fixture::{document, minute};

fn file(id: &str) -> Attachment {
    let stored = StoredFile { id: id.into(), sha256: id.to_owned(), media: "application/pdf".to_owned() };
    Attachment { name: "31.pdf".to_owned(), stored: Some(stored), ..Attachment::default() }
}

async fn register(store: &dyn Store, external_id: &str, attachments: Vec<Attachment>) {
    let plain = document(external_id, "Kế hoạch").get().clone();
    let open = judge(Document { attachments, ..plain }, Some("x"), &["x".to_owned()]).unwrap();
    let mut tx = store.begin().await.unwrap();
    let known = tx.registered(&"ioffice".into(), &external_id.into()).await.unwrap();
    tx.register(known.as_ref(), &open, b"<edXML/>", minute(0)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn hold(store: &dyn Store, raw: &str) -> HoldId {
    let hold = NewHold {
        kind: HoldKind::Broken,
        source: "truc".into(),
        external_id: "9".into(),
        document: None,
        unit: None,
        task: None,
        reason: "mã nghiệp vụ không có trong danh mục".to_owned(),
        raw: Some(raw.as_bytes().to_vec()),
    };
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_hold(&hold, minute(0)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn revisions_and_open_holds_refer_to_files(store: Arc<dyn Store>) {
    let ids = |ids: &[&str]| ids.iter().map(|id| FileId::from(*id)).collect::<BTreeSet<_>>();
    assert_eq!(store.files().await.unwrap(), ids(&[]));
    let name_only = Attachment { name: "\"stored\": {\"id\": \"x\"}".to_owned(), ..Attachment::default() };
    register(&*store, "1", vec![name_only]).await;
    register(&*store, "2", vec![file("a1"), file("a2")]).await;
    register(&*store, "2", vec![file("b1")]).await;
    let held = hold(&*store, "<x><?vanthu-file id=\"c1\" sha256=\"0\"?><?vanthu-file?></x>").await;
    assert_eq!(store.files().await.unwrap(), ids(&["a1", "a2", "b1", "c1"]), "earlier revisions count too");
    let mut tx = store.begin().await.unwrap();
    assert!(tx.release_hold(held, minute(1)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.files().await.unwrap(), ids(&["a1", "a2", "b1"]));
}
