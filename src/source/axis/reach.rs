//! How an axis is reached.

use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::digest;
use chrono_tz::Tz;
use data_encoding::HEXLOWER;

use crate::domain::ids::SourceId;
use crate::tls::TlsError;

/// Bytes of a fingerprint: enough to notice a change, too few to find a secret by trying.
const FINGERPRINT: usize = 4;

/// Where an axis is, how patient to be with it, and where to put down what it sends.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Name in logs, metrics and the register.
    pub id: SourceId,
    /// Address up to and including what stands before the names of the calls.
    pub url: String,
    /// Whether `http` may leave this machine.
    pub plain_http: bool,
    /// PEM bundle of the only authorities to trust; the platform's roots if `None`.
    pub ca_file: Option<PathBuf>,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time for a whole answer.
    pub request_timeout: Duration,
    /// Largest answer in bytes that is not a message, counted after decompression.
    pub body_limit: u64,
    /// Largest message in bytes, as it travels.
    pub message_limit: u64,
    /// Pause between the starts of two requests.
    pub pace: Duration,
    /// Wait before a failed request is tried again; later waits double, with jitter.
    /// [`Reach::RETRY_WAIT`] unless you know why.
    pub retry_wait: Duration,
    /// The office's zone: the axis sends local times without one.
    pub zone: Tz,
    /// Folder of the register: the list of organs is kept there.
    pub folder: PathBuf,
    /// Folder that large messages pass through.
    pub scratch: PathBuf,
    /// Whether the list of organs is renewed; who only looks uses the one that is there.
    pub renews: bool,
}

impl Reach {
    /// A first wait that outlives a restarting proxy together with its two doublings.
    pub const RETRY_WAIT: Duration = Duration::from_millis(500);

    /// A fingerprint of the address and of what else it logs in with, see
    /// [`Source::credentials`](crate::app::ports::Source).
    pub(in crate::source) fn credentials(&self, parts: &[&str]) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [self.url.as_str()].iter().chain(parts) {
            context.update(part.as_bytes());
            context.update(&[0]);
        }
        HEXLOWER.encode(context.finish().as_ref().get(..FINGERPRINT).unwrap_or_default())
    }
}

/// A setting the adapter cannot work with; names the key of `[[source]]`.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// Not an address, or one that must not carry documents.
    #[error("url: {0}")]
    Url(String),
    /// Something that cannot stand in a header of HTTP.
    #[error("{0}: chỉ gồm chữ không dấu, số và dấu thường gặp")]
    Header(&'static str),
    /// The file of authorities, or TLS itself.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The client for HTTP cannot be set up.
    #[error("không lập được kết nối HTTP: {0}")]
    Client(String),
}
