//! The chronicle: a second, append-only copy of the journal outside the register, with the facts that a register would
//! need to know again: which mails were sent and to be sent, what cells answered, which obligations stand in links.
//!
//! It is a folder, best on another disk, with a file of JSON lines for each month (`2026-11.jsonl`). A line is one row of
//! the journal, chained by the same hashes, with its facts in words that outlive the register. It is on the disk before
//! a commit that wrote to the journal returns: what a page confirms, and what a server accepted, is in both or, for a
//! commit that another process made, within a second. Where it cannot be written the register goes on, because it is
//! durable itself, and says so until the gap is closed: what is missing is appended, in order, as soon as it can be.
//!
//! A line that was cut by a crash or a full disk is cut off and written anew. Where the copy knows more than the
//! register, the register is not the one it was: see [`Standing::Ahead`].

mod facts;
mod file;
mod line;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use tokio::sync::Mutex;

use super::pool::Pool;
use super::sql::{query_as, query_scalar};
use crate::app::ports::StoreError;
use file::Months;
pub(super) use file::{mend_end, read_all};
pub use line::{Answered, Fact, Fork, Line, Numbers, Opened, Posted, Row};

/// Rows of the journal that are written together at most.
const STRIDE: i64 = 500;

/// A copy that is being kept.
pub struct Chronicle {
    source: Box<dyn Pool>,
    state: Mutex<State>,
    trouble: std::sync::Mutex<Option<String>>,
}

impl std::fmt::Debug for Chronicle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chronicle").finish_non_exhaustive()
    }
}

struct State {
    months: Months,
    /// The last row of the journal that is in the copy, and its hash; 0 of an empty copy.
    number: i64,
    hash: String,
    /// The greatest numbers of notices and obligations whose facts are in the copy.
    seen: Numbers,
}

/// How the copy and the register stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The copy has nothing that the register lacks.
    Level,
    /// The copy tells of what the register does not know: the register was put back from an older one, or made anew.
    Ahead {
        /// The last row of the journal that both have.
        common: i64,
        /// What the copy knows beyond.
        lost: Lost,
    },
}

/// What a copy knows beyond the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many rows of the journal.
    pub rows: u64,
    /// When the last of them happened, in milliseconds since 1970.
    pub last: i64,
    /// The greatest numbers that the lost register had given.
    pub numbers: Numbers,
}

/// Compares a copy with a register; changes neither.
///
/// # Errors
/// [`StoreError::Refused`], naming file and line, for a copy that cannot be read; as the engine says.
pub(super) async fn compare<P: Pool + ?Sized>(source: &P, folder: &Path) -> Result<Standing, StoreError> {
    let Some(tail) = file::last(folder)? else { return Ok(Standing::Level) };
    if is_known(source, &tail).await? {
        return Ok(Standing::Level);
    }
    let mut common = 0;
    let mut lost = Lost::default();
    let journal = hashes(source).await?;
    for line in read_all(folder)? {
        let Line::Row(row) = line? else { continue };
        let number = usize::try_from(row.number).unwrap_or_default();
        let known = number.checked_sub(1).and_then(|place| journal.get(place)) == Some(&row.hash);
        lost.numbers = lost.numbers.max(row.given);
        if known {
            (common, lost.rows) = (row.number, 0);
        } else {
            lost.rows += 1;
            lost.last = lost.last.max(row.at);
        }
    }
    Ok(if lost.rows == 0 { Standing::Level } else { Standing::Ahead { common, lost } })
}

/// The hashes of the register's journal, by number.
pub(super) async fn hashes<P: Pool + ?Sized>(source: &P) -> Result<Vec<String>, StoreError> {
    let mut conn = source.reader().await?;
    Ok(query_scalar("SELECT hash FROM journal ORDER BY number").fetch_all(&mut conn).await?)
}

