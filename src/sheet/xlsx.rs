//! .xlsx, cell by cell, so that a sheet that claims a million rows costs what it holds.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader as _, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};

use super::{Fault, Grid, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, guard};
use crate::domain::text::{clean, tone_key};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Which sheet to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// The first that people see and that holds something.
    First,
    /// The one of this name, in either tone placement, hidden or not.
    Named(&'a str),
}

/// Reads a sheet of a workbook. Merged cells all say what the first of them says; numbers stand as people
/// typed them, days as ISO text, formulas as their last value.
///
/// # Errors
/// [`Fault`].
pub fn read(bytes: &[u8], wanted: Wanted<'_>) -> Result<Grid, Fault> {
    guard::check(bytes)?;
    let broken = |error: XlsxError| Fault::NotAWorkbook(error.to_string());
    let mut book: Book<'_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    for name in names(&book, wanted)? {
        let rows = rows(&mut book, &name)?;
        if !rows.is_empty() {
            return Ok(Grid { name, rows });
        }
    }
    Err(Fault::Empty)
}

fn names(book: &Book<'_>, wanted: Wanted<'_>) -> Result<Vec<String>, Fault> {
    let sheets = book.sheets_metadata();
    match wanted {
        Wanted::First => {
            let seen = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
            Ok(seen.map(|sheet| sheet.name.clone()).collect())
        }
        Wanted::Named(wanted) => {
            let found = sheets.iter().find(|sheet| tone_key(&sheet.name) == tone_key(wanted));
            let found = found.map(|sheet| vec![sheet.name.clone()]);
            found.ok_or_else(|| Fault::NoSheet(sheets.iter().map(|sheet| sheet.name.clone()).collect()))
        }
    }
}

fn rows(book: &mut Book<'_>, name: &str) -> Result<Vec<Vec<String>>, Fault> {
    let broken = |error: XlsxError| Fault::Broken(name.to_owned(), error.to_string());
    let merged = book.merge_cells_by_sheet_name(name).map_err(broken)?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut filling = Filling::default();
    let mut seen = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        seen += 1;
        if seen > MOST_CELLS {
            return Err(Fault::TooLarge);
        }
        let (row, column) = cell.get_position();
        filling.put(row, column, text(cell.get_value()))?;
    }
    for region in &merged {
        filling.spread(region)?;
    }
    Ok(filling.rows)
}

/// Rows as they fill, and what they have cost so far.
#[derive(Default)]
struct Filling {
    rows: Vec<Vec<String>>,
    cells: usize,
    text: usize,
}

impl Filling {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Fault> {
        let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { return Ok(()) };
        if text.is_empty() || column >= MOST_COLUMNS {
            return Ok(());
        }
        self.cells += 1;
        self.text += text.len();
        if row >= MOST_ROWS || self.cells > MOST_CELLS || self.text > MOST_TEXT {
            return Err(Fault::TooLarge);
        }
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        let Some(cells) = self.rows.get_mut(row) else { return Ok(()) };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    /// Every cell of a merged region says what its first one says.
    fn spread(&mut self, region: &Dimensions) -> Result<(), Fault> {
        let first = usize::try_from(region.start.0).ok().zip(usize::try_from(region.start.1).ok());
        let text = first.and_then(|(row, column)| self.rows.get(row)?.get(column)).cloned();
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(()) };
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let columns = u32::try_from(MOST_COLUMNS).unwrap_or(u32::MAX);
        for row in region.start.0..region.end.0.saturating_add(1).min(rows) {
            for column in region.start.1..region.end.1.saturating_add(1).min(columns) {
                self.put(row, column, text.clone())?;
            }
        }
        Ok(())
    }
}

/// What a cell says.
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
