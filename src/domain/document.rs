//! Document: anything a source delivers. Its identity is (source, external id); its content comes in
//! numbered revisions told apart by [`Document::fingerprint`].

use aws_lc_rs::digest;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{ExternalId, SourceId};
use super::symbol::Symbol;
use super::text::tone_key;

mod attachment;
mod exchange;

pub use attachment::{Attachment, StoredFile};
pub use exchange::{Concern, Exchange, ReceiverChange, Reference};

/// How fast a document must be handled (Nghị định 30/2020/NĐ-CP, Đ4.2c; edXML priorities 0–4).
/// `Unknown` is not `Normal`: the source left the field empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The source says nothing.
    #[default]
    Unknown,
    /// Thường.
    Normal,
    /// Khẩn.
    Urgent,
    /// Thượng khẩn.
    VeryUrgent,
    /// Hoả tốc.
    Express,
    /// Hoả tốc hẹn giờ.
    ExpressTimed,
}

impl Urgency {
    /// The word in TOML, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Normal => "normal",
            Self::Urgent => "urgent",
            Self::VeryUrgent => "very-urgent",
            Self::Express => "express",
            Self::ExpressTimed => "express-timed",
        }
    }

    /// The urgency by its Vietnamese name, in either tone placement; codes differ per tenant.
    pub fn named(name: &str) -> Self {
        let table = [
            ("thường", Self::Normal),
            ("bình thường", Self::Normal),
            ("khẩn", Self::Urgent),
            ("thượng khẩn", Self::VeryUrgent),
            ("hoả tốc", Self::Express),
            ("hoả tốc hẹn giờ", Self::ExpressTimed),
        ];
        let key = tone_key(name);
        let found = table.iter().find(|(spelling, _)| tone_key(spelling) == key);
        found.map_or(Self::Unknown, |(_, urgency)| *urgency)
    }

    /// The places there are in the outbox.
    pub const PRIORITIES: std::ops::RangeInclusive<u8> = 0..=3;

    /// Place in the outbox, one of [`Self::PRIORITIES`]: lower leaves first.
    pub fn priority(self) -> u8 {
        match self {
            Self::Express | Self::ExpressTimed => 0,
            Self::VeryUrgent => 1,
            Self::Urgent => 2,
            Self::Normal | Self::Unknown => 3,
        }
    }

    /// Whether notices about it may leave outside office hours: hoả tốc, with or without an hour.
    pub fn breaks_quiet_hours(self) -> bool {
        self >= Self::Express
    }
}

/// What the sender wants done with the document on the receiving register (QCVN 102, `BussinessDocType`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Văn bản mới.
    #[default]
    New,
    /// Thu hồi.
    Revoke,
    /// Cập nhật.
    Update,
    /// Thay thế.
    Replace,
    /// Told by a code nobody defined: a person says what it is.
    Unknown,
}

impl Operation {
    /// The word in TOML, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Revoke => "revoke",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Unknown => "unknown",
        }
    }

    /// The operation behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::New, Self::Revoke, Self::Update, Self::Replace, Self::Unknown]
            .into_iter()
            .find(|operation| operation.as_str() == word)
    }

    /// How people call it.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::New => "văn bản mới",
            Self::Revoke => "thu hồi",
            Self::Update => "cập nhật",
            Self::Replace => "thay thế",
            Self::Unknown => "nghiệp vụ lạ",
        }
    }
}

/// Loại chỉ đạo: whether the document steers others (QCVN 102, `SteeringType` 0–2). iOffice's detail
/// names none, so its documents are `Unknown`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Steering {
    /// The source says nothing.
    #[default]
    Unknown,
    /// Không phải văn bản chỉ đạo.
    None,
    /// Văn bản chỉ đạo.
    Directive,
    /// Báo cáo kết quả chỉ đạo.
    Result,
}

impl Steering {
    /// The word in TOML, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Directive => "directive",
            Self::Result => "result",
        }
    }

    /// Whether the source says nothing; such a value is not written, so that a document read before
    /// the field was known keeps its fingerprint.
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// One content of a document, normalised to NFC, as the source delivered it.
///
/// A `Document` by itself says nothing about secrecy: what may be stored or mailed is an
/// [`Open`](super::secrecy::Open) document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The source it came from.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// Số, ký hiệu as printed, for example `16-ĐA/TU`; may be empty.
    pub symbol: String,
    /// The name of its kind as the source gives it, for example `Kế hoạch`.
    pub kind_name: Option<String>,
    /// Trích yếu.
    pub subject: String,
    /// Longer text, where the source has one.
    pub content: Option<String>,
    /// Name of the issuing body as the source gives it.
    pub issuer: String,
    /// Who signed it, name or post.
    pub signer: Option<String>,
    /// Date of issue, in the office's zone.
    pub issued: Option<NaiveDate>,
    /// When the source received it.
    pub received: Option<DateTime<Utc>>,
    /// The source's own due field (hạn giải quyết), a date in the office's zone.
    pub due: Option<NaiveDate>,
    /// Độ khẩn.
    pub urgency: Urgency,
    /// Nghiệp vụ.
    pub operation: Operation,
    /// Loại chỉ đạo.
    #[serde(default, skip_serializing_if = "Steering::is_unknown")]
    pub steering: Steering,
    /// Nơi nhận, as the source names them: codes or names of units. Empty where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<String>,
    /// What the bodies that exchange it call it, and what an operation is about.
    #[serde(default, skip_serializing_if = "Exchange::is_empty")]
    pub exchange: Exchange,
    /// Lĩnh vực, if given.
    pub field: Option<String>,
    /// Its files, in the source's order.
    pub attachments: Vec<Attachment>,
}

impl Document {
    /// The parsed symbol, if it follows the grammar of Party or State documents.
    pub fn parsed_symbol(&self) -> Option<Symbol> {
        Symbol::parse(&self.symbol)
    }

    /// Whether the source's due field lies on or before the day of issue: senders copy the one into the
    /// other. It is kept, and people are told.
    pub fn due_is_doubtful(&self) -> bool {
        matches!((self.due, self.issued), (Some(due), Some(issued)) if due <= issued)
    }

    /// SHA-256, lower-case hex, over everything that carries meaning for a cell. Two deliveries with
    /// the same fingerprint are the same revision, whatever else the source counts or stamps.
    pub fn fingerprint(&self) -> String {
        let attachments = self.attachments.iter().map(Attachment::meaning).collect();
        let meaning = Document { received: None, attachments, ..self.clone() };
        let canonical = serde_json::to_vec(&meaning).unwrap_or_default();
        data_encoding::HEXLOWER.encode(digest::digest(&digest::SHA256, &canonical).as_ref())
    }
}
