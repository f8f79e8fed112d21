//! The register: a file, or a database on a server.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;

use crate::app::ports::{Clock as _, Reader, Store, StoreError};
use crate::config::settings::{Settings, StoreSettings};
use crate::runtime::clock::{ServerClock, SteadyClock};
use crate::runtime::daemon::Daemon;
use crate::runtime::seat::Seat;
use crate::runtime::share::{POST, Share};
use crate::store::postgres::{self, Patience, PostgresOptions};
use crate::store::sqlite::{self, SqliteStore};
use crate::store::{Access, Remembered};

/// The register beside a running daemon, for reading and for short writes.
///
/// # Errors
/// The store's, with what to do.
pub async fn visit(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    open(settings, Access::Visit).await
}

/// The register, opened as its owner; on a server one of several.
///
/// # Errors
/// The store's, with what to do.
pub async fn own(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    open(settings, Access::Serve).await
}

/// The register beside a running daemon, for reading alone.
///
/// # Errors
/// The store's, with what to do.
pub async fn reader(settings: &Settings) -> anyhow::Result<Arc<dyn Reader>> {
    Ok(match server(&settings.store) {
        Some(options) => Arc::new(postgres::open_reader(&options).await?),
        None => Arc::new(sqlite::open_reader(&settings.store.path).await?),
    })
}

/// The same with the copy of its journal, where one is kept. A register that the copy knows more of than it does itself
/// was put back from an older one, or made anew: it holds back what would leave.
///
/// # Errors
/// The store's, with what to do.
pub async fn serve(settings: &Settings, now: DateTime<Utc>) -> anyhow::Result<Arc<dyn Store>> {
    let Some(folder) = settings.journal.copy.clone() else { return own(settings).await };
    let (store, remembered): (Arc<dyn Store>, _) = match server(&settings.store) {
        Some(options) => {
            let store = postgres::open(&options, Access::Serve).await?;
            let remembered = store.copy_to(folder, now).await.context("journal.copy")?;
            (Arc::new(store), remembered)
        }
        None => {
            let store = file(&settings.store.path).await?;
            let remembered = store.copy_to(folder, now).await.context("journal.copy")?;
            (Arc::new(store), remembered)
        }
    };
    if let Some(Remembered { lost, facts }) = remembered {
        tracing::warn!(
            rows = lost.rows,
            facts,
            "bản chép nhật ký biết nhiều hơn sổ: sổ đã bị lùi hoặc lập mới; giữ lại mọi thư, xem `vanthu restore compare`"
        );
    }
    Ok(store)
}

/// Makes a new register in a file from a copy of the journal of one that is lost; what it was told.
///
/// # Errors
/// The store's, with what to do; a register that is there already.
pub async fn rebuild(
    settings: &Settings,
    folder: &Path,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Remembered>> {
    let path = &settings.store.path;
    anyhow::ensure!(
        !path.exists(),
        "sổ {} vẫn còn: phục hồi bản sao lưu bằng `vanthu restore TỆP`, hoặc dời tệp ấy (cùng -wal, -shm) đi trước",
        path.display()
    );
    let store = sqlite::open(path, Access::Serve).await?;
    let remembered = store.remember(folder, now).await;
    store.close().await;
    Ok(remembered?)
}

/// The register in a file of this account's, with every connection it will have.
async fn file(path: &Path) -> Result<SqliteStore, StoreError> {
    sqlite::require_own(path)?;
    let store = sqlite::open(path, Access::Serve).await?;
    store.furnish().await?;
    Ok(store)
}

async fn open(settings: &Settings, access: Access) -> anyhow::Result<Arc<dyn Store>> {
    Ok(match server(&settings.store) {
        Some(options) => Arc::new(postgres::open(&options, access).await?),
        None if access == Access::Serve => Arc::new(file(&settings.store.path).await?),
        None => Arc::new(sqlite::open(&settings.store.path, access).await?),
    })
}

/// The clock of all instances on one server, set by it; `None` where the register is a file.
///
/// # Errors
/// The store's.
pub async fn common_clock(store: &dyn Store) -> anyhow::Result<Option<Arc<ServerClock>>> {
    let Some(time) = store.server_time().await? else { return Ok(None) };
    Ok(Some(Arc::new(ServerClock::new(Arc::new(SteadyClock::new()), time))))
}

/// When something was last written to the journal: it is later than that now.
///
/// # Errors
/// The store's.
pub async fn last_written(store: &dyn Reader) -> Result<Option<DateTime<Utc>>, StoreError> {
    let last = store.links(store.position().await? - 1, 1).await?;
    Ok(last.last().and_then(|link| DateTime::from_timestamp_millis(link.at)))
}

/// Makes a daemon one of several: frees what the process before it on this machine had claimed, and takes what work is
/// free before it claims any mail itself.
///
/// # Errors
/// The store's, and what the machine's own file cannot do.
pub async fn share(
    daemon: &mut Daemon,
    settings: &StoreSettings,
    clock: Arc<ServerClock>,
) -> anyhow::Result<()> {
    let file = settings.seat();
    let seat = Seat::take(&file, &daemon.instance).with_context(|| file.display().to_string())?;
    if let Some(seat) = &seat {
        daemon.instance.clone_from(&seat.name);
        let mut tx = daemon.store.begin().await?;
        tx.give_back(&seat.name).await?;
        tx.recover(clock.now()).await?;
        tx.commit().await?;
    }
    let sources = daemon.sources.iter().map(|polling| polling.source.id());
    let share = Share::among(&daemon.instance, sources, clock, seat).with_lease(settings.lease);
    let share = if daemon.policy.sending.pace.is_free() { share } else { share.with_job(POST) };
    share.beat(daemon.store.as_ref()).await?;
    daemon.share = Arc::new(share);
    Ok(())
}

/// How to reach the server, where the register is on one.
fn server(store: &StoreSettings) -> Option<PostgresOptions> {
    let password = store.password.as_ref().map(|secret| secret.value.clone());
    Some(PostgresOptions {
        url: store.url.clone()?,
        password: password.filter(|password| !password.expose_secret().is_empty()),
        ca_file: store.ca_file.clone(),
        patience: Patience::default(),
    })
}
