//! edXML, the message format of document exchange between agencies (QCVN 102:2016/BTTTT, amended by
//! Thông tư 01/2022/TT-BTTTT): documents and statuses, read and written. Whoever carries the messages
//! (an axis, a folder, a mail) hands the bytes to [`read`] and gets what a source must give.
//!
//! Reading is lenient where senders are known to be careless, and closed where care protects us:
//!
//! | Lenient | Closed |
//! |---|---|
//! | junk or a BOM before the first tag, UTF-16 | DOCTYPE, entities beyond the five and numbers |
//! | prefixes bound to nothing, any namespace, any order, any letter case | depth, attributes, elements, sizes ([`Limits`]) |
//! | `Bussiness` and `Business`, the older dialect of `http://www.go.vn/eDoc` | a receiver neither added nor removed |
//! | empty groups, dates in several forms | base64 that is none |
//!
//! edXML has no element for secrecy, since secret documents may not travel in it. So every text is judged
//! by [`judge_text`](crate::domain::secrecy::judge_text), attribute values, comments and file names
//! included, and before the content of a file is written anywhere, everything that stood before it. Files
//! go to [`Files`] as a stream; none of them is ever in memory as a whole.
//!
//! Read on in: `input` (caps and the copy for the register), `pull` (events), `body` (base64), `gather`
//! (the walk through a message), `header`, `operation`, `status`, `symbol` (what it says), `attachment`,
//! `unzip`, `media` (its files), `write`.

use std::io::{self, Read};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::app::ports::{Broken, Files, FilesError, Incoming, Reading};
use crate::domain::document::{Attachment, Document};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::secrecy::{self, Withheld};

mod attachment;
mod body;
mod gather;
mod header;
mod input;
mod limits;
mod media;
mod operation;
mod problem;
mod pull;
mod status;
mod symbol;
mod tree;
mod unzip;
mod write;

use gather::Gathered;
pub use limits::Limits;
pub use problem::Problem;
pub use write::{Organ, Outgoing, WriteError, write_document, write_status};

/// The mark given to a message that bears none, and the only one held open here: [`secrecy::judge`] then
/// rests on the texts alone.
const OPEN: &str = "edXML";

/// What the reader must know besides the bytes.
pub struct Context<'a> {
    /// The source they came from.
    pub source: &'a SourceId,
    /// The id the document has there.
    pub external_id: &'a ExternalId,
    /// When the source received it; without it, the newest hop of the message itself counts.
    pub received: Option<DateTime<Utc>>,
    /// The zone of dates and times, which the wire leaves out.
    pub zone: Tz,
    /// Where the contents of files go.
    pub files: &'a dyn Files,
    /// What is too much.
    pub limits: Limits,
}

/// Why a message could not be read through, while nothing is wrong with the message: it is to be read
/// again later.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes stopped coming.
    #[error("không đọc hết được thông điệp: {0}")]
    Input(#[from] io::Error),
    /// The content of a file could not be kept.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Why reading ends early.
enum Stop {
    Problem(Problem),
    Withheld(Withheld),
    Error(ReadError),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<FilesError> for Stop {
    fn from(error: FilesError) -> Self {
        Self::Error(error.into())
    }
}

/// Reads one message and judges it: [`Reading::Open`] a document with its files stored,
/// [`Reading::Status`] what another body says about one, [`Reading::Withheld`], or [`Reading::Broken`]
/// with the reason in words. Never [`Reading::Gone`].
///
/// The raw bytes it gives are the message in UTF-8; in place of each file's content stands
/// `<?vanthu-file id="…" sha256="…" size="…"?>`, its place in [`Files`]. Blocks: asynchronous callers use
/// a thread for such work.
///
/// # Errors
/// [`ReadError`]; nothing stays in [`Files`] then, nor after [`Reading::Withheld`].
pub fn read(input: impl Read, context: &Context<'_>) -> Result<Reading, ReadError> {
    let (gathered, outcome) = gather::gather(input, context);
    let reading = match outcome {
        Ok(()) => understood(gathered, context),
        Err(Stop::Problem(problem)) => broken(gathered, &problem, context),
        Err(stop) => Err(stop),
    };
    match reading {
        Ok(reading) => Ok(reading),
        Err(Stop::Withheld(why)) => Ok(Reading::Withheld(why)),
        Err(Stop::Problem(problem)) => Ok(Reading::Broken(Broken { reason: problem.to_string(), raw: None })),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// A message that was read to its end.
fn understood(gathered: Gathered, context: &Context<'_>) -> Result<Reading, Stop> {
    let meant = match &gathered.root {
        Some(root) if status::is_one(root) => status::read(root, context.zone).map(Meant::Status),
        Some(root) => header::document(root, context).map(Box::new).map(Meant::Document),
        None => Err(Problem::NotEdxml),
    };
    match meant {
        Ok(Meant::Status(status)) => Ok(Reading::Status(Box::new(status))),
        Ok(Meant::Document(document)) => open(gathered, *document, context),
        Err(problem) => broken(gathered, &problem, context),
    }
}

/// What a message is.
enum Meant {
    Document(Box<Document>),
    Status(crate::domain::status::Status),
}

/// A document, judged as a whole before its files are kept and with them after.
fn open(gathered: Gathered, document: Document, context: &Context<'_>) -> Result<Reading, Stop> {
    let listed = attachment::list(gathered.root.as_ref());
    let named = listed.iter().map(|file| file.attachment.clone()).collect();
    judged(Document { attachments: named, ..document.clone() })?;
    if let Some(number) = gathered.unreadable() {
        return broken(gathered, &Problem::Base64(number), context);
    }
    let (attachments, raw) = keep(gathered, listed, context)?;
    let ids: Vec<_> = attachments.iter().filter_map(|file| Some(file.stored.as_ref()?.id.clone())).collect();
    match judged(Document { attachments, ..document }) {
        Ok(document) => Ok(Reading::Open(Box::new(Incoming { document, raw }))),
        Err(stop) => {
            ids.iter().try_for_each(|id| context.files.discard(id))?;
            Err(stop)
        }
    }
}

fn judged(document: Document) -> Result<secrecy::Open<Document>, Stop> {
    secrecy::judge(document, Some(OPEN), &[OPEN.to_owned()]).map_err(Stop::Withheld)
}

/// A message that cannot be used. Where all of it was judged it is kept, and with it the files that were
/// whole, so that nothing is lost; else it stays where it came from.
fn broken(gathered: Gathered, problem: &Problem, context: &Context<'_>) -> Result<Reading, Stop> {
    let reason = problem.to_string();
    if !gathered.whole || gathered.raw.len() > context.limits.held {
        return Ok(Reading::Broken(Broken { reason, raw: None }));
    }
    let listed = attachment::list(gathered.root.as_ref());
    let (_, raw) = keep(gathered, listed, context)?;
    Ok(Reading::Broken(Broken { reason, raw: Some(raw) }))
}

/// Keeps the files of a message that may be kept; gives its attachments and its raw text, which name them.
fn keep(
    mut gathered: Gathered,
    listed: Vec<attachment::Listed>,
    context: &Context<'_>,
) -> Result<(Vec<Attachment>, Vec<u8>), Stop> {
    let mut kept = attachment::Keeper::new(context.files);
    let attachments = kept.all(listed, &mut gathered.files)?;
    let raw = gathered.text(kept.places());
    Ok((attachments, raw))
}
