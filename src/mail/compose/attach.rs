//! Files beside what is read: entries for a calendar, a table.
//!
//! Calendar entries go beside the text and not as a third form of it: a reader that prefers them would show the
//! entry instead of the letter.

use lettre::message::header::{ContentDisposition, ContentType};
use lettre::message::{MultiPart, SinglePart};

use super::{ComposeError, encoded, multipart};
use crate::render::mail::Attached;

/// What a mail calls entries that announce and ask for no answer (RFC 5546 §3.2.1).
pub(super) const CALENDAR: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// The parts that are read, with files beside them; as they are where there is none.
pub(super) fn with<'a>(
    message_id: &str,
    read: MultiPart,
    files: impl IntoIterator<Item = &'a Attached>,
) -> Result<MultiPart, ComposeError> {
    let mut files = files.into_iter().peekable();
    if files.peek().is_none() {
        return Ok(read);
    }
    let whole = MultiPart::builder().header(multipart("mixed", message_id, "=.")?).multipart(read);
    files.try_fold(whole, |whole, file| Ok(whole.singlepart(part(file)?)))
}

fn part(file: &Attached) -> Result<SinglePart, ComposeError> {
    let kind = ContentType::parse(&format!("{}; name=\"{}\"", file.kind, file.name))
        .map_err(|error| ComposeError::Build(error.to_string()))?;
    let builder = SinglePart::builder().header(kind).header(ContentDisposition::attachment(&file.name));
    Ok(encoded(builder, &file.bytes))
}
