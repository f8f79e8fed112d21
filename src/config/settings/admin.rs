//! Where staff and ops reach the daemon.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[admin]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Address of board, `/metrics`, `/livez`, `/readyz`; loopback unless you know why.
    pub listen: SocketAddr,
    /// Socket on which the daemon is told to reload; its folder says who may.
    pub control: PathBuf,
}

impl Admin {
    /// Where the daemon keeps what it reckons of the machine's clock: beside the socket.
    pub fn reckoning(&self) -> PathBuf {
        self.control.with_extension("clock")
    }
}

impl Default for Admin {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8081)), control: "/run/vanthu/control.sock".into() }
    }
}
