//! Postfix's smtp-sink: a mail server that is not ours, fast, able to fail in every way, and that keeps
//! each mail it took in a file of its own. Or another server that does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::net::{free_port, wait_for};

/// A running sink with a folder for what it takes.
pub struct SmtpSink {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    taken: PathBuf,
    child: Option<Child>,
    _own: Option<TempDir>,
}

impl SmtpSink {
    /// Starts one; as nobody where the test runs as root, since it refuses to run as root.
    pub fn start(flags: &[&str]) -> Self {
        let taken = tempfile::tempdir_in("/tmp").unwrap();
        if running_as_root() {
            assert!(Command::new("chown").arg("nobody").arg(taken.path()).status().unwrap().success());
        }
        let folder = taken.path().to_owned();
        let mut sink = Self { port: free_port(), taken: folder, child: None, _own: Some(taken) };
        sink.resume(flags);
        sink
    }

    /// Another server, run by somebody else, that keeps each mail it took in a file of `taken`.
    pub fn of(port: u16, taken: PathBuf) -> Self {
        Self { port, taken, child: None, _own: None }
    }

    /// Starts listening again on the same port, into the same folder.
    pub fn resume(&mut self, flags: &[&str]) {
        let installed = Path::new("/usr/sbin/smtp-sink");
        let mut command = Command::new(if installed.exists() { installed } else { Path::new("smtp-sink") });
        if running_as_root() {
            command.args(["-u", "nobody"]);
        }
        let child = command
            .args(["-d", "mail.%S."])
            .args(flags)
            .args([&format!("127.0.0.1:{}", self.port), "1024"])
            .current_dir(&self.taken)
            .stdin(Stdio::null())
            .spawn()
            .expect("smtp-sink (package postfix) is needed for the mail tests");
        self.child = Some(child);
        wait_for(self.port);
    }

    /// Stops listening; what it took stays.
    pub fn pause(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Where what it took lies, a file for each mail.
    pub fn folder(&self) -> &Path {
        &self.taken
    }

    /// What it took, one mail each, with the envelope in `X-Mail-Args` and `X-Rcpt-Args` on top. A mail
    /// that is still coming in is there as far as it came; one that was cut off is removed by the sink.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let mails = self.files().into_iter().filter_map(|file| fs::read(file).ok());
        mails.filter(|mail| !mail.is_empty()).collect()
    }

    /// Takes out the mails for which `read` gives something; the others stay.
    pub fn take<T>(&self, read: impl Fn(&[u8]) -> Option<T>) -> Vec<T> {
        let mut taken = Vec::new();
        for file in self.files() {
            if let Some(mail) = fs::read(&file).ok().as_deref().and_then(&read) {
                taken.push(mail);
                // Cut off before its final dot, it may be gone by now.
                fs::remove_file(file).ok();
            }
        }
        taken
    }

    fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(&self.taken).unwrap().map(|file| file.unwrap().path()).collect()
    }

    /// How many files it holds, that of a mail under way included.
    pub fn count(&self) -> usize {
        self.files().len()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.pause();
    }
}

fn running_as_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.starts_with(b"0\n")
}
