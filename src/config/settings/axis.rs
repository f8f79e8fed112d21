//! The two ways to the axis of electronic documents: the national one and the provincial one.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::defaults;
use crate::config::secret::Secret;
use crate::domain::status::Fold;

/// `[[source]] type = "vxp"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vxp {
    /// Name in logs, metrics and the register; never change it later.
    pub id: String,
    /// Address up to what stands before `getReceivedEdocList`.
    pub url: String,
    /// The `systemid` the axis gave the organ.
    pub system_id: String,
    /// Its secret; it signs requests and never travels.
    pub secret: Secret,
    /// Mã định danh under which the organ is registered; without it no status is told.
    #[serde(default)]
    pub organ: Option<String>,
    /// Whether `http` may leave this machine: on a closed network alone.
    #[serde(default)]
    pub plain_http: bool,
    /// PEM file of a private certificate authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Time to connect.
    #[serde(default = "defaults::connect_timeout", with = "crate::config::duration")]
    pub connect_timeout: Duration,
    /// Time for a whole answer; a large message over a slow line needs minutes.
    #[serde(default = "defaults::message_timeout", with = "crate::config::duration")]
    pub request_timeout: Duration,
    /// Largest answer in bytes that is no message, counted after decompression.
    #[serde(default = "defaults::body_limit")]
    pub body_limit: u64,
    /// Largest message in bytes as it travels; base64 and JSON double a file.
    #[serde(default = "defaults::message_limit")]
    pub message_limit: u64,
    /// Pause between two requests.
    #[serde(default = "defaults::pace", with = "crate::config::duration")]
    pub pace: Duration,
    /// How often a message is read again that was withheld or could not be read, while it is listed.
    #[serde(default = "defaults::message_recheck", with = "crate::config::duration")]
    pub recheck: Duration,
    /// When to poll: five-field cron in the calendar's zone.
    #[serde(default = "defaults::poll")]
    pub poll: String,
    /// What is told by itself: `01`, `03`, `05`, `06`; `01` if absent. Nothing is told without `organ`.
    #[serde(default)]
    pub statuses: Option<Vec<String>>,
    /// When many cells count as one receiver: `all` or `any`.
    #[serde(default)]
    pub statuses_when: Fold,
}

/// `[[source]] type = "lgsp"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lgsp {
    /// Name in logs, metrics and the register; never change it later.
    pub id: String,
    /// Address up to what stands before `v1/`.
    pub url: String,
    /// User name of the application that logs in.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Code of the application.
    pub application_code: String,
    /// The `X-SystemId` the axis gave the organ.
    pub system_id: String,
    /// The `X-SecretKey` that goes with it.
    pub secret_key: Secret,
    /// Mã định danh under which the organ is registered; without it no status is told.
    #[serde(default)]
    pub organ: Option<String>,
    /// How far back the list is asked for at every poll.
    #[serde(default = "defaults::overlap", with = "crate::config::duration")]
    pub window: Duration,
    /// The same for the first poll after a start and the first of each day.
    #[serde(default = "defaults::sweep", with = "crate::config::duration")]
    pub sweep: Duration,
    /// PEM file of a private certificate authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Time to connect.
    #[serde(default = "defaults::connect_timeout", with = "crate::config::duration")]
    pub connect_timeout: Duration,
    /// Time for a whole answer; a large message over a slow line needs minutes.
    #[serde(default = "defaults::message_timeout", with = "crate::config::duration")]
    pub request_timeout: Duration,
    /// Largest answer in bytes that is no message, counted after decompression.
    #[serde(default = "defaults::body_limit")]
    pub body_limit: u64,
    /// Largest message in bytes as it travels; base64 and JSON double a file.
    #[serde(default = "defaults::message_limit")]
    pub message_limit: u64,
    /// Pause between two requests.
    #[serde(default = "defaults::pace", with = "crate::config::duration")]
    pub pace: Duration,
    /// How often a message is read again that was withheld or could not be read, while it is listed.
    #[serde(default = "defaults::message_recheck", with = "crate::config::duration")]
    pub recheck: Duration,
    /// When to poll: five-field cron in the calendar's zone.
    #[serde(default = "defaults::poll")]
    pub poll: String,
    /// What is told by itself: `01`, `03`, `05`, `06`; `01` if absent. Nothing is told without `organ`.
    #[serde(default)]
    pub statuses: Option<Vec<String>>,
    /// When many cells count as one receiver: `all` or `any`.
    #[serde(default)]
    pub statuses_when: Fold,
}
