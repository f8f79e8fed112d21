//! How a request to the axis is signed (SDK of VXP 2.0).
//!
//! Every logical header goes out as `XroadVnpt-<name>`. J is the JSON object of exactly these, in exactly
//! this order; the axis recomputes the HMAC over the J it is sent, so the order is ours and never changes.
//! Nothing of the body is signed but what a header says of it (`hash-file`).

use aws_lc_rs::hmac;
use chrono::{DateTime, Timelike as _, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret as _, SecretString};

/// Prefix of every header of the axis.
const PREFIX: &str = "XroadVnpt-";

/// What the SDK calls itself; the axis knows its clients by it.
const AGENT: &str = "JAVASDKAgent/1.0.0 XRoad/VPCP";

/// Version of the SDK's protocol.
const VERSION: &str = "3.0.201608";

/// The one logical header that goes out under its own name too.
const CONTENT_TYPE: &str = "Content-Type";

/// Signs for one organ.
pub(super) struct Signer {
    system_id: String,
    key: hmac::Key,
    zone: Tz,
}

impl Signer {
    /// A signer whose times are those of `zone`.
    pub(super) fn new(system_id: &str, secret: &SecretString, zone: Tz) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        Self { system_id: system_id.to_owned(), key, zone }
    }

    /// All headers of a request with these logical ones, `systemid` and `timestamp` before them.
    pub(super) fn headers(&self, call: &[(&str, String)], now: DateTime<Utc>) -> Vec<(String, String)> {
        let mut logical = vec![("systemid", self.system_id.clone()), ("timestamp", stamp(now, self.zone))];
        logical.extend(call.iter().cloned());
        let signed = object(&logical);
        let hash = HEXLOWER.encode(hmac::sign(&self.key, signed.as_bytes()).as_ref());
        let names: Vec<_> = logical.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let plain = logical.iter().find(|(name, _)| *name == CONTENT_TYPE);
        let mut headers: Vec<_> =
            plain.map(|(name, value)| ((*name).to_owned(), value.clone())).into_iter().collect();
        headers.extend(logical.into_iter().map(|(name, value)| (format!("{PREFIX}{name}"), value)));
        headers.extend([
            (format!("{PREFIX}sign-header-key"), names),
            (format!("{PREFIX}sign-header"), signed),
            (format!("{PREFIX}hash-header"), hash),
            (format!("{PREFIX}version"), VERSION.to_owned()),
            ("User-Agent".to_owned(), AGENT.to_owned()),
        ]);
        headers
    }
}

/// J: an object whose members keep their order, which no map of a JSON library promises.
fn object(logical: &[(&str, String)]) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let members: Vec<_> = logical
        .iter()
        .map(|(name, value)| format!("{}:{}", text(&format!("{PREFIX}{name}")), text(value)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// The Java pattern `ddMMyyyy'T'HHmmss+SSSS`: what follows the plus are the milliseconds in four digits,
/// although it looks like an offset.
fn stamp(now: DateTime<Utc>, zone: Tz) -> String {
    let local = now.with_timezone(&zone);
    format!("{}+{:04}", local.format("%d%m%YT%H%M%S"), local.nanosecond() / 1_000_000 % 1000)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// Computed by fixtures/vxp/sign.py, which shares nothing with this file but the description.
    const VECTORS: &str = include_str!("../../../fixtures/vxp/sign.json");

    #[derive(Deserialize)]
    struct Vector {
        system_id: String,
        secret: String,
        at: DateTime<Utc>,
        call: Vec<(String, String)>,
        headers: Vec<(String, String)>,
    }

    #[test]
    fn every_vector_is_signed_to_the_byte() {
        let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
        assert!(vectors.len() >= 8);
        for vector in vectors {
            let signer = Signer::new(&vector.system_id, &vector.secret.into(), chrono_tz::Asia::Ho_Chi_Minh);
            let call: Vec<_> =
                vector.call.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            assert_eq!(signer.headers(&call, vector.at), vector.headers, "{:?}", vector.call);
        }
    }
}
