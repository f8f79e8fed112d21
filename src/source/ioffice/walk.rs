//! The walk through all posts and lists, one page at a time.
//!
//! Lists run newest first and shift while we page. A row that arrives meanwhile pushes others down, so
//! some come twice; a row that leaves pulls others up, so one may slip past. The next walk, which starts
//! at the top again, finds it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Code, List, Read};
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
    /// The list.
    pub list: List,
}

/// Every list of every post, in the order of the settings.
pub(super) fn legs(posts: &[Option<Code>], lists: &[List]) -> Vec<Leg> {
    let of_post = |post: &Option<Code>| {
        let post = post.clone();
        lists.iter().map(move |&list| Leg { post: post.clone(), list })
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
    /// What each leg's count call told at the start.
    counts: Vec<Option<u64>>,
}

impl Position {
    /// The first page of the first leg.
    pub(super) fn start(counts: Vec<Option<u64>>) -> Self {
        Self { leg: 0, page: 1, seen: 0, last: String::new(), counts }
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

    /// How many rows all legs together had at the start, if every count told.
    pub(super) fn total(&self) -> Option<u64> {
        self.counts.iter().copied().sum()
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
        list: List,
    ) -> Result<Option<Self>, SourceError> {
        let counted = self.counts.get(self.leg).copied().flatten();
        if rows.is_empty() && self.page == 1 && counted.is_some_and(|count| count > 0) {
            return Err(contradiction(list, "máy chủ đếm thấy văn bản nhưng trang đầu trống"));
        }
        let digest = digest(rows);
        if !rows.is_empty() && digest == self.last {
            return Err(contradiction(list, "máy chủ trả lại đúng trang trước"));
        }
        if self.page >= LAST_PAGE {
            return Err(contradiction(list, "danh sách không có trang cuối"));
        }
        self.seen += rows.len() as u64;
        if self.is_end(rows.len() as u64, u64::from(page_size), counted) {
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

fn contradiction(list: List, what: &str) -> SourceError {
    SourceError::Unexpected(place(&Call::Read(Read::Page(list)), what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ExternalId;

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
            match here.after(&page(ids), 3, List::Waiting) {
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

    #[test]
    fn tokens_round_trip_and_foreign_ones_are_refused() {
        let position = Position::start(vec![Some(1), None]);
        assert_eq!(Position::decode(&position.encode(), 2), Some(position.clone()));
        assert_eq!(Position::decode(&position.encode(), 3), None);
        assert_eq!(Position::decode(&PageToken("trang 2".to_owned()), 2), None);
        assert_eq!(position.total(), None);
        assert_eq!(Position::start(vec![Some(1), Some(4)]).total(), Some(5));
    }
}
