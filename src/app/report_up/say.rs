//! Say: what is true of a document now, enqueued for each of its origins.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::app::ports::{JournalEntry, JournalKind, NewStatus, OriginId, StatusRow, StoreError, Tx};
use crate::domain::ids::DocumentId;
use crate::domain::status::{Counts, StatusCode, Voice, Voices, status_key};

/// Enqueues what became true of a document and may be said; returns how many statuses are new. Nothing is
/// said twice and nothing lower than before, however often this is called.
///
/// # Errors
/// [`StoreError`].
pub async fn say(
    tx: &mut dyn Tx,
    voices: &Voices,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    if voices.is_empty() {
        return Ok(0);
    }
    let origins = tx.origin_ids(document).await?;
    let voiced: Vec<_> = origins.iter().filter_map(|origin| Some((origin, voice(voices, origin)?))).collect();
    if voiced.is_empty() {
        return Ok(0);
    }
    let known = tx.statuses_of(document).await?;
    let waits = voiced.iter().any(|(origin, voice)| voice.waits_for_cells(&said(&known, origin, "")));
    let counts = if waits { tx.counts(document).await? } else { Counts::default() };
    let mut new = 0;
    for (origin, voice) in voiced {
        for code in voice.next(&counts, &said(&known, origin, "")) {
            // That it has arrived says nothing of cells, who have not even been written to.
            let description = if code == StatusCode::Arrived { String::new() } else { counts.sentence() };
            let word = Word { code, occasion: "", description, by: None };
            new += u64::from(enqueue(tx, document, origin, &word, now).await?);
        }
    }
    Ok(new)
}

/// What may be said by itself to an origin, if anything.
fn voice<'a>(voices: &'a Voices, origin: &OriginId) -> Option<&'a Voice> {
    voices.get(&origin.source).filter(|voice| voice.speaks_of(&origin.external_id))
}

/// What was said to an origin, or is about to be; of answers, those to one occasion. What failed counts:
/// a server that did not answer may have taken it.
pub(super) fn said(known: &[StatusRow], origin: &OriginId, occasion: &str) -> Vec<StatusCode> {
    let of = known.iter().filter(|row| row.origin == *origin && row.occasion == occasion);
    of.map(|row| row.code).collect()
}

/// One thing to be said.
pub(super) struct Word<'a> {
    /// The code.
    pub(super) code: StatusCode,
    /// Of an answer, the message it answers.
    pub(super) occasion: &'a str,
    /// Free text that goes with it.
    pub(super) description: String,
    /// Who says it and why, where a person does.
    pub(super) by: Option<(&'a str, &'a str)>,
}

/// Enqueues one status with its entry in the journal; `false` if it was said before.
pub(super) async fn enqueue(
    tx: &mut dyn Tx,
    document: DocumentId,
    origin: &OriginId,
    word: &Word<'_>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Word { code, occasion, description, by } = word;
    let status = NewStatus {
        document,
        origin: origin.clone(),
        code: *code,
        occasion: (*occasion).to_owned(),
        key: status_key(&origin.source, &origin.external_id, *code, occasion),
        description: description.clone(),
        author: by.map(|(author, _)| author.to_owned()),
        reason: by.map(|(_, reason)| reason.to_owned()),
        at: now,
    };
    let is_new = tx.enqueue_status(&status).await?;
    if is_new {
        let detail = json!({
            "status": code.digits(), "source": origin.source, "external_id": origin.external_id,
            "actor": status.author, "reason": status.reason,
        });
        let kind = JournalKind::Enqueued;
        tx.append(&[JournalEntry { at: now, kind, document: Some(document), obligation: None, detail }])
            .await?;
    }
    Ok(is_new)
}
