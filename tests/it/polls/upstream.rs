//! A document system in memory that does what it is told, most of it wrong, and the desk that polls it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::ingest::{Care, Overlap, Poll, PollError, Polled, poll};
use vanthu::app::office::Office;
use vanthu::app::policy::Policy;
use vanthu::app::ports::{
    Abilities, Ability, Broken, Clock, Incoming, Listed, Listing, PageToken, PollState, Reading, Source,
    SourceError, Store,
};
use vanthu::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use vanthu::domain::ids::{ExternalId, SourceId};
use vanthu::domain::secrecy::judge;
use vanthu::runtime::clock::DemoClock;

use crate::support::office::office;
use crate::support::rig::{care, local, policy};
use crate::support::store::{Keep, temp_store};

/// A document as the upstream has it.
#[derive(Debug, Clone)]
pub struct Paper {
    pub id: u64,
    pub subject: String,
    pub received: DateTime<Utc>,
    pub urgency: Urgency,
    pub reading: Kind,
}

/// What reading it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Whole,
    /// It makes the program fail.
    Panics,
    /// It never parses.
    Garbled,
}

impl Paper {
    /// A directive for every cell.
    pub fn new(id: u64, received: DateTime<Utc>) -> Self {
        let subject = "Sinh hoạt chuyên đề".to_owned();
        Self { id, subject, received, urgency: Urgency::Normal, reading: Kind::Whole }
    }

    fn listed(&self) -> Listed {
        Listed {
            external_id: ExternalId(self.id.to_string()),
            fingerprint: self.subject.clone(),
            received: Some(self.received),
            handle: String::new(),
        }
    }

    fn document(&self) -> Document {
        Document {
            source: "upstream".into(),
            external_id: ExternalId(self.id.to_string()),
            symbol: format!("{}-KH/ĐUK", self.id),
            kind_name: Some("Kế hoạch".to_owned()),
            subject: self.subject.clone(),
            content: None,
            issuer: "Đảng uỷ Khối".to_owned(),
            signer: None,
            issued: None,
            received: Some(self.received),
            due: None,
            urgency: self.urgency,
            operation: Operation::New,
            steering: Steering::Unknown,
            addressees: Vec::new(),
            exchange: Exchange::default(),
            field: None,
            attachments: Vec::new(),
        }
    }
}

/// What goes wrong while a walk is under way.
#[derive(Debug, Clone)]
pub enum Mishap {
    /// The page does not come.
    Fails(SourceError),
    /// Before the page is served a document arrives.
    Arrives(Paper),
    /// Before the page is served a document leaves.
    Leaves(u64),
    /// The list is said to be empty.
    Empty,
    /// The last row comes twice.
    Twice,
    /// The count is wrong by so many.
    Counts(i64),
}

/// What the upstream holds.
#[derive(Default)]
pub struct Shelf {
    /// Newest receipt first.
    pub papers: Vec<Paper>,
    /// What goes wrong at which page, from 1; each once.
    pub mishaps: Vec<(usize, Mishap)>,
    /// By how much its clock is ahead; it tells none if `None`.
    pub skew: Option<TimeDelta>,
    /// Ids read, in order.
    pub read: Vec<u64>,
}

impl Shelf {
    /// Adds a paper, or replaces the one with its id.
    pub fn put(&mut self, paper: Paper) {
        self.papers.retain(|known| known.id != paper.id);
        self.papers.push(paper);
        self.papers.sort_by_key(|paper| std::cmp::Reverse((paper.received, paper.id)));
    }

    pub fn remove(&mut self, id: u64) {
        self.papers.retain(|paper| paper.id != id);
    }
}

/// The source over a shelf.
pub struct Upstream {
    id: SourceId,
    page: usize,
    clock: Arc<DemoClock>,
    pub shelf: Mutex<Shelf>,
}

impl Upstream {
    fn strike(&self, shelf: &mut Shelf, page: usize) -> Result<(bool, bool, i64), SourceError> {
        let (struck, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut shelf.mishaps).into_iter().partition(|(at, _)| *at == page);
        shelf.mishaps = kept;
        let (mut empty, mut twice, mut off) = (false, false, 0);
        for (_, mishap) in struck {
            match mishap {
                Mishap::Fails(error) => return Err(error),
                Mishap::Arrives(paper) => shelf.put(paper),
                Mishap::Leaves(id) => shelf.remove(id),
                Mishap::Empty => empty = true,
                Mishap::Twice => twice = true,
                Mishap::Counts(by) => off = by,
            }
        }
        Ok((empty, twice, off))
    }
}

#[async_trait]
impl Source for Upstream {
    fn id(&self) -> &SourceId {
        &self.id
    }

