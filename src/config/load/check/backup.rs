//! Copies of the register.

use std::time::Duration;

use super::Checker;
use crate::config::code::Code;
use crate::config::settings::Settings;

/// How many copies may be asked for.
const KEEP: std::ops::RangeInclusive<usize> = 1..=1000;
/// Least age that is worth a word: less would warn between two copies.
const SOON: Duration = Duration::from_secs(3600);

impl Checker<'_> {
    pub(super) fn backup(&self, settings: &Settings) {
        let Some(backup) = &settings.backup else { return };
        if !KEEP.contains(&backup.keep) {
            let wanted = ("số từ 1 đến 1000", "a number from 1 to 1000").into();
            self.report(Code::BadValue, "backup.keep", ["keep".into(), wanted]);
        }
        if backup.warn_after < SOON {
            let wanted = ("từ 1h trở lên", "1h or more").into();
            self.report(Code::BadValue, "backup.warn_after", ["warn_after".into(), wanted]);
        }
    }
}
