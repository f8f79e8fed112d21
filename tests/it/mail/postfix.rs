//! A private Postfix: own configuration, queue, ports, certificate and users, on loopback only. It
//! delivers to a maildir, so that a test reads what a recipient would.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::pki::{Authority, Pair};
use super::{free_port, wait_for};

/// A running Postfix. Stopped and removed when dropped.
pub struct Postfix {
    folder: TempDir,
    /// Port that offers STARTTLS.
    pub submission: u16,
    /// Port with TLS from the first byte.
    pub submissions: u16,
    /// Port in clear.
    pub clear: u16,
}

/// The user that may send.
pub const USER: &str = "vanthu@khoi.example";
/// Her password.
pub const PASSWORD: &str = "mật khẩu thử 1";

impl Postfix {
    /// Starts one with a certificate. Needs root, as Postfix does.
    pub fn start(certificate: &Pair) -> Self {
        Self::start_with(certificate, "", &[])
    }

    /// The same with further lines of main.cf, in which `{box}` and `{etc}` stand for its folders, and files
    /// beside it.
    pub fn start_with(certificate: &Pair, main: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("vanthu-postfix").tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let postfix = Self { submission: free_port(), submissions: free_port(), clear: free_port(), folder };
        postfix.configure(certificate);
        for (name, content) in files {
            fs::write(postfix.path("etc").join(name), content).unwrap();
        }
        let main = main.replace("{box}", &postfix.text("box")).replace("{etc}", &postfix.text("etc"));
        let known = fs::read_to_string(postfix.path("etc/main.cf")).unwrap();
        fs::write(postfix.path("etc/main.cf"), without(&known, &main) + &main).unwrap();
        postfix.add_user();
        postfix.postfix("start");
        for port in [postfix.submission, postfix.submissions, postfix.clear] {
            wait_for(port);
        }
        postfix
    }

