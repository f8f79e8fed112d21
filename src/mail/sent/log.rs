//! The log of a Postfix on this machine: which of our mails it took into its queue.
//!
//! A Message-ID is logged while the mail comes in, before anybody has taken it; what counts is a later line of the same
//! queue id that only an accepted mail has: it became active, was handed on, deferred, bounced, or removed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::is_ours;
use crate::app::ports::{Sent, SentError};

/// Longest line that is looked at; Postfix writes at most 2 kB of text.
const LINE: usize = 8192;
/// Letters of a line that are kept as evidence.
const EVIDENCE: usize = 200;

/// What is known of the log so far; it is read on from where it was read to.
#[derive(Debug, Default)]
struct Index {
    /// How far each file was read, by inode.
    read: HashMap<u64, u64>,
    /// Queue ids of mails that are under way, with their Message-IDs.
    queue: HashMap<String, String>,
    /// Message-IDs of accepted mails, with the last line about them.
    accepted: HashMap<String, String>,
}

/// The log.
pub struct SentLog {
    name: String,
    path: PathBuf,
    /// What our Message-IDs end with; those of others are not remembered.
    domain: String,
    index: Arc<Mutex<Index>>,
}

impl SentLog {
    /// The log at `path`; `domain` is the right-hand side of our Message-IDs.
    pub fn new(path: PathBuf, domain: &str) -> Self {
        let name = format!("nhật ký máy chủ thư {}", path.display());
        Self { name, path, domain: format!("@{domain}"), index: Arc::default() }
    }

