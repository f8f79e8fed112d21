//! A status message: a header alone.

use chrono_tz::Tz;

use super::sheet::{Sheet, moment};
use super::{Organ, WriteError};
use crate::domain::status::Status;

/// Writes a status. Its `about` names the document as its sender did; the addressee is `about.organ`. No
/// person is named (`StaffInfo`): what a machine says, nobody in particular said.
///
/// # Errors
/// [`WriteError::Invalid`] for a code nobody defined, [`WriteError::Missing`] without the time, or without
/// the sender of the document and its key or symbol, by which it is found.
pub fn write_status(status: &Status, zone: Tz) -> Result<Vec<u8>, WriteError> {
    let code = status.code().ok_or(WriteError::Invalid("StatusCode"))?;
    let at = status.at.ok_or(WriteError::Missing("Timestamp"))?;
    let about = &status.about;
    if about.organ.is_none() {
        return Err(WriteError::Missing("ResponseFor/OrganId"));
    }
    if about.key.is_none() && about.symbol.is_none() {
        return Err(WriteError::Missing("ResponseFor/DocumentId"));
    }
    let mut sheet = Sheet::begin(Vec::new())?;
    sheet.open("edXML:edXMLHeader")?;
    sheet.open("edXML:MessageHeader")?;
    sheet.organ("edXML:From", &Organ { id: status.from.clone(), name: status.from_name.clone() })?;
    sheet.reference(about)?;
    sheet.leaf("edXML:StatusCode", code.digits())?;
    sheet.leaf("edXML:Description", status.description.as_deref().unwrap_or(code.vietnamese()))?;
    sheet.leaf("edXML:Timestamp", &moment(at, zone))?;
    sheet.close("edXML:MessageHeader")?;
    sheet.close("edXML:edXMLHeader")?;
    sheet.close("edXML:edXMLEnvelope")?;
    sheet.end()
}
