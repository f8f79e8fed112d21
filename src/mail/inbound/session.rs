//! An open folder: what is new, heads and bodies of messages, putting away, waiting.

use std::future::Future;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::extensions::idle::IdleResponse;
use async_imap::types::Fetch;
use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use tokio::time::{sleep, timeout};

use super::dial::{Wire, words};
use super::read::{EXCERPT, HEAD};
use super::{ImapOptions, glance, identity, read};
use crate::app::ports::{Fetched, Glance, InboxError, OpenInbox, Unreadable};

/// Time on a thread for one message; the cage makes it thousandths of that.
const READING: Duration = Duration::from_secs(10);

/// What the server can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    /// MOVE (RFC 6851).
    pub moves: bool,
    /// UIDPLUS (RFC 4315): removes single messages.
    pub expunges: bool,
    /// IDLE (RFC 2177).
    pub idles: bool,
}

/// An open folder.
pub(super) struct Reading {
    /// Away only while it waits in IDLE.
    session: Option<Wire>,
    validity: u32,
    abilities: Abilities,
    handled: String,
    patience: Duration,
}

impl Reading {
    pub(super) fn new(session: Wire, validity: u32, abilities: Abilities, options: &ImapOptions) -> Self {
        let (handled, patience) = (options.handled.clone(), options.patience);
        Self { session: Some(session), validity, abilities, handled, patience }
    }

    fn session(&mut self) -> Result<&mut Wire, InboxError> {
        self.session.as_mut().ok_or_else(|| InboxError::Broken("kết nối đã đóng".to_owned()))
    }

    /// One item of one message; the stream is read to its end, because the library takes what is left for the
    /// answer to the next command.
    async fn item(&mut self, uid: u32, what: &str) -> Result<Option<Fetch>, InboxError> {
        let patience = self.patience;
        let session = self.session()?;
        let asked = async {
            let fetched: Vec<Fetch> = session.uid_fetch(uid.to_string(), what).await?.try_collect().await?;
            Ok::<_, Error>(fetched.into_iter().find(|fetch| fetch.uid == Some(uid)))
        };
        within(patience, asked).await
    }

    /// For servers without MOVE: copy, mark, and remove if one message can be removed.
    async fn copy_away(&mut self, uid: u32) -> Result<(), InboxError> {
        let (patience, handled) = (self.patience, self.handled.clone());
        let expunges = self.abilities.expunges;
        let session = self.session()?;
        let work = async {
            session.uid_copy(uid.to_string(), &handled).await?;
            let marked = session.uid_store(uid.to_string(), "+FLAGS.SILENT (\\Deleted \\Seen)").await?;
            marked.try_collect::<Vec<_>>().await?;
            if expunges {
                session.uid_expunge(uid.to_string()).await?.try_collect::<Vec<_>>().await?;
            }
            Ok::<_, Error>(())
        };
        within(patience, work).await
    }

    async fn idle(&mut self, longest: Duration) -> Result<(), InboxError> {
        let session = self.session.take().ok_or_else(|| InboxError::Broken("kết nối đã đóng".to_owned()))?;
        let mut idle = session.idle();
        within(self.patience, idle.init()).await?;
        let waited = {
            let (told, _stop) = idle.wait_with_timeout(longest);
            told.await.map_err(|error| InboxError::Broken(words(&error)))?
        };
        if matches!(waited, IdleResponse::ManualInterrupt) {
            return Err(InboxError::Broken("máy chủ ngắt kết nối khi đang chờ thư".to_owned()));
        }
        self.session = Some(within(self.patience, idle.done()).await?);
        Ok(())
    }
}

/// A step of the dialogue, which ends.
pub(super) async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, InboxError> {
    match timeout(patience, work).await {
        Ok(done) => done.map_err(|error| InboxError::Broken(words(&error))),
        Err(_) => Err(InboxError::Broken(format!("không có trả lời trong {} giây", patience.as_secs()))),
    }
}

#[async_trait]
impl OpenInbox for Reading {
    fn validity(&self) -> u32 {
        self.validity
    }

    async fn after(&mut self, uid: u32) -> Result<Vec<u32>, InboxError> {
        let patience = self.patience;
        let first = uid.saturating_add(1);
        let session = self.session()?;
        let found = within(patience, session.uid_search(format!("UID {first}:*"))).await?;
        // `n:*` names the last message even where all are older.
        let mut uids: Vec<u32> = found.into_iter().filter(|found| *found > uid).collect();
        uids.sort_unstable();
        Ok(uids)
    }

    async fn glance(&mut self, uid: u32) -> Result<Option<Glance>, InboxError> {
        let what = format!("(UID RFC822.SIZE BODY.PEEK[HEADER]<0.{HEAD}>)");
        let fetch = self.item(uid, &what).await?;
        let seen = |fetch: Fetch| {
            glance(fetch.header().unwrap_or_default(), fetch.size.map(u64::from).unwrap_or_default())
        };
        Ok(fetch.map(seen))
    }

    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, InboxError> {
        let fetch = self.item(uid, &format!("(UID BODY.PEEK[]<0.{EXCERPT}>)")).await?;
        let Some(raw) = fetch.and_then(|fetch| fetch.body().map(<[u8]>::to_vec)) else { return Ok(None) };
        let bytes = raw.clone();
        // On a thread of its own: a message that is hard to read, or over which the reader falls, holds up nobody.
        let reading = tokio::task::spawn_blocking(move || read(&bytes).map(Box::new));
        let content = match timeout(READING, reading).await {
            Ok(Ok(content)) => content,
            Ok(Err(_)) | Err(_) => Err(Unreadable::TooHard),
        };
        Ok(Some(Fetched { identity: identity(&raw), raw, content }))
    }

    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError> {
        if !self.abilities.moves {
            return self.copy_away(uid).await;
        }
        let (patience, handled) = (self.patience, self.handled.clone());
        let session = self.session()?;
        within(patience, session.uid_mv(uid.to_string(), &handled)).await
    }

    async fn wait(&mut self, longest: Duration) -> Result<(), InboxError> {
        if self.abilities.idles {
            return self.idle(longest).await;
        }
        sleep(longest).await;
        let patience = self.patience;
        within(patience, self.session()?.noop()).await
    }

    async fn close(mut self: Box<Self>) {
        if let Some(mut session) = self.session.take()
            && let Err(error) = within(self.patience, session.logout()).await
        {
            tracing::debug!(%error, "hộp thư nhận không chào lại");
        }
    }
}
