//! The outbox of statuses on a real file: random facts, words of people, faults of the source, deaths and
//! restarts. However they follow each other, the source ends up with what is true, each status under one key,
//! told once, in an order that never goes back. A longer run:
//!
//!     VANTHU_STATUSES=5000 cargo test --test it store::statuses -- --nocapture

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use proptest::prelude::*;
use vanthu::app::ports::{
    Abilities, Ability, ClaimRequest, ClaimedStatus, Clock as _, Listed, Listing, PageToken, Reading, Report,
    Reported, Source, SourceError, StatusFilter, StatusSettled, StatusSettlement, Store,
};
use vanthu::app::report_up::{self, ByHand, LEASE, ReportUp, SendError};
use vanthu::domain::ids::{DocumentId, ExternalId, SourceId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::State;
use vanthu::domain::status::{Fold, StatusCode, Voice, Voices};
use vanthu::runtime::clock::DemoClock;
use vanthu::store::sqlite::{Access, open};

use super::fixture::{directive, minute};
use crate::support::number;

const CELLS: [&str; 3] = ["a", "b", "c"];
const STATES: [State; 5] = [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused];

/// What the source does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Takes it; a key that it has is a conflict (409).
    Well,
    /// 500 before it looked at it.
    Down,
    /// Takes it, and the answer is lost on the way.
    Silent,
    /// Will not have it.
    Refuses,
}

#[derive(Debug, Clone)]
enum Event {
    /// A cell of a document stands otherwise.
    Fact { document: usize, cell: usize, state: usize },
    /// A person says a code.
    Word { document: usize, code: usize },
    /// A person has what was refused told again.
    Again { which: usize },
    /// The loop runs, each request met in its manner, the rest well.
    Run { manners: Vec<Manner> },
    /// A process dies with a claim in its hand, before or after the source took the status; another starts.
    Die { told: bool },
    /// A restart with nothing under way.
    Restart,
    /// Time passes.
    Wait { minutes: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let manner = prop_oneof![
        4 => Just(Manner::Well), 2 => Just(Manner::Down), 2 => Just(Manner::Silent), 1 => Just(Manner::Refuses)
    ];
    prop_oneof![
        8 => (0..2_usize, 0..CELLS.len(), 0..STATES.len())
            .prop_map(|(document, cell, state)| Event::Fact { document, cell, state }),
        1 => (0..2_usize, 0..6_usize).prop_map(|(document, code)| Event::Word { document, code }),
        2 => any::<usize>().prop_map(|which| Event::Again { which }),
        6 => prop::collection::vec(manner, 0..4).prop_map(|manners| Event::Run { manners }),
        2 => any::<bool>().prop_map(|told| Event::Die { told }),
        1 => Just(Event::Restart),
        4 => (1..90_i64).prop_map(|minutes| Event::Wait { minutes }),
    ]
}

/// The source; it outlives every process.
#[derive(Default)]
struct Upstream {
    /// What it took, in order: document, code, key.
    taken: Vec<(ExternalId, StatusCode, String)>,
    /// How it meets the next requests.
    manners: Vec<Manner>,
    conflicts: usize,
}

struct Axis {
    id: SourceId,
    upstream: Arc<Mutex<Upstream>>,
}

#[async_trait]
impl Source for Axis {
    fn id(&self) -> &SourceId {
        &self.id
    }

    fn credentials(&self) -> String {
        String::new()
    }

    async fn list(&self, _: Option<&PageToken>) -> Result<Listing, SourceError> {
        Ok(Listing { rows: Vec::new(), total: None, next: None })
    }

    async fn read(&self, _: &Listed) -> Result<Reading, SourceError> {
        Ok(Reading::Gone)
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: Ability::Yes,
            files: Ability::No,
            operations: Ability::No,
            counts: Ability::No,
        }
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        let mut upstream = self.upstream.lock().unwrap();
        let manner = upstream.manners.pop().unwrap_or(Manner::Well);
        let knows = upstream.taken.iter().any(|(.., key)| *key == report.key);
        match manner {
            Manner::Down => return Err(SourceError::Unreachable("HTTP 500".to_owned())),
            Manner::Refuses if !knows => return Ok(Reported::Refused("HTTP 403".to_owned())),
            _ => {}
        }
        if knows {
            upstream.conflicts += 1;
        } else {
            upstream.taken.push((report.external_id.clone(), report.code, report.key.clone()));
        }
        match (manner, knows) {
            (Manner::Silent, _) => Err(SourceError::Unreachable("hết giờ chờ".to_owned())),
            (_, true) => Ok(Reported::Known),
            (_, false) => Ok(Reported::Taken(None)),
        }
    }
}