/// Whether the register's journal has the row that a copy ends with.
async fn is_known<P: Pool + ?Sized>(source: &P, tail: &Row) -> Result<bool, StoreError> {
    if tail.number == 0 {
        return Ok(true);
    }
    let mut conn = source.reader().await?;
    let hash: Option<String> = query_scalar("SELECT hash FROM journal WHERE number = $1")
        .bind(tail.number)
        .fetch_optional(&mut conn)
        .await?;
    Ok(hash.as_deref() == Some(&tail.hash))
}

impl Chronicle {
    /// Goes on with the copy in a folder, which is made where it is missing: a last line that was cut is cut off, and what
    /// the copy lacks is appended. Where the copy is ahead, a line says from where on it follows another register.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the copy cannot be read or written; as the engine says.
    pub(super) async fn go_on(source: Box<dyn Pool>, folder: PathBuf) -> Result<Arc<Self>, StoreError> {
        let mut months = Months::open(folder.clone())?;
        let tail = file::last(&folder)?;
        let (number, hash, seen) = match tail {
            Some(tail) if is_known(source.as_ref(), &tail).await? => (tail.number, tail.hash, tail.seen),
            None => (0, String::new(), Numbers::default()),
            Some(_) => {
                let Standing::Ahead { common, .. } = compare(source.as_ref(), &folder).await? else {
                    return Err(StoreError::Refused(format!(
                        "bản chép nhật ký ở {} không khớp với sổ này; hãy đặt journal.copy vào thư mục trống",
                        folder.display()
                    )));
                };
                let seen = facts::greatest(&mut source.reader().await?).await?;
                let hashes = hashes(source.as_ref()).await?;
                let last = usize::try_from(common)
                    .ok()
                    .and_then(|common| hashes.get(common.checked_sub(1)?).cloned());
                let hash = last.unwrap_or_else(|| "0".repeat(64));
                months.fork(&Fork { after: common, hash: hash.clone(), seen })?;
                (common, hash, seen)
            }
        };
        let chronicle = Self {
            source,
            state: Mutex::new(State { months, number, hash, seen }),
            trouble: std::sync::Mutex::default(),
        };
        chronicle.catch_up().await;
        Ok(Arc::new(chronicle))
    }

    /// Appends whatever the journal has more; remembers why where it could not.
    pub async fn catch_up(&self) {
        let mut state = self.state.lock().await;
        let done = self.append(&mut state).await;
        let trouble = done.err().map(|error| error.to_string());
        let mut known = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &trouble) {
            (None, Some(reason)) => {
                tracing::error!(%reason, "không ghi được bản chép nhật ký; sổ vẫn ghi bình thường")
            }
            (Some(_), None) => tracing::info!("bản chép nhật ký đã ghi lại được, đã chép bù"),
            _ => {}
        }
        *known = trouble;
    }

    /// Why the copy lacks something; `None` where it lacks nothing.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn append(&self, state: &mut State) -> Result<(), StoreError> {
        loop {
            let mut conn = self.source.reader().await?;
            let rows: Vec<facts::JournalRow> = query_as(
                "SELECT number, at, kind, document, obligation, detail, hash FROM journal
                 WHERE number >= $1 ORDER BY number LIMIT $2",
            )
            .bind(state.number)
            .bind(STRIDE)
            .fetch_all(&mut conn)
            .await?;
            // The row that the copy ends with comes once more: what follows another one is no journal of this register.
            let mut rows = rows.into_iter();
            if state.number > 0
                && rows.next().is_none_or(|row| (row.number, &row.hash) != (state.number, &state.hash))
            {
                return Err(StoreError::Receded { row: state.number, copied: true });
            }
            let rows: Vec<_> = rows.collect();
            let Some((last, hash)) = rows.last().map(|row| (row.number, row.hash.clone())) else {
                return Ok(());
            };
            let (lines, seen) = facts::lines(&mut conn, rows, state.seen).await?;
            drop(conn);
            state.months.write(&lines)?;
            (state.number, state.hash, state.seen) = (last, hash, seen);
        }
    }
}
