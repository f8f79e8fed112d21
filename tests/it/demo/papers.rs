//! What the invented papers are worth: vanthu must withhold the secret ones, and no other.

use chrono::{DateTime, TimeDelta};
use vanthu::demo::papers::{Paper, SECRET, papers};
use vanthu::domain::document::{Attachment, Document, Exchange, Operation, Steering, Urgency};
use vanthu::domain::ids::{ExternalId, SourceId};
use vanthu::domain::secrecy::judge;
use vanthu::domain::text::clean;

fn document(paper: &Paper) -> Document {
    let file =
        |name: &String| Attachment { external_id: "1".into(), name: clean(name), ..Attachment::default() };
    Document {
        source: SourceId("ioffice".into()),
        external_id: ExternalId(paper.id.to_string()),
        symbol: clean(&paper.symbol),
        kind_name: Some(clean(&paper.kind_name)),
        subject: clean(&paper.subject),
        content: Some(paper.content.clone()),
        issuer: clean(&paper.issuer),
        signer: Some(paper.signer.clone()),
        issued: Some(paper.issued),
        received: Some(paper.received),
        due: paper.due,
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: Some(paper.field.clone()),
        attachments: paper.files.iter().map(|attached| file(&attached.name)).collect(),
    }
}

fn all() -> Vec<Paper> {
    let end = DateTime::UNIX_EPOCH + TimeDelta::days(20_784) + TimeDelta::hours(1);
    (0..8).flat_map(|seed| papers(end, seed)).collect()
}

#[test]
fn exactly_the_secret_papers_are_withheld() {
    let open = ["Thường", "Không mật"].map(str::to_owned);
    let withheld: Vec<_> = all()
        .iter()
        .filter(|paper| judge(document(paper), paper.secrecy.as_deref(), &open).is_err())
        .map(|paper| paper.subject.clone())
        .collect();
    assert_eq!(withheld.len(), 8 * SECRET, "{withheld:#?}");
}

#[test]
fn every_number_follows_the_grammar_of_its_issuer() {
    for paper in all().iter().filter(|paper| !paper.symbol.is_empty()) {
        let document = document(paper);
        let symbol = document.parsed_symbol().unwrap_or_else(|| panic!("unread: {}", document.symbol));
        assert!(!symbol.issuer.is_empty(), "{}", document.symbol);
    }
}
