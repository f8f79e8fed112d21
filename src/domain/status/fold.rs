//! Folding: the axis knows one body, the register many cells. What all of them together did is said as one
//! status of that body.
//!
//! | Code | True when | Said by |
//! |---|---|---|
//! | 01 | the document is in the register | the machine |
//! | 03, 05 | a first cell, or every cell, has acknowledged ([`Fold`]) | the machine only where the settings say so |
//! | 06 | every cell is done | the same |
//! | 02, 04, 15, 16 | a person says so | a person |
//!
//! Work that was withdrawn or excused is nobody's any more and does not count. A cell that says the work
//! is not its own keeps the body from being called finished until staff have decided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{StatusCode, may_say};
use crate::domain::ids::{ExternalId, SourceId, UnitId};
use crate::domain::obligation::{Owed, State};

/// When the body counts as having received a document that many cells must receive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// When every cell has acknowledged.
    #[default]
    All,
    /// When the first cell has.
    Any,
}

/// What one cell owes in one task, as far as the body above it is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Share<'a> {
    /// The cell.
    pub cell: &'a UnitId,
    /// Where its obligation stands.
    pub state: State,
    /// What it owes. Where that is no more than an acknowledgement, having given it is being done.
    pub owes: &'a [Owed],
}

impl Share<'_> {
    fn counts(&self) -> bool {
        !self.owes.is_empty() && !matches!(self.state, State::Withdrawn | State::Excused)
    }

    fn is_received(&self) -> bool {
        matches!(self.state, State::Acknowledged | State::Done)
    }

    fn is_done(&self) -> bool {
        let owes_work = self.owes.iter().any(|owed| *owed != Owed::Acknowledge);
        self.state == State::Done || self.state == State::Acknowledged && !owes_work
    }
}

/// How many cells stand how; a cell counts once, however many tasks it has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Cells that are asked.
    pub asked: usize,
    /// Of these, those that have acknowledged all they are asked.
    pub received: usize,
    /// Of these, those that are done with all of it.
    pub done: usize,
}

impl Counts {
    /// Counts the cells behind shares of one document.
    pub fn of<'a>(shares: impl IntoIterator<Item = Share<'a>>) -> Self {
        let mut cells: BTreeMap<&UnitId, (bool, bool)> = BTreeMap::new();
        for share in shares.into_iter().filter(Share::counts) {
            let cell = cells.entry(share.cell).or_insert((true, true));
            *cell = (cell.0 && share.is_received(), cell.1 && share.is_done());
        }
        Self {
            asked: cells.len(),
            received: cells.values().filter(|(received, _)| *received).count(),
            done: cells.values().filter(|(_, done)| *done).count(),
        }
    }

    /// Whether a code is true of the body. Codes of a person are never true by themselves.
    fn is_true(&self, code: StatusCode, fold: Fold) -> bool {
        let received = match fold {
            Fold::All => self.received == self.asked,
            Fold::Any => self.received > 0,
        };
        match code {
            StatusCode::Arrived => true,
            StatusCode::Accepted | StatusCode::Processing => self.asked > 0 && received,
            StatusCode::Finished => self.asked > 0 && self.done == self.asked,
            _ => false,
        }
    }

    /// What goes with a status, in numbers only: whoever reads it upstream must learn of no person.
    /// Empty where no cell is asked.
    pub fn sentence(&self) -> String {
        let Self { asked, received, done } = self;
        match (asked, done) {
            (0, _) => String::new(),
            (_, 0) => format!("{received}/{asked} chi bộ đã nhận"),
            _ => format!("{received}/{asked} chi bộ đã nhận, {done}/{asked} đã hoàn thành"),
        }
    }
}

/// What the machine may say by itself about the documents of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    /// The codes.
    pub codes: Vec<StatusCode>,
    /// When cells count as one body.
    pub fold: Fold,
    /// How the ids begin of what takes no status there.
    pub except: Option<&'static str>,
}

/// The voice for each source that takes statuses; about the others nothing is said.
pub type Voices = BTreeMap<SourceId, Voice>;

impl Voice {
    /// The codes a machine can be allowed to say: facts of the register. All others are acts of the văn thư.
    pub const MACHINE: [StatusCode; 4] =
        [StatusCode::Arrived, StatusCode::Accepted, StatusCode::Processing, StatusCode::Finished];

    /// What is to be said now, lowest first, where `said` was said before.
    pub fn next(&self, counts: &Counts, said: &[StatusCode]) -> Vec<StatusCode> {
        let (mut said, before) = (said.to_vec(), said.len());
        for code in Self::MACHINE {
            let due = self.codes.contains(&code) && counts.is_true(code, self.fold);
            if due && may_say(&said, code).is_ok() {
                said.push(code);
            }
        }
        said.split_off(before)
    }

    /// Whether anything may be said about the thing with this id.
    pub fn speaks_of(&self, id: &ExternalId) -> bool {
        self.except.is_none_or(|except| !id.as_str().starts_with(except))
    }

