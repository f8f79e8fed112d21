//! The whole pipeline in one process: a fake iOffice over real HTTP, the real register, a mailer that
//! remembers letters and fails on demand, and a clock that the test moves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use secrecy::SecretString;
use tokio::sync::watch;
use vanthu::app::accept::tell;
use vanthu::app::attend::{Attended, attend};
use vanthu::app::chase::{Chased, chase};
use vanthu::app::dispatch::{Dispatch, Dispatched, Witness};
use vanthu::app::ingest::{Care, Overlap, Poll, PollError, Polled, poll};
use vanthu::app::office::Office;
use vanthu::app::policy::Policy;
use vanthu::app::ports::{Clearance, Clock, Mailer, SendOutcome, Sent, Source, Store, Tenure, Unlimited};
use vanthu::demo::ioffice::{FakeIoffice, Setup};
use vanthu::domain::brake::Baseline;
use vanthu::domain::bulletin::Bulletin;
use vanthu::domain::notice::Letter;
use vanthu::domain::operation::Handling;
use vanthu::domain::retry::Waits;
use vanthu::domain::sending::Sending;
use vanthu::domain::status::Voices;
use vanthu::domain::token::{Keyring, SigningKey};
use vanthu::runtime::clock::DemoClock;
use vanthu::source::ioffice::{Directives, FieldMap, Ioffice, Options, Unmarked};

use super::office::office;
use super::store::{Keep, temp_store};

/// Remembers letters; answers by address.
#[derive(Default)]
pub struct Recorder {
    letters: Mutex<Vec<Letter>>,
    bulletins: Mutex<Vec<Bulletin>>,
    outcomes: Mutex<HashMap<String, SendOutcome>>,
    in_flight: Mutex<HashMap<String, usize>>,
    most_at_once: AtomicUsize,
    /// Sessions beyond the usual three.
    more_sessions: AtomicUsize,
}

impl Recorder {
    /// Letters accepted so far, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    /// Letters accepted since they were last taken, oldest first; they are not kept.
    pub fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut self.letters.lock().unwrap())
    }

    /// Takes so many more letters at a time: long runs share their commits.
    pub fn widen(&self, sessions: usize) {
        self.more_sessions.store(sessions, Ordering::Relaxed);
    }

    /// Bulletins accepted so far, oldest first.
    pub fn bulletins(&self) -> Vec<Bulletin> {
        self.bulletins.lock().unwrap().clone()
    }

    /// Most letters that were in flight to one address at any time.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::Relaxed)
    }

    fn enter(&self, address: &str) {
        let mut in_flight = self.in_flight.lock().unwrap();
        let now = in_flight.entry(address.to_owned()).or_default();
        *now += 1;
        self.most_at_once.fetch_max(*now, Ordering::Relaxed);
    }

    fn leave(&self, address: &str) {
        *self.in_flight.lock().unwrap().get_mut(address).unwrap() -= 1;
    }

    /// From now on this address (or `*`, every address) meets this outcome; `None` is acceptance.
    pub fn script(&self, address: &str, outcome: Option<SendOutcome>) {
        let mut outcomes = self.outcomes.lock().unwrap();
        match outcome {
            Some(outcome) => outcomes.insert(address.to_owned(), outcome),
            None => outcomes.remove(address),
        };
    }
}

#[async_trait]
impl Mailer for Recorder {
    fn sessions(&self) -> usize {
        3 + self.more_sessions.load(Ordering::Relaxed)
    }

    async fn send(&self, _: usize, letter: &Letter, mut clearance: Clearance) -> SendOutcome {
        assert!(clearance.is_given().await);
        self.enter(&letter.to);
        tokio::task::yield_now().await;
        self.leave(&letter.to);
        let outcomes = self.outcomes.lock().unwrap();
        if let Some(outcome) = outcomes.get(&letter.to).or(outcomes.get("*")) {
            return outcome.clone();
        }
        self.letters.lock().unwrap().push(letter.clone());
        SendOutcome::Sent { reply: "250 ok".to_owned(), sha256: "0".repeat(64) }
    }

    async fn announce(&self, bulletin: &Bulletin) -> SendOutcome {
        self.bulletins.lock().unwrap().push(bulletin.clone());
        SendOutcome::Sent { reply: "250 ok".to_owned(), sha256: "0".repeat(64) }
    }

    async fn rest(&self) {}
}

/// Everything.
pub struct Rig {
    pub store: Arc<dyn Store>,
    pub office: Office,
    pub policy: Arc<Policy>,
    pub mailer: Arc<Recorder>,
    pub clock: Arc<DemoClock>,
    pub ioffice: FakeIoffice,
    pub source: Ioffice,
    pub care: Care,
    /// Who can say whether a mail was accepted; nobody at first.
    pub witness: Option<Arc<dyn Sent>>,
    _folder: Keep,
}

/// Two minutes to turn up, a quarter of an hour to look.
fn witness(sent: &dyn Sent) -> Witness<'_> {
    Witness { sent, grace: TimeDelta::minutes(2), patience: TimeDelta::minutes(15) }
}

/// Whatever lies in a source is mailed, and nobody watches.
pub fn care() -> Care {
    Care {
        directives: Some(u64::MAX),
        mails: Some(u64::MAX),
        baseline: Baseline::Mail,
        baseline_from: None,
        quiet_after: None,
        owner: None,
    }
}

