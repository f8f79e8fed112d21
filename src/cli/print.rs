//! What the command line prints: tables that align, JSON, and errors. The only place that writes to
//! standard output. A reader that goes away (`| head`) ends the printing, not the program.

use std::io::{IsTerminal as _, Write as _};

use chrono::{DateTime, Utc};
use clap::builder::styling::AnsiColor;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, ContentArrangement, Table};
use serde::Serialize;

use crate::domain::calendar::{Calendar, weekday_name};

/// Prints text.
pub fn text(text: &str) {
    line(text.trim_end());
}

/// Prints octets as they are.
pub fn raw(octets: &[u8]) {
    std::io::stdout().lock().write_all(octets).ok();
}

fn line(text: &str) {
    writeln!(std::io::stdout().lock(), "{text}").ok();
}

/// Prints a change, its first line coloured by its mark (`+`, `~`, `-`) where a person looks on.
pub fn change(text: &str) {
    let colour = match text.chars().next() {
        Some('+') => AnsiColor::Green,
        Some('-') => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    };
    match text.split_once('\n') {
        Some((first, rest)) if std::io::stdout().is_terminal() => {
            let style = colour.on_default();
            line(&format!("{style}{first}{style:#}\n{rest}"));
        }
        _ => line(text),
    }
}

/// Prints a question and leaves the line open for the answer.
pub fn ask(question: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "{question}").and_then(|()| out.flush()).ok();
}

/// Prints an error.
pub fn error(message: &str) {
    writeln!(std::io::stderr().lock(), "vanthu: {}", message.trim_end()).ok();
}

/// Prints findings as they are.
pub fn block(text: &str) {
    write!(std::io::stderr().lock(), "{text}").ok();
}

/// Whether colour is welcome on standard error.
pub fn colour() -> bool {
    std::io::stderr().is_terminal()
}

/// Prints a value as JSON.
///
/// # Errors
/// A value that has no JSON form.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Prints rows under a heading line; fits the terminal's width. Nothing is printed without rows.
pub fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_style(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(heading.iter().map(Cell::new));
    table.add_rows(rows);
    if table.row_count() > 0 {
        line(&table.to_string());
    }
}

/// A due instant as people read it: the day it ends, with its weekday.
pub fn due(at: Option<DateTime<Utc>>, calendar: &Calendar) -> String {
    at.map_or_else(String::new, |at| {
        let day = calendar.due_day(at);
        format!("{}, {}", weekday_name(day), day.format("%d/%m/%Y"))
    })
}

/// An instant in the office's zone.
pub fn instant(at: Option<DateTime<Utc>>, calendar: &Calendar) -> String {
    at.map_or_else(String::new, |at| at.with_timezone(&calendar.zone).format("%d/%m/%Y %H:%M").to_string())
}
