//! The register's file: one daemon at a time, on a disk of this machine, for our eyes only.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::app::ports::StoreError;

/// Owner alone: the register holds who was told what, and the secret behind Message-IDs.
const MODE: u32 = 0o600;

/// File systems on which SQLite's write-ahead log cannot be trusted: it needs memory shared by all who
/// open the file and locks that hold (sqlite.org/wal.html, "Disadvantages").
const REMOTE: [&str; 12] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse", "fuseblk", "9p", "afs", "ceph", "ncpfs", "glusterfs"];

/// Refuses a file whose folder lies on a network or user-space file system. Where the kernel does not
/// tell (no `/proc`), nothing is refused.
pub(super) fn refuse_remote(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path)?;
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else { return Ok(()) };
    match file_system(&mounts, &folder) {
        Some(kind) if is_remote(kind) => Err(StoreError::Refused(format!(
            "{} nằm trên hệ thống tệp {kind}, nơi SQLite không giữ được dữ liệu an toàn; \
             hãy đặt `store.path` trên đĩa của máy này",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn is_remote(kind: &str) -> bool {
    REMOTE.contains(&kind) || kind.starts_with("fuse.")
}

/// The real folder of the file, links followed.
fn folder_of(path: &Path) -> Result<PathBuf, StoreError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or_else(|| Path::new("."));
    folder.canonicalize().map_err(|error| {
        let folder = folder.display();
        StoreError::Refused(format!("không mở được thư mục {folder} của cơ sở dữ liệu: {error}"))
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
        Err(TryLockError::WouldBlock) => Err(StoreError::Refused(format!(
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
    let advice = match error.kind() {
        ErrorKind::PermissionDenied => "; tệp và thư mục phải thuộc tài khoản chạy lệnh này (ls -l, chown)",
        ErrorKind::ReadOnlyFilesystem => "; ổ đĩa đang ở chế độ chỉ đọc, xem `dmesg` và `mount`",
        _ => "",
    };
    StoreError::Refused(format!("không dùng được tệp {}: {error}{advice}", path.display()))
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
