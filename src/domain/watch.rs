//! Watch: what is odd about reading a source. A poll that fails is seen by itself; a poll that succeeds and
//! tells less than the truth is not. Hence each walk is held against what the source counted, against the
//! walks before it, against its clock, and against the office's working time.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Fewer rows than this are too few to speak of a usual number.
const ENOUGH: u64 = 10;
/// So long a lasting difference between count and rows, or a lasting smaller number of rows, is odd; after
/// it, it is how this source is. An empty list is never how a source is.
const ACCEPTED_AFTER: TimeDelta = TimeDelta::days(3);
/// A source's clock may be off by so much.
pub const SKEW: TimeDelta = TimeDelta::seconds(60);
/// So many comparisons in a row may fail before somebody is told.
const PATIENCE: u32 = 3;
/// How often a walk that does not agree with the count is walked again at once, and how long a comparison that failed rests.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// What is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Odd {
    /// It cannot be read.
    Failing,
    /// It counts more or fewer rows than it lists.
    Gap,
    /// It suddenly lists nothing, or less than half of the usual.
    Emptied,
    /// Nothing new has come for long working hours.
    Quiet,
    /// Its clock is off.
    Skewed,
    /// What it holds could not be compared with the register for several tries.
    Uncompared,
}

impl Odd {
    /// Everything that may be odd.
    pub const ALL: [Self; 6] =
        [Self::Failing, Self::Gap, Self::Emptied, Self::Quiet, Self::Skewed, Self::Uncompared];

    /// The word in metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Gap => "gap",
            Self::Emptied => "emptied",
            Self::Quiet => "quiet",
            Self::Skewed => "skewed",
            Self::Uncompared => "uncompared",
        }
    }

    /// What people call it.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Failing => "không đọc được",
            Self::Gap => "số đếm và danh sách lệch nhau",
            Self::Emptied => "danh sách bỗng trống hoặc vơi đi quá nửa",
            Self::Quiet => "lâu không có văn bản mới",
            Self::Skewed => "đồng hồ lệch",
            Self::Uncompared => "chưa đối chiếu được với sổ",
        }
    }
}

/// Something odd, since when, and its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// What.
    pub odd: Odd,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The figures, one clause in Vietnamese; no text of a document.
    pub detail: String,
}

/// A difference between what the source counted and what it listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Since when it has been this large.
    pub since: DateTime<Utc>,
    /// What the source counted.
    pub counted: u64,
    /// What it listed.
    pub listed: u64,
}

impl Gap {
    fn size(self) -> i64 {
        difference(self.counted, self.listed)
    }
}

/// Suddenly fewer rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emptied {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many rows there are.
    pub listed: u64,
}

/// A clock that is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skew {
    /// Since when.
    pub since: DateTime<Utc>,
    /// By how many seconds it is ahead of ours; negative where it is behind.
    pub seconds: i64,
}

/// A comparison of a source with the register that went through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Compared {
    /// When.
    pub at: DateTime<Utc>,
    /// The day whose night it was.
    pub night: NaiveDate,
    /// Rows it found.
    pub found: u64,
    /// Documents it registered that no list had shown.
    pub slipped: u64,
    /// Documents of the register that it did not find.
    pub missing: u64,
    /// Documents that only the source calls due or overdue.
    pub overdue: u64,
}

/// Comparisons that did not go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncompared {
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last try.
    pub last: DateTime<Utc>,
    /// How many in a row.
    pub tries: u32,
    /// Why, no text of a document.
    pub error: String,
}

