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
    Abilities, Ability, Broken, Earlier, Found, Incoming, Listed, Listing, Lookup, PageToken, Reading,
    Receipts, Report, Reported, Source, SourceError, Span,
};
pub use store::{
    About, AcceptanceKind, AcceptanceRow, Act, Again, AnswerRecord, Asked, Asks, BrakeTx, Braked,
    BulletinSettled, Carry, CellReceipt, Choice, ClaimRequest, Claimed, ClaimedStatus, Cursor, Decision,
    Differ, Difference, DocumentRow, DoubtRow, DueBulletin, Heard, HoldKind, HoldRow, HoldTx, HoldView,
    JournalEntry, JournalKind, JournalRow, KeptEdits, Matter, Meta, NewAcceptance, NewBulletin, NewDoubt,
    NewHold, NewNotice, NewObligation, NewOrigin, NewRequest, NewStatus, NoticeFilter, NoticeRow,
    ObligationRow, OriginId, Pending, PollState, ReadMark, Reader, ReceiptLook, RecurTx, Registered,
    Replacement, Replayed, RequestReader, RequestRow, RequestTx, Settled, Settlement, StatusFilter,
    StatusRow, StatusSettled, StatusSettlement, StatusTally, Store, StoreError, StoredDuty, StoredRevision,
    TRIES, TallyRow, Tx, UpstreamTx, Verdict, Watched, Why, advice, choices,
};
