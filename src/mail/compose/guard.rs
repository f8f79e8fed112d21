//! The last look at a finished mail: nothing of another recipient, nothing that a server could read
//! as a second mail. What it refuses is a fault of ours or of a template, so the mail never leaves.

use memchr::memmem;

use crate::domain::notice::Letter;

/// What the guard found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A part lacks the letter's link.
    #[error("thiếu liên kết xác nhận")]
    LinkMissing,
    /// A part bears an acknowledgement link that is not the letter's own.
    #[error("có liên kết xác nhận của nơi nhận khác")]
    LinkForeign,
    /// CR without LF, LF without CR, NUL or an octet beyond ASCII.
    #[error("có ký tự không hợp lệ ở byte {0}")]
    Octet(usize),
    /// A line longer than 998 octets (RFC 5322 §2.1.1).
    #[error("có dòng dài quá 998 byte")]
    LongLine,
    /// Not exactly one `To`, or one that is not the envelope's recipient, or `Cc`, `Bcc`, `Resent-`.
    #[error("không đúng một nơi nhận")]
    Recipient,
}

/// Looks at the rendered parts: each bears every link of the letter's own, if it has one, and no other token.
pub(super) fn links(letter: &Letter, parts: [&str; 2]) -> Result<(), Breach> {
    for part in parts {
        if letter.links().any(|link| !part.contains(link)) {
            return Err(Breach::LinkMissing);
        }
        if tokens(part).any(|token| !letter.links().any(|link| link.ends_with(token))) {
            return Err(Breach::LinkForeign);
        }
    }
    Ok(())
}

/// Looks at what a calendar takes in: others may see it there, so no link stands in it.
pub(super) fn unlinked(part: &str) -> Result<(), Breach> {
    if tokens(part).next().is_some() { Err(Breach::LinkForeign) } else { Ok(()) }
}

/// Everything that looks like `v1.<kid>.<payload>.<mac>`, wherever it points. A version number in a
/// trích yếu is shorter than any token.
fn tokens(part: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(part.as_bytes(), b"v1.").filter_map(|at| {
        let rest = part.get(at..)?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter));
        let token = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
        (token.len() >= 40 && token.split('.').count() >= 4).then_some(token)
    })
}

/// Looks at the bytes as they will stand on the wire.
pub(super) fn bytes(mail: &[u8], recipient: &str) -> Result<(), Breach> {
    let text = ascii(mail)?;
    let mut head = String::new();
    let mut in_head = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let clean = clean_line(line, at)?;
        at += line.len();
        in_head &= !clean.is_empty();
        if in_head {
            unfold(&mut head, clean);
        }
    }
    let mut addresses = head.split('\n').filter(|header| is_address_header(header));
    match (addresses.next(), addresses.next()) {
        (Some(to), None) if is_to(to, recipient) => Ok(()),
        _ => Err(Breach::Recipient),
    }
}

fn ascii(mail: &[u8]) -> Result<&str, Breach> {
    let bad = if mail.is_ascii() { None } else { mail.iter().position(|byte| !byte.is_ascii()) };
    match bad {
        Some(bad) => Err(Breach::Octet(bad)),
        None => std::str::from_utf8(mail).map_err(|error| Breach::Octet(error.valid_up_to())),
    }
}

/// Adds a line to the head: a line that begins with white space goes on with the header before it.
fn unfold(head: &mut String, line: &str) {
    if !line.starts_with([' ', '\t']) {
        head.push('\n');
    }
    head.push_str(line);
}

/// The line without its CRLF, and without another CR or a NUL.
fn clean_line(line: &str, at: usize) -> Result<&str, Breach> {
    let Some(clean) = line.strip_suffix("\r\n") else {
        return Err(Breach::Octet(at + line.len().saturating_sub(1)));
    };
    let octets = clean.as_bytes();
    if octets.contains(&b'\r') || octets.contains(&0) {
        return Err(Breach::Octet(at + clean.find(['\r', '\0']).unwrap_or_default()));
    }
    if clean.len() > 998 { Err(Breach::LongLine) } else { Ok(clean) }
}

