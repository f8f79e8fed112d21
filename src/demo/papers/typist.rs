//! Typist: turns a theme and an instant into a paper, as a clerk would type it.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::themes::{self, Issuer, Theme};
use super::traps::Twist;
use super::{Entry, List, Paper, PaperFile};
use crate::demo::random::Random;
use crate::demo::worktime;

/// Writes papers one after the other and keeps the numbers of every series.
pub(super) struct Typist {
    random: Random,
    numbers: BTreeMap<(&'static str, &'static str, i32), u32>,
}

impl Typist {
    /// Every random choice left after the deck was laid comes from `random`.
    pub(super) fn new(random: Random) -> Self {
        Self { random, numbers: BTreeMap::new() }
    }

    pub(super) fn paper(&mut self, entry: &Entry, slot: DateTime<Utc>, id: i64) -> Paper {
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
        let spread = u32::try_from(self.random.below(6)).unwrap_or_default();
        let last = self.numbers.entry((code, kind, year)).or_default();
        // A State series runs on by the day of the year: it counts far more papers than come here.
        let number = if *state || *last == 0 { (first + spread).max(*last + 1) } else { *last + 1 };
        *last = number;
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
            88..98 => "Khẩn",
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
