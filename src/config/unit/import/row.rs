//! Rows of a sheet as what they say about a unit; nothing is looked up yet.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::heading::{Column, Headings};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::is_code;
use crate::config::sheet::Sheet;
use crate::sheet::heading;

/// What a cell wants of a value that may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// The cell is empty: whatever is known stays.
    #[default]
    Nothing,
    /// The cell holds a dash: there is none.
    None,
    /// This.
    This(T),
}

/// A row that speaks of a unit.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number in the sheet, from 0.
    pub number: usize,
    /// Code, where one is written.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Every other cell that is not empty.
    pub cells: BTreeMap<Column, String>,
    /// `from`
    pub from: Said<NaiveDate>,
    /// `until`
    pub until: Said<NaiveDate>,
}

impl Row {
    /// The text of a cell; a dash clears.
    pub fn said(&self, column: Column) -> Said<&str> {
        match self.cells.get(&column).map(String::as_str) {
            None => Said::Nothing,
            Some("-" | "–" | "—") => Said::None,
            Some(text) => Said::This(text),
        }
    }

    /// A list, by semicolons, commas or lines.
    pub fn list(&self, column: Column) -> Said<Vec<&str>> {
        match self.said(column) {
            Said::This(text) => {
                let parts = text.split([';', ',', '\n']).map(str::trim);
                Said::This(parts.filter(|part| !part.is_empty()).collect())
            }
            Said::None => Said::None,
            Said::Nothing => Said::Nothing,
        }
    }
}

/// Every row that speaks of a unit, in order.
pub fn rows(sheet: &Sheet, headings: &Headings, findings: &mut Vec<Diagnostic>) -> Vec<Row> {
    let numbers = headings.first..sheet.rows.len();
    numbers.filter_map(|number| row(sheet, number, headings, findings)).collect()
}

fn row(sheet: &Sheet, number: usize, headings: &Headings, findings: &mut Vec<Diagnostic>) -> Option<Row> {
    let cell = |column| headings.columns.get(&column).map_or("", |at| sheet.cell(number, *at));
    let name = cell(Column::Name);
    if name.is_empty() || is_decoration(sheet, number, headings) {
        return None;
    }
    let cells = headings.columns.keys().map(|column| (*column, cell(*column).to_owned()));
    let mut row = Row {
        number,
        id: Some(cell(Column::Id)).filter(|id| !id.is_empty()).map(str::to_owned),
        name: name.to_owned(),
        cells: cells.filter(|(_, text)| !text.is_empty()).collect(),
        from: Said::Nothing,
        until: Said::Nothing,
    };
    if let Some(id) = row.id.as_ref().filter(|id| !is_code(id, 64)) {
        findings.push(at(sheet, &row, Column::Id, headings, Code::BadCode).with(id.as_str()).with("64"));
    }
    row.from = day(sheet, &row, Column::From, headings, findings);
    row.until = day(sheet, &row, Column::Until, headings, findings);
    Some(row)
}

/// A finding at the cell of a row.
pub fn at(sheet: &Sheet, row: &Row, column: Column, headings: &Headings, code: Code) -> Diagnostic {
    let column = headings.columns.get(&column).or(headings.columns.get(&Column::Name));
    Diagnostic::new(code, sheet.at(row.number, column.copied().unwrap_or_default()))
}

/// Lines that number the columns, name a group or give a total.
fn is_decoration(sheet: &Sheet, number: usize, headings: &Headings) -> bool {
    let Some(cells) = sheet.rows.get(number) else { return true };
    let name = headings.columns.get(&Column::Name).map_or("", |at| sheet.cell(number, *at));
    heading::is_decoration(cells) || heading::is_total(name)
}

fn day(
    sheet: &Sheet,
    row: &Row,
    column: Column,
    headings: &Headings,
    findings: &mut Vec<Diagnostic>,
) -> Said<NaiveDate> {
    match row.said(column) {
        Said::Nothing => Said::Nothing,
        Said::None => Said::None,
        Said::This(text) => {
            if let Some(day) = parse_day(text) {
                return Said::This(day);
            }
            findings.push(at(sheet, row, column, headings, Code::SheetDate).with(text));
            Said::Nothing
        }
    }
}

/// A day as people write it: 15/03/2026, 15-3-2026, 15.3.2026, 2026-03-15; never month first.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_start_matches("ngày").trim();
    let parts: Vec<u32> =
        text.split(['/', '-', '.']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = if *first > 31 { (first, second, third) } else { (third, second, first) };
    let year = i32::try_from(*year).ok().filter(|year| (1900..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, *month, *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_day_first() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5);
        for text in ["05/03/2026", "5/3/2026", "5-3-2026", "5.3.2026", "2026-03-05", " ngày 05/03/2026"] {
            assert_eq!(parse_day(text), day, "{text}");
        }
        for text in ["31/02/2026", "3/2026", "hôm qua", "5/3/26", ""] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
