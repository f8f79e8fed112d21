//! The daemon put together: its parts, and one step of each of its jobs. The loops around the steps
//! live in [`loops`](super::loops); tests and the demo call the steps themselves.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::answers::Answers;
use super::eyes::Eyes;
use super::share::{BULLETINS, POST, Share};
use super::space::Space;
use crate::app::accept;
use crate::app::chase::{self, Chased};
use crate::app::digest;
use crate::app::dispatch::{Dispatch, Dispatched};
use crate::app::ingest::{self, Care, Overlap, Poll, PollError, Polled};
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Clock, Mailer, Restoration, Source, Store, StoreError, Tenure};
use crate::app::recur;
use crate::app::reorganise::{Reorganisation, Reorganised, reorganise};
use crate::app::report::{self, Weekly};
use crate::app::report_up::{ReportUp, ReportedUp};
use crate::app::restore::FoundAgain;
use crate::app::{almanac, attend, hint, restore, waking};
use crate::domain::chain::Head;
use crate::domain::ids::SourceId;
use crate::domain::schedule::Schedule;
use crate::mail::Post;
use crate::source::heartbeat::Heartbeat;
use crate::store::files::{Folder, Swept};
use crate::web::Standing;
use crate::web::metrics::{Ingested, Metrics};

/// A source with when and how it is polled.
pub struct Polling {
    /// The source.
    pub source: Arc<dyn Source>,
    /// When.
    pub schedule: Schedule,
    /// What is read again.
    pub overlap: Overlap,
    /// What is taken care of beside reading.
    pub care: Care,
    /// Whom to tell that it was read well.
    pub heartbeat: Option<Heartbeat>,
}

/// All parts.
pub struct Daemon {
    /// The register.
    pub store: Arc<dyn Store>,
    /// The way out.
    pub mailer: Arc<Post>,
    /// The sources.
    pub sources: Vec<Polling>,
    /// Whom to tell that all of them are read well.
    pub heartbeat: Option<Heartbeat>,
    /// The contents of attachments.
    pub files: Arc<Folder>,
    /// The mailbox for answers, where there is one.
    pub answers: Option<Answers>,
    /// Who can say whether a mail was accepted.
    pub witness: Option<Eyes>,
    /// Who looks after rules and calendars; is written to.
    pub owner: Option<String>,
    /// When ladders are looked at.
    pub chase: Schedule,
    /// Who gets the table of the week, and when.
    pub weekly: Weekly,
    /// The office; replaced as a whole by a reload.
    pub office: watch::Sender<Arc<Office>>,
    /// How mails and links are made.
    pub policy: Arc<Policy>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What the pages must say of the daemon itself.
    pub standing: watch::Sender<Standing>,
    /// Borne by no other living process.
    pub instance: String,
    /// What of the work is done here.
    pub share: Arc<Share>,
    /// Whether the register has room for what is begun.
    pub space: Space,
    /// Rung when something was enqueued.
    pub bell: Notify,
    /// Rung when there may be something to tell upstream.
    pub upstream: Notify,
}

impl Daemon {
    /// The office as it is now.
    pub fn office(&self) -> Arc<Office> {
        self.office.borrow().clone()
    }

    /// Polls one source to the end.
    ///
    /// # Errors
    /// [`PollError`], already recorded in the source's poll state.
    pub async fn poll(&self, polling: &Polling, now: DateTime<Utc>) -> Result<Polled, PollError> {
        let office = self.office();
        let poll = Poll {
            store: self.store.as_ref(),
            office: &office,
            policy: &self.policy,
            overlap: polling.overlap,
            care: &polling.care,
            clock: self.clock.as_ref(),
            opened: &|| self.bell.notify_one(),
        };
        let begun = Instant::now();
        let polled = ingest::poll(&poll, polling.source.as_ref(), now).await;
        self.count_poll(polling.source.id(), &polled, begun.elapsed(), now);
        if polled.as_ref().is_ok_and(|done| done.good) {
            self.beat(polling).await?;
        }
        self.upstream.notify_one();
        polled
    }

