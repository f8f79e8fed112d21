//! Why a document reaches the cells it reaches: the trace of routing as text for the terminal and the
//! board. Everything told here comes from the trace, or from the very functions that made it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::mail::words::{self, Due};
use crate::domain::calendar::Calendar;
use crate::domain::ids::UnitId;
use crate::domain::obligation::Duty;
use crate::domain::routing::{
    Assignment, Check, Missed, Outcome, RuleTrace, RuleVerdict, Trace, distinct_cells, missed,
};
use crate::domain::rule::{Ask, Ruleset, Targets};
use crate::domain::text::vietnamese_order;
use crate::domain::unit::{Unit, Units};

/// A trace with what it was made from.
#[derive(Debug, Clone, Copy)]
pub struct Explanation<'a> {
    /// What routing said.
    pub trace: &'a Trace,
    /// The rules it read.
    pub ruleset: &'a Ruleset,
    /// The units it chose from.
    pub units: &'a Units,
    /// The calendar it counted by.
    pub calendar: &'a Calendar,
    /// The instant it was asked about.
    pub now: DateTime<Utc>,
}

/// Why a unit is chosen, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Whether it is.
    pub chosen: bool,
    /// That, with its name.
    pub sentence: String,
    /// What it has to do, or rule by rule why not.
    pub reasons: Vec<String>,
}

