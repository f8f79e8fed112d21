//! `rules log`, `diff`, `revert`, `approve`, `reject`: the editions of the office's files.

mod decide;
mod diff;
mod log;
mod revert;

use std::sync::Arc;

use super::{Exit, Place, print};
use crate::app::accept;
use crate::app::ports::{AcceptanceKind, Reader, Store};
use crate::config::settings::Settings;
use crate::domain::edition::{Edition, short};

pub(super) use decide::{Args as DecideArgs, approve, reject};
pub(super) use diff::{Args as DiffArgs, run as diff};
pub(super) use log::{Args as LogArgs, run as log};
pub(super) use revert::{Args as RevertArgs, run as revert};

/// Settings and register, which these verbs work with; broken files do not stop them.
async fn open(place: &Place) -> anyhow::Result<Result<(Settings, Arc<dyn Store>), Exit>> {
    let Some(settings) = place.plain_settings() else { return Ok(Err(Exit::Configuration)) };
    let store = place.register_at(&settings).await?;
    Ok(store.map(|store| (settings, store)).ok_or(Exit::Failed))
}

/// The edition whose name begins like this; says why not, and `None`, where there is no such one or more.
pub(super) async fn find(store: &dyn Reader, prefix: &str) -> anyhow::Result<Option<Edition>> {
    let wanted = prefix.to_lowercase();
    let rows = store.acceptances(None, 0).await?;
    let kept = rows.iter().filter(|row| row.kind != AcceptanceKind::Refused);
    let mut names: Vec<&str> = kept.map(|row| row.edition.as_str()).collect();
    names.retain(|name| !wanted.is_empty() && name.starts_with(&wanted));
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [name] => Ok(store.edition(name).await?),
        [] => {
            print::error(&format!("không có bản nào mã “{prefix}”; xem `vanthu rules log --all`"));
            Ok(None)
        }
        several => {
            let names: Vec<_> = several.iter().map(|name| short(name)).collect();
            print::error(&format!("“{prefix}” chỉ nhiều bản: {}", names.join(", ")));
            Ok(None)
        }
    }
}

/// The edition in force; says so, and `None`, where the daemon has not accepted any yet.
pub(super) async fn in_force(store: &dyn Reader) -> anyhow::Result<Option<Edition>> {
    let stand = accept::stand(store).await?;
    let edition = match stand.edition() {
        Some(name) => store.edition(name).await?,
        None => None,
    };
    if edition.is_none() {
        print::error("chưa có bản nào được nhận; dịch vụ vanthu chưa chạy lần nào với sổ này");
    }
    Ok(edition)
}
