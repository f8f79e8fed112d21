//! What waits for a human.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::{DoubtRow, HoldKind, HoldRow, StatusTally, choices};
use crate::domain::bulletin::{RestLine, RestNews};
use crate::domain::hint::Hint;

/// Rows named in a sentence.
const NAMED: usize = 3;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct HoldsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// How many are open.
    pub found: usize,
    /// Of withheld documents a number for each source, and nothing else.
    pub secrets: Vec<Secrets>,
    /// The other open holds, newest first.
    pub lines: Vec<HoldLine>,
}

/// How many documents of a source are withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Secrets {
    /// The source.
    pub source: String,
    /// How many.
    pub count: usize,
    /// The numbers of their holds, to close them.
    pub holds: Vec<i64>,
}

impl Page for HoldsPage {
    const TEMPLATE: &'static str = "holds.html";
}

/// One hold.
#[derive(Debug, Clone, Serialize)]
pub struct HoldLine {
    /// Its number, for `vanthu hold release`.
    pub id: i64,
    /// What it is.
    pub kind: &'static str,
    /// Why.
    pub reason: String,
    /// The unit it is about.
    pub unit: Option<String>,
    /// What can be done about it, the likeliest first.
    pub choices: Vec<&'static str>,
    /// The document's number in the register.
    pub document: Option<i64>,
    /// How staff know the document: by its number, else by its place in the register; by where it came from only
    /// where it is not in it.
    pub called: String,
    /// How long it has waited.
    pub waited: String,
    /// Since when.
    pub since: String,
}

impl HoldsPage {
    /// The open holds.
    pub fn new(setting: Setting<'_>, holds: &[HoldRow]) -> Self {
        let line = |hold: &HoldRow| HoldLine {
            id: hold.id.0,
            kind: words::hold(hold.kind),
            reason: hold.reason.clone(),
            unit: hold.unit.as_ref().map(|unit| setting.name(unit)),
            choices: choices(hold).iter().map(|choice| choice.label).collect(),
            document: hold.document.map(|id| id.0),
            called: match (&hold.symbol, hold.document) {
                (Some(symbol), _) => symbol.clone(),
                (None, Some(id)) => format!("Văn bản #{id}"),
                (None, None) => format!("{}, mã {}", hold.source, hold.external_id),
            },
            waited: words::waited(setting.now - hold.opened),
            since: setting.moment(hold.opened),
        };
        let open: Vec<_> = holds.iter().filter(|hold| hold.closed.is_none()).collect();
        let (hidden, shown): (Vec<&HoldRow>, Vec<&HoldRow>) =
            open.iter().partition(|hold| hold.kind == HoldKind::Secret);
        let lines = shown.into_iter().map(line).collect();
        Self { shell: setting.shell, found: open.len(), secrets: secrets(&hidden), lines }
    }
}

/// One sentence for operations that have waited longer than the office gives them, if there are any.
pub fn overdue(holds: &[HoldRow], wait: Duration, setting: &Setting<'_>) -> Option<String> {
    let overdue: Vec<_> = holds.iter().filter(|hold| hold.is_overdue(wait, setting.now)).collect();
    let oldest = overdue.iter().min_by_key(|hold| hold.opened)?;
    let (count, days) = (overdue.len(), wait.as_secs().div_euclid(24 * 60 * 60));
    Some(format!(
        "{count} nghiệp vụ chờ văn bản gốc quá {days} ngày, cũ nhất là việc chờ số {}: hỏi nơi gửi, hoặc quyết định ở trang Tạm giữ.",
        oldest.id
    ))
}

/// One sentence for statuses that their sources refused and nobody has decided about, if there are any.
pub fn refused(tally: &[StatusTally]) -> Option<String> {
    let refused: u64 = tally.iter().map(|row| row.undecided).sum();
    (refused > 0)
        .then(|| format!("{refused} trạng thái bị nguồn từ chối: báo lại hoặc thôi, ở trang Tạm giữ."))
}

/// One sentence for links that were pressed as a machine presses, which counts for nothing, if there are any.
pub fn doubted(doubts: &[DoubtRow], setting: &Setting<'_>) -> Option<String> {
    let newest = doubts.first()?;
    Some(format!(
        "{} việc có liên kết bị bấm như máy, chưa tính là trả lời; chi bộ được hỏi lại bằng thư. Gần nhất: {}, văn bản #{}, {}.",
        doubts.len(),
        setting.name(&newest.cell),
        newest.document,
        words::doubt(&newest.why)
    ))
}

/// A sentence for each day after which work that rests runs again, at most three rows by name.
pub fn waking(news: &[RestNews]) -> Vec<String> {
    let name = |rest: &RestLine| format!("{} ({})", rest.called, rest.cell);
    let sentence = |news: &RestNews| {
        let named: Vec<_> = news.rests.iter().take(NAMED).map(name).collect();
        let (count, ends) = (news.rests.len(), news.ends.format("%d/%m/%Y"));
        let more = count.saturating_sub(NAMED);
        let more = if more > 0 { format!(" và {more} việc khác") } else { String::new() };
        format!("Hết ngày {ends}, {count} việc hết tạm hoãn và chạy lại: {}{more}.", named.join("; "))
    };
    news.iter().map(sentence).collect()
}

/// One sentence about the rules that cells keep correcting, the first three by name; none, if there is none. One for
/// each would push what is late off the board.
pub fn hinted(hints: &[Hint]) -> Option<String> {
    let name = |hint: &Hint| format!("“{}” {} lần", hint.name, hint.corrections);
    let named: Vec<_> = hints.iter().take(NAMED).map(name).collect();
    let more = hints.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; và {more} quy tắc khác") } else { String::new() };
    (!named.is_empty()).then(|| {
        format!(
            "Quy tắc bị chi bộ báo giao không đúng trách nhiệm trong 90 ngày qua: {}{more}. Xem: vanthu rules hints.",
            named.join("; ")
        )
    })
}

fn secrets(hidden: &[&HoldRow]) -> Vec<Secrets> {
    let mut by_source: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for hold in hidden {
        by_source.entry(hold.source.as_str()).or_default().push(hold.id.0);
    }
    let line =
        |(source, holds): (&str, Vec<i64>)| Secrets { source: source.to_owned(), count: holds.len(), holds };
    by_source.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::ids::RuleId;

    #[test]
    fn however_many_rules_are_corrected_it_is_one_sentence() {
        let hint = |number: usize| Hint {
            rule: RuleId(format!("r{number}")),
            name: format!("Quy tắc {number}"),
            corrections: 10 - number,
            cells: Vec::new(),
            suggested: Vec::new(),
            last: DateTime::UNIX_EPOCH,
        };
        let hints: Vec<_> = (1..=5).map(hint).collect();
        assert_eq!(hinted(&[]), None);
        insta::assert_snapshot!(hinted(&hints[..1]).unwrap(), @"Quy tắc bị chi bộ báo giao không đúng trách nhiệm trong 90 ngày qua: “Quy tắc 1” 9 lần. Xem: vanthu rules hints.");
        insta::assert_snapshot!(hinted(&hints).unwrap(), @"Quy tắc bị chi bộ báo giao không đúng trách nhiệm trong 90 ngày qua: “Quy tắc 1” 9 lần; “Quy tắc 2” 8 lần; “Quy tắc 3” 7 lần; và 2 quy tắc khác. Xem: vanthu rules hints.");
    }
}
