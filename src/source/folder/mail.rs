//! Mails with edXML messages attached, as mail programs save them (.eml).

use mail_parser::{MessageParser, MimeHeaders as _};

use super::tray::ending;
use crate::domain::secrecy::{Withheld, judge_text};
use crate::domain::text::clean;
use crate::mime;

/// Parts of a mail.
const MOST_PARTS: usize = 200;
/// Text of a mail that is judged, in bytes; none of it is kept.
const MOST_TEXT: usize = 1 << 20;

/// A message that a mail carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    /// What the mail calls it; for showing alone.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a mail gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It may be secret.
    Withheld(Withheld),
    /// It cannot be used; in words.
    Unusable(&'static str),
}

/// The messages a mail carries, in order. The mail itself is judged first: whoever forwards a secret paper
/// says so in the subject, or in the name of the file.
///
/// # Errors
/// [`Refusal`].
pub(super) fn messages(bytes: &[u8]) -> Result<Vec<Attached>, Refusal> {
    if mime::shape(bytes).mails > 0 {
        return Err(Refusal::Unusable("thư lồng trong thư: mở thư bên trong, lưu tệp edXML rồi thả tệp ấy"));
    }
    let mail = MessageParser::default().parse(bytes).ok_or(Refusal::Unusable("không phải thư điện tử"))?;
    if mail.parts.len() > MOST_PARTS {
        return Err(Refusal::Unusable("thư có quá nhiều phần"));
    }
    mail.subject().map_or(Ok(()), |subject| judge(subject, Withheld::MarkInText))?;
    for name in mail.parts.iter().filter_map(|part| part.attachment_name()) {
        judge(name, Withheld::MarkInFileName)?;
    }
    let mut left = MOST_TEXT;
    let bodies = mail.text_bodies().chain(mail.html_bodies());
    for text in bodies.filter_map(|part| part.text_contents()) {
        let text = head(text, left);
        left = left.saturating_sub(text.len());
        judge(text, Withheld::MarkInText)?;
    }
    let named = mail.attachments().map(|part| (clean(part.attachment_name().unwrap_or_default()), part));
    let messages = named.filter(|(name, _)| matches!(ending(name).as_str(), "edxml" | "xml"));
    let found: Vec<_> =
        messages.map(|(name, part)| Attached { name, bytes: part.contents().to_vec() }).collect();
    if found.is_empty() {
        return Err(Refusal::Unusable("thư không kèm tệp edXML nào (.edxml, .xml)"));
    }
    Ok(found)
}

/// At most so many bytes of a text, whole letters only.
fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

fn judge(text: &str, why: Withheld) -> Result<(), Refusal> {
    judge_text(text).map_err(|_| Refusal::Withheld(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str, name: &str, times: usize) -> String {
        let part = format!(
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n<edXML/>\r\n"
        );
        format!(
            "From: a@mau.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{}--b--\r\n",
            part.repeat(times)
        )
    }

    #[test]
    fn messages_are_found_by_the_names_of_their_files() {
        let found = messages(mail("Chuyển", "16-DA-TU.edxml", 2).as_bytes()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name, "16-DA-TU.edxml");
        assert_eq!(found[0].bytes.trim_ascii(), b"<edXML/>");
        let none = messages(mail("Chuyển", "anh.jpg", 1).as_bytes());
        assert!(matches!(none, Err(Refusal::Unusable(why)) if why.contains("không kèm")));
    }

    #[test]
    fn marks_on_the_mail_withhold_what_it_carries() {
        for (subject, name) in [("=?utf-8?B?TeG6rFQ=?=", "a.edxml"), ("Chuyen", "van-ban-mat.edxml")] {
            assert!(
                matches!(messages(mail(subject, name, 1).as_bytes()), Err(Refusal::Withheld(_))),
                "{subject}"
            );
        }
    }
}
