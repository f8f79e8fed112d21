//! Report: counts over a stretch of time, and the table of the week that the leadership gets.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::office::Office;
use super::policy::Policy;
use super::ports::{About, NewBulletin, Reader, Round, Store, StoreError};
use crate::domain::bulletin::{WeeklyNews, message_id};
use crate::domain::tally::{DirectiveLine, Moved, Report, Window, by_directive, by_group};

/// Directives that the table of a week names.
const WORST: usize = 10;

/// Who gets the table of the week, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// The addresses; nobody gets it without one.
    pub to: Vec<String>,
    /// On this day of the week, or the next working day.
    pub day: Weekday,
    /// Not before this hour.
    pub hour: NaiveTime,
}

/// Counts over a window, with names as of its end.
///
/// # Errors
/// [`StoreError`].
pub async fn report(
    store: &dyn Reader,
    office: &Office,
    policy: &Policy,
    window: Window,
) -> Result<Report, StoreError> {
    let rows = store.counted(window).await?;
    let day = office.calendar.due_day(window.until);
    let groups = by_group(&rows, window, &office.units, day);
    let mut total = Moved::default();
    for line in &groups {
        total.now += line.counts.now;
        total.before += line.counts.before;
    }
    let mut directives = Vec::new();
    for (document, counts) in by_directive(&rows, window) {
        let row = store.document(document, window.until).await?;
        let symbol = row.as_ref().map(|row| row.document.symbol.clone()).unwrap_or_default();
        let subject = row.and_then(|row| policy.subject(&row.document));
        directives.push(DirectiveLine { document, symbol, subject, counts });
    }
    Ok(Report { window, groups, directives, total })
}

/// Enqueues the table of the week, if it is time and nobody has; how many get it.
///
/// # Errors
/// [`StoreError`].
pub async fn weekly(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    weekly: &Weekly,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(week) = week(office, weekly, now) else { return Ok(0) };
    let day = office.calendar.date_of(now);
    if weekly.to.is_empty() || store.round_made(Round::Weekly, day).await? {
        return Ok(0);
    }
    let mut report = report(store, office, policy, week).await?;
    report.directives.retain(|line| line.counts.now.late > 0);
    report.directives.truncate(WORST);
    let news = WeeklyNews { day, report };
    let mut tx = store.begin().await?;
    if !tx.begin_round(Round::Weekly, day, now).await? {
        return Ok(0);
    }
    for mailbox in &weekly.to {
        let bulletin = NewBulletin {
            message_id: message_id(&news.state(), mailbox, &policy.secret, &policy.domain),
            about: About::Weekly(Box::new(news.clone()), now),
            state: news.state(),
            mailbox: mailbox.clone(),
            send_at: office.calendar.next_office_instant(now),
        };
        tx.enqueue_bulletin(&bulletin).await?;
    }
    tx.commit().await?;
    Ok(weekly.to.len())
}

/// The seven days that end with the morning of the table, if that is today and its hour has come.
fn week(office: &Office, weekly: &Weekly, now: DateTime<Utc>) -> Option<Window> {
    let calendar = &office.calendar;
    let today = calendar.date_of(now);
    let planned = weekday_of(today, weekly.day);
    let is_today = calendar.add_working_days(planned, 0) == today
        || calendar.add_working_days(planned.checked_sub_days(Days::new(7))?, 0) == today;
    let is_time = is_today && calendar.instant(today, weekly.hour) <= now;
    let begins = |day| Some(calendar.instant(day, NaiveTime::MIN));
    let until = begins(today)?;
    let since = begins(today.checked_sub_days(Days::new(7))?)?;
    is_time.then_some(Window { since, until })
}

/// That day in the week of `day`, weeks beginning on Monday.
fn weekday_of(day: NaiveDate, weekday: Weekday) -> NaiveDate {
    let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    monday + Days::new(u64::from(weekday.num_days_from_monday()))
}
