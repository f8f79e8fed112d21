//! The form of the answer page: from what was typed to an [`Answer`], with every mistake at its field.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::domain::ids::{ObligationId, UnitId};
use crate::domain::obligation::{Answer, FIGURES, Figure, FileLink};
use crate::domain::text::clean;
use crate::render::pages::lexicon::{self, Lexicon};

/// Longest reason or note, in letters.
const LINES: usize = 2000;
/// Longest single line, in letters.
const LINE: usize = 200;

/// What a browser sent. A field that is missing is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Entered {
    pub(super) answer: String,
    /// The row that is meant; empty for everything that is asked.
    pub(super) task: String,
    pub(super) stamp: String,
    pub(super) digits: String,
    pub(super) promised: String,
    pub(super) report_symbol: String,
    pub(super) report_date: String,
    pub(super) note: String,
    pub(super) until: String,
    pub(super) reason: String,
    pub(super) link: String,
    pub(super) suggested: String,
    /// Everything else; the figures are in it, by their [`FIGURE`] names.
    #[serde(flatten)]
    pub(super) more: BTreeMap<String, String>,
}

/// Names of the fields for figures, in the order in which the rule asks for them.
pub(super) const FIGURE: [&str; FIGURES] =
    ["figure1", "figure2", "figure3", "figure4", "figure5", "figure6", "figure7", "figure8"];

/// What an answer is read against.
pub(super) struct Asking<'a> {
    /// The day, in the office's zone.
    pub(super) today: NaiveDate,
    /// The figures that a report must name.
    pub(super) figures: &'a [String],
    /// Whether a code is that of a cell that work can be given to.
    pub(super) is_cell: &'a dyn Fn(&UnitId) -> bool,
    /// The words in which mistakes are told.
    pub(super) speech: &'static Lexicon,
}

/// What is wrong with which field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mistakes(Vec<(&'static str, String)>);

/// Mistakes that are being found, with the words for them.
struct Finding {
    words: &'static lexicon::Mistakes,
    found: Mistakes,
}

impl Finding {
    fn of(&self, field: &str) -> Option<String> {
        self.found.of(field)
    }

    fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.found.add(field, text);
    }
}

impl Mistakes {
    /// What is wrong with a field.
    pub(super) fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone())
    }

    pub(super) fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.push((field, text.into()));
    }
}

impl Entered {
    /// The row that is meant. What is no number is of no page of ours and meets no row.
    pub(super) fn task(&self) -> Option<ObligationId> {
        (!self.task.is_empty()).then(|| ObligationId(self.task.parse().unwrap_or_default()))
    }

    /// Whether it was typed in the form of an answer and a row.
    pub(super) fn is_of(&self, answer: &str, task: Option<i64>) -> bool {
        self.answer == answer && self.task().map(|task| task.0) == task
    }

    /// What was typed in a field.
    pub(super) fn value(&self, field: &str) -> &str {
        match field {
            "promised" => &self.promised,
            "report_symbol" => &self.report_symbol,
            "report_date" => &self.report_date,
            "note" => &self.note,
            "until" => &self.until,
            "reason" => &self.reason,
            "link" => &self.link,
            "suggested" => &self.suggested,
            _ => self.more.get(field).map_or("", String::as_str),
        }
    }

    /// The answer.
    ///
    /// # Errors
    /// Every mistake, at its field; an answer that is none of the four is a mistake of `answer`.
    pub(super) fn read(&self, asking: &Asking<'_>) -> Result<Answer, Mistakes> {
        let words = &asking.speech.mistakes;
        let (today, mut mistakes) = (asking.today, Finding { words, found: Mistakes::default() });
        let answer = match self.answer.as_str() {
            "received" => Some(Answer::Received { promised: self.ahead("promised", today, &mut mistakes) }),
            "done" => Some(Answer::Done {
                report_symbol: self.words("report_symbol", LINE, &mut mistakes),
                report_date: self.past("report_date", today, &mut mistakes),
                note: self.words("note", LINES, &mut mistakes),
                link: self.link(&mut mistakes),
                figures: self.figures(asking.figures, &mut mistakes),
            }),
            "declined" => self.declined(asking, &mut mistakes),
            "more-time" => self.more_time(today, &mut mistakes),
            _ => {
                mistakes.add("answer", words.answer);
                None
            }
        };
        answer.filter(|_| mistakes.found.0.is_empty()).ok_or(mistakes.found)
    }

