//! A unit as people type it on the command line.

use chrono::NaiveDate;

use crate::app::find;
use crate::config::suggest::similar;
use crate::domain::unit::{Unit, Units};

/// Units that are offered where several are meant.
const OFFERED: usize = 5;

/// The one unit meant by a code or a name, in any spelling.
///
/// # Errors
/// Says that there is none, or that there are several, and offers what may be meant.
pub(super) fn find<'a>(units: &'a Units, text: &str, day: NaiveDate) -> Result<&'a Unit, String> {
    let shown = |unit: &Unit| format!("{} ({})", unit.id, unit.name_on(day));
    let found = find::units(units, text);
    match &found[..] {
        [unit] => Ok(unit),
        [] => Err(match offers(units, text).as_slice() {
            [] => format!("không có tổ chức nào tên hoặc mã là “{text}”"),
            some => {
                let names = some.iter().filter_map(|code| units.get(&code.as_str().into())).map(shown);
                let names = names.collect::<Vec<_>>().join(", ");
                format!("không có tổ chức nào tên hoặc mã là “{text}”; có phải ý bạn là: {names}")
            }
        }),
        several => {
            let names: Vec<_> = several.iter().take(OFFERED).map(|unit| shown(unit)).collect();
            let rest = several.len().saturating_sub(names.len());
            let more = if rest == 0 { String::new() } else { format!(" và {rest} tổ chức nữa") };
            Err(format!("“{text}” có thể là {}{more}; hãy ghi mã", names.join(", ")))
        }
    }
}

fn offers(units: &Units, text: &str) -> Vec<String> {
    similar(
        text,
        units
            .iter()
            .map(|unit| (unit.id.0.clone(), find::names(unit).chain([unit.id.as_str()]).collect::<Vec<_>>())),
    )
}
