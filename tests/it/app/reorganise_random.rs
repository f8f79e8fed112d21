//! Whatever is reorganised, in whatever order: nothing is orphaned.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use vanthu::app::acknowledge::{self, Memory};
use vanthu::app::ports::HoldKind;
use vanthu::app::reorganise::Reorganised;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::obligation::State;
use vanthu::domain::unit::{Bearer, Dated, Succession, Validity};

use super::reorganise::{desk, edit, link, rows, run};
use crate::support::rig::{Rig, local};

/// One decision about units, by picks among those that live.
#[derive(Debug, Clone)]
enum Change {
    Merge { from: usize, into: usize },
    Split { from: usize, heir: bool },
    Rename { unit: usize },
    Move { unit: usize },
    End { unit: usize },
    NameHeir { unit: usize },
}

fn change() -> impl Strategy<Value = Change> {
    let pick = 0_usize..64;
    prop_oneof![
        3 => (pick.clone(), pick.clone()).prop_map(|(from, into)| Change::Merge { from, into }),
        2 => (pick.clone(), any::<bool>()).prop_map(|(from, heir)| Change::Split { from, heir }),
        1 => pick.clone().prop_map(|unit| Change::Rename { unit }),
        1 => pick.clone().prop_map(|unit| Change::Move { unit }),
        1 => pick.clone().prop_map(|unit| Change::End { unit }),
        1 => pick.prop_map(|unit| Change::NameHeir { unit }),
    ]
}

/// The office as it is reorganised: the day, and how many units were ever made.
struct Story {
    rig: Rig,
    day: NaiveDate,
    made: usize,
}

impl Story {
    fn living(&self) -> Vec<String> {
        self.rig.office.units.cells_on(self.day).map(|unit| unit.id.0.clone()).collect()
    }

    fn picked(&self, pick: usize) -> Option<String> {
        let living = self.living();
        (!living.is_empty()).then(|| living[pick % living.len()].clone())
    }

    /// Decided today, in force tomorrow.
    fn apply(&mut self, change: &Change) {
        let tomorrow = self.day + Days::new(1);
        match change {
            Change::Merge { from, into } => {
                let (Some(from), Some(into)) = (self.picked(*from), self.picked(*into)) else { return };
                if from != into {
                    self.end(&from, Succession::into(into.as_str().into()));
                }
            }
            Change::Split { from, heir } => {
                let Some(from) = self.picked(*from) else { return };
                let halves = [self.fresh(tomorrow), self.fresh(tomorrow)];
                let heir = heir.then(|| halves[0].as_str().into());
                let successors = halves.iter().map(|half| half.as_str().into()).collect();
                self.end(&from, Succession { successors, heir });
            }
            Change::Rename { unit } => self.change(*unit, |unit| {
                let name = Dated {
                    value: format!("{} (tên mới)", unit.names[0].value),
                    valid: Validity { from: Some(tomorrow), until: None },
                };
                unit.names.push(name);
            }),
            Change::Move { unit } => self.change(*unit, |unit| {
                let valid = Validity { from: Some(tomorrow), until: None };
                unit.parents.push(Dated { value: "db-1".into(), valid });
            }),
            Change::End { unit } => {
                let Some(unit) = self.picked(*unit) else { return };
                self.end(&unit, Succession::default());
            }
            Change::NameHeir { unit } => self.name_heir(*unit),
        }
    }

    fn change(&mut self, pick: usize, change: impl FnOnce(&mut vanthu::domain::unit::Unit)) {
        if let Some(id) = self.picked(pick) {
            self.rig.office.units = edit(&self.rig.office.units, &id, change);
        }
    }

    fn end(&mut self, id: &str, succession: Succession) {
        let day = self.day;
        self.rig.office.units = edit(&self.rig.office.units, id, |unit| {
            unit.valid.until = Some(day);
            unit.succession = succession;
        });
    }

    fn fresh(&mut self, from: NaiveDate) -> String {
        self.made += 1;
        let id = format!("cb-moi-{}", self.made);
        self.rig.office.units = edit(&self.rig.office.units, &id, |unit| unit.valid.from = Some(from));
        id
    }

