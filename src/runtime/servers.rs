//! The two listeners: acknowledgement pages for cells, board and health for staff and ops.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::web;

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
        for (listener, router) in self.listeners {
            let (mut stop, proxies) = (stop.subscribe(), self.trusted_proxies.clone());
            jobs.spawn(async move {
                let stopped = async move {
                    stop.wait_for(|stop| *stop).await.ok();
                };
                Ok(web::serve(listener, router, proxies, stopped).await?)
            });
        }
    }
}
