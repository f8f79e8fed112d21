//! A status as it is to be sent: to whom, about what, in which words.

use chrono_tz::Tz;

use crate::app::ports::Report;
use crate::domain::document::Reference;
use crate::domain::status::Status;
use crate::source::edxml;

/// A status ready to be sent.
pub(in crate::source) struct Letter {
    /// Mã định danh of the receiver: whoever sent the document.
    pub to: String,
    /// The document it is about, as its sender calls it.
    pub about: Reference,
    /// The edXML.
    pub file: Vec<u8>,
}

impl Letter {
    /// The status of `report` as `organ` says it.
    ///
    /// # Errors
    /// Why no status can be sent about this document, for people.
    pub(in crate::source) fn new(
        report: &Report,
        organ: &str,
        organ_name: &str,
        zone: Tz,
    ) -> Result<Self, String> {
        let exchange = &report.document.exchange;
        let Some(to) = exchange.organ.clone().filter(|to| is_code(to)) else {
            return Err("văn bản không ghi mã định danh của nơi gửi".to_owned());
        };
        let about = Reference {
            organ: Some(to.clone()),
            symbol: Some(report.document.symbol.clone()).filter(|symbol| !symbol.is_empty()),
            issued: report.document.issued,
            key: exchange.key.clone(),
        };
        let status = Status {
            from: organ.to_owned(),
            from_name: Some(organ_name.to_owned()),
            about: about.clone(),
            digits: report.code.digits().to_owned(),
            description: Some(report.description.clone()).filter(|text| !text.is_empty()),
            at: Some(report.at),
        };
        let file = edxml::write_status(&status, zone).map_err(|error| error.to_string())?;
        Ok(Self { to, about, file })
    }
}

/// Codes stand in headers (`[A-Z0-9.]`, at most 35 of them, whatever an old system adds).
fn is_code(code: &str) -> bool {
    (3..=35).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}
