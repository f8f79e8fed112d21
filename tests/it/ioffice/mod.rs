//! The iOffice source against the fake iOffice, over HTTP.

mod compare;
mod directives;
mod documents;
mod faults;
mod lists;
mod secrets;
mod sessions;
mod tenants;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, TimeZone, Utc};
use vanthu::app::ports::{Incoming, Listed, Listing, Reading, Report, Source, SourceError};
use vanthu::demo::ioffice::{FakeDocument, FakeIoffice, Setup};
use vanthu::domain::status::StatusCode;
use vanthu::source::ioffice::{Directives, FieldMap, Ioffice, Options, Unmarked};

/// Now, in the fake's world: 1 March 2026, 8:00 in Vietnam.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 1, 0, 0).unwrap()
}

/// Document number `id`, received `id` hours after 15 January 2026, so that a greater id is newer.
pub fn plan(id: i64) -> FakeDocument {
    let received = Utc.with_ymd_and_hms(2026, 1, 15, 1, 5, 0).unwrap() + chrono::Duration::hours(id);
    FakeDocument {
        due: received.date_naive().checked_add_days(Days::new(20)),
        ..FakeDocument::new(
            id,
            &format!("{id:02}-KH/ĐUK"),
            &format!("Kế hoạch sinh hoạt chuyên đề số {id}"),
            received,
        )
    }
}

/// Plans `1..=last`.
pub fn plans(last: i64) -> Vec<FakeDocument> {
    (1..=last).map(plan).collect()
}

/// A running fake.
pub async fn start(setup: Setup) -> FakeIoffice {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    FakeIoffice::start(listen, setup, Arc::new(now)).await.unwrap()
}

/// A running fake that holds `documents`.
pub async fn holding(documents: Vec<FakeDocument>) -> FakeIoffice {
    start(Setup { documents, ..Setup::default() }).await
}

/// Settings for `fake`: three lists, pages of 3, quick repeats.
pub fn options(fake: &FakeIoffice) -> Options {
    Options {
        id: "ioffice".into(),
        url: fake.url(),
        username: "vanthu".to_owned(),
        password: "vanthu".to_owned().into(),
        login: "login".to_owned(),
        posts: Vec::new(),
        lists: ["waiting", "processed", "notify"].map(str::to_owned).to_vec(),
        kho: String::new(),
        page_size: 3,
        open_marks: ["Thường", "Không mật"].map(str::to_owned).to_vec(),
        ca_file: None,
        connect_timeout: Duration::from_secs(2),
        request_timeout: Duration::from_secs(2),
        body_limit: 1024 * 1024,
        pace: Duration::ZERO,
        retry_wait: Duration::from_millis(5),
        directives: Directives::Off,
        unmarked: Unmarked::Withhold,
        compare_days: 0,
        fields: FieldMap::default(),
        statuses_by: None,
        zone: chrono_tz::Asia::Ho_Chi_Minh,
    }
}

/// A source that reads `fake`.
pub fn source(fake: &FakeIoffice) -> Ioffice {
    Ioffice::new(options(fake)).unwrap()
}

/// Every page of a walk.
pub async fn pages(source: &Ioffice) -> Result<Vec<Listing>, SourceError> {
    let mut pages = vec![source.list(None).await?];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(source.list(Some(&next)).await?);
    }
    Ok(pages)
}

/// Every row of a walk.
pub async fn walk(source: &Ioffice) -> Result<Vec<Listed>, SourceError> {
    Ok(pages(source).await?.into_iter().flat_map(|page| page.rows).collect())
}

/// The ids of rows, in their order.
pub fn ids(rows: &[Listed]) -> Vec<&str> {
    rows.iter().map(|row| row.external_id.as_str()).collect()
}

/// The row of the only document of `fake`.
pub async fn only_row(source: &Ioffice) -> Listed {
    let [row] = walk(source).await.unwrap().try_into().unwrap();
    row
}

/// Lists and reads the only document of `fake`.
pub async fn read_only(source: &Ioffice) -> Result<Reading, SourceError> {
    source.read(&only_row(source).await).await
}

/// The open document a reading must have given.
#[track_caller]
pub fn open(reading: Result<Reading, SourceError>) -> Incoming {
    match reading {
        Ok(Reading::Open(incoming)) => *incoming,
        other => panic!("not open: {other:?}"),
    }
}

/// What is told about the only document of `fake`: that it has arrived.
pub async fn report(source: &Ioffice) -> Report {
    let incoming = open(read_only(source).await);
    Report {
        external_id: incoming.document.get().external_id.clone(),
        document: incoming.document.get().clone(),
        code: StatusCode::Arrived,
        description: String::new(),
        at: now(),
        key: "1a2b3c4d5e6f".to_owned(),
        earlier: None,
    }
}

/// One word for what a reading gave.
pub fn outcome(reading: &Result<Reading, SourceError>) -> &'static str {
    match reading {
        Ok(Reading::Open(_)) => "open",
        Ok(Reading::Withheld(_)) => "withheld",
        Ok(Reading::Broken(_)) => "broken",
        Ok(Reading::Gone) => "gone",
        Ok(Reading::Status(_)) => "status",
        Err(error) => kind(error),
    }
}

/// One word for an error.
pub fn kind(error: &SourceError) -> &'static str {
    match error {
        SourceError::Unreachable(_) => "unreachable",
        SourceError::Denied(_) => "denied",
        SourceError::OneTimePassword(_) => "otp",
        SourceError::Unexpected(_) => "unexpected",
        SourceError::Unkept(_) => "unkept",
    }
}

/// How many requests' paths contain `part`.
pub fn asked(fake: &FakeIoffice, part: &str) -> usize {
    fake.seen().iter().filter(|seen| seen.path.contains(part)).count()
}
