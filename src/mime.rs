//! What a mail looks like before it is parsed. The parser follows mails within mails without a bound and lets
//! go of them by recursion, and it opens a part for every boundary; so whoever reads mails of strangers looks
//! at their shape first, in one pass that keeps nothing.

/// What makes the parser take a part for a mail of its own.
const NESTING: [&[u8]; 3] = [b"rfc822", b"global", b"digest"];
/// Boundaries that are looked for; a letter has a handful.
const BOUNDARIES: usize = 64;
/// Longest boundary (RFC 2046 §5.1.1), with room for those that do not keep to it.
const BOUNDARY: usize = 200;

/// The shape of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Lines that begin or end a part. The largest number where boundaries hide from this look.
    pub parts: usize,
    /// Parts that are mails, or lists of mails.
    pub mails: usize,
}

/// Looks at a mail. A part is a mail by a word in its `Content-Type`, which lasts at most to the next empty
/// line.
pub fn shape(bytes: &[u8]) -> Shape {
    let mut mails = 0;
    let mut within = false;
    for line in bytes.split(|byte| *byte == b'\n') {
        within = (within && !matches!(line, b"" | b"\r")) || contains(line, b"content-type");
        mails += usize::from(within && NESTING.iter().any(|word| contains(line, word)));
    }
    Shape { parts: parts(bytes), mails }
}

fn parts(bytes: &[u8]) -> usize {
    let Some(boundaries) = boundaries(bytes) else { return usize::MAX };
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"--"));
    lines.filter(|line| boundaries.iter().any(|boundary| line.starts_with(boundary))).count()
}

/// Every boundary that is declared; `None` if there are too many, or one in pieces (RFC 2231).
fn boundaries(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    const NAME: &[u8] = b"boundary";
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(at) = find(rest, NAME) {
        rest = rest.get(at + NAME.len()..).unwrap_or_default();
        let value = rest.trim_ascii_start();
        if value.first() == Some(&b'*') || found.len() >= BOUNDARIES {
            return None;
        }
        if let Some(value) = value.strip_prefix(b"=") {
            found.push(token(value.trim_ascii_start()));
        }
    }
    Some(found)
}

/// A value, in quotes or up to what ends it.
fn token(value: &[u8]) -> &[u8] {
    let (value, ends): (_, &[u8]) = match value.strip_prefix(b"\"") {
        Some(quoted) => (quoted, b"\"\r\n"),
        None => (value, b"; \t\r\n"),
    };
    let end = value.iter().take(BOUNDARY).position(|byte| ends.contains(byte));
    value.get(..end.unwrap_or(value.len().min(BOUNDARY))).unwrap_or_default()
}

/// Whether a line has a word of ASCII in it, in any letter case.
fn contains(line: &[u8], word: &[u8]) -> bool {
    find(line, word).is_some()
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = memchr::memchr2(first, first.to_ascii_uppercase(), rest)?;
        let candidate = rest.get(at..at + word.len())?;
        if candidate.eq_ignore_ascii_case(word) {
            return Some(from + at);
        }
        from += at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_within_mails_are_known_by_every_spelling() {
        for kind in [
            "message/rfc822",
            "MESSAGE/Rfc822; charset=x",
            "\r\n message/rfc822",
            "(a) message / (b)\r\n\trfc822",
            "message/global",
            "multipart/digest; boundary=x",
        ] {
            let text = format!("Subject: a\r\nContent-Type: {kind}\r\n\r\nSubject: b\r\n\r\nc");
            assert_eq!(shape(text.as_bytes()).mails, 1, "{kind}");
        }
        let signed = "Subject: global digest\r\n\r\nContent type of <DigestValue>rfc822</DigestValue>";
        assert_eq!(shape(signed.as_bytes()).mails, 0);
    }

    #[test]
    fn parts_are_counted_by_their_boundaries() {
        for (head, boundary, expected) in [
            ("boundary=\"b 1\"", "b 1", 3),
            ("BOUNDARY = b1; x=y", "b1", 3),
            ("boundary=b1", "b1", 3),
            ("x=y", "b1", 0),
            ("boundary*0=b; boundary*1=1", "b1", usize::MAX),
        ] {
            let text = format!(
                "Content-Type: multipart/mixed; {head}\r\n\r\n--{boundary}\r\n\r\na\r\n--{boundary}\r\n\r\nb -- c\r\n--{boundary}--\r\n"
            );
            assert_eq!(shape(text.as_bytes()).parts, expected, "{head}");
        }
        assert_eq!(shape("boundary=a;".repeat(BOUNDARIES + 1).as_bytes()).parts, usize::MAX);
        assert_eq!(shape(b"").parts, 0);
    }
}