    fn more_time(&self, today: NaiveDate, mistakes: &mut Finding) -> Option<Answer> {
        let until = self.ahead("until", today, mistakes);
        if until.is_none() && mistakes.of("until").is_none() {
            mistakes.add("until", mistakes.words.until);
        }
        let reason = self.reason(mistakes);
        Some(Answer::MoreTime { until: until?, reason: reason? })
    }

    fn declined(&self, asking: &Asking<'_>, mistakes: &mut Finding) -> Option<Answer> {
        let suggested = Some(self.suggested.trim()).filter(|code| !code.is_empty()).map(UnitId::from);
        if suggested.as_ref().is_some_and(|cell| !(asking.is_cell)(cell)) {
            mistakes.add("suggested", mistakes.words.suggested);
        }
        self.reason(mistakes).map(|reason| Answer::Declined { reason, suggested })
    }

    fn link(&self, mistakes: &mut Finding) -> Option<FileLink> {
        if self.link.trim().is_empty() {
            return None;
        }
        let unreadable = mistakes.words.unreadable;
        FileLink::read(&self.link).map_err(|why| mistakes.add("link", unreadable(why))).ok()
    }

    /// The figures that are asked for, every one of them.
    fn figures(&self, asked: &[String], mistakes: &mut Finding) -> Vec<Figure> {
        let mut figures = Vec::with_capacity(asked.len());
        for (field, name) in FIGURE.into_iter().zip(asked) {
            let typed = self.value(field).trim();
            if typed.is_empty() {
                mistakes.add(field, mistakes.words.figure);
                continue;
            }
            match Figure::read(name, typed) {
                Ok(figure) => figures.push(figure),
                Err(why) => mistakes.add(field, (mistakes.words.unreadable)(why)),
            }
        }
        figures
    }

    fn reason(&self, mistakes: &mut Finding) -> Option<String> {
        let reason = self.words("reason", LINES, mistakes);
        if reason.is_none() && mistakes.of("reason").is_none() {
            mistakes.add("reason", mistakes.words.reason);
        }
        reason
    }

