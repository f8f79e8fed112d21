use std::sync::Arc;

use vanthu::app::ports::{HoldKind, NewHold, Store};
use vanthu::domain::ids::HoldId;

use crate::store::fixture::{directive, minute};

fn hold(kind: HoldKind, external_id: &str, unit: Option<&str>) -> NewHold {
    NewHold {
        kind,
        source: "ioffice".into(),
        external_id: external_id.into(),
        document: None,
        unit: unit.map(Into::into),
        task: None,
        reason: "không quy tắc nào khớp".to_owned(),
        raw: Some(b"{}".to_vec()),
    }
}

async fn open(store: &dyn Store, hold: &NewHold, at: i64) -> Option<HoldId> {
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_hold(hold, minute(at)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn each_task_has_its_own_hold(store: Arc<dyn Store>) {
    let of = |task: Option<&str>| NewHold {
        task: task.map(Into::into),
        ..hold(HoldKind::Declined, "7", Some("cb-1"))
    };
    for task in [None, Some("ke-hoach/a"), Some("ke-hoach/b")] {
        assert!(open(&*store, &of(task), 0).await.is_some(), "{task:?}");
        assert!(open(&*store, &of(task), 1).await.is_none(), "{task:?}");
    }
}

pub async fn the_same_hold_opens_once(store: Arc<dyn Store>) {
    let first = hold(HoldKind::NoContact, "7", None);
    let id = open(&*store, &first, 0).await.unwrap();
    assert_eq!(open(&*store, &first, 1).await, None);
    let others = [
        hold(HoldKind::Broken, "7", None),
        hold(HoldKind::NoContact, "8", None),
        hold(HoldKind::NoContact, "7", Some("cb-1")),
    ];
    for other in &others {
        assert!(open(&*store, other, 1).await.is_some(), "{other:?}");
        assert!(open(&*store, other, 1).await.is_none(), "{other:?}");
    }
    let mut tx = store.begin().await.unwrap();
    assert!(tx.release_hold(id, minute(2)).await.unwrap());
    tx.commit().await.unwrap();
    assert!(open(&*store, &first, 3).await.is_some(), "what was released may come again");
}

pub async fn holds_close_by_document_and_by_number(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &[]).await;
    let about = NewHold { document: Some(directive.registered.id), ..hold(HoldKind::Unmatched, "7", None) };
    let unmatched = open(&*store, &about, 0).await.unwrap();
    let declined = open(&*store, &hold(HoldKind::Declined, "7", Some("cb-1")), 1).await.unwrap();
    let again = open(&*store, &hold(HoldKind::Declined, "7", Some("cb-2")), 2).await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let (source, id) = (&"ioffice".into(), &"7".into());
    assert_eq!(tx.close_holds(HoldKind::Declined, source, id, minute(3)).await.unwrap(), 2);
    assert_eq!(tx.close_holds(HoldKind::Declined, source, id, minute(4)).await.unwrap(), 0);
    assert!(!tx.release_hold(declined, minute(4)).await.unwrap());
    assert!(!tx.release_hold(HoldId(99), minute(4)).await.unwrap());
    tx.commit().await.unwrap();

    let rows = store.holds(false).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.id, row.closed)).collect();
    assert_eq!(seen, [(unmatched, None), (again, Some(minute(3))), (declined, Some(minute(3)))]);
    let open = store.holds(true).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].document, Some(directive.registered.id));
    assert_eq!((open[0].kind, open[0].opened), (HoldKind::Unmatched, minute(0)));
    assert_eq!(open[0].reason, "không quy tắc nào khớp");
    assert_eq!(rows[1].unit, Some("cb-2".into()));
}
