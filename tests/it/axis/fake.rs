//! What the two fake axes have in common: messages that stay listed until they are acknowledged, a script
//! of faults, and a list of everything a client did wrong.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use futures_util::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vanthu::app::ports::Clock;

use super::SENDER;

/// A message on the axis.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub kind: &'static str,
    pub from: String,
    pub created: DateTime<Utc>,
    pub text: String,
    pub acknowledged: bool,
    /// Sent as base64 inside the JSON.
    pub base64: bool,
    /// Files that the provincial axis hands over beside the edXML: name and content.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Message {
    pub fn created_local(&self) -> String {
        self.created.with_timezone(&Ho_Chi_Minh).format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// A status that somebody sent to the axis.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: String,
    pub to: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// What happens instead of, or before, the proper answer.
#[derive(Debug, Clone)]
pub enum Act {
    Status(u16),
    Delay(Duration),
    /// What is asked is done, and the answer is lost.
    Lost,
    Html,
    Half,
    Cut,
    Bomb,
    /// This body with status 200.
    Body(Value),
    /// A body made on the way: the middle so many times.
    Pour(String, (&'static str, usize), String),
    /// The message leaves the list, then the proper answer.
    Vanish(String),
    /// Sessions end, then the proper answer.
    Expire,
}

#[derive(Debug)]
struct Fault {
    path: &'static str,
    skip: u32,
    times: u32,
    act: Act,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Everything the axis knows.
#[derive(Debug, Default)]
pub struct World {
    pub messages: Vec<Message>,
    pub sent: Vec<Sent>,
    pub agencies: Value,
    pub logins: u32,
    /// Whether the token of the last login holds.
    pub session: bool,
    /// It neither counts nor lists what it was sent.
    pub is_old: bool,
    /// It lists what it was sent, and does not give it back.
    pub keeps_sent: bool,
    /// How far its clock is ahead.
    pub skew: TimeDelta,
    pub wrongs: Vec<String>,
    faults: Vec<Fault>,
    seen: Vec<Seen>,
}

impl World {
    /// Notes what a client did wrong, if it did.
    pub fn demand(&mut self, right: bool, what: impl FnOnce() -> String) {
        if !right {
            self.wrongs.push(what());
        }
    }

    fn strike(&mut self, path: &str) -> Option<Act> {
        for fault in self.faults.iter_mut().filter(|fault| path.contains(fault.path) && fault.times > 0) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            return Some(fault.act.clone());
        }
        None
    }
}

type Answer = fn(&mut World, &Seen, DateTime<Utc>) -> (u16, Value);

#[derive(Clone)]
struct Shop {
    world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
    answer: Answer,
}

/// A running axis.
pub struct Fake {
    world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
    address: std::net::SocketAddr,
    _server: JoinSet<std::io::Result<()>>,
}

impl Fake {
    pub async fn start(clock: Arc<dyn Clock>, answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let world: Arc<Mutex<World>> = Arc::default();
        let shop = Shop { world: world.clone(), clock: clock.clone(), answer };
        let router = Router::new().fallback(serve).with_state(shop);
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await });
        Self { world, clock, address, _server: server }
    }

    pub fn url(&self) -> String {
        format!("http://{}/truc", self.address)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// A document arrives now: the minimal one under another number and subject.
    pub fn put(&self, id: &str, subject: &str) {
        self.put_text(id, "edoc", document(id, subject));
    }

    pub fn put_text(&self, id: &str, kind: &'static str, text: String) {
        let created = self.clock.now() - TimeDelta::minutes(1);
        let (id, from, files) = (id.to_owned(), SENDER.to_owned(), Vec::new());
        let message = Message { id, kind, from, created, text, acknowledged: false, base64: false, files };
        self.world().messages.push(message);
    }

    /// Puts a message right that could not be read.
    pub fn mend(&self, id: &str, subject: &str) {
        let mut world = self.world();
        let message = world.messages.iter_mut().find(|message| message.id == id).unwrap();
        message.text = document(id, subject);
    }

    /// The next request whose path contains `path` meets `act`.
    pub fn script(&self, path: &'static str, act: Act) {
        self.script_many(path, 0, 1, act);
    }

    pub fn script_many(&self, path: &'static str, skip: u32, times: u32, act: Act) {
        self.world().faults.push(Fault { path, skip, times, act });
    }

    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// How many requests' paths contained `path`.
    pub fn asked(&self, path: &str) -> usize {
        self.world().seen.iter().filter(|seen| seen.path.contains(path)).count()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.world().seen.clone()
    }

    /// The ids that were acknowledged.
    pub fn acknowledged(&self) -> Vec<String> {
        let world = self.world();
        world
            .messages
            .iter()
            .filter(|message| message.acknowledged)
            .map(|message| message.id.clone())
            .collect()
    }

    /// Nothing was done against the rules of the axis.
    #[track_caller]
    pub fn check(&self) {
        assert_eq!(self.world().wrongs, Vec::<String>::new());
    }
}

/// The minimal document of fixtures/edxml under another number and subject.
pub fn document(number: &str, subject: &str) -> String {
    include_str!("../../../fixtures/edxml/minimal.edxml")
        .replace("Báo cáo kết quả sinh hoạt chuyên đề quý I", subject)
        .replace("31-CV/TU", &format!("{number}-CV/TU"))
        .replace("CodeNumber>31<", &format!("CodeNumber>{number}<"))
        .replace("2022/02/21", "2026/02/27")
        .replace("2022/03/15", "2026/03/20")
}

async fn serve(State(shop): State<Shop>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
    let seen = Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body,
    };
    let now = shop.clock.now();
    let (act, date) = note(&shop.world, &seen, now);
    let proper = || (shop.answer)(&mut shop.world.lock().unwrap(), &seen, now);
    let mut response = distort(act, proper).await;
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    response.headers_mut().insert(header::DATE, date.parse().unwrap());
    response
}

fn note(world: &Mutex<World>, seen: &Seen, now: DateTime<Utc>) -> (Option<Act>, DateTime<Utc>) {
    let mut world = world.lock().unwrap();
    world.seen.push(seen.clone());
    let act = world.strike(&seen.path);
    match &act {
        Some(Act::Vanish(id)) => world.messages.retain(|message| message.id != *id),
        Some(Act::Expire) => world.session = false,
        _ => {}
    }
    (act, now + world.skew)
}

fn distort(act: Option<Act>, proper: impl Fn() -> (u16, Value)) -> impl Future<Output = Response> {
    let delay = match &act {
        Some(Act::Delay(delay)) => *delay,
        _ => Duration::ZERO,
    };
    let json = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];
    let whole = || {
        let (status, body) = proper();
        (StatusCode::from_u16(status).unwrap(), json.clone(), body.to_string())
    };
    let response = match act {
        Some(Act::Status(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Act::Html) => "<!DOCTYPE html><html><body>Đăng nhập</body></html>".into_response(),
        Some(Act::Half) => (json.clone(), half(&whole().2)).into_response(),
        Some(Act::Cut) => cut(&whole().2),
        Some(Act::Lost) => cut(&whole().2),
        Some(Act::Bomb) => {
            let bomb = include_bytes!("../../../fixtures/vxp/bomb.gz").as_slice();
            ([(header::CONTENT_ENCODING, "gzip")], bomb).into_response()
        }
        Some(Act::Pour(before, (piece, times), after)) => pour(before, piece, times, after),
        Some(Act::Body(body)) => (json.clone(), body.to_string()).into_response(),
        Some(Act::Delay(_) | Act::Vanish(_) | Act::Expire) | None => whole().into_response(),
    };
    async move {
        tokio::time::sleep(delay).await;
        response
    }
}

fn half(text: &str) -> Vec<u8> {
    text.bytes().take(text.len() / 2).collect()
}

/// In chunks, so that neither side ever holds it whole.
fn pour(before: String, piece: &str, times: usize, after: String) -> Response {
    const AT_ONCE: usize = 4096;
    let (chunk, rest) = (Bytes::from(piece.repeat(AT_ONCE)), Bytes::from(piece.repeat(times % AT_ONCE)));
    let middle = std::iter::repeat_n(chunk, times / AT_ONCE).chain([rest, Bytes::from(after)]);
    let whole = std::iter::once(Bytes::from(before)).chain(middle).map(Ok::<_, std::io::Error>);
    Body::from_stream(stream::iter(whole)).into_response()
}

/// Half of the body, then the connection breaks.
fn cut(text: &str) -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Body::from_stream(stream::iter([Ok(Bytes::from(half(text))), Err(broken)])).into_response()
}
