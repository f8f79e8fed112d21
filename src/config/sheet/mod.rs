//! Spreadsheets as offices keep them: .xlsx, and .csv as Excel writes it. A sheet becomes rows of clean
//! text, merged cells filled; what it means is for others to say.

mod csv;
mod fonts;
mod xlsx;

use std::path::Path;

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::file::{Place, unreadable};
use crate::sheet::LARGEST;

/// A sheet: rows of text, empty cells as empty text. Rows may end before the widest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The file as it is shown.
    pub file: String,
    /// Its name in the workbook; empty for a .csv.
    pub name: String,
    /// The rows, from the first line of the sheet on.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The place of a cell, both numbers from 0: `danh-sach.xlsx, Trang1!B7`.
    pub fn at(&self, row: usize, column: usize) -> Place {
        let cell = format!("{}{}", letters(column), row + 1);
        let sheet = if self.name.is_empty() { String::new() } else { format!("{}!", self.name) };
        Place::Path(format!("{}, {sheet}{cell}", self.file))
    }

    /// A cell; empty beyond the edges.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }

    /// The sheet as a whole.
    pub fn place(&self) -> Place {
        let sheet = if self.name.is_empty() { String::new() } else { format!(", {}", self.name) };
        Place::Path(format!("{}{sheet}", self.file))
    }
}

/// A column as spreadsheets call it: A, B, … Z, AA.
pub fn letters(column: usize) -> String {
    let mut left = column;
    let mut text = Vec::new();
    loop {
        text.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
        if left == 0 {
            return text.into_iter().rev().collect();
        }
        left -= 1;
    }
}

/// Reads a sheet: the one named, else the first that is not empty.
///
/// # Errors
/// A file that cannot be read, is too large or of another kind; a sheet that does not exist; text in an
/// old code page, which would enter the register as gibberish.
pub fn read(path: &Path, sheet: Option<&str>) -> Result<Sheet, Diagnostic> {
    let shown = path.display().to_string();
    let size = std::fs::metadata(path).map_err(|error| unreadable(&shown, &error))?.len();
    if size > u64::try_from(LARGEST).unwrap_or(u64::MAX) {
        let why = (format!("lớn quá {} MB", LARGEST >> 20), format!("larger than {} MB", LARGEST >> 20));
        return Err(unread(&shown, why));
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let read = match ending.as_str() {
        "xlsx" | "xlsm" => xlsx::read(path, &shown, sheet)?,
        "csv" | "tsv" | "txt" => csv::read(path, &shown)?,
        _ => return Err(unread(&shown, ("không phải tệp .xlsx hay .csv", "neither .xlsx nor .csv"))),
    };
    fonts::check(&read)?;
    Ok(read)
}

fn unread(shown: &str, why: impl Into<super::diagnostic::Word>) -> Diagnostic {
    Diagnostic::new(Code::SheetUnread, Place::Path(shown.to_owned())).with(shown).with(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_spreadsheets() {
        let names = [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")];
        for (column, name) in names {
            assert_eq!(letters(column), name);
        }
    }
}
