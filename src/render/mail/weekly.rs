//! The table of the week, for the leadership: counts of organisations, never of persons.

mod words;

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::bulletin::Attached;
use super::{Office, words as mail_words};
use crate::domain::bulletin::WeeklyNews;
use crate::domain::language::Language;
use crate::domain::tally::Report;
use crate::render::line::one_line;
use crate::render::report::{By, Row, aligned, rows, sentence, shown, xlsx};

use words::{Labels, WeeklyWords};

/// What .xlsx is called in mails.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Columns that a phone leaves out, by place in the whole row; they stand in the workbook.
const WIDE: [usize; 4] = [1, 3, 4, 8];

/// The column of what is overdue, and how many columns come before the figures.
const LATE: usize = 7;
const NAMES: usize = 2;

/// The mail as its templates see it.
#[derive(Debug, Serialize)]
pub struct WeeklyView<'a> {
    /// Words of the language that say nothing of their own.
    pub words: &'static Labels,
    /// What it is, for the sender's name.
    pub heading: &'static str,
    /// Name of the office.
    pub office: Cow<'a, str>,
    /// The subject line.
    pub subject: String,
    /// One sentence about the whole.
    pub opening: String,
    /// What the columns are called.
    pub columns: Vec<Cell>,
    /// The rows, the sum last.
    pub rows: Vec<Line>,
    /// The same in letters of one width.
    pub table: String,
    /// Over the worst directives.
    pub worst_title: String,
    /// The worst directives, one line each.
    pub worst: Vec<String>,
    /// Who writes.
    pub sender: String,
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Whether it is the sum.
    pub sum: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell of the table.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// What it shows.
    pub text: String,
    /// Whether it is a figure, or stands over figures.
    pub figure: bool,
    /// Whether a phone leaves it out.
    pub wide: bool,
    /// Whether it says that something is overdue.
    pub loud: bool,
}

impl<'a> WeeklyView<'a> {
    /// The view of a week.
    pub fn new(news: &WeeklyNews, office: &'a Office, language: Language) -> Self {
        let (report, say) = (&news.report, WeeklyWords::of(language));
        let day = |at: DateTime<Utc>| mail_words::date_text(at.with_timezone(&office.zone).date_naive());
        let last = report.window.until - TimeDelta::milliseconds(1);
        Self {
            words: &say.labels,
            heading: say.heading,
            office: one_line(&office.name),
            subject: (say.subject)(&day(report.window.since), &day(last)),
            opening: sentence(report, language),
            columns: cells(By::Committee.headings(language).map(str::to_owned).into()),
            rows: lines(&rows(report, By::Committee, language)),
            table: aligned(report, By::Committee, language),
            worst_title: (say.worst)(report.directives.len()),
            worst: worst(report, say, language),
            sender: (say.sender)(&one_line(&office.name)),
        }
    }
}

fn cells(texts: Vec<String>) -> Vec<Cell> {
    let cell = |(column, text): (usize, String)| Cell {
        figure: column >= NAMES,
        wide: WIDE.contains(&column),
        // Told by weight too, not by colour alone.
        loud: column == LATE && text.parse().is_ok_and(|late: u64| late > 0),
        text,
    };
    texts.into_iter().enumerate().map(cell).collect()
}

fn lines(rows: &[Row]) -> Vec<Line> {
    let line = |(at, row): (usize, &Row)| {
        let figures = row.figures.iter().enumerate().map(|(column, figure)| shown(column, *figure));
        let texts = row.name.iter().cloned().chain(figures).collect();
        Line { sum: at + 1 == rows.len(), cells: cells(texts) }
    };
    rows.iter().enumerate().map(line).collect()
}

/// `12-KH/ĐUK – Sinh hoạt chuyên đề: 7/221 việc quá hạn, đã hoàn thành 180`
fn worst(report: &Report, say: &WeeklyWords, language: Language) -> Vec<String> {
    let mut rows = rows(report, By::Directive, language);
    rows.pop();
    let said = |row: &Row| {
        let [symbol, subject] = &row.name;
        let about = if subject.is_empty() { String::new() } else { format!(" – {subject}") };
        let [all, _, _, _, done, late, ..] = row.figures;
        (say.lags)(&format!("{symbol}{about}"), [late, all, done])
    };
    rows.iter().map(said).collect()
}

/// The whole table as a file. A workbook that cannot be put together is left out: the table stands in the mail.
pub(super) fn workbook(news: &WeeklyNews, language: Language) -> Option<Attached> {
    let bytes =
        xlsx(&news.report, language).map_err(|error| tracing::error!(%error, "không dựng được bảng tuần"));
    let stem = match language {
        Language::Vi => "bang-tuan",
        Language::En => "week",
    };
    Some(Attached { name: format!("{stem}-{}.xlsx", news.day), kind: WORKBOOK, bytes: bytes.ok()? })
}

#[cfg(test)]
mod tests {
    use super::super::{LetterRenderer, RenderedBulletin, sample_office, weekly_bulletin};
    use super::*;
    use crate::domain::bulletin::{Bulletin, News};

    fn rendered(bulletin: &Bulletin) -> RenderedBulletin {
        LetterRenderer::new(sample_office()).unwrap().bulletin(bulletin).unwrap()
    }

    #[test]
    fn the_table_of_a_week() {
        for (language, name) in [(Language::Vi, "weekly"), (Language::En, "weekly_english")] {
            let rendered = rendered(&weekly_bulletin(language));
            insta::assert_snapshot!(
                format!("{name}_text"),
                format!("{}\n{}\n\n{}", rendered.heading, rendered.subject, rendered.text)
            );
            insta::assert_snapshot!(format!("{name}_html"), rendered.html);
            assert_eq!(rendered.files.len(), 1);
        }
    }

    #[test]
    fn a_quiet_week_names_no_worst_directive_and_markup_is_text() {
        let mut bulletin = weekly_bulletin(Language::Vi);
        let News::Weekly(news) = &mut bulletin.news else { panic!("{bulletin:?}") };
        news.report.directives.clear();
        news.report.groups[0].committee = Some("<b>Đảng bộ</b>".to_owned());
        let rendered = rendered(&bulletin);
        assert!(!rendered.text.contains("quá hạn nhất") && !rendered.html.contains("quá hạn nhất"));
        assert!(rendered.html.contains("&lt;b&gt;Đảng bộ&lt;/b&gt;"), "{}", rendered.html);
    }
}