/// What is remembered of a source from walk to walk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// When it was first asked.
    pub first: Option<DateTime<Utc>>,
    /// Whether a walk has met all that lay there before.
    pub settled: bool,
    /// Rows of a walk that nothing was odd about.
    pub usual: u64,
    /// By how much this source always counts more (or fewer) rows than it lists.
    pub offset: i64,
    /// Its present difference.
    pub gap: Option<Gap>,
    /// Its present emptiness.
    pub emptied: Option<Emptied>,
    /// Since when nothing new has come, where that is too long.
    pub quiet: Option<DateTime<Utc>>,
    /// How its clock is off, where it is.
    pub skew: Option<Skew>,
    /// When a walk was last repeated at once.
    pub again: Option<DateTime<Utc>>,
    /// When what came within two days was last read again.
    pub hourly: Option<DateTime<Utc>>,
    /// The day on which what came within thirty days was last read again.
    pub nightly: Option<NaiveDate>,
    /// The last comparison with the register that went through.
    pub compared: Option<Compared>,
    /// Those since then that did not.
    pub uncompared: Option<Uncompared>,
    /// What the office was told of by mail and not yet of its end, and since when it was so.
    pub told: BTreeMap<Odd, DateTime<Utc>>,
}

/// A walk to the end of the lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walked {
    /// Rows it met, those met twice counted twice.
    pub listed: u64,
    /// Rows the source counted when it began.
    pub counted: Option<u64>,
    /// Rows of it in lists that the source does not count.
    pub uncounted: u64,
    /// Whether what was taken leaves the list, so that an empty one says nothing.
    pub drains: bool,
}

impl Walked {
    /// By how much the source counted more than it listed; `None` where it does not count.
    fn surplus(self) -> Option<i64> {
        self.counted.map(|counted| difference(counted, self.listed.saturating_sub(self.uncounted)))
    }
}

fn difference(counted: u64, listed: u64) -> i64 {
    let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
    signed(counted).saturating_sub(signed(listed))
}

impl Watch {
    /// Whether a walk agrees with the count: if not, rows were shifted while it went on, or are missing.
    pub fn agrees(&self, walked: Walked) -> bool {
        walked.surplus().is_none_or(|surplus| surplus == self.offset)
    }

    /// Whether to walk again at once, because a walk did not agree; at most once an hour.
    pub fn walks_again(&mut self, walked: Walked, now: DateTime<Utc>) -> bool {
        let due = self.again.is_none_or(|again| now - again >= AGAIN);
        let again = due && !self.agrees(walked);
        if again {
            self.again = Some(now);
        }
        again
    }

    /// Takes a walk in; whether it can be trusted to have met all there is.
    pub fn take(&mut self, walked: Walked, now: DateTime<Utc>) -> bool {
        self.take_count(walked, now);
        if !walked.drains {
            self.take_rows(walked.listed, now);
        }
        self.gap.is_none() && self.emptied.is_none()
    }

    fn take_count(&mut self, walked: Walked, now: DateTime<Utc>) {
        let (Some(counted), Some(surplus)) = (walked.counted, walked.surplus()) else {
            self.gap = None;
            return;
        };
        if surplus == self.offset {
            self.gap = None;
            return;
        }
        let since = self.gap.filter(|gap| gap.size() == surplus).map_or(now, |gap| gap.since);
        if now - since >= ACCEPTED_AFTER {
            (self.offset, self.gap) = (surplus, None);
        } else {
            self.gap = Some(Gap { since, counted, listed: walked.listed });
        }
    }

    fn take_rows(&mut self, listed: u64, now: DateTime<Utc>) {
        let few = self.usual >= ENOUGH && listed.saturating_mul(2) < self.usual;
        let none = self.usual > 0 && listed == 0;
        let since = self.emptied.map_or(now, |emptied| emptied.since);
        if none || few && now - since < ACCEPTED_AFTER {
            self.emptied = Some(Emptied { since, listed });
        } else {
            (self.usual, self.emptied) = (listed, None);
        }
    }

    /// Whether to compare with the register now: once a night, and after a try that failed in an hour.
    pub fn compares(&self, night: NaiveDate, now: DateTime<Utc>) -> bool {
        let done = self.compared.as_ref().is_some_and(|last| last.night == night);
        let rests = self.uncompared.as_ref().is_some_and(|failed| (now - failed.last).abs() < AGAIN);
        !done && !rests
    }

