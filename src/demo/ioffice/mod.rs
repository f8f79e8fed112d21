//! A faithful fake of VNPT iOffice: the REST interface of its mobile clients with its quirks, sessions
//! that run out, faults by script, and a log of what was asked.
//!
//! Quirks it keeps: every field is a string; `hasFile` is `"null"` where there **are** files; lists say
//! `soKihieu`, details `soKiHieu`; `data` is an array, an object, or `""` where there is nothing;
//! `status.code` is `"0"` or `0`; texts hold HTML entities; `ngayNhan` has no time, minutes or seconds;
//! booleans are `"true"`, `"TRUE"` or `"OK"`; secrecy and due date stand in the detail alone; a detail
//! once read marks the document as read; some GET requests change state.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

mod answer;
mod directive;
mod document;
mod fault;
mod gzip;
mod serve;
mod wire;
mod world;

pub use document::{FakeDirective, FakeDocument, FakeFile, FakeList, FakeReceiver};
pub use fault::{Act, Fault};
use world::World;
pub use world::{FakeAccount, FakePost, FakeStatus, Seen};

/// What time it is in the fake's world; a document is there once its `received` has come.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How a fake starts.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Who may log in.
    pub accounts: Vec<FakeAccount>,
    /// What it holds.
    pub documents: Vec<FakeDocument>,
    /// What its module "Thông tin chỉ đạo" holds.
    pub directives: Vec<FakeDirective>,
    /// How long a session lasts, in real time whatever `Now` says.
    pub session_life: Duration,
    /// Whether a login or a switch ends the other sessions of its account.
    pub single_session: bool,
    /// Most rows it gives per page, whatever is asked for.
    pub page_cap: usize,
}

impl Default for Setup {
    /// One account `vanthu` with password `vanthu`, no document, sessions of 30 minutes.
    fn default() -> Self {
        Self {
            accounts: vec![FakeAccount::new("vanthu", "vanthu")],
            documents: Vec::new(),
            directives: Vec::new(),
            session_life: Duration::from_secs(30 * 60),
            single_session: false,
            page_cap: 100,
        }
    }
}

/// A running fake; it stops when dropped.
pub struct FakeIoffice {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    _server: JoinSet<()>,
}

impl FakeIoffice {
    /// Starts on `listen`; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start(listen: SocketAddr, setup: Setup, now: Now) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let world = Arc::new(Mutex::new(World::new(setup, now)));
        let router = Router::new().fallback(serve::serve).with_state(Arc::clone(&world));
        let mut server = JoinSet::new();
        server.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "fake iOffice stopped");
            }
        });
        Ok(Self { address, world, _server: server })
    }

    /// Its API address, as `url` of a `[[source]]` wants it.
    pub fn url(&self) -> String {
        format!("http://{}/qlvb/api", self.address)
    }

    /// Adds a document, or replaces the one with the same id.
    pub fn put(&self, document: FakeDocument) {
        self.world().put(document);
    }

    /// Adds a directive, or replaces the one with the same id.
    pub fn direct(&self, directive: FakeDirective) {
        self.world().direct(directive);
    }

    /// Hides a document from every list; it is found by looking it up.
    pub fn slip(&self, id: i64) {
        self.world().slip(id);
    }

    /// Removes a document.
    pub fn remove(&self, id: i64) {
        self.world().remove(id);
    }

    /// The document as it is now, for example after a GET that changed its list.
    pub fn document(&self, id: i64) -> Option<FakeDocument> {
        self.world().document(id).cloned()
    }

    /// Makes coming requests go wrong.
    pub fn script(&self, fault: Fault) {
        self.world().faults.push(fault);
    }

    /// Lets everything go right again.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Sets its clock ahead of the world's, or behind it.
    pub fn skew(&self, ahead: chrono::TimeDelta) {
        self.world().skew = ahead;
    }

    /// Ends every session at once.
    pub fn expire_sessions(&self) {
        self.world().expire_sessions();
    }

    /// Every request so far, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.world().seen.clone()
    }

    /// Every status that the integration interface took, oldest first.
    pub fn statuses(&self) -> Vec<FakeStatus> {
        self.world().statuses.clone()
    }

    /// Forgets the requests seen so far.
    pub fn forget_seen(&self) {
        self.world().seen.clear();
    }

    fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }
}

/// The world, even if a request panicked while it held it: what it holds is plain data.
fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
