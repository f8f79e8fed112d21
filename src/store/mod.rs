//! The register: SQLite or PostgreSQL behind the port [`Store`](crate::app::ports::Store).
//!
//! - [`backup`]: copies of a file, and putting one back.
//! - [`chronicle`]: a copy of the journal outside, with what a lost register would need to know again; `recall`: finding it
//!   again.
//! - [`files`]: the contents of attachments, in a folder beside it.
//! - [`sqlite`]: opening, the two pools, closing; `place`: the file on its disk: lock, mode, owner, kind
//!   of file system; `reserve`: room kept back for a full disk; `schema`: whose file it is, how old, and bringing it up to date.
//! - [`postgres`]: the same on a server; `pool`: what both give; `sql`: statements that run on either; [`transfer`]: from one
//!   to the other.
//! - `reads` and `tx`: the port's two halves, which only hand on to the statements.
//! - `document`, `obligation`, `notice`, `claim` (and `front`, where a claim begins on a server), `answer`, `hold`, `brake`, `poll`, `journal`, `edition`, `bulletin`, `operation`,
//!   `waiting`, `status`, `ladder`, `lease`, `heard`, `receipt`, `compare`, `request`, `restoration`, `sending`, `inbound`, `mailbox`: the
//!   statements, by
//!   noun, each beside the private row it yields and that row's way into the domain; `listing`, `replay`,
//!   `contact`, `sheet`, `outbox`, `tally`, `digest`: what lists, mornings and counts derive from them.
//! - `dialect`: the statements that another engine must word differently; all others keep to what
//!   SQLite and PostgreSQL share (`$1`, `RETURNING`, `ON CONFLICT DO NOTHING`, `FILTER`, 0 and 1 for
//!   truth).
//! - `journal` appends to the chain that `domain::chain` defines, and walks it.
//! - `value`: instants, days, words and JSON, and the error that names table, column and key.
//!
//! A document meant for 221 cells is one statement per kind of row, never a loop: a statement costs a
//! hop to the engine's thread, a row inside it next to nothing.

mod answer;
pub mod backup;
mod brake;
mod bulletin;
pub mod chronicle;
mod claim;
mod compare;
mod contact;
mod dialect;
mod digest;
mod document;
mod edition;
mod error;
pub mod files;
mod front;
mod heard;
mod hold;
mod inbound;
mod journal;
mod ladder;
mod lease;
mod listing;
mod mailbox;
mod notice;
mod obligation;
mod operation;
mod outbox;
mod place;
mod poll;
mod pool;
pub mod postgres;
mod reads;
mod recall;
mod receipt;
mod recur;
mod remember;
mod replay;
mod request;
mod reserve;
mod restoration;
mod schema;
mod sending;
mod sheet;
mod sql;
pub mod sqlite;
mod status;
mod tally;
#[cfg(test)]
mod tests;
pub mod transfer;
mod tx;
mod value;
mod waiting;

pub use pool::Access;
pub use remember::Remembered;

use sql::Conn;
