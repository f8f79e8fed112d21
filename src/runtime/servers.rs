//! The two listeners: acknowledgement pages for cells, board and health for staff and ops.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::web;

/// File handles that everything but the listeners may need: the register, mail, sources, the control socket, files.
const OWN: usize = 48;

/// Connections that a listener always takes.
const LEAST: usize = 4;

/// What the system allows this process.
const LIMITS: &str = "/proc/self/limits";

/// Bound listeners with what they serve.
pub struct Servers {
    listeners: Vec<(TcpListener, Router)>,
    trusted_proxies: Arc<[IpAddr]>,
}

impl Servers {
    /// Binds each address; port 0 asks for any free port.
    ///
    /// # Errors
    /// An address that cannot be bound; says which.
    pub async fn bind(
        routers: Vec<(SocketAddr, Router)>,
        trusted_proxies: Arc<[IpAddr]>,
    ) -> anyhow::Result<Self> {
        let mut listeners = Vec::with_capacity(routers.len());
        for (address, router) in routers {
            let bound = TcpListener::bind(address).await;
            let listener = bound.with_context(|| format!("không mở được cổng {address}"))?;
            listeners.push((listener, router));
        }
        Ok(Self { listeners, trusted_proxies })
    }

    /// The addresses really bound, in the order given.
    ///
    /// # Errors
    /// The system's.
    pub fn addresses(&self) -> std::io::Result<Vec<SocketAddr>> {
        self.listeners.iter().map(|(listener, _)| listener.local_addr()).collect()
    }

    /// Serves until told to stop; requests under way are finished.
    pub fn spawn(self, jobs: &mut JoinSet<anyhow::Result<()>>, stop: &watch::Sender<bool>) {
        let limits = std::fs::read_to_string(LIMITS).unwrap_or_default();
        let all = crowd(&limits, self.listeners.len());
        for (listener, router) in self.listeners {
            let (mut stop, proxies) = (stop.subscribe(), self.trusted_proxies.clone());
            jobs.spawn(async move {
                let stopped = async move {
                    stop.wait_for(|stop| *stop).await.ok();
                };
                Ok(web::serve(listener, router, proxies, all, stopped).await?)
            });
        }
    }
}

/// Connections that each of some listeners may hold, by what the system allows: clients must never take the file handles
/// that mail and the register need.
fn crowd(limits: &str, listeners: usize) -> usize {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let open = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    let each = open.map_or(web::MOST, |open| open.saturating_sub(OWN) / listeners.max(1));
    each.clamp(LEAST, web::MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_leave_file_handles_for_everything_else() {
        let limits = |soft: &str| {
            format!(
                "Max core file size        0                    unlimited            bytes     \n\
                     Max open files            {soft:20} 524288               files     \n"
            )
        };
        for (soft, expected) in
            [("64", 8), ("1024", 488), ("4096", 2024), ("524288", 2048), ("20", 4), ("unlimited", 2048)]
        {
            assert_eq!(crowd(&limits(soft), 2), expected, "{soft}");
        }
        assert_eq!(crowd("", 2), 2048);
    }
}
