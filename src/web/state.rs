//! What the handlers work with; cheap to clone.

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::hmac;

use chrono::{DateTime, Utc};

use super::answer::Offered;
use super::metrics::Metrics;
use crate::app::accept::Stand;
use crate::app::acknowledge::{Desk, Memory};
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Abilities, Clock, Room, Store};
use crate::domain::backup::Backups;
use crate::domain::edition::short;
use crate::domain::ids::SourceId;
use crate::domain::status::Voices;
use crate::domain::token::Keyring;
use crate::render::pages::Pages;

/// How the daemon fares, as far as only the runtime knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What staff must know before they read the board, in Vietnamese: `DỮ LIỆU GIẢ`, the last good
    /// rules are in use, …
    pub banners: Vec<String>,
    /// How much room the register has.
    pub room: Room,
    /// Why mail cannot leave at the moment.
    pub mail_trouble: Option<String>,
    /// How things stand with the office's files.
    pub files: FilesStanding,
    /// How the copies of the register stand; `None` where nobody watches over them.
    pub backups: Option<Backups>,
}

/// How things stand with the office's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesStanding {
    /// The edition in force with when it came in and who wrote it; `None` before the first.
    pub force: Option<InForce>,
    /// Why the files and what is in force differ, one sentence for staff.
    pub matter: Option<String>,
}

/// The edition in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its name, 12 hex digits.
    pub edition: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who wrote it.
    pub author: String,
}

impl FilesStanding {
    /// The same as the register tells it.
    pub fn of(stand: &Stand) -> Self {
        let force = stand.force.as_ref().map(|row| InForce {
            edition: short(&row.edition).to_owned(),
            since: row.at,
            author: row.author.clone(),
        });
        Self { force, matter: stand.sentence() }
    }
}

/// Everything the routers need; made by the runtime.
#[derive(Clone)]
pub struct State {
    /// The register.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The office as its files describe it now.
    pub office: Arc<dyn Fn() -> Arc<Office> + Send + Sync>,
    /// How the daemon fares now.
    pub standing: Arc<dyn Fn() -> Standing + Send + Sync>,
    /// How mails are made, for decisions that send some.
    pub policy: Arc<Policy>,
    /// The keys of the links.
    pub keyring: Arc<Keyring>,
    /// The register's own secret.
    pub secret: hmac::Key,
    /// What may be told upstream by itself.
    pub voices: Arc<Voices>,
    /// Recent presses.
    pub memory: Arc<Memory>,
    /// The cells that the pages offer.
    pub offered: Arc<Offered>,
    /// The compiled templates.
    pub pages: Arc<Pages>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The sources, with what each can and cannot do.
    pub sources: Arc<[(SourceId, Abilities)]>,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpAddr]>,
}

impl State {
    /// The use case's view of it.
    pub(super) fn desk<'a>(&'a self, office: &'a Office) -> Desk<'a> {
        Desk {
            store: &*self.store,
            keyring: &self.keyring,
            secret: &self.secret,
            memory: &self.memory,
            calendar: &office.calendar,
            units: &office.units,
            voices: &self.voices,
        }
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("keyring", &self.keyring).finish_non_exhaustive()
    }
}
