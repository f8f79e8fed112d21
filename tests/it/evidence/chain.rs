//! A register whose journal is changed behind its back, in every way we could think of, on both engines: each change is
//! found, and at the right row. `VANTHU_TAMPERS` sets how many, `VANTHU_SEED` which (docs/RELIABILITY.md).

use std::sync::Arc;

use chrono::DateTime;
use serde_json::json;
use vanthu::app::ports::{JournalEntry, JournalKind, Store};
use vanthu::domain::chain::{Kept, Link, Verdict, sha256};
use vanthu::domain::ids::{DocumentId, ObligationId};

use super::stranger::{Stranger, quoted};
use crate::support::number;
use crate::support::postgres::temp_postgres;
use crate::support::store::temp_sqlite;
use crate::year::dice::Dice;

const ROWS: i64 = 120;

/// A register with a journal of some length, and somebody who may change it.
struct Bench {
    store: Arc<dyn Store>,
    stranger: Stranger,
    links: Vec<Link>,
    /// The heads after row 40 and after the last.
    kept: Vec<Kept>,
}

fn fact(number: i64) -> JournalEntry {
    let kind = JournalKind::ALL[usize::try_from(number).unwrap() % JournalKind::ALL.len()];
    JournalEntry {
        at: DateTime::from_timestamp(1_768_462_200 + 60 * number, 0).unwrap(),
        kind,
        document: (number % 5 > 0).then_some(DocumentId(number % 5)),
        obligation: (number % 3 == 0).then_some(ObligationId(number)),
        detail: json!({ "cell": format!("cb-{}", number % 7), "reason": "Đã nhận\n\"đủ\" 'hồ sơ'", "n": number }),
    }
}

