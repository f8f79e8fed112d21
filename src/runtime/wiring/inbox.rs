//! The mailbox for answers.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::config::settings::Settings;
use crate::mail::inbound::{Imap, ImapOptions};
use crate::runtime::answers::Answers;

/// The mailbox for answers with how it is read.
pub(super) fn answers(settings: &Settings) -> anyhow::Result<Option<Answers>> {
    let (Some(inbox), Some(imap)) = (&settings.inbox, inbox(settings)?) else { return Ok(None) };
    let keep = TimeDelta::from_std(inbox.keep).unwrap_or(TimeDelta::MAX);
    Ok(Some(Answers { inbox: Arc::new(imap), poll: inbox.poll, largest: inbox.largest(), keep }))
}

/// The mailbox for answers, where there is one.
///
/// # Errors
/// A setting that cannot work; names its key.
pub fn inbox(settings: &Settings) -> anyhow::Result<Option<Imap>> {
    let Some(inbox) = &settings.inbox else { return Ok(None) };
    Ok(Some(Imap::new(ImapOptions {
        host: inbox.host.clone(),
        port: inbox.port,
        security: super::security(inbox.tls),
        username: inbox.username.clone(),
        password: inbox.password.value.clone(),
        ca_file: inbox.ca_file.clone(),
        folder: inbox.folder.clone(),
        handled: inbox.handled.clone(),
        patience: inbox.timeout,
    })?))
}
