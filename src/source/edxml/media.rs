//! What a file is, by its first bytes and the ending of its name. What the sender claims counts for
//! nothing: `application/doc` and `xslx` are on the wire.

use crate::domain::document::StoredFile;

/// A message within a message.
const EDXML: &str = StoredFile::MESSAGE;
/// Nobody knows.
const BYTES: &str = "application/octet-stream";
/// How far into a file the root of a message is looked for.
const ROOT: usize = 512;

/// Endings that tell apart what the first bytes do not.
const ENDINGS: [(&str, &str); 8] = [
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("xml", "application/xml"),
];

/// The media type of a file.
pub(super) fn of(head: &[u8], name: &str) -> &'static str {
    if is_edxml(head) {
        return EDXML;
    }
    let by_name = by_ending(name);
    match infer::get(head).map(|known| known.mime_type()) {
        // A container whose ending says what is in it: an Office file whose first entry is not the telling one.
        Some(known @ "application/zip") => {
            by_name.filter(|name| name.contains("officedocument")).unwrap_or(known)
        }
        Some(known @ "application/x-ole-storage") => by_name.filter(|name| is_ole(name)).unwrap_or(known),
        Some(known) => known,
        // Text has no first bytes of its own; a name that promises more is not believed.
        None => by_name.filter(|name| is_text(name)).unwrap_or(BYTES),
    }
}

/// The ending of a name, lower case.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.trim().to_lowercase()).unwrap_or_default()
}

fn by_ending(name: &str) -> Option<&'static str> {
    let ending = ending(name);
    ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, media)| *media)
}

fn is_ole(media: &str) -> bool {
    matches!(media, "application/msword" | "application/vnd.ms-excel")
}

fn is_text(media: &str) -> bool {
    media.starts_with("text/") || media == "application/xml"
}

/// Whether a file is itself a message: `<edXML` or `<edXMLEnvelope` as its root, with or without prefix.
fn is_edxml(head: &[u8]) -> bool {
    let head = head.get(..ROOT.min(head.len())).unwrap_or_default();
    let text: String = head.iter().filter(|byte| byte.is_ascii()).map(|byte| char::from(*byte)).collect();
    let text = text.replace('\0', "").to_ascii_lowercase();
    text.contains("<edxml") || text.contains(":edxmlenvelope")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_count_and_names_only_help() {
        let table: [(&[u8], &str, &str); 13] = [
            (b"%PDF-1.7\n", "a.doc", "application/pdf"),
            (b"%PDF-1.7\n", "31.SIGNED.PDF", "application/pdf"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.DOC", "application/msword"),
            (b"PK\x03\x04", "a.docx", ENDINGS[3].1),
            (b"PK\x03\x04", "a.zip", "application/zip"),
            (b"PK\x03\x04", "a.pdf", "application/zip"),
            (b"PK\x03\x04", "a.doc", "application/zip"),
            (b"<?xml version=\"1.0\"?><edXML xmlns=\"x\">", "a.doc", EDXML),
            (b"1212<?xml version=\"1.0\"?><a:edXMLEnvelope>", "a.doc", EDXML),
            (b"xin chao", "a.txt", "text/plain"),
            (b"xin chao", "a.pdf", BYTES),
            (b"xin chao", "a", BYTES),
            (b"", "", BYTES),
        ];
        for (head, name, media) in table {
            assert_eq!(of(head, name), media, "{name}");
        }
    }
}
