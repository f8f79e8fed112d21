//! From a file to its pieces, by its kind.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::contents::Contents;
use super::item::Piece;
use super::mail::{self, Refusal};
use super::options::{Kind, Options};
use super::tray::{self, Spot, Tray, Unread};
use super::{message, register};
use crate::app::ports::{Files, Reading, SourceError};
use crate::domain::ids::ExternalId;
use crate::domain::secrecy::{Withheld, judge_text};
use crate::source::edxml::ReadError;

/// What a file holds; `None` where somebody took it away.
///
/// # Errors
/// [`SourceError`] where nothing is wrong with the file.
pub(super) fn contents(tray: &Tray, spot: &Spot, options: &Options) -> Result<Option<Contents>, SourceError> {
    let name = spot.name.as_str();
    // A name that bears a mark is enough: the file is not opened.
    if judge_text(name).is_err() {
        let piece = Piece::Withheld(Withheld::MarkInFileName);
        return Ok(Some(Contents::single(name.as_bytes(), piece)));
    }
    let Some(kind) = Kind::of(&tray::ending(name)) else { return Ok(None) };
    // A reader that panics over a file must not take the daemon along: the file is refused.
    let read = catch_unwind(AssertUnwindSafe(|| parsed(tray, spot, kind, options)));
    let read = read.unwrap_or_else(|_| Ok(refused(name, "bộ đọc dừng bất thường ở tệp này")));
    match read {
        Ok(contents) => Ok(Some(contents.of_file(name))),
        Err(Failure::Unread(Unread::Gone)) => Ok(None),
        Err(Failure::Unread(why)) => Ok(Some(refused(name, unread(why)).of_file(name))),
        Err(Failure::Later(error)) => Err(later(&error)),
    }
}

/// Why a file gives nothing.
enum Failure {
    Unread(Unread),
    /// Nothing is wrong with it.
    Later(ReadError),
}

impl From<Unread> for Failure {
    fn from(why: Unread) -> Self {
        Self::Unread(why)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Later(error)
    }
}

/// What bytes of a kind hold, without a folder around them: as a look at them finds it.
///
/// # Errors
/// [`SourceError`] where nothing is wrong with the bytes.
pub fn readings(kind: Kind, bytes: &[u8], options: &Options) -> Result<Vec<Reading>, SourceError> {
    let contents = match kind {
        Kind::Register => Ok(register::read(bytes, options)),
        Kind::Message => message::look(bytes, 0, String::new(), options).map(|item| Contents::of([item])),
        Kind::Mail => mailed(bytes, options),
    };
    let contents = contents.map_err(|error| later(&error))?;
    Ok(contents.items.iter().map(|item| item.piece.reading()).collect())
}

fn parsed(tray: &Tray, spot: &Spot, kind: Kind, options: &Options) -> Result<Contents, Failure> {
    match kind {
        Kind::Register => Ok(register::read(&tray.read(spot, kind.most())?, options)),
        Kind::Message => {
            let item = message::look(tray.open(spot, kind.most())?, 0, String::new(), options)?;
            Ok(Contents::of([item]))
        }
        Kind::Mail => Ok(mailed(&tray.read(spot, kind.most())?, options)?),
    }
}

fn mailed(bytes: &[u8], options: &Options) -> Result<Contents, ReadError> {
    let messages = match mail::messages(bytes) {
        Ok(messages) => messages,
        Err(Refusal::Withheld(why)) => return Ok(Contents::single(bytes, Piece::Withheld(why))),
        Err(Refusal::Unusable(why)) => return Ok(Contents::refused(bytes, why)),
    };
    let look = |(part, attached): (usize, &mail::Attached)| {
        message::look(attached.bytes.as_slice(), part, format!("tệp kèm {}", attached.name), options)
    };
    let items: Result<Vec<_>, _> = messages.iter().enumerate().map(look).collect();
    Ok(Contents::of(items?))
}

/// Reads a message of a file anew, for the register: its attachments are kept now.
///
/// # Errors
/// [`SourceError`] where nothing is wrong with the message.
pub(super) fn anew(
    tray: &Tray,
    spot: &Spot,
    part: usize,
    id: &ExternalId,
    options: &Options,
    files: &dyn Files,
) -> Result<Reading, SourceError> {
    let Some(kind) = Kind::of(&tray::ending(&spot.name)) else { return Ok(Reading::Gone) };
    let input: Box<dyn Read> = match kind {
        Kind::Message => match tray.open(spot, kind.most()) {
            Ok(file) => Box::new(file),
            Err(_) => return Ok(Reading::Gone),
        },
        Kind::Mail | Kind::Register => {
            let bytes = tray.read(spot, kind.most()).unwrap_or_default();
            let attached = mail::messages(&bytes).ok().and_then(|all| all.into_iter().nth(part));
            let Some(attached) = attached else { return Ok(Reading::Gone) };
            Box::new(std::io::Cursor::new(attached.bytes))
        }
    };
    message::read(input, id, options, files).map_err(|error| later(&error))
}

fn refused(name: &str, why: &str) -> Contents {
    Contents::refused(name.as_bytes(), why)
}

fn unread(why: Unread) -> &'static str {
    match why {
        Unread::Denied => "tài khoản chạy vanthu không có quyền đọc tệp này; sửa quyền rồi thả lại",
        Unread::TooLarge => "tệp lớn hơn mức được đọc",
        Unread::Strange | Unread::Gone => "không phải tệp thường",
        Unread::Failed(_) => "ổ đĩa hoặc ổ mạng báo lỗi khi đọc tệp",
    }
}

fn later(error: &ReadError) -> SourceError {
    match error {
        ReadError::Input(_) => SourceError::Unreachable(error.to_string()),
        ReadError::Files(_) => SourceError::Unkept(error.to_string()),
    }
}
