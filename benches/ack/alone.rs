//! The rows of a press, written by the engine alone.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use vanthu::domain::ids::ObligationId;

use super::engine::Place;

/// What is written of each press, as long as the register writes it.
const ANSWER: &str = r#"{"received":{"promised":null}}"#;
const EVIDENCE: &str =
    "10.0.0.1 Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";
const FACT: &str = r#"{"actor":null,"answer":{"received":{"promised":null}},"cell":"cb-001","channel":"link","grade":"clicked","reason":null,"revision":1,"state":"acknowledged"}"#;
const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Presses a second, so many in a commit.
///
/// # Errors
/// The engine's, or not all were written.
pub async fn rate(place: &Place, rows: &[ObligationId], group: usize, now: DateTime<Utc>) -> Result<f64> {
    let (mut raw, now) = (place.raw().await?, now.timestamp_millis());
    let known = raw.number("SELECT count(*) FROM answer".to_owned()).await?;
    let begun = Instant::now();
    for group in rows.chunks(group) {
        let mut sql = "BEGIN;".to_owned();
        for id in group {
            write!(
                sql,
                "UPDATE obligation SET state = 'acknowledged', since = {now}, grade = 'clicked' WHERE id = {0};
                 INSERT INTO answer (obligation, revision, content, grade, channel, evidence, at)
                 SELECT id, revision, '{ANSWER}', 'clicked', 'link', '{EVIDENCE}', {now} FROM obligation WHERE id = {0};
                 INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
                 SELECT max(number) + 1, {now}, 'answered', 1, {0}, '{FACT}', '{HASH}' FROM journal;",
                id.0
            )?;
        }
        raw.run(sql + "COMMIT").await?;
    }
    let took = begun.elapsed().as_secs_f64();
    let written = raw.number("SELECT count(*) FROM answer".to_owned()).await? - known;
    ensure!(written == i64::try_from(rows.len())?, "{written} answers were written");
    Ok(rows.len() as f64 / took)
}
