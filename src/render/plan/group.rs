//! A group of cells for which the same changes: what, for whom, and what is done.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::PlanText;
use crate::domain::change::Difference;
use crate::domain::obligation::Owed;
use crate::domain::plan::{Act, Asked, Group, Kept, Part};
use crate::domain::text::vietnamese_order;
use crate::render::mail::words::Due;
use crate::render::pages::words;

/// Cells that are named; of the others only the number is told.
const NAMED: usize = 4;

impl PlanText<'_> {
    /// The lines of a group; what is done is left out where nothing is done about the whole document.
    pub(super) fn group(&self, group: &Group, is_kept: bool) -> Vec<String> {
        let cells = words::number(group.cells.len() as u64);
        let task = group.task.as_ref().map(|task| format!(", việc “{}”", task.name)).unwrap_or_default();
        let mut lines = vec![format!("{cells} chi bộ{task}: {}", self.what(group))];
        lines.push(format!("  gồm {}", self.names(&group.cells)));
        if is_kept {
            return lines;
        }
        let mut acts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for part in &group.cells {
            let count = acts.entry(act(part.act)).or_default();
            *count = (count.0 + 1, count.1 + part.mails.len() as u64);
        }
        let line = |(act, (cells, mails)): (String, (u64, u64))| {
            let mails =
                if mails == 0 { String::new() } else { format!(", gửi {} thư", words::number(mails)) };
            format!("  {act}: {} chi bộ{mails}", words::number(cells))
        };
        lines.extend(acts.into_iter().map(line));
        lines
    }

    fn what(&self, group: &Group) -> String {
        let after = group.after.as_ref().map(Asked::from);
        match (&group.before, &after) {
            (None, Some(after)) => format!("giao thêm ({})", self.asked(after)),
            (Some(before), None) => format!("giao bớt (đang {})", self.asked(before)),
            (Some(before), Some(after)) => {
                let told = group.differences.iter().map(|one| self.difference(*one, before, after));
                told.collect::<Vec<_>>().join("; ")
            }
            (None, None) => String::new(),
        }
    }

    fn asked(&self, asked: &Asked) -> String {
        let due = asked.due.map_or_else(|| "không hạn".to_owned(), |due| format!("hạn {}", self.day(due)));
        format!("{}, {due}", words::role(asked.role))
    }

    fn difference(&self, difference: Difference, before: &Asked, after: &Asked) -> String {
        let day = |due: Option<DateTime<Utc>>| due.map_or_else(|| "không có".to_owned(), |due| self.day(due));
        let (word, was, is) = match difference {
            Difference::Role => {
                ("đổi vai trò", words::role(before.role).to_owned(), words::role(after.role).to_owned())
            }
            Difference::Owes => ("đổi việc phải làm", owed(&before.owes), owed(&after.owes)),
            Difference::Due => ("đổi hạn", day(before.due), day(after.due)),
            Difference::AcknowledgeDue => {
                ("đổi hạn xác nhận", day(before.acknowledge_due), day(after.acknowledge_due))
            }
            Difference::Grade => return "đổi mức xác nhận".to_owned(),
            Difference::Added => return "giao thêm".to_owned(),
            Difference::Removed => return "giao bớt".to_owned(),
        };
        format!("{word} {was} → {is}")
    }

    fn day(&self, due: DateTime<Utc>) -> String {
        Due::new(due, self.calendar.zone).short
    }

    fn names(&self, parts: &[Part]) -> String {
        let today = self.calendar.date_of(self.plan.made);
        let name = |part: &Part| {
            let unit = self.units.get(&part.cell);
            unit.map_or_else(|| part.cell.0.clone(), |unit| unit.name_on(today).to_owned())
        };
        let mut names: Vec<_> = parts.iter().map(name).collect();
        names.sort_by(|left, right| vietnamese_order(left, right));
        let rest = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let more = if rest == 0 {
            String::new()
        } else {
            format!(" và {} chi bộ nữa", words::number(rest as u64))
        };
        names.join(", ") + &more
    }
}

fn owed(owes: &[Owed]) -> String {
    let words: Vec<_> = owes.iter().map(|owed| words::owed(*owed)).collect();
    format!("“{}”", words.join(", "))
}

fn act(act: Act) -> String {
    match act {
        Act::Open => "mở việc".to_owned(),
        Act::Reopen { .. } => "mở lại việc đã rút".to_owned(),
        Act::Change { .. } => "sửa việc đang mở".to_owned(),
        Act::Withdraw { .. } => "rút việc đang mở".to_owned(),
        Act::Keep { kept: why } => format!("giữ nguyên, {}", kept(why)),
    }
}

/// Why nothing is done.
pub(super) fn kept(why: Kept) -> String {
    match why {
        Kept::Settled => "việc của văn bản này đã kết thúc".to_owned(),
        Kept::DealtWith => "văn phòng đã tự giải quyết".to_owned(),
        Kept::Answered(state) => format!("chi bộ {}", words::state(state)),
        Kept::Past => "hạn đã qua".to_owned(),
        Kept::Entered => "hạn do người nhập".to_owned(),
        Kept::Gone => "chi bộ không còn hoạt động".to_owned(),
        Kept::Already => "trong sổ đã như vậy".to_owned(),
    }
}
