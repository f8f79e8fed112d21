//! Five-field POSIX cron in a named zone, with catch-up at most once.
//!
//! The `cron` crate reads a sixth field of seconds first and numbers weekdays from Sunday = 1, so that
//! `1-5` would mean Sunday to Thursday. This front reads the five fields itself and hands the crate
//! plain lists of values and weekday names. It also lets the crate walk wall time without clock changes
//! and maps the result to instants afterwards: where a clock is put back, a planned time counts once,
//! the first time; where it is put forward, a planned time that does not exist runs right after the gap.

mod fields;

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::{local_instant, wall_time};

/// A checked schedule, for example `*/5 7-17 * * 1-5`.
#[derive(Clone)]
pub struct Schedule {
    /// As written by the operator.
    text: String,
    zone: Tz,
    /// The same plan in the crate's own grammar, walked in wall time.
    plan: cron::Schedule,
}

/// Why an expression is refused; the message is Vietnamese and says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Not five fields; carries how many there were.
    #[error("lịch chạy cần đúng 5 trường \"phút giờ ngày tháng thứ\", ở đây có {0}; {hint}", hint = count_hint(*.0))]
    FieldCount(usize),
    /// `@daily` and its like.
    #[error("không dùng {0}; hãy viết đủ 5 trường, ví dụ \"0 7 * * 1-5\" là 7 giờ từ thứ Hai đến thứ Sáu")]
    Shorthand(String),
    /// A part that is no number, range, step or known name.
    #[error("trường {field}: không hiểu \"{part}\"; hãy viết số, khoảng 1-5, danh sách 1,3,5 hoặc bước */2")]
    Part {
        /// Vietnamese name of the field.
        field: &'static str,
        /// The part, as written.
        part: String,
    },
    /// A number outside the field's range.
    #[error("trường {field}: {value} nằm ngoài khoảng {min}–{max}")]
    Range {
        /// Vietnamese name of the field.
        field: &'static str,
        /// The value read.
        value: u32,
        /// Least value allowed.
        min: u32,
        /// Greatest value allowed.
        max: u32,
    },
    /// A range that ends before it starts, such as `17-7`.
    #[error("trường {field}: khoảng {start}-{end} bị ngược; hãy viết hai khoảng: {start}-{max},{min}-{end}")]
    Backwards {
        /// Vietnamese name of the field.
        field: &'static str,
        /// First value of the range.
        start: u32,
        /// Last value of the range.
        end: u32,
        /// Least value allowed.
        min: u32,
        /// Greatest value allowed.
        max: u32,
    },
    /// Day of month and day of week both restricted: POSIX means "or", the crate "and".
    #[error(
        "không đặt cả ngày trong tháng lẫn thứ trong tuần; hãy để một trường là * hoặc tách thành hai lịch"
    )]
    BothDays,
    /// No such day in any of the months, for example 30/2.
    #[error("lịch này không bao giờ đến: không tháng nào đã chọn có ngày đó; hãy sửa trường ngày hoặc tháng")]
    Never,
    /// The underlying crate refused what this front accepted; a defect, reported and not hidden.
    #[error("lịch chạy không dùng được: {0}")]
    Crate(String),
}

impl ScheduleError {
    /// A stable name for logs, JSON and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FieldCount(_) => "schedule-field-count",
            Self::Shorthand(_) => "schedule-shorthand",
            Self::Part { .. } => "schedule-part",
            Self::Range { .. } => "schedule-range",
            Self::Backwards { .. } => "schedule-backwards",
            Self::BothDays => "schedule-both-days",
            Self::Never => "schedule-never",
            Self::Crate(_) => "schedule-crate",
        }
    }
}

fn count_hint(count: usize) -> &'static str {
    match count {
        6 | 7 => "hãy bỏ trường giây ở đầu và trường năm ở cuối, ví dụ \"0 7 * * 1-5\"",
        _ => "ví dụ \"0 7 * * 1-5\" là 7 giờ từ thứ Hai đến thứ Sáu",
    }
}

impl Schedule {
    /// Parses five fields; weekdays 0–7 are POSIX (0 and 7 Sunday), English three-letter names of
    /// months and weekdays are accepted. `zone` is the zone of the wall clock the fields name.
    ///
    /// # Errors
    /// Anything but five fields, day of month together with day of week, values out of range.
    pub fn parse(expression: &str, zone: Tz) -> Result<Self, ScheduleError> {
        let source = fields::to_crate(expression)?;
        let plan =
            source.parse().map_err(|error: cron::error::Error| ScheduleError::Crate(error.to_string()))?;
        Ok(Self { text: expression.trim().to_owned(), zone, plan })
    }

    /// The first instant strictly after `last`; `None` past the year 2100.
    pub fn next_after(&self, last: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.planned(last).find(|at| *at > last)
    }

    /// The next three instants after `after`, for `check` to print.
    pub fn next_three(&self, after: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        std::iter::successors(self.next_after(after), |at| self.next_after(*at)).take(3).collect()
    }

    /// The newest planned instant in (`last`, `now`]: however long the daemon was down, what it missed
    /// is run once. `None` when nothing is due, also when `now` lies before `last`.
    pub fn due(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let reached = |after| self.next_after(after).filter(|at| *at <= now);
        let mut newest = reached(last)?;
        // Nothing is planned in (end, now]. Halving keeps the work small after months of downtime.
        let mut end = now;
        while end - newest >= TimeDelta::minutes(1) {
            let middle = newest + (end - newest) / 2;
            match reached(middle) {
                Some(later) => newest = later,
                None => end = middle,
            }
        }
        Some(newest)
    }

    /// Planned instants from about `last` on. The first few may not be after it: in the second pass of
    /// an hour that happens twice, its planned times are already over.
    fn planned(&self, last: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        let start = wall_time(self.zone, last.max(DateTime::UNIX_EPOCH));
        // The crate counts years as 1970–2100 and overflows beyond what chrono can name.
        let within = Some(start).filter(|wall| wall.year() <= 2100);
        within.into_iter().flat_map(|wall| self.walk(wall)).map(|wall| local_instant(self.zone, wall))
    }

    /// Planned wall times after `start`, as if no clock ever changed.
    fn walk(&self, start: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        self.plan.after(&start.and_utc()).map(|wall| wall.naive_utc())
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule({:?} {})", self.text, self.zone)
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.zone) == (&other.text, other.zone)
    }
}

#[cfg(test)]
mod tests;
