//! A register with so many open obligations, of which those of one directive are due.

use std::time::Instant;

use anyhow::{Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use vanthu::app::office::Office;
use vanthu::app::policy::Policy;
use vanthu::app::ports::{Claimed, NewNotice, NewObligation, Settled, Settlement, Store};
use vanthu::domain::ids::{TaskId, UnitId};
use vanthu::domain::ladder::{Anchor, Ladder, Recipient, Step, StepKind, Until};
use vanthu::domain::notice::{NoticeKey, NoticeKind};
use vanthu::domain::obligation::{Duty, Grade, Owed, Role};
use vanthu::domain::secrecy::judge;
use vanthu::runtime::wiring;
use vanthu::store::sqlite::{Access, SqliteStore, open};

use super::median::middle;
use super::office;
use super::paper::{CELLS, paper};

/// Copies of document 1 with all its rows under new ids, as if each had been sent and were open, with a ladder
/// that wants attention in some years.
const COPIES: [&str; 6] = [
    "CREATE TEMP TABLE copy AS WITH RECURSIVE n (k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < $1)
     SELECT k FROM n",
    "INSERT INTO document (id, source, external_id, registered)
     SELECT k, source, external_id || '-' || k, registered FROM copy, document WHERE id = 1",
    "INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered)
     SELECT k, k, number, fingerprint, symbol, content, registered FROM copy, revision WHERE id = 1",
    "INSERT INTO duty (id, revision, content) SELECT k, k, content FROM copy, duty WHERE id = 1",
    "INSERT INTO obligation (document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
        next_action)
     SELECT k, k, k, cell, task, 'open', opened, since, acknowledge_due, due, step, next_action + 100000000000 + k
     FROM copy, obligation o WHERE o.revision = 1",
    "INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery,
        send_at, tries, epoch, sent_at, reply)
     SELECT k, k, unit, kind, step, mailbox, k || message_id, priority, enqueued, 'sent', send_at, 1, 1, send_at, 'ok'
     FROM copy, notice WHERE notice.revision = 1",
];

/// The register with its office.
pub struct Register {
    folder: TempDir,
    pub office: Office,
    pub policy: Policy,
    pub now: DateTime<Utc>,
}