    /// Text without invisible letters; `None` where nothing was typed.
    fn words(&self, field: &'static str, most: usize, mistakes: &mut Finding) -> Option<String> {
        let text = clean(self.value(field)).trim().to_owned();
        let long = text.chars().count();
        if long > most {
            mistakes.add(field, (mistakes.words.long)(long, most));
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// A day from today on.
    fn ahead(&self, field: &'static str, today: NaiveDate, mistakes: &mut Finding) -> Option<NaiveDate> {
        let day = self.day(field, mistakes)?;
        if day < today {
            mistakes.add(field, mistakes.words.passed);
        }
        Some(day)
    }

    /// A day until today.
    fn past(&self, field: &'static str, today: NaiveDate, mistakes: &mut Finding) -> Option<NaiveDate> {
        let day = self.day(field, mistakes)?;
        if day > today {
            mistakes.add(field, mistakes.words.to_come);
        }
        Some(day)
    }

    /// A day as a person types it: day, month, year, parted by anything usual; or year first, as
    /// machines write it.
    fn day(&self, field: &'static str, mistakes: &mut Finding) -> Option<NaiveDate> {
        let text = self.value(field).trim().replace(['-', '.', ' '], "/");
        if text.is_empty() {
            return None;
        }
        let day = ["%d/%m/%Y", "%Y/%m/%d"]
            .iter()
            .find_map(|format| NaiveDate::parse_from_str(&text, format).ok())
            .filter(|day| (2000..2200).contains(&day.year()));
        if day.is_none() {
            mistakes.add(field, mistakes.words.day);
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entered(answer: &str, fields: &[(&str, &str)]) -> Entered {
        let get =
            |name| fields.iter().find(|(n, _)| *n == name).map_or_else(String::new, |(_, v)| (*v).to_owned());
        Entered {
            answer: answer.to_owned(),
            promised: get("promised"),
            report_symbol: get("report_symbol"),
            report_date: get("report_date"),
            note: get("note"),
            until: get("until"),
            reason: get("reason"),
            link: get("link"),
            suggested: get("suggested"),
            more: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..Entered::default()
        }
    }

    fn read(form: &Entered, today: NaiveDate, figures: &[&str]) -> Result<Answer, Mistakes> {
        let figures: Vec<_> = figures.iter().map(|name| (*name).to_owned()).collect();
        let speech = Lexicon::of(Language::Vi);
        form.read(&Asking { today, figures: &figures, is_cell: &|cell| cell.as_str() == "cb-2", speech })
    }

    #[test]
    fn four_answers_are_read() {
        let today = day("2026-03-10");
        for (form, answer) in [
            (entered("received", &[]), Answer::Received { promised: None }),
            (
                entered("received", &[("promised", "10.03.2026")]),
                Answer::Received { promised: Some(day("2026-03-10")) },
            ),
            (
                entered("done", &[("report_symbol", " 12-BC/CB "), ("report_date", "9/3/2026")]),
                Answer::Done {
                    report_symbol: Some("12-BC/CB".to_owned()),
                    report_date: Some(day("2026-03-09")),
                    note: None,
                    link: None,
                    figures: Vec::new(),
                },
            ),
            (
                entered("declined", &[("reason", "của Sở")]),
                Answer::Declined { reason: "của Sở".to_owned(), suggested: None },
            ),
            (
                entered("declined", &[("reason", "của Hội"), ("suggested", "cb-2")]),
                Answer::Declined { reason: "của Hội".to_owned(), suggested: Some("cb-2".into()) },
            ),
            (
                entered("more-time", &[("until", "2026-03-20"), ("reason", "bão")]),
                Answer::MoreTime { until: day("2026-03-20"), reason: "bão".to_owned() },
            ),
        ] {
            assert_eq!(read(&form, today, &[]), Ok(answer));
        }
    }

    #[test]
    fn figures_are_read_where_they_are_asked_for() {
        let asked = ["Số đảng viên dự", "Tỷ lệ (%)"];
        let form = entered("done", &[("figure1", "1.250"), ("figure2", "97,5"), ("figure3", "9")]);
        let Ok(Answer::Done { figures, .. }) = read(&form, day("2026-03-10"), &asked) else { panic!() };
        let shown: Vec<_> =
            figures.iter().map(|figure| format!("{}: {}", figure.name, figure.shown())).collect();
        assert_eq!(shown, ["Số đảng viên dự: 1.250", "Tỷ lệ (%): 97,5"]);
        let missing = entered("done", &[("figure2", "12.5")]);
        let mistakes = read(&missing, day("2026-03-10"), &asked).unwrap_err();
        assert!(mistakes.of("figure1").is_some() && mistakes.of("figure2").is_some(), "{mistakes:?}");
    }

    #[test]
    fn mistakes_stand_at_their_field() {
        let (today, long) = (day("2026-03-10"), "a".repeat(2001));
        for (form, wrong) in [
            (entered("", &[]), vec!["answer"]),
            (entered("received", &[("promised", "2026-03-09")]), vec!["promised"]),
            (entered("received", &[("promised", "03/16/2026")]), vec!["promised"]),
            (entered("received", &[("promised", "20260316")]), vec!["promised"]),
            (entered("received", &[("promised", "27/3")]), vec!["promised"]),
            (entered("received", &[("promised", "27/3/26")]), vec!["promised"]),
            (entered("received", &[("promised", "0026-03-16")]), vec!["promised"]),
            (entered("done", &[("report_date", "2026-03-11")]), vec!["report_date"]),
            (entered("done", &[("note", &long)]), vec!["note"]),
            (entered("declined", &[("reason", "  ")]), vec!["reason"]),
            (entered("declined", &[("reason", "x"), ("suggested", "cb-9")]), vec!["suggested"]),
            (entered("done", &[("link", "javascript:alert(1)")]), vec!["link"]),
            (entered("more-time", &[]), vec!["until", "reason"]),
            (entered("more-time", &[("until", "x"), ("reason", &long)]), vec!["until", "reason"]),
        ] {
            let mistakes = read(&form, today, &[]).unwrap_err();
            let fields: Vec<_> = mistakes.0.iter().map(|(field, _)| *field).collect();
            assert_eq!(fields, wrong, "{form:?}");
        }
    }
}
