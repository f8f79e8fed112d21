//! What must hold whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use vanthu::app::ports::{HoldKind, NoticeFilter};
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::Contact;

use super::cells::{Cells, about};
use super::count::Count;
use crate::support::rig::Rig;

/// Who got a mail about which directive on which day.
type About = (String, String, NaiveDate);

/// Looks at every mail.
#[derive(Default)]
pub struct Judge {
    seen: BTreeSet<String>,
    /// What may come several times a day: hoả tốc.
    express: BTreeSet<String>,
    /// What each address got about each directive today.
    today: BTreeMap<About, Vec<NoticeKind>>,
    pub count: Count,
}

impl Judge {
    /// What left at one look.
    pub fn letters(&mut self, rig: &Rig, letters: &[Letter], cells: &Cells) {
        let (calendar, now) = (&rig.office.calendar, rig.clock_now());
        let day = calendar.date_of(now);
        self.today.retain(|(.., of), _| *of == day);
        let mut looked = BTreeSet::new();
        for letter in letters {
            let express = letter.facts.urgency.breaks_quiet_hours();
            let open = calendar.next_office_instant(now) == now;
            assert!(open || express, "{now}: {:?} {} outside office hours", letter.kind, letter.facts.symbol);
            assert!(self.seen.insert(letter.message_id.clone()), "{} sent twice", letter.message_id);
            wanted(letter, cells);
            let once = looked.insert((&letter.unit, &letter.facts.symbol, &letter.to, letter.kind));
            let table = letter.kind == NoticeKind::Escalation;
            assert!(once || table, "{now}: {} got a mail twice about {}", letter.to, letter.facts.symbol);
            self.count.listed(letter);
            if express {
                self.express.insert(letter.facts.symbol.clone());
            }
            self.once_a_day(letter, day);
            self.count.letter(letter, day);
        }
    }

    /// Nobody gets two mails about one directive in a day, save about hoả tốc, whose steps are hours apart; a
    /// superior gets one table for all, which names one of the directives in its head.
    fn once_a_day(&mut self, letter: &Letter, day: NaiveDate) {
        for (symbol, _) in about(letter) {
            let key = (letter.to.clone(), symbol.to_owned(), day);
            let kinds = self.today.entry(key).or_default();
            kinds.push(letter.kind);
            let express = self.express.contains(symbol);
            assert!(kinds.len() == 1 || express, "{day}: {} got {kinds:?} about {symbol}", letter.to);
            self.count.twice += u64::from(kinds.len() > 1);
        }
    }

    /// Judges the register at the end.
    pub async fn register(&self, rig: &Rig, rows: usize) {
        assert_eq!(told(rig).await, rows, "a row for each directive and cell");
        tables(rig).await;
    }
}

/// Whoever has ended is not asked again, and no superior is told of it.
fn wanted(letter: &Letter, cells: &Cells) {
    let symbol = &letter.facts.symbol;
    match letter.kind {
        NoticeKind::Reminder | NoticeKind::Chase => {
            assert!(!cells.has_ended(&letter.unit, symbol), "{} has ended {symbol}", letter.unit);
        }
        NoticeKind::Escalation => {
            assert!(!letter.laggards.is_empty());
            let ended = |name: &str| cells.has_ended(&name.replace("Chi bộ ", "cb-").as_str().into(), symbol);
            assert!(letter.laggards.iter().all(|cell| !ended(&cell.name)), "{:?}", letter.laggards);
        }
        NoticeKind::Digest => {
            let ended = |symbol: &str| cells.has_ended(&letter.unit, symbol);
            let named: BTreeSet<_> = about(letter).into_iter().map(|(symbol, _)| symbol).collect();
            assert!(!named.iter().any(|symbol| ended(symbol)), "{}: {named:?}", letter.unit);
            assert!(named.len() == about(letter).len() && !named.is_empty(), "{named:?}");
        }
        _ => {}
    }
}

/// A superior gets one table for each look at the ladders, and one more where something cannot wait for the morning.
async fn tables(rig: &Rig) {
    let mut tables: BTreeMap<_, u64> = BTreeMap::new();
    for notice in rig.store.notices(&NoticeFilter::default()).await.unwrap() {
        if notice.kind == NoticeKind::Escalation {
            *tables.entry((notice.unit, notice.mailbox, notice.step)).or_default() += 1;
        }
    }
    assert!(!tables.is_empty(), "nobody was late");
    assert!(tables.values().all(|count| *count <= 2), "{tables:?}");
}

/// No selected cell goes untold: a mail was accepted, or staff have a hold. Nobody unreached was chased. How many rows
/// were looked at.
async fn told(rig: &Rig) -> usize {
    let mut rows = 0;
    let holds = rig.store.holds(false).await.unwrap();
    let held: BTreeSet<_> = holds
        .iter()
        .filter(|hold| matches!(hold.kind, HoldKind::NoContact | HoldKind::Undeliverable))
        .filter_map(|hold| Some((hold.document?, hold.unit.clone()?)))
        .collect();
    for document in rig.store.documents(u32::MAX, rig.clock_now()).await.unwrap() {
        for row in rig.store.obligations(document.id, false).await.unwrap() {
            rows += 1;
            let (cell, id) = (&row.obligation.cell, document.id);
            let told = row.contact != Contact::NoContact || held.contains(&(id, cell.clone()));
            assert!(told, "{cell} was never told of {id}, and nobody knows");
            if !row.contact.is_reached() {
                let steps = rig.store.stepped(&[row.obligation.id]).await.unwrap();
                assert!(steps.iter().all(|step| step.unit != *cell), "{cell} was chased unreached");
            }
        }
    }
    rows
}
