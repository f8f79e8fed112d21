//! A source that delivers what a test hands it, as the axis would: each delivery under an id of its own.

use std::sync::Mutex;

use async_trait::async_trait;
use vanthu::app::ports::{
    Abilities, Ability, Incoming, Listed, Listing, PageToken, Reading, Source, SourceError,
};
use vanthu::domain::document::{Concern, Document, Exchange, Operation, ReceiverChange, Steering, Urgency};
use vanthu::domain::ids::SourceId;
use vanthu::domain::secrecy::judge;

/// The sender of everything here.
pub const ORGAN: &str = "H37.02";

/// Delivers documents in the order in which they were handed to it.
pub struct Scripted {
    id: SourceId,
    deliveries: Mutex<Vec<Document>>,
}

impl Scripted {
    /// A source of this name.
    pub fn new(id: &str) -> Self {
        Self { id: id.into(), deliveries: Mutex::default() }
    }

    /// Hands it a delivery under the next id; the id.
    pub fn deliver(&self, document: Document) -> usize {
        let mut deliveries = self.deliveries.lock().unwrap();
        let number = deliveries.len() + 1;
        let external_id = number.to_string().as_str().into();
        deliveries.push(Document { source: self.id.clone(), external_id, ..document });
        number
    }

    /// Changes in place what an id holds.
    pub fn edit(&self, number: usize, edit: impl FnOnce(&mut Document)) {
        edit(&mut self.deliveries.lock().unwrap()[number - 1]);
    }
}

#[async_trait]
impl Source for Scripted {
    fn id(&self) -> &SourceId {
        &self.id
    }

    fn credentials(&self) -> String {
        String::new()
    }

    async fn list(&self, _: Option<&PageToken>) -> Result<Listing, SourceError> {
        let row = |document: &Document| Listed {
            external_id: document.external_id.clone(),
            fingerprint: document.fingerprint(),
            received: document.received,
            handle: String::new(),
        };
        let rows = self.deliveries.lock().unwrap().iter().map(row).collect();
        Ok(Listing { rows, total: None, next: None })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        let deliveries = self.deliveries.lock().unwrap();
        let document = deliveries.iter().find(|document| document.external_id == row.external_id).unwrap();
        let raw = serde_json::to_vec(document).unwrap();
        let document = judge(document.clone(), Some(""), &[String::new()]).unwrap();
        Ok(Reading::Open(Box::new(Incoming { document, raw })))
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: Ability::No,
            files: Ability::No,
            operations: Ability::Yes,
            counts: Ability::No,
        }
    }
}

/// A new document with this key; every cell of the office must act on it.
pub fn paper(key: &str) -> Document {
    Document {
        source: "truc".into(),
        external_id: "".into(),
        symbol: "12-KH/ĐUK".to_owned(),
        kind_name: Some("Kế hoạch".to_owned()),
        subject: "Sinh hoạt chuyên đề quý I".to_owned(),
        content: None,
        issuer: "Đảng uỷ Khối".to_owned(),
        signer: Some("Phó Bí thư".to_owned()),
        issued: "2026-03-02".parse().ok(),
        received: None,
        due: "2026-03-13".parse().ok(),
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange {
            organ: Some(ORGAN.to_owned()),
            key: Some(key.to_owned()),
            ..Exchange::default()
        },
        field: None,
        attachments: Vec::new(),
    }
}

/// Its sender takes it back: the whole header again, under its own key.
pub fn revocation(of: &Document) -> Document {
    let mut document = Document { operation: Operation::Revoke, ..of.clone() };
    document.exchange.reason = Some("phát hành nhầm".to_owned());
    document
}

/// Another content under a key of its own, naming the document it updates.
pub fn update(of: &Document, edit: impl FnOnce(&mut Document)) -> Document {
    let mut document = Document { operation: Operation::Update, ..of.clone() };
    let old = document.exchange.key.replace(format!("{}/sua", document.exchange.key.as_deref().unwrap()));
    document.exchange.concerns = vec![Concern { key: old.unwrap(), organs: Vec::new() }];
    edit(&mut document);
    document
}

/// An update that removes (or adds again) a receiver.
pub fn receiver(of: &Document, organ: &str, added: bool) -> Document {
    update(of, |document| {
        document.exchange.receivers = vec![ReceiverChange { organ: organ.to_owned(), added }];
    })
}

/// A document in the place of others, for the bodies named.
pub fn replacement(key: &str, of: &[&Document], organs: &[&str]) -> Document {
    let mut document = Document { operation: Operation::Replace, ..paper(key) };
    document.symbol = format!("{key}-KH/ĐUK");
    document.exchange.concerns = of
        .iter()
        .map(|old| Concern {
            key: old.exchange.key.clone().unwrap(),
            organs: organs.iter().map(|organ| (*organ).to_owned()).collect(),
        })
        .collect();
    document
}
