//! Reckoning: what time it is, told by a machine's clock that people and programs set, and checked against one that
//! nobody can set. A leap of the first is not followed until somebody says that it is right.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The largest step that is followed without asking: what keeps clocks in time moves them by less.
pub const LEAP: TimeDelta = TimeDelta::seconds(60);

/// What the clocks of a machine show at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The one that is set.
    pub wall: DateTime<Utc>,
    /// How long the machine has been up, its sleep included.
    pub up: Duration,
}

/// The machine's clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Since when, by the time that is reckoned.
    pub since: DateTime<Utc>,
    /// By how many seconds the machine's clock is ahead of it; negative if it is behind.
    pub ahead: i64,
    /// The earliest that the machine's clock can have shown after it leapt; `None` where it was wrong from the start.
    /// Whoever sets clocks right has done so since, if it was later than this.
    pub leapt: Option<DateTime<Utc>>,
}

/// The time as it is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reckoning {
    last: Reading,
    shown: DateTime<Utc>,
    doubt: Option<Doubt>,
}

impl Reckoning {
    /// Begins with a machine's clock that is believed.
    pub fn begin(reading: Reading) -> Self {
        Self { last: reading, shown: reading.wall, doubt: None }
    }

    /// What time it is. Small steps of the machine's clock are followed; a leap is not, and raises a doubt; a clock
    /// that has come back is believed again.
    pub fn read(&mut self, reading: Reading) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(reading.up.saturating_sub(self.last.up)).unwrap_or(TimeDelta::MAX);
        let expected = self.shown.checked_add_signed(passed).unwrap_or(self.shown);
        let step = (reading.wall - self.last.wall) - passed;
        let is_leap = step.abs() > LEAP;
        let earliest = self.last.wall.checked_add_signed(step).unwrap_or(reading.wall);
        self.shown = if is_leap { expected } else { expected + step };
        self.last = reading;
        let ahead = reading.wall - self.shown;
        self.doubt = match self.doubt {
            Some(_) if ahead.abs() <= LEAP => return self.trust(reading),
            None if is_leap => Some(Doubt::new(self.shown, ahead, Some(earliest))),
            Some(doubt) if is_leap => Some(Doubt::new(doubt.since, ahead, Some(earliest))),
            Some(doubt) => Some(Doubt { ahead: rounded(ahead), ..doubt }),
            None => None,
        };
        self.shown
    }

    /// It cannot be earlier than `told`, an instant that somebody wrote down: a clock that shows less is not believed.
    pub fn not_before(&mut self, told: DateTime<Utc>) {
        if told - self.shown > LEAP {
            self.shown = told;
            self.doubt = Some(Doubt::new(told, self.last.wall - told, None));
        }
    }

    /// The machine's clock is right: returns what it shows.
    pub fn trust(&mut self, reading: Reading) -> DateTime<Utc> {
        *self = Self::begin(reading);
        self.shown
    }

    /// Why the machine's clock is not believed, if it is not.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// What the machine's clock showed when it was last read.
    pub fn machine(&self) -> DateTime<Utc> {
        self.last.wall
    }

    /// Whether this reckoning can have been begun on a machine that is up as long as `reading` says.
    pub fn precedes(&self, reading: Reading) -> bool {
        self.last.up <= reading.up
    }
}

impl Doubt {
    fn new(since: DateTime<Utc>, ahead: TimeDelta, leapt: Option<DateTime<Utc>>) -> Self {
        Self { since, ahead: rounded(ahead), leapt }
    }

    /// Whether a clock that was set right at `set`, by its own time, and now shows `machine`, is right since it leapt.
    pub fn is_settled(&self, set: DateTime<Utc>, machine: DateTime<Utc>) -> bool {
        set <= machine && self.leapt.is_none_or(|leapt| leapt <= set)
    }
}

