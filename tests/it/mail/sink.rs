//! Postfix's smtp-sink: fast, and able to fail in every way.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mail_parser::MessageParser;
use tempfile::TempDir;
use vanthu::app::ports::Mailer;
use vanthu::domain::ids::NoticeId;
use vanthu::domain::notice::Letter;
use vanthu::mail::transport::SmtpOptions;

use super::{free_port, letter_to, plain, smtp, wait_for, word};

/// A running sink with a folder for what it takes.
struct Sink {
    port: u16,
    taken: TempDir,
    child: Child,
}

impl Sink {
    /// Starts one; as nobody where the test runs as root, since it refuses to run as root.
    fn start(flags: &[&str]) -> Self {
        let port = free_port();
        let taken = tempfile::tempdir_in("/tmp").unwrap();
        let path =
            if Path::new("/usr/sbin/smtp-sink").exists() { "/usr/sbin/smtp-sink" } else { "smtp-sink" };
        let mut command = Command::new(path);
        if running_as_root() {
            assert!(Command::new("chown").arg("nobody").arg(taken.path()).status().unwrap().success());
            command.args(["-u", "nobody"]);
        }
        let child = command
            .args(["-d", "mail.%S."])
            .args(flags)
            .args([&format!("127.0.0.1:{port}"), "1024"])
            .current_dir(taken.path())
            .stdin(Stdio::null())
            .spawn()
            .expect("smtp-sink (package postfix) is needed for the mail tests");
        wait_for(port);
        Self { port, taken, child }
    }

    fn options(&self) -> SmtpOptions {
        SmtpOptions { command_timeout: Duration::from_millis(1500), ..plain(self.port) }
    }

    /// What it took, one mail each.
    fn mails(&self) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.taken.path()).unwrap();
        files.map(|file| fs::read(file.unwrap().path()).unwrap()).filter(|mail| !mail.is_empty()).collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn running_as_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.starts_with(b"0\n")
}

#[tokio::test]
async fn faults_of_a_real_server() {
    for (flags, expected) in [
        (&["-f", "RCPT"][..], "failed"),
        (&["-r", "RCPT"], "retry"),
        (&["-f", "MAIL"], "retry all"),
        (&["-r", "DATA"], "retry"),
        (&["-f", "."], "failed"),
        (&["-r", "."], "retry"),
        (&["-q", "."], "ambiguous"),
        (&["-q", "RCPT"], "retry all"),
        (&["-q", "CONNECT"], "retry all"),
        (&["-Q", "RCPT"], "retry all"),
        (&["-W", ".:2"], "sent"),
        (&["-p", "-W", "RCPT:3"], "retry all"),
        (&["-p", "-f", "RCPT"], "failed"),
        (&["-p"], "sent"),
    ] {
        let sink = Sink::start(flags);
        let outcome = smtp(sink.options()).send(0, &letter_to("chibo1@khoi.example")).await;
        assert_eq!(word(&outcome), expected, "{flags:?}: {outcome:?}");
    }
}

/// Four sessions at once: each mail arrives once, with its own recipient and its own link.
#[tokio::test]
async fn many_mails_over_few_connections() {
    let sink = Sink::start(&[]);
    let post = smtp(SmtpOptions { sessions: 4, ..sink.options() });
    let lanes = (0..post.sessions()).map(|session| {
        let post = &post;
        async move {
            for number in (session..60).step_by(4) {
                let outcome = post.send(session, &numbered(number)).await;
                assert_eq!(word(&outcome), "sent", "{outcome:?}");
            }
        }
    });
    futures_util::future::join_all(lanes).await;
    post.rest().await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 60);
    let mut seen: Vec<usize> = mails.iter().map(|raw| number_of(raw)).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..60).collect::<Vec<_>>());
}

fn numbered(number: usize) -> Letter {
    let letter = letter_to(&format!("chibo{number}@khoi.example"));
    Letter {
        notice: NoticeId(i64::try_from(number).unwrap()),
        message_id: format!("thu{number}@khoi.example"),
        link: letter.link.map(|link| link.replace("qAAAAAAAAAAB", &format!("qAAAA{number:03}AAB"))),
        ..letter
    }
}

/// The number that recipient, envelope, Message-ID and link agree on.
fn number_of(raw: &[u8]) -> usize {
    let mail = MessageParser::default().parse(raw).unwrap();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let number: usize =
        digits(mail.to().unwrap().first().unwrap().address().unwrap().split('@').next().unwrap());
    assert_eq!(mail.message_id().unwrap(), format!("thu{number}@khoi.example"));
    let link = format!("qAAAA{number:03}AAB");
    assert!(mail.body_text(0).unwrap().contains(&link) && mail.body_html(0).unwrap().contains(&link));
    assert!(String::from_utf8_lossy(raw).contains(&format!("X-Rcpt-Args: <chibo{number}@khoi.example>")));
    number
}
