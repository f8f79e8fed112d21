//! What the adapter must be told.

use secrecy::{ExposeSecret as _, SecretString};

use crate::source::axis::{Reach, ReachError};

/// Settings of one organ on the national axis. There is no `Debug`: it would show the secret's neighbours.
#[derive(Clone)]
pub struct Options {
    /// How the axis is reached.
    pub reach: Reach,
    /// The `systemid` the axis gave this organ.
    pub system_id: String,
    /// Its secret, which signs and never travels.
    pub secret: SecretString,
    /// Mã định danh under which the organ is registered with that `systemid`; without it no status is told.
    pub organ: Option<String>,
    /// The organ's name in statuses.
    pub organ_name: String,
}

impl Options {
    /// A fingerprint of what it signs with, see [`Source::credentials`](crate::app::ports::Source).
    pub(super) fn credentials(&self) -> String {
        self.reach.credentials(&[&self.system_id, self.secret.expose_secret()])
    }

    /// What must be able to stand in a header.
    pub(super) fn check(&self) -> Result<(), ReachError> {
        let printable = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !printable(&self.system_id) {
            return Err(ReachError::Header("system_id"));
        }
        if !self.organ.as_deref().is_none_or(printable) {
            return Err(ReachError::Header("organ"));
        }
        Ok(())
    }
}
