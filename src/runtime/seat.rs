//! An instance's seat: a file on its machine whose lock proves that whoever bore the name before is dead. So a daemon
//! that starts again takes up its own work at once, without waiting for its leases to run out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Length of an instance's name, hexadecimal digits.
const NAME: usize = 16;

/// A name that only one living process bears, until this value is dropped or the process dies.
#[derive(Debug)]
pub struct Seat {
    /// The name.
    pub name: String,
    _lock: File,
}

impl Seat {
    /// Takes the seat in a file, made with the name `fresh` if it is not there; `None` if another process has it.
    ///
    /// # Errors
    /// A file that cannot be made, read or locked.
    pub fn take(path: &Path, fresh: &str) -> io::Result<Option<Self>> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut name = String::new();
        file.read_to_string(&mut name).ok();
        let is_name = name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_name {
            fresh.clone_into(&mut name);
            file.set_len(0)?;
            io::Seek::rewind(&mut file)?;
            file.write_all(name.as_bytes())?;
        }
        Ok(Some(Self { name, _lock: file }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_living_process_bears_a_name_and_it_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vanthu.db.instance");
        let first = Seat::take(&path, "0123456789abcdef").unwrap().unwrap();
        assert!(Seat::take(&path, "fedcba9876543210").unwrap().is_none());
        drop(first);
        let again = Seat::take(&path, "fedcba9876543210").unwrap().unwrap();
        assert_eq!(again.name, "0123456789abcdef");
        drop(again);
        std::fs::write(&path, "hỏng").unwrap();
        assert_eq!(Seat::take(&path, "fedcba9876543210").unwrap().unwrap().name, "fedcba9876543210");
    }
}
