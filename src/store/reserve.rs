//! Room kept back on the register's disk. SQLite cannot even delete without room for its log, so a disk that is full
//! would take no answer of a cell any more, and a mail that has left could not be recorded as sent. A file beside the
//! register keeps some blocks; it is cut by a piece at a time when something must be recorded, so that whatever else
//! fills the disk takes at most that piece, and grows again when there is room.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::place;
use crate::app::ports::Room;

/// Bytes kept back: more than 250 answers, each of which writes some eight pages to the log.
const WHOLE: u64 = 8 << 20;
/// Bytes given up at a time.
const PIECE: u64 = 1 << 20;
/// Bytes that must be free beside it before sources are read and mails sent: a directive for 221 cells fits twice.
const LOW: u64 = 4 << 20;
/// Owner alone, as all files of the register.
const MODE: u32 = 0o600;

/// The file that keeps room.
#[derive(Debug, Clone)]
pub(super) struct Reserve {
    register: PathBuf,
    path: PathBuf,
}

impl Reserve {
    /// The one beside a register.
    pub(super) fn beside(register: &Path) -> Self {
        Self { register: register.to_owned(), path: place::beside(register, ".reserve") }
    }

    /// Gives up a piece; `false` if there is none.
    pub(super) fn give(&self) -> bool {
        self.cut().unwrap_or_else(|error| {
            tracing::warn!(%error, file = %self.path.display(), "không lấy được chỗ để dành cho lúc đĩa đầy");
            false
        })
    }

    fn cut(&self) -> io::Result<bool> {
        let file = OpenOptions::new().write(true).open(&self.path)?;
        let size = file.metadata()?.len();
        if size == 0 {
            return Ok(false);
        }
        file.set_len(size.saturating_sub(PIECE))?;
        // Some file systems hand out freed blocks only when the cut is on the disk.
        file.sync_all()?;
        tracing::warn!(left = size.saturating_sub(PIECE), "đĩa của sổ đầy; đã dùng chỗ để dành");
        Ok(true)
    }

    /// How much room there is; `was_full` says that the disk was full since it was last ample. Makes the file whole again
    /// where the disk has room.
    pub(super) fn room(&self, was_full: bool) -> Room {
        let kept = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        let free = match statvfs(&self.register) {
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
            Err(error) => return Room::Tight(self.unknown(&error.into())),
        };
        let missing = WHOLE.saturating_sub(kept);
        if missing == 0 && free >= LOW && !was_full {
            return Room::Ample;
        }
        if free < LOW + missing {
            return self.lack(kept, free);
        }
        match self.fill() {
            Ok(()) => Room::Ample,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => self.lack(kept, free),
            Err(error) => Room::Tight(self.unknown(&error)),
        }
    }

    fn fill(&self) -> io::Result<()> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(MODE).open(&self.path)?;
        allocate(&file)
    }

    fn lack(&self, kept: u64, free: u64) -> Room {
        let place =
            format!("đĩa của sổ {} sắp hết hoặc đã hết chỗ (còn {} MB)", self.register.display(), free >> 20);
        if kept == 0 {
            return Room::Spent(format!(
                "{place}: không ghi được gì nữa, kể cả trả lời của chi bộ; hãy dọn đĩa ngay"
            ));
        }
        Room::Tight(format!(
            "{place}: tạm dừng đọc nguồn, gửi thư và nhắc việc, chỉ ghi trả lời của chi bộ; hãy dọn đĩa"
        ))
    }

    fn unknown(&self, error: &io::Error) -> String {
        format!(
            "không giữ được chỗ để dành {}: {error}; kiểm tra đĩa và quyền của thư mục",
            self.path.display()
        )
    }
}

/// Takes the blocks; writes them where the file system cannot just take them.
fn allocate(mut file: &File) -> io::Result<()> {
    match fallocate(file, FallocateFlags::empty(), 0, WHOLE) {
        Err(rustix::io::Errno::OPNOTSUPP) => {
            let size = file.metadata()?.len();
            io::Seek::seek(&mut file, io::SeekFrom::Start(size))?;
            io::copy(&mut io::Read::take(io::repeat(0), WHOLE.saturating_sub(size)), &mut file)?;
            Ok(())
        }
        ended => Ok(ended?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_given_up_piece_by_piece_and_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let register = folder.path().join("vanthu.db");
        File::create(&register).unwrap();
        let reserve = Reserve::beside(&register);
        assert!(!reserve.give(), "nothing is kept back yet");
        assert_eq!(reserve.room(false), Room::Ample);
        let size = || std::fs::metadata(folder.path().join("vanthu.db.reserve")).unwrap().len();
        assert_eq!(size(), WHOLE);
        let mut pieces = 0;
        while reserve.give() {
            pieces += 1;
            assert_eq!(size(), WHOLE - pieces * PIECE);
        }
        assert_eq!(pieces, WHOLE / PIECE);
        assert_eq!(reserve.room(true), Room::Ample);
        assert_eq!(size(), WHOLE);
    }

    #[test]
    fn what_is_lacking_is_said_with_what_still_works() {
        let reserve = Reserve::beside(Path::new("/so/vanthu.db"));
        let Room::Tight(some) = reserve.lack(PIECE, 3 << 20) else { panic!() };
        assert!(some.contains("còn 3 MB") && some.contains("chỉ ghi trả lời"), "{some}");
        let Room::Spent(none) = reserve.lack(0, 0) else { panic!() };
        assert!(none.contains("kể cả trả lời"), "{none}");
    }
}