/// One office, its file, and the source beside it.
struct Play {
    /// None for the moment between two processes.
    store: Option<Arc<dyn Store>>,
    folder: tempfile::TempDir,
    axis: Axis,
    clock: DemoClock,
    voices: Voices,
    documents: Vec<DocumentId>,
    lost: Vec<ClaimedStatus>,
}

impl Play {
    async fn new(fold: Fold) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(open(&folder.path().join("vanthu.db"), Access::Serve).await.unwrap());
        let voice = Voice { codes: Voice::MACHINE.to_vec(), fold, except: None };
        let mut play = Self {
            store: Some(store),
            folder,
            axis: Axis { id: "ioffice".into(), upstream: Arc::default() },
            clock: DemoClock::new(minute(0), 0),
            voices: [(SourceId::from("ioffice"), voice)].into(),
            documents: Vec::new(),
            lost: Vec::new(),
        };
        for external_id in ["7", "8"] {
            let id = directive(play.store(), external_id, &CELLS).await.registered.id;
            play.documents.push(id);
            play.say(id).await;
        }
        play
    }

    fn store(&self) -> &dyn Store {
        self.store.as_deref().unwrap()
    }

    async fn say(&self, id: DocumentId) {
        let mut tx = self.store().begin().await.unwrap();
        report_up::say(tx.as_mut(), &self.voices, id, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn fact(&self, id: DocumentId, cell: &str, state: State) {
        let mut tx = self.store().begin().await.unwrap();
        let rows = tx.obligations(id).await.unwrap();
        let row = rows.into_iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation;
        tx.save_obligations(&[row.closed(state, self.clock.now())]).await.unwrap();
        report_up::say(tx.as_mut(), &self.voices, id, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn word(&self, document: DocumentId, code: StatusCode) {
        let (actor, reason, now) = ("vt", "đã thống nhất", self.clock.now());
        let by = ByHand { document, code, source: None, actor, reason, now };
        match report_up::send(self.store(), &|_| true, &by).await {
            Ok(_) | Err(SendError::Unsayable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    async fn again(&self, which: usize) {
        let filter = StatusFilter { delivery: Some(Delivery::Failed), ..StatusFilter::default() };
        let failed = self.store().statuses(&filter).await.unwrap();
        if failed.is_empty() {
            return;
        }
        let id = failed[which % failed.len()].id;
        match report_up::retry(self.store(), id, "vt", self.clock.now()).await {
            Ok(_) | Err(SendError::Unsayable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    async fn run(&self, manners: Vec<Manner>) {
        self.axis.upstream.lock().unwrap().manners = manners;
        let (store, clock, each) = (self.store(), &self.clock, &|| ());
        ReportUp { store, sources: &[&self.axis], clock, instance: "thử", each }.run().await.unwrap();
        self.axis.upstream.lock().unwrap().manners.clear();
    }

    async fn die(&mut self, told: bool) {
        let now = self.clock.now();
        let request = ClaimRequest { instance: "cũ".to_owned(), now, lease_until: now + LEASE, limit: 1 };
        let mut tx = self.store().begin().await.unwrap();
        let claimed = tx.claim_status(&request, std::slice::from_ref(&self.axis.id)).await.unwrap();
        tx.commit().await.unwrap();
        if let Some(claimed) = claimed {
            if told {
                let status = &claimed.status;
                let report = Report {
                    external_id: status.origin.external_id.clone(),
                    document: claimed.revision.document.clone(),
                    code: status.code,
                    description: status.description.clone(),
                    at: status.at,
                    key: status.key.clone(),
                    earlier: None,
                };
                self.axis.report(&report).await.unwrap();
            }
            self.lost.push(claimed);
        }
        self.restart().await;
    }

    async fn restart(&mut self) {
        let old = self.store.take().unwrap();
        old.close().await;
        drop(old);
        self.store =
            Some(Arc::new(open(&self.folder.path().join("vanthu.db"), Access::Serve).await.unwrap()));
        let mut tx = self.store().begin().await.unwrap();
        tx.recover(self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn happen(&mut self, event: &Event) {
        match event {
            Event::Fact { document, cell, state } => {
                self.fact(self.documents[*document], CELLS[*cell], STATES[*state]).await;
            }
            Event::Word { document, code } => {
                self.word(self.documents[*document], StatusCode::ALL[*code]).await;
            }
            Event::Again { which } => self.again(*which).await,
            Event::Run { manners } => self.run(manners.clone()).await,
            Event::Die { told } => self.die(*told).await,
            Event::Restart => self.restart().await,
            Event::Wait { minutes } => self.pass(*minutes),
        }
    }

    fn pass(&self, minutes: i64) {
        self.clock.advance_to(self.clock.now() + TimeDelta::minutes(minutes));
    }

    /// The source is well again and stays so; a person has every refusal told again.
    async fn end(&mut self) {
        for _ in 0..30 {
            self.pass(24 * 60);
            self.run(Vec::new()).await;
            self.again(0).await;
        }
    }
}

/// What the source may never see, whatever happened so far.
fn never(upstream: &Upstream) {
    let mut by_document: BTreeMap<&ExternalId, Vec<StatusCode>> = BTreeMap::new();
    for (document, code, _) in &upstream.taken {
        by_document.entry(document).or_default().push(*code);
    }
    for (document, codes) in by_document {
        let ranks: Vec<_> = codes.iter().filter_map(|code| code.rank()).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{document} goes back: {codes:?}");
        let refused = codes.iter().position(|code| *code == StatusCode::Refused);
        assert!(refused.is_none_or(|at| at + 1 == codes.len()), "{document} goes on after 02: {codes:?}");
    }
}

async fn play(fold: Fold, events: Vec<Event>) -> usize {
    let mut play = Play::new(fold).await;
    for event in &events {
        play.happen(event).await;
        never(&play.axis.upstream.lock().unwrap());
    }
    play.end().await;
    let told = play.store().statuses(&StatusFilter::default()).await.unwrap();
    let (all, conflicts) = {
        let upstream = play.axis.upstream.lock().unwrap();
        never(&upstream);
        (upstream.taken.clone(), upstream.conflicts)
    };
    let open: Vec<_> =
        told.iter().filter(|row| !matches!(row.delivery, Delivery::Sent | Delivery::Failed)).collect();
    assert!(open.is_empty(), "{open:?}");
    let mut sent: Vec<_> =
        told.iter().filter(|row| row.delivery == Delivery::Sent).map(|row| &row.key).collect();
    let mut taken: Vec<_> = all.iter().map(|(.., key)| key).collect();
    // What was refused and then overtaken stays refused; a lost answer may still have been taken.
    taken.retain(|key| told.iter().any(|row| row.key == **key && row.delivery == Delivery::Sent));
    sent.sort();
    taken.sort();
    assert_eq!(sent, taken, "told and taken, each once");
    for claimed in &play.lost {
        let settled = StatusSettled::Failed { reason: "muộn".to_owned() };
        let late = StatusSettlement { id: claimed.status.id, epoch: claimed.epoch, settled };
        let mut tx = play.store().begin().await.unwrap();
        assert!(!tx.settle_status(&late, play.clock.now()).await.unwrap(), "the dead say nothing");
    }
    conflicts
}

#[test]
fn whatever_fails_each_status_is_told_once_and_none_goes_back() {
    let cases = u32::try_from(number("VANTHU_STATUSES", 40)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let conflicts = std::cell::Cell::new(0);
    let strategy = (any::<bool>(), prop::collection::vec(event(), 1..40));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    });
    let done = runner.run(&strategy, |(all, events)| {
        let fold = if all { Fold::All } else { Fold::Any };
        conflicts.set(conflicts.get() + runtime.block_on(play(fold, events)));
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    println!("{cases} stories, {} conflicts repaired", conflicts.get());
    assert!(conflicts.get() > 0, "no story lost an answer");
}
