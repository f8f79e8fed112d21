use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use vanthu::app::ports::{PollState, Store};

use crate::store::fixture::{directive, document, minute, newest_schema};

pub async fn a_dropped_write_undoes_itself(store: Arc<dyn Store>) {
    let mut tx = store.begin().await.unwrap();
    tx.register(None, &document("7", "A"), b"", minute(0)).await.unwrap();
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.registered(&"ioffice".into(), &"7".into()).await.unwrap(), None);
}

pub async fn a_cancelled_write_undoes_itself(store: Arc<dyn Store>) {
    for number in 0..50_u64 {
        let write = async {
            directive(&*store, "7", &["cb-1", "cb-2"]).await;
            let mut tx = store.begin().await.unwrap();
            tx.save_poll(&PollState { source: "half".to_owned(), ..PollState::default() }).await.unwrap();
            std::future::pending::<()>().await;
        };
        assert!(tokio::time::timeout(Duration::from_micros(number * 100), write).await.is_err());
    }
    assert!(store.polls().await.unwrap().is_empty());
    directive(&*store, "8", &["cb-1"]).await;
    for row in store.documents(9, minute(0)).await.unwrap() {
        assert!(!row.tally.is_empty(), "a document and its obligations come together");
    }
}

pub async fn writers_wait_for_each_other(store: Arc<dyn Store>) {
    let writers = (0..40).map(|number| {
        let store = store.clone();
        async move { directive(&*store, &format!("{number}"), &["cb-1", "cb-2"]).await }
    });
    assert_eq!(join_all(writers).await.len(), 40);
    assert_eq!(store.documents(99, minute(0)).await.unwrap().len(), 40);
}

pub async fn readers_see_committed_data_while_a_writer_works(store: Arc<dyn Store>) {
    let mut tx = store.begin().await.unwrap();
    tx.register(None, &document("7", "A"), b"", minute(0)).await.unwrap();
    let readers = join_all((0..8).map(|_| store.documents(9, minute(0)))).await;
    assert!(readers.into_iter().all(|rows| rows.unwrap().is_empty()));
    tx.commit().await.unwrap();
    assert_eq!(store.documents(9, minute(0)).await.unwrap().len(), 1);
}

pub async fn the_secret_stays(store: Arc<dyn Store>) {
    let meta = store.meta().await.unwrap();
    assert_eq!((meta.secret.len(), meta.schema), (32, newest_schema()));
    assert!(meta.secret.iter().any(|byte| *byte != 0));
    assert_eq!(store.meta().await.unwrap().secret, meta.secret);
}
