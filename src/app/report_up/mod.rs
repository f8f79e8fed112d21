//! Report up: tell the sender's system how a document fares, by status codes (trạng thái trục).
//!
//! A status is enqueued in the transaction of the fact it tells of, under a key that exists once, and told
//! by [`ReportUp`] later: a source that is down delays nothing else. What the machine may say by itself is
//! a [`Voice`](crate::domain::status::Voice), 01 unless the settings say more; everything else is a
//! person's word ([`send`]). Of a withheld document nothing is in the register, so nothing can be said.
//!
//! | File | What it does |
//! |---|---|
//! | `say` | turns what is true of a document into statuses, for each of its origins |
//! | `send` | a person says a code, or has a failed one told again |
//! | `recall` | a person answers a sender who wants a document back |
//! | `tell` | tells what waits, one status at a time, and records what became of it |

mod recall;
mod say;
mod send;
mod tell;

pub use recall::{Answered, Recall, RecallError, answer};
pub use say::say;
pub(super) use send::again;
pub use send::{ByHand, SendError, retry, send};
pub use tell::{LEASE, ReportUp, ReportedUp, WAITS};
