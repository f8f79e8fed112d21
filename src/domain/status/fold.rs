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
//! Work that was withdrawn or excused is nobody's any more and does not count; nor does what owes nothing. A cell
//! that says the work is not its own keeps the body from being called finished until staff have decided. Where no
//! more than an acknowledgement is owed, having given it is being done. The register counts by these rules
//! (`app::ports::Tx::counts`), in one statement: there may be thousands of cells, and every answer asks anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{StatusCode, may_say};
use crate::domain::ids::{ExternalId, SourceId};

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

    /// Whether what the cells did can still make a difference after `said`, so that counting them is worth it.
    pub fn waits_for_cells(&self, said: &[StatusCode]) -> bool {
        let of_cells = self.codes.iter().filter(|code| **code != StatusCode::Arrived);
        of_cells.into_iter().any(|code| may_say(said, *code).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::StatusCode::*;
    use super::*;

    fn voice(fold: Fold) -> Voice {
        Voice { codes: Voice::MACHINE.to_vec(), fold, except: None }
    }

    #[test]
    fn many_cells_are_one_body() {
        let all_of = [Arrived, Accepted, Processing, Finished];
        let table = [
            ("nobody is asked, or all was withdrawn", (0, 0, 0), &all_of[..1], &all_of[..1]),
            ("nothing heard", (1, 0, 0), &all_of[..1], &all_of[..1]),
            ("one of two", (2, 1, 0), &all_of[..1], &all_of[..3]),
            ("both", (2, 2, 0), &all_of[..3], &all_of[..3]),
            ("one is done, one says it is not theirs", (2, 1, 1), &all_of[..1], &all_of[..3]),
            ("all done", (2, 2, 2), &all_of, &all_of),
        ];
        for (name, (asked, received, done), all, any) in table {
            let counts = Counts { asked, received, done };
            assert_eq!(voice(Fold::All).next(&counts, &[]), all, "{name}, all");
            assert_eq!(voice(Fold::Any).next(&counts, &[]), any, "{name}, any");
        }
    }

    #[test]
    fn cells_are_counted_while_they_can_make_a_difference() {
        let some = Voice { codes: vec![Arrived, Accepted], fold: Fold::Any, except: None };
        for (said, waits, some_waits) in [
            (&[][..], true, true),
            (&[Arrived], true, true),
            (&[Arrived, Accepted, Processing], true, false),
            (&[Arrived, Finished], false, false),
            (&[Arrived, Refused], false, false),
        ] {
            assert_eq!(voice(Fold::All).waits_for_cells(said), waits, "{said:?}");
            assert_eq!(some.waits_for_cells(said), some_waits, "{said:?}");
        }
        assert!(!Voice { codes: vec![Arrived], ..Voice::default() }.waits_for_cells(&[]));
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
            facts in proptest::collection::vec(
                (0..5_usize, 0..5_usize, 0..5_usize, proptest::option::of(0..9_usize)), 0..60),
        ) {
            let voice = voice(if any { Fold::Any } else { Fold::All });
            let mut said: Vec<StatusCode> = Vec::new();
            for (asked, received, done, by_hand) in facts {
                if let Some(code) = by_hand.map(|code| StatusCode::ALL[code])
                    && may_say(&said, code).is_ok()
                {
                    said.push(code);
                }
                let counts = Counts { asked, received: received.min(asked), done: done.min(received).min(asked) };
                let next = voice.next(&counts, &said);
                prop_assert!(
                    voice.waits_for_cells(&said) || next.iter().all(|code| *code == Arrived),
                    "{next:?} after {said:?}"
                );
                said.extend(next);
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
