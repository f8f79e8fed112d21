//! The folder a daemon is started on: the sample office, with our own `vanthu.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;
use vanthu::config::sample;

use super::postfix::free_port;

/// Where mails go.
pub enum Way {
    /// To a server on this machine, with so many connections.
    Smtp(u16, usize),
    /// Into files.
    Files,
}

/// A configuration folder; it goes when dropped.
pub struct Office {
    folder: TempDir,
    /// Port of `/readyz`.
    pub admin: u16,
}

impl Office {
    /// Writes one.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn new(source: &str, way: &Way) -> Result<Self> {
        let office = Self { folder: tempfile::tempdir()?, admin: free_port()? };
        for (path, text) in sample::FILES {
            let file = office.path().join(path);
            fs::create_dir_all(file.parent().unwrap_or(&file))?;
            fs::write(file, text)?;
        }
        fs::write(office.path().join("source-password"), "vanthu")?;
        fs::write(office.path().join("link-key"), "0123456789abcdef0123456789abcdef")?;
        fs::write(office.config(), office.settings(source, way, free_port()?))?;
        Ok(office)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its `vanthu.toml`.
    pub fn config(&self) -> PathBuf {
        self.path().join("vanthu.toml")
    }

    /// The register.
    pub fn register(&self) -> PathBuf {
        self.path().join("vanthu.db")
    }

    fn settings(&self, source: &str, way: &Way, web: u16) -> String {
        let transport = match way {
            Way::Smtp(port, sessions) => format!(
                "type = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"plain\"\nsessions = {sessions}"
            ),
            Way::Files => "type = \"file\"\nfolder = \"mails\"".to_owned(),
        };
        let admin = self.admin;
        format!(
            r#"
[office]
name = "Văn phòng Đảng uỷ Khối"
phone = "0200 000 000"
[[source]]
type = "ioffice"
id = "ioffice"
url = "{source}"
username = "vanthu"
password = {{ file = "source-password" }}
poll = "* * * * *"
pace = "0s"
[mail]
from = "Văn thư Đảng uỷ Khối <vanthu@duk.mau.example>"
reply_to = "van-phong@duk.mau.example"
list_id = "chi-dao.duk.mau.example"
any_hour = true
[mail.transport]
{transport}
[web]
listen = "127.0.0.1:{web}"
public_url = "https://vanthu.mau.example"
link_keys = [{{ id = "k1", secret = {{ file = "link-key" }} }}]
[admin]
listen = "127.0.0.1:{admin}"
[brake]
baseline = "mail"
directives = 1000000
mails = 1000000000
[log]
filter = "warn"
"#
        )
    }
}
