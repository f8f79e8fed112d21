//! When mails may leave, to whom, and under whose signature.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::rate;
use crate::config::secret::Secret;
use crate::domain::sending::Rate;

/// From which urgency on a mail leaves at once, whatever the hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtOnce {
    /// Hoả tốc.
    #[default]
    Express,
    /// Thượng khẩn, hoả tốc.
    VeryUrgent,
    /// Khẩn and above.
    Urgent,
}

/// `[mail.pace]`: how many mails may leave in what time, as `"30 per hour"`; without limit where absent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pacing {
    /// To one mailbox.
    #[serde(with = "rate::maybe", skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<Rate>,
    /// To all mailboxes of one domain.
    #[serde(with = "rate::maybe", skip_serializing_if = "Option::is_none")]
    pub host: Option<Rate>,
    /// To all mailboxes of domains with a rate of their own.
    #[serde(with = "rate::map")]
    pub hosts: BTreeMap<String, Rate>,
    /// In all: what the office's relay takes.
    #[serde(with = "rate::maybe", skip_serializing_if = "Option::is_none")]
    pub relay: Option<Rate>,
}

/// `[mail.dkim]`: mails are signed here, where the relay does not do it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// Domain that signs; that of `mail.from` if absent.
    #[serde(default)]
    pub domain: Option<String>,
    /// Selector: the public key stands in DNS at `<selector>._domainkey.<domain>`.
    pub selector: String,
    /// The private key as PEM: RSA from 2048 bits, or Ed25519.
    pub key: Secret,
}
