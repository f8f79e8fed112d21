//! Assign: a person gives a document to cells, as a rule would have.

use chrono::NaiveDate;
use serde_json::json;

use super::{Decided, Desk, HoldError};
use crate::app::ingest::{self, assign_stored};
use crate::app::ports::{Act, Asks, HoldRow, Matter, StoredRevision};
use crate::domain::ids::{DocumentId, HoldId, RuleId, UnitId};
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Grade, Owed, Role};
use crate::domain::routing::{self, Assignment, Outcome};
use crate::domain::rule::{DueSource, Rule, Ruleset, Targets, When};
use crate::domain::unit::Validity;

/// Whom.
#[derive(Debug, Clone)]
pub enum To {
    /// These cells.
    Cells(Vec<UnitId>),
    /// Those whom a rule names, with all it asks, as if the document had met its conditions.
    Rule(RuleId),
    /// No cell, but a document of the register that the hold is about.
    Document(DocumentId),
}

/// What a person wants of whom.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whom.
    pub to: To,
    /// In which role, where single cells are named.
    pub role: Role,
    /// The last day to be done, in place of the document's own.
    pub due: Option<NaiveDate>,
}

impl Desk<'_> {
    /// Gives the document of a hold to cells, or says which document a hold is about.
    ///
    /// # Errors
    /// [`HoldError`]
    pub async fn assign(&self, id: HoldId, wanted: &Wanted) -> Result<Decided, HoldError> {
        let (hold, choice) = self.find(id, Act::Assign).await?;
        match (choice.asks, &wanted.to, hold.matter) {
            (Asks::Document, To::Document(document), Matter::Heard) => self.attribute(&hold, *document).await,
            (Asks::Document, To::Document(document), _) => {
                self.identify(&hold, Act::Assign, ingest::Choice::Same(*document)).await
            }
            (Asks::Document, ..) => Err(HoldError::Names(id, "văn bản trong sổ, ví dụ #5")),
            (_, To::Document(_), _) => Err(HoldError::Names(id, "chi bộ hoặc quy tắc")),
            _ => match self.others(&hold, wanted) {
                Some(cells) => self.pass_on(&hold, cells, wanted.due).await,
                None => self.give(&hold, wanted).await,
            },
        }
    }

    async fn give(&self, hold: &HoldRow, wanted: &Wanted) -> Result<Decided, HoldError> {
        let rule = self.rule(wanted)?;
        let mut tx = self.store.begin().await?;
        let stored = self.stored(tx.as_mut(), hold).await?;
        let assignments = self.assignments(rule, &stored);
        let opened =
            assign_stored(tx.as_mut(), (self.office, self.policy), &stored, &assignments, self.now).await?;
        if opened == 0 {
            return Err(HoldError::Nobody);
        }
        let mails = tx.queued(stored.id).await?;
        let cells: Vec<_> = assignments.iter().flat_map(|group| &group.cells).collect();
        let more = json!({ "cells": cells, "opened": opened });
        self.settle(tx, hold, Act::Assign, Decided { documents: 1, opened, mails }, more).await
    }

    /// The rule that says what a person wants, met by every document.
    fn rule(&self, wanted: &Wanted) -> Result<Rule, HoldError> {
        let mut rule = match &wanted.to {
            To::Cells(cells) => self.own_rule(cells, wanted.role)?,
            To::Rule(id) => {
                let known = self.office.ruleset.rules.iter().find(|rule| rule.id == *id);
                known.ok_or_else(|| HoldError::NoRule(id.clone()))?.clone()
            }
            To::Document(_) => return Err(HoldError::Nobody),
        };
        if let Some(due) = wanted.due {
            rule.due = vec![DueSource::Fixed(due)];
        }
        (rule.when, rule.valid) = (When::default(), Validity { from: None, until: None });
        Ok(rule)
    }

    fn own_rule(&self, cells: &[UnitId], role: Role) -> Result<Rule, HoldError> {
        self.are_cells(cells)?;
        Ok(Rule {
            id: RuleId("van-thu".to_owned()),
            name: format!("Văn phòng giao: {}", self.reason.trim()),
            when: When::default(),
            to: Targets { units: cells.to_vec(), ..Targets::default() },
            tasks: Vec::new(),
            nobody_because: None,
            role,
            owes: vec![Owed::Acknowledge, Owed::Report],
            acknowledge_within: Some(1),
            due: vec![DueSource::Document],
            ladder: self.usual_ladder(),
            grade: Grade::Clicked,
            figures: Vec::new(),
            valid: Validity { from: None, until: None },
            is_final: false,
            place: String::new(),
        })
    }

    /// That these are cells, today.
    pub(super) fn are_cells(&self, cells: &[UnitId]) -> Result<(), HoldError> {
        let today = self.office.calendar.date_of(self.now);
        let known: Vec<_> = self.office.units.cells_on(today).map(|unit| &unit.id).collect();
        let strange: Vec<_> = cells.iter().filter(|cell| !known.contains(cell)).map(UnitId::as_str).collect();
        if !strange.is_empty() || cells.is_empty() {
            return Err(HoldError::NotCells(strange.join(", ")));
        }
        Ok(())
    }

    /// The ladder that most rules use.
    fn usual_ladder(&self) -> Ladder {
        let ladders = || self.office.ruleset.rules.iter().map(|rule| &rule.ladder);
        let used = |ladder: &&Ladder| ladders().filter(|other| other.name == ladder.name).count();
        ladders().max_by_key(used).cloned().unwrap_or_default()
    }

    fn assignments(&self, rule: Rule, stored: &StoredRevision) -> Vec<Assignment> {
        let Desk { office, now, .. } = *self;
        let ruleset = Ruleset::new(vec![rule], office.ruleset.hash.clone());
        let trace = routing::decide(&ruleset, &stored.document, &office.units, &office.calendar, now);
        match trace.outcome {
            Outcome::Assigned { assignments } => assignments,
            Outcome::Nobody { .. } | Outcome::Unmatched => Vec::new(),
        }
    }
}