    fn credentials(&self) -> String {
        "x".to_owned()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        let number = page.map_or(1, |token| token.0.parse().unwrap());
        let mut shelf = self.shelf.lock().unwrap();
        let (empty, twice, off) = self.strike(&mut shelf, number)?;
        if empty {
            return Ok(Listing { rows: Vec::new(), total: Some(0), next: None });
        }
        let counted = i64::try_from(shelf.papers.len()).unwrap() + off;
        let mut rows: Vec<_> =
            shelf.papers.iter().skip((number - 1) * self.page).take(self.page).map(Paper::listed).collect();
        let full = rows.len() == self.page;
        if twice {
            rows.extend(rows.last().cloned());
        }
        let next = full.then(|| PageToken((number + 1).to_string()));
        Ok(Listing { rows, total: Some(u64::try_from(counted).unwrap()), next })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let paper = {
            let mut shelf = self.shelf.lock().unwrap();
            let id = row.external_id.as_str().parse().unwrap();
            shelf.read.push(id);
            shelf.papers.iter().find(|paper| paper.id == id).cloned()
        };
        let Some(paper) = paper else { return Ok(Reading::Gone) };
        match paper.reading {
            Kind::Whole => {
                let document = judge(paper.document(), Some("Thường"), &["Thường".to_owned()]).unwrap();
                Ok(Reading::Open(Box::new(Incoming { document, raw: b"{}".to_vec() })))
            }
            Kind::Panics => panic!("văn bản số {} làm hỏng chương trình", paper.id),
            Kind::Garbled => {
                Ok(Reading::Broken(Broken { reason: "không phải JSON".to_owned(), raw: None }))
            }
        }
    }

    fn abilities(&self) -> Abilities {
        let no = Ability::No;
        Abilities { read_receipts: no, statuses: no, files: no, operations: no, counts: Ability::Yes }
    }

    fn served(&self) -> Option<DateTime<Utc>> {
        let skew = self.shelf.lock().unwrap().skew;
        skew.map(|skew| self.clock.now() + skew)
    }
}

/// The register and everything a poll needs beside an upstream.
pub struct Desk {
    pub store: Arc<dyn Store>,
    pub upstream: Upstream,
    pub office: Office,
    pub policy: Policy,
    pub care: Care,
    pub clock: Arc<DemoClock>,
    _folder: Keep,
}

impl Desk {
    /// A desk whose upstream serves pages of `page` rows; the clock stands at `now`.
    pub async fn at(now: &str, page: usize) -> Self {
        let (store, folder) = temp_store().await;
        let clock = Arc::new(DemoClock::new(local(now), 0));
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &store.meta().await.unwrap().secret);
        let upstream =
            Upstream { id: "upstream".into(), page, clock: clock.clone(), shelf: Mutex::default() };
        Self {
            policy: policy(secret),
            office: office(),
            care: care(),
            store,
            upstream,
            clock,
            _folder: folder,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock.
    pub fn pass(&self, time: TimeDelta) {
        self.clock.advance_to(self.clock.now() + time);
    }

    /// Puts papers on the shelf.
    pub fn put(&self, papers: impl IntoIterator<Item = Paper>) {
        let mut shelf = self.upstream.shelf.lock().unwrap();
        papers.into_iter().for_each(|paper| shelf.put(paper));
    }

    /// Lets something go wrong at a page of the next walk.
    pub fn mishap(&self, page: usize, mishap: Mishap) {
        self.upstream.shelf.lock().unwrap().mishaps.push((page, mishap));
    }

    pub async fn poll(&self) -> Result<Polled, PollError> {
        let job = Poll {
            store: self.store.as_ref(),
            office: &self.office,
            policy: &self.policy,
            overlap: Overlap {
                window: TimeDelta::days(7),
                recheck: TimeDelta::hours(6),
                after_refusal: TimeDelta::minutes(30),
            },
            care: &self.care,
            clock: self.clock.as_ref(),
            opened: &|| (),
        };
        poll(&job, &self.upstream, self.clock.now()).await
    }

    pub async fn state(&self) -> PollState {
        self.store.polls().await.unwrap().remove(0)
    }

    /// Words of everything that is odd.
    pub async fn odd(&self) -> Vec<&'static str> {
        self.state().await.concerns().iter().map(|concern| concern.odd.as_str()).collect()
    }

    /// Which of these ids the register has.
    pub async fn registered(&self, ids: impl IntoIterator<Item = u64>) -> HashSet<u64> {
        let mut tx = self.store.begin().await.unwrap();
        let mut found = HashSet::new();
        for id in ids {
            let known = tx.registered(&"upstream".into(), &ExternalId(id.to_string())).await.unwrap();
            if known.is_some() {
                found.insert(id);
            }
        }
        found
    }
}
