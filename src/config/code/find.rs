//! A code by its number, and where in a check it belongs.

use super::{Code, Phase};

impl Code {
    /// The code of a number, however it is typed: `VT020`, `vt020`, `20`.
    pub fn find(id: &str) -> Option<Self> {
        let digits = id.trim().trim_start_matches(['V', 'v']).trim_start_matches(['T', 't']);
        let wanted = format!("VT{digits:0>3}");
        Self::ALL.iter().copied().find(|code| code.id() == wanted)
    }

    /// In which phase of a check it is found.
    pub fn phase(self) -> Phase {
        match self {
            Self::SecretUnread | Self::SecretInEnv | Self::ShortKey => Phase::Environment,
            Self::UnknownVariable | Self::Unused => Phase::Environment,
            Self::LadderWanted | Self::NoTarget | Self::Needless | Self::AllowNowhere => Phase::Syntax,
            Self::TaskNoTarget | Self::IdleKey => Phase::Syntax,
            Self::StepBeforeNotice | Self::StepsTogether | Self::BadHaste => Phase::Syntax,
            Self::StepBackwards | Self::StepAfterLast => Phase::Syntax,
            Self::AllowWithoutReason | Self::AllowUnknown | Self::AllowError => Phase::Syntax,
            Self::BadRegex | Self::BadDue | Self::BadStep | Self::BadDays => Phase::Syntax,
            code if code <= Self::BadCode => Phase::Syntax,
            _ => Phase::References,
        }
    }
}
