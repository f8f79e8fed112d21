//! Moving a register from one engine to the other.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use crate::config::settings::StoreSettings;
use crate::store::postgres::{Patience, PostgresOptions};
use crate::store::transfer::{End, transfer};

pub use crate::store::transfer::Copied;

/// Where a register is, as people write it: the address of a PostgreSQL server, else a file. The password and the
/// authority of the settings serve any server.
fn end(text: &str, store: &StoreSettings) -> End {
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return End::File(PathBuf::from(text));
    }
    let password = store.password.as_ref().map(|secret| secret.value.clone());
    End::Server(PostgresOptions {
        url: text.to_owned(),
        password: password.filter(|password| !password.expose_secret().is_empty()),
        ca_file: store.ca_file.clone(),
        patience: Patience::default(),
    })
}

/// Copies the register `from` one side `to` the other and compares every row; `watch` hears of the progress. Returns
/// what was copied, and how the side that was filled is shown to people.
///
/// # Errors
/// The store's, with what to do; then nothing was kept on the other side.
pub async fn copy(
    store: &StoreSettings,
    from: &str,
    to: &str,
    watch: &(dyn Fn(&str, u64) + Sync),
) -> anyhow::Result<(Vec<Copied>, String)> {
    let (from, to) = (end(from, store), end(to, store));
    Ok((transfer(&from, &to, watch).await?, to.shown()))
}
