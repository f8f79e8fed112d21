//! Doubt: whether a press of a link's button may be a machine's. Link scanners open every link of a
//! mail within seconds, run its page and press what they find (promises.md T60, T61).

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::obligation::Grade;

/// Nobody reads the page and presses sooner than this after it was shown.
const READING: TimeDelta = TimeDelta::seconds(3);
/// Scanners work before and right after delivery; a person is seldom so fast.
const DELIVERY: TimeDelta = TimeDelta::minutes(2);

/// What is known about one press.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// When its page was shown, by the page's own signed note.
    pub shown: Option<DateTime<Utc>>,
    /// When the newest mail about the obligation was accepted by a server.
    pub sent: Option<DateTime<Utc>>,
    /// The same client address has just pressed for another obligation.
    pub several: bool,
    /// The weakest grade the duty accepts.
    pub demanded: Grade,
    /// When it was pressed.
    pub now: DateTime<Utc>,
}

/// Why digits are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The rule demands it of everybody.
    Demanded,
    /// No page of ours, or none for this revision, stands behind the press.
    NoPage,
    /// Too soon after the page was shown.
    AfterPage,
    /// Too soon after the mail was sent.
    AfterMail,
    /// One address presses for several cells at once.
    Several,
}

impl Doubt {
    /// Whether it is the press that looks odd, and not just the rule that is strict.
    pub fn is_suspicion(self) -> bool {
        self != Self::Demanded
    }
}

/// Whether, and why, a press must be backed by digits from the mail.
pub fn doubt(signs: &Signs) -> Option<Doubt> {
    let since = |then: DateTime<Utc>| signs.now.signed_duration_since(then);
    let Some(shown) = signs.shown.filter(|shown| *shown <= signs.now) else {
        return Some(Doubt::NoPage);
    };
    if since(shown) < READING {
        Some(Doubt::AfterPage)
    } else if signs.sent.is_some_and(|sent| since(sent) < DELIVERY) {
        Some(Doubt::AfterMail)
    } else if signs.several {
        Some(Doubt::Several)
    } else {
        (signs.demanded > Grade::Clicked).then_some(Doubt::Demanded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_770_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_press_is_doubted_for_a_reason() {
        let calm = Signs {
            shown: Some(at(-20)),
            sent: Some(at(-600)),
            several: false,
            demanded: Grade::Clicked,
            now: at(0),
        };
        for (name, signs, expected) in [
            ("a reader", calm, None),
            ("a reader whose mail left outside this register", Signs { sent: None, ..calm }, None),
            ("a duty content with less", Signs { demanded: Grade::Upstream, ..calm }, None),
            ("2 s after the page", Signs { shown: Some(at(-2)), ..calm }, Some(Doubt::AfterPage)),
            ("3 s after the page", Signs { shown: Some(at(-3)), ..calm }, None),
            ("no page", Signs { shown: None, ..calm }, Some(Doubt::NoPage)),
            ("a page from the future", Signs { shown: Some(at(5)), ..calm }, Some(Doubt::NoPage)),
            ("119 s after the mail", Signs { sent: Some(at(-119)), ..calm }, Some(Doubt::AfterMail)),
            ("120 s after the mail", Signs { sent: Some(at(-120)), ..calm }, None),
            ("many links", Signs { several: true, ..calm }, Some(Doubt::Several)),
            ("a strict rule", Signs { demanded: Grade::Verified, ..calm }, Some(Doubt::Demanded)),
        ] {
            assert_eq!(doubt(&signs), expected, "{name}");
        }
    }
}
