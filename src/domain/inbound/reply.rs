//! What a reply says. A closed grammar: a line counts only if it is a statement from its first word to its
//! last. A word that is not expected makes it a message for people; better ten messages too many than one
//! acknowledgement that nobody gave.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::own_words;
use crate::domain::text::{bare_key, clean, constant_regex, unify_dash};

/// What the first lines of a reply say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It was received.
    Received,
    /// The work is done.
    Done {
        /// Number of the report, where one is named.
        report_symbol: Option<String>,
        /// Its date.
        report_date: Option<NaiveDate>,
    },
    /// Nothing that counts by itself.
    Nothing(Unsaid),
}

/// Why a reply says nothing that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaid {
    /// There is no word above the quotation.
    Empty,
    /// Words of its own, for people to read.
    Words,
    /// It names a day that does not exist, or one to come, as that of a report that is done.
    Day,
}

/// Words that take a line its force wherever they stand: denial, condition, promise, question. The grammar
/// is closed, so they matter where it passes over the name of whoever speaks.
const DOUBTS: [&str; 18] = [
    "chua", "khong", "neu", "se", "sap", "gan", "du kien", "khi", "nao", "ai", "nho", "nhung", "tuy",
    "de nghi", "gia han", "sai", "nham", "tru",
];
/// Courtesies before or after a statement; a whole line of them is no word of its own.
const OPENERS: [&str; 10] =
    ["da thua", "thua", "kinh thua", "da vang", "vang", "kinh gui", "kinh chao", "xin chao", "chao", "dear"];
/// Lines that may follow a statement and change nothing.
const CLOSERS: [&str; 12] = [
    "tran trong",
    "xin cam on",
    "cam on",
    "kinh thu",
    "than ai",
    "than men",
    "best regards",
    "regards",
    "thanks",
    "thank you",
    "kinh chao",
    "tran trong cam on",
];
/// Who speaks; up to [`NAME`] words of its name may follow.
const SPEAKERS: [&str; 13] = [
    "em",
    "toi",
    "minh",
    "chung toi",
    "chung em",
    "chi bo",
    "chi uy",
    "dang bo",
    "dang uy",
    "van phong",
    "don vi",
    "bi thu",
    "t/m",
];
/// Words of a speaker's name: `chi bộ Trung tâm Kiểm soát bệnh tật tỉnh`.
const NAME: usize = 10;
/// What says that it was received. Longer ones first.
const RECEIVED: [&str; 24] = [
    "xin xac nhan da nhan duoc",
    "xac nhan da nhan duoc",
    "xin xac nhan da nhan",
    "xac nhan da nhan",
    "xac nhan da tiep nhan",
    "da tiep nhan duoc",
    "da tiep nhan",
    "da nhan duoc va ro",
    "da nhan duoc",
    "da nhan du",
    "da nhan ro",
    "da nhan va ro",
    "da nhan",
    "nhan duoc roi",
    "nhan roi",
    "da ro",
    "tiep nhan",
    "nhan duoc",
    "xac nhan",
    "nhan",
    "ro",
    "received",
    "ok",
    "oke",
];
/// What says that it is done. Bare `báo cáo` is not here: it may be a heading.
const DONE: [&str; 20] = [
    "xin bao cao da hoan thanh",
    "bao cao da hoan thanh",
    "da gui bao cao ket qua",
    "da gui bao cao",
    "da nop bao cao ket qua",
    "da nop bao cao",
    "da co bao cao",
    "da bao cao ket qua",
    "da bao cao",
    "da hoan thanh",
    "da thuc hien xong",
    "da trien khai xong",
    "da lam xong",
    "da to chuc xong",
    "hoan thanh",
    "da xong",
    "xong roi",
    "da sinh hoat xong",
    "xong",
    "completed",
];
/// What may follow either: what was received or done, and small words.
const TAILS: [&str; 47] = [
    "thong bao",
    "thu bao",
    "thu",
    "cong van",
    "van ban",
    "van thu",
    "chi dao",
    "chi thi",
    "ke hoach",
    "nghi quyet",
    "huong dan",
    "quyet dinh",
    "giay moi",
    "email",
    "e-mail",
    "mail",
    "noi dung",
    "nhiem vu",
    "cong viec",
    "viec",
    "ket qua",
    "thuc hien",
    "bao cao",
    "bang bao cao",
    "tai bao cao",
    "theo bao cao",
    "theo yeu cau",
    "dung han",
    "day du",
    "tren",
    "nay",
    "noi tren",
    "o tren",
    "cua cap tren",
    "cua dang uy",
    "cua van phong",
    "cua ban",
    "va",
    "ve",
    "voi",
    "qua email",
    "qua ioffice",
    "roi",
    "a",
    "nhe",
    "day",
    "ok",
];

