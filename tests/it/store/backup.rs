//! Copies of a register in a file: taken while it is written to, checked, let go; put back in its place.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, raw_sql};
use tempfile::TempDir;
use tokio::task::JoinSet;
use vanthu::app::ports::{Files as _, Reader as _, RestorationReader as _, Store as _, StoreError};
use vanthu::domain::document::{Attachment, StoredFile};
use vanthu::domain::secrecy::judge;
use vanthu::store::backup::{Back, Done, Order, backup, list, put_back};
use vanthu::store::files::Folder;
use vanthu::store::sqlite::{Access, SqliteStore, open};

use super::fixture::{directive, document, minute};

/// An office's disk.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self) -> SqliteStore {
        open(&self.path("vanthu.db"), Access::Serve).await.unwrap()
    }

    async fn try_backup(&self, keep: usize, now: DateTime<Utc>) -> Result<Done, StoreError> {
        let (register, files, folder) = (self.path("vanthu.db"), self.path("files"), self.path("sao-luu"));
        backup(&Order { register: &register, files: &files, folder: &folder, keep, now }).await
    }

    async fn backup(&self, minutes: i64) -> Done {
        self.try_backup(9, minute(minutes)).await.unwrap()
    }

    async fn put_back(&self, from: &Path) -> Result<Back, StoreError> {
        let (register, files) = (self.path("vanthu.db"), self.path("files"));
        let order =
            Order { register: &register, files: &files, folder: Path::new(""), keep: 1, now: minute(600) };
        put_back(&order, from, "văn thư").await
    }

    /// Names in the folder of copies.
    fn kept(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path("sao-luu"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.') && name != "files")
            .collect();
        names.sort();
        names
    }
}

