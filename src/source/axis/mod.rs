//! What the two ways to the axis of electronic documents (trục liên thông) share: the national one
//! ([`vxp`](super::vxp)) and the provincial one ([`lgsp`](super::lgsp)). Both list what waits for an
//! organ, hand over edXML inside JSON, and take a transport acknowledgement and statuses.
//!
//! Read on in: `line` (requests with patience), `spool` and `outline` (large answers in little memory),
//! `row` (lists), `message` and `read` (what a fetched text holds), `letter` (statuses to be sent),
//! `agencies` (the list of all organs).

mod agencies;
mod beside;
mod letter;
mod line;
mod message;
mod multipart;
mod outline;
mod reach;
mod read;
mod row;
mod spool;
mod unbase;
mod when;

use crate::app::ports::{Abilities, Ability};

pub(super) use agencies::{Agencies, Organ};
pub(super) use letter::Letter;
pub(super) use line::{Failure, Line};
pub(super) use message::Message;
pub(super) use multipart::Part;
pub use reach::{Reach, ReachError};
pub(super) use read::{Origin, read};
pub(super) use row::{Handle, Kind, field, rows, text};
pub(super) use spool::Spool;
pub(super) use when::instant;

/// What either axis can do for an organ; statuses are told by one that is registered.
pub(super) fn abilities(is_registered: bool) -> Abilities {
    Abilities {
        read_receipts: Ability::No,
        statuses: if is_registered { Ability::Yes } else { Ability::Off },
        files: Ability::Yes,
        operations: Ability::Yes,
        counts: Ability::Yes,
    }
}
