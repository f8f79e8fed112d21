//! Messages of the size that counts: a directive to 221 receivers with one file.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use data_encoding::BASE64;

/// Receivers.
pub const RECEIVERS: usize = 221;
/// Letters of base64 in a line, as MIME has it.
const LINE: usize = 57;

/// A message on the disk.
pub struct Message {
    /// Where.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The size of its file in bytes.
    pub file: usize,
}

impl Message {
    /// Writes a message with a file of `file` bytes, in lines.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(place: &Path, file: usize) -> Result<Self> {
        let plain = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/edxml/minimal.edxml"))?;
        let (start, rest) = plain.split_once("<edXML:To>").context("no receiver")?;
        let (_, rest) = rest.split_once("</edXML:To>").context("no receiver")?;
        let (middle, end) = rest.split_once("JVBERi0=").context("no file")?;
        let mut receivers = String::new();
        for number in 0..RECEIVERS {
            writeln!(
                receivers,
                "<edXML:To><edXML:OrganId>{number:03}.05.77.H99</edXML:OrganId><edXML:OrganName>Đảng uỷ cơ sở số \
                 {number}</edXML:OrganName><edXML:OrganAdd>Số {number}, đường Trần Phú</edXML:OrganAdd></edXML:To>"
            )?;
        }
        let path = place.join(format!("{file}.edxml"));
        let mut out = BufWriter::new(File::create(&path)?);
        write!(out, "{start}{receivers}{middle}")?;
        content(&mut out, file)?;
        write!(out, "{end}")?;
        out.into_inner()?.sync_all()?;
        Ok(Self { size: fs::metadata(&path)?.len(), path, file })
    }
}

fn content(out: &mut impl std::io::Write, file: usize) -> Result<()> {
    // Nothing that repeats within the window of anything that looks for it.
    let mut state = 1_u32;
    let mut left = file;
    let mut line = [0; LINE];
    while left > 0 {
        let length = left.min(LINE);
        for byte in &mut line {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = state.to_be_bytes()[0];
        }
        writeln!(out, "{}", BASE64.encode(&line[..length]))?;
        left -= length;
    }
    Ok(())
}
