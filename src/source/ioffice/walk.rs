//! The walk through all posts and lists, one page at a time.
//!
//! Lists run newest first and shift while we page. A row that arrives meanwhile pushes others down, so
//! some come twice; a row that leaves pulls others up, so one may slip past. The next walk, which starts
//! at the top again, finds it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Code, Read, Roll};
use super::failure::place;
use crate::app::ports::{Listed, PageToken, SourceError};
use crate::source::hash::sha256;

/// More pages than any list has: where a server counts wrong and never ends, we do.
const LAST_PAGE: u32 = 100_000;

/// One list as one post sees it.
#[derive(Debug, Clone)]
pub(super) struct Leg {
    /// The post; `None` for the default one.
    pub post: Option<Code>,
    /// What is walked.
    pub roll: Roll,
}

/// All that is to be walked as every post sees it, in the order given.
pub(super) fn legs(posts: &[Option<Code>], rolls: &[Roll]) -> Vec<Leg> {
    let of_post = |post: &Option<Code>| {
        let post = post.clone();
        rolls.iter().map(move |&roll| Leg { post: post.clone(), roll })
    };
    posts.iter().flat_map(of_post).collect()
}

/// Where a walk stands; travels in [`PageToken`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Index of the leg.
    pub leg: usize,
    /// The page to ask for, from 1.
    pub page: u32,
    /// Rows of this leg seen so far.
    seen: u64,
    /// Digest of the page before this one; empty at the top of a list.
    last: String,
    /// Rows of this leg's first page: what the server gives at most, where it does not count.
    width: u64,
    /// What each leg's count call told at the start.
    counts: Vec<Option<u64>>,
}

impl Position {
    /// The first page of the first leg.
    pub(super) fn start(counts: Vec<Option<u64>>) -> Self {
        Self { leg: 0, page: 1, seen: 0, last: String::new(), width: 0, counts }
    }

    /// Reads a token; `None` if it is not ours or the settings have changed since.
    pub(super) fn decode(token: &PageToken, legs: usize) -> Option<Self> {
        let position: Self = serde_json::from_str(&token.0).ok()?;
        (position.leg < legs && position.counts.len() == legs && position.page > 0).then_some(position)
    }

    /// The token.
    pub(super) fn encode(&self) -> PageToken {
        PageToken(json!(self).to_string())
    }

    /// How many rows all legs that can be counted had at the start, if every count told; `None` on a leg that
    /// cannot be counted.
    pub(super) fn total(&self, legs: &[Leg]) -> Option<u64> {
        let counted = |leg: &Leg| leg.roll.count().is_some();
        if !legs.get(self.leg).is_some_and(counted) {
            return None;
        }
        let counts = legs.iter().zip(&self.counts).filter(|(leg, _)| counted(leg));
        counts.map(|(_, count)| *count).sum()
    }

    /// Where to go on after `rows`; `None` at the very end.
    ///
    /// # Errors
    /// `Unexpected` where the server contradicts itself: rows were counted but none are given, or the
    /// same page comes again and again.
    pub(super) fn after(
        mut self,
        rows: &[Listed],
        page_size: u32,
        roll: Roll,
    ) -> Result<Option<Self>, SourceError> {
        let counted = self.counts.get(self.leg).copied().flatten();
        if rows.is_empty() && self.page == 1 && counted.is_some_and(|count| count > 0) {
            return Err(contradiction(roll, "máy chủ đếm thấy văn bản nhưng trang đầu trống"));
        }
        let (digest, length) = (digest(rows), rows.len() as u64);
        let page_size = u64::from(page_size);
        let is_counted = roll.count().is_some();
        if !rows.is_empty() && digest == self.last {
            // A short list that is not counted was asked for once more in vain: this server gives all at once.
            return match !is_counted && length < page_size {
                true => Ok(self.next_leg()),
                false => Err(contradiction(roll, "máy chủ trả lại đúng trang trước")),
            };
        }
        if self.page >= LAST_PAGE {
            return Err(contradiction(roll, "danh sách không có trang cuối"));
        }
        self.seen += length;
        if self.page == 1 {
            self.width = length;
        }
        let is_end = match is_counted {
            true => self.is_end(length, page_size, counted),
            false => length < self.width || length == 0 || length > page_size,
        };
        if is_end {
            return Ok(self.next_leg());
        }
        self.page += 1;
        self.last = digest;
        Ok(Some(self))
    }

    /// A short page ends a list, unless more was counted: a server may cap pages below what we ask for.
    /// A page longer than asked for means that the server does not page at all.
    fn is_end(&self, rows: u64, page_size: u64, counted: Option<u64>) -> bool {
        let short = rows < page_size && counted.is_none_or(|count| self.seen >= count);
        rows == 0 || rows > page_size || short
    }

    fn next_leg(self) -> Option<Self> {
        let leg = self.leg + 1;
        (leg < self.counts.len()).then(|| Self { leg, ..Self::start(self.counts) })
    }
}

