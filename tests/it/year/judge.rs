//! What must hold whatever happens, and what it cost cells in mails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use vanthu::app::ports::{HoldKind, NoticeFilter};
use vanthu::domain::ids::UnitId;
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::Contact;

use super::cells::Cells;
use crate::support::rig::Rig;

/// Looks at every mail.
#[derive(Default)]
pub struct Judge {
    seen: BTreeSet<String>,
    /// Mails of each unit on each day.
    counts: BTreeMap<(UnitId, NaiveDate), u64>,
    /// Of those, what is about cells below.
    above: u64,
}

/// What a year came to.
pub struct Report {
    pub mails: u64,
    above: u64,
    mean: f64,
    p95: u64,
    max: u64,
    /// Mean over the days on which a cell got any.
    busy: f64,
}

/// A superior gets one table for each look at the ladders, and one more where something cannot wait for the morning.
async fn tables(rig: &Rig) {
    let mut tables: BTreeMap<(UnitId, String, String), u64> = BTreeMap::new();
    for notice in rig.store.notices(&NoticeFilter::default()).await.unwrap() {
        if notice.kind == NoticeKind::Escalation {
            *tables.entry((notice.unit, notice.mailbox, notice.step)).or_default() += 1;
        }
    }
    assert!(!tables.is_empty(), "nobody was late");
    assert!(tables.values().all(|count| *count <= 2), "{tables:?}");
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mails, above, mean, p95, max, busy } = self;
        write!(
            f,
            "{mails} mails to cells, {above} to superiors; per cell and working day: mean {mean:.2}, 95 % at most {p95}, \
             at most {max}; on days with any: mean {busy:.2}"
        )
    }
}

impl Judge {
    /// What left at one look.
    pub fn letters(&mut self, rig: &Rig, letters: &[Letter], cells: &Cells) {
        let (calendar, now) = (&rig.office.calendar, rig.clock_now());
        let mut chased = BTreeSet::new();
        for letter in letters {
            let express = letter.facts.urgency.breaks_quiet_hours();
            let open = calendar.next_office_instant(now) == now;
            assert!(open || express, "{now}: {:?} {} outside office hours", letter.kind, letter.facts.symbol);
            assert!(self.seen.insert(letter.message_id.clone()), "{} sent twice", letter.message_id);
            let symbol = letter.facts.symbol.clone();
            match letter.kind {
                NoticeKind::Reminder | NoticeKind::Chase => {
                    assert!(!cells.is_done(&letter.unit, &symbol), "{} is done with {symbol}", letter.unit);
                    let once = chased.insert((letter.unit.clone(), symbol.clone(), letter.to.clone()));
                    assert!(once, "{} is chased twice about {symbol}", letter.unit);
                }
                NoticeKind::Escalation => {
                    assert!(!letter.laggards.is_empty());
                    let done =
                        |name: &str| cells.is_done(&name.replace("Chi bộ ", "cb-").as_str().into(), &symbol);
                    assert!(
                        letter.laggards.iter().all(|cell| !done(&cell.name)),
                        "{now}: {:?}",
                        letter.laggards
                    );
                }
                _ => {}
            }
            self.count(letter, calendar.date_of(now));
        }
    }

    fn count(&mut self, letter: &Letter, day: NaiveDate) {
        if letter.kind == NoticeKind::Escalation {
            self.above += 1;
        } else {
            *self.counts.entry((letter.unit.clone(), day)).or_default() += 1;
        }
    }

    /// Judges the register at the end, and counts.
    pub async fn report(&self, rig: &Rig, cells: usize) -> Report {
        self.told(rig).await;
        tables(rig).await;
        let days: BTreeSet<_> = self.counts.keys().map(|(_, day)| *day).collect();
        let mut all: Vec<u64> = self.counts.values().copied().collect();
        let (mails, busy) = (all.iter().sum::<u64>(), all.len());
        all.resize((cells * days.len()).max(all.len()), 0);
        all.sort_unstable();
        let at = |share: usize| all.get(all.len() * share / 100).copied().unwrap_or_default();
        Report {
            mails,
            above: self.above,
            mean: mails as f64 / all.len() as f64,
            p95: at(95),
            max: all.last().copied().unwrap_or_default(),
            busy: mails as f64 / busy as f64,
        }
    }

    /// No selected cell goes untold: a mail was accepted, or staff have a hold. Nobody unreached was chased.
    async fn told(&self, rig: &Rig) {
        let holds = rig.store.holds(false).await.unwrap();
        let held: BTreeSet<_> = holds
            .iter()
            .filter(|hold| matches!(hold.kind, HoldKind::NoContact | HoldKind::Undeliverable))
            .filter_map(|hold| Some((hold.document?, hold.unit.clone()?)))
            .collect();
        for document in rig.store.documents(0, rig.clock_now()).await.unwrap() {
            for row in rig.store.obligations(document.id, false).await.unwrap() {
                let (cell, id) = (&row.obligation.cell, document.id);
                let told = row.contact != Contact::NoContact || held.contains(&(id, cell.clone()));
                assert!(told, "{cell} was never told of {id}, and nobody knows");
                if !row.contact.is_reached() {
                    let steps = rig.store.stepped(&[row.obligation.id]).await.unwrap();
                    assert!(steps.iter().all(|step| step.unit != *cell), "{cell} was chased unreached");
                }
            }
        }
    }
}
