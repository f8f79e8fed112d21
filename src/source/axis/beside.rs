//! Files that an answer has beside the message, as a provincial axis hands them over: `fileName` and
//! `fileContent` in base64. They belong to the files the message names, or are further ones.

use std::io;

use serde_json::Value;

use super::message::Message;
use super::row::text;
use crate::app::ports::{Broken, Files, FilesError, Incoming, Reading, SourceError};
use crate::domain::document::{Attachment, Document};
use crate::domain::ids::FileId;
use crate::domain::secrecy::{Open, Withheld, judge};
use crate::source::edxml::keep_file;

/// More files than this no message has.
const MOST: usize = 100;

/// Why a file could not be taken in.
enum Trouble {
    NotBase64,
    Files(FilesError),
}

/// The document with the files beside it: names are judged before a byte of a content is kept.
///
/// # Errors
/// [`SourceError`] if the files cannot be kept now.
pub(super) fn enclose(
    reading: Reading,
    message: &mut Message,
    path: &[&str],
    files: &dyn Files,
) -> Result<Reading, SourceError> {
    let names = names(&message.outline, path);
    let incoming = match reading {
        Reading::Open(incoming) if !names.is_empty() => incoming,
        reading => return Ok(reading),
    };
    let mut document = incoming.document.get().clone();
    let wanted = assign(&mut document.attachments, names);
    if let Err(why) = judged(document.clone()) {
        discard(incoming.document.get(), files)?;
        return Ok(Reading::Withheld(why));
    }
    for (file, number) in wanted {
        let Some(attachment) = document.attachments.get_mut(file) else { continue };
        if let Err(trouble) = fill(attachment, message, path, number, files) {
            discard(&document, files)?;
            return match trouble {
                Trouble::NotBase64 => {
                    let reason = format!("tệp đính kèm thứ {} không phải base64", number + 1);
                    Ok(Reading::Broken(Broken { reason, raw: None }))
                }
                Trouble::Files(error) => Err(SourceError::Unkept(error.to_string())),
            };
        }
    }
    match judged(document) {
        Ok(document) => Ok(Reading::Open(Box::new(Incoming { document, raw: incoming.raw }))),
        Err(why) => Ok(Reading::Withheld(why)),
    }
}

fn names(outline: &Value, path: &[&str]) -> Vec<String> {
    let list = path.iter().try_fold(outline, |here, name| here.get(name)).and_then(Value::as_array);
    let files = list.into_iter().flatten().take(MOST).enumerate();
    files.map(|(number, file)| name(file).unwrap_or_else(|| format!("tệp {}", number + 1))).collect()
}

fn name(file: &Value) -> Option<String> {
    text(file.as_object()?, "fileName")
}

/// Which content fills which file: one of the same name that has none yet, else a new one. A file the
/// message brought itself is not taken twice.
fn assign(attachments: &mut Vec<Attachment>, names: Vec<String>) -> Vec<(usize, usize)> {
    let mut wanted: Vec<(usize, usize)> = Vec::new();
    for (number, name) in names.into_iter().enumerate() {
        let free = |(file, attachment): &(usize, &Attachment)| {
            attachment.name == name && !wanted.iter().any(|(taken, _)| taken == file)
        };
        match attachments.iter().enumerate().find(free) {
            Some((_, known)) if known.stored.is_some() => {}
            Some((file, _)) => wanted.push((file, number)),
            None => {
                let external_id = format!("beside:{}", number + 1);
                attachments.push(Attachment { external_id, name, ..Attachment::default() });
                wanted.push((attachments.len() - 1, number));
            }
        }
    }
    wanted
}

fn judged(document: Document) -> Result<Open<Document>, Withheld> {
    let open = String::new();
    judge(document, Some(&open), std::slice::from_ref(&open))
}

fn fill(
    attachment: &mut Attachment,
    message: &mut Message,
    path: &[&str],
    number: usize,
    files: &dyn Files,
) -> Result<(), Trouble> {
    let number = number.to_string();
    let path: Vec<&str> = path.iter().copied().chain([number.as_str(), "fileContent"]).collect();
    let mut draft = files.begin().map_err(Trouble::Files)?;
    let copied = message.bytes(&path, |bytes| io::copy(bytes, &mut draft));
    match copied.and_then(Option::transpose) {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(Trouble::NotBase64),
        Err(error) => return Err(Trouble::Files(draft.error(error))),
    }
    let (stored, kept) = keep_file(draft, &attachment.name, files).map_err(Trouble::Files)?;
    attachment.size = Some(kept.size);
    attachment.stored = Some(stored);
    Ok(())
}

/// Nothing stays of a document that is not handed on.
fn discard(document: &Document, files: &dyn Files) -> Result<(), SourceError> {
    let mut ids = document.attachments.iter().filter_map(|file| Some(&file.stored.as_ref()?.id));
    let gone: Result<(), FilesError> = ids.try_for_each(|id: &FileId| files.discard(id));
    gone.map_err(|error| SourceError::Unkept(error.to_string()))
}
