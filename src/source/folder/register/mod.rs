//! An export of the register of incoming documents: every row is a document.

mod day;
mod heading;
mod row;

use self::heading::Column;
use self::row::Row;
use super::contents::Contents;
use super::item::Piece;
use super::options::Options;
use crate::domain::secrecy::Withheld;
use crate::sheet::heading::{Headings, is_decoration};
use crate::sheet::{Fault, Grid, Wanted, heading::folded};

/// Rows of an export; years of a provincial office have fewer.
const MOST_ROWS: usize = 20_000;

/// Reads an export.
pub(super) fn read(bytes: &[u8], options: &Options) -> Contents {
    let grid = match crate::sheet::read(bytes, Wanted::First) {
        Ok(grid) => grid,
        Err(fault) => return Contents::refused(bytes, &said(&fault)),
    };
    let Some(headings) = heading::find(&grid.rows) else {
        return Contents::refused(
            bytes,
            "không thấy dòng tiêu đề của sổ văn bản đến (cần ít nhất cột Trích yếu và cột Số, ký hiệu hoặc Số đến)",
        );
    };
    if !headings.columns.contains_key(&Column::Secrecy) {
        return without_secrecy(bytes);
    }
    let last = grid.rows.len();
    let numbers: Vec<usize> = (headings.first..last).filter(|at| !is_row_of_none(&grid, *at)).collect();
    if numbers.len() > MOST_ROWS {
        return Contents::refused(bytes, "bảng có quá nhiều dòng; xuất lại theo từng quý");
    }
    rows(&grid, &headings, &numbers, options)
}

fn said(fault: &Fault) -> String {
    match fault {
        Fault::NotAWorkbook(_) => {
            "không mở được như tệp Excel .xlsx (tệp hỏng, đặt mật khẩu, hoặc loại khác)".to_owned()
        }
        Fault::Broken(..) => "trang tính bị hỏng".to_owned(),
        Fault::TooLarge => "bảng quá lớn so với một sổ văn bản đến".to_owned(),
        Fault::NoSheet(_) | Fault::Empty => "bảng trống".to_owned(),
    }
}

/// Without a mark nothing is known to be open: the export as a whole is withheld, as one thing to do
/// for one person, not as one for each row.
fn without_secrecy(bytes: &[u8]) -> Contents {
    let mut contents = Contents::single(bytes, Piece::Withheld(Withheld::UnknownMark));
    contents.advice.push(
        "Bảng không có cột “Độ mật” nên không dòng nào được nhận. Xuất lại sổ kèm cột “Độ mật” rồi thả lại."
            .to_owned(),
    );
    contents
}

fn is_row_of_none(grid: &Grid, at: usize) -> bool {
    grid.rows.get(at).is_none_or(|cells| is_decoration(cells))
}

fn rows(grid: &Grid, headings: &Headings<Column>, numbers: &[usize], options: &Options) -> Contents {
    let names = names(grid, headings);
    let row = |at: usize| Row {
        options,
        headings,
        names: &names,
        cells: grid.rows.get(at).map_or(&[], Vec::as_slice),
        number: at + 1,
    };
    let rows: Vec<Row<'_>> = numbers.iter().map(|at| row(*at)).filter(|row| !is_total(row)).collect();
    // Below the last row that names a document stand signatures and dates, in no column in particular.
    let end = rows.iter().rposition(Row::has_identity).map_or(0, |at| at + 1);
    let (list, rest) = rows.split_at(end);
    let mut contents = Contents::of(list.iter().map(Row::item));
    contents.passed_over = rest.iter().map(|row| row.number).collect();
    if contents.items.is_empty() {
        contents.advice.push(
            "Bảng có tiêu đề nhưng không có dòng văn bản nào: xem lại khoảng ngày khi xuất.".to_owned(),
        );
    }
    contents
}

/// The line that sums up, wherever its words stand.
fn is_total(row: &Row<'_>) -> bool {
    let words = row.cells.iter().find(|cell| !cell.is_empty()).map(|cell| folded(cell)).unwrap_or_default();
    let sums = ["tong cong", "tong so", "cong", "tong"].iter().any(|word| {
        words.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
    });
    sums && row.text(Column::Symbol).is_empty() && row.text(Column::Issued).is_empty()
}

/// What the headings say, the finer of two lines first.
fn names(grid: &Grid, headings: &Headings<Column>) -> Vec<String> {
    let width = grid.rows.iter().take(headings.first).map(Vec::len).max().unwrap_or_default();
    let name = |at: usize| {
        let lines = (headings.line..headings.first).rev();
        lines.map(|line| grid.cell(line, at)).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    (0..width).map(name).collect()
}
