//! One file and a few fields as `multipart/form-data` (RFC 7578). The SDK's boundaries begin with `===`,
//! and an axis has been seen to look for that, which no library lets us choose.

use crate::source::hash::sha256_of;

/// A file to be sent.
pub(in crate::source) struct Part<'a> {
    /// Name of the field.
    pub field: &'a str,
    /// Name of the file; plain ASCII.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl Part<'_> {
    /// SHA-256 of the file, lower-case hex.
    pub(in crate::source) fn hash(&self) -> String {
        sha256_of(self.bytes)
    }

    /// The value of `Content-Type`, and the body.
    pub(in crate::source) fn with(&self, fields: &[(&str, &str)]) -> (String, Vec<u8>) {
        // The file cannot hold its own hash.
        let boundary = format!("==={}===", self.hash().chars().take(24).collect::<String>());
        let mut body = Vec::with_capacity(self.bytes.len() + 512);
        for (name, value) in fields {
            let head =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/xml\r\n\r\n",
            self.field, self.name
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(self.bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary=\"{boundary}\""), body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_then_the_file() {
        let part = Part { field: "file_doc", name: "status.edxml", bytes: b"<edXML/>" };
        let (content_type, body) = part.with(&[("messageType", "status")]);
        let boundary = "===8d55f6c7bf7cd534cf027a10===";
        assert_eq!(content_type, format!("multipart/form-data; boundary=\"{boundary}\""));
        let expected = [
            &format!("--{boundary}"),
            "Content-Disposition: form-data; name=\"messageType\"",
            "",
            "status",
            &format!("--{boundary}"),
            "Content-Disposition: form-data; name=\"file_doc\"; filename=\"status.edxml\"",
            "Content-Type: application/xml",
            "",
            "<edXML/>",
            &format!("--{boundary}--"),
            "",
        ];
        assert_eq!(String::from_utf8(body).unwrap(), expected.join("\r\n"));
    }
}