    /// Staff settle a split that was left open.
    fn name_heir(&mut self, pick: usize) {
        let open: Vec<_> = self
            .rig
            .office
            .units
            .iter()
            .filter(|unit| unit.succession.successors.len() > 1 && unit.succession.heir.is_none())
            .map(|unit| unit.id.0.clone())
            .collect();
        if let Some(id) = open.get(pick % open.len().max(1)) {
            self.rig.office.units = edit(&self.rig.office.units, id, |unit| {
                unit.succession.heir = unit.succession.successors.first().cloned();
            });
        }
    }

    /// Midnight passes.
    fn tomorrow(&mut self) {
        self.day = self.day + Days::new(1);
        self.rig.go(&format!("{} 00:01", self.day));
    }
}

/// A new directive for every living cell.
async fn direct(story: &Story, number: i64) {
    let received = local(&format!("{} 00:00", story.day));
    let subjects = ["Sinh hoạt chuyên đề", "Thanh tra chuyên môn"];
    let subject = subjects[usize::try_from(number).unwrap() % 2];
    let mut document = FakeDocument::new(number, &format!("{number}-KH/ĐUK"), subject, received);
    document.due = story.day.checked_add_days(Days::new(9));
    story.rig.ioffice.put(document);
    story.rig.poll().await.unwrap();
}

async fn check(story: &Story, documents: i64) {
    let rig = &story.rig;
    let held: BTreeSet<_> = rig
        .store
        .holds(true)
        .await
        .unwrap()
        .into_iter()
        .filter(|hold| hold.kind == HoldKind::NoHeir)
        .filter_map(|hold| Some((hold.document?, hold.unit?)))
        .collect();
    for document in 1..=documents {
        let mut live = BTreeMap::new();
        let rows = rows(rig, document).await;
        for row in rows.iter().filter(|row| row.state.is_live()) {
            let lives = matches!(rig.office.units.bearer(&row.cell, story.day), Bearer::Itself(_));
            assert!(lives || held.contains(&(row.document, row.cell.clone())), "orphan: {row:?}");
            *live.entry(&row.cell).or_insert(0) += 1;
        }
        assert!(live.values().all(|count| *count == 1), "{live:?}");
        for row in &rows {
            let desk_memory = Memory::default();
            let desk = desk(rig, &desk_memory);
            let seen = acknowledge::view(&desk, &link(rig, row.id), rig.clock_now()).await.unwrap();
            assert!(
                seen.tasks[0].obligation.state.is_live(),
                "nobody answered, yet {row:?} leads to {seen:?}"
            );
            assert!(seen.tasks[0].obligation.due <= row.due, "a merger made {row:?} milder: {seen:?}");
        }
        let journal = rig.store.journal(rows.first().map(|row| row.document), 0, 0).await.unwrap();
        for row in rows.iter().filter(|row| row.state == State::Withdrawn) {
            assert!(journal.iter().any(|entry| entry.obligation == Some(row.id)), "no word about {row:?}");
        }
    }
}

async fn play(changes: Vec<Vec<Change>>, skipped: Vec<bool>) {
    let rig = Rig::at("2026-03-02 00:01").await;
    let mut story = Story { rig, day: "2026-03-02".parse().unwrap(), made: 0 };
    let mut documents = 1;
    direct(&story, documents).await;
    for (changes, skip) in changes.iter().zip(skipped) {
        changes.iter().for_each(|change| story.apply(change));
        story.tomorrow();
        if skip {
            // The machine was off: what was missed is made up for the next time.
            continue;
        }
        run(&story.rig).await;
        check(&story, documents).await;
        let again = run(&story.rig).await;
        assert_eq!(again, Reorganised { held: again.held, ..Reorganised::default() }, "once is enough");
        if documents < 3 {
            documents += 1;
            direct(&story, documents).await;
        }
    }
    run(&story.rig).await;
    check(&story, documents).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_random_reorganisation_orphans_nothing(
        changes in prop::collection::vec(prop::collection::vec(change(), 0..4), 1..8),
        skipped in prop::collection::vec(prop::bool::weighted(0.2), 8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(changes, skipped));
    }
}
