//! .csv as Vietnamese Excel writes it: semicolons or tabs, a byte order mark, lines within quotes.

use std::path::Path;

use csv::ReaderBuilder;

use super::{Sheet, unread};
use crate::config::diagnostic::Diagnostic;
use crate::config::file::SourceFile;
use crate::domain::text::clean;
use crate::sheet::{MOST_CELLS, MOST_COLUMNS};

pub(super) fn read(path: &Path, shown: &str) -> Result<Sheet, Diagnostic> {
    let file = SourceFile::read(path, shown)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&file.text))
        .from_reader(file.text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cells = 0;
    for record in reader.records() {
        let record = record.map_err(|error| unread(shown, error.to_string()))?;
        cells += record.len();
        if cells > MOST_CELLS {
            return Err(unread(shown, ("bảng có quá nhiều ô", "too many cells")));
        }
        // The reader skips blank lines; places must count them.
        let line = record.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1);
        if !file.text.contains("\"") {
            rows.resize(line.saturating_sub(1).max(rows.len()), Vec::new());
        }
        rows.push(record.iter().take(MOST_COLUMNS).map(clean).collect());
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    Ok(Sheet { file: shown.to_owned(), name: String::new(), rows })
}

/// Whichever of `;`, tab and `,` the first lines have most of.
fn delimiter(text: &str) -> u8 {
    let start: String = text.lines().filter(|line| !line.trim().is_empty()).take(5).collect();
    let count = |mark: char| start.matches(mark).count();
    let marks = [(b';', count(';')), (b'\t', count('\t')), (b',', count(','))];
    // The first of equals wins, hence the reversal: `max_by_key` gives the last.
    marks.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_is_used() {
        assert_eq!(delimiter("Mã;Tên, đầy đủ;Loại"), b';');
        assert_eq!(delimiter("Mã,Tên,Loại"), b',');
        assert_eq!(delimiter("Mã\tTên\tLoại"), b'\t');
    }
}
