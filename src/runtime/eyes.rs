//! Where accepted mails can be seen, by the settings.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::app::dispatch::Witness;
use crate::app::ports::Sent;
use crate::config::settings::{SentSettings, Settings};
use crate::mail::inbound::ImapOptions;
use crate::mail::sent::imap::SentMailbox;
use crate::mail::sent::log::SentLog;

use super::wiring;

/// Whoever can see accepted mails, with how long to wait for them.
pub struct Eyes {
    /// They.
    pub sent: Arc<dyn Sent>,
    /// As in [`Witness`].
    pub grace: TimeDelta,
    /// As in [`Witness`].
    pub patience: TimeDelta,
}

impl Eyes {
    /// As dispatching needs them.
    pub fn witness(&self) -> Witness<'_> {
        Witness { sent: self.sent.as_ref(), grace: self.grace, patience: self.patience }
    }
}

/// Where accepted mails can be seen, as set up.
pub enum Place {
    /// In a mailbox.
    Mailbox(Box<SentMailbox>),
    /// In the log of the mail server.
    Log(SentLog),
}

impl Place {
    /// Tries it: what `doctor` asks.
    ///
    /// # Errors
    /// What went wrong, on one line.
    pub async fn knock(&self) -> Result<(), String> {
        match self {
            Self::Mailbox(mailbox) => mailbox.knock().await,
            Self::Log(log) => log.knock(),
        }
    }
}

/// Where they can be seen; `None` where nothing is set.
///
/// # Errors
/// A setting that cannot work; names its key.
pub fn place(settings: &Settings) -> anyhow::Result<Option<Place>> {
    Ok(match &settings.mail.sent {
        None => None,
        Some(SentSettings::Log(log)) => {
            Some(Place::Log(SentLog::new(log.path.clone(), &wiring::mail_domain(settings)?)))
        }
        Some(SentSettings::Imap(imap)) => Some(Place::Mailbox(Box::new(SentMailbox::new(ImapOptions {
            host: imap.host.clone(),
            port: imap.port,
            security: wiring::security(imap.tls),
            username: imap.username.clone(),
            password: imap.password.value.clone(),
            ca_file: imap.ca_file.clone(),
            folder: imap.folder.clone(),
            handled: String::new(),
            patience: imap.timeout,
        })?))),
    })
}

/// The same for dispatching.
///
/// # Errors
/// As [`place`].
pub fn eyes(settings: &Settings) -> anyhow::Result<Option<Eyes>> {
    let Some((place, sent)) = place(settings)?.zip(settings.mail.sent.as_ref()) else { return Ok(None) };
    let sees: Arc<dyn Sent> = match place {
        Place::Mailbox(mailbox) => Arc::new(*mailbox),
        Place::Log(log) => Arc::new(log),
    };
    let time = |time| TimeDelta::from_std(time).unwrap_or(TimeDelta::hours(24));
    Ok(Some(Eyes { sent: sees, grace: time(sent.grace()), patience: time(sent.patience()) }))
}
