//! What holds of every calendar and every day.

use proptest::prelude::*;

use super::*;

/// Some days of 2026 and the turns of the year beside it.
fn some_day() -> impl Strategy<Value = NaiveDate> {
    (0..800_u64).prop_map(|later| date("2025-06-01").checked_add_days(chrono::Days::new(later)).unwrap())
}

prop_compose! {
    fn some_calendar()(
        week in prop::array::uniform7(prop::bool::weighted(0.7)),
        mornings in prop::array::uniform7(prop::bool::weighted(0.2)),
        off in prop::collection::btree_map(some_day(), Just("lễ".to_owned()), 0..40),
        work in prop::collection::btree_map(some_day(), Just("bù".to_owned()), 0..10),
        swaps in prop::collection::btree_map(some_day(), some_day(), 0..10),
        half in prop::collection::btree_map(some_day(), prop::bool::ANY, 0..10),
        known in prop::array::uniform3(prop::bool::ANY),
    ) -> Calendar {
        let of = |year: i32| {
            let part = |morning: bool| if morning { Part::Morning } else { Part::Afternoon };
            Year {
                off: off.iter().filter(|(day, _)| day.year() == year).map(|(day, name)| (*day, name.clone())).collect(),
                work: work.iter().filter(|(day, _)| day.year() == year).map(|(day, name)| (*day, name.clone())).collect(),
                swaps: swaps.iter().filter(|(day, _)| day.year() == year).map(|(off, work)| (*off, *work)).collect(),
                half: half
                    .iter()
                    .filter(|(day, _)| day.year() == year)
                    .map(|(day, morning)| (*day, (part(*morning), "nửa buổi".to_owned())))
                    .collect(),
                ..Year::default()
            }
        };
        let mut calendar = calendar();
        // A calendar without a working weekday is refused before it counts anything.
        calendar.week = if week.contains(&true) { week } else { calendar.week };
        calendar.mornings = mornings;
        calendar.years = (2025..=2027).zip(known).filter(|(_, known)| *known).map(|(year, _)| (year, of(year))).collect();
        calendar
    }
}

proptest! {
    #[test]
    fn counting_lands_on_worked_days_and_back(calendar in some_calendar(), day in some_day(), n in 1..90_i32) {
        let (ahead, back) = (calendar.add_working_days(day, n), calendar.add_working_days(day, -n));
        prop_assert!(calendar.is_working(ahead) && calendar.is_working(back));
        prop_assert!(back < day && day < ahead);
        prop_assert_eq!(calendar.working_days_between(day, ahead), n);
        if calendar.is_working(day) {
            prop_assert_eq!(calendar.add_working_days(ahead, -n), day);
            prop_assert_eq!(calendar.add_working_days(back, n), day);
        }
        let counted = calendar.explain(day, n);
        prop_assert_eq!(counted.last().map(|last| last.date), Some(ahead));
        prop_assert_eq!(i32::try_from(counted.iter().filter(|day| day.working).count()).unwrap(), n);
    }

    #[test]
    fn counting_keeps_the_order_of_days(calendar in some_calendar(), one in some_day(), two in some_day(), n in -60..60_i32) {
        let (first, second) = (one.min(two), one.max(two));
        prop_assert!(calendar.add_working_days(first, n) <= calendar.add_working_days(second, n));
        if n > 0 {
            prop_assert!(calendar.add_working_days(first, n) < calendar.add_working_days(first, n + 1));
        }
        prop_assert!(calendar.before_day(first) <= calendar.before_day(second));
        prop_assert!(calendar.before_day(first) <= calendar.end_of_day(first));
    }

    #[test]
    fn hours_of_work_add_up(calendar in some_calendar(), day in some_day(), minute in 0..1440_i64, minutes in 1..6_000_i64) {
        let from = calendar.instant(day, NaiveTime::MIN) + chrono::TimeDelta::minutes(minute);
        let amount = chrono::TimeDelta::minutes(minutes);
        let end = calendar.add_office_time(from, amount);
        // A morning of a day that is worked in the afternoon alone has no hours, and such calendars may have none.
        prop_assume!(end > from);
        prop_assert_eq!(calendar.office_time(from, end), amount);
        prop_assert!(calendar.is_working(calendar.due_day(end)));
        let days = calendar.explain_office_time(from, amount);
        prop_assert_eq!(days.last().map(|last| last.total), Some(amount));
    }
}
