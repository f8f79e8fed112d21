//! Inbound: what comes into the mailbox for answers, oldest first. A message that cannot be about a mail of
//! ours is left where it is, unread and unkept: the mailbox may be a person's too. Every other is one
//! transaction: what it is, what follows, the journal, how far the mailbox was read; only then is it put away.
//!
//! Nothing is lost and nothing counts twice, whenever the process dies: a message that was dealt with and not
//! put away is put away the next time, and one that turns up again elsewhere, or under another UIDVALIDITY, is
//! known by its identity.

mod answer;
mod report;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::office::Office;
use super::policy::Policy;
use super::ports::{
    Clock, Fetched, Glance, HoldKind, InboundKind, InboxError, InboxState, JournalEntry, JournalKind,
    NewHold, NewInbound, OpenInbox, Place, Store, StoreError, Tx, Unreadable, Written,
};
use crate::domain::ids::{DocumentId, ExternalId, SourceId};
use crate::domain::inbound::{Nature, Received, nature, plus};

/// What holds about mails that came back give as their source.
pub const SOURCE: &str = "inbox";
/// Bytes of a message that are kept for a while.
const RAW: usize = 64 << 10;
/// Letters of its own words that are kept for a while.
const TEXT: usize = 4000;
/// Messages looked at in one walk.
const WALK: usize = 500;
/// Messages passed over before it is recorded how far the mailbox was read.
const STRIDE: u32 = 200;

/// Everything that reading the mailbox for answers needs.
pub struct Inbound<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// The time, read once per message.
    pub clock: &'a dyn Clock,
    /// `user@host/folder`
    pub inbox: &'a str,
    /// The largest message that is read, in bytes.
    pub largest: u64,
}

/// What a walk through the mailbox did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Messages that are not about a mail of ours, left where they are.
    pub passed: u64,
    /// Answers that count.
    pub answers: u64,
    /// Words for people.
    pub messages: u64,
    /// Machines' answers.
    pub automatic: u64,
    /// Reports that prove something.
    pub reports: u64,
    /// Reports that prove nothing about a mail of ours, left where they are.
    pub unproved: u64,
    /// Messages beyond the cage.
    pub unreadable: u64,
    /// Messages dealt with before, met again.
    pub known: u64,
    /// Whether more waits than one walk looks at.
    pub more: bool,
}

impl Collected {
    fn count(&mut self, kind: InboundKind) {
        let counter = match kind {
            InboundKind::Answer => &mut self.answers,
            InboundKind::Message => &mut self.messages,
            InboundKind::Automatic => &mut self.automatic,
            InboundKind::Report => &mut self.reports,
            InboundKind::Unreadable => &mut self.unreadable,
        };
        *counter += 1;
    }
}

/// Why a walk stopped; what was dealt with stays so.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The mailbox.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a message was.
enum Met {
    /// It came to something.
    Dealt(InboundKind),
    /// It was dealt with before.
    Known,
    /// It is about no mail of ours.
    NotOurs,
}

/// What became of one message.
pub(super) struct Verdict {
    pub(super) kind: InboundKind,
    /// Why, a few words for staff; no text of the message.
    pub(super) because: String,
    /// The notice it is about.
    pub(super) about: Option<Written>,
    /// Whether its words are kept for people.
    pub(super) keeps_words: bool,
    /// Why people must look at it.
    pub(super) hold: Option<String>,
}

