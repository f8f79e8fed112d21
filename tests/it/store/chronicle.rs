//! The copy of the journal outside the register: in step, torn, ahead.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use vanthu::app::ports::{
    JournalEntry, JournalKind, Reader as _, RecallReader as _, RestorationReader as _, Store as _,
};
use vanthu::store::Remembered;
use vanthu::store::sqlite::{Access, SqliteStore, open};

use super::fixture::{claim, directive, enqueue, minute, notice, sent, settle};

struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn copy(&self) -> PathBuf {
        self.0.path().join("nhat-ky")
    }

    async fn open(&self, name: &str) -> (SqliteStore, Option<Remembered>) {
        let store = open(&self.0.path().join(name), Access::Serve).await.unwrap();
        let remembered = store.copy_to(self.copy(), minute(0)).await.unwrap();
        (store, remembered)
    }

    fn lines(&self) -> Vec<Value> {
        let mut names: Vec<_> =
            fs::read_dir(self.copy()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let text: String = names.iter().map(|name| fs::read_to_string(name).unwrap()).collect();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn newest(&self) -> PathBuf {
        let mut names: Vec<_> =
            fs::read_dir(self.copy()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names.pop().unwrap()
    }
}

async fn note(store: &SqliteStore, minutes: i64) {
    let mut tx = store.begin().await.unwrap();
    let detail = json!({ "why": format!("phút {minutes}") });
    let kind = JournalKind::Seen;
    tx.append(&[JournalEntry { at: minute(minutes), kind, document: None, obligation: None, detail }])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn numbers(lines: &[Value]) -> Vec<i64> {
    lines.iter().filter_map(|line| line["number"].as_i64()).collect()
}

/// What a commit has written to the journal stands in the copy when the commit returns, chained alike.
#[tokio::test]
async fn a_commit_is_in_the_copy_when_it_returns() {
    let disk = Disk::new();
    let (store, remembered) = disk.open("vanthu.db").await;
    assert!(remembered.is_none());
    for minutes in 0..50 {
        note(&store, minutes).await;
        assert_eq!(disk.lines().len() as i64, minutes + 1);
    }
    let journal = store.journal(None, 0, 0).await.unwrap();
    for (line, row) in disk.lines().iter().zip(&journal) {
        assert_eq!(
            (line["number"].as_i64(), line["hash"].as_str()),
            (Some(row.number), Some(row.hash.as_str()))
        );
    }
    // Months have files of their own.
    note(&store, 60 * 24 * 40).await;
    note(&store, 51).await;
    assert_eq!(fs::read_dir(disk.copy()).unwrap().count(), 2);
    assert_eq!(
        numbers(&disk.lines()),
        (1..=52).collect::<Vec<_>>(),
        "in order, also where a clock went back"
    );
    store.close().await;
}

/// Whatever was cut off the end is written anew, and what another process wrote is caught up with.
#[tokio::test]
async fn a_torn_end_is_healed() {
    let disk = Disk::new();
    let (store, _) = disk.open("vanthu.db").await;
    for minutes in 0..6 {
        note(&store, minutes).await;
    }
    store.close().await;
    drop(store);
    let whole = fs::read(disk.newest()).unwrap();
    for cut in [1, 40, 120, whole.len() / 2, whole.len()] {
        fs::write(disk.newest(), &whole[..whole.len() - cut]).unwrap();
        let (store, remembered) = disk.open("vanthu.db").await;
        assert!(remembered.is_none(), "a copy that is behind tells nothing new");
        store.close().await;
        assert_eq!(fs::read(disk.newest()).unwrap().len(), whole.len(), "{cut}");
        assert_eq!(numbers(&disk.lines()), (1..=6).collect::<Vec<_>>(), "{cut}");
    }
    // The disk kept the end of the last line and lost its middle.
    let mut bent = whole.clone();
    let at = bent.len() - 60;
    bent[at..at + 20].fill(0);
    fs::write(disk.newest(), &bent).unwrap();
    let (store, _) = disk.open("vanthu.db").await;
    assert_eq!(numbers(&disk.lines()), (1..=6).collect::<Vec<_>>());
    store.close().await;
    // In the middle of the copy no crash does that: it is told, and nothing is overwritten.
    let mut bent = whole.clone();
    bent[10..30].fill(b'x');
    fs::write(disk.newest(), &bent).unwrap();
    fs::copy(disk.0.path().join("vanthu.db"), disk.0.path().join("khac.db")).unwrap();
    let fresh = open(&disk.0.path().join("moi.db"), Access::Serve).await.unwrap();
    let error = fresh.remember(&disk.copy(), minute(0)).await.unwrap_err().to_string();
    assert!(error.contains("dòng 1: không đọc được"), "{error}");
    fresh.close().await;
}

/// A register made anew: marked, its numbers above all that were given, and what was sent known again by what it is about.
#[tokio::test]
async fn what_the_copy_knows_beyond_is_remembered() {
    let disk = Disk::new();
    let (old, _) = disk.open("vanthu.db").await;
    let first = directive(&old, "7", &["cb-1", "cb-2"]).await;
    let revision = first.registered.revision;
    enqueue(&old, &first, &[notice(revision, "cb-1"), notice(revision, "cb-2")]).await;
    let claimed = claim(&old, "a", 0, 9).await;
    settle(&old, &claimed[0], sent(), 1).await;
    let mut tx = old.begin().await.unwrap();
    let entry = |kind, detail| JournalEntry {
        at: minute(1),
        kind,
        document: Some(first.registered.id),
        obligation: None,
        detail,
    };
    let settled = entry(JournalKind::Settled, json!({ "sent": [claimed[0].id.0] }));
    let closed = entry(JournalKind::Closed, json!({ "why": "miễn" }));
    tx.append(&[settled, closed]).await.unwrap();
    tx.commit().await.unwrap();
    let facts: Vec<_> =
        disk.lines().iter().flat_map(|line| line["facts"].as_array().cloned().unwrap_or_default()).collect();
    let kinds = |kind: &str| facts.iter().filter(|fact| fact["fact"] == kind).count();
    assert_eq!((kinds("sent"), kinds("planned"), kinds("opened")), (1, 2, 2), "{facts:?}");
    old.close().await;

    let (anew, remembered) = disk.open("moi.db").await;
    let remembered = remembered.unwrap();
    assert_eq!((remembered.lost.rows, remembered.facts), (2, 4), "two planned, one sent, one decision");
    let restoration = anew.restoring().await.unwrap().unwrap();
    assert_eq!(restoration.position, 0);
    assert!(restoration.lost(first.obligations[1].0));
    assert_eq!(anew.formerly(first.obligations[0].0).await.unwrap(), None, "not read again yet");
    let mut tx = anew.begin().await.unwrap();
    tx.release_restored("a", "b", minute(2)).await.unwrap();
    tx.commit().await.unwrap();

    // The same directive, read again: other numbers, another secret, the same things to tell.
    let again = directive(&anew, "7", &["cb-1", "cb-2"]).await;
    assert!(again.registered.revision.0 > revision.0 + 9_000);
    let new = [notice(again.registered.revision, "cb-1"), notice(again.registered.revision, "cb-2")];
    enqueue(&anew, &again, &new).await;
    let leaving = claim(&anew, "b", 5, 9).await;
    let told = claimed[0].key.unit.clone();
    assert_eq!(leaving.len(), 1, "who was told is not told again");
    assert!(leaving[0].key.unit != told && leaving[0].doubtful.is_some());
    assert_eq!(
        leaving[0].message_id, claimed[1].message_id,
        "and who was to be told is told under the same id"
    );
    let tally = anew.recalled().await.unwrap();
    let found =
        |kind: &str| tally.iter().find(|tally| tally.kind == kind).map(|tally| (tally.all, tally.found));
    assert_eq!((found("sent"), found("other")), (Some((1, 1)), Some((1, 0))));
    assert_eq!(anew.formerly(first.obligations[0].0).await.unwrap(), Some(again.obligations[0].0));
    let unmatched = anew.unmatched(9).await.unwrap();
    assert_eq!(unmatched.len(), 1, "what a person decided must be decided again: {unmatched:?}");
    anew.close().await;
    drop(anew);

    // The copy goes on with the new register, and a further start finds nothing amiss.
    let (anew, remembered) = disk.open("moi.db").await;
    assert!(remembered.is_none(), "{remembered:?}");
    assert!(disk.lines().iter().any(|line| line["fork"]["after"] == 0));
    assert!(anew.uncopied().await.is_none());
    note(&anew, 9).await;
    let last = disk.lines().pop().unwrap();
    assert_eq!(last["number"], anew.journal(None, 0, 0).await.unwrap().last().unwrap().number);
    anew.close().await;
}

#[tokio::test]
async fn a_copy_that_cannot_be_made_is_refused_at_the_start() {
    let disk = Disk::new();
    fs::write(disk.copy(), "một tệp, không phải thư mục").unwrap();
    let store = open(&disk.0.path().join("vanthu.db"), Access::Serve).await.unwrap();
    let error = store.copy_to(disk.copy(), minute(0)).await.unwrap_err().to_string();
    assert!(error.contains("nhat-ky") && error.lines().count() == 1, "{error}");
    assert!(Path::new(&disk.copy()).is_file());
    store.close().await;
}