async fn append(store: &dyn Store, facts: &[JournalEntry]) {
    let mut tx = store.begin().await.unwrap();
    tx.append(facts).await.unwrap();
    tx.commit().await.unwrap();
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

impl Bench {
    async fn new(store: Arc<dyn Store>, mut stranger: Stranger) -> Self {
        for batch in (1..=ROWS).collect::<Vec<_>>().chunks(7) {
            let facts: Vec<_> = batch.iter().copied().map(fact).collect();
            append(store.as_ref(), &facts).await;
        }
        for sql in ["UPDATE journal SET at = 1", "DELETE FROM journal WHERE number = 120"] {
            assert!(stranger.try_to(sql).await.is_err(), "{sql}");
        }
        let links = store.links(0, 0).await.unwrap();
        let kept = [40, ROWS].map(|rows| {
            let link = &links[usize::try_from(rows).unwrap() - 1];
            Kept { rows: Some(rows), hash: text(&link.hash).to_owned() }
        });
        stranger.unlock_journal().await;
        stranger.run("CREATE TABLE journal_before AS SELECT * FROM journal").await;
        Self { store, stranger, links, kept: kept.to_vec() }
    }

    async fn verdict(&self) -> Verdict {
        self.store.verify_journal(self.kept.clone(), &|_| ()).await.unwrap()
    }

    /// Puts the journal back as it was.
    async fn mend(&mut self) {
        self.stranger
            .run("DELETE FROM journal; INSERT INTO journal SELECT * FROM journal_before ORDER BY number")
            .await;
    }

    fn link(&self, number: i64) -> &Link {
        &self.links[usize::try_from(number).unwrap() - 1]
    }

    fn insert(&self, link: &Link) -> String {
        let id = |id: Option<i64>| id.map_or("NULL".to_owned(), |id| id.to_string());
        format!(
            "INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
             VALUES ({}, {}, '{}', {}, {}, {}, '{}');",
            link.number,
            link.at,
            text(&link.kind),
            id(link.document),
            id(link.obligation),
            quoted(text(&link.detail)),
            text(&link.hash),
        )
    }

    /// One bit of the detail of a row, so that it still is a text.
    fn flipped(&self, number: i64, dice: &mut Dice) -> String {
        let mut detail = self.link(number).detail.clone();
        loop {
            let place = usize::try_from(dice.below(detail.len() as u64)).unwrap();
            let flipped = detail[place] ^ (1 << dice.below(7));
            if detail[place].is_ascii() && (b' '..0x7f).contains(&flipped) {
                detail[place] = flipped;
                return quoted(text(&detail));
            }
        }
    }

    /// Statements that change the journal, and what must be found then.
    fn tamper(&self, dice: &mut Dice) -> (String, Verdict) {
        let number = 1 + i64::try_from(dice.below(ROWS as u64)).unwrap();
        let set = |what: String| {
            (format!("UPDATE journal SET {what} WHERE number = {number}"), Verdict::Changed { number })
        };
        match dice.below(14) {
            0..=2 => set(format!("detail = {}", self.flipped(number, dice))),
            3 => set(format!("at = at + {}", 1 + dice.below(1000))),
            4 => set(format!("document = coalesce(document, 0) + {}", 1 + dice.below(9))),
            5 => set("obligation = coalesce(obligation, 0) + 1".to_owned()),
            6 => {
                let other = fact(number + 1).kind.as_str();
                set(format!("kind = '{other}'"))
            }
            7 => {
                let mut hash = self.link(number).hash.clone();
                let place = usize::try_from(dice.below(64)).unwrap();
                hash[place] = if hash[place] == b'0' { b'1' } else { b'0' };
                set(format!("hash = '{}'", text(&hash)))
            }
            8 => {
                let sql = format!("DELETE FROM journal WHERE number = {number}");
                let end = Verdict::Cut { rows: ROWS - 1, kept: ROWS };
                (sql, if number == ROWS { end } else { Verdict::Missing { number } })
            }
            9 => {
                let sql = format!("DELETE FROM journal WHERE number >= {number}");
                (sql, Verdict::Cut { rows: number - 1, kept: ROWS })
            }
            10 => {
                let other = 1 + number % ROWS;
                let sql = format!(
                    "UPDATE journal SET number = -1 WHERE number = {number};
                     UPDATE journal SET number = {number} WHERE number = {other};
                     UPDATE journal SET number = {other} WHERE number = -1"
                );
                (sql, Verdict::Changed { number: number.min(other) })
            }
            // A row put in between, bound as it must be; all rows behind it move up.
            11 => {
                let previous =
                    if number == 1 { "0".repeat(64) } else { text(&self.link(number - 1).hash).to_owned() };
                let mut forged = Link { at: 1, ..self.link(number).clone() };
                forged.hash = forged.hash_after(&previous).into_bytes();
                let sql = format!(
                    "UPDATE journal SET number = -number WHERE number >= {number};
                     UPDATE journal SET number = 1 - number WHERE number < 0; {}",
                    self.insert(&forged)
                );
                // Where a head was kept the forged row itself is found, else the one behind it.
                let is_kept = number == 40 || number == ROWS;
                let found = Verdict::Changed { number: number + 1 };
                (sql, if is_kept { Verdict::Rewritten { number } } else { found })
            }
            // A row before all others, where nobody may look.
            12 => {
                let forged = Link { number: -number, ..self.link(number).clone() };
                (self.insert(&forged), Verdict::Changed { number: -number })
            }
            // Everything from a row on written anew, so that it fits in itself.
            _ => {
                let sql = self.anew(number);
                let first_head = if number <= 40 { 40 } else { ROWS };
                (sql, Verdict::Rewritten { number: first_head })
            }
        }
    }

    fn anew(&self, from: i64) -> String {
        let mut previous =
            if from == 1 { "0".repeat(64) } else { text(&self.link(from - 1).hash).to_owned() };
        let mut sql = format!("DELETE FROM journal WHERE number >= {from};");
        for number in from..=ROWS {
            let mut link = Link { at: self.link(number).at + 1, ..self.link(number).clone() };
            previous = link.hash_after(&previous);
            link.hash = previous.clone().into_bytes();
            sql += &self.insert(&link);
        }
        sql
    }
}

async fn every_change_is_found(store: Arc<dyn Store>, stranger: Stranger) {
    let (tampers, seed) = (number("VANTHU_TAMPERS", 60), number("VANTHU_SEED", 20_261_123));
    let mut bench = Bench::new(store, stranger).await;
    let last = text(&bench.link(ROWS).hash).to_owned();
    let whole = Verdict::Whole { rows: ROWS, last };
    let mut dice = Dice::new(seed);
    for turn in 0..tampers {
        assert_eq!(bench.verdict().await, whole);
        let (sql, expected) = bench.tamper(&mut dice);
        bench.stranger.run(&sql).await;
        assert_eq!(bench.verdict().await, expected, "VANTHU_SEED={seed}, change {turn}: {sql}");
        bench.mend().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_found_in_a_file() {
    let (store, folder) = temp_sqlite().await;
    let stranger = Stranger::of_file(&folder.path().join("vanthu.db")).await;
    every_change_is_found(Arc::new(store), stranger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_found_on_a_server() {
    let (store, database) = temp_postgres().await;
    let stranger = Stranger::of_server(&database).await;
    every_change_is_found(Arc::new(store), stranger).await;
}

/// Rows that an older program wrote stay good, and new ones go on from them.
async fn an_older_journal_goes_on(store: Arc<dyn Store>, mut stranger: Stranger) {
    let mut previous = "0".repeat(64);
    for number in 1..=3_i64 {
        let detail = format!("{{\"n\":{number}}}");
        let text = format!("{previous}\n{number}\n{number}000\nheld\n-\n-\n{detail}");
        previous = sha256(&[text.as_bytes()]);
        stranger
            .run(&format!(
                "INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
                 VALUES ({number}, {number}000, 'held', NULL, NULL, '{detail}', '{previous}')"
            ))
            .await;
    }
    append(store.as_ref(), &[fact(4), fact(5)]).await;
    let kept = Kept { rows: None, hash: previous };
    let verdict = store.verify_journal(vec![kept], &|_| ()).await.unwrap();
    assert!(matches!(verdict, Verdict::Whole { rows: 5, .. }), "{verdict:?}");
}

#[tokio::test]
async fn an_older_journal_goes_on_in_a_file() {
    let (store, folder) = temp_sqlite().await;
    let stranger = Stranger::of_file(&folder.path().join("vanthu.db")).await;
    an_older_journal_goes_on(Arc::new(store), stranger).await;
}

#[tokio::test]
async fn an_older_journal_goes_on_on_a_server() {
    let (store, database) = temp_postgres().await;
    let stranger = Stranger::of_server(&database).await;
    an_older_journal_goes_on(Arc::new(store), stranger).await;
}

/// How long a walk takes: a million rows in a minute at least. A command, because a timed test fails on busy machines:
///
///     VANTHU_ROWS=1000000 cargo test --release --test it evidence::chain::a_long -- --ignored --nocapture
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn a_long_journal_is_walked() {
    let rows = i64::try_from(number("VANTHU_ROWS", 1_000_000)).unwrap();
    let (file, _folder) = temp_sqlite().await;
    let (server, _database) = temp_postgres().await;
    for (engine, store) in [("SQLite", Arc::new(file) as Arc<dyn Store>), ("PostgreSQL", Arc::new(server))] {
        for first in (1..=rows).step_by(5000) {
            let facts: Vec<_> = (first..(first + 5000).min(rows + 1)).map(fact).collect();
            append(store.as_ref(), &facts).await;
        }
        let begun = std::time::Instant::now();
        let verdict = store.verify_journal(Vec::new(), &|_| ()).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
        println!("{engine}: {rows} rows walked in {:.1} s", begun.elapsed().as_secs_f64());
    }
}
