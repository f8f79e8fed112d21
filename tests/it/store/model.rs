//! The outbox against a model: random commands on both, the same answers and the same rows.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vanthu::app::ports::{Claimed, NewNotice, Settled, Settlement, Store};
use vanthu::domain::ids::NoticeId;
use vanthu::domain::notice::Delivery;

use super::fixture::{Directive, claim, directive, enqueue, minute, notice, notices};
use crate::support::postgres::temp_postgres;
use crate::support::store::temp_sqlite;

#[derive(Debug, Clone)]
enum Command {
    Enqueue { unit: u8, at: i64, priority: u8 },
    Claim { limit: u32 },
    Settle { which: prop::sample::Index, outcome: u8, wait: i64 },
    Requeue { which: prop::sample::Index },
    Drop,
    Wait { minutes: i64 },
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (0..9_u8, -2..6_i64, 0..3_u8).prop_map(|(unit, at, priority)| Command::Enqueue { unit, at, priority }),
        4 => (0..5_u32).prop_map(|limit| Command::Claim { limit }),
        6 => (any::<prop::sample::Index>(), 0..11_u8, 0..4_i64)
            .prop_map(|(which, outcome, wait)| Command::Settle { which, outcome, wait }),
        1 => any::<prop::sample::Index>().prop_map(|which| Command::Requeue { which }),
        1 => Just(Command::Drop),
        3 => (0..3_i64).prop_map(|minutes| Command::Wait { minutes }),
    ]
}

/// A notice as the model sees it; instants are minutes.
#[derive(Debug, Clone)]
struct Row {
    id: i64,
    priority: u8,
    send_at: i64,
    delivery: Delivery,
    epoch: i64,
    tries: u32,
    lease: i64,
}

#[derive(Default)]
struct Model {
    now: i64,
    rows: BTreeMap<String, Row>,
}

impl Model {
    fn enqueue(&mut self, unit: &str, at: i64, priority: u8, id: i64) -> u64 {
        if self.rows.contains_key(unit) {
            return 0;
        }
        let row = Row { id, priority, send_at: at, delivery: Delivery::Queued, epoch: 0, tries: 0, lease: 0 };
        self.rows.insert(unit.to_owned(), row);
        1
    }

    fn claim(&mut self, limit: u32) -> Vec<(i64, i64, u32)> {
        let now = self.now;
        let free = |row: &&mut Row| match row.delivery {
            Delivery::Queued | Delivery::Ambiguous => row.send_at <= now,
            Delivery::Sending => row.lease <= now,
            _ => false,
        };
        let mut rows: Vec<_> = self.rows.values_mut().filter(free).collect();
        rows.sort_by_key(|row| (row.priority, row.send_at, row.id));
        rows.truncate(limit as usize);
        for row in &mut rows {
            (row.delivery, row.epoch, row.tries, row.lease) =
                (Delivery::Sending, row.epoch + 1, row.tries + 1, now + 1);
        }
        rows.iter().map(|row| (row.id, row.epoch, row.tries - 1)).collect()
    }

    fn by_id(&mut self, id: i64) -> &mut Row {
        self.rows.values_mut().find(|row| row.id == id).unwrap()
    }

    fn settle(&mut self, id: i64, epoch: i64, settled: &Settled, wait: i64) -> bool {
        let at = self.now + wait;
        let row = self.by_id(id);
        if row.delivery != Delivery::Sending || row.epoch != epoch {
            return false;
        }
        row.delivery = match settled {
            Settled::Sent { .. } | Settled::Found { .. } => Delivery::Sent,
            Settled::Failed { .. } => Delivery::Failed,
            Settled::Ambiguous { .. } | Settled::Doubted { .. } => Delivery::Ambiguous,
            Settled::Dropped { .. } | Settled::Diverted { .. } => Delivery::Dropped,
            Settled::Held { .. } => Delivery::Held,
            Settled::Retry { .. } | Settled::Postponed { .. } | Settled::Released => Delivery::Queued,
        };
        if matches!(settled, Settled::Postponed { .. } | Settled::Doubted { .. }) {
            row.send_at = at;
        }
        match settled {
            Settled::Retry { .. } | Settled::Ambiguous { .. } => row.send_at = at,
            Settled::Dropped { .. }
            | Settled::Postponed { .. }
            | Settled::Doubted { .. }
            | Settled::Found { .. }
            | Settled::Held { .. }
            | Settled::Released => {
                row.tries -= 1;
            }
            _ => {}
        }
        true
    }

    fn requeue(&mut self, id: i64) -> bool {
        let now = self.now;
        let row = self.by_id(id);
        let may = matches!(row.delivery, Delivery::Failed | Delivery::Queued);
        if may {
            (row.delivery, row.send_at, row.tries) = (Delivery::Queued, now, 0);
        }
        may
    }

    fn drop_queued(&mut self) -> u64 {
        let waits = |row: &&mut Row| matches!(row.delivery, Delivery::Queued | Delivery::Held);
        let queued = self.rows.values_mut().filter(waits);
        queued.map(|row| row.delivery = Delivery::Dropped).count() as u64
    }