/// Letters of a report's number; the longest of domain §6.5 has some thirty.
const MOST_SYMBOL: usize = 60;

/// White space round the joint of a number: `07 - BC/ĐU`.
static JOINT: LazyLock<Regex> =
    LazyLock::new(|| constant_regex(r"(?<number>[0-9]) ?(?<joint>[-/]) ?(?<kind>\p{L})"));
/// `số 12-BC/CB`, `12/BC-UBND`: digits, a joint, letters.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    constant_regex(
        r"^(?:[Ss][Ốốo] ?:? ?)?(?<symbol>[0-9]{1,5}\p{L}? ?[-/] ?[\p{L}0-9&.\-/]*\p{L}[\p{L}0-9&]*)",
    )
});
/// `ngày 05/3/2026`, `ngày 5 tháng 3 năm 2026`; the year may be left out.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    constant_regex(concat!(
        r"^(?:ngay ?)?(?<day>[0-9]{1,2})(?:[/.\-]| ?thang ?)(?<month>[0-9]{1,2})",
        r"(?:(?:[/.\-]| ?nam ?)(?<year>[0-9]{4}))?(?:$|[ .,;])"
    ))
});

/// What a reply says; `today` is the day it came, in the office's zone.
pub fn said(text: &str, today: NaiveDate) -> Said {
    let own = own_words(text);
    let Some(first) = own.iter().position(|line| !is_courtesy(line)) else {
        return Said::Nothing(Unsaid::Empty);
    };
    let line = own.get(first).map(String::as_str).unwrap_or_default();
    let rest = own.get(first + 1..).unwrap_or_default();
    if has_more(rest) {
        return Said::Nothing(Unsaid::Words);
    }
    Statement::read(line, today)
}

/// Whether further lines say anything: names under a closing do not, words before it do.
fn has_more(rest: &[String]) -> bool {
    rest.first().is_some_and(|line| !begins(&key_of(line), &CLOSERS))
}

/// Greetings and addresses before the statement.
fn is_courtesy(line: &str) -> bool {
    let key = key_of(line);
    key.is_empty() || (begins(&key, &OPENERS) && !RECEIVED.iter().chain(&DONE).any(|verb| has(&key, verb)))
}

/// Lower case without marks, words apart by one space, punctuation at the edges of words gone.
fn key_of(line: &str) -> String {
    let bare = bare_key(line);
    let bare = JOINT.replace_all(&bare, "$number$joint$kind");
    let words =
        bare.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '?'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn begins(key: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| after(key, phrase).is_some())
}

fn has(key: &str, phrase: &str) -> bool {
    format!(" {key} ").contains(&format!(" {phrase} "))
}

/// What follows a phrase of whole words.
fn after<'a>(key: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = key.strip_prefix(phrase)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

fn eat<'a>(key: &'a str, phrases: &[&str]) -> Option<&'a str> {
    let longest =
        phrases.iter().filter(|phrase| after(key, phrase).is_some()).max_by_key(|phrase| phrase.len())?;
    after(key, longest)
}

/// A statement while it is read: keys without marks tell words, the line with them gives the number.
struct Statement {
    is_done: bool,
    symbol: Option<String>,
    day: Option<Option<NaiveDate>>,
}

impl Statement {
    fn read(line: &str, today: NaiveDate) -> Said {
        let nothing = Said::Nothing(Unsaid::Words);
        let key = key_of(line);
        let doubtful = key.contains(['?', '%']) || DOUBTS.iter().any(|doubt| has(&key, doubt));
        if doubtful || key.chars().count() > 200 {
            return nothing;
        }
        let Some((is_done, tail)) = verb(&key) else { return nothing };
        let mut statement = Self { is_done, symbol: None, day: None };
        if !statement.tail(tail, &line.chars().map(unify_dash).collect::<String>(), today) {
            return nothing;
        }
        statement.told(today)
    }

