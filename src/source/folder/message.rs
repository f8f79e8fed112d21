//! edXML messages, alone in a file or attached to a mail. A message is read twice: once to see what it is,
//! with its attachments going nowhere, and again when the register asks for it.

use std::io::{self, Read};

use serde_json::json;

use super::item::{Item, Piece};
use super::options::Options;
use super::scratch::Scratch;
use crate::app::ports::{Files, Reading};
use crate::domain::document::Document;
use crate::domain::ids::ExternalId;
use crate::source::edxml::{self, Context, Limits, ReadError};
use crate::source::hash::Hashing;

/// Looks at the message number `part` of a file.
///
/// # Errors
/// [`ReadError`]: nothing is wrong with the message.
pub(super) fn look(
    input: impl Read,
    part: usize,
    place: String,
    options: &Options,
) -> Result<Item, ReadError> {
    let nameless = ExternalId(String::new());
    let mut input = Hashing::new(input);
    let reading = read(&mut input, &nameless, options, &Scratch)?;
    // A reader that has seen enough stops; the identity is that of all bytes.
    io::copy(&mut input, &mut io::sink())?;
    let whole = input.digest();
    let piece = match reading {
        Reading::Open(incoming) => Piece::Open(incoming),
        Reading::Status(status) => Piece::Status(status),
        Reading::Withheld(why) => Piece::Withheld(why),
        Reading::Broken(broken) => Piece::Broken(broken),
        Reading::Gone => Piece::unreadable("thông điệp trống"),
    };
    let key = match &piece {
        Piece::Open(incoming) => key(incoming.document.get()).unwrap_or(whole),
        _ => whole,
    };
    Ok(Item { part: Some(part), ..Item::new(&key, place, piece) })
}

/// Reads a message for the register, under the id of its item.
///
/// # Errors
/// [`ReadError`]: nothing is wrong with the message.
pub(super) fn read(
    input: impl Read,
    id: &ExternalId,
    options: &Options,
    files: &dyn Files,
) -> Result<Reading, ReadError> {
    let context = Context {
        source: &options.id,
        external_id: id,
        received: None,
        zone: options.zone,
        files,
        limits: Limits::default(),
    };
    edxml::read(input, &context)
}

/// The sender's own name of the message, so that a message sent again is known. A revocation bears the
/// name of what it revokes, hence the operation.
fn key(document: &Document) -> Option<String> {
    let (organ, key) = (document.exchange.organ.as_ref()?, document.exchange.key.as_ref()?);
    Some(json!([organ, key, document.operation.as_str()]).to_string())
}
