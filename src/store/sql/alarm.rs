//! What must be known of every failure, whichever statement met it.

use std::sync::Arc;

use futures_util::future::pending;
use tokio::sync::watch;

use super::super::error::kind;
use crate::app::ports::StoreError;

/// What the failures of one register came to so far; shared by all its connections.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Alarm(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Why the register cannot be trusted any more, once a disk failed, damage was met, or it has lost what was confirmed.
    broken: watch::Sender<Option<StoreError>>,
    /// Whether the disk was full when something was last written.
    full: watch::Sender<bool>,
}

impl Alarm {
    /// Looks at how something ended, and passes it on.
    pub(in crate::store) fn heard<T>(&self, ended: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        ended.inspect_err(|error| self.note(error))
    }

    /// Looks at a failure.
    pub(in crate::store) fn note(&self, error: &sqlx::Error) {
        match kind(error) {
            broken @ StoreError::Broken(_) => self.ring(broken),
            StoreError::Full(_) => {
                self.0.full.send_replace(true);
            }
            _ => {}
        }
    }

    /// The register cannot be trusted any more. The first reason stays.
    pub(in crate::store) fn ring(&self, reason: StoreError) {
        self.0.broken.send_if_modified(|known| {
            let is_first = known.is_none();
            known.get_or_insert(reason);
            is_first
        });
    }

    /// Whether the disk was full since [`Self::clear`].
    pub(in crate::store) fn is_full(&self) -> bool {
        *self.0.full.borrow()
    }

    /// There is room again.
    pub(in crate::store) fn clear(&self) {
        self.0.full.send_replace(false);
    }

    /// Refuses whoever would go on after it rang.
    pub(in crate::store) fn silent(&self) -> Result<(), StoreError> {
        self.0.broken.borrow().clone().map_or(Ok(()), Err)
    }

    /// Waits until it rings.
    pub(in crate::store) async fn rung(&self) -> StoreError {
        let mut broken = self.0.broken.subscribe();
        let reason = broken.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        match reason {
            Some(reason) => reason,
            // The sender lives as long as this value.
            None => pending().await,
        }
    }
}