    /// Whether what the cells did can make a difference, so that counting them is worth it.
    pub fn hears_cells(&self) -> bool {
        self.codes.iter().any(|code| *code != StatusCode::Arrived)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::StatusCode::*;
    use super::*;

    const WORK: &[Owed] = &[Owed::Acknowledge, Owed::Report];
    const WORD: &[Owed] = &[Owed::Acknowledge];
    const STATES: [State; 6] =
        [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused, State::Withdrawn];

    type Row = (&'static str, State, &'static [Owed]);

    fn counts(rows: &[Row]) -> Counts {
        let cells: Vec<UnitId> = rows.iter().map(|(cell, ..)| UnitId::from(*cell)).collect();
        let share = |(cell, &(_, state, owes)): (_, &Row)| Share { cell, state, owes };
        Counts::of(cells.iter().zip(rows).map(share))
    }

    fn voice(fold: Fold) -> Voice {
        Voice { codes: Voice::MACHINE.to_vec(), fold, except: None }
    }

    #[test]
    fn many_cells_are_one_body() {
        use State::{Acknowledged as Ack, Declined, Done, Excused, Open, Withdrawn};
        type Case<'a> = (&'a str, &'a [Row], &'a [StatusCode], &'a [StatusCode]);
        let table: [Case<'_>; 13] = [
            ("nobody is asked", &[], &[Arrived], &[Arrived]),
            ("nothing heard", &[("a", Open, WORK)], &[Arrived], &[Arrived]),
            (
                "one of two",
                &[("a", Ack, WORK), ("b", Open, WORK)],
                &[Arrived],
                &[Arrived, Accepted, Processing],
            ),
            (
                "both",
                &[("a", Ack, WORK), ("b", Ack, WORK)],
                &[Arrived, Accepted, Processing],
                &[Arrived, Accepted, Processing],
            ),
            ("one task of two", &[("a", Done, WORK), ("a", Open, WORK)], &[Arrived], &[Arrived]),
            (
                "all done",
                &[("a", Done, WORK), ("b", Done, WORK)],
                &[Arrived, Accepted, Processing, Finished],
                &[Arrived, Accepted, Processing, Finished],
            ),
            (
                "an acknowledgement is all that was asked",
                &[("a", Ack, WORD), ("b", Done, WORK)],
                &[Arrived, Accepted, Processing, Finished],
                &[Arrived, Accepted, Processing, Finished],
            ),
            (
                "one says it is not theirs",
                &[("a", Done, WORK), ("b", Declined, WORK)],
                &[Arrived],
                &[Arrived, Accepted, Processing],
            ),
            (
                "who was excused does not count",
                &[("a", Done, WORK), ("b", Excused, WORK)],
                &[Arrived, Accepted, Processing, Finished],
                &[Arrived, Accepted, Processing, Finished],
            ),
            (
                "nor what was withdrawn",
                &[("a", Withdrawn, WORK), ("b", Ack, WORK)],
                &[Arrived, Accepted, Processing],
                &[Arrived, Accepted, Processing],
            ),
            ("all withdrawn is not done", &[("a", Withdrawn, WORK)], &[Arrived], &[Arrived]),
            ("all excused is not done", &[("a", Excused, WORK)], &[Arrived], &[Arrived]),
            ("nothing is owed", &[("a", Open, &[])], &[Arrived], &[Arrived]),
        ];
        for (name, rows, all, any) in table {
            let counts = counts(rows);
            assert_eq!(voice(Fold::All).next(&counts, &[]), all, "{name}, all");
            assert_eq!(voice(Fold::Any).next(&counts, &[]), any, "{name}, any");
        }
    }

    #[test]
    fn only_what_is_allowed_is_said() {
        let done = Counts { asked: 2, received: 2, done: 2 };
        let only = |codes: &[StatusCode]| Voice { codes: codes.to_vec(), ..Voice::default() };
        assert_eq!(only(&[Arrived]).next(&done, &[]), [Arrived]);
        assert_eq!(only(&[Arrived, Finished]).next(&done, &[Arrived]), [Finished]);
        assert_eq!(only(&[Refused, Assigned]).next(&done, &[]), []);
        assert_eq!(only(&[]).next(&done, &[]), []);
        assert_eq!(voice(Fold::All).next(&done, &[Refused]), [], "a refused document is let go");
    }

    #[test]
    fn the_sentence_names_numbers_only() {
        let sentence = |asked, received, done| Counts { asked, received, done }.sentence();
        assert_eq!(sentence(0, 0, 0), "");
        assert_eq!(sentence(221, 181, 0), "181/221 chi bộ đã nhận");
        assert_eq!(sentence(221, 221, 220), "221/221 chi bộ đã nhận, 220/221 đã hoàn thành");
    }

    proptest! {
        /// Whatever befalls the cells in whatever order, and whatever a person says in between: nothing is
        /// said twice, and nothing lower after something higher.
        #[test]
        fn nothing_is_said_twice_and_nothing_goes_back(
            any in proptest::bool::ANY,
            facts in proptest::collection::vec((0..4_usize, 0..6_usize, proptest::option::of(0..9_usize)), 0..60),
        ) {
            let voice = voice(if any { Fold::Any } else { Fold::All });
            let cells: Vec<UnitId> = ["a", "b", "c", "d"].map(UnitId::from).to_vec();
            let mut states = [State::Open; 4];
            let mut said: Vec<StatusCode> = Vec::new();
            for (cell, state, by_hand) in facts {
                states[cell] = STATES[state];
                if let Some(code) = by_hand.map(|code| StatusCode::ALL[code])
                    && may_say(&said, code).is_ok()
                {
                    said.push(code);
                }
                let shares = cells.iter().zip(states).map(|(cell, state)| Share { cell, state, owes: WORK });
                said.extend(voice.next(&Counts::of(shares), &said));
            }
            for (index, code) in said.iter().enumerate() {
                prop_assert!(!said[..index].contains(code), "{code:?} twice in {said:?}");
                prop_assert_ne!(*code, RecallAsked);
            }
            let ranks: Vec<_> = said.iter().filter_map(|code| code.rank()).collect();
            prop_assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{said:?}");
        }
    }

    #[test]
    fn what_takes_no_status_is_not_spoken_of() {
        let voice = Voice { except: Some("information/"), ..Voice::default() };
        assert!(voice.speaks_of(&"501".into()));
        assert!(!voice.speaks_of(&"information/501".into()));
        assert!(Voice::default().speaks_of(&"information/501".into()));
    }
}
