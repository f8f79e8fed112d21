//! A simulated year on a clock that jumps: cells that answer, forget and go silent, a daemon and a mail server that
//! fail, holidays. No network: a scripted source, a mailer that remembers. What must always hold is looked at after
//! every step; what cells got in mails is counted.
//!
//! The suite runs eight weeks for 14 cells; `VANTHU_YEAR=1 cargo test --test it year:: -- --nocapture` runs a year for
//! 221 cells and 400 directives, and prints the count.

mod cells;
mod count;
pub mod dice;
mod judge;
mod office;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use vanthu::app::digest::gather;
use vanthu::app::ports::SendOutcome;
use vanthu::domain::document::{Document, Urgency};
use vanthu::domain::retry::Waits;

use crate::support::number;
use crate::support::rig::{Rig, local};
use crate::support::scripted::{Scripted, paper};
use cells::Cells;
use dice::Dice;
use judge::Judge;

/// How much is simulated.
#[derive(Debug, Clone, Copy)]
struct Size {
    cells: usize,
    directives: usize,
    days: i64,
}

const SHORT: Size = Size { cells: 14, directives: 24, days: 56 };
const LONG: Size = Size { cells: 221, directives: 400, days: 365 };

/// Local hours at which the daemon looks.
const HOURS: [u32; 12] = [0, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 21];

#[tokio::test]
async fn a_year_of_a_bloc_keeps_what_was_promised() {
    let size = if number("VANTHU_YEAR", 0) == 0 { SHORT } else { LONG };
    let mut year = Year::new(size).await;
    for day in 0..size.days {
        year.day(day).await;
        if day % 14 == 13 {
            println!("{day} days, {} mails to cells", year.judge.count.mails());
        }
    }
    year.judge.register(&year.rig, size.cells * size.directives).await;
    let end = year.rig.office.calendar.date_of(at(size.days, 0));
    let days = year.rig.office.calendar.working_days_between(first_day(), end);
    let table = year.judge.count.table(size.cells, usize::try_from(days).unwrap());
    println!("{size:?}\n{table}");
    assert!(year.judge.count.mails() > size.directives as u64, "{table}");
}

struct Year {
    rig: Rig,
    axis: Scripted,
    cells: Cells,
    dice: Dice,
    judge: Judge,
    /// Day and hour of each directive, soonest last.
    coming: Vec<(i64, u32, Document)>,
    /// The daemon does not run until this day.
    down_until: i64,
    /// The mail server does not answer until this day.
    mute_until: i64,
}

impl Year {
    async fn new(size: Size) -> Self {
        let mut dice = Dice::new(20_260_105);
        let mut rig = Rig::at("2026-01-05 05:00").await;
        rig.office = office::office(size.cells);
        rig.policy = std::sync::Arc::new(vanthu::app::policy::Policy {
            // An hour is the smallest step here.
            waits: Waits(vec![Duration::from_secs(3600); 200]),
            digest: "07:30:00".parse().ok(),
            ..(*rig.policy).clone()
        });
        // A relay takes several at a time; what is settled together is committed together.
        rig.mailer.widen(13);
        rig.mailer
            .script(&office::address(3), Some(SendOutcome::Failed { reason: "550 no such user".to_owned() }));
        let mut coming: Vec<_> =
            (0..size.directives).map(|number| directive(number, size.days, &mut dice)).collect();
        coming.sort_by_key(|(day, hour, _)| std::cmp::Reverse((*day, *hour)));
        let cells = Cells::new(size.cells, &mut dice);
        let (axis, judge) = (Scripted::new("truc"), Judge::default());
        Self { rig, axis, cells, dice, judge, coming, down_until: 0, mute_until: 0 }
    }

    async fn day(&mut self, day: i64) {
        if self.dice.one_in(30) {
            self.down_until = day + self.dice.below(8) as i64;
        }
        if self.dice.one_in(25) {
            self.mute_until = day + self.dice.below(2) as i64;
            let reason = "421 tạm ngừng".to_owned();
            self.rig.mailer.script("*", Some(SendOutcome::Retry { reason, everyone: true }));
        }
        for hour in HOURS {
            // Whoever looks after the server comes to work in the morning.
            if day >= self.mute_until && hour == 7 {
                self.rig.mailer.script("*", None);
            }
            self.rig.clock.advance_to(at(day, hour));
            self.arrive(day, hour);
            if day >= self.down_until {
                self.look().await;
            }
        }
    }

    /// Hands the source what its senders sent by now.
    fn arrive(&mut self, day: i64, hour: u32) {
        let ripe = |(d, h, _): &(i64, u32, Document)| (*d, *h) <= (day, hour);
        while self.coming.last().is_some_and(ripe) {
            if let Some((_, _, document)) = self.coming.pop() {
                self.axis.deliver(document);
            }
        }
    }

    /// One look of the daemon: poll, chase, the mails of the morning, send; then cells read and answer.
    async fn look(&mut self) {
        let rig = &self.rig;
        rig.poll_from(&self.axis).await.unwrap();
        rig.chase().await;
        gather(rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now()).await.unwrap();
        rig.dispatch().await;
        let letters = self.rig.mailer.take();
        self.judge.letters(&self.rig, &letters, &self.cells);
        self.cells.read(&self.rig, &letters, &mut self.dice);
        self.cells.answer(&self.rig).await;
    }
}

fn first_day() -> NaiveDate {
    "2026-01-05".parse().unwrap()
}

fn at(day: i64, hour: u32) -> DateTime<Utc> {
    let date = first_day() + TimeDelta::days(day);
    // Half past: offices open then.
    local(&format!("{date} {hour:02}:30"))
}

/// A directive for all cells, of any urgency, with a deadline of its own or none.
fn directive(number: usize, days: i64, dice: &mut Dice) -> (i64, u32, Document) {
    let day = dice.below(u64::try_from(days - 20).unwrap()) as i64;
    let hour = *dice.pick(&HOURS);
    let issued = at(day, hour).date_naive();
    let urgency = match dice.below(20) {
        0 => Urgency::Express,
        1 | 2 => Urgency::Urgent,
        _ => Urgency::Normal,
    };
    let due = dice.one_in(2).then(|| issued + TimeDelta::days(5 + dice.below(25) as i64));
    let document = Document {
        symbol: format!("{}-KH/ĐUK", number + 1),
        subject: format!("Sinh hoạt chuyên đề số {}", number + 1),
        issued: Some(issued),
        due,
        urgency,
        ..paper(&format!("k{number}"))
    };
    (day, hour, document)
}
