//! Values of a row beside those of a unit: what differs, in a form to show and to write.

use chrono::NaiveDate;

use super::Import;
use super::heading::{Column, Headings};
use super::plan::Edit;
use super::resolve::Resolver;
use super::row::{Row, Said, at};
use crate::config::address::{self, is_plain};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::suggest::similar;
use crate::domain::ids::UnitId;
use crate::domain::text::tone_key;
use crate::domain::unit::Unit;

/// A new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, or none.
    Text(Option<String>),
    /// A list, perhaps of nothing.
    List(Vec<String>),
    /// A day, or none.
    Day(Option<NaiveDate>),
}

impl Value {
    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone().unwrap_or_default(),
            Self::List(list) => list.join("; "),
            Self::Day(day) => day.map(day_text).unwrap_or_default(),
        }
    }
}

/// `15/03/2026`
pub fn day_text(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A row under comparison.
pub(super) struct Comparison<'a> {
    pub(super) import: &'a Import<'a>,
    pub(super) headings: &'a Headings,
    pub(super) resolver: &'a Resolver,
    pub(super) row: &'a Row,
    /// What is known of the unit; nothing of a new one.
    pub(super) unit: Option<&'a Unit>,
    pub(super) findings: &'a mut Vec<Diagnostic>,
}

impl Comparison<'_> {
    /// Everything in which the row differs.
    pub(super) fn edits(&mut self) -> Vec<Edit> {
        let mut edits = vec![
            self.name(),
            self.kind(),
            self.parent(),
            self.sector(),
            self.aliases(),
            self.card(Column::Secretary),
            self.mailboxes(),
            self.card(Column::Phone),
            self.day(Column::From),
            self.day(Column::Until),
            self.successors(),
            self.card(Column::Note),
        ];
        edits.retain(Option::is_some);
        edits.into_iter().flatten().map(|edit| self.in_words(edit)).collect()
    }

    /// Codes as the names people know them by.
    fn in_words(&self, edit: Edit) -> Edit {
        let (units, day) = (self.import.units, self.import.day());
        let word = |code: String| {
            match edit.column {
                Column::Kind => units.kinds.iter().find(|kind| kind.id == code).map(|kind| kind.name.clone()),
                Column::Sector => units.sectors.get(&code).cloned(),
                Column::Parent => units.get(&UnitId(code.clone())).map(|unit| unit.name_on(day).to_owned()),
                _ => None,
            }
            .unwrap_or(code)
        };
        let (old, shown) = (word(edit.old.clone()), word(edit.shown.clone()));
        Edit { old, shown, ..edit }
    }

    fn report(&mut self, column: Column, code: Code) -> Diagnostic {
        at(self.import.sheet, self.row, column, self.headings, code)
    }

    fn edit(column: Column, old: Value, new: Value) -> Option<Edit> {
        (old != new).then(|| Edit { column, old: old.shown(), shown: new.shown(), new })
    }

    fn name(&mut self) -> Option<Edit> {
        let old = self.unit.map(|unit| unit.name_on(self.import.day()).to_owned());
        let edit = Self::edit(Column::Name, Value::Text(old), Value::Text(Some(self.row.name.clone())))?;
        let several = self.unit.is_some_and(|unit| unit.names.len() > 1);
        self.overwritable(several, Column::Name, "tên").then_some(edit)
    }

    /// Values with dates are not overwritten without a day.
    fn overwritable(&mut self, dated: bool, column: Column, what: &str) -> bool {
        let fine = !dated || self.import.as_of.is_some();
        if !fine {
            let finding = self.report(column, Code::Dated).with(self.row.name.as_str());
            self.findings.push(finding.with(what));
        }
        fine
    }

    fn kind(&mut self) -> Option<Edit> {
        let old = self.unit.map(|unit| unit.kind.clone());
        let Said::This(text) = self.row.said(Column::Kind) else {
            if old.is_none() {
                let finding = self.report(Column::Kind, Code::RowIncomplete).with(self.row.name.as_str());
                self.findings.push(finding.with("loại"));
            }
            return None;
        };
        let kinds: Vec<_> =
            self.import.units.kinds.iter().map(|kind| (kind.id.clone(), kind.name.clone())).collect();
        let new = self.declared(Column::Kind, text.to_owned(), &kinds, "loại tổ chức")?;
        Self::edit(Column::Kind, Value::Text(old), Value::Text(Some(new)))
    }

    fn sector(&mut self) -> Option<Edit> {
        let Said::This(text) = self.row.said(Column::Sector) else { return None };
        let sectors: Vec<_> =
            self.import.units.sectors.iter().map(|(id, name)| (id.clone(), name.clone())).collect();
        let new = self.declared(Column::Sector, text.to_owned(), &sectors, "khối ngành")?;
        let old = self.unit.and_then(|unit| unit.sector.clone());
        Self::edit(Column::Sector, Value::Text(old), Value::Text(Some(new)))
    }

    /// One of the declared words, by code or by name.
    fn declared(
        &mut self,
        column: Column,
        text: String,
        known: &[(String, String)],
        what: &str,
    ) -> Option<String> {
        let key = tone_key(&text);
        let found = known.iter().find(|(id, name)| *id == text || tone_key(name) == key);
        if found.is_none() {
            let all = known.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
            let near =
                similar(&text, known.iter().map(|(id, name)| (name.clone(), [id.as_str(), name.as_str()])));
            let finding = self.report(column, Code::SheetWord).with(text).with(what);
            self.findings.push(finding.with(format!("các giá trị đã khai: {all}")).or_rather(near));
        }
        found.map(|(id, _)| id.clone())
    }

    fn parent(&mut self) -> Option<Edit> {
        let (import, resolver) = (self.import, self.resolver);
        let new = match self.row.said(Column::Parent) {
            Said::Nothing => return None,
            Said::None => None,
            Said::This(text) => {
                let finding = self.report(Column::Parent, Code::UnknownUnit);
                Some(resolver.reference(text, import, finding, self.findings)?)
            }
        };
        let old = self.unit.and_then(|unit| unit.parent_on(import.day())).map(|id| id.0.clone());
        let edit = Self::edit(Column::Parent, Value::Text(old), Value::Text(new))?;
        let several = self.unit.is_some_and(|unit| unit.parents.len() > 1);
        self.overwritable(several, Column::Parent, "cấp trên").then_some(edit)
    }

    fn aliases(&mut self) -> Option<Edit> {
        let new = list(self.row.list(Column::Aliases))?;
        let old = self.unit.map(|unit| unit.aliases.clone()).unwrap_or_default();
        Self::edit(Column::Aliases, Value::List(old), Value::List(new))
    }

    fn mailboxes(&mut self) -> Option<Edit> {
        let new = list(self.row.list(Column::Mailbox))?;
        for address in new.iter().filter(|address| !is_plain(address)) {
            let finding = address::finding(address, self.report(Column::Mailbox, Code::BadAddress).place);
            self.findings.push(finding);
        }
        let boxes = self.unit.map(|unit| unit.mailboxes_on(self.import.day())).unwrap_or_default();
        let old = boxes.into_iter().map(|mailbox| mailbox.address.clone()).collect();
        Self::edit(Column::Mailbox, Value::List(old), Value::List(new))
    }

    fn card(&mut self, column: Column) -> Option<Edit> {
        let card = self.unit.map(|unit| unit.card.clone()).unwrap_or_default();
        let old = match column {
            Column::Secretary => card.secretary,
            Column::Phone => card.phone,
            _ => card.note,
        };
        let new = match self.row.said(column) {
            Said::Nothing => return None,
            Said::None => None,
            Said::This(text) => Some(text.to_owned()),
        };
        Self::edit(column, Value::Text(old), Value::Text(new))
    }

    fn day(&mut self, column: Column) -> Option<Edit> {
        let (said, old) = match column {
            Column::From => (&self.row.from, self.unit.and_then(|unit| unit.valid.from)),
            _ => (&self.row.until, self.unit.and_then(|unit| unit.valid.until)),
        };
        let new = match said {
            Said::Nothing => return None,
            Said::None => None,
            Said::This(day) => Some(*day),
        };
        Self::edit(column, Value::Day(old), Value::Day(new))
    }

    fn successors(&mut self) -> Option<Edit> {
        let (import, resolver) = (self.import, self.resolver);
        let written = list(self.row.list(Column::Successors))?;
        let mut new = Vec::new();
        for text in written {
            let finding = self.report(Column::Successors, Code::UnknownUnit);
            new.push(resolver.reference(&text, import, finding, self.findings)?);
        }
        let old = self.unit.map(|unit| unit.succession.successors.clone()).unwrap_or_default();
        let old = old.into_iter().map(|id| id.0).collect();
        Self::edit(Column::Successors, Value::List(old), Value::List(new))
    }
}

fn list(said: Said<Vec<&str>>) -> Option<Vec<String>> {
    match said {
        Said::Nothing => None,
        Said::None => Some(Vec::new()),
        Said::This(parts) => Some(parts.into_iter().map(str::to_owned).collect()),
    }
}
