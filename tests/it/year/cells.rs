//! Cells as they are: some answer the same day, some when they are chased, some never.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::domain::ids::{DocumentId, ObligationId, UnitId};
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::{Answer, Obligation};

use super::dice::Dice;
use super::office::code;
use crate::support::rig::Rig;

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
    /// When, who, about which symbol, done or not.
    plans: BTreeSet<(DateTime<Utc>, UnitId, String, bool)>,
    /// What was said to be done.
    done: BTreeSet<(UnitId, String)>,
}

impl Cells {
    pub fn new(count: usize, dice: &mut Dice) -> Self {
        let habit = |dice: &mut Dice| match dice.below(10) {
            0 => Habit { acknowledges: 0, finishes: 0, days: 1 },
            1..=3 => Habit { acknowledges: 8, finishes: 4, days: 12 },
            _ => Habit { acknowledges: 18, finishes: 12, days: 6 },
        };
        let habits = (0..count).map(|number| (code(number).as_str().into(), habit(dice))).collect();
        Self { habits, plans: BTreeSet::new(), done: BTreeSet::new() }
    }

    /// Whether a cell has said that it is done.
    pub fn is_done(&self, cell: &UnitId, symbol: &str) -> bool {
        self.done.contains(&(cell.clone(), symbol.to_owned()))
    }

    /// Reads mails, and makes up its mind.
    pub fn read(&mut self, letters: &[Letter], now: DateTime<Utc>, dice: &mut Dice) {
        for letter in letters.iter().filter(|letter| letter.kind != NoticeKind::Escalation) {
            let Some(habit) = self.habits.get(&letter.unit).copied() else { continue };
            let mut plan = |chance, done, hours| {
                if dice.below(20) < chance {
                    let at = now + TimeDelta::hours(1 + dice.below(hours) as i64);
                    self.plans.insert((at, letter.unit.clone(), letter.facts.symbol.clone(), done));
                }
            };
            plan(habit.acknowledges, false, 24);
            plan(habit.finishes, true, 24 * habit.days);
        }
    }

    /// Says what is ripe.
    pub async fn answer(&mut self, rig: &Rig) {
        let now = rig.clock_now();
        while self.plans.first().is_some_and(|(at, ..)| *at <= now) {
            let Some((_, cell, symbol, done)) = self.plans.pop_first() else { return };
            let Some(row) = find(rig, &cell, &symbol).await.filter(|row| row.state.is_live()) else {
                continue;
            };
            say(rig, row.id, done).await;
            if done {
                self.done.insert((cell, symbol));
            }
        }
    }
}

async fn find(rig: &Rig, cell: &UnitId, symbol: &str) -> Option<Obligation> {
    let found = rig.store.find_documents(symbol, rig.clock_now()).await.unwrap();
    let id: DocumentId = found.first()?.id;
    let rows = rig.store.obligations(id, false).await.unwrap();
    rows.into_iter().map(|row| row.obligation).find(|row| row.cell == *cell)
}

async fn say(rig: &Rig, id: ObligationId, done: bool) {
    let answer = match done {
        true => Answer::done(),
        false => Answer::Received { promised: None },
    };
    let entry = OnBehalf {
        obligations: &[id],
        answer: &answer,
        actor: "vt",
        reason: "gọi điện",
        now: rig.clock_now(),
    };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}
