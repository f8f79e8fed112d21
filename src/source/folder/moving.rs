//! Moving files without writing over anything, on disks and on network shares.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

/// Longest name in bytes: systems allow 255, and an outcome's name is longer than that of its file.
const LONGEST: usize = 180;

/// Moves a file to a name that nothing bears yet. Within a disk this is one step; to another disk it is a
/// copy that gets its name only when it is whole.
///
/// # Errors
/// `AlreadyExists` where something bears the name; else the disk's.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::XDEV) => copy_across(from, to),
        // Shares that do not know the flag. Nobody else moves files into our subfolders.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            if to.symlink_metadata().is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        renamed => Ok(renamed?),
    }
}

/// Copies, makes the copy durable, names it, removes the original. A crash in between leaves the original
/// where it was.
fn copy_across(from: &Path, to: &Path) -> io::Result<()> {
    let name = to.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let unfinished = to.with_file_name(format!(".{name}.part"));
    let mut original = fs::File::open(from)?;
    let mut copy = fresh(&unfinished)?;
    io::copy(&mut original, &mut copy)?;
    copy.sync_all()?;
    if to.symlink_metadata().is_ok() {
        fs::remove_file(&unfinished)?;
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(&unfinished, to)?;
    fs::remove_file(from)
}

/// Writes a text under a name that nothing bears yet; whole or not at all.
///
/// # Errors
/// As [`rename_new`].
pub(super) fn write_new(to: &Path, text: &str) -> io::Result<()> {
    let unfinished = write_unfinished(to, text)?;
    rename_new(&unfinished, to)
}

/// Writes a text over whatever file bears the name; whole or not at all.
///
/// # Errors
/// The disk's.
pub(super) fn write_over(to: &Path, text: &str) -> io::Result<()> {
    let unfinished = write_unfinished(to, text)?;
    fs::rename(unfinished, to)
}

/// Every bit of a mode.
pub(super) const ANYTHING: u32 = 0o7777;
/// What a file may have of the mode of its folder.
const READ_AND_WRITE: u32 = 0o666;

/// The permissions of what we make: those of the folder around it, masked. The daemon's own umask keeps
/// everything to itself, but what is here is for the people whose folder it is.
///
/// # Errors
/// The disk's.
pub(super) fn as_around(path: &Path, mask: u32) -> io::Result<Permissions> {
    let folder = path.parent().unwrap_or(path);
    Ok(Permissions::from_mode(fs::metadata(folder)?.permissions().mode() & mask))
}

fn write_unfinished(to: &Path, text: &str) -> io::Result<std::path::PathBuf> {
    let name = to.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path = to.with_file_name(format!(".{name}.part"));
    let mut file = fresh(&path)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.set_permissions(as_around(to, READ_AND_WRITE)?)?;
    file.sync_all()?;
    Ok(path)
}

/// A new file in place of what a crash may have left.
fn fresh(path: &Path) -> io::Result<fs::File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// The name itself if it is free, else `name (2).ext`, `name (3).ext` …; never too long for what is put
/// behind it.
pub(super) fn free_name(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let stem = shortened(stem, LONGEST.saturating_sub(ending.len()));
    let mut number = 1_u64;
    loop {
        let candidate = match number {
            1 => format!("{stem}{ending}"),
            _ => format!("{stem} ({number}){ending}"),
        };
        if is_free(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

fn shortened(text: &str, most: usize) -> String {
    let mut length = 0;
    let fits = text.chars().take_while(|c| {
        length += c.len_utf8();
        length <= most
    });
    fits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_are_numbered() {
        let taken = ["a.xlsx", "a (2).xlsx"];
        let is_free = |name: &str| !taken.contains(&name);
        assert_eq!(free_name("a.xlsx", is_free), "a (3).xlsx");
        assert_eq!(free_name("b.xlsx", is_free), "b.xlsx");
        assert_eq!(free_name("khong-duoi", |_| true), "khong-duoi");
    }

    #[test]
    fn names_leave_room_for_an_outcome() {
        let long = format!("{}.xlsx", "ế".repeat(80));
        let name = free_name(&long, |_| true);
        assert!(name.len() <= LONGEST && name.ends_with(".xlsx"), "{name}");
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        assert_eq!(rename_new(&from, &to).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(copy_across(&from, &to).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(write_new(&to, "other").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&to).unwrap(), "old");
        let elsewhere = folder.path().join("c");
        copy_across(&from, &elsewhere).unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "new");
        assert!(!from.exists(), "a copy to another disk leaves no original");
    }
}
