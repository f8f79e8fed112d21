//! A plan as people read it: the change by document, the table by cell, and what it comes to.

mod group;

use super::line::{one_line, shorten};
use super::mail::words::date_text;
use super::pages::words;
use crate::domain::calendar::Calendar;
use crate::domain::change::Fate;
use crate::domain::ids::RuleId;
use crate::domain::notice::NoticeKind;
use crate::domain::plan::{Baseline, CellCount, Change, HoldAct, Plan, Summary};
use crate::domain::text::vietnamese_order;
use crate::domain::unit::Units;

/// Characters of a trích yếu that are shown.
const SUBJECT: usize = 80;

/// The table by cell: what each row shows after the cell's name.
pub const COLUMNS: [&str; 7] =
    ["Chi bộ", "Giao thêm", "Giao bớt", "Đổi hạn", "Đổi vai trò", "Đổi khác", "Thư"];

/// A plan with what its codes stand for.
#[derive(Debug, Clone, Copy)]
pub struct PlanText<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The units it leads to.
    pub units: &'a Units,
    /// The calendar it counts by.
    pub calendar: &'a Calendar,
}

impl PlanText<'_> {
    /// What was compared with what.
    pub fn heading(&self) -> String {
        let before = match &self.plan.before {
            Baseline::Register => "với việc đã giao trong sổ".to_owned(),
            Baseline::Rules { stamp } => format!("với bộ quy tắc {}", stamp.rules),
        };
        format!(
            "Bộ quy tắc {} so {before}: {} văn bản vào sổ từ ngày {}.",
            self.plan.after.rules,
            words::number(self.plan.looked),
            date_text(self.calendar.date_of(self.plan.since)),
        )
    }

    /// The same of a plan that shows only what another calendar moves.
    pub fn calendar_heading(&self) -> String {
        let apart = match self.plan.apart {
            0 => String::new(),
            count => format!(
                "\n{} văn bản khác còn đổi cả vì quy tắc hoặc tổ chức, không nằm trong kế hoạch này: xem `vanthu rules plan`.",
                words::number(count)
            ),
        };
        format!(
            "Lịch làm việc bản {} so với hạn đã lưu trong sổ: {} văn bản vào sổ từ ngày {}.{apart}",
            self.calendar.version(),
            words::number(self.plan.looked),
            date_text(self.calendar.date_of(self.plan.since)),
        )
    }

    /// One document: a line that begins with `+`, `~` or `-`, then the reasons and what is done.
    pub fn document(&self, change: &Change) -> String {
        let mark = match (change.was == Fate::Assigned, change.is == Fate::Assigned) {
            (false, true) => '+',
            (true, false) => '-',
            _ => '~',
        };
        let (symbol, subject) = (one_line(&change.symbol), one_line(&change.subject));
        let day = date_text(change.registered);
        let mut lines = vec![format!(
            "{mark} #{} {symbol}  {} (vào sổ {day})",
            change.document,
            shorten(&subject, SUBJECT)
        )];
        lines.push(format!("    {}", turn(change)));
        if let Some(kept) = change.kept {
            lines.push(format!("    không áp dụng: {}", group::kept(kept)));
        }
        for group in &change.groups {
            lines.extend(
                self.group(group, change.kept.is_some()).into_iter().map(|line| format!("    {line}")),
            );
        }
        match change.hold {
            Some(HoldAct::Open) => lines.push("    đưa vào mục chờ văn phòng phân công".to_owned()),
            Some(HoldAct::Close) => lines.push("    đưa ra khỏi mục chờ văn phòng phân công".to_owned()),
            None => {}
        }
        lines.join("\n")
    }

    /// The rows of [`COLUMNS`], in Vietnamese order.
    pub fn cells(&self, summary: &Summary) -> Vec<Vec<String>> {
        let today = self.calendar.date_of(self.plan.made);
        let name = |cell| self.units.get(cell).map_or(cell.as_str(), |unit| unit.name_on(today));
        let mut rows: Vec<_> = summary.cells.iter().map(|(cell, count)| (name(cell), count)).collect();
        rows.sort_by(|left, right| vietnamese_order(left.0, right.0));
        let number = |n: u64| if n == 0 { String::new() } else { words::number(n) };
        let row = |(name, count): (&str, &CellCount)| {
            let counts = [count.added, count.removed, count.due, count.role, count.other, count.mails];
            [name.to_owned()].into_iter().chain(counts.map(number)).collect()
        };
        rows.into_iter().map(row).collect()
    }

    /// What the plan comes to, in one line, and what would be mailed, in another.
    pub fn summary(&self, summary: &Summary) -> String {
        if self.plan.changes.is_empty() {
            return "Không có gì thay đổi.".to_owned();
        }
        let count = |n: u64, word: &str| format!("{} {word}", words::number(n));
        let documents = [
            count(summary.added, "văn bản được giao"),
            count(summary.changed, "văn bản đổi"),
            count(summary.removed, "văn bản thôi giao"),
        ];
        let total = summary.added + summary.changed + summary.removed;
        let applied = match total - summary.applied {
            0 => String::new(),
            kept => format!(" ({} không áp dụng được nữa)", words::number(kept)),
        };
        let kinds = [NoticeKind::Notice, NoticeKind::Change, NoticeKind::Withdrawal];
        let mail = |kind: NoticeKind| Some(count(*summary.mails.get(kind.as_str())?, words::notice(kind)));
        let mails: Vec<_> = kinds.into_iter().filter_map(mail).collect();
        let mails = if mails.is_empty() { "không thư nào".to_owned() } else { mails.join(", ") };
        format!(
            "Kế hoạch: {}{applied}; {} chi bộ liên quan.\nNếu áp dụng, gửi ngay: {mails}.",
            documents.join(", "),
            words::number(summary.cells.len() as u64),
        )
    }
}

/// From what to what, and by which rules.
fn turn(change: &Change) -> String {
    let (was, is) = (fate(change.was, &change.rules_before), fate(change.is, &change.rules_after));
    if was == is { is } else { format!("{was} → {is}") }
}

fn fate(fate: Fate, rules: &[RuleId]) -> String {
    let word = match fate {
        Fate::Assigned => "giao chi bộ",
        Fate::Nobody => "chủ ý không giao",
        Fate::Unmatched => "chưa quy tắc nào giao",
    };
    let rules: Vec<_> = rules.iter().map(RuleId::as_str).collect();
    if rules.is_empty() { word.to_owned() } else { format!("{word} theo {}", rules.join(", ")) }
}

#[cfg(test)]
mod tests;
