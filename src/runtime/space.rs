//! Room for the register. While its disk is full, or about to be, sources are not read, ladders not looked at and no mail
//! leaves: what could not be recorded must not happen. What cells say is still taken, from what is kept back for it.

use std::time::Duration;

use tokio::sync::watch;

use super::loops::stopped;
use super::pulse::Pulse;
use crate::app::ports::{Room, Store};

/// How often the room is looked at: a full disk is seen, and one that has room again, within this time.
const LOOK: Duration = Duration::from_secs(5);

/// How much room there is, as the loops know it.
#[derive(Debug, Default)]
pub struct Space {
    room: watch::Sender<Room>,
}

impl Space {
    /// How much room there was at the last look.
    pub fn room(&self) -> Room {
        self.room.borrow().clone()
    }

    /// A write met a full disk: until the next look nothing else is begun.
    pub fn tighten(&self, reason: String) {
        self.learn(Room::Tight(format!(
            "đĩa của sổ đầy ({reason}): tạm dừng đọc nguồn, gửi thư và nhắc việc, chỉ ghi trả lời của chi bộ; hãy dọn đĩa"
        )));
    }

    /// Looks at the room.
    pub async fn look(&self, store: &dyn Store) {
        self.learn(store.room().await);
    }

    fn learn(&self, room: Room) {
        self.room.send_if_modified(|known| {
            let was_ample = *known == Room::Ample;
            match &room {
                Room::Ample if was_ample => {}
                Room::Ample => tracing::info!("đĩa của sổ lại đủ chỗ; tiếp tục mọi việc"),
                Room::Tight(reason) | Room::Spent(reason) if was_ample => tracing::error!("{reason}"),
                Room::Tight(_) | Room::Spent(_) => {}
            }
            let changed = *known != room;
            *known = room;
            changed
        });
    }

    /// Waits until there is room; `false` when it is time to stop.
    pub async fn ample(&self, pulse: &Pulse, stop: &mut watch::Receiver<bool>) -> bool {
        let mut room = self.room.subscribe();
        loop {
            pulse.beat();
            if *stop.borrow() {
                return false;
            }
            if *room.borrow_and_update() == Room::Ample {
                return true;
            }
            tokio::select! {
                changed = tokio::time::timeout(LOOK, room.changed()) => drop(changed),
                () = stopped(stop) => return false,
            }
        }
    }

    /// Looks at the room again and again, until it is time to stop.
    pub async fn keep(&self, store: &dyn Store, pulse: &Pulse, mut stop: watch::Receiver<bool>) {
        loop {
            pulse.beat();
            self.look(store).await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stopped(&mut stop) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_begins_something_waits_for_room() {
        let (space, pulse) = (Space::default(), Pulse::new("poll", Duration::from_secs(60)));
        let stop = watch::Sender::new(false);
        assert!(space.ample(&pulse, &mut stop.subscribe()).await);
        space.tighten("đĩa đầy".to_owned());
        let mut waiting = stop.subscribe();
        let long = tokio::time::timeout(Duration::from_secs(300), space.ample(&pulse, &mut waiting)).await;
        assert!(long.is_err(), "it goes on without room");
        assert_eq!(pulse.stalled(), None, "waiting for room is no stall");
        space.learn(Room::Ample);
        assert!(space.ample(&pulse, &mut stop.subscribe()).await);
        space.tighten("đĩa đầy".to_owned());
        stop.send_replace(true);
        assert!(!space.ample(&pulse, &mut stop.subscribe()).await);
    }
}
