//! A folder that people drop files into: exports of the register of incoming documents (.xlsx), edXML
//! messages (.edxml, .xml), mails that carry them (.eml). For offices whose system has no interface, and for
//! the day on which it fails.
//!
//! A file goes through these places, each step one rename (the subfolders are those of `tray`):
//! 1. It lies where it was dropped until it has not changed for `rest`, by the clock that is handed in and by
//!    looking twice: a copy under way is never read by half.
//! 2. It is claimed into `working`. What lies there after a crash is simply read again; whatever of it is in
//!    the register already is known by its id and not read twice.
//! 3. Its pieces are listed and read like the rows of any source.
//! 4. When all of them are in the register, it goes to `done/YYYY/MM` with its outcome beside it; to
//!    `refused`, if nothing of it could be read; to `withheld`, if any piece may be secret. Such a file is
//!    not archived: our archive must not hold what may be secret, and deleting what people gave us is not ours.
//!
//! Read on in: `desk` (who does this), `tray` and `archive` (the disk), `reader` (a file by its kind), `register` (exports),
//! `message` and `mail` (edXML), `contents` and `item` (what a file holds), `outcome` (what staff read).

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::app::ports::{
    Abilities, Ability, Clock, Files, Listed, Listing, PageToken, Reading, Source, SourceError,
};
use crate::domain::ids::{ExternalId, SourceId};

mod archive;
mod contents;
mod desk;
mod item;
mod mail;
mod message;
mod moving;
mod note;
mod options;
mod outcome;
mod reader;
mod register;
mod scratch;
mod trace;
mod tray;

use desk::Desk;
pub use options::{Hand, Kind, Options};
pub use reader::readings;

/// A watched folder.
pub struct Folder {
    id: SourceId,
    clock: Arc<dyn Clock>,
    desk: Arc<Mutex<Desk>>,
}

impl Folder {
    /// An adapter; nothing is looked at yet.
    /// `files` keeps the attachments of edXML messages.
    pub fn new(options: Options, clock: Arc<dyn Clock>, files: Arc<dyn Files>) -> Self {
        Self { id: options.id.clone(), clock, desk: Arc::new(Mutex::new(Desk::new(options, files))) }
    }

    /// Disks block, network shares for long: work is done where it keeps nobody else waiting.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk, DateTime<Utc>) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let (desk, now) = (self.desk.clone(), self.clock.now());
        let done = tokio::task::spawn_blocking(move || {
            work(&mut desk.lock().unwrap_or_else(PoisonError::into_inner), now)
        });
        done.await.unwrap_or_else(|error| Err(SourceError::Unexpected(error.to_string())))
    }

    /// Looks once, and a second time if something has just come: a run that happens once would otherwise
    /// never see a file at rest.
    async fn look(&self) -> Result<(), SourceError> {
        if let Some(at) = self.work(Desk::look).await? {
            tokio::time::sleep(self.clock.sleep_until(at)).await;
            self.work(Desk::look).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Source for Folder {
    fn id(&self) -> &SourceId {
        &self.id
    }

    /// There is nothing to log in with.
    fn credentials(&self) -> String {
        String::new()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        if page.is_none() {
            self.look().await?;
        }
        let page = page.cloned();
        self.work(move |desk, now| desk.page(page.as_ref(), now)).await
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let row = row.clone();
        self.work(move |desk, _| desk.reading(&row)).await
    }

    fn drains(&self) -> bool {
        true
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: Ability::No,
            files: Ability::Yes,
            operations: Ability::Yes,
            counts: Ability::No,
        }
    }

    /// Nobody else holds the desk while a page is dealt with, so this does not wait.
    fn formerly(&self, row: &Listed) -> Vec<ExternalId> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner).formerly(row)
    }

    async fn passed(&self, rows: &[Listed]) -> Result<(), SourceError> {
        let rows = rows.to_vec();
        self.work(move |desk, now| desk.passed(&rows, now)).await
    }
}
