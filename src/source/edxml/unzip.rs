//! The zip trap: some senders put every file into a zip and leave the name as it was, so that `….doc` is a
//! zip of one entry with a name that means nothing. The entry is taken out under the outer name. What
//! is in it is looked at no further: a message within is named for what it is, and stays closed.

use std::io::{self, Read as _, Seek, SeekFrom};

use zip::ZipArchive;

use super::media::ending;
use crate::app::ports::{Draft, Files, FilesError};

/// First bytes of a zip.
const ZIP: &[u8] = b"PK\x03\x04";
/// Endings of files that are zips by right.
const ZIPS: [&str; 14] = [
    "zip", "docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "odt", "ods", "odp", "jar", "epub", "ofd", "asice",
];
/// Largest entry that is taken out, bytes.
const MOST: u64 = 64 << 20;
/// Largest entry for a byte of the zip.
const RATIO: u64 = 100;
/// The end of a zip: 22 bytes and a comment of at most 65,535.
const TAIL: u64 = 22 + 65_535;
/// The record in it (APPNOTE.TXT of PKWARE, 4.3.16); the number of entries stands 10 bytes in.
const RECORD: &[u8] = b"PK\x05\x06";
const COUNT: usize = 10;

/// Whether a file may be a zip in disguise.
pub(super) fn is_wrapped(head: &[u8], name: &str) -> bool {
    head.starts_with(ZIP) && !ZIPS.contains(&ending(name).as_str())
}

/// The one entry of a zip; the zip itself where it has more than one, is broken, or holds more than
/// [`MOST`] bytes or [`RATIO`] times its size. Such a file is kept as the sender made it.
///
/// # Errors
/// Those of [`Files`].
pub(super) fn unwrap(mut outer: Box<dyn Draft>, files: &dyn Files) -> Result<Box<dyn Draft>, FilesError> {
    let mut inner = files.begin()?;
    let taken = extract(outer.as_mut(), inner.as_mut())?;
    Ok(if taken { inner } else { outer })
}

/// Takes the entry out; whether that worked.
fn extract(outer: &mut dyn Draft, inner: &mut dyn Draft) -> Result<bool, FilesError> {
    // The number is looked up by hand: the reader of zips would hold the names of a million entries.
    if !matches!(entries(outer), Ok(Some(1))) {
        return Ok(false);
    }
    let size = outer.seek(SeekFrom::End(0)).unwrap_or_default();
    let Ok(mut archive) = ZipArchive::new(outer) else { return Ok(false) };
    if archive.len() != 1 {
        return Ok(false);
    }
    let Ok(entry) = archive.by_index(0) else { return Ok(false) };
    if !entry.is_file() {
        return Ok(false);
    }
    let most = MOST.min(size.saturating_mul(RATIO));
    let mut entry = entry.take(most + 1);
    let mut buffer = vec![0; 64 << 10];
    let mut written = 0;
    loop {
        let Ok(length) = entry.read(&mut buffer) else { return Ok(false) };
        if length == 0 {
            return Ok(written > 0 && written <= most);
        }
        written += u64::try_from(length).unwrap_or(u64::MAX);
        let bytes = buffer.get(..length).unwrap_or_default();
        inner.write_all(bytes).map_err(|error| inner.error(error))?;
    }
}

/// The number of entries a zip claims; `None` without an end.
fn entries<F: io::Read + Seek + ?Sized>(zip: &mut F) -> io::Result<Option<u16>> {
    let size = zip.seek(SeekFrom::End(0))?;
    zip.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    zip.take(TAIL).read_to_end(&mut tail)?;
    let record = memchr::memmem::rfind(&tail, RECORD).and_then(|at| tail.get(at + COUNT..at + COUNT + 2));
    Ok(record.and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes))
}
