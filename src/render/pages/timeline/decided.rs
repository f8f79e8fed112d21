//! A line of the timeline about a decision on what a cell asked.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::{Setting, words};
use super::text;
use crate::domain::ids::UnitId;

/// `đồng ý gia hạn, hạn 13/03/2026 → 18/03/2026, do vt quyết định: bão`; `None` for decisions about anything else.
pub(super) fn decided(detail: &Value, setting: &Setting<'_>) -> Option<String> {
    detail.get("request")?;
    let day = |key| {
        let at: DateTime<Utc> = text(detail, key)?.parse().ok()?;
        Some(words::date(setting.calendar.due_day(at)))
    };
    let what = match (text(detail, "kind")?, text(detail, "act")?) {
        ("more-time", "release") => match (day("due_before"), day("due")) {
            (Some(before), Some(due)) => format!("đồng ý gia hạn, hạn {before} → {due}"),
            _ => "đồng ý gia hạn".to_owned(),
        },
        ("more-time", _) => "không đồng ý gia hạn".to_owned(),
        ("declined", "assign") => format!("giao cho {}", cells(detail, setting)),
        ("declined", "release") => "vẫn là việc của chi bộ".to_owned(),
        _ => return None,
    };
    let by = text(detail, "actor").map(|actor| format!(", do {actor} quyết định")).unwrap_or_default();
    let why = text(detail, "reason").filter(|why| !why.is_empty()).map(|why| format!(": {why}"));
    Some(format!("{what}{by}{}", why.unwrap_or_default()))
}

fn cells(detail: &Value, setting: &Setting<'_>) -> String {
    let cells = detail.get("cells").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let name = |cell: &Value| cell.as_str().map(|code| setting.name(&UnitId::from(code)));
    cells.iter().filter_map(name).collect::<Vec<_>>().join("; ")
}
