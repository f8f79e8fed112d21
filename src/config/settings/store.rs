//! Where the register is.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::secret::Secret;

/// `[store]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// The SQLite file; with `url` only its folder counts, for what is kept beside a register.
    pub path: PathBuf,
    /// Folder of the contents of attachments; `files` beside the SQLite file if `None`.
    pub files: Option<PathBuf>,
    /// `postgres://USER@HOST/DATABASE` of a register on a PostgreSQL server, without the password.
    pub url: Option<String>,
    /// The password of that server.
    pub password: Option<Secret>,
    /// PEM file of the authority that signed its certificate.
    pub ca_file: Option<PathBuf>,
    /// How long the work of an instance stays its own without a sign of life; another one goes on a sixth later.
    #[serde(with = "crate::config::duration")]
    pub lease: Duration,
}

impl StoreSettings {
    /// Folder of the contents of attachments.
    pub fn files(&self) -> PathBuf {
        self.files.clone().unwrap_or_else(|| self.path.with_file_name("files"))
    }

    /// The file with the name of the instance on this machine, of several that share a register on a server.
    pub fn seat(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".instance");
        name.into()
    }

    /// Whether there may be a register: whether the file is there; of a server only the server knows.
    pub fn may_exist(&self) -> bool {
        self.url.is_some() || self.path.exists()
    }

    /// Where the register is, for people.
    pub fn place(&self) -> String {
        self.url.clone().unwrap_or_else(|| self.path.display().to_string())
    }
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            path: "vanthu.db".into(),
            files: None,
            url: None,
            password: None,
            ca_file: None,
            lease: lease(),
        }
    }
}

/// The lease where nothing else is said.
pub fn lease() -> Duration {
    Duration::from_secs(60)
}
