//! The clock of all instances that share a server.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::ports::Clock;
use crate::domain::reckoning::{Doubt, LEAP};

/// How far a machine's clock may be off before somebody is told, in milliseconds.
const ODD: i64 = 5_000;

/// A clock set by that of a server, so that all instances on it have one time, whatever their machines say. A leap of
/// the server's is followed, because the others follow it too, and raises a doubt.
#[derive(Debug)]
pub struct ServerClock {
    own: Arc<dyn Clock>,
    /// How far the server is ahead of the own clock, in milliseconds.
    ahead: AtomicI64,
    doubt: Mutex<Option<Doubt>>,
}

impl ServerClock {
    /// A clock that shows what `own` does until it is set; `own` follows no leaps.
    pub fn new(own: Arc<dyn Clock>, time: DateTime<Utc>) -> Self {
        let ahead = (time - own.now()).num_milliseconds();
        tell(ahead, 0);
        Self { own, ahead: AtomicI64::new(ahead), doubt: Mutex::default() }
    }

    /// On the server it is `time` now.
    pub fn set(&self, time: DateTime<Utc>) {
        let ahead = (time - self.own.now()).num_milliseconds();
        let before = self.ahead.swap(ahead, Ordering::AcqRel);
        tell(ahead, before);
        let step = TimeDelta::milliseconds(ahead - before);
        if step.abs() > LEAP {
            tracing::error!(
                seconds = step.num_seconds(),
                "đồng hồ máy chủ của sổ vừa nhảy; tạm dừng nhắc việc, xem `vanthu clock show`"
            );
            let mut doubt = self.doubted();
            let off = doubt.map_or(0, |doubt| doubt.ahead) + step.num_seconds();
            // A clock that has come back is believed again.
            *doubt = (off.abs() > LEAP.num_seconds()).then_some(Doubt {
                since: doubt.map_or(time, |doubt| doubt.since),
                ahead: off,
                leapt: None,
            });
        }
    }

    fn doubted(&self) -> MutexGuard<'_, Option<Doubt>> {
        self.doubt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(ahead: i64, before: i64) {
    if (ahead - before).abs() > ODD {
        tracing::warn!(
            seconds = ahead / 1000,
            "đồng hồ máy này lệch so với máy chủ của sổ; dùng giờ máy chủ của sổ"
        );
    }
}

impl Clock for ServerClock {
    fn now(&self) -> DateTime<Utc> {
        self.own.now() + TimeDelta::milliseconds(self.ahead.load(Ordering::Acquire))
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        self.own.sleep_until(at - TimeDelta::milliseconds(self.ahead.load(Ordering::Acquire)))
    }

    fn doubt(&self) -> Option<Doubt> {
        *self.doubted()
    }

    fn trust(&self) {
        *self.doubted() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::clock::DemoClock;

    #[test]
    fn a_leap_of_the_server_is_followed_and_doubted() {
        let begun = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let clock = ServerClock::new(Arc::new(DemoClock::new(begun, 0)), begun + TimeDelta::hours(7));
        assert_eq!((clock.now(), clock.doubt()), (begun + TimeDelta::hours(7), None));
        clock.set(begun + TimeDelta::hours(7) + TimeDelta::seconds(50));
        assert_eq!(clock.doubt(), None);
        clock.set(begun + TimeDelta::hours(8));
        assert_eq!(clock.now(), begun + TimeDelta::hours(8));
        assert_eq!(clock.doubt().map(|doubt| doubt.ahead), Some(3_550));
        clock.set(begun + TimeDelta::hours(7));
        assert_eq!(clock.doubt(), None, "it came back");
        clock.set(begun + TimeDelta::hours(9));
        clock.trust();
        assert_eq!((clock.now(), clock.doubt()), (begun + TimeDelta::hours(9), None));
    }
}
