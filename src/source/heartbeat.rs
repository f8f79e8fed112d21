//! Heartbeat: tells a watchdog outside that a source was read well. One request, never repeated: the next
//! good poll is the next try. The address bears a token, so neither it nor an answer is ever logged.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::source::http::{Http, Limits};
use crate::tls::{self, Trust};

/// A watchdog answers at once or is not worth waiting for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Nothing of the answer is read but its status.
const BODY: u64 = 64 * 1024;

/// An address to call.
pub struct Heartbeat {
    http: Http,
    url: SecretString,
}

impl Heartbeat {
    /// A heartbeat; nothing is sent yet.
    ///
    /// # Errors
    /// What is wrong with the address, without the address.
    pub fn new(url: SecretString) -> Result<Self, String> {
        let parsed = parse(&url).ok_or("không phải địa chỉ http hoặc https")?;
        let limits = Limits {
            connect_timeout: PATIENCE,
            request_timeout: PATIENCE,
            body_limit: BODY,
            pace: Duration::ZERO,
        };
        let tls =
            tls::client(&Trust::of(None, parsed.scheme() == "https")).map_err(|error| error.to_string())?;
        Ok(Self { http: Http::new(&limits, tls)?, url })
    }

    /// Calls the address once.
    ///
    /// # Errors
    /// What happened, without the address.
    pub async fn beat(&self) -> Result<(), String> {
        let url = parse(&self.url).ok_or("không phải địa chỉ http hoặc https")?;
        let answer = self.http.send(self.http.get(url)).await.map_err(|error| error.to_string())?;
        match answer.status {
            200..300 => Ok(()),
            status => Err(format!("mã HTTP {status}")),
        }
    }
}

fn parse(url: &SecretString) -> Option<Url> {
    let url = Url::parse(url.expose_secret()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}
