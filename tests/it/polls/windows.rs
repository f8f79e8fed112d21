//! Thousands of poll windows in which everything goes wrong that promises.md T37–T42 and T45 name. The short
//! form runs with all tests; the long one is
//!
//!     VANTHU_WINDOWS=10000 VANTHU_SEED=1 cargo test --test it polls::windows -- --nocapture

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::ports::{JournalKind, NoticeFilter, SourceError};

use super::upstream::{Desk, Mishap, Paper};
use crate::support::number;

/// Most papers on the shelf: the oldest are archived upstream once they were there for a good poll.
const SHELF: usize = 150;
const PAGE: usize = 40;

/// Chance that repeats (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (twice ^ (twice >> 31)) % end
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }
}

#[derive(Debug, Default)]
struct Figures {
    windows: u64,
    papers: u64,
    late: u64,
    edits: u64,
    failed: u64,
    emptied: u64,
    shifted: u64,
    /// Good walks after its arrival until a paper was in the register: how many papers needed how many.
    needed: HashMap<u64, u64>,
}

/// A paper that is not known to be in the register, and how many good walks began since it arrived.
struct Awaited {
    walks: u64,
}

struct Play {
    desk: Desk,
    dice: Dice,
    next: u64,
    awaited: HashMap<u64, Awaited>,
    /// The newest receipt of all that was ever on the shelf.
    newest: DateTime<Utc>,
    figures: Figures,
}

impl Play {
    fn paper(&mut self, late: bool) -> Paper {
        self.next += 1;
        self.figures.papers += 1;
        let skew = self.desk.upstream.shelf.lock().unwrap().skew.unwrap_or_default();
        let mut received = self.desk.now() + skew;
        if late {
            self.figures.late += 1;
            received -= TimeDelta::minutes(1 + i64::try_from(self.dice.below(30 * 24 * 60)).unwrap());
        }
        self.newest = self.newest.max(received);
        self.awaited.insert(self.next, Awaited { walks: 0 });
        let mut paper = Paper::new(self.next, received);
        if self.dice.one_in(2) {
            paper.subject = "Tài liệu để lưu".to_owned();
        }
        paper
    }

    /// What happens upstream between two polls.
    fn between(&mut self) {
        self.desk.pass(TimeDelta::minutes(5 + i64::try_from(self.dice.below(4)).unwrap()));
        if self.dice.one_in(40) {
            // Its clock is set, up to two hours either way.
            let minutes = i64::try_from(self.dice.below(240)).unwrap() - 120;
            self.desk.upstream.shelf.lock().unwrap().skew = Some(TimeDelta::minutes(minutes));
        }
        if self.dice.one_in(8) {
            let late = self.dice.one_in(3);
            let paper = self.paper(late);
            self.desk.put([paper]);
        }
        if self.dice.one_in(25) {
            self.edit();
        }
    }

    /// An edit that the list shows.
    fn edit(&mut self) {
        let (turn, edit) = (self.dice.below(u64::MAX), self.figures.edits);
        let mut shelf = self.desk.upstream.shelf.lock().unwrap();
        if shelf.papers.is_empty() {
            return;
        }
        let chosen = usize::try_from(turn).unwrap() % shelf.papers.len();
        shelf.papers[chosen].subject.push_str(&format!(" ({edit})"));
        self.figures.edits += 1;
    }

    /// What happens while the walk is under way.
    fn during(&mut self) {
        if self.dice.one_in(6) {
            let error = match self.dice.below(3) {
                0 => SourceError::Unreachable("mã HTTP 500".to_owned()),
                1 => SourceError::Unreachable("hết thời gian chờ trả lời".to_owned()),
                _ => SourceError::Unexpected("trả lời bị đứt".to_owned()),
            };
            let page = 1 + usize::try_from(self.dice.below(4)).unwrap();
            self.desk.mishap(page, Mishap::Fails(error));
        }
        if self.dice.one_in(5) {
            self.figures.shifted += 1;
            let page = 2 + usize::try_from(self.dice.below(3)).unwrap();
            let paper = self.paper(false);
            self.desk.mishap(page, Mishap::Arrives(paper));
        }
        if self.dice.one_in(5)
            && let Some(id) = self.settled()
        {
            self.figures.shifted += 1;
            self.desk.mishap(2, Mishap::Leaves(id));
        }
        if self.dice.one_in(10) {
            self.desk.mishap(1, Mishap::Twice);
        }
        if self.dice.one_in(60) {
            self.figures.emptied += 1;
            self.desk.mishap(1, Mishap::Empty);
        }
    }

    /// A paper that is in the register: only such a one may leave, and only then is nothing lost with it.
    fn settled(&mut self) -> Option<u64> {
        let shelf = self.desk.upstream.shelf.lock().unwrap();
        let known: Vec<_> =
            shelf.papers.iter().map(|paper| paper.id).filter(|id| !self.awaited.contains_key(id)).collect();
        drop(shelf);
        let turn = usize::try_from(self.dice.below(u64::MAX)).unwrap();
        (known.len() > SHELF / 2).then(|| known[turn % known.len()])
    }

