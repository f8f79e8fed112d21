//! Find a unit as people name it: by code, by name or alias in any spelling, or by a part of its name.

use crate::domain::text::{bare_key, vietnamese_order};
use crate::domain::unit::{Unit, Units};

/// The units a person may mean, in Vietnamese order; the first kind of match that finds any counts: the
/// code, the whole of a name or alias, a part of one. Accents and case do not matter. Only by its code is
/// another unit meant where a cell could be.
pub fn units<'a>(units: &'a Units, text: &str) -> Vec<&'a Unit> {
    let (code, key) = (text.trim(), bare_key(text));
    if let Some(unit) = units.get(&code.into()) {
        return vec![unit];
    }
    if key.is_empty() {
        return Vec::new();
    }
    let named = |meant: &dyn Fn(&str) -> bool| {
        let mut found: Vec<_> =
            units.iter().filter(|unit| names(unit).any(|name| meant(&bare_key(name)))).collect();
        found.sort_by(|left, right| vietnamese_order(shown(left), shown(right)));
        found
    };
    let whole = named(&|name| name == key);
    let found = if whole.is_empty() { named(&|name| name.contains(&key)) } else { whole };
    let cells: Vec<_> = found.iter().copied().filter(|unit| units.is_cell_kind(&unit.kind)).collect();
    if cells.is_empty() { found } else { cells }
}

/// Every name a unit ever had or goes by.
pub fn names(unit: &Unit) -> impl Iterator<Item = &str> {
    unit.names.iter().map(|name| name.value.as_str()).chain(unit.aliases.iter().map(String::as_str))
}

fn shown(unit: &Unit) -> &str {
    unit.names.last().map_or(unit.id.as_str(), |name| &name.value)
}
