//! A source that holds a stack of directives.

use async_trait::async_trait;
use vanthu::app::ports::{
    Abilities, Ability, Incoming, Listed, Listing, PageToken, Reading, Source, SourceError,
};
use vanthu::domain::document::Document;
use vanthu::domain::ids::SourceId;
use vanthu::domain::secrecy::judge;

/// The stack; the oldest first.
pub struct Stack {
    id: SourceId,
    documents: Vec<Document>,
}

impl Stack {
    /// Of these.
    pub fn new(documents: Vec<Document>) -> Self {
        Self { id: "ioffice".into(), documents }
    }
}

#[async_trait]
impl Source for Stack {
    fn id(&self) -> &SourceId {
        &self.id
    }

    fn credentials(&self) -> String {
        String::new()
    }

    async fn list(&self, _: Option<&PageToken>) -> Result<Listing, SourceError> {
        let row = |(place, document): (usize, &Document)| Listed {
            external_id: document.external_id.clone(),
            fingerprint: document.fingerprint(),
            received: document.received,
            handle: place.to_string(),
        };
        let rows = self.documents.iter().enumerate().map(row).collect();
        Ok(Listing { rows, total: None, next: None })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let found = row.handle.parse().ok().and_then(|place: usize| self.documents.get(place));
        let Some(document) = found else { return Ok(Reading::Gone) };
        // About 4 kB, as an iOffice answers.
        let raw = format!("{{\"noi_dung\":\"{}\"}}", "số liệu ".repeat(400)).into_bytes();
        let Ok(document) = judge(document.clone(), Some(""), &[String::new()]) else {
            return Ok(Reading::Gone);
        };
        Ok(Reading::Open(Box::new(Incoming { document, raw })))
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: Ability::No,
            files: Ability::No,
            operations: Ability::No,
            counts: Ability::No,
        }
    }
}
