//! What cannot be registered yet: an operation whose original has not come or is not named, and a document
//! that may be one that is known. Nothing is guessed and nothing is lost: bytes are kept, and a hold shows them.

use chrono::TimeDelta;
use serde_json::json;

use super::register::{Case, Done};
use super::withdraw;
use crate::app::ports::{HoldKind, JournalKind, NewHold, NewOrigin, Pending, StoreError, Tx, Why};
use crate::domain::document::{Document, Operation};
use crate::domain::ids::DocumentId;
use crate::domain::operation::{Doubt, Key, Reach, reach};

/// An operation comes before the document it is about; `new` is the one that is to take its place, where it
/// is registered itself.
pub(super) async fn for_original(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    key: Key,
    new: Option<DocumentId>,
) -> Result<Done, StoreError> {
    let document = case.document();
    let until = TimeDelta::from_std(case.handling().wait).map_or(case.now, |wait| case.now + wait);
    let until = case.office.calendar.date_of(until).format("%d/%m/%Y");
    let (word, id) = (document.operation.vietnamese(), &key.id);
    let reason = format!(
        "{word} văn bản có mã {id} mà sổ chưa có; sẽ tự áp dụng khi văn bản đó đến. Quá ngày {until} vẫn chưa \
         đến thì đề nghị hỏi nơi gửi"
    );
    keep(tx, case, (Why::Original(key), new), (HoldKind::Operation, reason)).await
}

/// A document may be one that is known: both are shown, a person says.
pub(super) async fn for_a_person(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    doubts: &[(DocumentId, Doubt)],
) -> Result<Done, StoreError> {
    let mut reasons = Vec::new();
    for (id, doubt) in doubts {
        let Some((_, stored)) = tx.newest(*id).await? else { continue };
        reasons.push(format!("#{id} {} ({})", shown(&stored.document), doubt.vietnamese()));
    }
    let reason = format!(
        "{} có thể là văn bản đã có trong sổ: {}. Cần xác định là một hay là hai văn bản",
        shown(case.document()),
        reasons.join("; ")
    );
    keep(tx, case, (Why::Person, None), (HoldKind::Ambiguous, reason)).await
}

/// An operation that names no document, or one whose code nobody defined: a person says what it is about.
pub(super) async fn for_a_target(tx: &mut dyn Tx, case: &Case<'_>) -> Result<Done, StoreError> {
    let document = case.document();
    let what = match (&document.exchange.code, document.operation) {
        (Some(code), _) => format!("mã nghiệp vụ “{code}” không có trong danh mục"),
        (None, operation) => format!("nghiệp vụ {} không nêu mã văn bản nào", operation.vietnamese()),
    };
    let reason = format!("{what}: {}", shown(document));
    keep(tx, case, (Why::Person, None), (HoldKind::Operation, reason)).await
}

fn shown(document: &Document) -> String {
    let issued = document.issued.map(|day| day.format(" ngày %d/%m/%Y").to_string()).unwrap_or_default();
    format!("{}{issued} của {}, “{}”", document.symbol, document.issuer, document.subject)
}

async fn keep(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (why, document): (Why, Option<DocumentId>),
    (kind, reason): (HoldKind, String),
) -> Result<Done, StoreError> {
    let (content, raw) = (case.document().clone(), case.incoming.raw.clone());
    let pending = Pending { why, document, content, raw, arrived: case.now };
    if tx.wait(&pending).await? {
        let hold = NewHold {
            kind,
            source: pending.content.source,
            external_id: pending.content.external_id,
            document,
            unit: None,
            task: None,
            reason,
            raw: None,
        };
        tx.open_hold(&hold, case.now).await?;
    }
    Ok(Done::default())
}

/// What waited for a document that has come. However it was delivered, it is applied in one order: updates,
/// then replacements, then a revocation.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Updates; already among the origins.
    pub(super) updates: Vec<Pending>,
    /// Documents that take its place, with whether for all of us.
    replacements: Vec<(DocumentId, Vec<String>, bool)>,
    /// The revocation.
    revocation: Option<Pending>,
}

impl Met {
    /// Whether the document has ended before it came.
    pub(super) fn ends(&self) -> bool {
        self.revocation.is_some() || self.replacements.iter().any(|(_, _, whole)| *whole)
    }

    /// Applies what is left to apply; whether the document has ended by it.
    pub(super) async fn apply(
        &self,
        tx: &mut dyn Tx,
        case: &Case<'_>,
        id: DocumentId,
    ) -> Result<bool, StoreError> {
        for update in &self.updates {
            withdraw::receivers(tx, case, id, &update.content).await?;
        }
        for (new, organs, _) in &self.replacements {
            withdraw::replace(tx, case, (id, *new), organs).await?;
        }
        if let Some(pending) = &self.revocation {
            withdraw::revoke(tx, case, id, (&pending.content, &pending.raw)).await?;
        }
        Ok(self.ends())
    }
}

/// Takes what waits for a document by the key its delivery bears.
pub(super) async fn meet(tx: &mut dyn Tx, case: &Case<'_>, id: DocumentId) -> Result<Met, StoreError> {
    let mut met = Met::default();
    let mut keys: Vec<_> = Key::own(case.document()).into_iter().collect();
    while let Some(key) = keys.pop() {
        for pending in tx.waiting_for(&key).await? {
            take(tx, case, (id, &key), &pending).await?;
            // What names the document by its update's own key has found it too.
            let update = pending.content.operation == Operation::Update;
            keys.extend(Key::own(&pending.content).filter(|own| update && *own != key));
            met.take(pending, case, &key);
        }
    }
    Ok(met)
}

/// One operation ends its waiting.
async fn take(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (id, key): (DocumentId, &Key),
    pending: &Pending,
) -> Result<(), StoreError> {
    let content = &pending.content;
    if tx.end_wait(pending, case.now).await? == 0 {
        tx.close_holds(HoldKind::Operation, &content.source, &content.external_id, case.now).await?;
    }
    let detail = json!({"operation": content.operation.as_str(), "waited_since": pending.arrived});
    tx.append(&[case.entry(JournalKind::Released, id, detail)]).await?;
    if content.operation != Operation::Replace {
        let raw = Some(pending.raw.as_slice());
        let origin = NewOrigin { document: id, content, key: Some(key), raw, seen: pending.arrived };
        tx.keep_origin(&origin).await?;
    }
    Ok(())
}

impl Met {
    fn take(&mut self, pending: Pending, case: &Case<'_>, key: &Key) {
        match (pending.content.operation, pending.document) {
            (Operation::Update, _) => self.updates.push(pending),
            (Operation::Revoke, _) => self.revocation = Some(pending),
            (Operation::Replace, Some(new)) => {
                let mut named = Key::replaced(&pending.content).into_iter();
                let organs = named.find(|(old, _)| old == key).map(|(_, organs)| organs.to_vec());
                let organs = organs.unwrap_or_default();
                let whole = reach(&organs, case.handling(), &case.office.units) == Reach::All;
                self.replacements.push((new, organs, whole));
            }
            (Operation::New | Operation::Replace | Operation::Unknown, _) => {}
        }
    }
}