fn digest(rows: &[Listed]) -> String {
    let ids: Vec<&str> = rows.iter().map(|row| row.external_id.as_str()).collect();
    sha256(&json!(ids).to_string())
}

fn contradiction(roll: Roll, what: &str) -> SourceError {
    SourceError::Unexpected(place(&Call::Read(Read::Page(roll)), what))
}

#[cfg(test)]
mod tests {
    use super::super::call::{Direction, List};
    use super::*;
    use crate::domain::ids::ExternalId;

    const WAITING: Roll = Roll::List(List::Waiting);

    fn page((first, end): (u32, u32)) -> Vec<Listed> {
        (first..end)
            .map(|id| Listed {
                external_id: ExternalId(id.to_string()),
                fingerprint: String::new(),
                received: None,
                handle: String::new(),
            })
            .collect()
    }

    /// Walks over pages of 3, each from one id up to another; shows `leg.page` of each position, then
    /// how it ended.
    #[track_caller]
    fn check(counts: &[Option<u64>], pages: &[(u32, u32)], expected: &str) {
        let mut position = Some(Position::start(counts.to_vec()));
        let mut trace = String::new();
        for &ids in pages {
            let Some(here) = position else { break };
            trace.push_str(&format!("{}.{} ", here.leg, here.page));
            match here.after(&page(ids), 3, WAITING) {
                Ok(next) => position = next,
                Err(_) => return assert_eq!(format!("{trace}error"), expected),
            }
        }
        trace.push_str(if position.is_some() { "more" } else { "end" });
        assert_eq!(trace, expected);
    }

    #[test]
    fn ends_of_lists() {
        check(&[Some(4)], &[(0, 3), (3, 4)], "0.1 0.2 end");
        check(&[None], &[(0, 3), (3, 4)], "0.1 0.2 end");
        check(&[Some(3)], &[(0, 3), (9, 9)], "0.1 0.2 end");
        check(&[Some(0), Some(1)], &[(9, 9), (0, 1)], "0.1 1.1 end");
        check(&[Some(4)], &[(0, 2), (2, 4)], "0.1 0.2 end");
        check(&[Some(5)], &[(0, 2), (2, 4), (9, 9)], "0.1 0.2 0.3 end");
        check(&[Some(5)], &[(0, 5)], "0.1 end");
        check(&[Some(5)], &[(0, 3)], "0.1 more");
        check(&[Some(5)], &[(9, 9)], "0.1 error");
        check(&[None], &[(0, 3), (0, 3)], "0.1 0.2 error");
        check(&[None, None], &[(0, 3), (9, 9), (0, 3)], "0.1 0.2 1.1 more");
    }

    /// Nothing counts the directives, and a server may give fewer rows a page than it was asked for.
    #[test]
    fn a_list_that_is_not_counted_ends_where_a_page_is_shorter_than_the_first() {
        let ends = |pages: &[(u32, u32)]| {
            let mut position = Some(Position::start(vec![None]));
            let mut asked = 0;
            for &ids in pages {
                let Some(here) = position else { break };
                asked += 1;
                position = here.after(&page(ids), 3, Roll::Directives(Direction::Receive)).unwrap();
            }
            (asked, position.is_none())
        };
        assert_eq!(ends(&[(9, 9)]), (1, true));
        assert_eq!(ends(&[(0, 3), (3, 5)]), (2, true));
        assert_eq!(ends(&[(0, 2), (2, 4), (4, 5)]), (3, true));
        assert_eq!(ends(&[(0, 2), (9, 9)]), (2, true));
        assert_eq!(ends(&[(0, 2), (0, 2)]), (2, true));
        assert_eq!(ends(&[(0, 7)]), (1, true));
        assert_eq!(ends(&[(0, 3)]), (1, false));
    }

    #[test]
    fn tokens_round_trip_and_foreign_ones_are_refused() {
        let position = Position::start(vec![Some(1), None]);
        assert_eq!(Position::decode(&position.encode(), 2), Some(position.clone()));
        assert_eq!(Position::decode(&position.encode(), 3), None);
        assert_eq!(Position::decode(&PageToken("trang 2".to_owned()), 2), None);
    }

    #[test]
    fn what_cannot_be_counted_is_left_out_of_the_total() {
        let two = legs(&[None], &[WAITING, WAITING]);
        assert_eq!(Position::start(vec![Some(1), None]).total(&two), None);
        assert_eq!(Position::start(vec![Some(1), Some(4)]).total(&two), Some(5));
        let directives = legs(&[None], &[WAITING, Roll::Directives(Direction::Receive)]);
        let first = Position::start(vec![Some(3), None]);
        assert_eq!(first.total(&directives), Some(3));
        let next = first.after(&page((0, 3)), 3, WAITING).unwrap().unwrap();
        let directive = next.after(&page((9, 9)), 3, WAITING).unwrap();
        assert_eq!(directive.map(|position| position.total(&directives)), Some(None));
    }
}
