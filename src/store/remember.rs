//! From a copy of the journal to what a register that lost it must find again.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json as value;

use super::chronicle::{self, Fact, Line, Lost, Numbers, Opened, Posted, Row, Standing, mend_end, read_all};
use super::pool::Writer;
use super::sql::query;
use super::tx::SqlTx;
use super::value::json;
use super::{Conn, dialect, restoration};
use crate::app::ports::{
    Given, JournalEntry, JournalKind, NewRestoration, RestorationTx as _, StoreError, Tx as _,
};

/// Facts in one statement.
const STRIDE: usize = 1000;

/// Kinds of rows of the journal in which people decided what no source and no copy tells again.
const DECISIONS: [&str; 3] = ["closed", "released", "rested"];

/// As one statement takes it.
type Staged = (String, i64, &'static str, String, String, String, String, i64);

/// What a copy told a register that did not know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What the copy knows beyond the register.
    pub lost: Lost,
    /// Facts that were kept of it, to be found again.
    pub facts: u64,
}

/// Compares a register with a copy of its journal. Where the copy knows more, the register was put back from an older one,
/// by whatever means, or made anew: it is marked as such, if it is not already, and keeps what the copy tells. `origin`
/// names the copy for people.
///
/// # Errors
/// [`StoreError::Refused`] for a copy that cannot be read; as the engine says.
pub(super) async fn remember<W: Writer>(
    store: &W,
    folder: &Path,
    now: DateTime<Utc>,
) -> Result<Option<Remembered>, StoreError> {
    mend_end(folder)?;
    let Standing::Ahead { lost, .. } = chronicle::compare(store, folder).await? else { return Ok(None) };
    let known = chronicle::hashes(store).await?;
    let mut tx = SqlTx::new(store.writing().await?, None);
    if !restoration::holds_back(tx.conn()).await? {
        let Numbers { obligation, document, revision, hold, .. } = lost.numbers;
        let new = NewRestoration {
            origin: format!("bản chép nhật ký {}", folder.display()),
            taken: DateTime::from_timestamp_millis(lost.last),
            restored: now,
            author: "vanthu".to_owned(),
            given: Given { obligation, document, revision, hold },
        };
        tx.restored(&new).await?;
        let detail = value!({ "restored": new.origin, "taken": new.taken, "actor": new.author });
        let kind = JournalKind::Held;
        tx.append(&[JournalEntry { at: now, kind, document: None, obligation: None, detail }]).await?;
    }
    let facts = stage(tx.conn(), folder, &known).await?;
    Box::new(tx).commit().await?;
    Ok(Some(Remembered { lost, facts }))
}

/// Keeps what a copy tells in rows of the journal that are not `known`; how many facts were new.
async fn stage(conn: &mut Conn, folder: &Path, known: &[String]) -> Result<u64, StoreError> {
    let mut facts: Vec<Staged> = Vec::new();
    let mut former: Vec<Opened> = Vec::new();
    let mut new = 0;
    for line in read_all(folder)? {
        let Line::Row(row) = line? else { continue };
        let place = usize::try_from(row.number).ok().and_then(|number| number.checked_sub(1));
        if place.and_then(|place| known.get(place)) == Some(&row.hash) {
            continue;
        }
        take(row, &mut facts, &mut former)?;
        if facts.len() + former.len() >= STRIDE {
            new += flush(conn, &mut facts, &mut former).await?;
        }
    }
    Ok(new + flush(conn, &mut facts, &mut former).await?)
}

fn take(row: Row, facts: &mut Vec<Staged>, former: &mut Vec<Opened>) -> Result<(), StoreError> {
    let Row { hash, kind, detail, at, .. } = row;
    let mut place = 0;
    let mut keep = |kind, (source, id, unit): (&str, &str, &str), content: String, at| {
        let about = (source.to_owned(), id.to_owned(), unit.to_owned());
        facts.push((hash.clone(), place, kind, about.0, about.1, about.2, content, at));
        place += 1;
    };
    for fact in row.facts {
        match fact {
            Fact::Opened(opened) => former.push(opened),
            Fact::Planned(post) => keep("planned", about(&post), json(&post)?, post.at),
            Fact::Sent(post) => keep("sent", about(&post), json(&post)?, post.at),
            Fact::Doubtful(post) => keep("doubtful", about(&post), json(&post)?, post.at),
            Fact::Answered(answered) => {
                let Opened { source, id, cell, .. } = &answered.obligation;
                keep("answered", (source, id, cell), json(&answered)?, answered.at);
            }
        }
    }
    if DECISIONS.contains(&kind.as_str()) {
        keep("other", ("", "", ""), value!({ "kind": kind, "detail": detail }).to_string(), at);
    }
    Ok(())
}

fn about(post: &Posted) -> (&str, &str, &str) {
    (&post.source, &post.id, &post.unit)
}

async fn flush(
    conn: &mut Conn,
    facts: &mut Vec<Staged>,
    former: &mut Vec<Opened>,
) -> Result<u64, StoreError> {
    let rows: Vec<_> = former
        .drain(..)
        .map(|opened| (opened.obligation, opened.source, opened.id, opened.cell, opened.task))
        .collect();
    query(dialect::STAGE_FORMER).bind(json(&rows)?).execute(&mut *conn).await?;
    let staged: Vec<_> = std::mem::take(facts);
    Ok(query(dialect::STAGE).bind(json(&staged)?).execute(conn).await?.rows_affected())
}
