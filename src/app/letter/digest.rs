//! The letter of a digest: everything that is open of a cell, as it stands when it is written.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};

use super::{Draft, Known, Writer};
use crate::app::feed;
use crate::app::ports::{Claimed, ObligationRow, StoreError};
use crate::domain::challenge::challenge;
use crate::domain::digest::{self, Digest, Item, Pain};
use crate::domain::document::Urgency;
use crate::domain::notice::{Facts, Letter, News, digest_root};
use crate::domain::obligation::{Role, State};
use crate::domain::thread::{About, start, topic};

impl Writer<'_> {
    pub(super) async fn digest(
        &mut self,
        claimed: &Claimed,
        borne: &Known,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let mut rows = self.store.open_of(&claimed.key.unit).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.obligation.id).collect();
        let resting = self.resting_among(&ids).await?;
        // What the cell had not been told of when the mails of the morning were put together has a first notice of
        // its own, perhaps of this very morning.
        let told: BTreeSet<_> = claimed.about.iter().map(|(row, _)| *row).collect();
        rows.retain(|row| told.contains(&row.obligation.id) && row.contact.is_reached());
        rows.retain(|row| !resting.contains(&row.obligation.id));
        let mut items = Vec::new();
        for row in rows {
            items.extend(self.item(&row, &claimed.key.mailbox, now).await?);
        }
        if items.is_empty() {
            return Ok(Draft::Needless("chi bộ không còn việc nào"));
        }
        digest::sort(&mut items);
        let feed = feed::address(self.store, self.policy, &claimed.key.unit).await?;
        let day = self.office.calendar.date_of(now);
        let digest = Digest { day, items, feed: Some(feed) };
        let plain = self.letter(claimed, borne, &[], now);
        Ok(Draft::Letter(Box::new(self.bearing(plain, digest))))
    }

    async fn item(
        &mut self,
        row: &ObligationRow,
        mailbox: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Item>, StoreError> {
        let row = &row.obligation;
        let (revision, duty) = (self.revision(row.revision).await?, self.duty(row.duty).await?);
        let (Some(revision), Some(duty)) = (revision, duty) else { return Ok(None) };
        if digest::is_settled(row, &duty.duty.owes) {
            return Ok(None);
        }
        let calendar = &self.office.calendar;
        Ok(Some(Item {
            obligation: row.id,
            facts: revision.facts.clone(),
            task: duty.duty.task.as_ref().map(|task| task.name.clone()),
            role: duty.duty.role,
            owes: row.left_of(&duty.duty.owes),
            pain: Pain::of(row, now, calendar),
            acknowledged: row.state == State::Acknowledged,
            acknowledge_due: row.acknowledge_due.filter(|_| row.state == State::Open),
            due: row.due,
            days_left: digest::days_left(row, now, calendar),
            link: self.link(row.id, mailbox, now),
            challenge: challenge(&revision.stored.document, row.id, &self.policy.secret),
        }))
    }

    /// A letter that bears a digest and nothing of the document its notice is kept under.
    fn bearing(&self, letter: Letter, digest: Digest) -> Letter {
        let month = digest.day.with_day(1).unwrap_or(digest.day);
        let facts = Facts {
            symbol: String::new(),
            kind_name: Some(digest::name(month, letter.language)),
            issuer: self.office.name.clone(),
            issued: Some(month),
            subject: None,
            urgency: Urgency::Normal,
        };
        let name = month.format("%Y-%m").to_string();
        let (secret, domain) = (&self.policy.secret, &self.policy.domain);
        let about = About { facts: &facts, due: None, table: None };
        Letter {
            topic: topic(about, self.office.calendar.zone, letter.language),
            started: start(&facts),
            first: None,
            thread: digest_root(&letter.unit, &name, &letter.to, secret, domain),
            facts,
            news: News::default(),
            role: Role::Inform,
            link: None,
            challenge: None,
            digest: Some(digest),
            ..letter
        }
    }
}