    fn next_send(&self) -> Option<i64> {
        let wake = |row: &Row| match row.delivery {
            Delivery::Queued | Delivery::Ambiguous => Some(row.send_at),
            Delivery::Sending => Some(row.lease),
            _ => None,
        };
        self.rows.values().filter_map(wake).min()
    }
}

fn settled(outcome: u8, at: i64) -> Settled {
    let (reason, at) = ("vì thế".to_owned(), minute(at));
    match outcome {
        0 => Settled::Sent { reply: "250".to_owned() },
        1 => Settled::Retry { at, reason },
        2 => Settled::Failed { reason },
        3 => Settled::Ambiguous { at, reason },
        4 => Settled::Dropped { reason },
        5 => Settled::Postponed { at, reason },
        6 => Settled::Held { reason },
        7 => Settled::Diverted { reply: reason },
        8 => Settled::Found { evidence: reason },
        9 => Settled::Doubted { at, reason },
        _ => Settled::Released,
    }
}

/// Both worlds, and every claim ever made: outcomes also come for claims long lost.
struct Worlds<'a> {
    store: &'a dyn Store,
    directive: Directive,
    model: Model,
    claims: Vec<Claimed>,
}

impl Worlds<'_> {
    async fn run(&mut self, command: &Command) {
        match command {
            Command::Enqueue { unit, at, priority } => self.enqueue(*unit, *at, *priority).await,
            Command::Claim { limit } => self.claim(*limit).await,
            Command::Settle { which, outcome, wait } if !self.claims.is_empty() => {
                let claimed = which.get(&self.claims).clone();
                self.settle(&claimed, *outcome, *wait).await;
            }
            Command::Requeue { which } if !self.model.rows.is_empty() => {
                let id = self.model.rows.values().nth(which.index(self.model.rows.len())).unwrap().id;
                let mut tx = self.store.begin().await.unwrap();
                let done = tx.requeue(NoticeId(id), minute(self.model.now)).await.unwrap();
                tx.commit().await.unwrap();
                assert_eq!(done, self.model.requeue(id));
            }
            Command::Drop => {
                let mut tx = self.store.begin().await.unwrap();
                let done = tx.drop_queued(self.directive.registered.id, None, "thu hồi").await.unwrap();
                tx.commit().await.unwrap();
                assert_eq!(done, self.model.drop_queued());
            }
            Command::Wait { minutes } => self.model.now += minutes,
            Command::Settle { .. } | Command::Requeue { .. } => {}
        }
    }

    async fn enqueue(&mut self, unit: u8, at: i64, priority: u8) {
        let (unit, at) = (format!("cb-{unit}"), self.model.now + at);
        let revision = self.directive.registered.revision;
        let new = NewNotice { send_at: minute(at), priority, ..notice(revision, &unit) };
        let new = enqueue(self.store, &self.directive, &[new]).await;
        // Numbers grow; an engine may leave some out.
        let id = notices(self.store).await.last().unwrap().id.0;
        assert_eq!(new, self.model.enqueue(&unit, at, priority, id));
    }

    async fn claim(&mut self, limit: u32) {
        let claimed = claim(self.store, "a", self.model.now, limit).await;
        let seen: Vec<_> =
            claimed.iter().map(|claimed| (claimed.id.0, claimed.epoch, claimed.tries)).collect();
        assert_eq!(seen, self.model.claim(limit));
        self.claims.extend(claimed);
    }

    async fn settle(&mut self, claimed: &Claimed, outcome: u8, wait: i64) {
        let settled = settled(outcome, self.model.now + wait);
        let expected = self.model.settle(claimed.id.0, claimed.epoch, &settled, wait);
        let settlement = Settlement { id: claimed.id, epoch: claimed.epoch, settled };
        let mut tx = self.store.begin().await.unwrap();
        assert_eq!(tx.settle(&[settlement], minute(self.model.now)).await.unwrap(), [expected]);
        tx.commit().await.unwrap();
    }

    async fn compare(&self) {
        let mut expected: Vec<_> = self.model.rows.values().collect();
        expected.sort_by_key(|row| row.id);
        let expected: Vec<_> =
            expected.into_iter().map(|row| (row.id, row.delivery, minute(row.send_at), row.tries)).collect();
        let seen: Vec<_> = notices(self.store)
            .await
            .into_iter()
            .map(|row| (row.id.0, row.delivery, row.send_at, row.tries))
            .collect();
        assert_eq!(seen, expected);
        assert_eq!(self.store.next_send().await.unwrap(), self.model.next_send().map(minute));
    }
}

async fn play(store: &dyn Store, commands: &[Command]) {
    let directive = directive(store, "7", &[]).await;
    let mut worlds = Worlds { store, directive, model: Model::default(), claims: Vec::new() };
    for command in commands {
        worlds.run(command).await;
        worlds.compare().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outbox_does_what_the_model_says(commands in prop::collection::vec(command(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (file, _folder) = temp_sqlite().await;
            play(&file, &commands).await;
            let (server, _database) = temp_postgres().await;
            play(&server, &commands).await;
            server.close().await;
        });
    }
}
