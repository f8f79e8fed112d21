//! Secrecy, failing closed: a document is secret unless its mark is on the open list **and** no text
//! of it bears a secrecy mark in any spelling (Luật Bảo vệ bí mật nhà nước; design §9.5).
//!
//! A text is read in four steps: `decode` undoes transport encodings, `letters` lays the text out
//! as bare letters with their marks beside them, `marks` looks for the word *mật* however it is
//! spelled, and `compounds` lets go of ordinary words that contain the same syllable. A doubt in any
//! step withholds the document: a person looks at one paper more, and no secret leaves by mail.

mod compounds;
mod decode;
mod letters;
mod marks;
mod plain;
#[doc(hidden)]
pub mod spellings;

use super::document::{Document, Exchange};
use super::text::tone_key;

/// Why a document is withheld; carries no text of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// The source's secrecy field holds a value that is not on the open list, or none at all.
    UnknownMark,
    /// A secrecy mark stands in the subject, the symbol, the content or another text field.
    MarkInText,
    /// A secrecy mark stands in the name of an attached file.
    MarkInFileName,
}

impl Withheld {
    /// The reason as a word for logs, metrics and the store.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownMark => "unknown-mark",
            Self::MarkInText => "mark-in-text",
            Self::MarkInFileName => "mark-in-file-name",
        }
    }

    /// The reason for staff, who then look in the source system.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::UnknownMark => "độ mật trên hệ thống gốc trống hoặc không thuộc danh sách được xử lý",
            Self::MarkInText => "có dấu hiệu độ mật trong nội dung văn bản",
            Self::MarkInFileName => "có dấu hiệu độ mật trong tên tệp đính kèm",
        }
    }
}

/// Proof that [`judge`] found a document open. Only such a document may be stored, logged or mailed.
///
/// Nothing else builds one and nothing maps one into another value: what was judged is what is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open<T>(T);

impl<T> Open<T> {
    /// The document.
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// Judges a document by the source's secrecy mark and by every text it carries.
///
/// `mark` is the raw value of the source's secrecy field, `None` where the source sent none;
/// `open_marks` are the values that mean "not secret", compared by [`tone_key`]. An empty value is open
/// only if the list holds an empty value.
///
/// # Errors
/// The reason why the document must be withheld.
pub fn judge(
    document: Document,
    mark: Option<&str>,
    open_marks: &[String],
) -> Result<Open<Document>, Withheld> {
    if !mark.is_some_and(|mark| is_open_mark(mark, open_marks)) {
        return Err(Withheld::UnknownMark);
    }
    if texts(&document).any(marks::bears_mark) {
        return Err(Withheld::MarkInText);
    }
    if document.attachments.iter().any(|file| marks::bears_mark(&file.name)) {
        return Err(Withheld::MarkInFileName);
    }
    Ok(Open(document))
}

/// Judges anew a document whose mark was found open when it came: one the register kept, or one put together
/// from such. Its texts are read again, by the marks known now.
///
/// # Errors
/// The reason why the document must be withheld after all.
pub fn judge_again(document: Document) -> Result<Open<Document>, Withheld> {
    judge(document, Some(""), &[String::new()])
}

/// Judges a text that is not, or not yet, a field of a [`Document`].
///
/// # Errors
/// [`Withheld::MarkInText`].
pub fn judge_text(text: &str) -> Result<(), Withheld> {
    if marks::bears_mark(text) { Err(Withheld::MarkInText) } else { Ok(()) }
}

/// Whether a source's value is one of those that mean "not secret", compared by [`tone_key`].
pub fn is_open_mark(mark: &str, open_marks: &[String]) -> bool {
    let mark = tone_key(mark);
    open_marks.iter().any(|open| tone_key(open) == mark)
}

/// Every text a person could have typed a mark into, file names apart. The pattern names every field,
/// so a field added to [`Document`] does not compile until someone decides about it here.
fn texts(document: &Document) -> impl Iterator<Item = &str> {
    #[rustfmt::skip]
    let Document {
        symbol, kind_name, subject, content, issuer, signer, field, addressees, exchange,
        source: _, external_id: _, issued: _, received: _, due: _, urgency: _, operation: _, steering: _,
        attachments: _,
    } = document;
    let always = [symbol, subject, issuer].map(String::as_str);
    #[rustfmt::skip]
    let Exchange { organ: _, key, concerns, receivers: _, code, reason, answers } = exchange;
    let optional = [kind_name, content, signer, field, key, code, reason].map(Option::as_deref);
    let named = answers.iter().flat_map(|answer| [answer.symbol.as_deref(), answer.key.as_deref()]);
    always
        .into_iter()
        .chain(optional.into_iter().chain(named).flatten())
        .chain(concerns.iter().map(|concern| concern.key.as_str()))
        .chain(addressees.iter().map(String::as_str))
}

#[cfg(test)]
mod tests;
