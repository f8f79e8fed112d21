//! Where accepted mails can be seen, for an office: the log of a real Postfix, or a mailbox of copies in a real Dovecot.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::mail::dovecot::{Dovecot, PASSWORD};
use crate::mail::pki::Authority;
use crate::mail::postfix::Postfix;
use crate::support::daemon::{World, wait_until};
use crate::support::smtp_sink::SmtpSink;

/// To whom mailboxes belong: nobody.
const OWNER: Option<u32> = Some(65_534);

/// Postfix delivers what it takes for the office's cells.
const MAIN: &str = "virtual_mailbox_domains = mau.example, duk.mau.example\n";

/// The envelope's recipient on top of each mail, as smtp-sink writes it.
const RECIPIENTS: &str = "/^(.*)$/ PREPEND X-Rcpt-Args: <$1>\n";

/// Sends the office's mail to another port.
pub fn redirect(world: &World, from: u16, to: u16) {
    world.edit("vanthu.toml", &format!("port = {from}"), &format!("port = {to}"));
}

/// A Postfix in the place of an office's mail server, which looks into its log.
pub struct Logged {
    postfix: Postfix,
    _pki: TempDir,
}

impl Logged {
    /// Starts it. A mail in doubt may take so long to turn up.
    pub fn start(world: &mut World, grace: &str) -> Self {
        let pki = tempfile::tempdir_in("/tmp").unwrap();
        let pair = Authority::new(pki.path()).issue("localhost");
        let postfix = Postfix::start_with(&pair, MAIN, &[("recipients", RECIPIENTS)]);
        for part in ["cur", "new", "tmp"] {
            let folder = postfix.mailboxes().join(part);
            fs::create_dir_all(&folder).unwrap();
            chown(&folder, OWNER, OWNER).unwrap();
        }
        redirect(world, world.sink.port, postfix.clear);
        world.sink = SmtpSink::of(postfix.clear, postfix.arrivals());
        let log = postfix.log_path();
        let sent =
            format!("[mail.sent]\ntype = \"log\"\npath = \"{}\"\ngrace = \"{grace}\"\n", log.display());
        world.write("vanthu.toml.d/60-da-gui.toml", &sent);
        Self { postfix, _pki: pki }
    }

    /// Waits until everything it took is delivered.
    pub fn settle(&self) {
        wait_until("Postfix has delivered", || self.postfix.is_idle());
    }
}

/// A mailbox that gets a copy of what an office's mail server took.
pub struct Copied {
    dovecot: Dovecot,
    _boxes: TempDir,
    _pki: TempDir,
}

impl Copied {
    /// Starts it, empty. A mail in doubt may take so long to turn up.
    pub fn start(world: &World, grace: &str) -> Self {
        let pki = tempfile::tempdir_in("/tmp").unwrap();
        let authority = Authority::new(pki.path());
        let boxes = tempfile::Builder::new().prefix("vanthu-hop-thu").tempdir_in("/tmp").unwrap();
        chown(boxes.path(), OWNER, OWNER).unwrap();
        let dovecot = Dovecot::start(&authority.issue("localhost"), boxes.path());
        world.write("secrets/nhat-ky", PASSWORD);
        let sent = format!(
            "[mail.sent]\ntype = \"imap\"\nhost = \"localhost\"\nport = {}\nusername = \"vanthu\"\n\
             password = {{ file = \"secrets/nhat-ky\" }}\nca_file = \"{}\"\ngrace = \"{grace}\"\n",
            dovecot.imaps,
            authority.ca_file().display()
        );
        world.write("vanthu.toml.d/60-da-gui.toml", &sent);
        Self { dovecot, _boxes: boxes, _pki: pki }
    }

    /// Does some work, while whatever a server takes, a file each in a folder, is copied into the mailbox.
    pub fn beside<T>(&self, taken: &Path, work: impl FnOnce() -> T) -> T {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| self.copy(taken, &stop));
            let _end = End(&stop);
            work()
        })
    }

    fn copy(&self, taken: &Path, stop: &AtomicBool) {
        let mut known = BTreeSet::new();
        while !stop.load(Ordering::Relaxed) {
            for entry in fs::read_dir(taken).unwrap().flatten() {
                let name = entry.file_name().into_string().unwrap();
                if known.contains(&name) {
                    continue;
                }
                let mail = fs::read(entry.path()).unwrap_or_default();
                if mail.trim_ascii_end().ends_with(b"--") {
                    self.dovecot.deliver(&name, &mail);
                    known.insert(name);
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Sets its flag when the work is over, also where it failed.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
