//! The few traits between the use cases and the world: the clock, the sources, the store, the mailer.
//! Nothing else may reach a use case from outside.

mod clock;
mod mailer;
mod source;
mod store;

pub use clock::Clock;
pub use mailer::{Clearance, Mailer, SendOutcome};
pub use source::{Broken, Incoming, Listed, Listing, PageToken, Reading, Source, SourceError};
pub use store::{
    AnswerRecord, ClaimRequest, Claimed, Cursor, DocumentRow, HoldKind, HoldRow, JournalEntry, JournalKind,
    JournalRow, Meta, NewHold, NewNotice, NewObligation, NoticeFilter, NoticeRow, ObligationRow, PollState,
    ReadMark, Reader, Registered, Replayed, Settled, Settlement, Store, StoreError, StoredDuty,
    StoredRevision, TallyRow, Tx,
};
