//! The five fields, read by POSIX rules and written as lists the `cron` crate cannot misread.

use std::collections::BTreeSet;

use super::ScheduleError;

/// One field's range and names. The position of a name is its value minus `min`.
struct Field {
    name: &'static str,
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const MINUTE: Field = Field { name: "phút", min: 0, max: 59, names: &[] };
const HOUR: Field = Field { name: "giờ", min: 0, max: 23, names: &[] };
const DAY: Field = Field { name: "ngày", min: 1, max: 31, names: &[] };
const MONTH: Field = Field { name: "tháng", min: 1, max: 12, names: MONTHS };
/// Seven is Sunday again.
const WEEKDAY: Field = Field { name: "thứ", min: 0, max: 7, names: WEEKDAYS };

/// The expression in the crate's grammar: seconds first, lists of values, weekdays by name.
pub(super) fn to_crate(expression: &str) -> Result<String, ScheduleError> {
    let parts: Vec<&str> = expression.split_whitespace().collect();
    if let Some(shorthand) = parts.first().filter(|part| part.starts_with('@')) {
        return Err(ScheduleError::Shorthand((*shorthand).to_owned()));
    }
    let [minute, hour, day, month, weekday] = parts[..] else {
        return Err(ScheduleError::FieldCount(parts.len()));
    };
    let minutes = MINUTE.read(minute)?;
    let hours = HOUR.read(hour)?;
    let (days, months) = (DAY.read(day)?, MONTH.read(month)?);
    let weekdays: BTreeSet<u32> = WEEKDAY.read(weekday)?.into_iter().map(|day| day % 7).collect();
    check_days(&days, &months, &weekdays)?;
    let dates = format!("{} {}", list(&days, 31), list(&months, 12));
    Ok(format!("0 {} {} {dates} {}", list(&minutes, 60), list(&hours, 24), weekday_list(&weekdays)))
}

fn check_days(
    days: &BTreeSet<u32>,
    months: &BTreeSet<u32>,
    weekdays: &BTreeSet<u32>,
) -> Result<(), ScheduleError> {
    if days.len() < 31 && weekdays.len() < 7 {
        return Err(ScheduleError::BothDays);
    }
    let exists = |month: &u32| days.first().is_some_and(|day| *day <= longest(*month));
    if months.iter().any(exists) { Ok(()) } else { Err(ScheduleError::Never) }
}

/// Days of a month in a leap year.
fn longest(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Comma list of the values, `*` when all `count` of them are there.
fn list(values: &BTreeSet<u32>, count: usize) -> String {
    if values.len() == count {
        return "*".to_owned();
    }
    values.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

fn weekday_list(weekdays: &BTreeSet<u32>) -> String {
    if weekdays.len() == WEEKDAYS.len() {
        return "*".to_owned();
    }
    let names = weekdays.iter().filter_map(|day| WEEKDAYS.get(usize::try_from(*day).ok()?));
    names.copied().collect::<Vec<_>>().join(",")
}

impl Field {
    /// The values a field names.
    fn read(&self, text: &str) -> Result<BTreeSet<u32>, ScheduleError> {
        let mut values = BTreeSet::new();
        for part in text.split(',') {
            values.extend(self.part(part)?);
        }
        Ok(values)
    }

    /// One element of a list: `*`, `3`, `1-5`, and `*` or a range with `/step`.
    fn part(&self, part: &str) -> Result<impl Iterator<Item = u32> + use<>, ScheduleError> {
        let refused = || ScheduleError::Part { field: self.name, part: part.to_owned() };
        let (base, step) = match part.split_once('/') {
            // A step after a single value means different things in different crons.
            Some((base, _)) if base != "*" && !base.contains('-') => return Err(refused()),
            Some((base, step)) => (base, number(step).filter(|step| *step > 0).ok_or_else(refused)?),
            None => (part, 1),
        };
        let (start, end) = self.range(base).ok_or_else(refused)?;
        self.check(start, end)?;
        Ok((start..=end).step_by(usize::try_from(step).unwrap_or(usize::MAX)))
    }

    fn range(&self, base: &str) -> Option<(u32, u32)> {
        if base == "*" {
            return Some((self.min, self.max));
        }
        let Some((start, end)) = base.split_once('-') else {
            return self.value(base).map(|value| (value, value));
        };
        let (start, last) = (self.value(start)?, self.value(end)?);
        // `fri-sun`: Sunday by name closes the week.
        let closes = last == 0 && start > 0 && end.eq_ignore_ascii_case("sun");
        Some((start, if closes { 7 } else { last }))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        named
            .and_then(|index| u32::try_from(index).ok())
            .map(|index| index + self.min)
            .or_else(|| number(text))
    }

    fn check(&self, start: u32, end: u32) -> Result<(), ScheduleError> {
        let Self { name: field, min, max, .. } = *self;
        if let Some(value) = [start, end].into_iter().find(|value| !(min..=max).contains(value)) {
            return Err(ScheduleError::Range { field, value, min, max });
        }
        if end < start {
            return Err(ScheduleError::Backwards { field, start, end, min, max });
        }
        Ok(())
    }
}

/// Plain ASCII digits; `u32::from_str` would also take `+5`.
fn number(text: &str) -> Option<u32> {
    text.chars().all(|letter| letter.is_ascii_digit()).then(|| text.parse().ok())?
}
