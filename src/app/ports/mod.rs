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
    Abilities, Ability, Broken, Earlier, Incoming, Listed, Listing, PageToken, Reading, Report, Reported,
    Source, SourceError,
};
pub use store::{
    About, AcceptanceKind, AcceptanceRow, Act, Again, AnswerRecord, Asks, BrakeTx, Braked, BulletinSettled,
    Carry, Choice, ClaimRequest, Claimed, ClaimedStatus, Cursor, DocumentRow, DueBulletin, Heard, HoldKind,
    HoldRow, HoldTx, HoldView, JournalEntry, JournalKind, JournalRow, KeptEdits, Matter, Meta, NewAcceptance,
    NewBulletin, NewHold, NewNotice, NewObligation, NewOrigin, NewStatus, NoticeFilter, NoticeRow,
    ObligationRow, OriginId, Pending, PollState, ReadMark, Reader, RecurTx, Registered, Replacement,
    Replayed, Settled, Settlement, StatusFilter, StatusRow, StatusSettled, StatusSettlement, StatusTally,
    Store, StoreError, StoredDuty, StoredRevision, TRIES, TallyRow, Tx, Why, advice, choices,
};
