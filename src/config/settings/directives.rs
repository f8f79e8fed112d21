//! What is read of iOffice beyond its lists of documents, and what a tenant calls its fields.

use serde::{Deserialize, Serialize};

/// What is read of the module "Thông tin chỉ đạo".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Directives {
    /// Nothing.
    #[default]
    Off,
    /// What the account received.
    Received,
    /// What the account sent.
    Sent,
    /// Both.
    Both,
}

/// What becomes of a directive without a secrecy field; the module has none of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unmarked {
    /// It is withheld.
    #[default]
    Withhold,
    /// The office vouches that the module carries open texts only.
    Open,
}

/// `[source.fields]`: further names of fields, as a tenant writes them; those that are built in stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FieldNames {
    /// Số, ký hiệu.
    pub symbol: Vec<String>,
    /// Trích yếu, of a directive its title.
    pub subject: Vec<String>,
    /// Hình thức văn bản.
    pub kind: Vec<String>,
    /// Cơ quan ban hành.
    pub issuer: Vec<String>,
    /// Người ký, of a directive its sender.
    pub signer: Vec<String>,
    /// Ngày văn bản.
    pub issued: Vec<String>,
    /// Ngày nhận.
    pub received: Vec<String>,
    /// Hạn giải quyết.
    pub due: Vec<String>,
    /// Độ khẩn.
    pub urgency: Vec<String>,
    /// Độ mật. Every field so called must say that the document is open.
    pub secrecy: Vec<String>,
    /// Lĩnh vực.
    pub field: Vec<String>,
    /// Ghi chú, of a directive its text.
    pub content: Vec<String>,
}

impl FieldNames {
    /// Every key with its names.
    pub fn all(&self) -> [(&'static str, &[String]); 12] {
        let Self {
            symbol,
            subject,
            kind,
            issuer,
            signer,
            issued,
            received,
            due,
            urgency,
            secrecy,
            field,
            content,
        } = self;
        [
            ("symbol", symbol),
            ("subject", subject),
            ("kind", kind),
            ("issuer", issuer),
            ("signer", signer),
            ("issued", issued),
            ("received", received),
            ("due", due),
            ("urgency", urgency),
            ("secrecy", secrecy),
            ("field", field),
            ("content", content),
        ]
    }
}
