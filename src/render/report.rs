//! Counts in rows: for the terminal, the weekly mail, and the files that Excel opens.

mod files;

pub use files::{SheetError, csv, xlsx};

use super::line::{one_line, shorten};
use super::mail::words::capitalised;
use crate::domain::tally::{Counts, Moved, Report};

/// Characters of a trích yếu in a row.
const SUBJECT: usize = 60;

/// By what a table is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By base committee and kind of cell.
    Committee,
    /// By directive.
    Directive,
}

/// What the columns of figures are called, in the order of [`figures`].
pub const FIGURES: [&str; 8] =
    ["Việc", "Giao thêm", "Đã gửi", "Đã nhận", "Hoàn thành", "Quá hạn", "So đầu kỳ", "Chưa liên lạc"];

/// A row: what it is about, and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Base committee or directive, and kind of cell or trích yếu.
    pub name: [String; 2],
    /// As [`FIGURES`] names them.
    pub figures: [i64; 8],
}

impl By {
    /// What the two columns before the figures are called.
    pub fn headings(self) -> [&'static str; 2] {
        match self {
            Self::Committee => ["Đảng bộ cơ sở", "Loại"],
            Self::Directive => ["Số, ký hiệu", "Trích yếu"],
        }
    }
}

/// The rows of a report, the sum last.
pub fn rows(report: &Report, by: By) -> Vec<Row> {
    let mut rows: Vec<_> = match by {
        By::Committee => report
            .groups
            .iter()
            .map(|line| {
                let name = line.committee.as_deref().map(|name| one_line(name).into_owned());
                let name = name.unwrap_or_else(|| capitalised(&line.kind));
                let kind = format!("{} {}", line.cells, line.kind);
                Row { name: [name, kind], figures: figures(&line.counts) }
            })
            .collect(),
        By::Directive => report
            .directives
            .iter()
            .map(|line| {
                let symbol = match line.symbol.is_empty() {
                    true => format!("#{}", line.document),
                    false => one_line(&line.symbol).into_owned(),
                };
                let subject = line.subject.as_deref().map(one_line).unwrap_or_default();
                Row {
                    name: [symbol, shorten(&subject, SUBJECT).into_owned()],
                    figures: figures(&line.counts),
                }
            })
            .collect(),
    };
    rows.push(Row { name: ["Cộng".to_owned(), String::new()], figures: figures(&report.total) });
    rows
}

/// The figures of a line.
pub fn figures(counts: &Moved) -> [i64; 8] {
    let Counts { all, sent, acknowledged, done, late, unreached, .. } = counts.now;
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    [
        signed(all),
        signed(counts.opened()),
        signed(sent),
        signed(acknowledged),
        signed(done),
        signed(late),
        counts.late_change(),
        signed(unreached),
    ]
}

/// A figure as people read it; the change with its sign.
pub fn shown(column: usize, figure: i64) -> String {
    match FIGURES.get(column) {
        Some(&"So đầu kỳ") if figure > 0 => format!("+{figure}"),
        Some(&"So đầu kỳ") if figure < 0 => format!("−{}", figure.unsigned_abs()),
        _ => figure.to_string(),
    }
}

/// One sentence about the whole: `884 việc: đã nhận 800 (90%), …`
pub fn sentence(report: &Report) -> String {
    let now = &report.total.now;
    let share = |part: u64| (part * 100).checked_div(now.all).unwrap_or_default();
    let change = match report.total.late_change() {
        0 => "không đổi so với đầu kỳ".to_owned(),
        more @ 1.. => format!("tăng {more} so với đầu kỳ"),
        less => format!("giảm {} so với đầu kỳ", less.unsigned_abs()),
    };
    capitalised(&format!(
        "{} việc, trong đó giao thêm {}: đã nhận {} ({}%), hoàn thành {} ({}%), quá hạn {} ({change}), chưa liên lạc được {}.",
        now.all,
        report.total.opened(),
        now.acknowledged,
        share(now.acknowledged),
        now.done,
        share(now.done),
        now.late,
        now.unreached,
    ))
}

/// The table in letters of one width, figures to the right.
pub fn aligned(report: &Report, by: By) -> String {
    let rows = rows(report, by);
    let heading: Vec<String> = by.headings().into_iter().chain(FIGURES).map(str::to_owned).collect();
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let figures = row.figures.iter().enumerate().map(|(column, figure)| shown(column, *figure));
            row.name.iter().cloned().chain(figures).collect()
        })
        .collect();
    let width = |column: usize| {
        let cells = lines.iter().chain([&heading]).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths).enumerate();
        let padded = cells.map(|(column, (cell, width))| match column {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
    let body: Vec<_> = lines.iter().map(line).collect();
    format!("{}\n{rule}\n{}\n", line(&heading), body.join("\n"))
}

#[cfg(test)]
mod tests;
