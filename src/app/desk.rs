//! The desk: where a person decides, about a hold or about work that may rest.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::Store;

/// Who decides, in which office.
pub struct Desk<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// Who decides: an operating system or web user.
    pub actor: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}