    async fn window(&mut self) {
        self.between();
        let before = self.desk.store.polls().await.unwrap().first().map(|state| state.cursor.clone());
        let there: Vec<u64> = self.awaited.keys().copied().collect();
        self.during();
        let polled = self.desk.poll().await;
        let state = self.desk.state().await;
        match &polled {
            Ok(done) if done.good => self.met(&there).await,
            Ok(_) => assert_eq!(Some(state.cursor.clone()), before.or(Some(Default::default()))),
            Err(_) => {
                self.figures.failed += 1;
                assert_eq!(Some(state.cursor.clone()), before.or(Some(Default::default())), "T37");
            }
        }
        // T40: never ahead of what was served, nor of now.
        assert!(state.cursor.watermark <= Some(self.newest.min(self.desk.now())), "T40");
        self.archive();
        self.figures.windows += 1;
    }

    /// After a good walk: which of the papers that were there when it began are in the register now.
    async fn met(&mut self, there: &[u64]) {
        let found = self.desk.registered(there.iter().copied()).await;
        for id in there {
            let Some(awaited) = self.awaited.get_mut(id) else { continue };
            awaited.walks += 1;
            if found.contains(id) {
                *self.figures.needed.entry(awaited.walks).or_default() += 1;
                self.awaited.remove(id);
            }
        }
    }

    fn archive(&mut self) {
        let mut shelf = self.desk.upstream.shelf.lock().unwrap();
        shelf.mishaps.clear();
        while shelf.papers.len() > SHELF {
            let oldest = shelf.papers.iter().rposition(|paper| !self.awaited.contains_key(&paper.id));
            let Some(oldest) = oldest else { break };
            shelf.papers.remove(oldest);
        }
    }

    /// Quiet polls at last: whatever is on the shelf now must come in.
    async fn settle(&mut self) {
        for _ in 0..3 {
            self.desk.pass(TimeDelta::minutes(5));
            let there: Vec<u64> = self.awaited.keys().copied().collect();
            self.desk.poll().await.unwrap();
            self.met(&there).await;
        }
        // What was to arrive at a page that never came never arrived.
        let shelf = self.desk.upstream.shelf.lock().unwrap();
        self.awaited.retain(|id, _| shelf.papers.iter().any(|paper| paper.id == *id));
    }
}

#[tokio::test]
async fn nothing_is_missed() {
    let (windows, seed) = (number("VANTHU_WINDOWS", 500), number("VANTHU_SEED", 2026));
    let mut play = Play {
        desk: Desk::at("2026-01-05 00:00", PAGE).await,
        dice: Dice(seed),
        next: 0,
        awaited: HashMap::new(),
        newest: DateTime::UNIX_EPOCH,
        figures: Figures::default(),
    };
    for _ in 0..windows {
        play.window().await;
    }
    play.settle().await;
    let missed = play.awaited.len();
    let repeats = repeats(&play.desk).await;
    let stale = stale(&play.desk).await;
    println!("seed {seed}: {missed} missed, {repeats} repeated, {:?}", play.figures);
    assert_eq!(missed, 0, "seed {seed}: {:?} are on the shelf and not in the register", play.awaited.keys());
    let slowest = play.figures.needed.keys().max().copied().unwrap_or_default();
    assert!(slowest <= 2, "seed {seed}: a paper needed {slowest} good walks");
    assert_eq!(repeats, 0);
    assert_eq!(stale, Vec::<String>::new(), "T42: an edit is a revision");
    assert!(play.figures.failed > 0 && play.figures.emptied > 0 && play.figures.late > 0);
}

/// Papers whose content upstream is not the one in the register.
async fn stale(desk: &Desk) -> Vec<String> {
    let rows = desk.store.documents(1_000_000, desk.now()).await.unwrap();
    let known: HashMap<_, _> =
        rows.into_iter().map(|row| (row.external_id.0, row.document.subject)).collect();
    let shelf = desk.upstream.shelf.lock().unwrap();
    let papers = shelf.papers.iter();
    papers
        .filter(|paper| known[&paper.id.to_string()] != paper.subject)
        .map(|paper| paper.subject.clone())
        .collect()
}

/// Registrations of a content that was there already, and mails beyond one for each cell and revision.
async fn repeats(desk: &Desk) -> usize {
    let mut repeats = 0;
    let mut last: HashMap<i64, String> = HashMap::new();
    for entry in desk.store.journal(None, 0, 0).await.unwrap() {
        if entry.kind == JournalKind::Registered {
            let fingerprint = entry.detail["fingerprint"].as_str().unwrap().to_owned();
            let before = last.insert(entry.document.unwrap().0, fingerprint.clone());
            repeats += usize::from(before == Some(fingerprint));
        }
    }
    let mut told: HashMap<_, usize> = HashMap::new();
    for notice in desk.store.notices(&NoticeFilter::default()).await.unwrap() {
        *told.entry((notice.revision, notice.unit)).or_default() += 1;
    }
    repeats + told.values().filter(|mails| **mails > 1).count()
}
