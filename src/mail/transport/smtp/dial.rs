//! From an address to a session that may send: TCP, TLS as demanded, EHLO, AUTH.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::features::Features;
use super::session::Session;
use super::verdict::{Fault, Step, Trouble};
use super::wire::{Line, Wire, Written};
use super::{Login, Security, SmtpOptions, greet, hello_name};
use crate::mail::transport::TransportSetupError;
use crate::tls::{self, Trust};

/// Opens sessions with one server.
#[derive(Debug)]
pub(super) struct Dialler {
    server: String,
    host: String,
    port: u16,
    security: Security,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
    login: Option<Login>,
    hello: ClientId,
    patience: Duration,
}

impl Dialler {
    /// Checks names and prepares TLS.
    pub(super) fn new(options: SmtpOptions) -> Result<Self, TransportSetupError> {
        let name = ServerName::try_from(options.host.clone())
            .map_err(|_| TransportSetupError::Host(options.host.clone()))?;
        Ok(Self {
            server: format!("{}:{}", options.host, options.port),
            tls: Arc::new(tls_config(&options)?),
            hello: hello_name(options.hello.as_deref())?,
            host: options.host,
            port: options.port,
            security: options.security,
            name,
            login: options.login,
            patience: options.command_timeout,
        })
    }

    /// `host:port`
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// A session, greeted and logged in.
    pub(super) async fn dial(&self) -> Result<Session, Fault> {
        let socket = self.within(Step::Connect, self.connect()).await?;
        let (line, features) = match self.security {
            Security::Plain => {
                self.greeted(socket).await.map(|(socket, features)| (Line::Plain(socket), features))?
            }
            Security::Implicit => self.implicit(socket).await?,
            Security::StartTls => self.upgraded(socket).await?,
        };
        let written = Written::default();
        let wire = Box::new(Wire::new(line, written.clone()));
        let connecting = AsyncSmtpConnection::connect_with_transport(wire, &self.hello);
        let mut smtp =
            self.within(Step::Greeting, async { connecting.await.map_err(|e| Trouble::of(&e)) }).await?;
        if let Some(login) = &self.login {
            self.within(Step::Login, log_in(&mut smtp, login)).await?;
        }
        Ok(Session::new(smtp, features, written, self.patience))
    }

    async fn within<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, Trouble>> + Send,
    ) -> Result<T, Fault> {
        let result = timeout(self.patience, work).await;
        result
            .unwrap_or_else(|_| Err(Trouble::silence(self.patience.as_secs())))
            .map_err(|it| Fault::new(step, it))
    }

    /// Tries the host's addresses in order. Without protection only loopback ones count, whatever the
    /// name resolves to.
    async fn connect(&self) -> Result<TcpStream, Trouble> {
        let broken = |error: io::Error| Trouble::Broken(error.to_string());
        let mut last = Trouble::Broken("tên máy không có địa chỉ dùng được".to_owned());
        for address in lookup_host((self.host.as_str(), self.port)).await.map_err(broken)? {
            if self.security == Security::Plain && !address.ip().is_loopback() {
                last = Trouble::Broken(format!(
                    "{} không phải máy này; không gửi khi chưa mã hoá",
                    address.ip()
                ));
                continue;
            }
            match open(address).await {
                Ok(socket) => return Ok(socket),
                Err(error) => last = broken(error),
            }
        }
        Err(last)
    }

    async fn greeted(&self, mut socket: TcpStream) -> Result<(TcpStream, Features), Fault> {
        self.patiently(Step::Greeting, greet::greeting(&mut socket)).await?;
        let features = self.say_hello(&mut socket).await?;
        Ok((socket, features))
    }

    async fn implicit(&self, socket: TcpStream) -> Result<(Line, Features), Fault> {
        let mut stream = self.encrypt(socket).await?;
        self.patiently(Step::Greeting, greet::greeting(&mut stream)).await?;
        let features = self.say_hello(&mut stream).await?;
        Ok((Line::Tls(Box::new(stream)), features))
    }

    /// Greets in clear, demands TLS, and asks for the features again: those heard in clear may have
    /// been anybody's.
    async fn upgraded(&self, socket: TcpStream) -> Result<(Line, Features), Fault> {
        let (mut socket, features) = self.greeted(socket).await?;
        self.patiently(Step::StartTls, greet::starttls(&mut socket, features)).await?;
        let mut stream = self.encrypt(socket).await?;
        let features = self.say_hello(&mut stream).await?;
        Ok((Line::Tls(Box::new(stream)), features))
    }

    async fn say_hello<S>(&self, stream: &mut S) -> Result<Features, Fault>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
    {
        self.patiently(Step::Greeting, greet::hello(stream, &self.hello.to_string())).await
    }

    async fn patiently<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        timeout(self.patience, work)
            .await
            .unwrap_or_else(|_| Err(Fault::new(step, Trouble::silence(self.patience.as_secs()))))
    }

    async fn encrypt(&self, socket: TcpStream) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Fault> {
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let shaking = async {
            connector
                .connect(self.name.clone(), socket)
                .await
                .map_err(|error| Trouble::Broken(error.to_string()))
        };
        self.within(Step::Tls, shaking).await
    }
}

/// Nagle's algorithm off: the final dot is a small packet of its own and would wait 40 ms for the
/// other side's delayed acknowledgement.
async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

async fn log_in(smtp: &mut AsyncSmtpConnection, login: &Login) -> Result<(), Trouble> {
    let credentials = Credentials::new(login.username.clone(), login.password.expose_secret().to_owned());
    let offered = [Mechanism::Plain, Mechanism::Login];
    if !offered.iter().any(|mechanism| smtp.server_info().supports_auth_mechanism(*mechanism)) {
        return Err(Trouble::Broken("máy chủ không có AUTH PLAIN hay LOGIN".to_owned()));
    }
    match smtp.auth(&offered, &credentials).await {
        Ok(reply) if reply.has_code(235) => Ok(()),
        Ok(reply) => Err(Trouble::nonsense(reply.code().into())),
        Err(error) => Err(Trouble::of(&error)),
    }
}

fn tls_config(options: &SmtpOptions) -> Result<ClientConfig, TransportSetupError> {
    let encrypted = options.security != Security::Plain;
    Ok(tls::client(&Trust::of(options.ca_file.as_deref(), encrypted))?)
}
