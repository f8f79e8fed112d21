//! .xlsx as [`sheet`](crate::sheet) reads it, its faults as findings.

use std::path::Path;

use super::{Sheet, unread};
use crate::config::diagnostic::Diagnostic;
use crate::config::file::unreadable;
use crate::config::suggest::similar_words;
use crate::sheet::{self, Fault, Wanted};

pub(super) fn read(path: &Path, shown: &str, wanted: Option<&str>) -> Result<Sheet, Diagnostic> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(shown, &error))?;
    let read = sheet::read(&bytes, wanted.map_or(Wanted::First, Wanted::Named));
    let grid = read.map_err(|fault| finding(shown, wanted.unwrap_or_default(), fault))?;
    Ok(Sheet { file: shown.to_owned(), name: grid.name, rows: grid.rows })
}

fn finding(shown: &str, wanted: &str, fault: Fault) -> Diagnostic {
    let say = |vi: String, en: String| unread(shown, (vi, en));
    match fault {
        Fault::NotAWorkbook(error) => {
            say(format!("không mở được như tệp Excel ({error})"), format!("not a workbook ({error})"))
        }
        Fault::Broken(name, error) => {
            say(format!("trang “{name}” bị hỏng ({error})"), format!("sheet “{name}” is broken ({error})"))
        }
        Fault::TooLarge => unread(shown, ("trang có quá nhiều ô", "the sheet has too many cells")),
        Fault::NoSheet(names) => {
            say(format!("không có trang “{wanted}”"), format!("there is no sheet “{wanted}”"))
                .or_rather(similar_words(wanted, names.iter().map(String::as_str)))
        }
        Fault::Empty => unread(shown, ("trang trống", "the sheet is empty")),
    }
}