impl Explanation<'_> {
    /// The outcome; every group of cells with its duty; every rule with each condition.
    pub fn text(&self) -> String {
        let mut lines = vec![self.outcome()];
        for (number, group) in (1..).zip(self.groups()) {
            lines.push(String::new());
            self.group(number, group, &mut lines);
        }
        lines.extend([String::new(), "Từng quy tắc, theo thứ tự đọc:".to_owned()]);
        self.trace.rules.iter().for_each(|rule| rule_lines(rule, &mut lines));
        lines.push(String::new());
        lines.push(format!("Bộ quy tắc {}.", self.trace.ruleset));
        lines.join("\n") + "\n"
    }

    /// Why one unit is chosen, or why not, rule by rule.
    pub fn cell(&self, id: &UnitId) -> String {
        let Some(unit) = self.units.get(id) else {
            return format!("Không có tổ chức nào mang mã {id}.\n");
        };
        let why = self.why(unit);
        let mark = if why.chosen { "  " } else { "  - " };
        let reasons: String = why.reasons.iter().map(|reason| format!("{mark}{reason}\n")).collect();
        format!("{}\n{reasons}", why.sentence)
    }

    /// The same in its parts.
    pub fn why(&self, unit: &Unit) -> Why {
        let name = self.name(unit);
        let asked: Vec<_> = self.groups().iter().filter(|group| group.cells.contains(&unit.id)).collect();
        if !asked.is_empty() {
            let what =
                if asked.len() > 1 { format!("{} việc", asked.len()) } else { "việc này".to_owned() };
            let mut lines = Vec::new();
            asked.iter().for_each(|group| self.duty(&group.duty, &mut lines));
            let reasons = lines.iter().map(|line| line.trim_start().to_owned()).collect();
            return Why { chosen: true, sentence: format!("{name} được giao {what}."), reasons };
        }
        let reasons = self.trace.rules.iter().map(|rule| self.why_not(rule, unit)).collect();
        Why { chosen: false, sentence: format!("{name} không được giao việc này, vì:"), reasons }
    }

    fn outcome(&self) -> String {
        match &self.trace.outcome {
            Outcome::Assigned { assignments } => {
                let tasks: BTreeSet<_> = assignments.iter().map(|group| &group.duty.task).collect();
                let tasks = if tasks.len() > 1 { format!(" {} việc", tasks.len()) } else { String::new() };
                format!("Kết quả: giao{tasks} cho {} chi bộ.", distinct_cells(assignments))
            }
            Outcome::Nobody { rule, because } => {
                format!("Kết quả: chủ ý không giao cho chi bộ nào, theo quy tắc {rule}: {because}.")
            }
            Outcome::Unmatched => {
                "Kết quả: không quy tắc nào giao việc; văn bản được tạm giữ, chờ văn phòng xử lý.".to_owned()
            }
        }
    }

    fn groups(&self) -> &[Assignment] {
        match &self.trace.outcome {
            Outcome::Assigned { assignments } => assignments,
            Outcome::Nobody { .. } | Outcome::Unmatched => &[],
        }
    }

    fn group(&self, number: usize, group: &Assignment, lines: &mut Vec<String>) {
        lines.push(format!("Nhóm {number}: {} chi bộ", group.cells.len()));
        self.duty(&group.duty, lines);
        lines.push("  Chi bộ:".to_owned());
        let mut cells: Vec<&Unit> = group.cells.iter().filter_map(|cell| self.units.get(cell)).collect();
        cells.sort_by(|left, right| vietnamese_order(&self.name(left), &self.name(right)));
        lines.extend(cells.into_iter().map(|cell| format!("    {}", self.name(cell))));
    }

    fn duty(&self, duty: &Duty, lines: &mut Vec<String>) {
        if let Some(task) = &duty.task {
            lines.push(format!("  Việc: {} ({})", task.name, task.id.code()));
        }
        lines.push(format!("  Vai trò: {}", words::role(duty.role)));
        lines.push(format!("  Phải làm: {}", words::owed(&duty.owes)));
        let rules = duty.rules.iter().zip(&duty.rule_names);
        let rules: Vec<_> = rules.map(|(rule, name)| format!("{name} ({rule})")).collect();
        lines.push(format!("  Theo quy tắc: {}", rules.join("; ")));
        if let Some(due) = duty.acknowledge_due {
            lines.push(format!("  Hạn xác nhận: {}", Due::new(due, self.calendar.zone).day));
        }
        let due = duty.due.map_or_else(|| "không có".to_owned(), |due| Due::new(due, self.calendar.zone).day);
        lines.push(format!("  Hạn xong: {due}{}", reading(duty)));
        if !duty.ladder.name.is_empty() {
            lines.push(format!("  Bậc nhắc: {}", duty.ladder.name));
        }
    }

    fn why_not(&self, trace: &RuleTrace, unit: &Unit) -> String {
        let name = &trace.name;
        if trace.verdict != RuleVerdict::Matched {
            return format!("{name}: {}", verdict(trace));
        }
        let Some(rule) = self.ruleset.rules.iter().find(|rule| rule.id == trace.rule) else {
            return format!("{name}: không còn trong bộ quy tắc");
        };
        let day = self.calendar.date_of(self.now);
        if let Some(because) = &rule.nobody_because {
            return format!("{name}: khớp, nhưng chủ ý không giao ({because})");
        }
        let addressees = &self.trace.addressees;
        let missed =
            rule.asks().into_iter().map(|ask| (ask, missed(ask.to, unit, self.units, day, addressees)));
        let reasons: Option<Vec<_>> =
            missed.map(|(ask, reason)| Some(self.task_miss(&ask, reason?, unit))).collect();
        match reasons {
            Some(reasons) => format!("{name}: khớp, nhưng {}", reasons.join("; ")),
            None => format!("{name}: khớp và chọn chi bộ này"),
        }
    }

    fn task_miss(&self, ask: &Ask<'_>, reason: Missed, unit: &Unit) -> String {
        let miss = self.miss(reason, ask.to, unit);
        match ask.task {
            Some(task) => format!("việc “{}” ({}) {miss}", task.name, words::role(ask.role).to_lowercase()),
            None => miss,
        }
    }

    fn miss(&self, reason: Missed, to: &Targets, unit: &Unit) -> String {
        match reason {
            Missed::NotACell => format!("đây là {}, không phải chi bộ", self.kind(&unit.kind)),
            Missed::NotThen => "tổ chức này không hoạt động vào ngày đó".to_owned(),
            Missed::Tag => format!("chỉ giao cho nơi mang thẻ: {}", to.tag.join(", ")),
            Missed::TagExcepted => format!("nơi mang thẻ này được trừ ra: {}", to.except_tag.join(", ")),
            Missed::NotAddressed => "văn bản không gửi đích danh nơi này".to_owned(),
            Missed::Excepted => format!("nằm trong phần trừ ra: {}", list(&to.except)),
            Missed::NotNamed => format!("chỉ giao cho: {}", list(&to.units)),
            Missed::Kind => {
                let kinds: Vec<_> = to.kind.iter().map(|kind| self.kind(kind)).collect();
                format!("chỉ giao cho {}, đây là {}", kinds.join(", "), self.kind(&unit.kind))
            }
            Missed::Sector => {
                let sectors: Vec<_> = to.sector.iter().map(|sector| self.sector(sector)).collect();
                let own =
                    unit.sector.as_deref().map_or("chưa ghi khối ngành", |sector| self.sector(sector));
                format!("chỉ giao cho khối {}, đây là khối {own}", sectors.join(", "))
            }
            Missed::Subtree => format!("chỉ giao cho cấp dưới của: {}", list(&to.subtree)),
        }
    }

    fn name(&self, unit: &Unit) -> String {
        format!("{} ({})", unit.name_on(self.calendar.date_of(self.now)), unit.id)
    }

    fn kind<'a>(&'a self, id: &'a str) -> &'a str {
        self.units.kinds.iter().find(|kind| kind.id == id).map_or(id, |kind| &kind.name)
    }

    fn sector<'a>(&'a self, id: &'a str) -> &'a str {
        self.units.sectors.get(id).map_or(id, String::as_str)
    }
}

