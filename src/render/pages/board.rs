//! The board: what hurts first. Four counters that are filters, then the directives.

use serde::Serialize;

use super::words::{self, Nearness};
use super::{Page, Setting, Shell};
use crate::app::ports::DocumentRow;

mod line;

pub use line::Line;

/// Rows on one page of the board.
pub const ROWS: usize = 100;

/// Which directives are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those with a late cell.
    Late,
    /// Those due within three working days.
    Soon,
    /// Those with a cell that has not acknowledged.
    Open,
}

impl Filter {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Open => "open",
        }
    }

    /// The filter behind a word; all for any other.
    pub fn parse(word: &str) -> Self {
        [Self::Late, Self::Soon, Self::Open].into_iter().find(|f| f.as_str() == word).unwrap_or_default()
    }

    fn admits(self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Late => line.late > 0,
            Self::Soon => line.due.as_ref().is_some_and(|due| due.nearness == Nearness::Soon),
            Self::Open => line.open > 0,
        }
    }
}

/// What the reader asked to see.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query {
    /// Which directives.
    pub filter: Filter,
    /// Which page, from 1.
    pub page: usize,
}

/// The first screen.
#[derive(Debug, Clone, Serialize)]
pub struct BoardPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The counters.
    pub counters: Vec<Counter>,
    /// What the table shows, in words.
    pub heading: &'static str,
    /// The directives.
    pub lines: Vec<Line>,
    /// How many the filter admits.
    pub found: usize,
    /// Word of the filter, for links to other pages.
    pub filter: &'static str,
    /// This page, and how many there are.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// Set when older documents were not looked at: how many were.
    pub looked_at: Option<usize>,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "board.html";
}

/// A counter that is a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counter {
    /// What it counts.
    pub label: &'static str,
    /// How many directives (or holds).
    pub count: String,
    /// What it counts in detail.
    pub detail: String,
    /// Where it leads.
    pub href: &'static str,
    /// It is the filter in use.
    pub current: bool,
    /// `late`, `soon` or `plain`; plain also when it counts nothing.
    pub tone: &'static str,
}

impl BoardPage {
    /// The board of some documents; `holds` is the number of open ones, `limit` how many documents
    /// were asked for at most.
    pub fn new(
        setting: Setting<'_>,
        documents: &[DocumentRow],
        holds: usize,
        limit: usize,
        query: Query,
    ) -> Self {
        let mut lines: Vec<Line> = documents.iter().map(|row| Line::new(row, &setting)).collect();
        lines.sort_by_key(|line| line.pain);
        let counters = counters(&lines, holds, query.filter);
        lines.retain(|line| query.filter.admits(line));
        let (found, pages) = (lines.len(), lines.len().div_ceil(ROWS).max(1));
        let page = query.page.clamp(1, pages);
        Self {
            shell: setting.shell,
            counters,
            heading: heading(query.filter),
            lines: lines.into_iter().skip((page - 1) * ROWS).take(ROWS).collect(),
            found,
            filter: query.filter.as_str(),
            page,
            pages,
            looked_at: (documents.len() >= limit).then_some(limit),
        }
    }
}

fn heading(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "Tất cả văn bản",
        Filter::Late => "Văn bản có chi bộ quá hạn",
        Filter::Soon => "Văn bản đến hạn trong 3 ngày làm việc",
        Filter::Open => "Văn bản có chi bộ chưa xác nhận",
    }
}

fn counters(lines: &[Line], holds: usize, current: Filter) -> Vec<Counter> {
    let of = |filter: Filter| lines.iter().filter(|line| filter.admits(line)).count();
    let sum = |value: fn(&Line) -> u64| words::number(lines.iter().map(value).sum());
    let counter = |label, filter: Filter, detail, href, tone| Counter {
        label,
        count: words::number(of(filter) as u64),
        detail,
        href,
        current: current == filter,
        tone: if of(filter) > 0 { tone } else { "plain" },
    };
    let cells = |n: String| format!("văn bản, {n} lượt chi bộ");
    vec![
        counter("Quá hạn", Filter::Late, cells(sum(|line| line.late)), "/?filter=late", "late"),
        counter("Đến hạn 3 ngày", Filter::Soon, "văn bản".to_owned(), "/?filter=soon", "soon"),
        counter("Chưa xác nhận", Filter::Open, cells(sum(|line| line.open)), "/?filter=open", "plain"),
        Counter {
            label: "Chưa phân công",
            count: words::number(holds as u64),
            detail: "mục tạm giữ, chờ người xử lý".to_owned(),
            href: "/holds",
            current: false,
            tone: if holds > 0 { "soon" } else { "plain" },
        },
    ]
}
