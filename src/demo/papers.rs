//! Papers: ninety days of an invented province's documents, the same for the same end and seed.
//!
//! They are plausible and say nothing of any real person, place or fact. Most are everyday papers
//! ([`themes`]); a fixed few carry what goes wrong in real registers ([`traps`]): secrecy in four
//! guises, letters typed in another Unicode form, late arrivals, papers nobody wrote a rule for.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

mod themes;
mod traps;

use super::random::Random;
use super::worktime::{self, DAY_MINUTES};
use themes::{Issuer, THEMES, THEMES_FOR_ALL, Theme};
use traps::{TRAPS, Twist};

/// How many days back the papers reach.
pub const DAYS: i64 = 90;
/// How many papers there are, traps included.
pub const COUNT: usize = 90;
/// How many of them are secret, each in another guise; vanthu must hold these.
pub const SECRET: usize = 4;
/// How many of them no sample rule is meant for.
pub const UNMATCHED: usize = 3;
/// How many of the everyday papers concern every administrative and public-service cell.
const FOR_ALL: usize = 18;

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
    let mut typist = Typist { random, numbers: BTreeMap::new() };
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

/// Writes papers one after the other and keeps the numbers of every series.
struct Typist {
    random: Random,
    numbers: BTreeMap<(&'static str, &'static str, i32), u32>,
}

impl Typist {
    fn paper(&mut self, entry: &Entry, slot: DateTime<Utc>, id: i64) -> Paper {
        let (theme, twist) = *entry;
        let received = if twist.is_some_and(Twist::at_night) { night_of(slot) } else { slot };
        let day = worktime::local_date(received);
        let delay = if twist == Some(Twist::Late) { 3 } else { self.random.below(2) };
        let issued =
            if twist.is_some_and(Twist::at_night) { day } else { worktime::days_earlier(day, delay) };
        let due = theme.days.map(|days| worktime::days_later(issued, days));
        let symbol = self.symbol(theme, issued);
        let mut paper = Paper {
            id,
            subject: fill(theme.subject, issued, due),
            kind_name: theme.kind.name.to_owned(),
            issuer: self.pick(theme.issuer.names).to_owned(),
            issued,
            received,
            due: self.due_field(theme, due),
            urgency: self.urgency().to_owned(),
            secrecy: Some(self.pick(&["Thường", "Thường", "Thường", "Không mật"]).to_owned()),
            signer: self.pick(theme.issuer.signers).to_owned(),
            field: theme.field.to_owned(),
            content: self.pick(themes::NOTES).to_owned(),
            files: self.files(&symbol),
            list: self.list(theme),
            symbol,
        };
        if let Some(twist) = twist {
            twist.apply(&mut paper);
        }
        paper
    }

    /// The next number of the issuer's series: the Party counts per kind and term, the State per kind
    /// and year; below ten a zero stands in front.
    fn symbol(&mut self, theme: &Theme, issued: NaiveDate) -> String {
        let Issuer { code, state, .. } = theme.issuer;
        let (kind, year) = (theme.kind.code, if *state { issued.year() } else { 0 });
        if kind.is_empty() {
            return String::new();
        }
        let first = if *state { issued.ordinal() * 6 } else { theme.kind.first };
        let spread = u32::try_from(self.random.below(9)).unwrap_or_default();
        let number = self.numbers.entry((code, kind, year)).or_insert(first + spread);
        *number += 1;
        match (state, kind) {
            (true, "CV") => format!("{number:02}/{code}-NC"),
            (true, _) => format!("{number:02}/{kind}-{code}"),
            (false, _) => format!("{number:02}-{kind}/{code}"),
        }
    }

    /// Where the subject names the day, clerks seldom type it again.
    fn due_field(&mut self, theme: &Theme, due: Option<NaiveDate>) -> Option<NaiveDate> {
        let one_in = if theme.subject.contains("{hạn}") { 4 } else { 2 };
        due.filter(|_| self.random.below(one_in) == 0)
    }

    fn urgency(&mut self) -> &'static str {
        match self.random.below(100) {
            0..82 => "Thường",
            82..88 => "",
            88..96 => "Khẩn",
            _ => "Thượng khẩn",
        }
    }

    fn list(&mut self, theme: &Theme) -> List {
        match self.random.below(10) {
            _ if theme.days.is_none() => List::Notify,
            0 | 1 => List::Processed,
            _ => List::Waiting,
        }
    }

    fn files(&mut self, symbol: &str) -> Vec<PaperFile> {
        let base = symbol.replace(['/', '-'], "_");
        let mut names = vec![format!("{base}.SIGNED.pdf")];
        names.extend((self.random.below(3) == 0).then(|| "Phụ lục biểu mẫu kèm theo.docx".to_owned()));
        names.into_iter().map(|name| PaperFile { name, size: 40_000 + self.random.below(900_000) }).collect()
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let place = self.random.below(from.len() as u64);
        usize::try_from(place).ok().and_then(|place| from.get(place).copied()).unwrap_or_default()
    }
}

/// The evening of a slot's day.
fn night_of(slot: DateTime<Utc>) -> DateTime<Utc> {
    worktime::at(worktime::local_date(slot), 21 * 60 + 40)
}

/// Puts the periods and days of a paper into its subject.
fn fill(subject: &str, issued: NaiveDate, due: Option<NaiveDate>) -> String {
    const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
    let quarter = QUARTERS.get(issued.quarter().saturating_sub(1) as usize).copied().unwrap_or_default();
    let due = due.map(|due| due.format("%d/%m/%Y").to_string()).unwrap_or_default();
    subject
        .replace("{quý}", quarter)
        .replace("{tháng}", &issued.month().to_string())
        .replace("{năm}", &issued.year().to_string())
        .replace("{hạn}", &due)
}

#[cfg(test)]
mod tests;
