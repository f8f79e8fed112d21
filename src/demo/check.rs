//! Checks: what a run of the demo was expected to show, beside what it showed.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A list of expectations, each with what was seen.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    name: String,
    expected: String,
    seen: String,
    ok: bool,
}

impl Checks {
    /// No expectation yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one: what it is about (Vietnamese), what was expected and seen as they are to be shown, and
    /// whether the caller finds that they agree.
    pub fn push(&mut self, name: impl Into<String>, expected: impl ToString, seen: impl ToString, ok: bool) {
        let (expected, seen) = (expected.to_string(), seen.to_string());
        self.rows.push(Row { name: name.into(), expected, seen, ok });
    }

    /// Adds one that holds if both are equal.
    pub fn equal<T: PartialEq + ToString>(&mut self, name: impl Into<String>, expected: T, seen: T) {
        let ok = expected == seen;
        self.push(name, expected, seen, ok);
    }

    /// Whether there is at least one expectation and every one holds.
    pub fn passed(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.ok)
    }

    /// The names of those that do not hold.
    pub fn failures(&self) -> Vec<&str> {
        self.rows.iter().filter(|row| !row.ok).map(|row| row.name.as_str()).collect()
    }

    /// All of it as a table for a terminal.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["Kiểm tra", "Mong đợi", "Thấy", "Kết quả"]);
        for row in &self.rows {
            let verdict = if row.ok { "đạt" } else { "KHÔNG ĐẠT" };
            table.add_row([row.name.as_str(), &row.expected, &row.seen, verdict]);
        }
        for column in table.column_iter_mut().skip(1).take(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_what_does_not_hold() {
        let mut checks = Checks::new();
        assert!(!checks.passed(), "nothing checked is nothing passed");
        checks.equal("Chi bộ được giao sinh hoạt chuyên đề", 221, 221);
        assert!(checks.passed());
        checks.push("Thư gửi đến mỗi chi bộ", "1 mỗi bậc", 2, false);
        checks.equal("Văn bản mật bị giữ", 4, 4);
        assert!(!checks.passed());
        assert_eq!(checks.failures(), ["Thư gửi đến mỗi chi bộ"]);
        insta::assert_snapshot!(checks.table());
    }
}
