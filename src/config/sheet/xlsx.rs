//! .xlsx, cell by cell, so that a sheet that claims a million rows costs what it holds.

use std::path::Path;

use calamine::{DataRef, Dimensions, Reader as _, Xlsx, XlsxError, open_workbook};

use super::{MOST_CELLS, MOST_COLUMNS, Sheet, unread};
use crate::config::diagnostic::Diagnostic;
use crate::config::suggest::similar_words;
use crate::domain::text::{clean, tone_key};

type Book = Xlsx<std::io::BufReader<std::fs::File>>;

pub(super) fn read(path: &Path, shown: &str, wanted: Option<&str>) -> Result<Sheet, Diagnostic> {
    let broken = |error: XlsxError| {
        unread(shown, (format!("không mở được như tệp Excel ({error})"), format!("not a workbook ({error})")))
    };
    let mut book: Book = open_workbook(path).map_err(broken)?;
    let names = book.sheet_names();
    let names = match wanted {
        None => names,
        Some(wanted) => vec![named(&names, wanted, shown)?],
    };
    for name in names {
        let rows = rows(&mut book, &name, shown)?;
        if !rows.is_empty() {
            return Ok(Sheet { file: shown.to_owned(), name, rows });
        }
    }
    Err(unread(shown, ("trang trống", "the sheet is empty")))
}

fn named(names: &[String], wanted: &str, shown: &str) -> Result<String, Diagnostic> {
    let found = names.iter().find(|name| tone_key(name) == tone_key(wanted));
    found.cloned().ok_or_else(|| {
        let why = (format!("không có trang “{wanted}”"), format!("there is no sheet “{wanted}”"));
        unread(shown, why).or_rather(similar_words(wanted, names.iter().map(String::as_str)))
    })
}

fn rows(book: &mut Book, name: &str, shown: &str) -> Result<Vec<Vec<String>>, Diagnostic> {
    let broken = |error: XlsxError| {
        unread(
            shown,
            (format!("trang “{name}” bị hỏng ({error})"), format!("sheet “{name}” is broken ({error})")),
        )
    };
    let merged = book.merge_cells_by_sheet_name(name).map_err(broken)?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut seen = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        seen += 1;
        if seen > MOST_CELLS {
            return Err(unread(shown, ("trang có quá nhiều ô", "the sheet has too many cells")));
        }
        put(&mut rows, cell.get_position(), text(cell.get_value()));
    }
    merged.iter().for_each(|region| fill(&mut rows, region));
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    Ok(rows)
}

/// Rows beyond this have no place in a list of units; the format allows a million.
const MOST_ROWS: usize = 200_000;

fn put(rows: &mut Vec<Vec<String>>, (row, column): (u32, u32), text: String) {
    let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { return };
    if text.is_empty() || column >= MOST_COLUMNS || row >= MOST_ROWS {
        return;
    }
    if rows.len() <= row {
        rows.resize(row + 1, Vec::new());
    }
    let Some(cells) = rows.get_mut(row) else { return };
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
}

/// Every cell of a merged region says what its first one says.
fn fill(rows: &mut Vec<Vec<String>>, region: &Dimensions) {
    let first = usize::try_from(region.start.0).ok().zip(usize::try_from(region.start.1).ok());
    let text = first.and_then(|(row, column)| rows.get(row)?.get(column)).cloned().unwrap_or_default();
    let last_row = region.end.0.min(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let last_column = region.end.1.min(u32::try_from(MOST_COLUMNS).unwrap_or(u32::MAX));
    for row in region.start.0..=last_row {
        for column in region.start.1..=last_column {
            put(rows, (row, column), text.clone());
        }
    }
}

/// What a cell says: numbers as people typed them, days as ISO text.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => clean(text),
        DataRef::SharedString(text) => clean(text),
        DataRef::DateTimeIso(text) => text.chars().take(10).collect(),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Bool(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
