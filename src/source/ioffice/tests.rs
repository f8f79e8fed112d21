//! Decoding whatever a server may send: nothing panics and no row is lost.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::call::{Code, Direction, List, Roll};
use super::detail::{self, Context, Mark};
use super::envelope::Envelope;
use super::field::{Fields, items};
use super::names::FieldMap;
use super::row::{self, Reader};
use crate::domain::ids::SourceId;

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Ho_Chi_Minh;

/// Where a property ends that only asks for the absence of a panic.
fn decoded<T>(_value: T) {}

fn key() -> impl Strategy<Value = String> {
    let known = [
        "id",
        "trichYeu",
        "soKiHieu",
        "soKihieu",
        "doMat",
        "hanGiaiQuyet",
        "ngayVanBan",
        "ngayNhan",
        "doUuTien",
        "hasFile",
        "name",
        "fileSize",
        "pageRec",
        "comment",
        "status",
        "code",
        "data",
        "token",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[0-9/: T-]{0,20}",
        "(&#?[xa-z0-9]{0,6};?){0,4}",
        prop::sample::select(vec!["null", "none", "TRUE", "OK", "0", "1", "Thường", "Mật"])
            .prop_map(str::to_owned),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..10)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_decoded_without_a_panic(value in value()) {
        let names = FieldMap::default().complete();
        for roll in [Roll::List(List::Waiting), Roll::Directives(Direction::Send), Roll::Lookup] {
            decoded(row::rows(value.clone(), Reader { roll, post: None, names: &names, zone: ZONE }));
        }
        decoded(row::count(value.clone()));
        decoded(detail::files(value.clone()));
        decoded(detail::comments(value.clone()));
        let source = SourceId::from("ioffice");
        let Some(id) = Code::parse("1") else { return Ok(()) };
        let context = Context { source: &source, id: &id, received: None, names: &names, zone: ZONE };
        for item in items(value).unwrap_or_default() {
            if let Some(fields) = Fields::of(&item) {
                decoded(detail::document(fields, &context));
                decoded((Mark::of(fields, &names), detail::texts(fields, &names)));
            }
        }
    }

    #[test]
    fn any_frame_is_decoded_without_a_panic(value in value(), cut in 0usize..400) {
        let body = value.to_string().into_bytes();
        decoded(Envelope::decode(&body));
        decoded(Envelope::decode(body.get(..cut).unwrap_or(&body)));
    }

    #[test]
    fn any_bytes_are_decoded_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        decoded(Envelope::decode(&body));
    }

    #[test]
    fn every_row_of_a_list_comes_through(items in prop::collection::vec(value(), 0..8)) {
        let (roll, names) = (Roll::List(List::Waiting), FieldMap::default().complete());
        let rows = row::rows(json!(items), Reader { roll, post: None, names: &names, zone: ZONE });
        prop_assert_eq!(rows.map(|rows| rows.len()).ok(), Some(items.len()));
    }

    /// Whatever a tenant's map says: what the built-in field calls secret, or any text says is, is not open.
    #[test]
    fn no_map_of_fields_opens_a_secret_document(
        map in prop::collection::vec(key(), 12..=12),
        mark in prop::sample::select(vec!["Mật", "Tối mật", "Tuyệt mật", "M&#7853;t", "", "null", "?"]),
        other in value(),
        named in key(),
    ) {
        let names = map_of(&map).complete();
        let mut object = Map::new();
        object.insert(named, other);
        object.insert("trichYeu".to_owned(), json!("Kế hoạch"));
        // Every name of the map says that it is open.
        map.iter().for_each(|name| drop(object.insert(name.clone(), json!("Thường"))));
        object.retain(|key, _| !key.eq_ignore_ascii_case("doMat"));
        object.insert("doMat".to_owned(), json!(mark));
        let object = Value::Object(object);
        let Some(fields) = Fields::of(&object) else { return Ok(()) };
        let probe = detail::probe(detail::texts(fields, &names));
        prop_assert!(Mark::of(fields, &names).judge(probe, &["Thường".to_owned()]).is_err());
    }

    #[test]
    fn no_map_of_fields_hides_a_mark_in_a_text(map in prop::collection::vec(key(), 12..=12), named in "[a-z]{1,8}") {
        let names = map_of(&map).complete();
        let mut object = Map::new();
        map.iter().for_each(|name| drop(object.insert(name.clone(), json!("Thường"))));
        object.insert("doMat".to_owned(), json!("Thường"));
        object.insert(named, json!("<p>Tài liệu M<b>Ậ</b>T</p>"));
        let object = Value::Object(object);
        let Some(fields) = Fields::of(&object) else { return Ok(()) };
        let probe = detail::probe(detail::texts(fields, &names));
        prop_assert!(Mark::of(fields, &names).judge(probe, &["Thường".to_owned()]).is_err());
    }
}

/// A map with one name of each field.
fn map_of(names: &[String]) -> FieldMap {
    let at = |index: usize| names.get(index).cloned().into_iter().collect();
    FieldMap {
        symbol: at(0),
        subject: at(1),
        kind: at(2),
        issuer: at(3),
        signer: at(4),
        issued: at(5),
        received: at(6),
        due: at(7),
        urgency: at(8),
        secrecy: at(9),
        field: at(10),
        content: at(11),
    }
}
