//! The rows of a list: everything that waits for our organ, newest and oldest mixed, on one page.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::when;
use crate::app::ports::{Broken, Listed};
use crate::domain::ids::ExternalId;
use crate::source::hash::sha256;

/// Longest id a message may have; ids stand in headers.
const LONGEST_ID: usize = 128;

/// What kind of message a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::source) enum Kind {
    /// Documents.
    Edoc,
    /// Statuses about documents.
    Status,
}

impl Kind {
    /// The word on the wire.
    pub(in crate::source) fn word(self) -> &'static str {
        match self {
            Self::Edoc => "edoc",
            Self::Status => "status",
        }
    }
}

/// What reading and confirming a row need again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Handle {
    /// Transport id, fit to stand in a header; `None` where the row has none.
    pub doc_id: Option<String>,
    /// Which list it stood in.
    pub kind: Kind,
    /// The sending organ, as the list says.
    pub from: Option<String>,
    /// Whether the axis knows already that we have it.
    pub done: bool,
}

impl Handle {
    /// The handle of a row this adapter listed.
    pub(in crate::source) fn of(row: &Listed) -> Option<Self> {
        serde_json::from_str(&row.handle).ok()
    }

    /// The handle of a row and the transport id by which its message is fetched.
    ///
    /// # Errors
    /// What a person is told of a row that has none.
    pub(in crate::source) fn with_id(row: &Listed) -> Result<(Self, String), Broken> {
        let handle = Self::of(row);
        let named = handle.and_then(|handle| handle.doc_id.clone().map(|id| (handle, id)));
        named
            .ok_or_else(|| Broken {
                reason: "dòng danh sách không có docId dùng được".to_owned(), raw: None
            })
    }
}

/// The rows of a list. `null` and a missing list are an empty one; anything else that is no list of
/// objects gives `None`.
pub(in crate::source) fn rows(data: Option<&Value>, kind: Kind, zone: Tz) -> Option<Vec<Listed>> {
    match data {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_object().map(|fields| row(fields, kind, zone))).collect()
        }
        Some(_) => None,
    }
}

fn row(fields: &Map<String, Value>, kind: Kind, zone: Tz) -> Listed {
    let id = text(fields, "docId").filter(|id| is_id(id));
    let created = text(fields, "created_time").unwrap_or_default();
    let from = text(fields, "from");
    let parts =
        [id.as_deref().unwrap_or_default(), kind.word(), &created, from.as_deref().unwrap_or_default()];
    let fingerprint = sha256(&parts.join("\n"));
    let short: String = fingerprint.chars().take(12).collect();
    let handle = Handle {
        doc_id: id.clone(),
        kind,
        from,
        done: text(fields, "status").is_some_and(|status| status.eq_ignore_ascii_case("done")),
    };
    Listed {
        // A row without an id is not passed over in silence: reading it gives a hold.
        external_id: ExternalId(id.unwrap_or_else(|| format!("khong-ma-{short}"))),
        fingerprint,
        received: when::instant(&created, zone),
        handle: serde_json::to_string(&handle).unwrap_or_default(),
    }
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The field called `name`, whatever its case and whether its words are joined or underscored
/// (`created_time`, `createdTime`).
pub(in crate::source) fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let wanted = plain(name);
    fields.get(name).or_else(|| fields.iter().find(|(key, _)| plain(key) == wanted).map(|(_, value)| value))
}

/// The same as a text, if it holds one that is not empty; numbers are texts too.
pub(in crate::source) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match field(fields, name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text != "null").then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(data: &Value) -> Option<Vec<(String, Option<String>)>> {
        let rows = rows(Some(data), Kind::Edoc, chrono_tz::Asia::Ho_Chi_Minh)?;
        let show = |row: Listed| (row.external_id.0, row.received.map(|at| at.to_string()));
        Some(rows.into_iter().map(show).collect())
    }

    #[test]
    fn rows_of_either_axis() {
        let vxp = json!([{"docId": "7", "created_time": "2026-03-02 09:00:00", "from": "000.00.77.H99"}]);
        let lgsp = json!([{"docId": 7, "createdTime": "2026/03/02 09:00:00", "status": "initial"}]);
        let one = vec![("7".to_owned(), Some("2026-03-02 02:00:00 UTC".to_owned()))];
        assert_eq!(listed(&vxp), Some(one.clone()));
        assert_eq!(listed(&lgsp), Some(one));
        assert_eq!(listed(&json!(null)), Some(Vec::new()));
        for odd in [json!("khong co du lieu"), json!([1]), json!({"docId": "7"})] {
            assert_eq!(listed(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_row_without_a_usable_id_is_still_a_row() {
        for odd in
            [json!([{}]), json!([{"docId": "a\r\nb"}]), json!([{"docId": "số"}]), json!([{"docId": null}])]
        {
            let rows = rows(Some(&odd), Kind::Edoc, chrono_tz::UTC).unwrap();
            assert!(rows[0].external_id.as_str().starts_with("khong-ma-"), "{odd}");
            assert_eq!(Handle::of(&rows[0]).unwrap().doc_id, None);
        }
    }

    #[test]
    fn what_is_acknowledged_changes_no_fingerprint() {
        let at = |status: &str| {
            let row = json!([{"docId": "7", "status": status, "updated_time": status}]);
            rows(Some(&row), Kind::Edoc, chrono_tz::UTC).unwrap().remove(0)
        };
        assert_eq!(at("initial").fingerprint, at("done").fingerprint);
        assert!(!Handle::of(&at("initial")).unwrap().done && Handle::of(&at("done")).unwrap().done);
    }
}