    /// Eats everything that may follow; `false` if a word is left that may not.
    fn tail(&mut self, mut key: &str, line: &str, today: NaiveDate) -> bool {
        while !key.is_empty() {
            if let Some(found) = DAY.captures(key) {
                let end = found.get(0).map_or(0, |whole| whole.end());
                self.day = Some(day(&found, today));
                key = key.get(end..).unwrap_or_default().trim_start_matches([' ', '.', ',', ';']);
            } else if let Some(found) = NUMBER.captures(key) {
                let end = found.get(0).map_or(0, |whole| whole.end());
                self.symbol = found.name("symbol").and_then(|symbol| as_written(line, symbol.as_str()));
                key = key.get(end..).unwrap_or_default().trim_start();
            } else if let Some(rest) = eat(key, &TAILS) {
                key = rest;
            } else {
                return false;
            }
        }
        true
    }

    /// A report is of a day that was; one to come is a slip or a promise. What was only received bears the
    /// number of the directive, which is known.
    fn told(self, today: NaiveDate) -> Said {
        match (self.is_done, self.day) {
            (false, _) => Said::Received,
            (true, Some(day)) if day.is_none_or(|day| day > today) => Said::Nothing(Unsaid::Day),
            (true, day) => Said::Done { report_symbol: self.symbol, report_date: day.flatten() },
        }
    }
}

/// The statement's verb after courtesies and the speaker, and what follows it.
fn verb(key: &str) -> Option<(bool, &str)> {
    let mut here = key;
    for _ in 0..4 {
        // `OK` alone is an answer; before another one it is a courtesy.
        let agreed = eat(here, &["ok", "oke"]).and_then(verb_at);
        if let Some(found) = agreed.or_else(|| verb_at(here)) {
            return Some(found);
        }
        here = eat(here, &OPENERS).or_else(|| eat(here, &["da"])).or_else(|| speaker(here))?;
    }
    None
}

fn verb_at(key: &str) -> Option<(bool, &str)> {
    let done = eat(key, &DONE).map(|rest| (true, rest));
    let reported = || eat(key, &["bao cao"]).filter(|rest| NUMBER.is_match(rest)).map(|rest| (true, rest));
    done.or_else(reported).or_else(|| eat(key, &RECEIVED).map(|rest| (false, rest)))
}

/// Passes over the speaker and the words of its name, up to a verb.
fn speaker(key: &str) -> Option<&str> {
    let mut rest = eat(key, &SPEAKERS)?;
    for _ in 0..=NAME {
        if verb_at(rest).is_some() || rest.starts_with("da ") {
            return Some(rest);
        }
        rest = rest.split_once(' ').map(|(_, rest)| rest)?;
    }
    None
}

/// The day that was found, `None` where there is none such. Without a year it is the last such day up to today.
fn day(found: &regex::Captures<'_>, today: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let number = |name: &str| found.name(name).and_then(|text| text.as_str().parse::<u32>().ok());
    let (day, month) = (number("day")?, number("month")?);
    match found.name("year") {
        Some(year) => NaiveDate::from_ymd_opt(year.as_str().parse().ok()?, month, day),
        None => {
            let of = |year| NaiveDate::from_ymd_opt(year, month, day);
            let this = of(today.year());
            this.filter(|day| *day <= today).or_else(|| of(today.year() - 1)).or(this)
        }
    }
}

/// A symbol with the letters its writer used: the key has lost đ and capitals.
fn as_written(line: &str, key: &str) -> Option<String> {
    let line = clean(line);
    let pieces: Vec<&str> = line.split(' ').collect();
    let most = pieces.len();
    (0..most)
        .flat_map(|from| (from + 1..=most.min(from + 4)).map(move |to| (from, to)))
        .filter_map(|(from, to)| {
            let written = pieces.get(from..to)?.concat();
            let written = written.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            (bare_key(&written) == key.replace(' ', "")).then_some(written)
        })
        .find(|written| written.chars().count() <= MOST_SYMBOL)
}

#[cfg(test)]
mod tests;
