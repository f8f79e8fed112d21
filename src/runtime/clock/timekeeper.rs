//! The timekeeper of one machine: watches its clock leap, believes it again when whoever keeps it right (systemd-timesyncd)
//! has set it since, and keeps what was reckoned, so that a restart forgets no leap.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::SteadyClock;
use super::steady::slept;
use crate::app::ports::Clock as _;
use crate::domain::reckoning::{Doubt, Reckoning};
use crate::runtime::loops::stopped;
use crate::runtime::pulse::Pulse;

/// How often the clock is looked at: a leap is told within this time.
const LOOK: Duration = Duration::from_secs(2);
/// How often the reckoning is kept.
const KEEP: u32 = 15;
/// A sleep that is worth a line in the log.
const SLEEP: Duration = Duration::from_secs(60);
/// Tells one start of the machine from another; hidden from sandboxed services.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// Looks after the clock of this machine.
#[derive(Debug)]
pub struct Timekeeper {
    clock: Arc<SteadyClock>,
    /// Touched by whoever sets the clock right, whenever it was.
    marker: PathBuf,
    /// Where the reckoning is kept; gone with the machine's start.
    record: PathBuf,
    /// When the clock was last set right before it was doubted.
    set: Option<DateTime<Utc>>,
    /// The latest that it has been since the machine was started, by what was believed then.
    latest: DateTime<Utc>,
    doubt: Option<Doubt>,
    slept: Duration,
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    boot: Option<String>,
    reckoning: Reckoning,
    set: Option<DateTime<Utc>>,
    latest: DateTime<Utc>,
}

/// What the daemon whose record this is doubted when it last wrote; `None` where it doubts nothing or none runs.
pub fn kept_doubt(record: &Path) -> Option<Doubt> {
    read(record)?.reckoning.doubt()
}

impl Timekeeper {
    /// Goes on from what a daemon before this one reckoned since the machine was started.
    pub fn begin(marker: PathBuf, record: PathBuf) -> Self {
        let kept = read(&record);
        let (set, latest) =
            kept.as_ref().map_or((None, DateTime::UNIX_EPOCH), |kept| (kept.set, kept.latest));
        let clock = kept.map_or_else(SteadyClock::new, |kept| SteadyClock::resume(kept.reckoning));
        Self { clock: Arc::new(clock), marker, record, set, latest, doubt: None, slept: slept() }
    }

    /// Something was written at `told`. A clock that shows less is doubted, unless it was set back, and that believed,
    /// since this machine was started.
    pub fn hear(&self, told: DateTime<Utc>) {
        if told > self.latest {
            self.clock.not_before(told);
        }
    }

    /// The clock.
    pub fn clock(&self) -> Arc<SteadyClock> {
        self.clock.clone()
    }

    /// Looks once.
    pub fn look(&mut self) {
        let slept = slept();
        if slept.saturating_sub(self.slept) > SLEEP {
            let minutes = (slept - self.slept).as_secs() / 60;
            tracing::warn!(minutes, "máy vừa ngủ; việc đến hạn trong lúc ấy làm tiếp ngay");
        }
        self.slept = slept;
        let set = modified(&self.marker);
        match self.clock.doubt() {
            None => self.set = set,
            Some(doubt)
                if (set != self.set || doubt.leapt.is_none())
                    && set.is_some_and(|set| doubt.is_settled(set, self.clock.machine())) =>
            {
                tracing::warn!(
                    seconds = doubt.ahead,
                    "máy đã chỉnh giờ theo máy chủ thời gian; dùng giờ của máy"
                );
                self.clock.trust();
                self.set = set;
            }
            Some(_) => {}
        }
        let doubt = self.clock.doubt();
        if doubt.map(|doubt| doubt.leapt) != self.doubt.map(|doubt| doubt.leapt) {
            match doubt {
                Some(doubt) => tracing::error!(
                    seconds = doubt.ahead,
                    "đồng hồ máy nhảy; tạm dừng nhắc việc, vẫn gửi văn bản mới; xem `vanthu clock show`"
                ),
                None => tracing::info!("đồng hồ máy lại tin được; tiếp tục nhắc việc"),
            }
        }
        self.doubt = doubt;
        self.latest = self.latest.max(self.clock.now());
    }

