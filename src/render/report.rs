//! Counts in rows: for the terminal, the weekly mail, and the files that Excel opens.

mod files;
mod words;

pub use files::{SheetError, csv, xlsx};
pub use words::sentence;

use super::line::{one_line, shorten};
use super::mail::words::capitalised;
use crate::domain::language::Language;
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

/// The figure that is a change, and so has a sign.
const CHANGE: usize = 6;

/// A row: what it is about, and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Base committee or directive, and kind of cell or trích yếu.
    pub name: [String; 2],
    /// As [`By::headings`] names them, from the third.
    pub figures: [i64; 8],
}

/// The rows of a report, the sum last.
pub fn rows(report: &Report, by: By, language: Language) -> Vec<Row> {
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
    rows.push(Row {
        name: [words::sum(language).to_owned(), String::new()],
        figures: figures(&report.total),
    });
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
    match figure {
        more if column == CHANGE && more > 0 => format!("+{more}"),
        less if column == CHANGE && less < 0 => format!("−{}", less.unsigned_abs()),
        _ => figure.to_string(),
    }
}

/// The table in letters of one width, figures to the right.
pub fn aligned(report: &Report, by: By, language: Language) -> String {
    let rows = rows(report, by, language);
    let heading: Vec<String> = by.headings(language).map(str::to_owned).to_vec();
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
