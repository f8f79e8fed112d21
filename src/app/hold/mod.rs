//! Hold: a person decides about what the machine did not. Which decisions a hold allows depends on its kind and
//! on what is kept for it ([`choices`]); each is one verb, the same for the command line and the board, and is journalled with who
//! decided and why.

mod assign;
mod brake;
mod known;
mod request;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::ports::{
    Act, Choice, HoldKind, HoldRow, HoldView, Matter, Reader, StoreError, StoredRevision, Tx, advice, choices,
};
use super::{enqueue, ingest};
use crate::domain::ids::{DocumentId, HoldId, RuleId, UnitId};
use crate::domain::notice::NoticeKind;
use crate::domain::status::Unsayable;

pub use super::desk::Desk;
pub use assign::{To, Wanted};

/// Why it was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// There is no such hold, or somebody decided already.
    #[error("không có việc chờ số {0}, hoặc việc đó đã được giải quyết")]
    Gone(HoldId),
    /// A hold of its kind does not allow this.
    #[error("việc chờ số {0} không dùng được “{1}”; cách xử lý: {2}")]
    NotPossible(HoldId, &'static str, String),
    /// A decision without a reason cannot be explained later.
    #[error("cần ghi lý do")]
    NoReason,
    /// The document never came into the register.
    #[error("văn bản của việc chờ này chưa có trong sổ nên chưa giao được")]
    NoDocument,
    /// These are no cells on this day.
    #[error("không phải chi bộ đang hoạt động: {0}")]
    NotCells(String),
    /// There is no such rule.
    #[error("không có quy tắc “{0}”")]
    NoRule(RuleId),
    /// The rule gives nobody anything, or everybody has it already.
    #[error("không có chi bộ nào được giao thêm việc")]
    Nobody,
    /// Something else must be named.
    #[error("việc chờ số {0} cần nêu {1}")]
    Names(HoldId, &'static str),
    /// The document that was named cannot be it.
    #[error("trong sổ không có văn bản #{0} nào khác để gắn vào")]
    NotThis(DocumentId),
    /// By what is known today the document is secret.
    #[error("văn bản có dấu hiệu độ mật, không được đưa vào sổ: {0}")]
    Secret(&'static str),
    /// All that was refused has been overtaken.
    #[error("việc chờ số {0} không còn trạng thái nào báo lại được; hãy khép mục này")]
    NothingToTell(HoldId),
    /// An answer that may not follow what was said.
    #[error("{0}")]
    Unsayable(#[from] Unsayable),
    /// The unit still has no mailbox.
    #[error("{0} vẫn chưa có hộp thư; thêm hộp thư trong tệp tổ chức trước")]
    NoMailbox(UnitId),
    /// Nothing that a decision could be about: it was asked before this was kept, or has ended.
    #[error("việc chờ số {0} không còn đề nghị nào để quyết định; hãy khép mục này")]
    Unasked(HoldId),
    /// The work has ended.
    #[error(
        "việc của mục chờ số {0} đã kết thúc hoặc không có hạn, nên không gia hạn được; hãy khép mục này"
    )]
    Ended(HoldId),
    /// Not later than the due day.
    #[error("ngày gia hạn phải sau hạn hiện nay {}", .0.format("%d/%m/%Y"))]
    NotLater(NaiveDate),
    /// Nothing can be done in the past.
    #[error("hạn {} đã qua; xin nêu một ngày còn ở phía trước", .0.format("%d/%m/%Y"))]
    Past(NaiveDate),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Decided {
    /// Documents concerned.
    pub documents: u64,
    /// Obligations opened.
    pub opened: u64,
    /// Mails that leave now or in office hours.
    pub mails: u64,
}

impl Desk<'_> {
    /// Closes a hold: nothing more is done about it, or it was done elsewhere.
    ///
    /// # Errors
    /// [`HoldError`]
    pub async fn dismiss(&self, id: HoldId) -> Result<Decided, HoldError> {
        let (hold, _) = self.find(id, Act::Dismiss).await?;
        match (hold.kind, hold.matter) {
            (HoldKind::Brake, _) => self.silence(&hold).await,
            (HoldKind::Recall, _) => self.answer(id, false).await,
            (HoldKind::MoreTime, _) => self.refuse(&hold).await,
            (HoldKind::Declined, _) => self.agree(&hold).await,
            (_, Matter::Kept) => self.drop_kept(&hold).await,
            (HoldKind::Undeliverable, _) => self.seen_to(&hold).await,
            _ => {
                self.settle(self.store.begin().await?, &hold, Act::Dismiss, Decided::default(), json!({}))
                    .await
            }
        }
    }

    /// Lets what a hold keeps back go its way.
    ///
    /// # Errors
    /// [`HoldError`]
    pub async fn release(&self, id: HoldId) -> Result<Decided, HoldError> {
        let (hold, _) = self.find(id, Act::Release).await?;
        match (hold.kind, hold.matter) {
            (HoldKind::Brake, _) => self.unbrake(&hold).await,
            (HoldKind::NoContact, _) => self.tell(&hold).await,
            (HoldKind::Recall, _) => self.answer(id, true).await,
            (HoldKind::MoreTime, _) => self.grant(id, None).await,
            (HoldKind::Declined, _) => self.hand_back(&hold).await,
            (_, Matter::Kept) => self.identify(&hold, Act::Release, ingest::Choice::Own).await,
            (_, Matter::Refused) => self.tell_again(&hold).await,
            (HoldKind::Operation, _) => self.reach_all(&hold).await,
            _ => {
                let mut tx = self.store.begin().await?;
                tx.try_again(&hold.source, &hold.external_id).await?;
                self.settle(tx, &hold, Act::Release, Decided::default(), json!({})).await
            }
        }
    }

    /// The open hold, if it allows the act and has the reason that it needs.
    async fn find(&self, id: HoldId, act: Act) -> Result<(HoldRow, &'static Choice), HoldError> {
        let hold = self.store.hold(id).await?.filter(|hold| hold.closed.is_none());
        let hold = hold.ok_or(HoldError::Gone(id))?;
        let Some(choice) = choices(&hold).iter().find(|choice| choice.act == act) else {
            return Err(HoldError::NotPossible(id, act.as_str(), advice(&hold).to_owned()));
        };
        if choice.reasons && self.reason.trim().is_empty() {
            return Err(HoldError::NoReason);
        }
        Ok((hold, choice))
    }

    /// Closes a hold about mails that did not leave; those that are kept back because of their domain go on saying
    /// why, and that a person has seen to it.
    async fn seen_to(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        if let (Some(document), Some(unit)) = (hold.document, &hold.unit) {
            let day = self.office.calendar.date_of(self.now).format("%d/%m/%Y");
            let words = format!("{} đã xem ngày {day}: {}", self.actor, self.reason.trim());
            tx.explain_outside(document, unit, &words).await?;
        }
        self.settle(tx, hold, Act::Dismiss, Decided::default(), json!({})).await
    }

    /// Writes to the cell that had no mailbox when it was given work.
    async fn tell(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let unit = hold.unit.as_ref().ok_or(HoldError::NoDocument)?;
        let mut tx = self.store.begin().await?;
        let stored = self.stored(tx.as_mut(), hold).await?;
        let mail = enqueue::Mail {
            revision: stored.id,
            urgency: stored.document.urgency,
            kind: NoticeKind::Notice,
            step: "00".to_owned(),
            about: Vec::new(),
        };
        let notices = enqueue::notices(&mail, unit, self.office, self.policy, self.now);
        if notices.is_empty() {
            return Err(HoldError::NoMailbox(unit.clone()));
        }
        let mails = tx.enqueue(stored.document_id, &notices, self.now).await?;
        let done = Decided { documents: 1, opened: 0, mails };
        self.settle(tx, hold, Act::Release, done, json!({"unit": unit})).await
    }

    /// The newest revision of the document of a hold.
    async fn stored(&self, tx: &mut dyn Tx, hold: &HoldRow) -> Result<StoredRevision, HoldError> {
        let document = hold.document.ok_or(HoldError::NoDocument)?;
        tx.newest(document).await?.map(|(_, stored)| stored).ok_or(HoldError::NoDocument)
    }

    /// Closes the hold with its entry in the journal, and commits.
    async fn settle(
        &self,
        mut tx: Box<dyn Tx>,
        hold: &HoldRow,
        act: Act,
        done: Decided,
        more: serde_json::Value,
    ) -> Result<Decided, HoldError> {
        if !tx.decide_hold(hold.id, act, self.now).await? {
            return Err(HoldError::Gone(hold.id));
        }
        tx.append(&[self.entry(hold, act, more)]).await?;
        tx.commit().await?;
        Ok(done)
    }
}

/// So many of the documents that a brake keeps back are shown: enough to see what they are.
const KEPT_BACK_SHOWN: u32 = 20;

/// Everything known about a hold.
///
/// # Errors
/// [`StoreError`]
pub async fn about(
    store: &(impl Reader + ?Sized),
    id: HoldId,
    now: DateTime<Utc>,
) -> Result<Option<HoldView>, StoreError> {
    let Some(hold) = store.hold(id).await? else { return Ok(None) };
    let document = match hold.document {
        Some(document) => store.document(document, now).await?.map(|row| row.document),
        None => None,
    };
    let braked = match hold.kind {
        HoldKind::Brake => Some(store.braked(id).await?),
        _ => None,
    };
    let mut kept_back = Vec::new();
    if braked.is_some() {
        for document in store.braked_documents(id, KEPT_BACK_SHOWN).await? {
            kept_back.extend(store.document(document, now).await?);
        }
    }
    let mail = match (hold.kind, hold.external_id.as_str().parse()) {
        (HoldKind::Reply, Ok(number)) => store.message(number).await?,
        _ => None,
    };
    let request = store.request_under(id).await?;
    Ok(Some(HoldView { hold, document, braked, kept_back, request, mail }))
}
