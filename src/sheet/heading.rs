//! Where the headings of a sheet are: offices write them with accents or without, over one line or two,
//! below a letterhead. What a heading means is for whoever reads the sheet to say.

use std::collections::BTreeMap;

use crate::domain::text::bare_key;

/// Headings stand near the top: below a letterhead, at most.
const MOST_LINES: usize = 30;

/// Which column holds what, and where the rows begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings<C> {
    /// Column of the sheet, from 0, by what it holds.
    pub columns: BTreeMap<C, usize>,
    /// The line with most of them, from 0.
    pub line: usize,
    /// First row below the headings, from 0.
    pub first: usize,
}

/// Finds the headings: `of` tells what a heading in [`folded`] form means, and `anchor` is the column that
/// no sheet of this kind is without and every row of it fills.
pub fn find<C: Copy + Ord>(
    rows: &[Vec<String>],
    of: impl Fn(&str) -> Option<C>,
    anchor: C,
) -> Option<Headings<C>> {
    let lines = rows.len().min(MOST_LINES);
    // The richest line; of equals the first.
    let line = (0..lines).rev().max_by_key(|line| known(rows, *line, &of).len())?;
    let mut columns = known(rows, line, &of);
    // Of two lines the lower is the finer: “Liên hệ” above “Hộp thư” and “Điện thoại”.
    let below = second_line(rows, line, &of, columns.get(&anchor).copied(), anchor);
    columns.extend(below.iter());
    // A line above may give what merged cells carried down, or what stands above blank cells.
    if line > 0 {
        for (column, at) in known(rows, line - 1, &of) {
            columns.entry(column).or_insert(at);
        }
    }
    let found = columns.len() >= 2 && columns.contains_key(&anchor);
    found.then(|| Headings { columns, line, first: line + 1 + usize::from(!below.is_empty()) })
}

/// What the line below adds, if it is one of headings too: where the anchor stands, a list has a value,
/// and a second line of headings has nothing, or a heading.
fn second_line<C: Copy + Ord>(
    rows: &[Vec<String>],
    line: usize,
    of: &impl Fn(&str) -> Option<C>,
    anchor_at: Option<usize>,
    anchor: C,
) -> BTreeMap<C, usize> {
    let below = known(rows, line + 1, of);
    let at = anchor_at.or_else(|| below.get(&anchor).copied());
    let goes_on = at.is_some_and(|at| {
        let text = folded(cell(rows, line + 1, at));
        text.is_empty() || of(&text).is_some()
    });
    if goes_on { below } else { BTreeMap::new() }
}

/// What a line holds, by the headings in it; of two columns that say the same the first.
pub fn known<C: Copy + Ord>(
    rows: &[Vec<String>],
    line: usize,
    of: impl Fn(&str) -> Option<C>,
) -> BTreeMap<C, usize> {
    let mut columns = BTreeMap::new();
    for (at, text) in rows.get(line).into_iter().flatten().enumerate() {
        if let Some(column) = of(&folded(text)) {
            columns.entry(column).or_insert(at);
        }
    }
    columns
}

/// A heading as it is compared: no accents, no case, no punctuation, nothing in brackets.
pub fn folded(text: &str) -> String {
    let bare = bare_key(text);
    // What stands in brackets explains: “Hộp thư (công vụ)”.
    let plain = bare.split(['(', '[']).next().unwrap_or_default();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A line that is no row of a list: nothing in it, numbers of columns, the title of a group across
/// merged cells.
pub fn is_decoration(cells: &[String]) -> bool {
    let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let is_number = |cell: &str| {
        let bare = cell.trim_matches(['(', ')', '.', ' ']);
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit())
    };
    // A merged line says the same in every cell.
    let is_merged = filled.len() > 2 && filled.windows(2).all(|pair| pair.first() == pair.last());
    is_merged || filled.iter().all(|cell| is_number(cell))
}

/// Whether a text begins the line that sums a list up.
pub fn is_total(text: &str) -> bool {
    let folded = folded(text);
    ["tong cong", "tong so", "cong", "tong"].contains(&folded.trim_end())
}

fn cell(rows: &[Vec<String>], row: usize, column: usize) -> &str {
    rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
}
