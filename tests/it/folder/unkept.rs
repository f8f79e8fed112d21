//! The disk of attachments is full, or fails: the document whose file could not be kept waits, those behind it do not, and
//! the next poll that finds room reads it.

use std::io;
use std::sync::Arc;

use vanthu::app::ingest::PollError;
use vanthu::app::ports::{Draft, Files, FilesError, SourceError};
use vanthu::domain::ids::FileId;
use vanthu::source::folder::Folder;

use super::{Desk, Impatient, REST, options};
use crate::edxml::recent;
use crate::support::faults::Disk;

/// A desk whose attachments go elsewhere.
async fn desk(files: Arc<dyn Files>) -> Desk {
    let mut desk = Desk::new().await;
    desk.source = Folder::new(options(desk.root()), Arc::new(Impatient(desk.rig.clock.clone())), files);
    desk
}

/// Two messages, the first with a file.
fn drop_two(desk: &Desk) {
    desk.put("1.edxml", recent(31, "2026/03/01", true));
    desk.put("2.edxml", recent(32, "2026/03/01", false));
}

/// A poll that cannot keep the file; what it met.
async fn misses(desk: &Desk) -> String {
    desk.poll().await.unwrap();
    desk.wait(REST);
    match desk.poll().await {
        Err(PollError::Source(SourceError::Unkept(reason))) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_could_not_be_kept_comes_again_when_there_is_room() {
    let disk = Disk::new(1);
    let desk = desk(super::files(&disk.path().join("tep"))).await;
    drop_two(&desk);
    disk.fill();
    let reason = misses(&desk).await;
    assert!(reason.contains("hết chỗ trên đĩa chứa tệp đính kèm"), "{reason}");
    let state = desk.rig.store.polls().await.unwrap().remove(0);
    assert_eq!(state.error.as_deref(), Some(reason.as_str()), "staff see it");
    assert_eq!(desk.symbols().await, ["32-CV/TU"], "who stands behind it need not wait");
    assert!(desk.tree().contains(&"working/1.edxml".to_owned()), "{:?}", desk.tree());
    assert!(desk.tree().iter().any(|path| path.starts_with("done/") && path.contains("2.edxml")));
    assert!(desk.poll().await.is_err(), "it is tried at each poll");

    disk.clear();
    let polled = desk.poll().await.unwrap();
    assert_eq!(polled.registered, 1);
    assert_eq!(desk.symbols().await, ["31-CV/TU", "32-CV/TU"]);
    assert!(desk.tree().iter().all(|path| !path.starts_with("working/")), "{:?}", desk.tree());
    let state = desk.rig.store.polls().await.unwrap().remove(0);
    assert_eq!((state.error, state.failing_since), (None, None));
}

/// A disk that fails at every call.
struct Failing;

impl Files for Failing {
    fn begin(&self) -> Result<Box<dyn Draft>, FilesError> {
        Err(FilesError::Io { what: "tạo /kho/tep".to_owned(), error: io::Error::from_raw_os_error(5) })
    }

    fn open(&self, id: &FileId) -> Result<Box<dyn io::Read + Send>, FilesError> {
        Err(FilesError::Unknown(id.clone()))
    }

    fn discard(&self, _: &FileId) -> Result<(), FilesError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_disk_that_fails_says_where_and_what_to_do() {
    let desk = desk(Arc::new(Failing)).await;
    drop_two(&desk);
    let reason = misses(&desk).await;
    assert!(reason.contains("tạo /kho/tep") && reason.contains("hãy kiểm tra đĩa"), "{reason}");
    assert_eq!(desk.symbols().await, ["32-CV/TU"]);
}