fn list(units: &[UnitId]) -> String {
    units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(", ")
}

/// How the due came about, in brackets.
fn reading(duty: &Duty) -> String {
    let Some(why) = &duty.due_why else { return String::new() };
    let phrase = why.phrase.as_ref().map(|phrase| format!(", “{phrase}”")).unwrap_or_default();
    let proposal = if why.proposal { "; mới là đề xuất, chờ xác nhận" } else { "" };
    format!(" ({}{phrase}{proposal})", why.reading)
}

fn rule_lines(rule: &RuleTrace, lines: &mut Vec<String>) {
    let mark = mark(rule.verdict == RuleVerdict::Matched);
    lines.push(format!("{mark} {} ({}, {})", rule.name, rule.rule, rule.place));
    lines.push(format!("    {}", verdict(rule)));
    rule.checks.iter().for_each(|check| check_lines(check, 4, lines));
}

fn verdict(rule: &RuleTrace) -> String {
    match rule.verdict {
        RuleVerdict::Matched if rule.cells == 0 => "khớp, không chọn chi bộ nào".to_owned(),
        RuleVerdict::Matched if rule.tasks.is_empty() => format!("khớp, chọn {} chi bộ", rule.cells),
        RuleVerdict::Matched => {
            let tasks = rule.tasks.iter().map(|one| format!("{} {}", one.task.id.code(), one.cells));
            format!("khớp, chọn {} chi bộ; từng việc: {}", rule.cells, tasks.collect::<Vec<_>>().join(", "))
        }
        RuleVerdict::NotMet => {
            let failed = rule.checks.iter().filter(|check| !check.met).map(wanted);
            format!("không khớp, vì cần {}", failed.collect::<Vec<_>>().join("; "))
        }
        RuleVerdict::NotValid => "không có hiệu lực vào ngày đó".to_owned(),
        RuleVerdict::NotRead => "không đọc tới, vì một quy tắc dứt điểm (final) phía trên đã khớp".to_owned(),
    }
}

/// What a condition wants.
fn wanted(check: &Check) -> String {
    if check.parts.is_empty() {
        return format!("{} “{}”{}", condition(check.condition), check.expected, unit(check.condition));
    }
    format!("{} {} nhóm điều kiện", condition(check.condition), check.parts.len())
}

/// A condition with what was found; the tables within it, each further in.
fn check_lines(check: &Check, indent: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    if !check.parts.is_empty() {
        lines.push(format!("{pad}{} {}:", mark(check.met), wanted(check)));
        for (number, part) in (1..).zip(&check.parts) {
            let said = if part.met { "thoả" } else { "không thoả" };
            lines.push(format!("{pad}    nhóm {number}: {said}"));
            part.checks.iter().for_each(|check| check_lines(check, indent + 6, lines));
        }
        return;
    }
    let actual = check.actual.replace('\n', " ⏎ ");
    let actual = if actual.trim().is_empty() { "(trống)" } else { &actual };
    lines.push(format!("{pad}{} {}; văn bản: {actual}", mark(check.met), wanted(check)));
    if !check.hits.is_empty() && (check.hits.len() > 1 || check.hits != [check.expected.as_str()]) {
        lines.push(format!("{pad}    thấy: {}", check.hits.join(", ")));
    }
    // That capitals do not count everybody knows; what else was folded may surprise.
    if let Some(folded) = check.folded.as_ref().filter(|folded| **folded != check.actual.to_lowercase()) {
        lines.push(format!("{pad}    so dưới dạng: {}", folded.replace('\n', " ⏎ ")));
    }
}

fn mark(met: bool) -> char {
    if met { '✓' } else { '✗' }
}

/// What a condition's key says, before what it wants.
fn condition(key: &str) -> &str {
    match key {
        "issuer" => "cơ quan ban hành là",
        "kind" => "loại văn bản là",
        "symbol" => "số, ký hiệu có",
        "urgency" => "độ khẩn là",
        "operation" => "nghiệp vụ là",
        "source" => "nguồn là",
        "steering" => "loại chỉ đạo là",
        "text_any" => "trích yếu có một trong",
        "text_all" => "trích yếu có đủ",
        "text_none" => "trích yếu không có",
        "text_regex" => "trích yếu khớp mẫu",
        "issued_from" => "ban hành từ ngày",
        "issued_until" => "ban hành đến ngày",
        "issued_within" => "ban hành không quá",
        "received_from" => "nhận từ ngày",
        "received_until" => "nhận đến ngày",
        "all" => "thoả cả",
        "any" => "thoả ít nhất một trong",
        "none" => "không thoả nhóm nào trong",
        other => other,
    }
}

/// What follows what a condition wants.
fn unit(key: &str) -> &'static str {
    if key == "issued_within" { " ngày trước khi nhận" } else { "" }
}
