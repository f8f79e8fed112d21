//! The control socket: one question, one answer, each one line of JSON. Who may connect is a matter of
//! the file's mode and its folder.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::accept::{Answer, Request};
use super::loops::stopped;
use crate::app::ports::Clock;
use crate::domain::reckoning::Doubt;

/// The longest question.
const QUESTION: u64 = 4096;
/// The longest answer: the findings of very broken files.
const ANSWER: u64 = 16 * 1024 * 1024;
/// How long somebody who connected may take to ask.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections at once; more wait.
const CONNECTIONS: usize = 16;
/// Its owner and group may connect.
const MODE: u32 = 0o660;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// What time it is, and whether the machine's clock is believed.
    Clock,
    /// Believe the machine's clock from now on.
    Trust {
        /// Who asks.
        author: String,
    },
    /// Read the office's files now.
    Reload {
        /// Who asks; the owner of the newest file if `None`.
        author: Option<String>,
        /// Answer once it is settled, rather than at once.
        wait: bool,
    },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Reply {
    /// What became of it.
    Settled(Answer),
    /// It will be looked at.
    Taken,
    /// How the clock stands.
    Clock {
        /// The time that the daemon goes by.
        now: DateTime<Utc>,
        /// Why the clock that it is set by is not believed.
        doubt: Option<Doubt>,
    },
    /// The question was not understood, or could not be passed on.
    Fault {
        /// Why.
        reason: String,
    },
}

/// A socket that listens; its file goes with it.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    path: PathBuf,
}

impl Drop for Control {
    fn drop(&mut self) {
        // It may be gone already; a stale one is cleared away at the next start.
        std::fs::remove_file(&self.path).ok();
    }
}

impl Control {
    /// Listens at `path`; a socket nobody listens on any more is cleared away, any other file is not.
    ///
    /// # Errors
    /// The system's, with the path; a live daemon on the same socket.
    pub fn bind(path: &Path) -> anyhow::Result<Self> {
        let shown = || format!("không mở được ổ điều khiển {}", path.display());
        match std::os::unix::net::UnixStream::connect(path) {
            Ok(_) => anyhow::bail!("{}: đang được một tiến trình vanthu khác dùng", shown()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                std::fs::remove_file(path).with_context(shown)?;
            }
            Err(_) => {}
        }
        let listener = UnixListener::bind(path).with_context(shown)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(MODE)).with_context(shown)?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// Passes requests on until told to stop.
    ///
    /// # Errors
    /// None that one connection could cause.
    pub async fn run(
        self,
        requests: mpsc::Sender<Request>,
        clock: Arc<dyn Clock>,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                () = stopped(&mut stop) => return Ok(()),
                accepted = self.listener.accept(), if open.len() < CONNECTIONS => match accepted {
                    Ok((stream, _)) => {
                        open.spawn(serve(stream, requests.clone(), clock.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "ổ điều khiển không nhận được kết nối");
                        tokio::time::sleep(PATIENCE).await;
                    }
                },
                Some(served) = open.join_next() => {
                    if let Ok(Err(error)) = served {
                        tracing::debug!(%error, "người hỏi qua ổ điều khiển đã bỏ đi");
                    }
                }
            }
        }
    }
}

async fn serve(
    mut stream: UnixStream,
    requests: mpsc::Sender<Request>,
    clock: Arc<dyn Clock>,
) -> io::Result<()> {
    let (read, mut write) = stream.split();
    let mut line = String::new();
    let mut read = BufReader::new(read.take(QUESTION));
    let asked = tokio::time::timeout(PATIENCE, read.read_line(&mut line)).await;
    let reply = match (asked, serde_json::from_str(&line)) {
        (Ok(Ok(_)), Ok(question)) => answer(question, &requests, clock.as_ref()).await,
        _ => Reply::Fault { reason: "không hiểu câu hỏi; hai bản vanthu khác nhau?".to_owned() },
    };
    let mut text = serde_json::to_vec(&reply)?;
    text.push(b'\n');
    write.write_all(&text).await
}

async fn answer(question: Question, requests: &mpsc::Sender<Request>, clock: &dyn Clock) -> Reply {
    match question {
        Question::Clock => {}
        Question::Trust { author } => {
            clock.trust();
            tracing::warn!(author, "có người xác nhận giờ của máy là đúng; tiếp tục nhắc việc");
        }
        Question::Reload { author, wait } => return reload(author, wait, requests).await,
    }
    Reply::Clock { now: clock.now(), doubt: clock.doubt() }
}

async fn reload(author: Option<String>, wait: bool, requests: &mpsc::Sender<Request>) -> Reply {
    let gone = || Reply::Fault { reason: "dịch vụ đang dừng".to_owned() };
    let (answer, settled) = oneshot::channel();
    let request = Request { author, answer: wait.then_some(answer) };
    if requests.send(request).await.is_err() {
        return gone();
    }
    if !wait {
        return Reply::Taken;
    }
    settled.await.map_or_else(|_| gone(), Reply::Settled)
}

/// Why nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// No daemon listens there.
    #[error(
        "không có dịch vụ vanthu nào nghe ở {0}; xem `systemctl status vanthu`, hoặc `admin.control` trong vanthu.toml"
    )]
    Nobody(String),
    /// The file's mode or its folder's forbids it.
    #[error(
        "không có quyền dùng {0}; hãy chạy bằng root hoặc người dùng vanthu, ví dụ `sudo vanthu reload --wait`"
    )]
    Forbidden(String),
    /// It took too long.
    #[error("dịch vụ không trả lời trong {} giây", .0.as_secs())]
    Late(Duration),
    /// What came is no answer, or the connection broke.
    #[error("dịch vụ trả lời không đúng: {0}")]
    Broken(String),
}

/// Asks the daemon that listens at `path`.
///
/// # Errors
/// [`Unanswered`]
pub async fn ask(path: &Path, question: &Question, patience: Duration) -> Result<Reply, Unanswered> {
    let shown = path.display().to_string();
    let stream = UnixStream::connect(path).await.map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Unanswered::Forbidden(shown.clone()),
        _ => Unanswered::Nobody(shown.clone()),
    })?;
    let talked = tokio::time::timeout(patience, talk(stream, question)).await;
    talked.map_err(|_| Unanswered::Late(patience))?.map_err(|error| Unanswered::Broken(error.to_string()))
}

async fn talk(mut stream: UnixStream, question: &Question) -> io::Result<Reply> {
    let (read, mut write) = stream.split();
    let mut text = serde_json::to_vec(question)?;
    text.push(b'\n');
    write.write_all(&text).await?;
    let mut line = String::new();
    BufReader::new(read.take(ANSWER)).read_line(&mut line).await?;
    Ok(serde_json::from_str(&line)?)
}
