//! From an address to an open folder: TCP, TLS as demanded, greeting, login, SELECT.

use std::fmt::Debug;
use std::future::Future;
use std::io;

use async_imap::error::Error;
use async_imap::{Authenticator, Client, Session};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::session::{Abilities, Reading};
use super::{Imap, ImapOptions};
use crate::app::ports::InboxError;
use crate::mail::transport::Security;
use crate::render::line::one_line;

/// A connection, encrypted or not.
pub(super) trait Line: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug> Line for T {}

/// A session over it.
pub(super) type Wire = Session<Box<dyn Line>>;

/// User and password in one answer (RFC 4616): the command LOGIN carries ASCII alone.
struct Plain<'a>(&'a ImapOptions);

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        format!("\0{}\0{}", self.0.username, self.0.password.expose_secret())
    }
}

impl Imap {
    /// A folder that may be read.
    pub(super) async fn dial(&self) -> Result<Reading, InboxError> {
        let client = self.greeted().await?;
        let mut session = self.log_in(client).await?;
        let abilities = self.abilities(&mut session).await?;
        self.see_to_handled(&mut session).await?;
        let folder = &self.options.folder;
        let refused = |error| self.folder(folder, &error);
        let selected = self.patiently(session.select(folder)).await?.map_err(refused)?;
        let Some(validity) = selected.uid_validity else {
            let reason = "máy chủ không cho UIDVALIDITY".to_owned();
            return Err(InboxError::Folder { folder: folder.clone(), reason });
        };
        Ok(Reading::new(session, validity, abilities, &self.options))
    }

    /// The folder opened read-only.
    pub(super) async fn examine(&self) -> Result<Wire, InboxError> {
        let client = self.greeted().await?;
        let mut session = self.log_in(client).await?;
        let folder = &self.options.folder;
        let refused = |error| self.folder(folder, &error);
        self.patiently(session.examine(folder)).await?.map_err(refused)?;
        Ok(session)
    }

    async fn patiently<T>(&self, work: impl Future<Output = T>) -> Result<T, InboxError> {
        let silence = || format!("không có trả lời trong {} giây", self.options.patience.as_secs());
        timeout(self.options.patience, work).await.map_err(|_| InboxError::Unreachable(silence()))
    }

    /// A client that has heard the greeting, in clear only towards this machine.
    async fn greeted(&self) -> Result<Client<Box<dyn Line>>, InboxError> {
        let socket = self.patiently(self.connect()).await?.map_err(InboxError::Unreachable)?;
        let line: Box<dyn Line> = match self.options.security {
            Security::Implicit => self.encrypt(socket).await?,
            Security::Plain | Security::StartTls => Box::new(socket),
        };
        let mut client = Client::new(line);
        self.greeting(&mut client).await?;
        if self.options.security != Security::StartTls {
            return Ok(client);
        }
        // What was heard in clear may have been anybody's: nothing of it is kept, and no greeting follows.
        let asked = self.patiently(client.run_command_and_check_ok("STARTTLS", None)).await?;
        asked.map_err(|error| InboxError::Unreachable(format!("STARTTLS: {}", words(&error))))?;
        Ok(Client::new(self.encrypt(client.into_inner()).await?))
    }

    /// Tries the host's addresses in order.
    async fn connect(&self) -> Result<TcpStream, String> {
        let mut last = "tên máy không có địa chỉ dùng được".to_owned();
        let addresses = lookup_host((self.options.host.as_str(), self.options.port)).await;
        for address in addresses.map_err(|error| error.to_string())? {
            if self.options.security == Security::Plain && !address.ip().is_loopback() {
                last = format!("{} không phải máy này; không đọc khi chưa mã hoá", address.ip());
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(socket) => return Ok(socket),
                Err(error) => last = error.to_string(),
            }
        }
        Err(last)
    }

    async fn encrypt<S>(&self, stream: S) -> Result<Box<dyn Line>, InboxError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug + 'static,
    {
        let connector = TlsConnector::from(self.tls.clone());
        let shaken: io::Result<_> = self.patiently(connector.connect(self.server.clone(), stream)).await?;
        let stream = shaken.map_err(|error| InboxError::Unreachable(format!("thiết lập TLS: {error}")))?;
        Ok(Box::new(stream))
    }

    async fn greeting(&self, client: &mut Client<Box<dyn Line>>) -> Result<(), InboxError> {
        match self.patiently(client.read_response()).await? {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(InboxError::Unreachable("máy chủ ngắt kết nối khi chưa chào".to_owned())),
            Err(error) => Err(InboxError::Unreachable(format!("lời chào lạ: {error}"))),
        }
    }

    async fn log_in(&self, client: Client<Box<dyn Line>>) -> Result<Wire, InboxError> {
        let answer = self.patiently(client.authenticate("PLAIN", Plain(&self.options))).await?;
        answer.map_err(|(error, _)| match error {
            Error::No(_) | Error::Bad(_) => InboxError::Refused(words(&error)),
            error => InboxError::Unreachable(words(&error)),
        })
    }

    async fn abilities(&self, session: &mut Wire) -> Result<Abilities, InboxError> {
        let told = self.patiently(session.capabilities()).await?;
        let told = told.map_err(|error| InboxError::Broken(words(&error)))?;
        Ok(Abilities {
            moves: told.has_str("MOVE"),
            expunges: told.has_str("UIDPLUS"),
            idles: told.has_str("IDLE"),
        })
    }

    /// The folder for what was dealt with is made where it is missing.
    async fn see_to_handled(&self, session: &mut Wire) -> Result<(), InboxError> {
        let handled = &self.options.handled;
        let known = self.patiently(session.status(handled, "(MESSAGES)")).await?;
        if known.is_ok() {
            return Ok(());
        }
        let made = self.patiently(session.create(handled)).await?;
        made.map_err(|error| self.folder(handled, &error))
    }

    fn folder(&self, folder: &str, error: &Error) -> InboxError {
        match error {
            Error::No(_) | Error::Bad(_) => {
                InboxError::Folder { folder: folder.to_owned(), reason: words(error) }
            }
            error => InboxError::Broken(words(error)),
        }
    }
}

/// What a server or the library says, on one line.
pub(super) fn words(error: &Error) -> String {
    one_line(&error.to_string()).chars().take(300).collect()
}
