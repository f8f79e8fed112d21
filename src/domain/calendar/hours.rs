//! Office hours of a day, half days, and counting a deadline that is set in hours.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::count::HORIZON;
use super::{Calendar, Day};

/// Where a morning ends and an afternoon begins.
const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

/// Which part of a day is worked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of its office hours.
    #[default]
    Whole,
    /// Office hours before noon.
    Morning,
    /// Office hours after noon.
    Afternoon,
}

impl Part {
    /// The word for people.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Whole => "cả ngày",
            Self::Morning => "buổi sáng",
            Self::Afternoon => "buổi chiều",
        }
    }

    /// What of a stretch of office hours lies in this part.
    fn of(self, (open, close): (NaiveTime, NaiveTime)) -> Option<(NaiveTime, NaiveTime)> {
        let (open, close) = match self {
            Self::Whole => (open, close),
            Self::Morning => (open, close.min(NOON)),
            Self::Afternoon => (open.max(NOON), close),
        };
        (open < close).then_some((open, close))
    }
}

/// One day that a count of hours passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursDay {
    /// The day, and what it is.
    pub day: Day,
    /// The stretches of its office hours that count, in wall time.
    pub spans: Vec<(NaiveTime, NaiveTime)>,
    /// How much is counted by the end of the day.
    pub total: TimeDelta,
}

impl Calendar {
    /// Office hours of a day; those of its half where only that is worked. Whether it is worked at all is for
    /// [`is_working`](Self::is_working) to say.
    pub fn hours_on(&self, date: NaiveDate) -> impl Iterator<Item = (NaiveTime, NaiveTime)> + '_ {
        let part = self.part(date);
        self.hours.iter().filter_map(move |span| part.of(*span))
    }

    /// The instant by which `time` of office hours has passed since `from`; `from` itself where `time` is not
    /// positive, and where no such instant is near.
    pub fn add_office_time(&self, from: DateTime<Utc>, time: TimeDelta) -> DateTime<Utc> {
        let days = self.explain_office_time(from, time);
        let end = days.last().filter(|last| last.total >= time).and_then(|last| {
            let (_, close) = last.spans.last()?;
            Some(self.instant(last.day.date, *close))
        });
        end.unwrap_or(from)
    }

    /// The last instant with `time` of office hours between it and `to`; `to` itself where `time` is not
    /// positive, and where no such instant is near.
    pub fn sub_office_time(&self, to: DateTime<Utc>, time: TimeDelta) -> DateTime<Utc> {
        let mut left = time.max(TimeDelta::zero());
        let days = std::iter::successors(Some(self.date_of(to)), NaiveDate::pred_opt).take(HORIZON);
        for date in days.filter(|date| self.is_working(*date)) {
            if left <= TimeDelta::zero() {
                break;
            }
            let mut spans: Vec<_> = self.hours_on(date).collect();
            spans.reverse();
            for (open, close) in spans {
                let (open, close) = (self.instant(date, open), self.instant(date, close).min(to));
                if close - open >= left {
                    return close - left;
                }
                left -= (close - open).max(TimeDelta::zero());
            }
        }
        to
    }

    /// Every day [`add_office_time`](Self::add_office_time) passes, the day of `from` included; the last
    /// stretch ends at its answer.
    pub fn explain_office_time(&self, from: DateTime<Utc>, time: TimeDelta) -> Vec<HoursDay> {
        let (mut days, mut total) = (Vec::new(), TimeDelta::zero());
        for date in self.date_of(from).iter_days().take(HORIZON) {
            if total >= time {
                break;
            }
            let spans = self.counted(date, from, time, &mut total);
            days.push(HoursDay { day: self.day(date), spans, total });
        }
        days
    }

    /// The stretches of one day that lie after `from`, until `total` has grown to `time`.
    fn counted(
        &self,
        date: NaiveDate,
        from: DateTime<Utc>,
        time: TimeDelta,
        total: &mut TimeDelta,
    ) -> Vec<(NaiveTime, NaiveTime)> {
        let mut spans = Vec::new();
        if !self.is_working(date) {
            return spans;
        }
        for (open, close) in self.hours_on(date) {
            let (start, end) = (self.instant(date, open).max(from), self.instant(date, close));
            let left = (end - start).min(time - *total);
            if left <= TimeDelta::zero() {
                continue;
            }
            let local = |at: DateTime<Utc>| super::wall_time(self.zone, at).time();
            spans.push((local(start), local(start + left)));
            *total += left;
        }
        spans
    }
}
