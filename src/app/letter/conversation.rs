//! What a reader's mail program groups letters by, and the language they are written in.

use chrono::{DateTime, Utc};

use super::{Draft, Writer};
use crate::app::ports::{Claimed, StoreError};
use crate::domain::language::Language;
use crate::domain::notice::{Letter, NoticeKey, NoticeKind, thread_root};
use crate::domain::thread::{About, Table, Thread, topic};

impl Writer<'_> {
    /// Puts a letter into its conversation: named as the first mail of it froze it, else as things stand
    /// now. An escalation opens a conversation of its own each time.
    pub(super) async fn in_thread(
        &self,
        claimed: &Claimed,
        letter: Letter,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let (key, policy) = (&claimed.key, self.policy);
        let language = self.language(key, now);
        let mut letter = Letter { language, ..letter };
        if key.kind == NoticeKind::Escalation {
            letter.thread = letter.message_id.clone();
            letter.topic = self.topic(&letter, Some(table(&letter)));
            return Ok(Draft::Letter(Box::new(letter)));
        }
        letter.thread =
            thread_root(claimed.document, &key.unit, &key.mailbox, &policy.secret, &policy.domain);
        match self.store.thread(claimed.document, &key.unit, &key.mailbox).await? {
            Some(Thread { topic, started, first }) => {
                (letter.topic, letter.started) = (topic, started);
                // The first mail may be sent again; it answers nothing.
                letter.first = Some(first).filter(|first| *first != letter.message_id);
            }
            None => letter.topic = self.topic(&letter, None),
        }
        Ok(Draft::Letter(Box::new(letter)))
    }

    fn topic(&self, letter: &Letter, table: Option<Table>) -> String {
        let about = About { facts: &letter.facts, due: letter.topic_due, table };
        topic(about, self.office.calendar.zone, letter.language)
    }

    /// The language of whoever reads a mailbox, else the office's.
    fn language(&self, key: &NoticeKey, now: DateTime<Utc>) -> Language {
        let today = self.office.calendar.date_of(now);
        let own = self.office.units.language_of(&key.unit, today, |address| address == key.mailbox);
        own.unwrap_or(self.policy.sending.language)
    }
}

/// What an escalation tells of.
fn table(letter: &Letter) -> Table {
    let others = letter.others.iter().map(|matter| matter.laggards.len()).sum::<usize>();
    Table { lines: letter.laggards.len() + others, documents: letter.others.len() + 1 }
}