    /// Keeps the reckoning for whoever comes after; without it a leap while nobody runs goes unseen.
    pub fn keep(&self) {
        let kept = Kept { boot: boot(), reckoning: self.clock.read(), set: self.set, latest: self.latest };
        if let Err(error) = write(&self.record, &kept) {
            tracing::debug!(%error, path = %self.record.display(), "the reckoning is not kept");
        }
    }

    /// Looks again and again, until it is time to stop.
    pub async fn run(mut self, pulse: Pulse, mut stop: watch::Receiver<bool>) {
        let mut looks: u32 = 0;
        loop {
            pulse.beat();
            let before = self.doubt;
            self.look();
            if looks.is_multiple_of(KEEP) || before.is_some() != self.doubt.is_some() {
                self.keep();
            }
            looks = looks.wrapping_add(1);
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stopped(&mut stop) => return self.keep(),
            }
        }
    }
}

/// What was kept since this machine was started.
fn read(record: &Path) -> Option<Kept> {
    let kept: Kept = serde_json::from_slice(&fs::read(record).ok()?).ok()?;
    // A sandboxed daemon does not know; what it keeps is on a file system that a start empties.
    let is_same = kept.boot.as_ref().zip(boot()).is_none_or(|(kept, now)| *kept == now);
    is_same.then_some(kept)
}

fn write(record: &Path, kept: &Kept) -> io::Result<()> {
    let draft = record.with_extension("tmp");
    fs::write(&draft, serde_json::to_vec(kept)?)?;
    fs::rename(&draft, record)
}

fn boot() -> Option<String> {
    fs::read_to_string(BOOT).ok()
}

fn modified(path: &Path) -> Option<DateTime<Utc>> {
    fs::metadata(path).ok()?.modified().ok().map(DateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn keeper(folder: &Path) -> Timekeeper {
        Timekeeper::begin(folder.join("synchronized"), folder.join("clock.json"))
    }

    /// As if the register knew of tomorrow.
    fn doubting(folder: &Path) -> Timekeeper {
        let keeper = keeper(folder);
        keeper.hear(keeper.clock.now() + TimeDelta::days(1));
        keeper
    }

    #[test]
    fn a_clock_that_is_set_right_is_believed_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = doubting(folder.path());
        keeper.look();
        assert!(keeper.clock.doubt().is_some());
        fs::write(folder.path().join("synchronized"), "").unwrap();
        keeper.look();
        assert_eq!(keeper.clock.doubt(), None);
        assert!((keeper.clock.now() - keeper.clock.machine()).num_seconds().abs() <= 1);
    }

    #[test]
    fn who_has_set_it_since_the_start_is_believed_more_than_the_register() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("synchronized"), "").unwrap();
        let mut keeper = doubting(folder.path());
        keeper.look();
        assert_eq!(keeper.clock.doubt(), None);
    }

    #[test]
    fn what_was_believed_once_is_not_doubted_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = doubting(folder.path());
        let tomorrow = first.clock.now();
        first.look();
        first.clock.trust();
        first.look();
        first.keep();
        let next = keeper(folder.path());
        next.hear(tomorrow);
        assert_eq!(next.clock.doubt(), None);
        next.hear(tomorrow + TimeDelta::days(1));
        assert!(next.clock.doubt().is_some());
    }

    #[test]
    fn a_doubt_outlives_the_daemon() {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("clock.json");
        assert_eq!(kept_doubt(&record), None);
        doubting(folder.path()).keep();
        assert!(kept_doubt(&record).is_some());
        let next = keeper(folder.path());
        assert!(next.clock.doubt().is_some());
        next.clock.trust();
        next.keep();
        assert_eq!((kept_doubt(&record), keeper(folder.path()).clock.doubt()), (None, None));
        // What is broken, or of another start of the machine, is not gone on from.
        fs::write(&record, "{").unwrap();
        assert_eq!(keeper(folder.path()).clock.doubt(), None);
    }
}
