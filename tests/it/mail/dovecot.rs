//! A private Dovecot over the maildirs that a private Postfix delivers to: own configuration, ports, users and
//! certificate, on loopback only.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use vanthu::mail::inbound::ImapOptions;
use vanthu::mail::transport::Security;

use super::pki::Pair;
use super::{free_port, wait_for};

/// The password of every user.
pub const PASSWORD: &str = "mật khẩu thử 2";

/// To whom mailboxes belong: nobody.
const OWNER: Option<u32> = Some(65_534);

/// A running Dovecot. Stopped and removed when dropped.
pub struct Dovecot {
    folder: TempDir,
    child: Child,
    /// Port that offers STARTTLS, and speaks in clear.
    pub imap: u16,
    /// Port with TLS from the first byte.
    pub imaps: u16,
    boxes: PathBuf,
}

impl Dovecot {
    /// Starts one over a folder with a maildir for each user. Needs root, as Dovecot does.
    pub fn start(certificate: &Pair, boxes: &Path) -> Self {
        Self::start_with(certificate, boxes, "")
    }

    /// The same with further lines of configuration.
    pub fn start_with(certificate: &Pair, boxes: &Path, more: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("vanthu-dovecot").tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let (imap, imaps) = (free_port(), free_port());
        let text = config(folder.path(), certificate, boxes, (imap, imaps)) + more;
        fs::write(folder.path().join("dovecot.conf"), text).unwrap();
        fs::write(folder.path().join("users"), format!("vanthu:{{PLAIN}}{PASSWORD}\n")).unwrap();
        fs::create_dir(folder.path().join("run")).unwrap();
        let child = Command::new("dovecot")
            .args(["-F", "-c"])
            .arg(folder.path().join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dovecot is needed for the mail tests");
        let dovecot = Self { folder, child, imap, imaps, boxes: boxes.to_owned() };
        wait_for(imap);
        wait_for(imaps);
        dovecot
    }

    /// How vanthu reads the mailbox of user `vanthu` over one of the ports.
    pub fn options(&self, security: Security, ca_file: PathBuf) -> ImapOptions {
        ImapOptions {
            host: "localhost".to_owned(),
            port: if security == Security::Implicit { self.imaps } else { self.imap },
            security,
            username: "vanthu".to_owned(),
            password: PASSWORD.to_owned().into(),
            ca_file: Some(ca_file),
            folder: "INBOX".to_owned(),
            handled: "vanthu".to_owned(),
            patience: Duration::from_secs(20),
        }
    }

    /// Puts a message into the mailbox without a mail server.
    pub fn drop_in(&self, name: &str, message: &[u8]) {
        let maildir = self.boxes.join("vanthu");
        for folder in ["cur", "new", "tmp"] {
            fs::create_dir_all(maildir.join(folder)).unwrap();
        }
        fs::write(maildir.join("new").join(name), message).unwrap();
        let status = Command::new("chown").args(["-R", "nobody"]).arg(&maildir).status().unwrap();
        assert!(status.success());
    }

    /// Puts a message into the mailbox as a server does: whole or not at all.
    pub fn deliver(&self, name: &str, message: &[u8]) {
        let maildir = self.boxes.join("vanthu");
        for folder in ["", "cur", "new", "tmp"].map(|folder| maildir.join(folder)) {
            if !folder.exists() {
                fs::create_dir_all(&folder).unwrap();
                chown(&folder, OWNER, OWNER).unwrap();
            }
        }
        let (half, whole) = (maildir.join("tmp").join(name), maildir.join("new").join(name));
        fs::write(&half, message).unwrap();
        chown(&half, OWNER, OWNER).unwrap();
        fs::rename(half, whole).unwrap();
    }

    /// Another client of the same mailbox has looked at everything in it.
    pub fn look_at_all(&self) {
        let looked = Command::new("doveadm")
            .arg("-c")
            .arg(self.folder.path().join("dovecot.conf"))
            .args(["flags", "add", "-u", "vanthu", "\\Seen", "mailbox", "INBOX", "all"])
            .output()
            .unwrap();
        assert!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stderr));
    }

    /// Messages that lie where they came, and those that were put away.
    pub fn counts(&self) -> (usize, usize) {
        let count = |folder: &str| {
            let of = |part: &str| fs::read_dir(self.boxes.join(folder).join(part)).map_or(0, Iterator::count);
            of("cur") + of("new")
        };
        (count("vanthu"), count("vanthu/.vanthu"))
    }

    /// Makes the server forget the numbers it gave: UIDVALIDITY changes.
    pub fn renumber(&self) {
        let maildir = self.boxes.join("vanthu");
        for name in ["dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"] {
            fs::remove_file(maildir.join(name)).ok();
        }
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let stop = Command::new("doveadm")
            .arg("-c")
            .arg(self.folder.path().join("dovecot.conf"))
            .arg("stop")
            .status();
        if !stop.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

fn config(folder: &Path, certificate: &Pair, boxes: &Path, (imap, imaps): (u16, u16)) -> String {
    let (folder, boxes) = (folder.display(), boxes.display());
    format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {folder}/run\nstate_dir = {folder}/run\n\
         instance_name = vanthu-{imap}\nlog_path = {folder}/log\n\
         ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\ndisable_plaintext_auth = no\nauth_mechanisms = plain\n\
         mail_location = maildir:{boxes}/%n\nfirst_valid_uid = 1\nfirst_valid_gid = 1\n\
         mailbox_idle_check_interval = 2 secs\n\
         passdb {{\n driver = passwd-file\n args = username_format=%u {folder}/users\n}}\n\
         userdb {{\n driver = static\n args = uid=65534 gid=65534 home={boxes}/%n allow_all_users=yes\n}}\n\
         namespace inbox {{\n inbox = yes\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\n",
        cert = certificate.cert.display(),
        key = certificate.key.display(),
    )
}
