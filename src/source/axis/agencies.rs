//! The list of all organs on an axis, kept in a file beside the register: more than a hundred thousand
//! rows that change slowly. One line per code, a tab between code and name, the time of the list on the
//! first. It is written and searched row by row, so that it costs no memory.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use struson::reader::{JsonReader as _, JsonStreamReader, ReaderError, ValueType};
use tempfile::NamedTempFile;

use super::line::{Failure, Line};
use super::outline::reader;
use super::reach::Reach;
use super::row::text;
use super::spool::Spool;

/// How old the list may become before it is asked for anew.
const STALE: TimeDelta = TimeDelta::days(7);

/// How long an axis that would not give the list is left alone.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Fields that hold a code of an organ: the present one, the one before, the one of QCVN 102.
const CODES: [&str; 3] = ["code", "oldCode", "code102"];

/// Fields that may hold its name.
const NAMES: [&str; 4] = ["name", "organName", "agencyName", "unitName"];

/// What the list knows of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) enum Organ {
    /// Its name.
    Named(String),
    /// It is not on the list.
    Absent,
    /// There is no list yet.
    Unlisted,
}

/// The file.
#[derive(Debug, Clone)]
pub(in crate::source) struct Agencies {
    path: PathBuf,
    renews: bool,
    tried: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl Agencies {
    /// The list of a source.
    pub(in crate::source) fn new(reach: &Reach) -> Self {
        let path = reach.folder.join(format!("agencies-{}.tsv", reach.id));
        Self { path, renews: reach.renews, tried: Arc::default() }
    }

    /// Asks for the list if it is old. Without it names are missing and receivers unchecked, which is no
    /// reason to miss a document: what goes wrong is logged, and tried again after [`PAUSE`].
    pub(in crate::source) async fn renew<F>(&self, line: &Line, keys: &str, fetch: impl FnOnce() -> F)
    where
        F: Future<Output = Result<Spool, Failure>>,
    {
        let now = line.now();
        if !self.renews || !self.is_stale(now) || !self.takes_turn(now) {
            return;
        }
        let renewed = match fetch().await {
            Ok(answer) => self.clone().replace_aside(answer, now).await,
            Err(failure) => Err(failure.of_source(keys).to_string()),
        };
        match renewed {
            Ok(count) => tracing::info!(source = %line.id, count, "list of organs renewed"),
            Err(reason) => tracing::warn!(source = %line.id, reason, "list of organs not renewed"),
        }
    }

    /// Whether the last try is long enough ago.
    fn takes_turn(&self, now: DateTime<Utc>) -> bool {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = tried.is_some_and(|tried| (now - tried).abs() < PAUSE);
        if !waits {
            *tried = Some(now);
        }
        !waits
    }

    /// More than a hundred thousand rows are read where that keeps nobody else waiting.
    async fn replace_aside(self, mut answer: Spool, now: DateTime<Utc>) -> Result<u64, String> {
        let work = tokio::task::spawn_blocking(move || self.replace(&mut answer, now));
        work.await.unwrap_or_else(|error| Err(format!("danh mục cơ quan: {error}")))
    }

    /// Whether it is time to ask for it: missing, unreadable, or a week old.
    fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.written().is_none_or(|at| now - at >= STALE || at - now >= STALE)
    }

    /// When the list was made.
    fn written(&self) -> Option<DateTime<Utc>> {
        let mut first = String::new();
        BufReader::new(File::open(&self.path).ok()?).take(64).read_line(&mut first).ok()?;
        Some(DateTime::parse_from_rfc3339(first.trim()).ok()?.to_utc())
    }

    /// What it knows of `organ`.
    ///
    /// # Errors
    /// The file's.
    pub(in crate::source) fn find(&self, organ: &str) -> io::Result<Organ> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Organ::Unlisted),
            Err(error) => return Err(error),
        };
        let mut lines = BufReader::with_capacity(64 * 1024, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(Organ::Absent);
            }
            let name = line.strip_prefix(organ.as_bytes()).and_then(|rest| rest.strip_prefix(b"\t"));
            if let Some(name) = name {
                return Ok(Organ::Named(String::from_utf8_lossy(name).trim_end().to_owned()));
            }
        }
    }

    /// Puts the list of an answer in the place of the old one, whole or not at all; says how many organs.
    ///
    /// # Errors
    /// What is wrong with the answer or the disk. An answer without a single organ is wrong too.
    fn replace(&self, answer: &mut Spool, now: DateTime<Utc>) -> Result<u64, String> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let failed = |error: io::Error| format!("danh mục cơ quan: {error}");
        let draft = NamedTempFile::new_in(folder).map_err(failed)?;
        let mut out = io::BufWriter::new(draft);
        writeln!(out, "{}", now.to_rfc3339()).map_err(failed)?;
        let mut count = 0;
        let read = answer.read().map_err(failed)?;
        each(read, &mut |organ| {
            let written = write(&mut out, organ)?;
            count += u64::from(written);
            Ok(())
        })?;
        if count == 0 {
            return Err("danh mục cơ quan: nguồn trả danh mục rỗng".to_owned());
        }
        let draft = out.into_inner().map_err(|error| failed(error.into_error()))?;
        draft.as_file().sync_all().map_err(failed)?;
        draft.persist(&self.path).map_err(|error| failed(error.error))?;
        Ok(count)
    }
}

