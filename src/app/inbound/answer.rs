//! A person's words. They count only if they are a bare statement, the mail they answer is one of ours, and
//! their author is a mailbox of the unit it was written to; everything else is for people to read.

use chrono::{DateTime, Utc};

use super::{Inbound, Verdict};
use crate::app::acknowledge::{AnswerError, ByMail, Replied, by_mail};
use crate::app::mailbox;
use crate::app::office::Office;
use crate::app::ports::{InboundKind, StoreError, Tx, Written};
use crate::domain::ids::UnitId;
use crate::domain::inbound::{Received, Said, Unsaid, said};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::Answer;

impl Inbound<'_> {
    pub(super) async fn answer(
        &self,
        tx: &mut dyn Tx,
        mail: &Received,
        identity: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Verdict>, StoreError> {
        let written = tx.written(&self.named(mail)).await?;
        let from = mail.from.as_deref().unwrap_or_default();
        let ours = |written: &&Written| {
            written.key.mailbox.eq_ignore_ascii_case(from)
                || belongs(self.office, &written.key.unit, from, now)
        };
        let Some(notice) = written.iter().find(ours) else {
            return Ok(written.into_iter().next().map(strange));
        };
        mailbox::well(tx, from, now).await?;
        let today = self.office.calendar.date_of(now);
        let (answer, because) = match said(&mail.text, today) {
            Said::Received => (Answer::Received { promised: None }, "đã nhận"),
            Said::Done { report_symbol, report_date } => {
                let (note, link, figures) = (None, None, Vec::new());
                (Answer::Done { report_symbol, report_date, note, link, figures }, "đã hoàn thành")
            }
            Said::Nothing(why) => return Ok(Some(words(notice, unsaid(why)))),
        };
        if let Some(why) = unanswerable(notice.key.kind) {
            return Ok(Some(words(notice, why)));
        }
        let evidence = format!("{from} {}", identity.get(..12).unwrap_or_default());
        let (revision, unit) = (notice.key.revision, &notice.key.unit);
        let by = ByMail { revision, unit, answer: &answer, evidence: &evidence, now };
        let replied = by_mail(tx, self.store, (self.office, self.policy), &by).await;
        Ok(Some(verdict(notice, because, replied.map_err(unanswered)?)))
    }
}

/// Whether an address is one that mail to the unit may go to on a day: its own or a deputy's, valid that day.
fn belongs(office: &Office, unit: &UnitId, address: &str, now: DateTime<Utc>) -> bool {
    let day = office.calendar.date_of(now);
    let Some(unit) = office.units.get(unit) else { return false };
    let own = unit.mailboxes_on(day).into_iter().any(|mailbox| mailbox.address.eq_ignore_ascii_case(address));
    own || unit.recipients_on(day).iter().any(|reader| reader.address.eq_ignore_ascii_case(address))
}

/// Why no reply to a mail of this kind can count: it must ask its own reader for something, and for one document.
fn unanswerable(kind: NoticeKind) -> Option<&'static str> {
    match kind {
        NoticeKind::Escalation | NoticeKind::Withdrawal => Some("trả lời một thư không giao việc"),
        NoticeKind::Digest => Some("trả lời thư gộp nhiều văn bản, cần rõ là văn bản nào"),
        NoticeKind::Notice | NoticeKind::Reminder | NoticeKind::Chase | NoticeKind::Change => None,
    }
}

/// No token stands in the way of a mail, so nothing but the register can fail, or a row be missing in it.
fn unanswered(error: AnswerError) -> StoreError {
    match error {
        AnswerError::Store(error) => error,
        AnswerError::Token(_) | AnswerError::Unknown | AnswerError::Lost => {
            StoreError::Engine("thư trả lời dẫn đến một việc không có trong sổ".to_owned())
        }
    }
}

fn unsaid(why: Unsaid) -> &'static str {
    match why {
        Unsaid::Empty => "không có lời nào phía trên thư cũ",
        Unsaid::Words => "lời riêng, máy không tự hiểu",
        Unsaid::Day => "ngày của báo cáo không có thật hoặc chưa tới",
    }
}

/// For people, from a cell.
fn words(notice: &Written, because: &str) -> Verdict {
    let hold = format!("{} trả lời thư: {because}", notice.key.unit);
    let (kind, because) = (InboundKind::Message, because.to_owned());
    Verdict { kind, because, about: Some(notice.clone()), keeps_words: true, hold: Some(hold) }
}

/// For people, from whom we did not write to.
fn strange(notice: Written) -> Verdict {
    let because = "người gửi không phải hộp thư của chi bộ";
    let hold = Some(format!("thư trả lời việc của {}: {because}", notice.key.unit));
    let (kind, because) = (InboundKind::Message, because.to_owned());
    Verdict { kind, because, about: Some(notice), keeps_words: true, hold }
}

fn verdict(notice: &Written, said: &str, replied: Replied) -> Verdict {
    let counted = |because: &str| Verdict {
        kind: InboundKind::Answer,
        because: because.to_owned(),
        about: Some(notice.clone()),
        keeps_words: false,
        hold: None,
    };
    match replied {
        Replied::Counted => counted(said),
        Replied::Closed => counted("việc đã đóng, ghi làm bằng chứng"),
        Replied::Nothing => words(notice, "nơi trả lời không được giao việc này"),
        Replied::Several(count) => {
            words(notice, &format!("báo đã làm xong nhưng văn bản giao {count} việc, cần rõ là việc nào"))
        }
        Replied::TooWeak => words(notice, "quy tắc đòi bằng chứng chắc hơn thư trả lời"),
    }
}