/// To the nearest second: a leap of three days is told as such.
fn rounded(time: TimeDelta) -> i64 {
    (time.num_milliseconds() + 500).div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn wall(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_770_000_000 + seconds, 0).unwrap()
    }

    /// So long after the start, on a clock that is so far off.
    fn at(up: i64, off: i64) -> Reading {
        Reading { wall: wall(up + off), up: Duration::from_secs(up.unsigned_abs()) }
    }

    /// How far the machine's clock is off at each second; what is shown then, and by how much it is doubted.
    fn play(steps: &[(i64, i64, i64, Option<i64>)]) {
        let mut reckoning = Reckoning::begin(at(0, 0));
        for (up, off, shown, ahead) in steps {
            assert_eq!(reckoning.read(at(*up, *off)), wall(*shown), "second {up} of {steps:?}");
            assert_eq!(reckoning.doubt().map(|doubt| doubt.ahead), *ahead, "second {up} of {steps:?}");
        }
    }

    #[test]
    fn small_steps_are_followed_and_leaps_are_not() {
        play(&[(10, 0, 10, None), (20, 5, 25, None), (30, -55, -25, None), (40, 5, 45, None)]);
        for leap in [3 * DAY, -3 * DAY, -3600, 61] {
            play(&[
                (10, leap, 10, Some(leap)),
                (20, leap, 20, Some(leap)),
                (9999, leap + 5, 10_004, Some(leap)),
            ]);
        }
        // A machine that slept for a night: both clocks went on.
        play(&[(36_000, 0, 36_000, None)]);
    }

    #[test]
    fn leaps_add_up_and_a_clock_that_comes_back_is_believed() {
        play(&[
            (10, DAY, 10, Some(DAY)),
            (20, 4 * DAY, 20, Some(4 * DAY)),
            (30, 30, 60, None),
            (40, 30, 70, None),
        ]);
    }

    #[test]
    fn a_person_may_say_that_it_is_right() {
        let mut reckoning = Reckoning::begin(at(0, 0));
        reckoning.read(at(10, DAY));
        assert_eq!(reckoning.trust(at(20, DAY)), wall(20 + DAY));
        assert_eq!(reckoning.doubt(), None);
        assert_eq!(reckoning.read(at(30, DAY)), wall(30 + DAY));
        assert_eq!(reckoning.read(at(40, 0)), wall(40 + DAY), "the way back is a leap too");
        assert_eq!(reckoning.doubt().map(|doubt| doubt.ahead), Some(-DAY));
    }

    #[test]
    fn nobody_writes_in_the_future() {
        let mut reckoning = Reckoning::begin(at(0, 0));
        reckoning.not_before(wall(60));
        assert_eq!(reckoning.doubt(), None);
        reckoning.not_before(wall(3 * DAY));
        assert_eq!(reckoning.read(at(10, 0)), wall(3 * DAY + 10));
        assert_eq!(reckoning.doubt().unwrap().ahead, -3 * DAY);
        // The clock is set right.
        assert_eq!(reckoning.read(at(20, 3 * DAY + 5)), wall(3 * DAY + 25));
        assert_eq!(reckoning.doubt(), None);
    }

    #[test]
    fn only_who_set_the_clock_after_its_leap_settles_the_doubt() {
        for leap in [3 * DAY, -3 * DAY] {
            let mut reckoning = Reckoning::begin(at(0, 0));
            reckoning.read(at(100, 0));
            reckoning.read(at(105, leap));
            let doubt = reckoning.doubt().unwrap();
            let machine = reckoning.machine();
            assert!(!doubt.is_settled(wall(99), machine), "before the leap {leap}");
            assert!(doubt.is_settled(wall(104 + leap), machine), "with the leap {leap}");
            assert!(!doubt.is_settled(wall(200 + leap), machine), "in its future {leap}");
        }
        let mut reckoning = Reckoning::begin(at(0, 0));
        reckoning.not_before(wall(DAY));
        assert!(reckoning.doubt().unwrap().is_settled(wall(-10), wall(0)));
    }

    #[test]
    fn what_was_kept_goes_on_where_it_was() {
        let mut reckoning = Reckoning::begin(at(0, 0));
        reckoning.read(at(10, DAY));
        let kept = serde_json::to_string(&reckoning).unwrap();
        let mut again: Reckoning = serde_json::from_str(&kept).unwrap();
        assert_eq!(again, reckoning);
        assert!(again.precedes(at(10, 0)) && !again.precedes(at(9, 0)));
        assert_eq!(again.read(at(500, DAY)), wall(500));
        assert!(again.doubt().is_some());
    }
}
