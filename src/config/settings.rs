//! Settings of the daemon, one struct per section of `vanthu.toml`. Unknown keys are errors.
//! Durations are written as `"30s"`, `"5m"`, `"1h"`; paths are relative to the file's folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::defaults;
use super::secret::Secret;
use super::tagged::{self, Tagged};
use crate::domain::status::Fold;

pub use crate::domain::language::Language;

mod accept;
mod admin;
mod axis;
mod backup;
mod clock;
mod digest;
mod directives;
mod folder;
mod inbox;
mod journal;
mod log;
mod operations;
mod sending;
mod sent;
mod statuses;
mod store;
mod transport;
mod watch;

pub use accept::Accept;
pub use admin::Admin;
pub use axis::{Lgsp, Vxp};
pub use backup::{Backup, keep as keep_backups};
pub use clock::ClockSettings;
pub use digest::{Day, Digest, Weekly, hour};
pub use directives::{Directives, FieldNames, Unmarked};
pub use folder::Folder;
pub use inbox::Inbox;
pub use journal::JournalSettings;
pub use log::{Log, LogFormat};
pub use operations::{Operations, Small};
pub use sending::{AtOnce, Dkim, Pacing};
pub use sent::{SentImap, SentLog, SentSettings};
pub use statuses::{Statuses, StatusesBy};
pub use store::{StoreSettings, lease};
pub use transport::{Smtp, Tls, Transport};
pub use watch::{Braking, Heartbeat, SourceHeartbeat, WatchedSource, Watching};

/// Everything in `vanthu.toml`, its drop-ins and the environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The office.
    pub office: Office,
    /// Where the other files are.
    #[serde(default)]
    pub files: Files,
    /// The document systems to poll.
    #[serde(default, rename = "source")]
    pub sources: Vec<SourceSettings>,
    /// Mail out.
    pub mail: Mail,
    /// The mailbox for answers; without one replies and bounces are people's matter.
    #[serde(default)]
    pub inbox: Option<Inbox>,
    /// Pages that cells meet.
    pub web: Web,
    /// Pages, metrics and health for staff and ops.
    #[serde(default)]
    pub admin: Admin,
    /// The register.
    #[serde(default)]
    pub store: StoreSettings,
    /// The journal.
    #[serde(default)]
    pub journal: JournalSettings,
    /// The clock of the machine.
    #[serde(default)]
    pub clock: ClockSettings,
    /// Copies of the register; nobody watches over them without.
    #[serde(default)]
    pub backup: Option<Backup>,
    /// When things happen.
    #[serde(default)]
    pub schedule: Schedules,
    /// The mail of the morning for each cell.
    #[serde(default)]
    pub digest: Digest,
    /// The table of the week for the leadership.
    #[serde(default)]
    pub weekly: Weekly,
    /// What happens when documents are changed, taken back or replaced.
    #[serde(default)]
    pub operations: Operations,
    /// How changes of the office's files come into force.
    #[serde(default)]
    pub accept: Accept,
    /// When a source that can be read is odd all the same.
    #[serde(default)]
    pub watch: Watching,
    /// How much may be told without a person's word.
    #[serde(default)]
    pub brake: Braking,
    /// Whom outside to tell that reading goes well.
    #[serde(default)]
    pub heartbeat: Heartbeat,
    /// The log.
    #[serde(default)]
    pub log: Log,
}

/// `[office]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Name as mails show it, for example `Văn phòng Đảng uỷ Khối`.
    pub name: String,
    /// Phone shown in the footer of mails.
    #[serde(default)]
    pub phone: Option<String>,
    /// Address of whoever looks after the rules: told by mail when their files are broken.
    #[serde(default)]
    pub rules_owner: Option<String>,
    /// Language of diagnostics and logs' human texts: `vi` or `en`.
    #[serde(default)]
    pub language: Language,
}

