//! What the fake holds: accounts, sessions, documents, faults, and what it was asked.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::time::Instant;

use super::document::{FakeDirective, FakeDocument, FakeList};
use super::fault::{Act, Fault};
use super::wire::local_day;
use super::{Now, Setup};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeAccount {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Further posts, beside the default one.
    pub posts: Vec<FakePost>,
    /// Whether `login/v6/` asks it for a one-time password.
    pub otp: bool,
}

/// A further post of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakePost {
    /// Its user id.
    pub userid: String,
    /// Its name, for example `Chánh văn phòng`.
    pub name: String,
}

impl FakeAccount {
    /// An account with the default post alone and no one-time password.
    pub fn new(username: &str, password: &str) -> Self {
        let (username, password) = (username.to_owned(), password.to_owned());
        Self { username, password, posts: Vec::new(), otp: false }
    }
}

/// A request as the fake saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET` or `POST`.
    pub method: String,
    /// The path below the API address, for example `login/`.
    pub path: String,
    /// `pageNo` of the body, if it has one.
    pub page: Option<String>,
    /// Whether it came with a token, valid or not.
    pub with_token: bool,
}

/// A status that the integration interface took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeStatus {
    /// The document.
    pub document: i64,
    /// Its two digits.
    pub code: String,
    /// What names the telling.
    pub key: String,
}

/// A session: which post of which account, until when.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub account: usize,
    pub post: Option<String>,
    until: Instant,
}

/// Everything.
pub(super) struct World {
    pub accounts: Vec<FakeAccount>,
    pub page_cap: usize,
    pub faults: Vec<Fault>,
    pub seen: Vec<Seen>,
    pub statuses: Vec<FakeStatus>,
    documents: Vec<FakeDocument>,
    directives: Vec<FakeDirective>,
    slipped: HashSet<i64>,
    read: HashSet<i64>,
    sessions: HashMap<String, Session>,
    session_life: Duration,
    single_session: bool,
    tokens: u64,
    now: Now,
    /// By how much its clock is ahead of the world's.
    pub skew: chrono::TimeDelta,
}

impl World {
    /// What its clock shows, as HTTP writes it (RFC 9110 §5.6.7).
    pub(super) fn date(&self) -> String {
        ((self.now)() + self.skew).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    pub(super) fn new(setup: Setup, now: Now) -> Self {
        Self {
            accounts: setup.accounts,
            page_cap: setup.page_cap,
            faults: Vec::new(),
            seen: Vec::new(),
            statuses: Vec::new(),
            documents: setup.documents,
            directives: setup.directives,
            slipped: HashSet::new(),
            read: HashSet::new(),
            sessions: HashMap::new(),
            session_life: setup.session_life,
            single_session: setup.single_session,
            tokens: 0,
            now,
            skew: chrono::TimeDelta::zero(),
        }
    }

    pub(super) fn put(&mut self, document: FakeDocument) {
        self.remove(document.id);
        self.documents.push(document);
    }

    pub(super) fn remove(&mut self, id: i64) {
        self.documents.retain(|document| document.id != id);
    }

    pub(super) fn document(&self, id: i64) -> Option<&FakeDocument> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// The document, if it has arrived and this post sees it.
    pub(super) fn visible(&self, id: i64, post: Option<&str>) -> Option<&FakeDocument> {
        self.document(id).filter(|document| shows(document, post, (self.now)()))
    }

    /// A list as a post sees it, newest first, with whether each was read. `name` is as in the paths.
    pub(super) fn list(&self, name: &str, post: Option<&str>) -> Vec<(&FakeDocument, bool)> {
        let now = (self.now)();
        let mut found: Vec<_> = self
            .documents
            .iter()
            .filter(|document| shows(document, post, now) && stands_in(document, name, now))
            .filter(|document| !self.slipped.contains(&document.id))
            .map(|document| (document, self.read.contains(&document.id)))
            .collect();
        found.sort_by_key(|(document, _)| std::cmp::Reverse((document.received, document.id)));
        found
    }

    pub(super) fn slip(&mut self, id: i64) {
        self.slipped.insert(id);
    }

    /// The documents a post sees that were issued within the days, newest first.
    pub(super) fn found(
        &self,
        (from, until): (Option<NaiveDate>, Option<NaiveDate>),
        post: Option<&str>,
    ) -> Vec<&FakeDocument> {
        let now = (self.now)();
        let within =
            |day: NaiveDate| from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until);
        let shown = self.documents.iter().filter(|document| shows(document, post, now));
        let mut found: Vec<_> = shown.filter(|document| within(document.issued)).collect();
        found.sort_by_key(|document| std::cmp::Reverse((document.issued, document.id)));
        found
    }

