//! A year before it is announced: holidays by law with the lunar ones computed, as a suggestion that a person
//! holds against the notice.
//!
//! Bộ luật Lao động 2019, Đ112: 1/1, five days of Tết, Giỗ Tổ (10/3 âm), 30/4, 1/5, and two days for 2/9, one of
//! them the day before or after. Đ111.3: a holiday on a day of rest is made up for on the next working day.
//! How Tết is cut (here: the last day of the old year and mùng 1 to 4), which neighbour 2/9 gets, and what is
//! swapped, is decided anew each year.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{FIXED, solar_day, weekday_index};

/// The neighbour of 2/9 by the weekday of 2/9, Monday first: whether it is the day before. As it was
/// decided in the years since 2021.
const DAY_BEFORE: [bool; 7] = [false, true, true, false, true, true, false];

const KINGS: &str = "Giỗ Tổ Hùng Vương";

/// One day off of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftDay {
    /// The day.
    pub date: NaiveDate,
    /// Its name.
    pub name: String,
}

/// A year as it may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The year.
    pub year: i32,
    /// Days off, in order.
    pub off: Vec<DraftDay>,
    /// Working days between two days of rest: the ones that are usually swapped.
    pub bridges: Vec<NaiveDate>,
    /// Mùng 1 Tết.
    pub tet: NaiveDate,
    /// Giỗ Tổ.
    pub kings: NaiveDate,
}

impl Draft {
    /// The draft of a year for an office that works on these weekdays (Monday first). `None` outside 1900 to
    /// 2199.
    pub fn new(year: i32, week: [bool; 7]) -> Option<Self> {
        let (tet, kings) = (solar_day(year, 1, 1)?, solar_day(year, 3, 10)?);
        let mut off = holidays(year, tet)?;
        let mut owed: Vec<_> = off.iter().map(|(date, name)| (*date, name.clone())).collect();
        owed.retain(|(date, _)| !week[weekday_index(*date)]);
        // Giỗ Tổ on a day of rest, be it a Sunday or 30/4, is made up for like any other.
        if !week[weekday_index(kings)] || off.contains_key(&kings) {
            owed.push((kings, KINGS.to_owned()));
        }
        off.entry(kings).or_insert_with(|| KINGS.to_owned());
        owed.sort();
        for (date, name) in owed {
            make_up(&mut off, date, &name, week);
        }
        let bridges = bridges(year, &off, week);
        let off = off.into_iter().map(|(date, name)| DraftDay { date, name }).collect();
        Some(Self { year, off, bridges, tet, kings })
    }
}

/// The holidays of a year but Giỗ Tổ, which may meet another.
fn holidays(year: i32, tet: NaiveDate) -> Option<BTreeMap<NaiveDate, String>> {
    let mut off = BTreeMap::new();
    for (month, day, name) in FIXED {
        off.insert(NaiveDate::from_ymd_opt(year, month, day)?, name.to_owned());
    }
    off.insert(tet.pred_opt()?, "Tết Nguyên đán (ngày cuối năm âm lịch)".to_owned());
    for later in 0..4 {
        off.insert(tet.checked_add_days(Days::new(later))?, format!("Tết Nguyên đán (mùng {})", later + 1));
    }
    let national = NaiveDate::from_ymd_opt(year, 9, 2)?;
    let before = DAY_BEFORE[weekday_index(national)];
    let beside = if before { national.pred_opt()? } else { national.succ_opt()? };
    off.insert(beside, "Quốc khánh (ngày liền kề)".to_owned());
    Some(off)
}

/// Gives the next free working day off in the place of a holiday.
fn make_up(off: &mut BTreeMap<NaiveDate, String>, date: NaiveDate, name: &str, week: [bool; 7]) {
    let free = |day: &NaiveDate| week[weekday_index(*day)] && !off.contains_key(day);
    let instead = date.iter_days().skip(1).take(30).find(free);
    let name = name.split(" (").next().unwrap_or(name);
    off.extend(instead.map(|day| (day, format!("nghỉ bù {name}"))));
}

/// Working days between a holiday and another day of rest.
fn bridges(year: i32, off: &BTreeMap<NaiveDate, String>, week: [bool; 7]) -> Vec<NaiveDate> {
    let rests = |day: NaiveDate| off.contains_key(&day) || !week[weekday_index(day)];
    let alone = |day: &NaiveDate| {
        let beside = [day.pred_opt(), day.succ_opt()];
        let holiday = beside.iter().flatten().any(|day| off.contains_key(day));
        !rests(*day) && holiday && beside.into_iter().flatten().all(rests)
    };
    let days = NaiveDate::from_ymd_opt(year, 1, 1).into_iter().flat_map(|first| first.iter_days());
    days.take_while(|day| day.year() == year).filter(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: [bool; 7] = [true, true, true, true, true, false, false];

    fn off(year: i32) -> Vec<String> {
        let draft = Draft::new(year, WEEK).unwrap();
        draft.off.iter().map(|day| day.date.format("%d/%m").to_string()).collect()
    }

    #[test]
    fn a_draft_is_what_the_law_gives() {
        // 2026 was announced so, but for its swaps.
        assert_eq!(
            off(2026),
            [
                "01/01", "16/02", "17/02", "18/02", "19/02", "20/02", "26/04", "27/04", "30/04", "01/05",
                "01/09", "02/09"
            ]
        );
        assert_eq!(
            off(2023),
            // As the law has it (how Tết was cut was decided otherwise): 1/1 on a Sunday, Tết on a Sunday, Giỗ Tổ on a Saturday before 30/4 on a Sunday, 2/9 on a Saturday.
            [
                "01/01", "02/01", "21/01", "22/01", "23/01", "24/01", "25/01", "26/01", "27/01", "29/04",
                "30/04", "01/05", "02/05", "03/05", "01/09", "02/09", "04/09"
            ]
        );
        assert!(off(2027).contains(&"11/02".to_owned()) && off(2027).contains(&"03/05".to_owned()));
    }

    #[test]
    fn a_holiday_on_a_day_of_rest_is_made_up_for() {
        for year in 2024..=2040 {
            let draft = Draft::new(year, WEEK).unwrap();
            let worked = draft.off.iter().filter(|day| WEEK[weekday_index(day.date)]).count();
            assert_eq!(worked, 11, "{year}: eleven working days off by law");
            assert!(draft.off.is_sorted_by_key(|day| day.date), "{year}");
        }
    }

    #[test]
    fn lone_working_days_are_pointed_out() {
        let told = |year| {
            Draft::new(year, WEEK).unwrap().bridges.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(told(2026), ["2026-01-02", "2026-08-31"]);
    }
}
