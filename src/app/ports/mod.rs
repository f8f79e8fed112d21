//! The few traits between the use cases and the world: the clock, the sources, the
//! store, the files, the mailer.
//! Nothing else may reach a use case from outside.

mod clock;
mod files;
mod inbox;
mod mailer;
mod sent;
mod source;
mod store;
mod tenure;

pub use clock::Clock;
pub use files::{Draft, Files, FilesError, Kept, mentioned};
pub use inbox::{Fetched, Glance, Inbox, InboxError, OpenInbox, Unreadable};
pub use mailer::{Clearance, Mailer, SendOutcome};
pub use sent::{Sent, SentError};
pub use source::{
    Abilities, Ability, Broken, Earlier, Found, Incoming, Listed, Listing, Lookup, PageToken, Reading,
    Receipts, Report, Reported, Source, SourceError, Span,
};
pub use store::{
    About, AcceptanceKind, AcceptanceRow, Act, Again, AnswerRecord, Asked, Asks, Bounce, BrakeTx, Braked,
    BulletinSettled, Carry, CellReceipt, Choice, ClaimRequest, Claimed, ClaimedStatus, Cursor, Decision,
    Differ, Difference, DigestReader, DigestTx, DocumentRow, DoubtRow, DueBulletin, Given, Heard, HoldKind,
    HoldRow, HoldTx, HoldView, InboundKind, InboundReader, InboundRow, InboundTx, InboxState, JournalEntry,
    JournalKind, JournalRow, KeptEdits, LadderTx, LeaseReader, LeaseTx, Matter, Meta, NewAcceptance,
    NewBulletin, NewDoubt, NewHold, NewInbound, NewNotice, NewObligation, NewOrigin, NewRequest,
    NewRestoration, NewStatus, NewThread, NoticeFilter, NoticeRow, ObligationRow, OriginId, Pending, Place,
    PollState, ReadMark, Reader, RecallReader, RecallTx, RecalledAnswer, RecalledTally, ReceiptLook, RecurTx,
    Registered, Replacement, Replayed, RequestReader, RequestRow, RequestTx, Restoration, RestorationReader,
    RestorationTx, Room, Round, SendingReader, SendingTx, Settled, Settlement, Sheet, StatusFilter,
    StatusRow, StatusSettled, StatusSettlement, StatusTally, Stepped, Store, StoreError, StoredDuty,
    StoredRevision, TRIES, Table, TallyRow, Told, Tx, Uncleared, Unmatched, UpstreamTx, Verdict, Waiting,
    Watched, Why, Written, advice, choices,
};
pub use tenure::{Tenure, Term, Unlimited};
