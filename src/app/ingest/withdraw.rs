//! The end of a document, or of a cell's part in it, by an operation: taken back, replaced, no longer sent to us.
//! Whom it reaches is decided here; what then happens, in [`withdraw`](crate::app::withdraw).

use std::collections::BTreeSet;

use serde_json::json;

use super::register::{Case, Done};
use crate::app::ports::{
    Carry, HoldKind, JournalKind, NewHold, Registered, Replacement, StoreError, StoredRevision, Tx,
};
use crate::app::withdraw::{Withdrawal, rows};
use crate::domain::chain;
use crate::domain::change::assignments;
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, UnitId};
use crate::domain::operation::{Reach, Standing, reach};
use crate::domain::secrecy::judge_again;

/// Its sender takes a document back: a last revision that says so.
pub(super) async fn revoke(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    id: DocumentId,
    (content, raw): (&Document, &[u8]),
) -> Result<Done, StoreError> {
    let Some((known, stored)) = tx.newest(id).await? else { return Ok(Done::default()) };
    if stored.standing == Standing::Revoked {
        return Ok(Done::default());
    }
    let rows = rows(tx, id).await?;
    let (source, external_id) = (stored.document.source.clone(), stored.document.external_id.clone());
    let content = Document { source, external_id, ..content.clone() };
    // A revocation that may not be kept takes effect all the same.
    let registered = match judge_again(content) {
        Ok(open) => tx.register(Some(&known), &open, raw, case.now).await?,
        Err(_) => known,
    };
    if let Some(trace) = &stored.trace {
        tx.keep_trace(registered.revision, trace).await?;
    }
    let detail = json!({
        "revision": registered.number, "operation": "revoke", "raw": chain::sha256(&[raw]),
    });
    tx.append(&[case.entry(JournalKind::Registered, id, detail)]).await?;
    let all: Vec<_> = rows.iter().map(|row| row.id).collect();
    withdrawal(case, &registered, &stored.document, "revoked").whole(tx, &rows).await?;
    tx.carry(&Carry { document: id, to: registered.revision, rows: &all, behind: &[] }).await?;
    Ok(Done { is_new: true, ..Done::default() })
}

/// One document takes the place of another, for the bodies named. Cells that the new one is given to hear
/// of it by that one's notice, unless that left before anybody knew what it replaces.
pub(super) async fn replace(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (old, new): (DocumentId, DocumentId),
    organs: &[String],
) -> Result<(), StoreError> {
    if tx.newest(old).await?.is_none()
        || reach(organs, case.handling(), &case.office.units) == Reach::Nobody
        || !tx.replace(Replacement { old, new }).await?
    {
        return Ok(());
    }
    replaced(tx, case, (old, new), organs).await
}

/// What follows from a replacement that is known.
pub(super) async fn replaced(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (old, new): (DocumentId, DocumentId),
    organs: &[String],
) -> Result<(), StoreError> {
    let Some((known, stored)) = tx.newest(old).await? else { return Ok(()) };
    let reach = reach(organs, case.handling(), &case.office.units);
    if reach == Reach::All && stored.standing < Standing::Replaced {
        tx.stand(old, Standing::Replaced).await?;
    }
    let named = tx.told(new).await?;
    let spared = rows(tx, new).await?.into_iter().map(|row| row.cell);
    let spared = spared.filter(|cell| !named.contains(cell)).collect();
    end(tx, case, (&known, &stored), (&reach, &spared), "replaced").await
}

/// The receivers an update removes, and adds again.
pub(super) async fn receivers(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    id: DocumentId,
    content: &Document,
) -> Result<(), StoreError> {
    let named = |added| {
        let changes = content.exchange.receivers.iter().filter(move |change| change.added == added);
        changes.map(|change| change.organ.clone()).collect::<Vec<_>>()
    };
    let (removed, added) = (named(false), named(true));
    let Some((known, stored)) = tx.newest(id).await? else { return Ok(()) };
    let (handling, units) = (case.handling(), &case.office.units);
    if !removed.is_empty() {
        let reach = reach(&removed, handling, units);
        if reach == Reach::All && stored.standing == Standing::InForce {
            tx.stand(id, Standing::Removed).await?;
        }
        return end(tx, case, (&known, &stored), (&reach, &BTreeSet::new()), "removed").await;
    }
    let again = !added.is_empty() && reach(&added, handling, units) == Reach::All;
    if again && stored.standing == Standing::Removed {
        return resume(tx, case, (&known, &stored)).await;
    }
    Ok(())
}

/// A document that is sent to us again after all: a further revision that asks anew.
async fn resume(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (known, stored): (&Registered, &StoredRevision),
) -> Result<(), StoreError> {
    tx.stand(known.id, Standing::InForce).await?;
    let Ok(open) = judge_again(stored.document.clone()) else { return Ok(()) };
    let told = tx.told(known.id).await?;
    let registered = tx.register(Some(known), &open, &case.incoming.raw, case.now).await?;
    let step = case.step(&registered, open.get());
    let trace = step.trace(tx).await?;
    step.assign(tx, assignments(&trace.outcome), &told).await?;
    Ok(())
}

/// Ends the rows that an operation reaches.
async fn end(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    (known, stored): (&Registered, &StoredRevision),
    (reach, spared): (&Reach, &BTreeSet<UnitId>),
    because: &'static str,
) -> Result<(), StoreError> {
    let today = case.office.calendar.date_of(case.now);
    let mut rows = rows(tx, known.id).await?;
    match reach {
        Reach::All => {}
        Reach::Units(units) => {
            let tree = &case.office.units;
            rows.retain(|row| units.iter().any(|unit| tree.is_within(&row.cell, unit, today)));
        }
        Reach::Nobody => return Ok(()),
        Reach::Unknown => return unknown_reach(tx, case, known, &stored.document).await,
    }
    let end = withdrawal(case, known, &stored.document, because);
    end.run(tx, &rows, spared).await?;
    if *reach == Reach::All { end.moot(tx).await } else { Ok(()) }
}

fn withdrawal<'a>(
    case: &Case<'a>,
    registered: &'a Registered,
    document: &'a Document,
    because: &'static str,
) -> Withdrawal<'a> {
    let Case { office, policy, now, .. } = *case;
    Withdrawal { registered, document, because, office, policy, now }
}

/// Bodies are named and the office does not know its own name among them: a person must say.
async fn unknown_reach(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    known: &Registered,
    document: &Document,
) -> Result<(), StoreError> {
    let word = case.document().operation.vietnamese();
    let hold = NewHold {
        kind: HoldKind::Operation,
        source: case.document().source.clone(),
        external_id: case.document().external_id.clone(),
        document: Some(known.id),
        unit: None,
        task: None,
        reason: format!(
            "nghiệp vụ {word} nêu đích danh nơi nhận của văn bản {}, nhưng chưa khai mã định danh của cơ quan \
             (operations.organs)",
            document.symbol
        ),
        raw: None,
    };
    tx.open_hold(&hold, case.now).await.map(|_| ())
}
