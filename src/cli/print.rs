//! What the command line prints: tables that align, JSON, and errors. The only place that writes to
//! standard output.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line's printer")]

use std::io::IsTerminal as _;

use chrono::{DateTime, Utc};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, ContentArrangement, Table};
use serde::Serialize;

use crate::domain::calendar::{Calendar, weekday_name};

/// Prints text.
pub fn text(text: &str) {
    println!("{}", text.trim_end());
}

/// Prints an error.
pub fn error(message: &str) {
    eprintln!("vanthu: {}", message.trim_end());
}

/// Prints findings as they are.
pub fn block(text: &str) {
    eprint!("{text}");
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
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Prints rows under a heading line; fits the terminal's width.
pub fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(heading.iter().map(Cell::new));
    for row in rows {
        table.add_row(row);
    }
    println!("{table}");
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
