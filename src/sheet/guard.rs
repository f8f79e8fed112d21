//! A look at the zip before anything is believed of it: its entries are unpacked once into nothing, and
//! counted. Sizes that a zip declares may lie, so they are not asked.

use std::io::{Cursor, Read as _, copy, sink};

use memchr::memmem;
use zip::ZipArchive;

use super::{Fault, LARGEST};

/// Entries of a workbook; real ones have some tens.
const MOST_ENTRIES: usize = 1_000;
/// The signature each entry of the directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";
/// Unpacked bytes in all.
const MOST_UNPACKED: u64 = 128 << 20;
/// Unpacked bytes for one packed byte. XML of large real exports stays below 40.
const RATIO: u64 = 100;
/// What even a small file may unpack to.
const SMALL: u64 = 1 << 20;

/// Passes a workbook that is of a size with what people make.
///
/// # Errors
/// [`Fault::TooLarge`], or [`Fault::NotAWorkbook`] where it is no zip at all.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    // Entries are counted before the directory is read, because reading costs memory for each.
    if bytes.len() > LARGEST || memmem::find_iter(bytes, ENTRY).nth(MOST_ENTRIES).is_some() {
        return Err(Fault::TooLarge);
    }
    let broken = |error: zip::result::ZipError| Fault::NotAWorkbook(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut left = (packed * RATIO).clamp(SMALL, MOST_UNPACKED);
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(broken)?;
        let unpacked = copy(&mut entry.take(left + 1), &mut sink());
        let unpacked = unpacked.map_err(|error| Fault::NotAWorkbook(error.to_string()))?;
        left = left.checked_sub(unpacked).ok_or(Fault::TooLarge)?;
    }
    Ok(())
}
