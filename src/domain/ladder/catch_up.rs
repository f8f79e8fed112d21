//! Catching up: what becomes of steps whose time passed while nobody looked, be it that the daemon was down,
//! or that the mails of a row were muted.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Planned;
use crate::domain::calendar::Calendar;

/// What becomes of several due steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CatchUp {
    /// Only those of the newest instant are taken: one mail, not a volley.
    #[default]
    Latest,
    /// All are taken and count; what they say to one reader is one mail.
    All,
    /// None that was planned for an earlier day is taken.
    None,
}

impl CatchUp {
    /// Whether it is the usual one.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(super) fn is_latest(&self) -> bool {
        *self == Self::Latest
    }

    /// Of due steps, earliest first, those to take and those to skip.
    pub(super) fn pick<'a>(
        self,
        due: Vec<Planned<'a>>,
        now: DateTime<Utc>,
        calendar: &Calendar,
    ) -> (Vec<Planned<'a>>, Vec<Planned<'a>>) {
        let newest = due.last().map(|planned| planned.at);
        let today = calendar.date_of(now);
        due.into_iter().partition(|planned| match self {
            Self::Latest => Some(planned.at) == newest,
            Self::All => true,
            Self::None => calendar.date_of(planned.at) == today,
        })
    }
}