    /// Whether it can be read: what `doctor` asks.
    ///
    /// # Errors
    /// What went wrong, on one line.
    pub fn knock(&self) -> Result<(), String> {
        File::open(&self.path).map(drop).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

#[async_trait]
impl Sent for SentLog {
    fn name(&self) -> &str {
        &self.name
    }

    async fn find(&self, message_id: &str, _: DateTime<Utc>) -> Result<Option<String>, SentError> {
        if !is_ours(message_id) {
            return Ok(None);
        }
        let (index, path, domain) = (self.index.clone(), self.path.clone(), self.domain.clone());
        let wanted = message_id.to_owned();
        let looked = tokio::task::spawn_blocking(move || {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            index.read_on(&path, &domain)?;
            Ok::<_, io::Error>(index.accepted.get(&wanted).cloned())
        });
        match looked.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(SentError(format!("{}: {error}", self.path.display()))),
            Err(error) => Err(SentError(error.to_string())),
        }
    }
}

impl Index {
    /// Reads what was written since; of a log that was turned over, its predecessor first (`.1`, `.0`), which must not
    /// be compressed yet.
    fn read_on(&mut self, path: &Path, domain: &str) -> io::Result<()> {
        for ending in [".1", ".0"] {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            match File::open(Path::new(&name)) {
                Ok(file) => self.take(file, domain)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.take(File::open(path)?, domain)
    }

    fn take(&mut self, mut file: File, domain: &str) -> io::Result<()> {
        let found = file.metadata()?;
        let from =
            self.read.get(&found.ino()).copied().filter(|read| *read <= found.len()).unwrap_or_default();
        file.seek(SeekFrom::Start(from))?;
        let (mut reader, mut read, mut line) = (BufReader::new(file), from, Vec::new());
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            // A line without its end is still being written.
            if length == 0 || line.last() != Some(&b'\n') {
                break;
            }
            read += u64::try_from(length).unwrap_or_default();
            if length <= LINE {
                self.line(String::from_utf8_lossy(&line).trim_end(), domain);
            }
        }
        self.read.insert(found.ino(), read);
        Ok(())
    }

    /// `Nov 23 20:15:00 host postfix/cleanup[123]: 4F1A2B3C: message-id=<…>`
    fn line(&mut self, line: &str, domain: &str) {
        let Some((_, said)) = line.split_once("]: ") else { return };
        let Some((queue, said)) = said.split_once(": ") else { return };
        if !is_queue_id(queue) {
            return;
        }
        if let Some(id) = said.strip_prefix("message-id=<").and_then(|id| id.strip_suffix('>')) {
            if id.ends_with(domain) {
                self.queue.insert(queue.to_owned(), id.to_owned());
            }
            return;
        }
        let Some(id) = self.queue.get(queue) else { return };
        let active = said.starts_with("from=<") && said.contains("nrcpt=");
        let told = said.starts_with("to=<") && said.contains(" status=");
        if active || told {
            let evidence = format!("{queue}: {said}").chars().take(EVIDENCE).collect();
            self.accepted.insert(id.clone(), evidence);
        } else if said == "removed" {
            self.accepted.entry(id.clone()).or_insert_with(|| format!("{queue}: removed"));
            self.queue.remove(queue);
        }
    }
}

/// Short ids are hexadecimal, long ones letters and digits.
fn is_queue_id(text: &str) -> bool {
    (5..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
Nov 23 20:15:00 may postfix/smtpd[11]: connect from localhost[127.0.0.1]
Nov 23 20:15:00 may postfix/smtpd[11]: 4F1A2B3C: client=localhost[127.0.0.1]
Nov 23 20:15:00 may postfix/cleanup[12]: 4F1A2B3C: message-id=<mot@khoi.example>
Nov 23 20:15:00 may postfix/qmgr[9]: 4F1A2B3C: from=<vanthu@khoi.example>, size=900, nrcpt=1 (queue active)
Nov 23 20:15:01 may postfix/smtp[13]: 4F1A2B3C: to=<a@x.example>, relay=x, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok)
Nov 23 20:15:01 may postfix/qmgr[9]: 4F1A2B3C: removed
Nov 23 20:15:02 may postfix/cleanup[12]: 5AAAAAA: message-id=<hai@khoi.example>
Nov 23 20:15:02 may postfix/smtpd[11]: lost connection after DATA (512 bytes) from localhost[127.0.0.1]
Nov 23 20:15:03 may postfix/cleanup[12]: 6BBBBBB: message-id=<la@noi-khac.example>
Nov 23 20:15:03 may postfix/qmgr[9]: 6BBBBBB: from=<x@noi-khac.example>, size=1, nrcpt=1 (queue active)
Nov 23 20:15:04 may postfix/cleanup[12]: 4F1A2B3C: message-id=<ba@khoi.example>
Nov 23 20:15:05 may postfix/cleanup[12]: 7CCCCCC: message-id=<bon@khoi.example>
Nov 23 20:15:05 may postfix/cleanup[12]: 7CCCCCC: milter-reject: END-OF-MESSAGE from localhost: 5.7.1 no
Nov 23 20:15:06 may postfix/smtp[13]: 8DDDDDD: to=<a@x.example>, relay=none, delay=9, dsn=4.4.1, status=deferred (x)
";

    fn ids(index: &Index) -> Vec<&str> {
        let mut ids: Vec<_> = index.accepted.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// Coming in is not being taken; a queue id that is used again means another mail.
    #[test]
    fn only_what_was_taken_counts() {
        let mut index = Index::default();
        for line in LOG.lines() {
            index.line(line, "@khoi.example");
        }
        assert_eq!(ids(&index), ["mot@khoi.example"]);
        assert!(index.accepted["mot@khoi.example"].contains("status=sent (250 2.0.0 Ok)"));
        index
            .line("x postfix/qmgr[9]: 4F1A2B3C: from=<v@k>, size=9, nrcpt=1 (queue active)", "@khoi.example");
        assert_eq!(ids(&index), ["ba@khoi.example", "mot@khoi.example"]);
    }

    #[test]
    fn it_is_read_on_across_a_turn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.log");
        let lines: Vec<_> = LOG.lines().collect();
        std::fs::write(&path, format!("{}\n{}", lines[..3].join("\n"), lines[3].get(..40).unwrap())).unwrap();
        let mut index = Index::default();
        index.read_on(&path, "@khoi.example").unwrap();
        assert!(ids(&index).is_empty(), "a line that is half written is read when it is whole");
        std::fs::write(&path, format!("{}\n", lines[..4].join("\n"))).unwrap();
        std::fs::rename(&path, folder.path().join("mail.log.1")).unwrap();
        std::fs::write(&path, format!("{}\n", lines[4..].join("\n"))).unwrap();
        index.read_on(&path, "@khoi.example").unwrap();
        assert_eq!(ids(&index), ["mot@khoi.example"]);
        assert!(index.accepted["mot@khoi.example"].contains("status=sent"));
        std::fs::remove_file(&path).unwrap();
        assert!(index.read_on(&path, "@khoi.example").is_err(), "a log that is gone is no answer");
    }
}
