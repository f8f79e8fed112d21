//! The register's file: one daemon at a time, on a disk of this machine, for our eyes only.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::app::ports::StoreError;

/// Owner alone: the register holds who was told what, and the secret behind Message-IDs.
const MODE: u32 = 0o600;

/// File systems on which SQLite's write-ahead log cannot be trusted: it needs memory shared by all who
/// open the file and locks that hold (sqlite.org/wal.html, "Disadvantages").
const REMOTE: [&str; 12] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse", "fuseblk", "9p", "afs", "ceph", "ncpfs", "glusterfs"];

/// The same by the number that statfs(2) gives, for where `/proc` is hidden (linux/magic.h).
const MAGIC: [(u32, &str); 11] = [
    (0x6969, "nfs"),
    (0x517b, "smb"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb2"),
    (0x6573_5546, "fuse"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "afs"),
    (0x00c3_6400, "ceph"),
    (0x7375_7245, "coda"),
    (0x564c, "ncpfs"),
];

/// Refuses a file whose folder lies on a network or user-space file system.
pub(super) fn refuse_remote(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path)?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let kind = file_system(&mounts, &folder).filter(|kind| is_remote(kind)).or_else(|| magic(&folder));
    match kind {
        Some(kind) => Err(StoreError::Refused(format!(
            "{} nằm trên hệ thống tệp {kind}, nơi SQLite không giữ được dữ liệu an toàn; \
             hãy đặt `store.path` trên đĩa của máy này, hoặc dùng PostgreSQL (`store.url`)",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// What statfs(2) calls a file system that is not of this machine.
fn magic(folder: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(folder).ok()?;
    // The width of the field differs between machines; the numbers have 32 bits.
    MAGIC
        .iter()
        .find(|(number, _)| i128::from(found.f_type) & 0xffff_ffff == i128::from(*number))
        .map(|(_, kind)| *kind)
}

/// As [`super::sqlite::require_own`] says.
pub(super) fn require_own(path: &Path) -> Result<(), StoreError> {
    let own = uzers::get_effective_uid();
    let owner = match std::fs::metadata(path) {
        Ok(file) => file.uid(),
        Err(error) if error.kind() == ErrorKind::NotFound => match folder_of(path)?.metadata() {
            // Root may write anywhere; anybody else is told by the system.
            Ok(folder) if own == 0 => folder.uid(),
            _ => own,
        },
        Err(error) => return Err(refused(path, &error)),
    };
    if owner == own {
        return Ok(());
    }
    Err(StoreError::Forbidden(format!(
        "{} thuộc tài khoản {owner}, nhưng vanthu đang chạy bằng tài khoản {own}; hãy chạy bằng `runuser -u {owner} -- vanthu …`, \
         hoặc đổi chủ thư mục: `chown -R {own} {folder}`",
        path.display(),
        owner = account(owner),
        own = account(own),
        folder = folder_of(path)?.display(),
    )))
}

/// An account's name, or its number where it has none.
fn account(number: u32) -> String {
    let user = uzers::get_user_by_uid(number);
    user.map_or_else(|| number.to_string(), |user| user.name().to_string_lossy().into_owned())
}

fn is_remote(kind: &str) -> bool {
    REMOTE.contains(&kind) || kind.starts_with("fuse.")
}

/// The real folder of the file, links followed.
fn folder_of(path: &Path) -> Result<PathBuf, StoreError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or_else(|| Path::new("."));
    folder.canonicalize().map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => refused(folder, &error),
        _ => StoreError::Refused(format!(
            "không mở được thư mục {} của cơ sở dữ liệu: {error}",
            folder.display()
        )),
    })
}

/// The kind of file system a folder lies on: that of the longest mount point above it, of several on
/// one point the last (proc_pid_mountinfo(5): point is the 5th field, kind the first behind ` - `).
fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mounts = mounts.lines().filter_map(|line| {
        let (front, back) = line.split_once(" - ")?;
        let point = unescape(front.split(' ').nth(4)?);
        folder.starts_with(&point).then_some((point.len(), back.split(' ').next()?))
    });
    mounts.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

/// Blank, tab, line feed and backslash stand as octal in a mount point.
fn unescape(point: &str) -> String {
    point.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

/// A name beside the file: its own, with this behind it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// What stands beside the file while a copy is put in its place.
pub(super) fn marker(path: &Path) -> PathBuf {
    beside(path, ".dang-phuc-hoi")
}

/// Refuses a file in whose place a copy was being put when that was cut short.
pub(super) fn refuse_unfinished(path: &Path) -> Result<(), StoreError> {
    if marker(path).exists() {
        return Err(StoreError::Refused(format!(
            "việc phục hồi {} bị ngắt giữa chừng; hãy chạy lại `vanthu restore` với bản sao lưu ấy",
            path.display()
        )));
    }
    Ok(())
}

/// Takes the lock beside the file; it is held until the returned handle is closed, also by a crash.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let name = beside(path, ".lock");
    let trouble = |error: io::Error| refused(&name, &error);
    let file = OpenOptions::new().create(true).append(true).mode(MODE).open(&name).map_err(trouble)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(format!(
            "{} đang được một tiến trình vanthu khác dùng; mỗi cơ sở dữ liệu chỉ có một tiến trình phục vụ",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(trouble(error)),
    }
}

/// Makes the file if it is not there, and closes it to everybody else; the engine gives its log files
/// the same mode.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new().create_new(true).write(true).mode(MODE).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            std::fs::set_permissions(path, Permissions::from_mode(MODE))
                .map_err(|error| refused(path, &error))
        }
        Err(error) => Err(refused(path, &error)),
    }
}

