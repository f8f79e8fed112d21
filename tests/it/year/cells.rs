//! Cells as they are: some answer the same day, some when they are chased, some never.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::domain::ids::{ObligationId, UnitId};
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::Answer;

use super::dice::Dice;
use super::office::code;
use crate::support::rig::Rig;

/// Of a list somebody does what stands on top.
const LINES: usize = 3;

/// What a cell is like: how many in twenty mails it answers at once, with what.
#[derive(Debug, Clone, Copy)]
struct Habit {
    acknowledges: u64,
    finishes: u64,
    days: u64,
}

/// All cells, and what they are about to say.
pub struct Cells {
    habits: BTreeMap<UnitId, Habit>,
    plans: BTreeSet<Plan>,
    /// What was said to be done, or not to be theirs.
    ended: BTreeSet<(UnitId, String)>,
}

/// What a cell will say about a directive, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Plan {
    at: DateTime<Utc>,
    cell: UnitId,
    symbol: String,
    row: ObligationId,
    word: Word,
}

/// What a cell is about to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Received,
    Promised,
    NotOurs,
    Done,
}

impl Cells {
    pub fn new(count: usize, dice: &mut Dice) -> Self {
        let habit = |dice: &mut Dice| match dice.below(10) {
            0 => Habit { acknowledges: 0, finishes: 0, days: 1 },
            1..=3 => Habit { acknowledges: 8, finishes: 4, days: 12 },
            _ => Habit { acknowledges: 18, finishes: 12, days: 6 },
        };
        let habits = (0..count).map(|number| (code(number).as_str().into(), habit(dice))).collect();
        Self { habits, plans: BTreeSet::new(), ended: BTreeSet::new() }
    }

    /// Whether a cell has said that it is done, or that it is not its work.
    pub fn has_ended(&self, cell: &UnitId, symbol: &str) -> bool {
        self.ended.contains(&(cell.clone(), symbol.to_owned()))
    }

    /// Reads mails, and makes up its mind about what they name.
    pub fn read(&mut self, rig: &Rig, letters: &[Letter], dice: &mut Dice) {
        for letter in letters.iter().filter(|letter| letter.kind != NoticeKind::Escalation) {
            let Some(habit) = self.habits.get(&letter.unit).copied() else { continue };
            for (symbol, link) in about(letter).into_iter().take(LINES) {
                let token = link.rsplit('/').next().unwrap();
                let row = rig.policy.keyring.verify(token, rig.clock_now()).unwrap().obligation;
                self.plan(habit, (&letter.unit, symbol, row), rig.clock_now(), dice);
            }
        }
    }

    fn plan(
        &mut self,
        habit: Habit,
        (cell, symbol, row): (&UnitId, &str, ObligationId),
        now: DateTime<Utc>,
        dice: &mut Dice,
    ) {
        let mut plan = |dice: &mut Dice, chance, word, hours| {
            if dice.below(20) < chance {
                let at = now + TimeDelta::hours(1 + dice.below(hours) as i64);
                let (cell, symbol) = (cell.clone(), symbol.to_owned());
                self.plans.insert(Plan { at, cell, symbol, row, word });
            }
        };
        if dice.one_in(60) {
            plan(dice, 20, Word::NotOurs, 24);
            return;
        }
        let first = if dice.one_in(4) { Word::Promised } else { Word::Received };
        plan(dice, habit.acknowledges, first, 24);
        plan(dice, habit.finishes, Word::Done, 24 * habit.days);
    }

    /// Says what is ripe: all that is said with one word is one entry of staff.
    pub async fn answer(&mut self, rig: &Rig) {
        let mut words: BTreeMap<Word, BTreeSet<ObligationId>> = BTreeMap::new();
        while self.plans.first().is_some_and(|plan| plan.at <= rig.clock_now()) {
            let Some(Plan { cell, symbol, row, word, .. }) = self.plans.pop_first() else { break };
            if self.has_ended(&cell, &symbol) {
                continue;
            }
            words.entry(word).or_default().insert(row);
            if matches!(word, Word::Done | Word::NotOurs) {
                self.ended.insert((cell, symbol));
            }
        }
        for (word, rows) in words {
            say(rig, &rows.into_iter().collect::<Vec<_>>(), word).await;
        }
    }
}

/// The directives a mail names, each with its link.
pub fn about(letter: &Letter) -> Vec<(&str, &str)> {
    match (&letter.digest, &letter.link) {
        (Some(digest), _) => {
            digest.items.iter().map(|item| (item.facts.symbol.as_str(), item.link.as_str())).collect()
        }
        (None, Some(link)) => vec![(letter.facts.symbol.as_str(), link.as_str())],
        (None, None) => Vec::new(),
    }
}

async fn say(rig: &Rig, rows: &[ObligationId], word: Word) {
    let today = rig.office.calendar.date_of(rig.clock_now());
    let answer = match word {
        Word::Received => Answer::Received { promised: None },
        Word::Promised => Answer::Received { promised: Some(rig.office.calendar.add_working_days(today, 4)) },
        Word::NotOurs => {
            Answer::Declined { reason: "việc của đơn vị khác".to_owned(), suggested: None }
        }
        Word::Done => Answer::done(),
    };
    let entry = OnBehalf {
        obligations: rows,
        answer: &answer,
        actor: "vt",
        reason: "gọi điện",
        now: rig.clock_now(),
    };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}
