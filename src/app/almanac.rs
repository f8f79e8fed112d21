//! Almanac: tell whoever looks after the calendar, once a month, which years wait to be confirmed.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::{About, NewBulletin, Store, StoreError};
use crate::domain::bulletin::{CalendarNews, message_id};
use crate::domain::calendar::wanting_sentence;

/// Enqueues the mail of this month, where a year is wanting and somebody is to be told; whether it was new.
///
/// # Errors
/// [`StoreError`].
pub async fn remind(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    owner: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let today = office.calendar.date_of(now);
    let wanting = office.calendar.wanting(today);
    let Some(sentence) = wanting_sentence(&wanting) else { return Ok(false) };
    tracing::warn!("{sentence}");
    let Some(mailbox) = owner else { return Ok(false) };
    let news = CalendarNews { month: today.format("%Y-%m").to_string(), wanting };
    let state = news.state();
    let bulletin = NewBulletin {
        message_id: message_id(&state, mailbox, &policy.secret, &policy.domain),
        about: About::Calendar(news, now),
        state,
        mailbox: mailbox.to_owned(),
        send_at: office.calendar.next_office_instant(now),
    };
    let mut tx = store.begin().await?;
    let is_new = tx.enqueue_bulletin(&bulletin).await?;
    tx.commit().await?;
    Ok(is_new)
}
