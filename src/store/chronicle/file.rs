//! The files of a copy: one a month, lines appended and made durable, a last line that was cut is cut off.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chrono::DateTime;

use super::line::{Fork, Line, Row};
use crate::app::ports::StoreError;
use crate::store::place;

/// The files, open to be appended to.
pub(super) struct Months {
    folder: PathBuf,
    /// The file that is written to, its name, and how long it is with all lines whole.
    open: Option<(String, File, u64)>,
}

impl Months {
    /// Makes the folder where it is missing, and cuts off a last line that was cut.
    pub(super) fn open(folder: PathBuf) -> Result<Self, StoreError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| failure(&folder, &error))?;
        mend_end(&folder)?;
        Ok(Self { folder, open: None })
    }

    /// Appends lines and makes them durable. After a failure nothing of them stands there.
    pub(super) fn write(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let mut rest = rows;
        while let Some(first) = rest.first() {
            let month = month(first.at);
            let same = rest.iter().take_while(|row| self::month(row.at) == month).count();
            let (now, later) = rest.split_at(same.max(1));
            let mut text = String::new();
            for row in now {
                text.push_str(&written(&Line::Row(row.clone()))?);
            }
            self.append(&month, &text)?;
            rest = later;
        }
        Ok(())
    }

    /// Says that another register is followed from here on; in the newest file.
    pub(super) fn fork(&mut self, fork: &Fork) -> Result<(), StoreError> {
        let newest = names(&self.folder)?.pop().unwrap_or_else(|| month(0));
        let text = written(&Line::Fork { fork: fork.clone() })?;
        self.append(newest.trim_end_matches(ENDING), &text)
    }

    fn append(&mut self, month: &str, text: &str) -> Result<(), StoreError> {
        // Lines are in order; one whose clock was set back stays in the newest file.
        let newest = names(&self.folder)?.pop().map(|name| name.trim_end_matches(ENDING).to_owned());
        let month = newest.filter(|newest| newest.as_str() > month).unwrap_or_else(|| month.to_owned());
        let path = self.folder.join(format!("{month}{ENDING}"));
        let failed = |error: io::Error| failure(&path, &error);
        if self.open.as_ref().is_none_or(|(open, _, _)| *open != month) {
            let file = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&path);
            let file = file.map_err(failed)?;
            let length = file.metadata().map_err(failed)?.len();
            File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
            self.open = Some((month, file, length));
        }
        let Some((_, file, length)) = &mut self.open else { return Ok(()) };
        let mut add = || {
            file.seek(SeekFrom::Start(*length))?;
            file.write_all(text.as_bytes())?;
            file.sync_data()
        };
        if let Err(error) = add() {
            // What was half written must not stand before what is written next; should this fail too, the next
            // attempt writes over it, and the next start cuts it off.
            file.set_len(*length).ok();
            self.open = None;
            return Err(failed(error));
        }
        *length += text.len() as u64;
        Ok(())
    }
}

const ENDING: &str = ".jsonl";

fn month(at: i64) -> String {
    DateTime::from_timestamp_millis(at).unwrap_or_default().format("%Y-%m").to_string()
}

fn written(line: &Line) -> Result<String, StoreError> {
    serde_json::to_string(line)
        .map(|text| text + "\n")
        .map_err(|error| StoreError::Engine(format!("không ghi được JSON: {error}")))
}

/// The files of a copy, oldest first; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failure(folder, &error)),
    };
    let mut names = Vec::new();
    for entry in listed {
        let name = entry.map_err(|error| failure(folder, &error))?.file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(ENDING).unwrap_or_default();
        let fits = stem.len() == 7 && stem.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if fits {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Cuts off a last line that was cut by a crash or a full disk, if there is one.
pub(in crate::store) fn mend_end(folder: &Path) -> Result<(), StoreError> {
    match names(folder)?.pop() {
        Some(newest) => mend(&folder.join(newest)),
        None => Ok(()),
    }
}

/// Cuts off what follows the last whole line.
fn mend(path: &Path) -> Result<(), StoreError> {
    let failed = |error: io::Error| failure(path, &error);
    let text = fs::read(path).map_err(failed)?;
    let mut end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // A last line of which the disk kept the end and lost the middle.
    while let Some(line) = text.get(..end).and_then(|text| text.strip_suffix(b"\n")) {
        let start = line.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if serde_json::from_slice::<Line>(line.get(start..).unwrap_or_default()).is_ok() {
            break;
        }
        end = start;
    }
    if end < text.len() {
        tracing::warn!(file = %path.display(), bytes = text.len() - end, "bản chép nhật ký có dòng cuối bị cắt; chép lại dòng ấy");
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        file.set_len(end as u64).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    Ok(())
}

/// The last row of a copy, whatever register it is of.
pub(super) fn last(folder: &Path) -> Result<Option<Row>, StoreError> {
    let mut last = None;
    for name in names(folder)?.iter().rev() {
        for line in read(folder.join(name))? {
            last = match line? {
                Line::Row(row) => Some(row),
                Line::Fork { fork } => Some(parted(fork)),
            };
        }
        if last.is_some() {
            break;
        }
    }
    Ok(last)
}

/// Where a copy stands that has followed another register for no row yet.
fn parted(fork: Fork) -> Row {
    let Fork { after: number, hash, seen } = fork;
    let (kind, detail, facts) = (String::new(), String::new(), Vec::new());
    Row { number, at: 0, kind, document: None, obligation: None, detail, hash, facts, seen, given: seen }
}

/// Every line of a copy, in order.
pub(in crate::store) fn read_all(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Line, StoreError>> + use<>, StoreError> {
    let mut lines = Vec::new();
    for name in names(folder)? {
        lines.push(read(folder.join(name))?);
    }
    Ok(lines.into_iter().flatten())
}

/// Every line of a file; a last one without its end is not there yet.
fn read(path: PathBuf) -> Result<impl Iterator<Item = Result<Line, StoreError>> + use<>, StoreError> {
    let file = File::open(&path).map_err(|error| failure(&path, &error))?;
    let mut reader = BufReader::new(file);
    let mut number = 0_u64;
    Ok(std::iter::from_fn(move || {
        let mut line = Vec::new();
        match reader.read_until(b'\n', &mut line) {
            Ok(_) if line.last() != Some(&b'\n') => None,
            Ok(_) => {
                number += 1;
                let read = serde_json::from_slice(&line);
                Some(read.map_err(|error| {
                    StoreError::Refused(format!(
                        "bản chép nhật ký {}, dòng {number}: không đọc được: {error}",
                        path.display()
                    ))
                }))
            }
            Err(error) => Some(Err(failure(&path, &error))),
        }
    }))
}

fn failure(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(path.display().to_string())
        }
        _ => place::refused(path, error),
    }
}
