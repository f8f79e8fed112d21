//! Units: the dated organisation tree. Kinds and sectors are open lists; parents, names, mailboxes
//! and successors carry validity dates, because cells are merged, split and renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::UnitId;
use super::language::Language;
use super::text::tone_key;

mod absence;
mod order;
mod succession;
mod superior;

pub use absence::{Absence, Recipient};
pub use order::Branch;
pub use succession::{Bearer, Succession};

/// Most levels a tree may have, root included; a unit's way up is never longer. Vietnamese Party
/// organisation has five; what is deeper is a slip, and the limit keeps every walk short.
pub const MAX_DEPTH: usize = 64;

/// First and last day something is valid; open ends are `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First valid day.
    pub from: Option<NaiveDate>,
    /// Last valid day.
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// Whether `day` lies within.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A value that holds for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// When it holds.
    pub valid: Validity,
}

impl<T> Dated<T> {
    /// A value that always holds.
    pub fn always(value: T) -> Self {
        Self { value, valid: Validity::default() }
    }
}

/// An address of a unit. Addressed by post, not by person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The address, ASCII, checked when the units were read.
    pub address: String,
    /// The post behind it, for example `secretary`, `deputy`, `office`.
    pub post: String,
    /// Lower is tried first.
    pub order: u16,
    /// When it is valid.
    pub valid: Validity,
    /// The language it is written to in; the office's where it names none.
    pub language: Option<Language>,
}

/// What the office notes about a unit for its own staff; in no mail, no log and no count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Who leads it, as the office writes it.
    pub secretary: Option<String>,
    /// Its phone.
    pub phone: Option<String>,
    /// Anything else.
    pub note: Option<String>,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its code.
    pub id: UnitId,
    /// Names over time; the last that covers a day counts.
    pub names: Vec<Dated<String>>,
    /// Kind, for example `base-committee`, `base-cell`, `subordinate-cell`.
    pub kind: String,
    /// Sector, for example `administration`, `public-service`, `enterprise`.
    pub sector: Option<String>,
    /// Other names by which documents call it; for issuers and addressees.
    pub aliases: Vec<String>,
    /// Free marks by which rules choose it, for example `border`, `no-clerk`.
    pub tags: Vec<String>,
    /// Parents over time; a root has none.
    pub parents: Vec<Dated<UnitId>>,
    /// Its addresses.
    pub mailboxes: Vec<Mailbox>,
    /// Who does not read their mail for a while, and who reads it instead.
    pub absences: Vec<Absence>,
    /// Who takes over when it ends.
    pub succession: Succession,
    /// What the office notes about it.
    pub card: Card,
    /// When the unit exists.
    pub valid: Validity,
}

impl Unit {
    /// A unit that always was, and always under this name; of which nothing else is known.
    pub fn new(id: impl Into<UnitId>, kind: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            names: vec![Dated::always(name.to_owned())],
            kind: kind.to_owned(),
            sector: None,
            aliases: Vec::new(),
            tags: Vec::new(),
            parents: Vec::new(),
            mailboxes: Vec::new(),
            absences: Vec::new(),
            succession: Succession::default(),
            card: Card::default(),
            valid: Validity::default(),
        }
    }

    /// The name on a day; the code where no name covers it.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        let named = self.names.iter().rev().find(|name| name.valid.covers(day));
        named.or(self.names.last()).map_or(self.id.as_str(), |name| &name.value)
    }

    /// Its code, names over time and aliases.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(|name| name.value.as_str());
        std::iter::once(self.id.as_str()).chain(names).chain(self.aliases.iter().map(String::as_str))
    }

    /// The parent on a day.
    pub fn parent_on(&self, day: NaiveDate) -> Option<&UnitId> {
        self.parents.iter().rev().find(|parent| parent.valid.covers(day)).map(|parent| &parent.value)
    }

    /// The mailboxes valid on a day, first to try first.
    pub fn mailboxes_on(&self, day: NaiveDate) -> Vec<&Mailbox> {
        let mut boxes: Vec<_> = self.mailboxes.iter().filter(|mailbox| mailbox.valid.covers(day)).collect();
        boxes.sort_by_key(|mailbox| mailbox.order);
        boxes
    }
}

