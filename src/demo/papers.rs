//! Papers: ninety days of an invented province's documents, the same for the same end and seed.
//!
//! They are plausible and say nothing of any real person, place or fact. Most are everyday papers
//! ([`themes`]); a fixed few carry what goes wrong in real registers ([`traps`]): secrecy in four
//! guises, letters typed in another Unicode form, late arrivals, papers nobody wrote a rule for.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

mod directives;
mod themes;
mod traps;
mod typist;

use super::random::Random;
use super::worktime::{self, DAY_MINUTES};
pub use directives::{DIRECTIVES, Directive, SECRET_DIRECTIVES, SECRET_WORDS, directives};
use themes::{THEMES, THEMES_FOR_ALL, Theme};
use traps::{TRAPS, Twist};
use typist::Typist;

/// How many days back the papers reach.
pub const DAYS: i64 = 90;
/// How many papers there are, traps included.
pub const COUNT: usize = 60;
/// How many of them are secret, each in another guise; vanthu must hold these.
pub const SECRET: usize = 4;
/// How many of them no rule is meant for, [`RULES`] included.
pub const UNMATCHED: usize = 3;
/// How many of the everyday papers concern every administrative and public-service cell.
const FOR_ALL: usize = 4;

/// Rules for what the sample rules of a new office leave out, as a file for its `rules.d`. With both,
/// every paper finds a rule but the [`UNMATCHED`] and the [`SECRET`] ones.
pub const RULES: &str = include_str!("papers/rules.toml");

/// Where the document system files a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Chờ xử lý.
    Waiting,
    /// Đã xử lý.
    Processed,
    /// Xem để biết.
    Notify,
}

/// A file of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A document as the staff of the document system typed it: not cleaned, not normalised, entities and
/// all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its id in the document system, growing with the time of receipt.
    pub id: i64,
    /// Trích yếu.
    pub subject: String,
    /// Số, ký hiệu, for example `31-KH/ĐUK`; empty on an unnumbered letter.
    pub symbol: String,
    /// Hình thức văn bản.
    pub kind_name: String,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Ngày văn bản, local.
    pub issued: NaiveDate,
    /// Ngày nhận (UTC).
    pub received: DateTime<Utc>,
    /// Hạn giải quyết, local.
    pub due: Option<NaiveDate>,
    /// Độ khẩn by name; empty where nobody chose one.
    pub urgency: String,
    /// Độ mật by name; `None` leaves the field out.
    pub secrecy: Option<String>,
    /// Who signed, as a post.
    pub signer: String,
    /// Lĩnh vực.
    pub field: String,
    /// Ghi chú.
    pub content: String,
    /// Its files.
    pub files: Vec<PaperFile>,
    /// Where it is filed.
    pub list: List,
}

/// The papers received in the [`DAYS`] before `end`, oldest first.
pub fn papers(end: DateTime<Utc>, seed: u64) -> Vec<Paper> {
    let mut random = Random::new(seed);
    let slots = slots(end, &mut random);
    let deck = deck(&mut random);
    let mut typist = Typist::new(random);
    let typed = deck.iter().zip(slots).zip(1..);
    let mut papers: Vec<Paper> =
        typed.map(|((entry, slot), place)| typist.paper(entry, slot, 48_200 + 7 * place)).collect();
    papers.sort_by_key(|paper| paper.received);
    papers
}

/// One place of the deck.
type Entry = (&'static Theme, Option<Twist>);

/// All entries in the order of their receipt: traps at even distances, everyday papers shuffled between.
fn deck(random: &mut Random) -> Vec<Entry> {
    let everyday = COUNT - TRAPS.len();
    let mut themes: Vec<&Theme> = THEMES_FOR_ALL.iter().cycle().take(FOR_ALL).collect();
    themes.extend(THEMES.iter().cycle().take(everyday.saturating_sub(FOR_ALL)));
    shuffle(&mut themes, random);
    let mut deck: Vec<Entry> = themes.into_iter().map(|theme| (theme, None)).collect();
    for (number, (theme, twist)) in TRAPS.iter().enumerate() {
        let place = (2 * number + 1) * COUNT / (2 * TRAPS.len());
        deck.insert(place.min(deck.len()), (theme, Some(*twist)));
    }
    deck
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        let other = random.below(last as u64 + 1);
        items.swap(last, usize::try_from(other).unwrap_or_default());
    }
}

/// The instants of receipt: spread over the working days, in office hours, none after `end`.
fn slots(end: DateTime<Utc>, random: &mut Random) -> Vec<DateTime<Utc>> {
    let from = worktime::local_date(end - TimeDelta::days(DAYS));
    let until = worktime::local_date(end);
    let days: Vec<NaiveDate> = from
        .iter_days()
        .skip(1)
        .take_while(|day| *day < until)
        .filter(|day| worktime::is_working_day(*day))
        .collect();
    let mut slots: Vec<DateTime<Utc>> = (0..COUNT)
        .filter_map(|place| days.get(place * days.len() / COUNT))
        .map(|day| worktime::at_work(*day, random.below(DAY_MINUTES)))
        .collect();
    slots.sort();
    slots
}

#[cfg(test)]
mod tests;
