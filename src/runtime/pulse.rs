//! Pulses: every loop beats when it makes progress; the watchdog is fed only while all of them do.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use tokio::time::Instant;

use crate::app::ports::{
    Abilities, Clearance, Listed, Listing, Lookup, Mailer, PageToken, Reading, Receipts, Report, Reported,
    SendOutcome, Source, SourceError,
};
use crate::domain::bulletin::Bulletin;
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::notice::Letter;

/// The beat of one loop.
#[derive(Debug, Clone)]
pub struct Pulse {
    name: Arc<str>,
    stall: Duration,
    last: Arc<Mutex<Instant>>,
}

impl Pulse {
    /// A loop that never rests longer than `stall` between two signs of progress.
    pub fn new(name: &str, stall: Duration) -> Self {
        Self { name: name.into(), stall, last: Arc::new(Mutex::new(Instant::now())) }
    }

    /// Progress was made.
    pub fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The loop's name if it has stalled.
    pub fn stalled(&self) -> Option<&str> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        (last.elapsed() > self.stall).then_some(&self.name)
    }
}

/// Beats whenever the thing inside answers.
pub struct Pulsed<T: ?Sized> {
    /// The beat.
    pub pulse: Pulse,
    /// The source or mailer.
    pub inner: Arc<T>,
}

#[async_trait]
impl Source for Pulsed<dyn Source> {
    fn id(&self) -> &SourceId {
        self.inner.id()
    }

    fn credentials(&self) -> String {
        self.inner.credentials()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        let listing = self.inner.list(page).await;
        self.pulse.beat();
        listing
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let reading = self.inner.read(row).await;
        self.pulse.beat();
        reading
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn served(&self) -> Option<DateTime<Utc>> {
        self.inner.served()
    }

    fn drains(&self) -> bool {
        self.inner.drains()
    }

    async fn passed(&self, rows: &[Listed]) -> Result<(), SourceError> {
        let passed = self.inner.passed(rows).await;
        self.pulse.beat();
        passed
    }

    fn formerly(&self, row: &Listed) -> Vec<ExternalId> {
        self.inner.formerly(row)
    }

    async fn confirm(&self, row: &Listed) -> Result<(), SourceError> {
        let confirmed = self.inner.confirm(row).await;
        self.pulse.beat();
        confirmed
    }

    async fn lookup(
        &self,
        today: NaiveDate,
        page: Option<&PageToken>,
    ) -> Result<Option<Lookup>, SourceError> {
        let found = self.inner.lookup(today, page).await;
        self.pulse.beat();
        found
    }

    async fn receipts(
        &self,
        id: &ExternalId,
        page: Option<&PageToken>,
    ) -> Result<Option<Receipts>, SourceError> {
        let receipts = self.inner.receipts(id, page).await;
        self.pulse.beat();
        receipts
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        let reported = self.inner.report(report).await;
        self.pulse.beat();
        reported
    }
}

#[async_trait]
impl Mailer for Pulsed<dyn Mailer> {
    fn sessions(&self) -> usize {
        self.inner.sessions()
    }

    async fn send(&self, session: usize, letter: &Letter, clearance: Clearance) -> SendOutcome {
        let outcome = self.inner.send(session, letter, clearance).await;
        self.pulse.beat();
        outcome
    }

    async fn announce(&self, bulletin: &Bulletin) -> SendOutcome {
        let outcome = self.inner.announce(bulletin).await;
        self.pulse.beat();
        outcome
    }

    async fn rest(&self) {
        self.inner.rest().await;
    }
}
