//! A small office on disk, one file of which a test may break.

use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;
use vanthu::config::settings::Language;
use vanthu::config::{Loaded, Report, load};

pub const SETTINGS: &str = r#"[office]
name = "Văn phòng Đảng uỷ"

[[source]]
type = "ioffice"
id = "ioffice"
url = "https://donvi.mau.example/qlvb/api"
username = "vanthu"
password = { credential = "ioffice" }

[mail]
from = "Văn thư <vanthu@mau.example>"
list_id = "chi-dao.mau.example"

[mail.transport]
type = "smtp"
host = "mail.mau.example"
port = 465
tls = "implicit"

[web]
public_url = "https://vanthu.mau.example"
link_keys = [{ id = "k1", secret = { credential = "link-key" } }]
"#;

pub const UNITS: &str = r#"office = "duk"

[[kind]]
id = "committee"
name = "đảng uỷ"

[[kind]]
id = "base-cell"
name = "chi bộ cơ sở"
cell = true

[sectors]
administration = "hành chính"
enterprise = "doanh nghiệp"

[[unit]]
id = "duk"
name = "Đảng uỷ Khối"
kind = "committee"

[[unit]]
id = "cb-truong-hoc"
name = "Chi bộ Trường học"
kind = "base-cell"
sector = "administration"
parent = "duk"
mailbox = "cb-truong-hoc@mau.example"

[[unit]]
id = "cb-dien-luc"
name = "Chi bộ Điện lực"
kind = "base-cell"
sector = "enterprise"
parent = "duk"
mailbox = "cb-dien-luc@mau.example"
"#;

pub const CALENDAR: &str = r#"zone = "Asia/Ho_Chi_Minh"
week = ["mon", "tue", "wed", "thu", "fri"]
hours = ["07:30-11:30", "13:30-17:00"]
"#;

pub const YEAR: &str = r#"year = 2026
basis = "12729/VPCP-KGVX"
confirmed = true

[off]
2026-01-01 = "Tết Dương lịch"
"#;

pub const RULES: &str = r#"[[ladder]]
name = "standard"
[[ladder.step]]
at = "due - 3 working days"
kind = "remind"
to = "cell"

[[rule]]
id = "chuyen-de"
name = "Sinh hoạt chuyên đề"
when = { text_any = ["sinh hoạt chuyên đề"] }
to = { kind = ["base-cell"], sector = ["administration"] }
due = "document, else 15 working days"
ladder = "standard"
"#;

/// An office in a folder of its own.
pub struct Office {
    folder: TempDir,
    env: BTreeMap<String, String>,
}

impl Office {
    /// One without fault.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let office = Self { folder, env: BTreeMap::new() };
        office
            .with("vanthu.toml", SETTINGS)
            .with("units.toml", UNITS)
            .with("calendar/calendar.toml", CALENDAR)
            .with("calendar/2026.toml", YEAR)
            .with("rules.d/10.toml", RULES)
            .with("credentials/ioffice", "mat-khau\n")
            .with("credentials/smtp", "mat-khau\n")
            .with("credentials/link-key", "0123456789abcdef0123456789abcdef\n")
    }

    /// The same with a file written anew.
    pub fn with(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// The same with a passage of a file exchanged; the passage must be there.
    pub fn exchange(self, path: &str, old: &str, new: &str) -> Self {
        let text = std::fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(old), "{old}");
        self.with(path, text.replacen(old, new, 1))
    }

    /// The same with lines added to a file.
    pub fn append(self, path: &str, lines: &str) -> Self {
        let text = std::fs::read_to_string(self.root().join(path)).unwrap();
        self.with(path, text + "\n" + lines)
    }

    /// The same with an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Loads it.
    pub fn load(&self) -> Result<Loaded, Report> {
        load(self.root(), &self.env, Some(&self.root().join("credentials")))
    }

    /// Errors or warnings.
    pub fn report(&self) -> Report {
        self.load().map_or_else(|report| report, |loaded| loaded.warnings)
    }

    /// What a clerk reads.
    pub fn tells(&self) -> String {
        self.report().render(Language::Vi, false)
    }

    /// The same in English.
    pub fn tells_in_english(&self) -> String {
        self.report().render(Language::En, false)
    }
}
