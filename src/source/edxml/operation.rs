//! The operation of a message (`Bussiness`) and what it is about.

use super::header;
use super::problem::Problem;
use super::tree::Element;
use crate::domain::document::{Concern, Exchange, Operation, ReceiverChange};

/// Letters of an unknown code that are kept to show it.
const CODE: usize = 20;

/// Operation and exchange side of a message.
///
/// A code nobody defined is told as [`Operation::Unknown`] and kept: to take it for a new document would mail
/// cells about something that was perhaps withdrawn.
///
/// # Errors
/// [`Problem::Field`] for a receiver that is neither added nor removed.
pub(super) fn read(root: &Element, header: &Element) -> Result<(Operation, Exchange), Problem> {
    let none = Element::default();
    let business = root.find("business").unwrap_or(&none);
    let (operation, code) = operation(business);
    let exchange = Exchange {
        organ: header.text_at(&["from", "organid"]),
        key: header.text_at(&["documentid"]),
        concerns: concerns(operation, business),
        receivers: receivers(business)?,
        code,
        reason: business.text_at(&["businessdocreason"]),
        answers: header::references(header).collect(),
    };
    Ok((operation, exchange))
}

/// A message without `Bussiness` is a new document.
fn operation(business: &Element) -> (Operation, Option<String>) {
    let Some(text) = business.text_at(&["businessdoctype"]) else { return (Operation::New, None) };
    match text.parse::<u32>() {
        Ok(0) => (Operation::New, None),
        Ok(1) => (Operation::Revoke, None),
        Ok(2) => (Operation::Update, None),
        Ok(3) => (Operation::Replace, None),
        _ => (Operation::Unknown, Some(text.chars().take(CODE).collect())),
    }
}

/// What an update (`Bussiness/DocumentId`) or a replacement (`ReplacementInfoList`) is about. A new
/// document may name itself there, a revocation is about the header's own id.
fn concerns(operation: Operation, business: &Element) -> Vec<Concern> {
    match operation {
        Operation::New | Operation::Revoke | Operation::Unknown => Vec::new(),
        Operation::Update => {
            let key = business.text_at(&["documentid"]);
            key.map(|key| Concern { key, organs: Vec::new() }).into_iter().collect()
        }
        Operation::Replace => {
            let mut found = Vec::new();
            business.find_all(&["replacementinfo"], &mut found);
            found.into_iter().filter_map(replaced).collect()
        }
    }
}

fn replaced(info: &Element) -> Option<Concern> {
    let mut organs = Vec::new();
    info.find_all(&["organid"], &mut organs);
    let organs = organs.into_iter().filter_map(|organ| organ.text_at(&[])).collect();
    Some(Concern { key: info.text_at(&["documentid"])?, organs })
}

/// The receivers an update adds (1) or removes (0). Neither may be guessed.
fn receivers(business: &Element) -> Result<Vec<ReceiverChange>, Problem> {
    let mut found = Vec::new();
    business.find_all(&["receiver"], &mut found);
    let mut changes = Vec::new();
    for receiver in found {
        let Some(organ) = receiver.text_at(&["organid"]) else { continue };
        let added = match receiver.text_at(&["receivertype"]).as_deref() {
            Some("0") => false,
            Some("1") => true,
            _ => return Err(Problem::Field("ReceiverType")),
        };
        changes.push(ReceiverChange { organ, added });
    }
    Ok(changes)
}
