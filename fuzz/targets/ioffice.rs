//! The JSON of iOffice: whatever a tenant answers, the walk and the reading end in an answer of their own, and what
//! passes as open bears no mark of secrecy. The bytes are the answers to one walk, parted by the control
//! character 0x1E: count, page, detail, files, activity. They come over HTTP, as any answer does.

#![no_main]

mod bounds;

use std::net::Ipv4Addr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use vanthu::app::ports::{Reading, Source, SourceError};
use vanthu::domain::secrecy::judge_text;
use vanthu::source::ioffice::{Directives, FieldMap, Ioffice, Options, Unmarked};

/// What parts the answers of one input; no JSON text holds it.
const PART: u8 = 0x1E;
/// Rows of a page that are read; more of them would measure the number of requests.
const ROWS: usize = 4;
/// The answer to a login, and to whatever an input has no answer for.
const LOGIN: &[u8] = br#"{"status":{"code":"0"},"data":{"token":"t"}}"#;
const NOTHING: &[u8] = br#"{"status":{"code":"0"},"data":""}"#;

/// The answers of the input that is under way.
type Answers = Arc<Mutex<Vec<Vec<u8>>>>;

static TENANT: LazyLock<Tenant> = LazyLock::new(Tenant::start);

/// A tenant on loopback, and the source that reads it; one thread drives both.
struct Tenant {
    runtime: Runtime,
    source: Ioffice,
    answers: Answers,
}

impl Tenant {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let answers = Answers::default();
        let router = Router::new().route("/api/{*path}", axum::routing::any(answer)).with_state(answers.clone());
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(axum::serve(listener, router).into_future());
        let source = Ioffice::new(options(format!("http://{address}/api"))).expect("settings that hold");
        Self { runtime, source, answers }
    }
}

async fn answer(Path(path): Path<String>, State(answers): State<Answers>) -> Vec<u8> {
    let part = match path.as_str() {
        "login/" => return LOGIN.to_vec(),
        path if path.contains("getpaging") => 0,
        path if path.contains("getlist") => 1,
        path if path.contains("getdetail") => 2,
        path if path.contains("getfile") => 3,
        _ => 4,
    };
    let answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.get(part).cloned().unwrap_or_else(|| NOTHING.to_vec())
}

fn options(url: String) -> Options {
    Options {
        id: "ioffice".into(),
        url,
        username: "vanthu".to_owned(),
        password: "vanthu".to_owned().into(),
        login: "login".to_owned(),
        posts: Vec::new(),
        lists: vec!["waiting".to_owned()],
        kho: String::new(),
        page_size: 3,
        open_marks: vec!["Thường".to_owned()],
        ca_file: None,
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        body_limit: 1 << 20,
        pace: Duration::ZERO,
        retry_wait: Duration::ZERO,
        directives: Directives::Off,
        unmarked: Unmarked::Withhold,
        compare_days: 0,
        fields: FieldMap::default(),
        statuses_by: None,
        zone: Ho_Chi_Minh,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let tenant = &*TENANT;
    *tenant.answers.lock().unwrap_or_else(PoisonError::into_inner) =
        bytes.split(|&byte| byte == PART).map(<[u8]>::to_vec).collect();
    bounds::within_bounds(|| tenant.runtime.block_on(check(&tenant.source)));
});

async fn check(source: &Ioffice) {
    let listing = match source.list(None).await {
        Ok(listing) => listing,
        Err(error) => return told(&error),
    };
    for row in listing.rows.iter().take(ROWS) {
        assert!(!row.external_id.as_str().is_empty());
        match source.read(row).await {
            Ok(reading) => judged(reading),
            Err(error) => told(&error),
        }
    }
}

fn judged(reading: Reading) {
    match reading {
        Reading::Open(incoming) => {
            let document = incoming.document.get();
            assert_eq!(judge_text(&document.subject), Ok(()));
            for file in &document.attachments {
                assert_eq!(judge_text(&file.name), Ok(()));
            }
            assert_eq!(document.fingerprint().len(), 64);
        }
        Reading::Broken(broken) => assert!(!broken.reason.is_empty()),
        Reading::Withheld(_) | Reading::Gone => {}
        Reading::Status(_) => panic!("a list of documents holds no status"),
    }
}

fn told(error: &SourceError) {
    assert!(!error.to_string().is_empty());
}
