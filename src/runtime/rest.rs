//! Rest: telling when files that changed have come to rest. Editors save in several steps (a swap file,
//! a temporary name, a rename), and a copy over the network takes its time; what is read in between is
//! nobody's text.

use chrono::{DateTime, Duration, Utc};

/// Watches one thing change; `T` is how it looks.
#[derive(Debug)]
pub struct Rest<T> {
    quiet: Duration,
    taken: T,
    seen: T,
    since: Option<DateTime<Utc>>,
}

impl<T: PartialEq + Clone> Rest<T> {
    /// Nothing has changed since it looked like this; a change must rest for `quiet`.
    pub fn new(taken: T, quiet: Duration) -> Self {
        Self { quiet, seen: taken.clone(), taken, since: None }
    }

    /// Looks once; `true` once it has looked otherwise than when it was last taken, and the same, for
    /// long enough. A clock that is set back begins the wait anew.
    pub fn look(&mut self, found: T, now: DateTime<Utc>) -> bool {
        if found != self.seen {
            self.seen = found;
            self.since = Some(now);
        }
        if self.seen == self.taken {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        if now < since {
            self.since = Some(now);
        }
        now - since >= self.quiet
    }

    /// It was taken as it looked then.
    pub fn take(&mut self, taken: T) {
        self.taken = taken;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_770_000_000 + seconds, 0).unwrap()
    }

    /// How it looks at each second, and whether it is at rest then.
    fn play(steps: &[(i64, u8, bool)]) {
        let mut rest = Rest::new(0, Duration::seconds(2));
        for (second, found, expected) in steps {
            assert_eq!(rest.look(*found, at(*second)), *expected, "second {second} of {steps:?}");
            if *expected {
                rest.take(*found);
            }
        }
    }

    #[test]
    fn nothing_is_taken_before_it_rests() {
        play(&[(0, 0, false), (1, 0, false), (60, 0, false)]);
        play(&[(0, 1, false), (1, 1, false), (2, 1, true), (3, 1, false), (9, 1, false)]);
        // A storm of saves: taken once, two seconds after its end.
        play(&[
            (0, 1, false),
            (1, 2, false),
            (2, 3, false),
            (3, 4, false),
            (4, 4, false),
            (5, 4, true),
            (9, 4, false),
        ]);
        // Changed and changed back before it rested.
        play(&[(0, 1, false), (1, 0, false), (5, 0, false)]);
        // A second change after the first was taken.
        play(&[(0, 1, false), (2, 1, true), (3, 2, false), (5, 2, true)]);
        // A clock set back by an hour delays, and hangs nothing.
        play(&[(3600, 1, false), (0, 1, false), (1, 1, false), (2, 1, true)]);
    }
}
