//! The few traits between the use cases and the world: the clock, the sources, the
//! store, the files, the mailer.
//! Nothing else may reach a use case from outside.

mod clock;
mod files;
mod mailer;
mod source;
mod store;

pub use clock::Clock;
pub use files::{Draft, Files, FilesError, Kept, mentioned};
pub use mailer::{Clearance, Mailer, SendOutcome};
pub use source::{
    Abilities, Ability, Broken, Incoming, Listed, Listing, PageToken, Reading, Report, Reported, Source,
    SourceError,
};
pub use store::{
    AcceptanceKind, AcceptanceRow, AnswerRecord, BulletinSettled, Carry, ClaimRequest, Claimed, Cursor,
    DocumentRow, DueBulletin, HoldKind, HoldRow, JournalEntry, JournalKind, JournalRow, KeptEdits, Meta,
    NewAcceptance, NewBulletin, NewHold, NewNotice, NewObligation, NewOrigin, NoticeFilter, NoticeRow,
    ObligationRow, Pending, PollState, ReadMark, Reader, Registered, Replacement, Replayed, Settled,
    Settlement, Store, StoreError, StoredDuty, StoredRevision, TallyRow, Tx, Why,
};