/// Why something was refused.
fn why<T: std::fmt::Debug>(refused: Result<T, StoreError>) -> String {
    match refused {
        Err(StoreError::Refused(reason) | StoreError::Busy(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// Writes over bytes in the middle of a file.
fn scribble(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_whole_while_others_write() {
    let disk = Disk::new();
    let store = std::sync::Arc::new(disk.open().await);
    directive(&*store, "0", &["cb-1"]).await;
    let busy = store.clone();
    let mut writers = JoinSet::new();
    writers.spawn(async move {
        for number in 1..200 {
            directive(&*busy, &number.to_string(), &["cb-1", "cb-2", "cb-3"]).await;
        }
    });
    let mut last = 0;
    for minutes in 0..5 {
        let done = disk.backup(minutes).await;
        let copy = open(&done.path, Access::Visit).await.unwrap();
        let documents = i64::try_from(copy.documents(999, minute(0)).await.unwrap().len()).unwrap();
        assert_eq!(done.manifest.rows["document"], documents);
        assert!(documents > last, "each copy is of its own time: {documents} after {last}");
        last = documents;
        assert_eq!(done.path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        while store.documents(999, minute(0)).await.unwrap().len() <= usize::try_from(last).unwrap() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    writers.join_next().await.unwrap().unwrap();
    let kept = list(&disk.path("sao-luu")).unwrap();
    assert_eq!(kept.len(), 5);
    assert_eq!(kept[0].manifest.taken, minute(4), "the newest first");
}

#[tokio::test]
async fn the_newest_stay_and_the_last_good_one_always_does() {
    let disk = Disk::new();
    let store = disk.open().await;
    directive(&store, "7", &["cb-1"]).await;
    for minutes in 0..4 {
        disk.try_backup(3, minute(minutes)).await.unwrap();
    }
    assert_eq!(
        disk.kept(),
        [1, 2, 3]
            .map(|m| minute(m).format("vanthu-%Y%m%dT%H%M%SZ"))
            .iter()
            .flat_map(|name| { [format!("{name}.db"), format!("{name}.json")] })
            .collect::<Vec<_>>()
    );
    let again = why(disk.try_backup(3, minute(3)).await);
    assert!(again.contains("mỗi giây chỉ sao lưu được một lần"), "{again}");

    // A copy that is not whole is neither counted nor in the way, and none goes for its sake.
    fs::write(disk.path("sao-luu/vanthu-20991231T000000Z.db"), "dở dang").unwrap();
    assert_eq!(list(&disk.path("sao-luu")).unwrap()[0].manifest.taken, minute(3));

    // The register cannot be copied any more: what there is stays.
    store.close().await;
    let register = disk.path("vanthu.db");
    let length = register.metadata().unwrap().len();
    // Indexes are not read for a copy but made anew; of tables at least one is hit.
    scribble(&register, 8192, &vec![0xaa; usize::try_from(length - 8192).unwrap()]);
    let before = disk.kept();
    assert!(disk.try_backup(1, minute(9)).await.is_err());
    assert_eq!(disk.kept(), before);
    let hidden = fs::read_dir(disk.path("sao-luu")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(hidden.filter(|name| name.to_string_lossy().ends_with(".part")).count(), 0);
}

#[tokio::test]
async fn what_was_put_back_is_marked_and_what_was_there_stays() {
    let disk = Disk::new();
    let store = disk.open().await;
    directive(&store, "7", &["cb-1"]).await;
    let done = disk.backup(0).await;
    directive(&store, "8", &["cb-1"]).await;
    let served = why(disk.put_back(&done.path).await);
    assert!(served.contains("đang được một tiến trình vanthu khác dùng"), "{served}");
    store.close().await;
    drop(store);

    let back = disk.put_back(&done.path).await.unwrap();
    assert_eq!((back.taken, back.missing), (Some(minute(0)), 0));
    let aside = open(&back.aside.unwrap(), Access::Visit).await.unwrap();
    assert_eq!(aside.documents(9, minute(0)).await.unwrap().len(), 2, "the old register is whole");
    let store = disk.open().await;
    assert_eq!(store.documents(9, minute(0)).await.unwrap().len(), 1);
    let restoration = store.restoring().await.unwrap().unwrap();
    assert_eq!(restoration.taken, Some(minute(0)));
    assert_eq!(Path::new(&restoration.origin), done.path.file_name().unwrap());
    assert_eq!(store.journal(None, 0, 0).await.unwrap().last().unwrap().detail["actor"], "văn thư");
    let left: Vec<_> = fs::read_dir(disk.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("phuc-hoi") && !name.contains("truoc"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    store.close().await;
}

/// Cut short between moving the old away and the new in: nobody may take what is left for a register.
#[tokio::test]
async fn a_restore_that_was_cut_short_is_no_register() {
    let disk = Disk::new();
    let store = disk.open().await;
    directive(&store, "7", &["cb-1"]).await;
    let done = disk.backup(0).await;
    store.close().await;
    drop(store);
    fs::write(disk.path("vanthu.db.dang-phuc-hoi"), "").unwrap();
    fs::remove_file(disk.path("vanthu.db")).unwrap();
    let refused = why(open(&disk.path("vanthu.db"), Access::Serve).await);
    assert!(refused.contains("bị ngắt giữa chừng") && refused.contains("vanthu restore"), "{refused}");
    assert!(!disk.path("vanthu.db").exists(), "and none is made");
    disk.put_back(&done.path).await.unwrap();
    assert!(disk.open().await.restoring().await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_not_sound_is_not_put_back() {
    let disk = Disk::new();
    let store = disk.open().await;
    for number in 0..40 {
        directive(&store, &number.to_string(), &["cb-1", "cb-2", "cb-3"]).await;
    }
    let done = disk.backup(0).await;
    store.close().await;
    drop(store);
    let before = fs::read(disk.path("vanthu.db")).unwrap();
    let copy = |name: &str| {
        let path = disk.path(name);
        fs::copy(&done.path, &path).unwrap();
        path
    };

    let scribbled = copy("hong.db");
    let length = scribbled.metadata().unwrap().len();
    // Every page but the first two: whatever lies there, structure is damaged.
    scribble(&scribbled, 8192, &vec![0x55; usize::try_from(length - 8192).unwrap()]);
    let cut = copy("cut.db");
    OpenOptions::new().write(true).open(&cut).unwrap().set_len(length / 2).unwrap();
    let newer = copy("moi-hon.db");
    let mut conn = SqliteConnectOptions::new().filename(&newer).connect().await.unwrap();
    raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (999, 'tương lai', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let strange = disk.path("khac.db");
    let mut conn =
        SqliteConnectOptions::new().filename(&strange).create_if_missing(true).connect().await.unwrap();
    raw_sql("CREATE TABLE x (y)").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let text = disk.path("chu.db");
    fs::write(&text, "không phải cơ sở dữ liệu".repeat(99)).unwrap();
    let empty = disk.path("trong.db");
    fs::write(&empty, "").unwrap();
    let changed = copy("sua.db");
    fs::copy(done.path.with_extension("json"), changed.with_extension("json")).unwrap();
    scribble(&changed, length - 3, b"abc");
    let bent = copy("nhat-ky.db");
    let mut conn = SqliteConnectOptions::new().filename(&bent).connect().await.unwrap();
    raw_sql(
        "INSERT INTO journal (number, at, kind, detail, hash) VALUES (1, 0, 'held', '{}', printf('%064d', 7))",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();

    for (path, word) in [
        (&scribbled, "bị hỏng"),
        (&cut, "bị hỏng"),
        (&newer, "lược đồ số 999"),
        (&strange, "của chương trình khác"),
        (&text, "bị hỏng"),
        (&empty, "tệp trống"),
        (&changed, "không khớp bản kê"),
        (&bent, "nhật ký bị thiếu hoặc bị sửa từ dòng 1"),
        (&disk.path("khong-co.db"), "No such file"),
    ] {
        let said = why(disk.put_back(path).await);
        assert!(said.contains(word) && said.lines().count() == 1, "{}: {said}", path.display());
        assert_eq!(fs::read(disk.path("vanthu.db")).unwrap(), before, "{}", path.display());
    }
    assert!(disk.open().await.restoring().await.unwrap().is_none());
}

/// A copy that somebody took by hand from a register that was stopped hard, its log beside it.
#[tokio::test]
async fn a_copy_by_hand_brings_its_log() {
    let disk = Disk::new();
    let store = disk.open().await;
    directive(&store, "7", &["cb-1"]).await;
    for ending in ["", "-wal"] {
        fs::copy(disk.path(&format!("vanthu.db{ending}")), disk.path(&format!("tay.db{ending}"))).unwrap();
    }
    store.close().await;
    drop(store);
    fs::remove_file(disk.path("vanthu.db")).unwrap();
    let back = disk.put_back(&disk.path("tay.db")).await.unwrap();
    assert!(back.aside.is_none());
    assert_eq!(disk.open().await.documents(9, minute(0)).await.unwrap().len(), 1);
}

/// Contents of attachments go with the copies that refer to them, once, and come back with them.
#[tokio::test]
async fn attachments_go_along() {
    let disk = Disk::new();
    let store = disk.open().await;
    let files = Folder::new(disk.path("files"));
    let mut ids = Vec::new();
    for number in 0..3_u8 {
        let mut draft = files.begin().unwrap();
        draft.write_all(&[number; 1000]).unwrap();
        let kept = draft.keep().unwrap();
        let mut with = document(&number.to_string(), "có tệp").get().clone();
        let stored =
            StoredFile { id: kept.id.clone(), sha256: kept.sha256.clone(), media: "text/plain".to_owned() };
        with.attachments =
            vec![Attachment { name: "a.txt".to_owned(), stored: Some(stored), ..Attachment::default() }];
        let open = judge(with, Some("Thường"), &["Thường".to_owned()]).unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.register(None, &open, b"{}", minute(0)).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(kept.id);
    }
    let done = disk.backup(0).await;
    assert_eq!((done.manifest.files.len(), done.missing), (3, 0));
    store.close().await;
    drop(store);
    fs::remove_dir_all(disk.path("files")).unwrap();
    let back = disk.put_back(&done.path).await.unwrap();
    assert_eq!(back.missing, 0);
    for (number, id) in ids.iter().enumerate() {
        let mut content = Vec::new();
        files.open(id).unwrap().read_to_end(&mut content).unwrap();
        assert_eq!(content, vec![u8::try_from(number).unwrap(); 1000]);
    }
    fs::remove_dir_all(disk.path("files")).unwrap();
    fs::remove_dir_all(disk.path("sao-luu/files")).unwrap();
    let again = disk.backup(TimeDelta::hours(1).num_minutes()).await;
    assert_eq!(again.missing, 3, "and what is not there is counted");
}

/// A register that is damaged is not served: one line says so, and what to do.
#[tokio::test]
async fn a_damaged_register_is_not_served() {
    let disk = Disk::new();
    let store = disk.open().await;
    for number in 0..40 {
        directive(&store, &number.to_string(), &["cb-1", "cb-2", "cb-3"]).await;
    }
    let done = disk.backup(0).await;
    store.close().await;
    drop(store);
    let register = disk.path("vanthu.db");
    let length = register.metadata().unwrap().len();
    let whole = fs::read(&register).unwrap();
    let cut = || OpenOptions::new().write(true).open(&register).unwrap().set_len(length / 2).unwrap();
    let bend = || scribble(&register, 8192, &vec![0x55; usize::try_from(length - 8192).unwrap()]);
    for damage in [&cut as &dyn Fn(), &bend] {
        fs::write(&register, &whole).unwrap();
        damage();
        let said = why(open(&register, Access::Serve).await);
        assert!(said.contains("vanthu restore") && said.lines().count() == 1, "{said}");
    }
    disk.put_back(&done.path).await.unwrap();
    assert_eq!(disk.open().await.documents(99, minute(0)).await.unwrap().len(), 40);
}
