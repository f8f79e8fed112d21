//! What the files, as they are or as they would be, hold for open work. Writes nothing.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::app::ports::{Store, StoreError};
use crate::domain::ids::UnitId;
use crate::domain::unit::{Bearer, Units};

/// What becomes of the open work of one cell that has ended or will.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consequence {
    /// The cell.
    pub cell: UnitId,
    /// How many obligations are open; each has a link in its mails.
    pub obligations: usize,
    /// First day on which it is no longer the cell's.
    pub from: NaiveDate,
    /// Who bears it from then on; `None` means that staff must decide.
    pub heir: Option<UnitId>,
}

/// The consequences of `units` for what is open today, by code of the cell.
///
/// # Errors
/// [`StoreError`].
pub async fn preview(
    store: &dyn Store,
    units: &Units,
    today: NaiveDate,
) -> Result<Vec<Consequence>, StoreError> {
    let mut consequences = Vec::new();
    for cell in store.live_cells().await? {
        let last = units.get(&cell).and_then(|unit| unit.valid.until);
        let after = last.and_then(|last| last.checked_add_days(Days::new(1)));
        let from = after.map_or(today, |after| after.max(today));
        let heir = match units.bearer(&cell, from) {
            Bearer::Itself(_) => continue,
            Bearer::Heir(heir) => Some(heir.id.clone()),
            Bearer::Undecided { .. } => None,
        };
        let obligations = store.live_of(&cell).await?.len();
        consequences.push(Consequence { cell, obligations, from, heir });
    }
    Ok(consequences)
}
