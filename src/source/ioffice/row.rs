//! A row of a list. It already bears a title, and nothing says yet whether that title is secret.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Call, Code, Read, Roll};
use super::failure::place;
use super::field::{Fields, has_file, items};
use super::names::FieldMap;
use crate::app::ports::{Listed, SourceError};
use crate::domain::ids::ExternalId;
use crate::source::hash::sha256;
use crate::source::when::When;

/// What stands before the id of a directive: ids of the two modules are counted apart.
pub const DIRECTIVES: &str = "information/";

/// What kind of thing a row is of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Module {
    /// A document.
    #[default]
    Documents,
    /// A directive of "Thông tin chỉ đạo".
    Directives,
}

impl Module {
    fn of(roll: Roll) -> Self {
        match roll {
            Roll::List(_) | Roll::Lookup => Self::Documents,
            Roll::Directives(_) => Self::Directives,
        }
    }

    /// What the register calls the thing with this id.
    pub(super) fn external_id(self, id: &str) -> ExternalId {
        match self {
            Self::Documents => ExternalId(id.to_owned()),
            Self::Directives => ExternalId(format!("{DIRECTIVES}{id}")),
        }
    }
}

/// What reading a row needs; travels in [`Listed::handle`] as JSON, in memory only.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handle {
    /// Post that saw the row; `None` for the default post.
    pub post: Option<Code>,
    /// Its id; `None` if what stands there cannot be one.
    pub id: Option<Code>,
    /// Whether the row says that it has files.
    pub files: bool,
    /// What kind of thing it is.
    #[serde(default)]
    pub module: Module,
    /// Of a directive the row itself: its detail need not repeat title and sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Value>,
}

impl Handle {
    /// Reads a handle this adapter made; `None` for any other text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// How rows are read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// What is walked.
    pub roll: Roll,
    /// The post that sees it.
    pub post: Option<&'a Code>,
    /// What fields are called.
    pub names: &'a FieldMap,
    pub zone: Tz,
}

/// The rows in the `data` of a page.
///
/// # Errors
/// `Unexpected` if it is no list at all; a single bad row is a row that cannot be read later.
pub(super) fn rows(data: Value, reader: Reader<'_>) -> Result<Vec<Listed>, SourceError> {
    let items = items(data).ok_or_else(|| {
        let call = Call::Read(Read::Page(reader.roll));
        SourceError::Unexpected(place(&call, "`data` không phải danh sách văn bản"))
    })?;
    Ok(items.iter().map(|item| row(item, reader)).collect())
}

/// How many rows a count call counted, if it tells: `data` is `{pageNo, pageRec}`, pages and rows.
pub(super) fn count(data: Value) -> Option<u64> {
    let items = items(data)?;
    Fields::of(items.first()?)?.text("pageRec")?.parse().ok()
}

fn row(item: &Value, reader: Reader<'_>) -> Listed {
    let fields = Fields::of(item);
    let id = fields.and_then(|fields| Code::parse(&fields.text("id")?));
    let module = Module::of(reader.roll);
    let fingerprint = fingerprint(item, module, reader.names);
    // A row without a usable id is still listed, so that somebody learns of it. Its made-up id is a
    // hash because whatever stands in the field might be a text of the document.
    let external_id =
        id.as_ref().map_or_else(|| format!("khong-ma-{fingerprint}"), |id| id.as_str().to_owned());
    let received = fields.and_then(|fields| When::parse(&fields.first(&reader.names.received)?));
    let handle = Handle {
        post: reader.post.cloned(),
        id,
        files: has_files(fields, module),
        module,
        row: (module == Module::Directives).then(|| item.clone()),
    };
    Listed {
        external_id: module.external_id(&external_id),
        fingerprint,
        received: received.and_then(|when| when.instant(reader.zone)),
        handle: json!(handle).to_string(),
    }
}

/// Documents say it by a word, directives by a number; what says nothing is asked for its files.
fn has_files(fields: Option<Fields<'_>>, module: Module) -> bool {
    let name = match module {
        Module::Documents => "hasFile",
        Module::Directives => "fileCount",
    };
    has_file(fields.and_then(|fields| fields.raw(name)))
}

/// SHA-256 hex over the fields that mean something to a cell, or over the whole item if it is not even an object.
/// Left out are those that change when somebody reads or moves the document (`isRead`, `processInstanceId`…) and
/// those that differ between two posts or lists (`ngayNhan`, of directives the sender).
fn fingerprint(item: &Value, module: Module, names: &FieldMap) -> String {
    let Some(fields) = Fields::of(item) else { return sha256(&item.to_string()) };
    let files = has_files(Some(fields), module);
    let texts = match module {
        Module::Documents => {
            let named = [&names.subject, &names.symbol, &names.issuer, &names.issued, &names.urgency];
            let texts = named.into_iter().map(|names| fields.first(names));
            texts.chain([fields.text("congVanDenDi")]).collect::<Vec<_>>()
        }
        Module::Directives => vec![fields.first(&names.subject), fields.text("fileCount")],
    };
    sha256(&json!([texts, files]).to_string())
}

#[cfg(test)]
mod tests {
    use super::super::call::{Direction, List};
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Ho_Chi_Minh;

    fn read(item: &Value, post: Option<&Code>) -> Listed {
        let roll = Roll::List(List::Waiting);
        row(item, Reader { roll, post, names: &FieldMap::default().complete(), zone: ZONE })
    }

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
        read(&item, None)
    }

    #[test]
    fn a_row_keeps_its_handle() {
        let post = Code::parse("77");
        let listed = read(&item(), post.as_ref());
        let handle = Handle::parse(&listed.handle).unwrap();
        assert_eq!(listed.external_id.as_str(), "501");
        assert_eq!((handle.post, handle.id, handle.files), (post, Code::parse("501"), true));
        assert_eq!(listed.received.unwrap().to_rfc3339(), "2026-01-15T01:05:00+00:00");
    }

    #[test]
    fn the_fingerprint_follows_meaning_alone() {
        let first = read(&item(), None).fingerprint;
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
        let listed = read(&json!("Kế hoạch"), None);
        assert!(!listed.external_id.as_str().contains("hoạch"));
    }

    #[test]
    fn a_directive_keeps_its_row_and_an_id_of_its_own() {
        let item = json!({
            "id": "501", "tieuDe": "Đôn đốc chuyên đề", "parentId": "0", "ngayNhan": "20/11/2026 07:30",
            "nguoiGui": "Chánh Văn phòng", "fileCount": "0", "isRead": "FALSE",
        });
        let names = FieldMap::default().complete();
        let reader =
            Reader { roll: Roll::Directives(Direction::Receive), post: None, names: &names, zone: ZONE };
        let listed = row(&item, reader);
        let handle = Handle::parse(&listed.handle).unwrap();
        assert_eq!(listed.external_id.as_str(), "information/501");
        assert_eq!((handle.module, handle.files), (Module::Directives, false));
        assert_eq!(handle.row, Some(item.clone()));
        let mut sent = item.clone();
        sent["isRead"] = json!("TRUE");
        sent["nguoiGui"] = json!("null");
        let reader = Reader { roll: Roll::Directives(Direction::Send), ..reader };
        assert_eq!(row(&sent, reader).fingerprint, listed.fingerprint, "both lists show the same directive");
        sent["tieuDe"] = json!("Đôn đốc lần hai");
        assert_ne!(row(&sent, reader).fingerprint, listed.fingerprint);
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
