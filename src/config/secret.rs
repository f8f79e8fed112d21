//! A secret in the settings: where it is, never what it is. It is read when the settings are loaded.

use secrecy::SecretString;
use serde::Deserialize;

/// A secret, named by `{ credential = "…" }` (a file in `$CREDENTIALS_DIRECTORY`, as systemd passes
/// it), `{ file = "…" }` or `{ env = "…" }`. A bare string is refused: it would stand in the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum SecretPlace {
    /// Name of a systemd credential.
    Credential(String),
    /// A file readable by the daemon only; a trailing newline is dropped.
    File(std::path::PathBuf),
    /// An environment variable; warned about, because others may see it.
    Env(String),
}

/// A secret with its place; filled in by the loader.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "SecretPlace")]
pub struct Secret {
    /// Where it is.
    pub place: SecretPlace,
    /// What it is; never printed.
    pub value: SecretString,
}

impl From<SecretPlace> for Secret {
    fn from(place: SecretPlace) -> Self {
        Self { place, value: SecretString::from(String::new()) }
    }
}
