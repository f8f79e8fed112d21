//! Spreadsheets of people (.xlsx) as rows of clean text, whoever reads them: a list of units that staff
//! import, an export of a register that they drop. The file may come from anywhere, so what it costs is
//! bounded before and while it is read: a workbook is a zip, and a small zip can hold a very large one.

mod guard;
pub mod heading;
mod xlsx;

pub use xlsx::{Wanted, read};

/// Largest file that is opened, in bytes.
pub const LARGEST: usize = 32 << 20;
/// Columns that are looked at.
pub const MOST_COLUMNS: usize = 100;
/// Rows that a sheet may hold; the format allows a million.
pub const MOST_ROWS: usize = 200_000;
/// Most cells that are read from a sheet, those that merging fills included.
pub const MOST_CELLS: usize = 4_000_000;
/// Most text that is taken from a sheet, in bytes: one long text may stand in every cell.
pub const MOST_TEXT: usize = 32 << 20;

/// The rows of a sheet from its first line on; empty cells are empty text. Rows end with their last
/// filled cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// Name of the sheet in the workbook.
    pub name: String,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// A cell, both numbers from 0; empty beyond the edges.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }
}

/// Why a workbook cannot be read; each carries at most the name of a sheet and what the reader says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not a workbook, or a damaged or encrypted one.
    NotAWorkbook(String),
    /// A sheet that is damaged.
    Broken(String, String),
    /// More than any list has, packed or unpacked.
    TooLarge,
    /// No such sheet; with the names of those there are.
    NoSheet(Vec<String>),
    /// No sheet that people see holds anything.
    Empty,
}
