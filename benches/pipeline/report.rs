//! What was measured, as a table.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// One row.
struct Row {
    goal: &'static str,
    what: String,
    wanted: String,
    measured: String,
    verdict: &'static str,
}

/// All rows, in the order in which they were measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// A figure without a goal.
    pub fn figure(&mut self, goal: &'static str, what: impl Into<String>, measured: String) {
        let what = what.into();
        self.rows.push(Row { goal, what, wanted: String::new(), measured, verdict: "" });
    }

    /// A figure that shall be at least `wanted`.
    pub fn at_least(&mut self, goal: &'static str, what: impl Into<String>, wanted: f64, measured: f64) {
        let met = measured >= wanted;
        self.judged(goal, what.into(), format!("≥ {wanted}"), measured, met);
    }

    /// A figure that shall be at most `wanted`.
    pub fn at_most(&mut self, goal: &'static str, what: impl Into<String>, wanted: f64, measured: f64) {
        let met = measured <= wanted;
        self.judged(goal, what.into(), format!("≤ {wanted}"), measured, met);
    }

    fn judged(&mut self, goal: &'static str, what: String, wanted: String, measured: f64, met: bool) {
        let verdict = if met { "met" } else { "MISSED" };
        let measured = if measured < 10.0 { format!("{measured:.2}") } else { format!("{measured:.1}") };
        self.rows.push(Row { goal, what, wanted, measured, verdict });
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
    pub fn print(&self) {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["Goal", "What", "Wanted", "Measured", "Verdict"]);
        for row in &self.rows {
            table.add_row([row.goal, &row.what, &row.wanted, &row.measured, row.verdict]);
        }
        for column in table.column_iter_mut().skip(2).take(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        println!("{table}");
    }
}

/// Says what is going on: a full run takes a while.
#[expect(clippy::print_stderr, reason = "progress, apart from the table")]
pub fn note(text: &str) {
    eprintln!("{text}");
}

/// The middle value; the lower of the two middle ones.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}