/// A kind of unit, from the open list in units.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Code, for example `base-cell`.
    pub id: String,
    /// What people read, for example `chi bộ cơ sở`.
    pub name: String,
    /// Whether units of this kind are cells, that is, can be obliged.
    pub cell: bool,
}

/// Tells one set of units from another without comparing them: copies of a set share it, and nothing
/// else does. It takes no part in the equality of sets.
#[derive(Debug, Clone, Default)]
pub struct Stamp(Arc<()>);

impl Stamp {
    /// Whether both are of one set of units.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Stamp {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Stamp {}

/// All units, checked: ids unique, parents known and free of cycles on every day. Not changed once made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    /// The unit whose office runs vanthu and receives the last escalation.
    pub office: Option<UnitId>,
    /// The unit that the office reports to: the last of all escalations.
    pub leadership: Option<UnitId>,
    /// Kinds in file order.
    pub kinds: Vec<Kind>,
    /// Sector code → name.
    pub sectors: BTreeMap<String, String>,
    units: BTreeMap<UnitId, Unit>,
    /// Tone key of every code, name and alias, old names too, to the units so called.
    called: BTreeMap<String, Vec<UnitId>>,
    /// The other way round.
    keys: BTreeMap<UnitId, Vec<String>>,
    stamp: Stamp,
}

impl Units {
    /// Collects checked units. Checks (unknown parents, cycles, doubles) belong to the reader, which
    /// can say file and line.
    pub fn new(
        office: Option<UnitId>,
        kinds: Vec<Kind>,
        sectors: BTreeMap<String, String>,
        units: impl IntoIterator<Item = Unit>,
    ) -> Self {
        let units: BTreeMap<_, _> = units.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
        let mut called: BTreeMap<String, Vec<UnitId>> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for unit in units.values() {
            let own: BTreeSet<String> = unit.all_names().map(tone_key).collect();
            own.iter().for_each(|key| called.entry(key.clone()).or_default().push(unit.id.clone()));
            keys.insert(unit.id.clone(), own.into_iter().collect());
        }
        Self { office, leadership: None, kinds, sectors, units, called, keys, stamp: Stamp::default() }
    }

    /// The same with the unit that the office reports to.
    #[must_use]
    pub fn led_by(self, leadership: Option<UnitId>) -> Self {
        Self { leadership, ..self }
    }

    /// The language in which an address of a unit is written to on a day; nothing where it names none, or is no
    /// address of that unit.
    pub fn language_of(
        &self,
        unit: &UnitId,
        day: NaiveDate,
        is_it: impl Fn(&str) -> bool,
    ) -> Option<Language> {
        let boxes = self.get(unit)?.mailboxes_on(day);
        boxes.into_iter().find(|mailbox| is_it(&mailbox.address))?.language
    }

    /// What tells this set, and its copies, from any other.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// The units called `name`, now or once: by code, name or alias, in any case, normal form and place
    /// of tone marks.
    pub fn called(&self, name: &str) -> impl Iterator<Item = &Unit> {
        let ids = self.called.get(&tone_key(name)).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.get(id))
    }

    /// A unit by its code.
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)
    }

    /// Tone keys of everything a unit is or was called.
    pub fn keys_of(&self, id: &UnitId) -> &[String] {
        self.keys.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// All units, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// Whether units of this kind are cells.
    pub fn is_cell_kind(&self, kind: &str) -> bool {
        self.kinds.iter().any(|known| known.cell && known.id == kind)
    }

    /// The units that exist on a day and can be obliged.
    pub fn cells_on(&self, day: NaiveDate) -> impl Iterator<Item = &Unit> {
        self.iter().filter(move |unit| unit.valid.covers(day) && self.is_cell_kind(&unit.kind))
    }

    /// A unit and all above it on a day, nearest first.
    pub fn line(&self, id: &UnitId, day: NaiveDate) -> impl Iterator<Item = &Unit> {
        let up = move |unit: &&Unit| unit.parent_on(day).and_then(|parent| self.get(parent));
        // A circle, refused by the reader, ends here too.
        std::iter::successors(self.get(id), up).take(MAX_DEPTH)
    }

    /// Whether `id` is `ancestor` or stands below it on a day.
    pub fn is_within(&self, id: &UnitId, ancestor: &UnitId, day: NaiveDate) -> bool {
        self.line(id, day).any(|unit| unit.id == *ancestor)
    }
}
