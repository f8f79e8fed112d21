//! The two axes against fakes that are stricter than the real ones, over HTTP.

mod acknowledge;
mod binary;
mod fake;
mod faults;
mod lgsp_server;
mod memory;
mod messages;
mod outbox;
mod provincial;
mod report;
mod vxp_server;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Asia::Ho_Chi_Minh;
use tempfile::TempDir;
use vanthu::app::ports::{Listed, Reading, Source, SourceError};
use vanthu::runtime::clock::DemoClock;
use vanthu::source::axis::Reach;
use vanthu::source::lgsp::{self, Lgsp};
use vanthu::source::vxp::{self, Vxp};
use vanthu::store::files::Folder;

use crate::support::rig::local;
use fake::Fake;

/// Our organ on every axis.
pub const ORGAN: &str = "000.05.77.H99";

/// Who sends the documents.
pub const SENDER: &str = "000.00.77.H99";

/// A place for files, and the clock all of them go by.
pub struct Place {
    pub folder: TempDir,
    pub clock: Arc<DemoClock>,
}

impl Place {
    /// On Monday 2 March 2026, 09:00.
    pub fn new() -> Self {
        let clock = Arc::new(DemoClock::new(local("2026-03-02 09:00"), 0));
        Self { folder: tempfile::tempdir().unwrap(), clock }
    }

    pub fn files(&self) -> Arc<Folder> {
        Arc::new(Folder::new(self.folder.path().join("files")))
    }

    /// The organ on the national axis.
    pub fn vxp(&self, fake: &Fake) -> Vxp {
        Vxp::new(vxp_options(fake, self.folder.path()), self.clock.clone(), self.files()).unwrap()
    }

    /// The organ on a provincial axis.
    pub fn lgsp(&self, fake: &Fake) -> Lgsp {
        Lgsp::new(lgsp_options(fake, self.folder.path()), self.clock.clone(), self.files()).unwrap()
    }
}

fn reach(url: &str, folder: &Path) -> Reach {
    Reach {
        id: "truc".into(),
        url: url.to_owned(),
        plain_http: false,
        ca_file: None,
        connect_timeout: Duration::from_secs(2),
        request_timeout: Duration::from_millis(400),
        body_limit: 1 << 20,
        message_limit: 4 << 20,
        pace: Duration::ZERO,
        retry_wait: Duration::from_millis(1),
        zone: Ho_Chi_Minh,
        folder: folder.to_owned(),
        scratch: folder.to_owned(),
        renews: true,
    }
}

pub fn vxp_options(fake: &Fake, folder: &Path) -> vxp::Options {
    vxp_at(&fake.url(), folder)
}

/// The same at an address.
pub fn vxp_at(url: &str, folder: &Path) -> vxp::Options {
    vxp::Options {
        reach: reach(url, folder),
        system_id: ORGAN.to_owned(),
        secret: vxp_server::SECRET.to_owned().into(),
        organ: Some(ORGAN.to_owned()),
        organ_name: "Đảng uỷ Khối Mẫu".to_owned(),
    }
}

pub fn lgsp_options(fake: &Fake, folder: &Path) -> lgsp::Options {
    lgsp_at(&fake.url(), folder)
}

/// The same at an address.
pub fn lgsp_at(url: &str, folder: &Path) -> lgsp::Options {
    let day = Duration::from_secs(24 * 3600);
    lgsp::Options {
        reach: reach(url, folder),
        username: "vanthu".to_owned(),
        password: lgsp_server::PASSWORD.to_owned().into(),
        application_code: "VANTHU".to_owned(),
        system_id: ORGAN.to_owned(),
        secret_key: lgsp_server::SECRET_KEY.to_owned().into(),
        organ: Some(ORGAN.to_owned()),
        organ_name: "Đảng uỷ Khối Mẫu".to_owned(),
        window: day * 7,
        sweep: day * 30,
    }
}

/// Every row of a walk.
pub async fn walk(source: &dyn Source) -> Result<Vec<Listed>, SourceError> {
    let mut page = source.list(None).await?;
    let mut rows = std::mem::take(&mut page.rows);
    while let Some(next) = page.next.take() {
        page = source.list(Some(&next)).await?;
        rows.append(&mut page.rows);
    }
    Ok(rows)
}

/// The ids of rows, in their order.
pub fn ids(rows: &[Listed]) -> Vec<&str> {
    rows.iter().map(|row| row.external_id.as_str()).collect()
}

/// Lists, and reads the only row.
pub async fn read_only(source: &dyn Source) -> Result<Reading, SourceError> {
    let [row] = walk(source).await?.try_into().unwrap();
    source.read(&row).await
}

/// One word for what a reading gave.
pub fn outcome(reading: &Result<Reading, SourceError>) -> &'static str {
    match reading {
        Ok(Reading::Open(_)) => "open",
        Ok(Reading::Withheld(_)) => "withheld",
        Ok(Reading::Broken(_)) => "broken",
        Ok(Reading::Gone) => "gone",
        Ok(Reading::Status(_)) => "status",
        Err(SourceError::Unreachable(_)) => "unreachable",
        Err(SourceError::Denied(_)) => "denied",
        Err(SourceError::OneTimePassword(_)) => "otp",
        Err(SourceError::Unexpected(_)) => "unexpected",
        Err(SourceError::Unkept(_)) => "unkept",
    }
}