/// Writes the codes of one organ; whether it had any.
fn write(out: &mut impl io::Write, organ: &Map<String, Value>) -> io::Result<bool> {
    let name = NAMES.iter().find_map(|key| text(organ, key)).unwrap_or_default();
    let name = name.replace(|letter: char| letter.is_control(), " ");
    let mut codes: Vec<_> = CODES.iter().filter_map(|key| text(organ, key)).collect();
    codes.dedup();
    for code in &codes {
        writeln!(out, "{}\t{name}", code.replace(|letter: char| letter.is_control(), ""))?;
    }
    Ok(!codes.is_empty())
}

type Visit<'a> = dyn FnMut(&Map<String, Value>) -> io::Result<()> + 'a;

/// Every object of the list, which stands bare or under `data`.
fn each(read: impl Read, visit: &mut Visit<'_>) -> Result<(), String> {
    let mut reader = reader(read);
    find_list(&mut reader, visit).map_err(|_| "danh mục cơ quan: trả lời không đọc được".to_owned())
}

fn find_list<R: Read>(reader: &mut JsonStreamReader<R>, visit: &mut Visit<'_>) -> Result<(), ReaderError> {
    match reader.peek()? {
        ValueType::Array => list(reader, visit),
        ValueType::Object => {
            reader.begin_object()?;
            while reader.has_next()? {
                if reader.next_name()?.eq_ignore_ascii_case("data") {
                    find_list(reader, visit)?;
                } else {
                    reader.skip_value()?;
                }
            }
            reader.end_object()
        }
        _ => reader.skip_value(),
    }
}

fn list<R: Read>(reader: &mut JsonStreamReader<R>, visit: &mut Visit<'_>) -> Result<(), ReaderError> {
    reader.begin_array()?;
    while reader.has_next()? {
        let location = reader.current_position(false);
        let item: Result<Value, _> = reader.deserialize_next();
        if let Some(organ) = item.ok().as_ref().and_then(Value::as_object) {
            visit(organ).map_err(|error| ReaderError::IoError { error, location })?;
        }
    }
    reader.end_array()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use serde_json::json;

    use super::*;

    fn replaced(agencies: &Agencies, answer: &Value, now: &str) -> Result<u64, String> {
        let mut spool = Spool::new(&std::env::temp_dir());
        spool.write_all(answer.to_string().as_bytes()).unwrap();
        agencies.replace(&mut spool, now.parse().unwrap())
    }

    #[test]
    fn kept_searched_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agencies-truc.tsv");
        let agencies = Agencies { path, renews: true, tried: Arc::default() };
        let (now, later) = ("2026-03-02T01:00:00Z", "2026-03-09T01:00:00Z");
        assert!(agencies.is_stale(now.parse().unwrap()));
        assert_eq!(agencies.find("H99.01").unwrap(), Organ::Unlisted);
        let organ = json!({"code": "H99.01", "oldCode": "000.00.01.H99", "name": "Văn phòng\tTỉnh uỷ Mẫu"});
        let frame = json!({"status": "OK", "ErrorCode": "0", "data": [organ, {"name": "không mã"}, 7]});
        assert_eq!(replaced(&agencies, &frame, now), Ok(1));
        let named = Organ::Named("Văn phòng Tỉnh uỷ Mẫu".to_owned());
        assert_eq!(agencies.find("H99.01").unwrap(), named);
        assert_eq!(agencies.find("000.00.01.H99").unwrap(), named);
        assert_eq!(agencies.find("H99").unwrap(), Organ::Absent);
        assert!(!agencies.is_stale("2026-03-08T01:00:00Z".parse().unwrap()));
        assert!(agencies.is_stale(later.parse().unwrap()));

        for odd in [json!({"status": "FAIL", "data": null}), json!([]), json!("x")] {
            assert!(replaced(&agencies, &odd, later).is_err(), "{odd}");
        }
        assert_eq!(agencies.find("H99.01").unwrap(), named, "a bad answer costs nothing");
        assert_eq!(replaced(&agencies, &json!([{"code": "H99.02", "name": "B"}]), later), Ok(1));
        assert_eq!(agencies.find("H99.01").unwrap(), Organ::Absent);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft stays");
    }
}
