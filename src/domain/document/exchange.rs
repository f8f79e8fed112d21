//! What the bodies that exchange a document call it and each other, and what an operation is about
//! (edXML of QCVN 102:2016/BTTTT: `MessageHeader`, `Bussiness`, `ResponseFor`). Empty where the source
//! exchanges nothing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The exchange side of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exchange {
    /// Mã định danh (`From/OrganId`) of the sending body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<String>,
    /// The `DocumentId` the sender gave: opaque, unique together with `organ` only, its date never
    /// to be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The documents an update or a replacement is about; a revocation is about `key` itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<Concern>,
    /// The receivers an update adds or removes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<ReceiverChange>,
    /// The code of the operation as it came (`BussinessDocType`), where nobody defined it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why the operation is made (`BussinessDocReason`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The documents this one answers (`ResponseFor`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Reference>,
}

impl Exchange {
    /// Whether the source exchanges nothing; such a value is not written, so that a document read before
    /// the field was known keeps its fingerprint.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A document an operation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// Its [`Exchange::key`].
    pub key: String,
    /// The bodies for which the operation holds (`OrganIdList`); empty for all.
    pub organs: Vec<String>,
}

/// A receiver that an update names (`ReceiverList/Receiver`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverChange {
    /// Its mã định danh.
    pub organ: String,
    /// `ReceiverType` 1: it receives the document from now on; 0: it must regard it as withdrawn.
    pub added: bool,
}

/// How one message names a document of another body (`ResponseFor`). Any part may be missing, and the
/// parts may contradict each other: `key` counts most, then organ, symbol and date together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Mã định danh of the body that issued it.
    pub organ: Option<String>,
    /// Số, ký hiệu in full.
    pub symbol: Option<String>,
    /// Date of issue, in the office's zone.
    pub issued: Option<NaiveDate>,
    /// Its [`Exchange::key`].
    pub key: Option<String>,
}
