use std::sync::Arc;

use vanthu::app::ports::{AcceptanceKind, NewAcceptance, Store};
use vanthu::domain::edition::{Edition, EditionFile, Impact};

use crate::store::fixture::minute;

fn edition(rules: &str) -> Edition {
    let file = |path: &str, text: &str| EditionFile { path: path.to_owned(), text: text.to_owned() };
    Edition::new(vec![
        file("rules.d/10.toml", rules),
        file("units.toml", "u"),
        file("calendar/2026.toml", ""),
    ])
}

pub async fn an_edition_comes_back_whole(store: Arc<dyn Store>) {
    let (first, second) = (edition("a"), edition("b"));
    for edition in [&first, &second, &first] {
        let mut tx = store.begin().await.unwrap();
        tx.keep_edition(edition).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(store.edition(first.hash()).await.unwrap(), Some(first));
    assert_eq!(store.edition(second.hash()).await.unwrap(), Some(second));
    assert_eq!(store.edition(edition("c").hash()).await.unwrap(), None);
}

pub async fn steps_come_newest_first(store: Arc<dyn Store>) {
    let impact = Impact { documents: 12, changed: 3, added: 5, cells: 4, ..Impact::default() };
    for (number, kind) in (0..).zip(AcceptanceKind::ALL) {
        let step = NewAcceptance {
            at: minute(number),
            kind,
            edition: edition(kind.as_str()).hash().to_owned(),
            author: "nguyen-van-a".to_owned(),
            impact: Some(impact.clone()).filter(|_| kind == AcceptanceKind::Waiting),
            detail: Some("vì đã họp".to_owned()).filter(|_| kind == AcceptanceKind::Approved),
        };
        let mut tx = store.begin().await.unwrap();
        tx.record_acceptance(&step).await.unwrap();
        tx.commit().await.unwrap();
    }
    let rows = store.acceptances(None, 0).await.unwrap();
    let kinds: Vec<_> = rows.iter().rev().map(|row| row.kind).collect();
    assert_eq!(kinds, AcceptanceKind::ALL);
    assert_eq!(store.acceptances(None, 1).await.unwrap(), rows[..1]);
    let waiting = store.acceptances(Some(AcceptanceKind::Waiting), 0).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.impact.clone()).collect::<Vec<_>>(), [Some(impact)]);
    let approved = store.acceptances(Some(AcceptanceKind::Approved), 1).await.unwrap();
    assert_eq!(approved[0].detail.as_deref(), Some("vì đã họp"));
    assert_eq!((approved[0].at, approved[0].edition.len()), (minute(2), 64));
}