    /// The mails delivered so far, waiting for `count` of them.
    pub fn delivered(&self, count: usize) -> Vec<Vec<u8>> {
        let folder = self.path("box/new");
        for _ in 0..200 {
            let mails = files(&folder);
            if mails.len() >= count {
                return mails.iter().map(|file| fs::read(file).unwrap()).collect();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{count} mails were to arrive, {}; log: {}", files(&folder).len(), self.log());
    }

    /// Where mail is delivered.
    pub fn mailboxes(&self) -> PathBuf {
        self.path("box")
    }

    /// Where what was delivered lies, a file for each mail; made with the first.
    pub fn arrivals(&self) -> PathBuf {
        self.path("box/new")
    }

    /// Whether everything it took is delivered.
    pub fn is_idle(&self) -> bool {
        let count = |queue: &str| all_files(&self.path("queue").join(queue));
        ["maildrop", "incoming", "active", "deferred"].into_iter().map(count).sum::<usize>() == 0
    }

    /// Where its log is.
    pub fn log_path(&self) -> PathBuf {
        self.path("maillog")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("maillog")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn configure(&self, certificate: &Pair) {
        for folder in ["etc", "etc/sasl", "queue", "data", "box", "sasl"] {
            fs::create_dir(self.path(folder)).unwrap();
        }
        run("chown", &["postfix", &self.text("data")]);
        run("chown", &["nobody", &self.text("box")]);
        fs::write(self.path("etc/main.cf"), self.main_cf(certificate)).unwrap();
        fs::write(self.path("etc/master.cf"), self.master_cf()).unwrap();
        fs::write(
            self.path("etc/recipients"),
            "/^khong-co@/ 550 5.1.1 no such user\n/^cho@/ 450 4.2.0 greylisted\n/^quan-he@/ 554 5.7.1 relay access denied\n",
        )
        .unwrap();
        fs::write(self.path("etc/headers"), "/^Thread-Topic:.*BI-LOC/ REJECT content refused\n").unwrap();
        fs::write(
            self.path("etc/sasl/smtpd.conf"),
            format!(
                "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {}\n",
                self.text("sasl/db")
            ),
        )
        .unwrap();
    }

    fn main_cf(&self, certificate: &Pair) -> String {
        let mut text = String::new();
        for (key, value) in [
            ("compatibility_level", "3.6"),
            ("queue_directory", &self.text("queue")),
            ("data_directory", &self.text("data")),
            ("maillog_file", &self.text("maillog")),
            ("maillog_file_prefixes", "/tmp"),
            ("myhostname", "mail.khoi.example"),
            ("mydestination", ""),
            ("inet_interfaces", "127.0.0.1"),
            ("inet_protocols", "ipv4"),
            ("alias_maps", ""),
            ("alias_database", ""),
            ("local_recipient_maps", ""),
            ("virtual_mailbox_domains", "khoi.example"),
            ("virtual_mailbox_base", &self.text("box")),
            ("virtual_mailbox_maps", "static:./"),
            ("virtual_uid_maps", "static:65534"),
            ("virtual_gid_maps", "static:65534"),
            ("smtpd_tls_cert_file", &certificate.cert.display().to_string()),
            ("smtpd_tls_key_file", &certificate.key.display().to_string()),
            ("smtpd_tls_auth_only", "yes"),
            ("cyrus_sasl_config_path", &self.text("etc/sasl")),
            ("smtpd_sasl_local_domain", "khoi.example"),
            (
                "smtpd_recipient_restrictions",
                &format!("check_recipient_access regexp:{}", self.text("etc/recipients")),
            ),
            ("smtpd_relay_restrictions", "reject_unauth_destination"),
            ("header_checks", &format!("regexp:{}", self.text("etc/headers"))),
        ] {
            writeln!(text, "{key} = {value}").unwrap();
        }
        text
    }

    fn master_cf(&self) -> String {
        let authed =
            "-o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject";
        let mut text = format!(
            "127.0.0.1:{} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {authed}\n\
             127.0.0.1:{} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {authed}\n\
             127.0.0.1:{} inet n - n - - smtpd\n",
            self.submission, self.submissions, self.clear
        );
        // Delivers as "lmtp" does, but for the headers that the file beside main.cf takes away.
        let gateway =
            format!("gateway unix - - n - - lmtp -o lmtp_header_checks=regexp:{}", self.text("etc/taken"));
        for line in [
            gateway.as_str(),
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "virtual unix - n n - - virtual",
            "error unix - - n - - error",
            "smtp unix - - n - - error",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "lmtp unix - - n - - lmtp",
            "postlog unix-dgram n - n - 1 postlogd",
        ] {
            writeln!(text, "{line}").unwrap();
        }
        text
    }

    fn add_user(&self) {
        let echo = format!(
            "printf %s '{PASSWORD}' | saslpasswd2 -p -c -f {} -u khoi.example vanthu",
            self.text("sasl/db")
        );
        run("sh", &["-c", &echo]);
        run("chown", &["postfix", &self.text("sasl/db")]);
    }

    fn postfix(&self, verb: &str) {
        run("postfix", &["-c", &self.text("etc"), verb]);
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.postfix("abort");
    }
}

/// An authority, a certificate for localhost, and a Postfix that shows it.
pub fn with_authority() -> (TempDir, Authority, Postfix) {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let authority = Authority::new(folder.path());
    let postfix = Postfix::start(&authority.issue("localhost"));
    (folder, authority, postfix)
}

/// Lines of a configuration but for those whose keys come again.
fn without(known: &str, more: &str) -> String {
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let again: Vec<_> = more.lines().filter_map(key).collect();
    let kept = known.lines().filter(|line| key(line).is_none_or(|key| !again.contains(&key)));
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default()
}

/// Files below a folder.
fn all_files(folder: &Path) -> usize {
    files(folder).iter().map(|path| if path.is_dir() { all_files(path) } else { 1 }).sum()
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program} is needed for the mail tests: {error}"));
    assert!(
        output.status.success(),
        "{program} {arguments:?} (root is needed): {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
