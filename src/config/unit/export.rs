//! The units as a spreadsheet that offices can edit and import again.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

use super::import::{Column, day_text};
use crate::domain::ids::UnitId;
use crate::domain::unit::{Unit, Units};

/// Widths of the columns, in characters, in the order of [`Column::ALL`].
const WIDTHS: [f64; 14] = [6.0, 24.0, 44.0, 20.0, 18.0, 36.0, 24.0, 24.0, 40.0, 16.0, 16.0, 16.0, 28.0, 30.0];
/// Rows for which Excel offers the declared words; enough to add units by hand.
const SPARE_ROWS: u32 = 500;

/// Writes every unit, those of today as they stand in the tree, then those that have ended.
///
/// # Errors
/// A file that cannot be written.
pub fn write(path: &Path, units: &Units, today: NaiveDate) -> Result<usize, XlsxError> {
    let rows = table(units, today);
    let mut book = Workbook::new();
    list(book.add_worksheet(), &rows)?;
    words(book.add_worksheet(), units)?;
    if let Ok(sheet) = book.worksheet_from_index(0) {
        offer(sheet, units, &rows)?;
    }
    book.save(path)?;
    Ok(rows.len())
}

/// The cells below the headings, row by row.
pub fn table(units: &Units, today: NaiveDate) -> Vec<Vec<String>> {
    let living = units.tree_on(today).into_iter().map(|branch| branch.unit);
    let mut others: Vec<&Unit> = units.iter().filter(|unit| !unit.valid.covers(today)).collect();
    Units::sort(&mut others, today);
    let names = names(units, today);
    let all = living.chain(others).zip(1_usize..);
    all.map(|(unit, number)| row(unit, number, units, &names, today)).collect()
}

fn row(
    unit: &Unit,
    number: usize,
    units: &Units,
    names: &BTreeMap<&str, usize>,
    today: NaiveDate,
) -> Vec<String> {
    let called = |id: &UnitId| match units.name_on(id, today) {
        name if names.get(name) == Some(&1) => name.to_owned(),
        _ => id.to_string(),
    };
    let day = |day: Option<NaiveDate>| day.map(day_text).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cell = |(column, _): (Column, &str)| match column {
        Column::Number => number.to_string(),
        Column::Id => unit.id.0.clone(),
        Column::Name => unit.name_on(today).to_owned(),
        Column::Kind => kind(unit, units),
        Column::Sector => {
            unit.sector.as_ref().and_then(|id| units.sectors.get(id)).cloned().unwrap_or_default()
        }
        Column::Parent => unit.parent_on(today).map(called).unwrap_or_default(),
        Column::Aliases => unit.aliases.join("; "),
        Column::Secretary => text(&unit.card.secretary),
        Column::Mailbox => {
            let addresses = unit.mailboxes_on(today).into_iter().map(|mailbox| mailbox.address.clone());
            addresses.collect::<Vec<_>>().join("; ")
        }
        Column::Phone => text(&unit.card.phone),
        Column::From => day(unit.valid.from),
        Column::Until => day(unit.valid.until),
        Column::Successors => {
            unit.succession.successors.iter().map(UnitId::to_string).collect::<Vec<_>>().join("; ")
        }
        Column::Note => text(&unit.card.note),
    };
    Column::ALL.map(cell).into()
}

fn kind(unit: &Unit, units: &Units) -> String {
    units
        .kinds
        .iter()
        .find(|kind| kind.id == unit.kind)
        .map_or_else(|| unit.kind.clone(), |kind| kind.name.clone())
}

/// How often each name occurs: a parent is written by its name where that is its alone, else by code.
fn names(units: &Units, today: NaiveDate) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    units.iter().for_each(|unit| *names.entry(unit.name_on(today)).or_default() += 1);
    names
}

fn list(sheet: &mut Worksheet, rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    // Text everywhere: Excel would make numbers of phones and American days of ours.
    let plain = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Tổ chức")?.set_freeze_panes(1, 3)?;
    for (at, (width, (_, heading))) in (0_u16..).zip(WIDTHS.into_iter().zip(Column::ALL)) {
        sheet.set_column_width(at, width)?.set_column_format(at, &plain)?;
        sheet.write_string_with_format(0, at, heading, &bold)?;
    }
    for (at, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(at, column, cell, &plain)?;
        }
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last.max(1), u16::try_from(Column::ALL.len() - 1).unwrap_or_default())?;
    Ok(())
}

/// The declared kinds and sectors, from which Excel offers the words.
fn words(sheet: &mut Worksheet, units: &Units) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name("Danh mục")?.set_column_width(0, 28)?.set_column_width(1, 28)?;
    sheet.write_string_with_format(0, 0, "Loại đã khai", &bold)?;
    sheet.write_string_with_format(0, 1, "Khối đã khai", &bold)?;
    for (at, kind) in (1_u32..).zip(&units.kinds) {
        sheet.write_string(at, 0, &kind.name)?;
    }
    for (at, sector) in (1_u32..).zip(units.sectors.values()) {
        sheet.write_string(at, 1, sector)?;
    }
    Ok(())
}

fn offer(sheet: &mut Worksheet, units: &Units, rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_add(SPARE_ROWS).min(1_048_575);
    for (column, letter, count) in [(3, "A", units.kinds.len()), (4, "B", units.sectors.len())] {
        if count > 0 {
            let source = format!("='Danh mục'!${letter}$2:${letter}${}", count + 1);
            let list = DataValidation::new().allow_list_formula(Formula::new(source));
            sheet.add_data_validation(1, column, last, column, &list)?;
        }
    }
    Ok(())
}
