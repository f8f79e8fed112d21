use std::collections::BTreeSet;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn folder() -> (tempfile::TempDir, Folder) {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::new(place.path().join("files"));
    (place, folder)
}

fn files(place: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(place).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

fn text(folder: &Folder, id: &FileId) -> String {
    let mut text = String::new();
    folder.open(id).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_kept_reads_back_and_only_its_owner_may() {
    let (place, folder) = folder();
    let mut draft = folder.begin().unwrap();
    draft.write_all(b"%PDF-").unwrap();
    draft.seek(SeekFrom::Start(0)).unwrap();
    draft.write_all(b"1.7").unwrap();
    let kept = draft.keep().unwrap();
    assert_eq!(kept.size, 8);
    assert_eq!(kept.sha256, "86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b");
    assert_eq!(text(&folder, &kept.id), "%PDF-1.7", "reading in a draft never moves the next write");
    let paths = files(place.path());
    assert_eq!(paths.len(), 1);
    assert_eq!(paths[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(paths[0].parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_dropped_draft_and_a_discarded_file_leave_nothing() {
    let (place, folder) = folder();
    let mut draft = folder.begin().unwrap();
    draft.write_all(b"x").unwrap();
    drop(draft);
    let kept = folder.begin().unwrap().keep().unwrap();
    folder.discard(&kept.id).unwrap();
    folder.discard(&kept.id).unwrap();
    assert!(matches!(folder.open(&kept.id), Err(FilesError::Unknown(_))));
    assert_eq!(files(place.path()), Vec::<PathBuf>::new());
}

#[test]
fn no_text_from_outside_becomes_a_path() {
    let (place, folder) = folder();
    fs::write(place.path().join("secret"), "x").unwrap();
    for id in ["", "../secret", "/etc/passwd", "..", "AB", &"A".repeat(32), &"é".repeat(16)] {
        assert!(matches!(folder.open(&FileId::from(id)), Err(FilesError::Unknown(_))), "{id}");
        folder.discard(&FileId::from(id)).unwrap();
    }
    assert_eq!(files(place.path()).len(), 1);
}

#[test]
fn a_sweep_takes_what_nobody_refers_to_once_it_is_old() {
    let (_place, folder) = folder();
    let [wanted, lost] = [(), ()].map(|()| folder.begin().unwrap().keep().unwrap().id);
    let referred = BTreeSet::from([wanted.clone()]);
    let written: DateTime<Utc> =
        fs::metadata(folder.place(&wanted).unwrap()).unwrap().modified().unwrap().into();
    let swept = |now| folder.sweep(&referred, now).unwrap().removed;
    assert_eq!(swept(written + TimeDelta::days(6)), 0, "a document may be under way");
    assert_eq!(swept(written + TimeDelta::days(8)), 1);
    assert_eq!(text(&folder, &wanted), "");
    assert!(matches!(folder.open(&lost), Err(FilesError::Unknown(_))));
}

#[test]
fn what_a_crash_left_half_written_goes_at_the_next_start() {
    let (place, folder) = folder();
    assert_eq!(folder.recover().unwrap(), 0, "nothing was ever written");
    let mut half = folder.begin().unwrap();
    half.write_all(b"x").unwrap();
    std::mem::forget(half);
    let kept = folder.begin().unwrap().keep().unwrap();
    assert_eq!(folder.recover().unwrap(), 1);
    assert_eq!(files(place.path()).len(), 1);
    assert_eq!(text(&folder, &kept.id), "");
}

#[test]
fn a_full_disk_says_so_and_leaves_nothing() {
    let error = failure("ghi", Path::new("/kho/ab"), io::Error::from(io::ErrorKind::StorageFull));
    insta::assert_snapshot!(error, @"hết chỗ trên đĩa chứa tệp đính kèm (/kho/ab); hãy dọn đĩa hoặc tăng dung lượng");
}
