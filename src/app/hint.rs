//! Hint: tell the owner of a rule, at most once a month, that cells keep correcting it.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::{About, NewBulletin, Reader, Store, StoreError};
use crate::domain::bulletin::{HintNews, message_id};
use crate::domain::hint::{self, Hint};

/// The rules that cells corrected often enough within the last quarter.
///
/// # Errors
/// [`StoreError`].
pub async fn hints(store: &(impl Reader + ?Sized), now: DateTime<Utc>) -> Result<Vec<Hint>, StoreError> {
    Ok(hint::hints(&store.corrections(now - hint::WINDOW).await?))
}

/// Enqueues a mail about each of them, where somebody is to be told; how many were new. A rule that is
/// gone from the office's files needs no hint.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    owner: Option<&str>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(mailbox) = owner else { return Ok(0) };
    let today = office.calendar.date_of(now);
    let month = today.format("%Y-%m").to_string();
    let mut told = 0;
    for hint in hints(store, now).await? {
        if !office.ruleset.rules.iter().any(|rule| rule.id == hint.rule) {
            continue;
        }
        let named = |(unit, count): &(_, usize)| (office.units.name_on(unit, today).to_owned(), *count);
        let news = HintNews {
            month: month.clone(),
            cells: hint.cells.iter().map(named).collect(),
            suggested: hint.suggested.iter().map(named).collect(),
            corrections: hint.corrections,
            rule: hint.rule,
            name: hint.name,
        };
        let state = news.state();
        let bulletin = NewBulletin {
            message_id: message_id(&state, mailbox, &policy.secret, &policy.domain),
            about: About::Hint(news, now),
            state,
            mailbox: mailbox.to_owned(),
            send_at: office.calendar.next_office_instant(now),
        };
        let mut tx = store.begin().await?;
        told += usize::from(tx.enqueue_bulletin(&bulletin).await?);
        tx.commit().await?;
    }
    Ok(told)
}