    /// Tells the watchdogs outside; a failure to do so is a line in the log and nothing more.
    async fn beat(&self, polling: &Polling) -> Result<(), StoreError> {
        let states = if self.heartbeat.is_some() { self.store.polls().await? } else { Vec::new() };
        let well = |polling: &Polling| {
            let state = states.iter().find(|state| state.source == polling.source.id().as_str());
            state.is_some_and(|state| state.good.is_some() && state.good == state.started)
        };
        let all = self.heartbeat.as_ref().filter(|_| self.sources.iter().all(well));
        for heartbeat in polling.heartbeat.iter().chain(all) {
            if let Err(reason) = heartbeat.beat().await {
                tracing::warn!(source = %polling.source.id(), %reason, "không báo được nhịp ra ngoài");
            }
        }
        Ok(())
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dispatch(&self, stop: &watch::Receiver<bool>) -> Result<Dispatched, StoreError> {
        let office = self.office();
        let restoring = self.store.restoring().await?;
        self.find_again(&office, restoring.is_some()).await?;
        if let Some(restoration) = restoring {
            self.tell_restoring(&office, &restoration).await?;
            return Ok(Dispatched { restoring: true, ..Dispatched::default() });
        }
        attend::attend(self.store.as_ref(), &office, &self.policy, self.clock.now()).await?;
        if self.share.has(BULLETINS) {
            let sides = (&*office, &*self.policy);
            accept::tell(self.store.as_ref(), self.mailer.as_ref(), sides, self.clock.as_ref()).await?;
        }
        if !self.sends() {
            return Ok(Dispatched::default());
        }
        if self.share.left(self.share.term()).is_zero() {
            // What would be claimed now could be another's at once.
            return Err(StoreError::Away("chưa gia hạn được phần việc của máy này".to_owned()));
        }
        let mailer: Arc<dyn Mailer> = self.mailer.clone();
        let tenure: Arc<dyn Tenure> = self.share.clone();
        let dispatch = Dispatch {
            store: self.store.as_ref(),
            mailer: &mailer,
            office: &office,
            policy: &self.policy,
            clock: &self.clock,
            instance: &self.instance,
            witness: self.witness.as_ref().map(Eyes::witness),
            tenure: &tenure,
        };
        let done = dispatch.drain(stop).await?;
        self.standing.send_if_modified(|standing| {
            let changed = standing.mail_trouble != done.down;
            standing.mail_trouble.clone_from(&done.down);
            changed
        });
        Ok(done)
    }

    /// Whether mails to cells leave from here. Of several instances all send, but where the post has a pace one does for all:
    /// so the relay and each mailbox get the pace that is set, whatever the number of instances.
    pub fn sends(&self) -> bool {
        self.policy.sending.pace.is_free() || self.share.has(POST)
    }

    /// Frees what an earlier run of this process had claimed and never knew of; while no mail is in flight here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_back(&self) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let freed = tx.take_back(&self.instance, self.clock.now()).await?;
        tx.commit().await?;
        if freed > 0 {
            tracing::warn!(freed, "đã lấy lại thư nhận gửi dở khi mất liên lạc với sổ");
        }
        Ok(())
    }

    /// Finds again what a lost register had done.
    async fn find_again(&self, office: &Office, holds_back: bool) -> Result<(), StoreError> {
        let (sides, now) = ((office, &*self.policy), self.clock.now());
        let found = restore::find_again(self.store.as_ref(), sides, holds_back, now).await?;
        if found != FoundAgain::default() {
            tracing::info!(answers = found.answers, mails = found.mails, "đã nhận lại theo bản chép nhật ký");
        }
        Ok(())
    }

    /// Of a register that was put back nothing leaves but word of that, once a day.
    async fn tell_restoring(&self, office: &Office, restoration: &Restoration) -> Result<(), StoreError> {
        if !self.share.has(BULLETINS) {
            return Ok(());
        }
        let (sides, now) = ((office, &*self.policy), self.clock.now());
        if restore::remind(self.store.as_ref(), sides, self.owner.as_deref(), restoration, now).await? {
            tracing::warn!("{}", restore::sentence(restoration, &office.calendar));
        }
        accept::tell_restoring(self.store.as_ref(), self.mailer.as_ref(), sides, self.clock.as_ref()).await
    }

    fn count_poll(
        &self,
        source: &SourceId,
        polled: &Result<Polled, PollError>,
        took: Duration,
        now: DateTime<Utc>,
    ) {
        match polled {
            Ok(done) => {
                self.metrics.polled(source.as_str(), took, now);
                self.metrics.ingested(Ingested::Assigned, done.directives);
                let nobody = done.registered.saturating_sub(done.directives + done.unmatched + done.silent);
                self.metrics.ingested(Ingested::Silent, done.silent);
                self.metrics.ingested(Ingested::Nobody, nobody);
                self.metrics.ingested(Ingested::Unmatched, done.unmatched);
                self.metrics.ingested(Ingested::Withheld, done.withheld);
                self.metrics.ingested(Ingested::Broken, done.broken);
            }
            Err(PollError::Source(error)) => self.metrics.poll_failed(source.as_str(), error),
            Err(PollError::Store(_) | PollError::TooSoon(_)) => {}
        }
    }