impl Inbound<'_> {
    /// Reads what is new, in order, and puts away what was dealt with.
    ///
    /// # Errors
    /// [`CollectError`]; the connection is to be dropped.
    pub async fn collect(&self, inbox: &mut dyn OpenInbox) -> Result<Collected, CollectError> {
        let validity = inbox.validity();
        let mut state = self.begun(validity).await?;
        for uid in self.store.left_behind(self.inbox, validity).await? {
            self.put_away(inbox, uid).await?;
        }
        let mut done = Collected::default();
        let mut unsaved = 0;
        let waiting = inbox.after(state.uid).await?;
        done.more = waiting.len() > WALK;
        for uid in waiting.into_iter().take(WALK) {
            let place = Place { inbox: self.inbox.to_owned(), validity, uid };
            state.uid = uid;
            match self.one(inbox, &place, &state, &mut done).await? {
                true => unsaved = 0,
                false => unsaved += 1,
            }
            if unsaved >= STRIDE {
                self.save(&state).await?;
                unsaved = 0;
            }
        }
        state.good = Some(self.clock.now());
        self.save(&state).await?;
        Ok(done)
    }

    /// Records that the mailbox cannot be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fail(&self, error: &InboxError) -> Result<(), StoreError> {
        let known = self.store.inbox(self.inbox).await?;
        let now = self.clock.now();
        let mut state = known.unwrap_or_else(|| self.fresh(0));
        state.failing_since = state.failing_since.or(Some(now));
        state.error = Some(error.to_string());
        self.save(&state).await
    }

    /// Where reading goes on: from the beginning where UIDs mean something else now.
    async fn begun(&self, validity: u32) -> Result<InboxState, StoreError> {
        let known = self.store.inbox(self.inbox).await?;
        let same = known.filter(|state| state.validity == validity);
        Ok(same.map_or_else(
            || self.fresh(validity),
            |state| InboxState { failing_since: None, error: None, ..state },
        ))
    }

    fn fresh(&self, validity: u32) -> InboxState {
        let inbox = self.inbox.to_owned();
        InboxState { inbox, validity, uid: 0, good: None, failing_since: None, error: None }
    }

    async fn save(&self, state: &InboxState) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.save_inbox(state).await?;
        tx.commit().await
    }

    /// One message; whether how far the mailbox was read is recorded with it.
    async fn one(
        &self,
        inbox: &mut dyn OpenInbox,
        place: &Place,
        state: &InboxState,
        done: &mut Collected,
    ) -> Result<bool, CollectError> {
        let Some(glance) = inbox.glance(place.uid).await? else { return Ok(false) };
        if !self.may_be_ours(&glance).await? {
            done.passed += 1;
            return Ok(false);
        }
        let Some(mut fetched) = inbox.fetch(place.uid).await? else {
            return Ok(false);
        };
        if glance.size > self.largest {
            fetched.content = Err(Unreadable::TooLarge(glance.size));
        }
        match self.receive(&fetched, &glance.head, place, state).await? {
            Met::Dealt(kind) => done.count(kind),
            Met::Known => done.known += 1,
            Met::NotOurs => {
                done.unproved += 1;
                return Ok(true);
            }
        }
        self.put_away(inbox, place.uid).await?;
        Ok(true)
    }

    /// Whether a message can be about a mail of ours: it refers to one, comes to a tagged address, or is a
    /// report, which names the mail within.
    async fn may_be_ours(&self, glance: &Glance) -> Result<bool, StoreError> {
        let named = self.named(&glance.head);
        if glance.reports || named.is_empty() {
            return Ok(glance.reports);
        }
        Ok(!self.store.begin().await?.written(&named).await?.is_empty())
    }

    /// Message-IDs of ours that a message names, the surest first: by the tag of the address it came to, then
    /// what it refers to.
    pub(super) fn named(&self, mail: &Received) -> Vec<String> {
        let own = |id: &&String| id.rsplit_once('@').is_some_and(|(_, domain)| domain == self.policy.domain);
        let tags = mail.to.iter().filter_map(|address| plus(address));
        let tagged = tags.map(|(_, tag)| format!("{tag}@{}", self.policy.domain));
        tagged.chain(mail.refers.iter().filter(own).cloned()).collect()
    }

    async fn put_away(&self, inbox: &mut dyn OpenInbox, uid: u32) -> Result<(), CollectError> {
        inbox.put_away(uid).await?;
        let mut tx = self.store.begin().await?;
        tx.put_away(&Place { inbox: self.inbox.to_owned(), validity: inbox.validity(), uid }).await?;
        Ok(tx.commit().await?)
    }

    /// One message, one transaction.
    async fn receive(
        &self,
        fetched: &Fetched,
        head: &Received,
        place: &Place,
        state: &InboxState,
    ) -> Result<Met, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        tx.save_inbox(state).await?;
        if tx.knows_mail(&fetched.identity).await? {
            tx.commit().await?;
            return Ok(Met::Known);
        }
        let met = match self.judge(tx.as_mut(), fetched, head, now).await? {
            Some(verdict) => {
                let kind = verdict.kind;
                self.keep(tx.as_mut(), (fetched, head), place, verdict, now).await?;
                Met::Dealt(kind)
            }
            None => Met::NotOurs,
        };
        tx.commit().await?;
        Ok(met)
    }

    /// What a message is and what follows from it; `None` if it is about no mail of ours.
    async fn judge(
        &self,
        tx: &mut dyn Tx,
        fetched: &Fetched,
        head: &Received,
        now: DateTime<Utc>,
    ) -> Result<Option<Verdict>, StoreError> {
        let mail = match &fetched.content {
            Ok(mail) => mail,
            Err(why) => {
                let about = tx.written(&self.named(head)).await?.into_iter().next();
                let because = why.to_string();
                let hold = Some(format!(
                    "{because}; đã chuyển sang thư mục thư đã xử lý của hộp thư nhận, chưa ai đọc"
                ));
                let kind = InboundKind::Unreadable;
                return Ok(Some(Verdict { kind, because, about, keeps_words: false, hold }));
            }
        };
        match nature(mail) {
            Nature::Report => self.report(tx, mail, now).await,
            Nature::Person => self.answer(tx, mail, &fetched.identity, now).await,
            Nature::Machine(how) => {
                let about = tx.written(&self.named(mail)).await?.into_iter().next();
                let because = how.as_str().to_owned();
                let kind = InboundKind::Automatic;
                Ok(Some(Verdict { kind, because, about, keeps_words: false, hold: None }))
            }
        }
    }

    /// Keeps the message, opens the hold, and writes the journal.
    async fn keep(
        &self,
        tx: &mut dyn Tx,
        (fetched, head): (&Fetched, &Received),
        place: &Place,
        verdict: Verdict,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mail = fetched.content.as_deref().ok();
        let words = mail.filter(|_| verdict.keeps_words).map(|mail| cut(&mail.text, TEXT));
        // What a machine wrote is of no use to anybody; what a person wrote is evidence for a while.
        let kept = verdict.kind != InboundKind::Automatic;
        let number = tx
            .keep_mail(&NewInbound {
                identity: fetched.identity.clone(),
                place: place.clone(),
                kind: verdict.kind,
                because: verdict.because.clone(),
                document: verdict.about.as_ref().map(|about| about.document),
                unit: verdict.about.as_ref().map(|about| about.key.unit.clone()),
                notice: verdict.about.as_ref().map(|about| about.id),
                sender: mail.unwrap_or(head).from.clone().filter(|_| kept),
                text: words,
                raw: kept.then(|| fetched.raw.iter().take(RAW).copied().collect()),
                at: now,
            })
            .await?;
        if let Some(reason) = &verdict.hold {
            self.hold(tx, number, &verdict, reason, now).await?;
        }
        Ok(())
    }

    /// A hold about a mail. Those that nobody could read share one a day: whoever sends ten thousand of them
    /// must not bury what else waits.
    async fn hold(
        &self,
        tx: &mut dyn Tx,
        number: i64,
        verdict: &Verdict,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let document = verdict.about.as_ref().map(|about| about.document);
        let unit = verdict.about.as_ref().map(|about| about.key.unit.clone());
        let external_id = match (verdict.kind, &unit) {
            (InboundKind::Unreadable, None) => format!("unreadable-{}", self.office.calendar.date_of(now)),
            _ => number.to_string(),
        };
        let hold = NewHold {
            kind: HoldKind::Reply,
            source: SourceId::from(SOURCE),
            external_id: ExternalId(external_id),
            document,
            unit: unit.clone(),
            task: None,
            reason: reason.to_owned(),
            raw: None,
        };
        let Some(id) = tx.open_hold(&hold, now).await? else { return Ok(()) };
        let detail = json!({ "hold": id, "kind": HoldKind::Reply.as_str(), "cell": unit, "mail": number });
        tx.append(&[entry(JournalKind::Held, document, detail, now)]).await
    }
}

pub(super) fn entry(
    kind: JournalKind,
    document: Option<DocumentId>,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> JournalEntry {
    JournalEntry { at: now, kind, document, obligation: None, detail }
}

/// At most so many letters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Forgets sender, words and bytes of what was read before an instant; how many messages.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(store: &dyn Store, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let forgotten = tx.forget_mail(before).await?;
    if forgotten > 0 {
        tx.commit().await?;
    }
    Ok(forgotten)
}
