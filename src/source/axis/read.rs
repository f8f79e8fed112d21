//! From a fetched message to a judged document.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::beside;
use super::message::Message;
use crate::app::ports::{Broken, Files, Incoming, Reading, SourceError};
use crate::domain::document::Document;
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::secrecy::judge;
use crate::source::edxml::{self, Context, Limits, ReadError};

/// Where a message comes from.
pub(in crate::source) struct Origin {
    /// The source.
    pub source: SourceId,
    /// Its transport id.
    pub external_id: ExternalId,
    /// When the axis took it.
    pub received: Option<DateTime<Utc>>,
    /// The office's zone.
    pub zone: Tz,
    /// The sender's name on the list of organs, for messages that leave it out.
    pub issuer: Option<String>,
    /// Where the answer has files beside the message, if it may have any.
    pub beside: Option<&'static [&'static str]>,
}

/// Reads the message at `path` of an answer, on a thread for such work; `None` if there is none.
///
/// # Errors
/// [`SourceError`] if it could be read another time: what is wrong with the message is a
/// [`Reading::Broken`].
pub(in crate::source) async fn read(
    message: Message,
    path: &'static [&'static str],
    origin: Origin,
    files: Arc<dyn Files>,
) -> Result<Option<Reading>, SourceError> {
    let work = tokio::task::spawn_blocking(move || blocking(message, path, &origin, files.as_ref()));
    work.await.map_err(|error| SourceError::Unexpected(format!("đọc thông điệp: {error}")))?
}

fn blocking(
    mut message: Message,
    path: &[&str],
    origin: &Origin,
    files: &dyn Files,
) -> Result<Option<Reading>, SourceError> {
    let context = Context {
        source: &origin.source,
        external_id: &origin.external_id,
        received: origin.received,
        zone: origin.zone,
        files,
        limits: Limits::default(),
    };
    let read = message.text(path, |text| edxml::read(text, &context));
    let read = read.map_err(ReadError::Input).and_then(Option::transpose);
    match read {
        Ok(Some(reading)) => {
            let reading = named(reading, origin.issuer.as_deref());
            let Some(beside) = origin.beside else { return Ok(Some(reading)) };
            Ok(Some(beside::enclose(reading, &mut message, beside, files)?))
        }
        Ok(None) => Ok(None),
        Err(ReadError::Input(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
            let reason = "nội dung không phải XML, cũng không phải base64".to_owned();
            Ok(Some(Reading::Broken(Broken { reason, raw: None })))
        }
        Err(error @ ReadError::Input(_)) => Err(SourceError::Unreachable(error.to_string())),
        Err(error @ ReadError::Files(_)) => Err(SourceError::Unkept(error.to_string())),
    }
}

/// The document with the sender's name, where the message leaves it out. A name is judged like any other
/// text; one that would withhold the document is left out too, since nobody wrote it there.
fn named(reading: Reading, issuer: Option<&str>) -> Reading {
    let (Reading::Open(incoming), Some(issuer)) = (&reading, issuer) else { return reading };
    let document = incoming.document.get();
    let is_nameless =
        document.issuer.is_empty() || Some(&document.issuer) == document.exchange.organ.as_ref();
    if !is_nameless {
        return reading;
    }
    let open = String::new();
    let document = Document { issuer: issuer.to_owned(), ..document.clone() };
    match judge(document, Some(&open), std::slice::from_ref(&open)) {
        Ok(document) => Reading::Open(Box::new(Incoming { document, raw: incoming.raw.clone() })),
        Err(_) => reading,
    }
}
