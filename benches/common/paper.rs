//! The directive that benchmarks oblige all 221 cells by.

use chrono::{DateTime, Utc};
use vanthu::domain::document::{Document, Exchange, Operation, Steering, Urgency};

/// Cells that it obliges by the sample rule `chuyen-de-quy`.
pub const CELLS: u64 = 221;

/// One with this number.
pub fn paper(number: u64, received: DateTime<Utc>) -> Document {
    Document {
        source: "ioffice".into(),
        external_id: number.to_string().as_str().into(),
        symbol: format!("{number}-KH/ĐUK"),
        kind_name: Some("Kế hoạch".to_owned()),
        subject: "Kế hoạch sinh hoạt chuyên đề quý I".to_owned(),
        content: None,
        issuer: "Đảng uỷ Khối".to_owned(),
        signer: None,
        issued: None,
        received: Some(received),
        due: None,
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    }
}