/// The error for a file that cannot be had.
pub(super) fn refused(path: &Path, error: &io::Error) -> StoreError {
    let shown = path.display();
    match error.kind() {
        ErrorKind::ReadOnlyFilesystem => StoreError::Refused(format!(
            "không ghi được {shown}: đĩa đang ở chế độ chỉ đọc; xem `findmnt -T {shown}` và `dmesg`, sửa rồi khởi động lại"
        )),
        ErrorKind::PermissionDenied => StoreError::Forbidden(format!(
            "tài khoản {} không được phép dùng {shown}; trả quyền cho tài khoản chạy vanthu: `chown -R`, thư mục 0700",
            account(uzers::get_effective_uid())
        )),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(format!("{shown}: {error}")),
        _ => StoreError::Refused(format!("không dùng được tệp {shown}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / /proc rw - proc proc rw
41 22 0:35 / /srv/share rw,relatime shared:9 master:2 - nfs4 10.0.0.2:/share rw,vers=4.2
42 41 8:2 / /srv/share/local rw - xfs /dev/sdb1 rw
43 22 0:40 / /mnt/h\\303\\255p\\040s\\341 rw - fuse.sshfs user@host: rw
44 22 0:41 / /mnt/van\\040thu rw - fuse.sshfs user@host: rw
45 22 0:42 / /mnt/disk rw - ext4 /dev/sdc1 rw
46 22 0:43 / /mnt/disk rw - cifs //nas/disk rw
";

    #[test]
    fn the_nearest_mount_counts() {
        let cases = [
            ("/var/lib/vanthu", "ext4", false),
            ("/srv/share", "nfs4", true),
            ("/srv/share/vanthu", "nfs4", true),
            ("/srv/share/local/vanthu", "xfs", false),
            ("/srv/shared", "ext4", false),
            ("/mnt/van thu/x", "fuse.sshfs", true),
            ("/mnt/disk", "cifs", true),
        ];
        for (folder, kind, remote) in cases {
            assert_eq!(file_system(MOUNTS, Path::new(folder)), Some(kind), "{folder}");
            assert_eq!(is_remote(kind), remote, "{kind}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = refuse_remote(Path::new("/không/có/vanthu.db")).unwrap_err();
        assert!(error.to_string().contains("/không/có"), "{error}");
    }
}
