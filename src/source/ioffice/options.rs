//! What the adapter must be told, and the checks that need no server.

use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::digest;
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::call::{Code, Direction, List, LoginPath};
use super::names::FieldMap;
use crate::domain::ids::SourceId;
use crate::source::address::{self, Plain};
use crate::tls::TlsError;

/// Bytes of a fingerprint: enough to notice a change, too few to find a password by trying.
const FINGERPRINT: usize = 4;

/// Settings of one iOffice tenant. There is no `Debug`: it would show a user name.
#[derive(Clone)]
pub struct Options {
    /// Name in logs, metrics and the register.
    pub id: SourceId,
    /// Tenant address up to and including the API path, for example
    /// `https://donvi.vnptioffice.vn/qlvb/api`; plain `http` for a loopback host only.
    pub url: String,
    /// User name of the service account.
    pub username: String,
    /// Its password.
    pub password: SecretString,
    /// Login path: `login`, `login/v3`, `login/v6`.
    pub login: String,
    /// User ids of further posts of the account to read, after the default post.
    pub posts: Vec<String>,
    /// Lists to read: `waiting`, `processed`, `notify`, `outdate`.
    pub lists: Vec<String>,
    /// Document store to ask for; empty asks for all.
    pub kho: String,
    /// Rows per page, at least 1.
    pub page_size: u32,
    /// Values of `doMat` that mean "not secret". An empty text may stand here for tenants that leave
    /// the field empty; a missing field is never open.
    pub open_marks: Vec<String>,
    /// PEM bundle of the only authorities to trust; the platform's roots if `None`.
    pub ca_file: Option<PathBuf>,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time for a whole answer.
    pub request_timeout: Duration,
    /// Largest answer in bytes, counted after decompression.
    pub body_limit: u64,
    /// Pause between the starts of two requests.
    pub pace: Duration,
    /// Wait before a failed read is tried again; later waits double, with jitter.
    /// [`Options::RETRY_WAIT`] unless you know why.
    pub retry_wait: Duration,
    /// What is read of the module "Thông tin chỉ đạo".
    pub directives: Directives,
    /// What becomes of a directive that bears no secrecy field.
    pub unmarked: Unmarked,
    /// How many days back documents are looked up every night; 0 looks nothing up.
    pub compare_days: u32,
    /// Further names of fields, as this tenant writes them.
    pub fields: FieldMap,
    /// How statuses are told; nothing is told if `None`.
    pub statuses_by: Option<StatusesBy>,
    /// The office's zone: iOffice sends local times without one.
    pub zone: Tz,
}

/// What is read of the module "Thông tin chỉ đạo".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Directives {
    /// Nothing.
    #[default]
    Off,
    /// What the account received.
    Received,
    /// What the account sent.
    Sent,
    /// Both.
    Both,
}

impl Directives {
    /// The lists that hold it.
    pub(super) fn directions(self) -> &'static [Direction] {
        match self {
            Self::Off => &[],
            Self::Received => &[Direction::Receive],
            Self::Sent => &[Direction::Send],
            Self::Both => &[Direction::Receive, Direction::Send],
        }
    }
}

/// What becomes of a directive that bears no secrecy field. The module has none of its own, so nothing iOffice
/// says can show that such a text is open; only the office can know what it uses the module for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unmarked {
    /// It is withheld like any document whose mark is unknown.
    #[default]
    Withhold,
    /// The office vouches that the module carries open texts only. Texts and names of files are judged all the
    /// same, and a secrecy field that is there must say that it is open.
    Open,
}

/// How iOffice is told how a document fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusesBy {
    /// A comment under the document.
    Comment,
    /// The integration interface, where the tenant has it switched on.
    Integration,
}

impl Options {
    /// A first wait that outlives a restarting proxy together with its two doublings.
    pub const RETRY_WAIT: Duration = Duration::from_millis(500);

    /// A fingerprint of what it logs in with, see [`Source::credentials`](crate::app::ports::Source).
    pub(super) fn credentials(&self) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [&*self.url, &*self.login, &*self.username, self.password.expose_secret()] {
            context.update(part.as_bytes());
            context.update(&[0]);
        }
        HEXLOWER.encode(context.finish().as_ref().get(..FINGERPRINT).unwrap_or_default())
    }
}

/// A setting the adapter cannot work with; names the key of `[[source]]`.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// Not an address, or one that must not carry a password.
    #[error("url: {0}")]
    Url(String),
    /// Not a login path we know.
    #[error("login: `{0}` không phải là `login`, `login/v3` hoặc `login/v6`")]
    Login(String),
    /// Not a list we know, or none at all.
    #[error("lists: {0}")]
    Lists(String),
    /// Not a user id.
    #[error("posts: `{0}` không phải mã chức danh (chỉ gồm chữ, số, `_`, `-`)")]
    Post(String),
    /// Zero rows per page.
    #[error("page_size: phải từ 1 trở lên")]
    PageSize,
    /// The file of authorities, or TLS itself.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The client for HTTP cannot be set up.
    #[error("không lập được kết nối HTTP: {0}")]
    Client(String),
}

/// The base address with a trailing slash.
pub(super) fn base(text: &str) -> Result<Url, OptionsError> {
    address::base(text, Plain::Here).map_err(OptionsError::Url)
}

/// The login path.
pub(super) fn login(text: &str) -> Result<LoginPath, OptionsError> {
    LoginPath::parse(text).ok_or_else(|| OptionsError::Login(text.to_owned()))
}

/// The lists, in the order given.
pub(super) fn lists(names: &[String]) -> Result<Vec<List>, OptionsError> {
    if names.is_empty() {
        return Err(OptionsError::Lists("phải có ít nhất một danh sách".to_owned()));
    }
    names.iter().map(|name| List::parse(name).ok_or_else(|| unknown_list(name))).collect()
}

fn unknown_list(name: &str) -> OptionsError {
    OptionsError::Lists(format!("`{name}` không phải là `waiting`, `processed`, `notify` hoặc `outdate`"))
}

/// The default post, then the further ones.
pub(super) fn posts(ids: &[String]) -> Result<Vec<Option<Code>>, OptionsError> {
    let further =
        ids.iter().map(|id| Code::parse(id).map(Some).ok_or_else(|| OptionsError::Post(id.clone())));
    std::iter::once(Ok(None)).chain(further).collect()
}
