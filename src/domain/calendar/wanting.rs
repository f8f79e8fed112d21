//! Years nobody has confirmed: what is counted over them may move, and people must hear of it in time.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Calendar;

/// The month from which next year's calendar is wanted: the notices of recent years came between October and
/// the last days of December.
const ASK_FROM_MONTH: u32 = 11;

/// How a year stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearStanding {
    /// A person confirmed it by a notice.
    Confirmed,
    /// There is a file, which nobody has confirmed.
    Draft,
    /// There is no file.
    Missing,
}

impl YearStanding {
    /// What is the matter, for people.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Confirmed => "đã xác nhận",
            Self::Draft => "mới là bản nháp, chưa ai xác nhận",
            Self::Missing => "chưa có",
        }
    }
}

/// A year whose calendar is wanted and not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanting {
    /// The year.
    pub year: i32,
    /// How it stands; never confirmed.
    pub standing: YearStanding,
}

impl Wanting {
    /// What to do about it.
    pub fn advice(self) -> String {
        let year = self.year;
        match self.standing {
            YearStanding::Missing => {
                format!(
                    "lập bằng `vanthu calendar draft {year}`, đối chiếu thông báo chính thức rồi xác nhận"
                )
            }
            YearStanding::Draft | YearStanding::Confirmed => format!(
                "đối chiếu thông báo chính thức rồi `vanthu calendar confirm {year} --notice SỐ --by NGƯỜI`"
            ),
        }
    }
}

/// One sentence about all years that are wanting; `None` where none is.
pub fn wanting_sentence(wanting: &[Wanting]) -> Option<String> {
    let each: Vec<_> =
        wanting.iter().map(|one| format!("năm {} {}", one.year, one.standing.vietnamese())).collect();
    (!each.is_empty()).then(|| format!("Lịch làm việc {}; hạn tính qua đó chỉ là tạm tính.", each.join(", ")))
}

/// The years whose calendar is wanted on a day: the running one, and from 1 November the next.
pub fn wanted(today: NaiveDate) -> impl Iterator<Item = i32> {
    let next = (today.month() >= ASK_FROM_MONTH).then_some(today.year() + 1);
    [today.year()].into_iter().chain(next)
}

impl Calendar {
    /// How a year stands.
    pub fn standing(&self, year: i32) -> YearStanding {
        match self.years.get(&year) {
            None => YearStanding::Missing,
            Some(year) if year.draft => YearStanding::Draft,
            Some(_) => YearStanding::Confirmed,
        }
    }

    /// The [`wanted`] years that people must see to.
    pub fn wanting(&self, today: NaiveDate) -> Vec<Wanting> {
        let wanted = wanted(today).map(|year| Wanting { year, standing: self.standing(year) });
        wanted.filter(|one| one.standing != YearStanding::Confirmed).collect()
    }

    /// Whether a year touched by [`from`, `to`] is not confirmed, so that a count over it may move.
    pub fn is_provisional(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.worst(from, to) > YearStanding::Confirmed
    }

    /// Whether a year touched by [`from`, `to`] has no file at all, so that a count over it is a guess.
    pub fn is_guess(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.worst(from, to) == YearStanding::Missing
    }

    /// What to say beside a day counted over [`from`, `to`]; empty where all of it is confirmed.
    pub fn caveat(&self, from: NaiveDate, to: NaiveDate) -> String {
        let (first, last) = if from <= to { (from, to) } else { (to, from) };
        let open: Vec<_> = (first.year()..=last.year())
            .filter(|year| self.standing(*year) != YearStanding::Confirmed)
            .map(|year| year.to_string())
            .collect();
        match open.is_empty() {
            true => String::new(),
            false => format!(" (tạm tính: lịch năm {} chưa được xác nhận)", open.join(", ")),
        }
    }

    fn worst(&self, from: NaiveDate, to: NaiveDate) -> YearStanding {
        let (first, last) = if from <= to { (from, to) } else { (to, from) };
        let standings = (first.year()..=last.year()).map(|year| self.standing(year));
        standings.max().unwrap_or(YearStanding::Confirmed)
    }
}