    pub(super) fn direct(&mut self, directive: FakeDirective) {
        self.directives.retain(|known| known.id != directive.id);
        self.directives.push(directive);
    }

    /// The directives that have come, those sent or those received, newest first.
    pub(super) fn directives(&self, is_sent: bool) -> Vec<&FakeDirective> {
        let now = (self.now)();
        let here = |directive: &&FakeDirective| directive.received <= now && directive.is_sent == is_sent;
        let mut found: Vec<_> = self.directives.iter().filter(here).collect();
        found.sort_by_key(|directive| std::cmp::Reverse((directive.received, directive.id)));
        found
    }

    /// A directive that has come.
    pub(super) fn directive(&self, id: i64) -> Option<&FakeDirective> {
        let now = (self.now)();
        self.directives.iter().find(|directive| directive.id == id && directive.received <= now)
    }

    /// What its clock shows.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    pub(super) fn mark_read(&mut self, id: i64) {
        self.read.insert(id);
    }

    /// Moves a document to the list of what is done, as `document/finish/` does.
    pub(super) fn finish(&mut self, id: i64) {
        for document in self.documents.iter_mut().filter(|document| document.id == id) {
            document.list = FakeList::Processed;
        }
    }

    /// Writes a comment into the log of a document.
    pub(super) fn comment(&mut self, id: i64, text: &str) {
        for document in self.documents.iter_mut().filter(|document| document.id == id) {
            document.comments.push(text.to_owned());
        }
    }

    /// Keeps a status; `false` if it has it already.
    pub(super) fn take_status(&mut self, document: i64, code: &str, key: &str) -> bool {
        let status = FakeStatus { document, code: code.to_owned(), key: key.to_owned() };
        let is_new = !self.statuses.contains(&status);
        if is_new {
            self.statuses.push(status);
        }
        is_new
    }

    /// A new session and its token.
    pub(super) fn open_session(&mut self, account: usize, post: Option<String>) -> String {
        if self.single_session {
            self.sessions.retain(|_, session| session.account != account);
        }
        self.tokens += 1;
        let token = format!("phien-{:06}", self.tokens);
        let until = Instant::now() + self.session_life;
        self.sessions.insert(token.clone(), Session { account, post, until });
        token
    }

    /// The session of a token, unless it has run out.
    pub(super) fn session(&self, token: Option<&str>) -> Option<Session> {
        let session = self.sessions.get(token?)?;
        (Instant::now() < session.until).then(|| session.clone())
    }

    pub(super) fn expire_sessions(&mut self) {
        self.sessions.clear();
    }

    /// The first scripted fault that strikes this request. What happens to the world happens here.
    pub(super) fn strike(&mut self, path: &str, page: Option<&str>) -> Option<Act> {
        let act = self.faults.iter_mut().find_map(|fault| fault.strikes(path, page))?;
        match &act {
            Act::Expire => self.expire_sessions(),
            Act::Arrive(document) => self.put(document.as_ref().clone()),
            Act::Leave(id) => self.remove(*id),
            _ => {}
        }
        Some(act)
    }
}

fn shows(document: &FakeDocument, post: Option<&str>, now: DateTime<Utc>) -> bool {
    document.received <= now && (document.post.is_none() || document.post.as_deref() == post)
}

fn stands_in(document: &FakeDocument, name: &str, now: DateTime<Utc>) -> bool {
    match name {
        "waiting" => document.list == FakeList::Waiting,
        "processed" => document.list == FakeList::Processed,
        "notify" => document.list == FakeList::Notify,
        "outdate" => {
            document.list == FakeList::Waiting && document.due.is_some_and(|due| due <= local_day(now))
        }
        _ => false,
    }
}
