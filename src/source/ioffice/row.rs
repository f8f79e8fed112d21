//! A row of a list. It already bears a title, and nothing says yet whether that title is secret.

use aws_lc_rs::digest;
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Call, Code, List, Read};
use super::failure::place;
use super::field::{Fields, has_file, items};
use crate::app::ports::{Listed, SourceError};
use crate::domain::ids::ExternalId;
use crate::source::when::When;

/// Fields that mean something to a cell. Left out are those that change when somebody reads or moves the
/// document (`isRead`, `processInstanceId`…) and those that differ between two posts (`ngayNhan`).
const MEANING: [&str; 6] = ["trichYeu", "soKiHieu", "coQuanBanHanh", "ngayVanBan", "doKhan", "congVanDenDi"];

/// What reading a row needs; travels in [`Listed::handle`] as JSON.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handle {
    /// Post that saw the row; `None` for the default post.
    pub post: Option<Code>,
    /// Its id; `None` if what stands there cannot be one.
    pub id: Option<Code>,
    /// Whether the row says that it has files.
    pub files: bool,
}

impl Handle {
    /// Reads a handle this adapter made; `None` for any other text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// The rows in the `data` of a page.
///
/// # Errors
/// `Unexpected` if it is no list at all; a single bad row is a row that cannot be read later.
pub(super) fn rows(
    data: Value,
    list: List,
    post: Option<&Code>,
    zone: Tz,
) -> Result<Vec<Listed>, SourceError> {
    let items = items(data).ok_or_else(|| {
        SourceError::Unexpected(place(&Call::Read(Read::Page(list)), "`data` không phải danh sách văn bản"))
    })?;
    Ok(items.iter().map(|item| row(item, post, zone)).collect())
}

/// How many rows a count call counted, if it tells: `data` is `{pageNo, pageRec}`, pages and rows.
pub(super) fn count(data: Value) -> Option<u64> {
    let items = items(data)?;
    Fields::of(items.first()?)?.text("pageRec")?.parse().ok()
}

fn row(item: &Value, post: Option<&Code>, zone: Tz) -> Listed {
    let fields = Fields::of(item);
    let text = |name| fields.and_then(|fields| fields.text(name));
    let id = text("id").and_then(|id| Code::parse(&id));
    let fingerprint = fingerprint(item);
    // A row without a usable id is still listed, so that somebody learns of it. Its made-up id is a
    // hash because whatever stands in the field might be a text of the document.
    let external_id =
        id.as_ref().map_or_else(|| format!("khong-ma-{fingerprint}"), |id| id.as_str().to_owned());
    let handle =
        Handle { post: post.cloned(), id, files: has_file(fields.and_then(|fields| fields.raw("hasFile"))) };
    Listed {
        external_id: ExternalId(external_id),
        fingerprint,
        received: text("ngayNhan").and_then(|text| When::parse(&text)).and_then(|when| when.instant(zone)),
        handle: json!(handle).to_string(),
    }
}

/// SHA-256 hex over the meaning fields, or over the whole item if it is not even an object.
fn fingerprint(item: &Value) -> String {
    let Some(fields) = Fields::of(item) else { return sha256(&item.to_string()) };
    let texts: Vec<_> = MEANING.iter().map(|name| fields.text(name)).collect();
    sha256(&json!([texts, has_file(fields.raw("hasFile"))]).to_string())
}

/// SHA-256 of a text, lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Ho_Chi_Minh;

    fn item() -> Value {
        json!({
            "id": "501", "trichYeu": "Kế hoạch sinh hoạt chuyên đề", "soKihieu": "12-KH/ĐUK",
            "coQuanBanHanh": "Đảng uỷ Khối", "ngayVanBan": "15/01/2026", "doKhan": "Thường",
            "congVanDenDi": "1", "hasFile": "null", "ngayNhan": "15/01/2026 08:05", "isRead": "false",
        })
    }

    fn changed(name: &str, value: Value) -> Listed {
        let mut item = item();
        item[name] = value;
        row(&item, None, ZONE)
    }

    #[test]
    fn a_row_keeps_its_handle() {
        let post = Code::parse("77");
        let listed = row(&item(), post.as_ref(), ZONE);
        let handle = Handle::parse(&listed.handle).unwrap();
        assert_eq!(listed.external_id.as_str(), "501");
        assert_eq!((handle.post, handle.id, handle.files), (post, Code::parse("501"), true));
        assert_eq!(listed.received.unwrap().to_rfc3339(), "2026-01-15T01:05:00+00:00");
    }

    #[test]
    fn the_fingerprint_follows_meaning_alone() {
        let first = row(&item(), None, ZONE).fingerprint;
        for (name, value) in [
            ("isRead", json!("TRUE")),
            ("ngayNhan", json!("null")),
            ("processInstanceId", json!("9")),
            ("hasFile", json!("OK")),
            ("trichYeu", json!("K&#7871; ho&#7841;ch sinh hoạt chuyên đề ")),
        ] {
            assert_eq!(changed(name, value).fingerprint, first, "{name}");
        }
        for (name, value) in [
            ("trichYeu", json!("Kế hoạch sinh hoạt")),
            ("soKihieu", json!("13-KH/ĐUK")),
            ("doKhan", json!("Hoả tốc")),
            ("hasFile", json!("none")),
        ] {
            assert_ne!(changed(name, value).fingerprint, first, "{name}");
        }
    }

    #[test]
    fn a_row_without_an_id_is_not_lost() {
        for bad in [json!(""), json!("null"), json!("../finish/5"), json!({"id": "1"}), json!("Số 12")] {
            let listed = changed("id", bad);
            assert!(listed.external_id.as_str().starts_with("khong-ma-"));
            assert_eq!(Handle::parse(&listed.handle).unwrap().id, None);
        }
        let listed = row(&json!("Kế hoạch"), None, ZONE);
        assert!(!listed.external_id.as_str().contains("hoạch"));
    }

    #[test]
    fn counts() {
        let table = [
            (json!({"pageNo": "3", "pageRec": "27"}), Some(27)),
            (json!([{"pageNo": 3, "pageRec": 27}]), Some(27)),
            (json!(""), None),
            (json!({"pageRec": "nhiều"}), None),
            (json!(27), None),
        ];
        for (data, expected) in table {
            assert_eq!(count(data.clone()), expected, "{data}");
        }
    }
}