/// `[files]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Folder of routing rules, `*.toml`.
    pub rules: PathBuf,
    /// The units.
    pub units: PathBuf,
    /// Folder of calendars, `YYYY.toml`.
    pub calendar: PathBuf,
    /// Folder of template overrides; may be absent.
    pub templates: PathBuf,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            rules: "rules.d".into(),
            units: "units.toml".into(),
            calendar: "calendar".into(),
            templates: "templates".into(),
        }
    }
}

impl Files {
    /// The same with relative paths below `root`.
    #[must_use]
    pub fn below(&self, root: &Path) -> Self {
        Self {
            rules: root.join(&self.rules),
            units: root.join(&self.units),
            calendar: root.join(&self.calendar),
            templates: root.join(&self.templates),
        }
    }
}

/// `[[source]]`
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SourceSettings {
    /// VNPT iOffice over its REST interface.
    Ioffice(Box<Ioffice>),
    /// A folder that people drop files into.
    Folder(Folder),
    /// The national axis of electronic documents.
    Vxp(Box<Vxp>),
    /// A provincial axis.
    Lgsp(Box<Lgsp>),
}

impl SourceSettings {
    /// Its name.
    pub fn id(&self) -> &str {
        match self {
            Self::Ioffice(source) => &source.id,
            Self::Folder(source) => &source.id,
            Self::Vxp(source) => &source.id,
            Self::Lgsp(source) => &source.id,
        }
    }

    /// When it is polled.
    pub fn poll(&self) -> &str {
        match self {
            Self::Ioffice(source) => &source.poll,
            Self::Folder(source) => &source.poll,
            Self::Vxp(source) => &source.poll,
            Self::Lgsp(source) => &source.poll,
        }
    }
}

