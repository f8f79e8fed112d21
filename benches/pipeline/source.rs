//! The document system: the fake of `vanthu::demo`, inside this process. It has its own thread and
//! spends about a tenth of what the program spends; a bench that binds everything to one processor
//! therefore pays for it too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, Utc};
use tokio::runtime::Runtime;
use vanthu::app::ports::Clock as _;
use vanthu::demo::ioffice::{FakeDocument, FakeIoffice, Setup};
use vanthu::runtime::clock::WallClock;

use super::wait::until;

/// A running document system.
pub struct DocumentSystem {
    fake: FakeIoffice,
}

impl DocumentSystem {
    /// Starts one that holds so many documents.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(runtime: &Runtime, documents: u64) -> Result<Self> {
        let received = WallClock.now() - chrono::Duration::hours(1);
        let documents = (1..=documents).map(|id| document(id, received)).collect();
        let setup = Setup { documents, ..Setup::default() };
        let now = Arc::new(|| WallClock.now());
        let fake = runtime.block_on(FakeIoffice::start(([127, 0, 0, 1], 0).into(), setup, now))?;
        Ok(Self { fake })
    }

    /// Its address, as `url` of a `[[source]]` wants it.
    pub fn url(&self) -> String {
        self.fake.url()
    }

    /// Shows one more document.
    pub fn put(&self, id: u64) {
        self.fake.put(document(id, WallClock.now() - chrono::Duration::seconds(1)));
        self.fake.forget_seen();
    }

    /// Waits for the first request since the start, or since [`put`](Self::put).
    ///
    /// # Errors
    /// None came.
    pub fn first_request(&self) -> Result<Instant> {
        let asked = || Ok((!self.fake.seen().is_empty()).then(Instant::now));
        until("the first request", Duration::from_micros(500), asked)
    }
}

/// About 4 kB, for all 221 cells by the sample rule `chuyen-de-quy`.
fn document(id: u64, received: DateTime<Utc>) -> FakeDocument {
    let subject = format!("Kế hoạch sinh hoạt chuyên đề quý IV năm 2026, đợt {id}");
    let id = i64::try_from(id).unwrap_or(i64::MAX);
    let mut document = FakeDocument::new(id, &format!("{id}-KH/ĐUK"), &subject, received);
    document.content = "Các chi bộ tổ chức sinh hoạt, gửi kết quả bằng số liệu. ".repeat(44);
    document
}
