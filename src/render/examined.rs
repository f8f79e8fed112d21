//! What was read in a document before a rule was asked, as text.

use super::mail::words::Due;
use super::pages::words;
use crate::domain::calendar::Calendar;
use crate::domain::examine::{Examined, Proposed};
use crate::domain::symbol::{Symbol, System};

/// The symbol in its parts, the urgency, every due date with the phrase it was read from.
pub fn text(examined: &Examined, calendar: &Calendar) -> String {
    let mut lines = vec![format!("Số, ký hiệu: {}", symbol(examined.symbol.as_ref()))];
    lines.push(format!("Độ khẩn: {}", words::urgency(examined.urgency).unwrap_or("không ghi hoặc thường")));
    if let Some(reason) = examined.secrecy.reason {
        lines.push(format!("Độ mật: {reason}; văn bản như vậy sẽ bị giữ lại, không giao"));
    }
    match &examined.proposals[..] {
        [] => lines.push("Hạn nêu trong văn bản: không thấy".to_owned()),
        proposals => {
            lines.push("Hạn nêu trong văn bản:".to_owned());
            lines.extend(proposals.iter().map(|proposed| proposal(proposed, calendar)));
        }
    }
    lines.join("\n") + "\n"
}

fn symbol(symbol: Option<&Symbol>) -> String {
    let Some(symbol) = symbol else { return "không theo thể thức nào đã biết".to_owned() };
    let system = match symbol.system {
        System::Party => "văn bản của Đảng",
        System::State => "văn bản của Nhà nước",
    };
    let parts = [
        Some(format!("số {}", symbol.number)),
        symbol.year.map(|year| format!("năm {year}")),
        symbol.kind.as_ref().map(|kind| format!("loại {kind}")),
        Some(format!("cơ quan {}", symbol.issuer.join("-"))),
        Some(system.to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn proposal(proposed: &Proposed, calendar: &Calendar) -> String {
    let place = match proposed.from {
        "source" => "hệ thống nguồn",
        "content" => "nội dung",
        _ => "trích yếu",
    };
    let found = &proposed.proposal;
    let doubt = found.doubt.as_ref().map(|doubt| format!("; ngờ: {doubt}")).unwrap_or_default();
    let due = Due::new(found.due, calendar.zone).day;
    format!("  {due} – {place}, “{}”: {}{doubt}", found.phrase, found.reading)
}