/// A local time in the office.
pub fn local(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Ho_Chi_Minh.from_local_datetime(&local).unwrap().with_timezone(&Utc)
}

impl Rig {
    /// A rig whose clock stands at `now`.
    pub async fn at(now: &str) -> Self {
        let (store, keep) = temp_store().await;
        Self::on(store, keep, now).await
    }

    /// The same on a register of one's own.
    pub async fn on(store: Arc<dyn Store>, keep: Keep, now: &str) -> Self {
        let clock = Arc::new(DemoClock::new(local(now), 0));
        let shown = clock.clone();
        let setup = Setup::default();
        let listen = ([127, 0, 0, 1], 0).into();
        let ioffice = FakeIoffice::start(listen, setup, Arc::new(move || shown.now())).await.unwrap();
        let source = Ioffice::new(options(&ioffice)).unwrap();
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &store.meta().await.unwrap().secret);
        Self {
            policy: Arc::new(policy(secret)),
            office: office(),
            mailer: Arc::default(),
            store,
            clock,
            ioffice,
            source,
            care: care(),
            witness: None,
            _folder: keep,
        }
    }

    /// What the clock shows.
    pub fn clock_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock.
    pub fn go(&self, to: &str) {
        self.clock.advance_to(local(to));
    }

    /// A new client of the fake, as after a restart.
    pub fn reconnect(&mut self) {
        self.source = Ioffice::new(options(&self.ioffice)).unwrap();
    }

    /// One poll.
    pub async fn poll(&self) -> Result<Polled, PollError> {
        self.poll_from(&self.source).await
    }

    /// One poll of another source.
    pub async fn poll_from(&self, source: &dyn Source) -> Result<Polled, PollError> {
        poll(&self.job(), source, self.clock.now()).await
    }

    /// What a poll works with.
    pub fn job(&self) -> Poll<'_> {
        let overlap = Overlap {
            window: chrono::Duration::days(7),
            recheck: chrono::Duration::hours(6),
            after_refusal: chrono::Duration::minutes(30),
        };
        Poll {
            store: self.store.as_ref(),
            office: &self.office,
            policy: &self.policy,
            overlap,
            care: &self.care,
            clock: self.clock.as_ref(),
            opened: &|| (),
        }
    }

    /// Sends what is due.
    pub async fn dispatch(&self) -> Dispatched {
        let (mailer, clock): (Arc<dyn Mailer>, Arc<dyn Clock>) = (self.mailer.clone(), self.clock.clone());
        let job = Dispatch {
            store: self.store.as_ref(),
            mailer: &mailer,
            office: &self.office,
            policy: &self.policy,
            clock: &clock,
            instance: "thử",
            witness: self.witness.as_deref().map(witness),
            tenure: &(Arc::new(Unlimited) as Arc<dyn Tenure>),
        };
        let (_stop, stopped) = watch::channel(false);
        job.drain(&stopped).await.unwrap()
    }

    /// Looks at ladders.
    pub async fn chase(&self) -> Chased {
        chase(self.store.as_ref(), &self.office, &self.policy, self.clock.now()).await.unwrap()
    }

    /// Does what answers leave to be done by mail, and sends the mails to the office.
    pub async fn attend(&self) -> Attended {
        let (store, now) = (self.store.as_ref(), self.clock.now());
        let done = attend(store, &self.office, &self.policy, now).await.unwrap();
        tell(store, self.mailer.as_ref(), (&self.office, &self.policy), self.clock.as_ref()).await.unwrap();
        done
    }

    /// Letters sent since the last call of this function, as `kind address`.
    pub async fn send(&self) -> Vec<String> {
        let before = self.mailer.letters().len();
        self.dispatch().await;
        let mut sent: Vec<_> = self
            .mailer
            .letters()
            .iter()
            .skip(before)
            .map(|letter| format!("{} {}", letter.kind.as_str(), letter.to))
            .collect();
        sent.sort();
        sent
    }
}

/// How the source reads the fake.
pub fn options(ioffice: &FakeIoffice) -> Options {
    Options {
        id: "ioffice".into(),
        url: ioffice.url(),
        username: "vanthu".to_owned(),
        password: SecretString::from("vanthu".to_owned()),
        login: "login".to_owned(),
        posts: Vec::new(),
        lists: ["waiting", "processed", "notify"].map(str::to_owned).to_vec(),
        kho: String::new(),
        page_size: 10,
        open_marks: vec!["Thường".to_owned()],
        ca_file: None,
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        body_limit: 1 << 20,
        pace: Duration::ZERO,
        retry_wait: Duration::from_millis(1),
        directives: Directives::Off,
        unmarked: Unmarked::Withhold,
        compare_days: 0,
        fields: FieldMap::default(),
        statuses_by: None,
        zone: Ho_Chi_Minh,
    }
}

/// How mails are made.
pub fn policy(secret: hmac::Key) -> Policy {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    Policy {
        domain: "vanthu.example".to_owned(),
        secret,
        keyring: Keyring::new(vec![SigningKey::new("k1", &[7; 32])]).unwrap(),
        public_url: "https://vanthu.example".to_owned(),
        link_life: Duration::from_secs(180 * 24 * 3600),
        waits: Waits(vec![minutes(1), minutes(5)]),
        any_hour: false,
        show_subject: true,
        stop_words: vec!["kỷ luật".to_owned()],
        sending: Sending::default(),
        voices: Voices::new(),
        operations: Handling::default(),
        digest: None,
    }
}
