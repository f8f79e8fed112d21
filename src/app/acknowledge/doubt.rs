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
    /// The client says of itself that it is a program, or says nothing.
    pub program: bool,
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
    /// A program that is no browser of a person's.
    Program,
}

impl Doubt {
    /// Whether it is the press that looks odd, and not just the rule that is strict.
    pub fn is_suspicion(self) -> bool {
        self != Self::Demanded
    }

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Demanded => "demanded",
            Self::NoPage => "no-page",
            Self::AfterPage => "after-page",
            Self::AfterMail => "after-mail",
            Self::Several => "several",
            Self::Program => "program",
        }
    }
}

/// What programs that fetch links by themselves call themselves; parts of user agents in lower case. Browsers
/// without a window are among them: that is how scanners run the scripts of pages.
const PROGRAMS: [&str; 25] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "scan",
    "preview",
    "prefetch",
    "headless",
    "phantom",
    "selenium",
    "playwright",
    "puppeteer",
    "python",
    "curl",
    "wget",
    "java/",
    "okhttp",
    "go-http",
    "libwww",
    "httpclient",
    "safelinks",
    "barracuda",
    "proofpoint",
    "mimecast",
    "urldefense",
];

/// Whether a user agent is that of a program, or none at all, which no browser sends.
pub fn is_program(agent: &str) -> bool {
    let agent = agent.trim().to_lowercase();
    agent.is_empty() || PROGRAMS.iter().any(|part| agent.contains(part))
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
    } else if signs.program {
        Some(Doubt::Program)
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
            program: false,
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
            ("a program", Signs { program: true, ..calm }, Some(Doubt::Program)),
            ("a strict rule", Signs { demanded: Grade::Verified, ..calm }, Some(Doubt::Demanded)),
        ] {
            assert_eq!(doubt(&signs), expected, "{name}");
        }
    }

    #[test]
    fn programs_are_known_by_what_they_call_themselves() {
        for (agent, program) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
                false,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 Version/17.2 Mobile/15E148 Safari/604.1",
                false,
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/119 Mobile Safari/537.36 Zalo/23.11",
                false,
            ),
            ("Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0", false),
            ("Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36", true),
            ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", true),
            ("python-requests/2.31", true),
            ("curl/8.5.0", true),
            ("Go-http-client/2.0", true),
            ("Mozilla/5.0 (Windows NT 10.0) BingPreview/1.0b", true),
            ("", true),
            ("  ", true),
        ] {
            assert_eq!(is_program(agent), program, "{agent}");
        }
    }
}