    /// Takes in a comparison that went through.
    pub fn take_comparison(&mut self, compared: Compared) {
        (self.compared, self.uncompared) = (Some(compared), None);
    }

    /// Takes in a comparison that did not.
    pub fn miss_comparison(&mut self, error: String, now: DateTime<Utc>) {
        let before = self.uncompared.take();
        let since = before.as_ref().map_or(now, |before| before.since);
        let tries = before.map_or(0, |before| before.tries).saturating_add(1);
        self.uncompared = Some(Uncompared { since, last: now, tries, error });
    }

    /// Takes in the source's own clock, asked between `before` and `after` by ours.
    pub fn take_clock(&mut self, served: DateTime<Utc>, before: DateTime<Utc>, after: DateTime<Utc>) {
        let off = if served < before { served - before } else { (served - after).max(TimeDelta::zero()) };
        self.skew = (off.abs() > SKEW)
            .then(|| Skew { since: self.skew.map_or(after, |skew| skew.since), seconds: off.num_seconds() });
    }

    /// What is odd about walks that succeed.
    pub fn concerns(&self) -> Vec<Concern> {
        let gap = self.gap.map(|gap| Concern {
            odd: Odd::Gap,
            since: gap.since,
            detail: format!("nguồn đếm {} dòng nhưng chỉ liệt kê {}", gap.counted, gap.listed),
        });
        let emptied = self.emptied.map(|emptied| Concern {
            odd: Odd::Emptied,
            since: emptied.since,
            detail: format!("danh sách còn {} dòng, thường là {}", emptied.listed, self.usual),
        });
        let quiet = self.quiet.map(|since| Concern {
            odd: Odd::Quiet,
            since,
            detail: "đã quá số giờ làm việc đặt ở watch.quiet_after".to_owned(),
        });
        let skew = self.skew.map(|skew| Concern {
            odd: Odd::Skewed,
            since: skew.since,
            detail: format!(
                "đồng hồ của nguồn chạy {} {} giây so với máy này",
                if skew.seconds < 0 { "chậm" } else { "nhanh" },
                skew.seconds.abs()
            ),
        });
        let failed = self.uncompared.as_ref().filter(|failed| failed.tries >= PATIENCE);
        let uncompared = failed.map(|failed| Concern {
            odd: Odd::Uncompared,
            since: failed.since,
            detail: failed.error.clone(),
        });
        [gap, emptied, quiet, skew, uncompared].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_770_000_000 + minute * 60, 0).unwrap()
    }

    /// Walks of (minute, listed, counted), and what is odd after each.
    #[track_caller]
    fn check(walks: &[(i64, u64, Option<u64>, &str)]) {
        let mut watch = Watch::default();
        for &(minute, listed, counted, expected) in walks {
            let good = watch.take(Walked { listed, counted, ..Walked::default() }, at(minute));
            let odd: Vec<_> = watch.concerns().iter().map(|concern| concern.odd.as_str()).collect();
            assert_eq!(odd.join(" "), expected, "at minute {minute}");
            assert_eq!(good, expected.is_empty(), "at minute {minute}");
        }
    }

    const DAY: i64 = 24 * 60;

    #[test]
    fn a_walk_is_held_against_the_count() {
        check(&[(0, 30, Some(30), ""), (5, 29, Some(30), "gap"), (10, 30, Some(30), "")]);
        check(&[(0, 30, None, ""), (5, 29, None, "")]);
        check(&[(0, 31, Some(30), "gap"), (5, 31, Some(31), "")]);
    }

    #[test]
    fn a_difference_that_lasts_is_how_the_source_counts() {
        check(&[
            (0, 28, Some(30), "gap"),
            (2 * DAY, 38, Some(40), "gap"),
            (3 * DAY, 38, Some(40), ""),
            (4 * DAY, 48, Some(50), ""),
            (5 * DAY, 50, Some(50), "gap"),
        ]);
        check(&[(0, 28, Some(30), "gap"), (2 * DAY, 37, Some(40), "gap"), (4 * DAY, 38, Some(40), "gap")]);
    }

    #[test]
    fn sudden_emptiness_is_suspicious() {
        check(&[
            (0, 0, Some(0), ""),
            (5, 40, Some(40), ""),
            (10, 0, Some(0), "emptied"),
            (15, 40, Some(40), ""),
        ]);
        check(&[(0, 40, None, ""), (5, 20, None, ""), (10, 9, None, "emptied"), (15, 10, None, "")]);
        check(&[(0, 4, None, ""), (5, 1, None, ""), (10, 0, None, "emptied"), (9 * DAY, 0, None, "emptied")]);
        check(&[(0, 40, None, ""), (5, 11, None, "emptied"), (3 * DAY + 5, 12, None, "")]);
    }

    #[test]
    fn it_walks_again_at_once_and_then_hourly() {
        let mut watch = Watch::default();
        let bad = Walked { listed: 9, counted: Some(10), ..Walked::default() };
        let walked = [0, 5, 59, 60, 65].map(|minute| watch.walks_again(bad, at(minute)));
        assert_eq!(walked, [true, false, false, true, false]);
        assert!(!watch.walks_again(Walked { listed: 10, counted: Some(10), ..Walked::default() }, at(300)));
    }

    #[test]
    fn rows_that_the_source_does_not_count_are_no_gap() {
        let mut watch = Watch::default();
        let walked = Walked { listed: 12, counted: Some(10), uncounted: 2, drains: false };
        assert!(watch.take(walked, at(0)));
        assert!(!watch.take(Walked { uncounted: 3, ..walked }, at(1)));
    }

    #[test]
    fn it_compares_once_a_night_and_a_failure_rests_an_hour() {
        let night = |day: &str| day.parse::<NaiveDate>().unwrap();
        let mut watch = Watch::default();
        assert!(watch.compares(night("2026-02-01"), at(0)));
        watch.miss_comparison("hết giờ".to_owned(), at(0));
        assert!(!watch.compares(night("2026-02-01"), at(59)));
        assert!(watch.compares(night("2026-02-01"), at(60)));
        watch.miss_comparison("hết giờ".to_owned(), at(60));
        assert!(watch.concerns().is_empty(), "two failures trouble nobody");
        watch.miss_comparison("hết giờ".to_owned(), at(120));
        let concerns = watch.concerns();
        assert_eq!((concerns[0].odd, concerns[0].since), (Odd::Uncompared, at(0)));
        watch.take_comparison(Compared { night: night("2026-02-01"), at: at(180), ..Compared::default() });
        assert!(watch.concerns().is_empty());
        assert!(!watch.compares(night("2026-02-01"), at(600)));
        assert!(watch.compares(night("2026-02-02"), at(DAY)));
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        for (served, seconds) in
            [(0, None), (7, None), (-1, None), (8, None), (9, Some(120)), (-2, Some(-120))]
        {
            let mut watch = Watch::default();
            watch.take_clock(at(served), at(0), at(7));
            assert_eq!(watch.skew.map(|skew| skew.seconds), seconds, "{served}");
        }
    }

    #[test]
    fn what_is_odd_is_said_with_its_figures() {
        let watch = Watch {
            usual: 120,
            gap: Some(Gap { since: at(0), counted: 120, listed: 96 }),
            emptied: Some(Emptied { since: at(1), listed: 3 }),
            quiet: Some(at(2)),
            skew: Some(Skew { since: at(3), seconds: -7200 }),
            ..Watch::default()
        };
        let said: Vec<_> = watch.concerns().into_iter().map(|concern| concern.detail).collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        nguồn đếm 120 dòng nhưng chỉ liệt kê 96
        danh sách còn 3 dòng, thường là 120
        đã quá số giờ làm việc đặt ở watch.quiet_after
        đồng hồ của nguồn chạy chậm 7200 giây so với máy này
        ");
    }
}
