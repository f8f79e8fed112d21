//! The table as files: .csv with the mark by which Excel knows UTF-8, and .xlsx.

use chrono::{DateTime, Datelike as _, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{By, Row, rows};
use crate::domain::language::Language;
use crate::domain::tally::Report;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[error("không ghi được bảng: {0}")]
pub struct SheetError(String);

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self(error.to_string())
    }
}

/// The table as .csv: UTF-8 with its mark, commas, CRLF.
///
/// # Errors
/// [`SheetError`]
pub fn csv(report: &Report, by: By, language: Language) -> Result<Vec<u8>, SheetError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let failed = |error: csv::Error| SheetError(error.to_string());
    writer.write_record(by.headings(language)).map_err(failed)?;
    for row in rows(report, by, language) {
        let figures = row.figures.iter().map(i64::to_string);
        writer.write_record(row.name.iter().map(|name| harmless(name)).chain(figures)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| SheetError(error.to_string()))
}

/// A name that Excel would take for a formula is made text.
fn harmless(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t']) { format!("'{name}") } else { name.to_owned() }
}

/// The table as a workbook of two sheets. The same report is the same file: it is dated by its window.
///
/// # Errors
/// [`SheetError`]
pub fn xlsx(report: &Report, language: Language) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&day(report.window.until)?));
    for by in [By::Committee, By::Directive] {
        let sheet = book.add_worksheet();
        sheet.set_name(by.sheet(language))?;
        fill(sheet, by.headings(language), &rows(report, by, language))?;
    }
    Ok(book.save_to_buffer()?)
}

fn day(at: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or(2000);
    let (month, day) = (at.month(), at.day());
    ExcelDateTime::from_ymd(year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

fn fill(sheet: &mut Worksheet, headings: [&str; 10], rows: &[Row]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let sum = Format::new().set_bold();
    let plain = Format::new();
    sheet.set_freeze_panes(1, 1)?.set_column_width(0, 34)?.set_column_width(1, 40)?;
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (at, row) in (1_u32..).zip(rows) {
        let is_sum = usize::try_from(at).is_ok_and(|at| at == rows.len());
        let format = if is_sum { &sum } else { &plain };
        for (column, name) in (0_u16..).zip(&row.name) {
            sheet.write_string_with_format(at, column, name, format)?;
        }
        for (column, figure) in (2_u16..).zip(row.figures) {
            // Counts of one office are far below what a double holds exactly.
            sheet.write_number_with_format(at, column, i32::try_from(figure).unwrap_or(i32::MAX), format)?;
        }
    }
    Ok(())
}