impl Tagged for SourceSettings {
    const TYPES: &'static [&'static str] = &["ioffice", "folder", "vxp", "lgsp"];

    fn read<'de, D: Deserializer<'de>>(word: &str, rest: D) -> Option<Result<Self, D::Error>> {
        match word {
            "ioffice" => Some(Ioffice::deserialize(rest).map(|source| Self::Ioffice(Box::new(source)))),
            "folder" => Some(Folder::deserialize(rest).map(Self::Folder)),
            "vxp" => Some(Vxp::deserialize(rest).map(|source| Self::Vxp(Box::new(source)))),
            "lgsp" => Some(Lgsp::deserialize(rest).map(|source| Self::Lgsp(Box::new(source)))),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for SourceSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

/// `[[source]] type = "ioffice"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ioffice {
    /// Name in logs, metrics and the register; never change it later.
    pub id: String,
    /// Tenant address up to and including the API path, for example
    /// `https://donvi.vnptioffice.vn/qlvb/api`.
    pub url: String,
    /// User name of the service account.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Login path: `login`, `login/v3`, `login/v6`.
    #[serde(default = "defaults::login")]
    pub login: String,
    /// Ids of further posts of the account to read; empty reads the default post only.
    #[serde(default)]
    pub posts: Vec<String>,
    /// Lists to read: `waiting`, `processed`, `notify`, `outdate`.
    #[serde(default = "defaults::lists")]
    pub lists: Vec<String>,
    /// Value of `kho` (document store) to ask for; empty asks for all.
    #[serde(default)]
    pub kho: String,
    /// Rows per page.
    #[serde(default = "defaults::page_size")]
    pub page_size: u32,
    /// Values of `doMat` that mean "not secret". Everything else is held.
    #[serde(default = "defaults::open_marks")]
    pub open_marks: Vec<String>,
    /// PEM file of a private certificate authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Time to connect.
    #[serde(default = "defaults::connect_timeout", with = "super::duration")]
    pub connect_timeout: Duration,
    /// Time for a whole answer.
    #[serde(default = "defaults::request_timeout", with = "super::duration")]
    pub request_timeout: Duration,
    /// Largest answer in bytes, counted after decompression.
    #[serde(default = "defaults::body_limit")]
    pub body_limit: u64,
    /// Pause between two requests.
    #[serde(default = "defaults::pace", with = "super::duration")]
    pub pace: Duration,
    /// Documents received within this time are read again now and then.
    #[serde(default = "defaults::overlap", with = "super::duration")]
    pub overlap: Duration,
    /// How often a document inside the overlap is read again.
    #[serde(default = "defaults::recheck", with = "super::duration")]
    pub recheck: Duration,
    /// When to poll: five-field cron in the calendar's zone.
    #[serde(default = "defaults::poll")]
    pub poll: String,
    /// What is read of the module "Thông tin chỉ đạo": `off`, `received`, `sent`, `both`.
    #[serde(default)]
    pub directives: Directives,
    /// What becomes of a directive without a secrecy field: `withhold` or `open`.
    #[serde(default)]
    pub unmarked_directives: Unmarked,
    /// How far back the register is compared with the source every night, whole days; `0s` never.
    #[serde(default = "defaults::compare", with = "super::duration")]
    pub compare: Duration,
    /// Further names of fields, as this tenant writes them.
    #[serde(default)]
    pub fields: FieldNames,
    /// How iOffice is told how a document fares: `comment` or `integration`; nothing is told if absent.
    #[serde(default)]
    pub statuses_by: Option<StatusesBy>,
    /// What is told by itself: `01`, `03`, `05`, `06`; `01` if absent.
    #[serde(default)]
    pub statuses: Option<Vec<String>>,
    /// When many cells count as one receiver: `all` or `any`.
    #[serde(default)]
    pub statuses_when: Fold,
}

/// `[mail]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Sender, for example `Văn thư Đảng uỷ Khối <vanthu@example.vn>`.
    pub from: String,
    /// Where answers go: the clerk.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// List-Id of the office, for example `chi-dao.duk.example.vn`.
    pub list_id: String,
    /// How mails leave.
    pub transport: Transport,
    /// Waits before each further try.
    #[serde(default = "defaults::waits", with = "super::duration::list")]
    pub waits: Vec<Duration>,
    /// Whether the trích yếu stands in subject line and body.
    #[serde(default = "defaults::yes")]
    pub show_subject: bool,
    /// Words that withhold the trích yếu whatever `show_subject` says.
    #[serde(default = "defaults::stop_words")]
    pub stop_words: Vec<String>,
    /// Send outside office hours too.
    #[serde(default)]
    pub any_hour: bool,
    /// From which urgency on a mail leaves at once: `express`, `very-urgent`, `urgent`.
    #[serde(default)]
    pub at_once: AtOnce,
    /// Language of mails to mailboxes that name none: `vi` or `en`.
    #[serde(default)]
    pub language: Language,
    /// Domains that may be written to, `dcs.vn` or `*.dcs.vn`; empty admits all.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Address that every mail goes to instead of its own, while the office tries things out.
    #[serde(default)]
    pub shadow: Option<String>,
    /// How many mails may leave in what time.
    #[serde(default)]
    pub pace: Pacing,
    /// Where accepted mails can be seen; without it a mail whose answer was lost is sent again unseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentSettings>,
    /// Signs mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dkim: Option<Dkim>,
}

/// `[web]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Address the acknowledgement pages listen on.
    #[serde(default = "defaults::web_listen")]
    pub listen: SocketAddr,
    /// Address people reach them by, for example `https://vanthu.example.vn`; stands in every link.
    pub public_url: String,
    /// Key that signs links, at least 32 bytes; older keys that still verify follow.
    pub link_keys: Vec<LinkKey>,
    /// How long a link holds after the mail was written.
    #[serde(default = "defaults::link_life", with = "super::duration")]
    pub link_life: Duration,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

/// `[[web.link_keys]]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkKey {
    /// 1–8 of `a-z0-9`; stands in every link.
    pub id: String,
    /// The key.
    pub secret: Secret,
}

/// `[schedule]`: five-field cron in the calendar's zone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedules {
    /// When ladders are looked at.
    pub chase: String,
}

impl Default for Schedules {
    fn default() -> Self {
        Self { chase: "* * * * *".to_owned() }
    }
}
