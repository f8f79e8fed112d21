//! A file that belongs to a document: its name always, its content where the source delivers it.

use serde::{Deserialize, Serialize};

use crate::domain::ids::FileId;

/// A file of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The id the source gives the file.
    pub external_id: String,
    /// The name as the source shows it (NFC); text, never a path.
    pub name: String,
    /// Size in bytes, if the source tells.
    pub size: Option<u64>,
    /// Where its content is kept; none where the source delivers names only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredFile>,
}

impl Attachment {
    /// What of it carries meaning for a cell. Where the content is known, its hash says it all: a resent
    /// document has other ids, and its files are stored anew.
    pub(super) fn meaning(&self) -> Self {
        let Some(stored) = &self.stored else { return self.clone() };
        let stored = StoredFile { id: FileId(String::new()), ..stored.clone() };
        Self { external_id: String::new(), stored: Some(stored), ..self.clone() }
    }
}

/// The content of a file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Our own id of it.
    pub id: FileId,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// What it is by its first bytes and its name, as a media type (RFC 6838); never what the sender
    /// claims.
    pub media: String,
}

impl StoredFile {
    /// The media type of an edXML message sent as a file of another. None is registered for it.
    pub const MESSAGE: &str = "application/edxml+xml";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(id: &str, sha256: &str) -> Attachment {
        Attachment {
            external_id: format!("cid:{id}"),
            name: "kế hoạch.pdf".to_owned(),
            size: Some(5),
            stored: Some(StoredFile {
                id: id.into(),
                sha256: sha256.to_owned(),
                media: "application/pdf".to_owned(),
            }),
        }
    }

    #[test]
    fn a_file_sent_again_means_the_same_and_another_content_does_not() {
        assert_eq!(stored("1", "aa").meaning(), stored("2", "aa").meaning());
        assert_ne!(stored("1", "aa").meaning(), stored("1", "bb").meaning());
        let named = |id: &str| Attachment { external_id: id.to_owned(), ..Attachment::default() };
        assert_ne!(named("1").meaning(), named("2").meaning(), "without content the id is all there is");
    }

    #[test]
    fn a_file_of_which_only_the_name_is_known_is_written_as_ever() {
        let file =
            Attachment { external_id: "7".to_owned(), name: "a.pdf".to_owned(), ..Attachment::default() };
        assert_eq!(
            serde_json::to_string(&file).unwrap(),
            r#"{"external_id":"7","name":"a.pdf","size":null}"#
        );
    }
}
