//! Vietnamese lunisolar dates, as a suggestion for drafts: the true ones are announced.
//!
//! New moons and the sun's longitude follow Jean Meeus, *Astronomical Algorithms* (1998), in the short form
//! that Hồ Ngọc Đức published for the Vietnamese calendar (*Computing the Vietnamese lunar calendar*, 2004).
//! Days begin at midnight UTC+7, so that a month may begin on another day than in the Chinese calendar
//! (Tết 1985: 21/01 here, 20/02 there). Held by vectors for 2022 to 2031.

use chrono::{Datelike, NaiveDate};

/// The mean synodic month in days.
const MONTH: f64 = 29.530_588_853;
/// The new moon from which months are counted, as a Julian day number.
const EPOCH: f64 = 2_415_021.076_998_695;
/// UTC+7 in days. Vietnam keeps no summer time.
const ZONE: f64 = 7.0 / 24.0;
/// From a Julian day number to days of the common era.
const COMMON_ERA: i32 = 1_721_425;
/// A year of at least this many days between two eleventh months has a leap month.
const LONG: i32 = 366;

/// The solar day of a lunar day: `solar_day(2026, 1, 1)` is Tết 2026. `month` is 1 to 12 and never the leap
/// month. `None` outside the years 1900 to 2199, for which the formulas were made.
pub fn solar_day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    // A lunar year is hung up at its winter solstice, which always falls in the eleventh month.
    let winter = if month < 11 { year - 1 } else { year };
    let (first, next) = (eleventh(winter)?, eleventh(winter + 1)?);
    let day = i32::try_from(day).ok()?;
    let mut later = i32::try_from((month + 1) % 12).ok()?;
    if next.day - first.day >= LONG && later >= leap(first.number) {
        later += 1;
    }
    civil(new_moon_day(first.number + later) + day - 1)
}

/// A new moon: how many since the epoch, and the Julian day number of its day.
struct Moon {
    number: i32,
    day: i32,
}

/// The new moon that begins the eleventh month of a solar year: the last one before the sun enters the sign
/// of the winter solstice.
fn eleventh(year: i32) -> Option<Moon> {
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?.num_days_from_ce() + COMMON_ERA;
    let number = whole((f64::from(last) - EPOCH) / MONTH);
    let begins = |number| Moon { number, day: new_moon_day(number) };
    let moon = begins(number);
    Some(if sign(moon.day) >= 9 { begins(number - 1) } else { moon })
}

/// How many months after the eleventh the leap month stands: the first within which the sun enters no new sign.
fn leap(eleventh: i32) -> i32 {
    let sign_of = |later: i32| sign(new_moon_day(eleventh + later));
    (2..14).find(|later| sign_of(*later) == sign_of(later - 1)).map_or(14, |later| later - 1)
}

fn civil(julian_day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(julian_day - COMMON_ERA)
}

/// The day in Vietnam on which a new moon falls, as a Julian day number.
fn new_moon_day(number: i32) -> i32 {
    whole(new_moon(f64::from(number)) + 0.5 + ZONE)
}

/// The instant of a new moon, as a Julian date in universal time.
fn new_moon(k: f64) -> f64 {
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let sin = |degrees: f64| degrees.to_radians().sin();
    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * sin(166.56 + 132.87 * t - 0.009_173 * t2);
    // Mean anomalies of sun and moon, argument of the moon's latitude.
    let sun = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3;
    let moon = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3;
    let node = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3;
    let terms = [
        (0.1734 - 0.000_393 * t, sun),
        (0.0021, 2.0 * sun),
        (-0.4068, moon),
        (0.0161, 2.0 * moon),
        (-0.0004, 3.0 * moon),
        (0.0104, 2.0 * node),
        (-0.0051, sun + moon),
        (-0.0074, sun - moon),
        (0.0004, 2.0 * node + sun),
        (-0.0004, 2.0 * node - sun),
        (-0.0006, 2.0 * node + moon),
        (0.0010, 2.0 * node - moon),
        (0.0005, 2.0 * moon + sun),
    ];
    let correction: f64 = terms.iter().map(|(factor, argument)| factor * sin(*argument)).sum();
    let clock = -0.000_278 + 0.000_265 * t + 0.000_262 * t2;
    mean + correction - clock
}

/// In which twelfth of its way the sun stands when a day begins in Vietnam, 0 from the spring equinox.
fn sign(julian_day: i32) -> i32 {
    let t = (f64::from(julian_day) - 0.5 - ZONE - 2_451_545.0) / 36_525.0;
    let t2 = t * t;
    let anomaly = 357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2;
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let sin = |degrees: f64| degrees.to_radians().sin();
    let centre = (1.9146 - 0.004_817 * t - 0.000_014 * t2) * sin(anomaly)
        + (0.019_993 - 0.000_101 * t) * sin(2.0 * anomaly)
        + 0.000_29 * sin(3.0 * anomaly);
    whole((mean + centre).rem_euclid(360.0) / 30.0)
}

#[expect(clippy::cast_possible_truncation, reason = "Julian days and counts of months fit by far")]
fn whole(number: f64) -> i32 {
    number.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_years_and_kings_days_of_ten_years() {
        // Mùng 1 Tết and Giỗ Tổ (10/3), computed at UTC+7; those of 2022 to 2026 agree with the announced ones.
        let vectors = [
            (2022, "2022-02-01", "2022-04-10"),
            (2023, "2023-01-22", "2023-04-29"),
            (2024, "2024-02-10", "2024-04-18"),
            (2025, "2025-01-29", "2025-04-07"),
            (2026, "2026-02-17", "2026-04-26"),
            (2027, "2027-02-06", "2027-04-16"),
            (2028, "2028-01-26", "2028-04-04"),
            (2029, "2029-02-13", "2029-04-23"),
            (2030, "2030-02-02", "2030-04-12"),
            (2031, "2031-01-23", ""),
        ];
        for (year, tet, kings) in vectors {
            let told = |month, day| solar_day(year, month, day).unwrap().to_string();
            assert_eq!(told(1, 1), tet);
            assert!(kings.is_empty() || told(3, 10) == kings, "{year}: {}", told(3, 10));
        }
    }

    #[test]
    fn vietnam_differs_from_china_where_midnight_does() {
        for (year, tet) in [(1985, "1985-01-21"), (2007, "2007-02-17"), (2030, "2030-02-02")] {
            assert_eq!(solar_day(year, 1, 1).unwrap().to_string(), tet);
        }
    }

    #[test]
    fn months_follow_each_other_over_leap_months() {
        for year in 1901..2199 {
            let firsts: Vec<_> = (1..=12).map(|month| solar_day(year, month, 1).unwrap()).collect();
            for pair in firsts.windows(2) {
                let days = (pair[1] - pair[0]).num_days();
                assert!(matches!(days, 29 | 30 | 58..=60), "{year}: {pair:?}");
            }
            let next = solar_day(year + 1, 1, 1).unwrap();
            let days = (next - firsts[0]).num_days();
            assert!(matches!(days, 353..=355 | 383..=385), "{year}: {days}");
        }
    }

    #[test]
    fn nothing_outside_its_range() {
        assert_eq!((solar_day(1899, 1, 1), solar_day(2200, 1, 1)), (None, None));
        assert_eq!(
            (solar_day(2026, 0, 1), solar_day(2026, 13, 1), solar_day(2026, 1, 31)),
            (None, None, None)
        );
    }
}