impl Register {
    /// Writes one with `rows` open obligations.
    ///
    /// # Errors
    /// The disk is full, or the sample office is broken.
    pub async fn fill(rows: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let loaded = office::load(folder.path())?;
        let store = open(&folder.path().join("vanthu.db"), Access::Serve).await?;
        let policy = wiring::policy(&loaded, &store).await?;
        let office = wiring::office(&loaded.settings, &loaded.office);
        let now: DateTime<Utc> = "2026-03-02T01:00:00Z".parse()?;
        let register = Self { folder, office, policy, now };
        register.first(&store).await?;
        store.close().await;
        drop(store);
        let mut conn = register.conn().await?;
        // A fill that dies is begun anew, and its indexes are written in no order: they stay in memory.
        for pragma in ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -4000000"] {
            sqlx::query(pragma).execute(&mut conn).await?;
        }
        let documents = i64::try_from(rows.div_ceil(CELLS))?;
        for sql in COPIES {
            sqlx::query(sql).bind(documents).execute(&mut conn).await?;
        }
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await?;
        conn.close().await?;
        Ok(register)
    }

    /// The directive all others are copies of.
    async fn first(&self, store: &SqliteStore) -> Result<()> {
        let today = self.office.calendar.date_of(self.now);
        let cells: Vec<UnitId> = self.office.units.cells_on(today).map(|cell| cell.id.clone()).collect();
        let cells = cells.into_iter().take(usize::try_from(CELLS)?);
        let document = judge(paper(1, self.now), Some("Thường"), &["Thường".to_owned()])
            .map_err(|_| anyhow!("the document is open"))?;
        let mut tx = store.begin().await?;
        let registered = tx.register(None, &document, b"{}", self.now).await?;
        let duty = tx.open_duty(registered.revision, &duty(self.now)).await?;
        let row = |cell: UnitId| NewObligation {
            duty,
            cell,
            task: TaskId::only(),
            acknowledge_due: None,
            due: Some(self.now),
            next_action: Some(self.now),
        };
        let rows: Vec<_> = cells.map(row).collect();
        tx.open_obligations(registered.id, registered.revision, &rows, self.now - TimeDelta::days(30))
            .await?;
        let notices = rows.iter().map(|row| NewNotice {
            message_id: format!("{}@bench", row.cell),
            key: NoticeKey {
                revision: registered.revision,
                unit: row.cell.clone(),
                kind: NoticeKind::Notice,
                step: "00".to_owned(),
                mailbox: format!("{}@mau.example", row.cell),
            },
            send_at: self.now,
            priority: 3,
            about: Vec::new(),
        });
        tx.enqueue(registered.id, &notices.collect::<Vec<_>>(), self.now).await?;
        tx.commit().await?;
        let mut conn = self.conn().await?;
        sqlx::query("UPDATE notice SET delivery = 'sent', sent_at = send_at").execute(&mut conn).await?;
        Ok(conn.close().await?)
    }

    /// The smallest statement on the path that the register's statements take, milliseconds.
    ///
    /// # Errors
    /// The register's.
    pub async fn floor(&self, rounds: usize) -> Result<f64> {
        self.timed(rounds, "SELECT 1").await
    }

    /// The smallest commit that is on the disk when it is told of, milliseconds.
    ///
    /// # Errors
    /// The register's.
    pub async fn sync(&self, rounds: usize) -> Result<f64> {
        self.timed(rounds, "UPDATE obligation SET told = told WHERE id = 1").await
    }

    async fn timed(&self, rounds: usize, sql: &'static str) -> Result<f64> {
        let mut conn = self.conn().await?;
        sqlx::query("PRAGMA synchronous = FULL").execute(&mut conn).await?;
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let begun = Instant::now();
            sqlx::query(sql).execute(&mut conn).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        conn.close().await?;
        Ok(middle(times))
    }

    /// The register as the daemon has it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn store(&self) -> Result<SqliteStore> {
        Ok(open(&self.folder.path().join("vanthu.db"), Access::Serve).await?)
    }

    /// Makes the rows of the first directive late by a day at an instant, so that their ladder wants a step.
    ///
    /// # Errors
    /// The register's.
    pub async fn wake(&self, at: DateTime<Utc>) -> Result<()> {
        let mut conn = self.conn().await?;
        sqlx::query("UPDATE obligation SET next_action = $1, due = $2 WHERE revision = 1")
            .bind((at - TimeDelta::days(6)).timestamp_millis())
            .bind((at - TimeDelta::days(1)).timestamp_millis())
            .execute(&mut conn)
            .await?;
        Ok(conn.close().await?)
    }

    /// Takes the mails of a round away again, so that the next finds what it found: one mail to each cell.
    ///
    /// # Errors
    /// The register's.
    pub async fn forget(&self) -> Result<()> {
        let mut conn = self.conn().await?;
        sqlx::query("DELETE FROM notice WHERE revision = 1 AND kind <> 'notice'").execute(&mut conn).await?;
        Ok(conn.close().await?)
    }

    /// Closes nine of ten rows that are not due.
    ///
    /// # Errors
    /// The register's.
    pub async fn close_history(&self) -> Result<()> {
        let mut conn = self.conn().await?;
        sqlx::query(
            "UPDATE obligation SET state = 'done', next_action = NULL WHERE revision > 1 AND revision % 10 <> 0",
        )
        .execute(&mut conn)
        .await?;
        Ok(conn.close().await?)
    }

    async fn conn(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("vanthu.db"));
        Ok(options.busy_timeout(std::time::Duration::from_secs(10)).connect().await?)
    }
}

/// Settles claimed mails as sent, so that the next round claims its own.
///
/// # Errors
/// The register's.
pub async fn settle(store: &dyn Store, claimed: &[Claimed], now: DateTime<Utc>) -> Result<()> {
    let sent = |claimed: &Claimed| Settlement {
        id: claimed.id,
        epoch: claimed.epoch,
        settled: Settled::Sent { reply: "ok".to_owned() },
    };
    let settlements: Vec<_> = claimed.iter().map(sent).collect();
    let mut tx = store.begin().await?;
    tx.settle(&settlements, now).await?;
    Ok(tx.commit().await?)
}

/// Three chases after the due day and three reminders before it.
fn duty(now: DateTime<Utc>) -> Duty {
    let step = |number: u16| Step {
        number,
        anchor: Anchor::Due,
        offset: [-5, -3, 0, 1, 3, 5].get(usize::from(number) - 1).copied().unwrap_or_default(),
        hours: 0,
        kind: if number < 4 { StepKind::Remind } else { StepKind::Chase },
        to: Recipient::Cell,
        until: Until::Done,
    };
    Duty {
        task: None,
        role: Role::Lead,
        owes: vec![Owed::Acknowledge, Owed::Report],
        figures: Vec::new(),
        rules: vec!["chuyen-de-quy".into()],
        rule_names: vec!["Sinh hoạt chuyên đề theo quý".to_owned()],
        acknowledge_due: None,
        due: Some(now),
        due_why: None,
        ladder: Ladder { name: "bench".to_owned(), steps: (1..=6).map(step).collect(), ..Ladder::default() },
        grade: Grade::Clicked,
        ruleset: "0123456789ab".to_owned(),
    }
}
