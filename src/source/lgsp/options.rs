//! What the adapter must be told.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::source::axis::{Reach, ReachError};

/// Settings of one organ on a provincial axis. There is no `Debug`: it would show a user name.
#[derive(Clone)]
pub struct Options {
    /// How the axis is reached.
    pub reach: Reach,
    /// User name of the application that logs in.
    pub username: String,
    /// Its password.
    pub password: SecretString,
    /// Code of the application.
    pub application_code: String,
    /// The `X-SystemId` the axis gave this organ.
    pub system_id: String,
    /// The `X-SecretKey` that goes with it; it travels with every request.
    pub secret_key: SecretString,
    /// Mã định danh under which the organ is registered; without it no status is told.
    pub organ: Option<String>,
    /// The organ's name in statuses.
    pub organ_name: String,
    /// How far back the list is asked for, in whole days.
    pub window: Duration,
    /// The same for the first list after a start and the first of each day.
    pub sweep: Duration,
}

impl Options {
    /// A fingerprint of what it logs in with, see [`Source::credentials`](crate::app::ports::Source).
    pub(super) fn credentials(&self) -> String {
        let secrets = [self.password.expose_secret(), self.secret_key.expose_secret()];
        self.reach.credentials(&[&self.username, &self.system_id, secrets[0], secrets[1]])
    }

    /// What must be able to stand in a header.
    pub(super) fn check(&self) -> Result<(), ReachError> {
        let printable = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !printable(&self.system_id) {
            return Err(ReachError::Header("system_id"));
        }
        if !printable(self.secret_key.expose_secret()) {
            return Err(ReachError::Header("secret_key"));
        }
        Ok(())
    }
}