fn is_address_header(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    ["to", "cc", "bcc"].iter().any(|known| name.eq_ignore_ascii_case(known))
        || name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("resent-"))
}

/// `To: recipient` or `To: "name" <recipient>`, with no second address in the name.
fn is_to(line: &str, recipient: &str) -> bool {
    let Some(value) = line.strip_prefix("To: ") else { return false };
    let name = match value.strip_suffix(&format!("<{recipient}>")) {
        Some(name) => name,
        None => return value == recipient,
    };
    let mut quoted = false;
    let mut escaped = false;
    name.chars().all(|letter| {
        let is_plain = quoted || !matches!(letter, ',' | ';' | '@' | '<' | '>');
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::mail::samples;

    const TO: &str = "a@b.example";

    #[test]
    fn what_may_stand_on_the_wire() {
        let long = format!("To: a@b.example\r\nX: {}\r\n\r\n", "a".repeat(996));
        for (mail, expected) in [
            ("To: a@b.example\r\n\r\nx\r\n", Ok(())),
            ("To: \"Chi =?utf-8?b?4bqt?= 2, So\" <a@b.example>\r\n\r\n", Ok(())),
            ("To: =?utf-8?b?4bqt?=\r\n =?utf-8?b?4bqt?= <a@b.example>\r\n\r\n", Ok(())),
            ("To: a@b.example\r\n\r\nCc: x@y.example\r\n", Ok(())),
            ("To: a@b.example\r\n\r\nx\n.\r\n", Err(Breach::Octet(20))),
            ("To: a@b.example\r\n\r\nx\r.\r\n", Err(Breach::Octet(20))),
            ("To: a@b.example\r\n\r\nx", Err(Breach::Octet(19))),
            ("To: a@b.example\r\n\r\n\0\r\n", Err(Breach::Octet(19))),
            ("To: a@b.example\r\n\r\nố\r\n", Err(Breach::Octet(19))),
            ("To: c@d.example\r\n\r\n", Err(Breach::Recipient)),
            ("To: c@d.example, <a@b.example>\r\n\r\n", Err(Breach::Recipient)),
            ("To: c@d.example,\r\n <a@b.example>\r\n\r\n", Err(Breach::Recipient)),
            ("To: a@b.example\r\nTO: a@b.example\r\n\r\n", Err(Breach::Recipient)),
            ("To: a@b.example\r\nbcc: x@y.example\r\n\r\n", Err(Breach::Recipient)),
            ("To: a@b.example\r\nResent-To: x@y.example\r\n\r\n", Err(Breach::Recipient)),
            ("Subject: x\r\n\r\n", Err(Breach::Recipient)),
            (&long, Err(Breach::LongLine)),
        ] {
            assert_eq!(bytes(mail.as_bytes(), TO), expected, "{mail:?}");
        }
    }

    #[test]
    fn only_the_own_link() {
        let letter = &samples()[0];
        let own = letter.link.clone().unwrap();
        let foreign = own.replace("AAAA", "AAAB");
        let bare = Letter { link: None, ..letter.clone() };
        for (letter, part, expected) in [
            (letter, own.clone(), Ok(())),
            (letter, format!("({own}). Phần mềm v1.2.3.4"), Ok(())),
            (letter, "không có".to_owned(), Err(Breach::LinkMissing)),
            (letter, format!("{own} {foreign}"), Err(Breach::LinkForeign)),
            (letter, format!("{own} {own}x"), Err(Breach::LinkForeign)),
            (&bare, own.clone(), Err(Breach::LinkForeign)),
            (&bare, "https://vanthu.example/huong-dan".to_owned(), Ok(())),
        ] {
            assert_eq!(links(letter, [&part, &part]), expected, "{part}");
        }
    }
}