    /// Opens the next periods of duties that come again, takes the ladder steps that are due, and folds the
    /// reminders of a morning into digests; nothing of a register that was put back and is not released: its ladders
    /// do not know who has answered; and nothing while the clock is in doubt.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn chase(&self, now: DateTime<Utc>) -> Result<Chased, StoreError> {
        if self.clock.doubt().is_some() || self.store.restoring().await?.is_some() {
            return Ok(Chased::default());
        }
        let office = self.office();
        let begun = recur::recur(self.store.as_ref(), &office, &self.policy, now).await?;
        if begun.opened > 0 {
            tracing::info!(ended = begun.ended, opened = begun.opened, "đã mở kỳ tiếp theo của việc định kỳ");
        }
        let done = chase::chase(self.store.as_ref(), &office, &self.policy, now).await?;
        let gathered = self.rounds(&office, now).await?;
        if done.enqueued + begun.opened > 0 || gathered {
            self.bell.notify_one();
        }
        Ok(done)
    }

    /// Puts together what is due once a morning and once a week, after the ladders of that morning; whether
    /// there is anything new to send.
    async fn rounds(&self, office: &Office, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let store = self.store.as_ref();
        let gathered = digest::gather(store, office, &self.policy, now).await?;
        if gathered.cells > 0 {
            tracing::info!(
                cells = gathered.cells,
                folded = gathered.folded,
                "đã gộp thư việc cần làm buổi sáng"
            );
        }
        let weekly = report::weekly(store, office, &self.policy, &self.weekly, now).await?;
        Ok(gathered.cells > 0 || weekly > 0)
    }

    /// Tells upstream what waits to be told; `each` is called after every status.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn report_up(&self, each: &(dyn Fn() + Sync)) -> Result<ReportedUp, StoreError> {
        let sources: Vec<_> = self.sources.iter().map(|polling| polling.source.as_ref()).collect();
        let job = ReportUp {
            store: self.store.as_ref(),
            sources: &sources,
            clock: self.clock.as_ref(),
            instance: &self.instance,
            each,
        };
        job.run().await
    }

    /// Removes files that nothing in the register refers to any more. A folder that cannot be swept stops
    /// nothing: it only grows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<Swept, StoreError> {
        let (files, referred) = (self.files.clone(), self.store.files().await?);
        let swept = tokio::task::spawn_blocking(move || files.sweep(&referred, now)).await;
        match swept {
            Ok(Ok(swept)) => return Ok(swept),
            Ok(Err(error)) => tracing::warn!(%error, "chưa dọn được kho tệp đính kèm"),
            Err(error) => tracing::error!(%error, "việc dọn kho tệp đính kèm dừng vì lỗi bên trong"),
        }
        Ok(Swept::default())
    }

    /// Writes the head of the register's journal to the system's own: a place of its own, by which a journal that was cut
    /// off or written anew is found out (`journal verify --head`).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tell_head(&self) -> Result<(), StoreError> {
        let Head { rows, hash } = self.store.head().await?;
        tracing::info!(rows, %hash, "dấu cuối của nhật ký");
        Ok(())
    }

    /// Reminds whoever looks after calendar and rules of years that nobody has confirmed, and of rules that
    /// cells keep correcting; and the office of work that will rest no longer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remind_calendar(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let office = self.office();
        let wanting = office.calendar.wanting(office.calendar.date_of(now));
        self.metrics.calendar_wanting(wanting.len());
        let reminded =
            almanac::remind(self.store.as_ref(), &office, &self.policy, self.owner.as_deref(), now);
        let hinted = hint::tell(self.store.as_ref(), &office, &self.policy, self.owner.as_deref(), now);
        let waking = waking::tell(self.store.as_ref(), &office, &self.policy, now);
        if reminded.await? || hinted.await? > 0 || waking.await? > 0 {
            self.bell.notify_one();
        }
        Ok(())
    }

    /// Brings open obligations in line with mergers, splits and ends of units.
    ///
    /// # Errors
    /// [`StoreError`]; units that were finished stay so.
    pub async fn reorganise(&self, now: DateTime<Utc>) -> Result<Reorganised, StoreError> {
        let office = self.office();
        let parts = Reorganisation { store: self.store.as_ref(), office: &office, policy: &self.policy, now };
        let done = reorganise(&parts).await?;
        if done.moved + done.merged > 0 {
            self.bell.notify_one();
        }
        Ok(done)
    }
}
