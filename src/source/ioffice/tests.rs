//! Decoding whatever a server may send: nothing panics and no row is lost.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::call::{Code, List};
use super::detail::{self, Context};
use super::envelope::Envelope;
use super::field::{Fields, items};
use super::row;
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
        decoded(row::rows(value.clone(), List::Waiting, None, ZONE));
        decoded(row::count(value.clone()));
        decoded(detail::files(value.clone()));
        decoded(detail::comments(value.clone()));
        let source = SourceId::from("ioffice");
        let Some(id) = Code::parse("1") else { return Ok(()) };
        let context = Context { source: &source, id: &id, received: None, zone: ZONE };
        for item in items(value).unwrap_or_default() {
            if let Some(fields) = Fields::of(&item) {
                decoded(detail::document(fields, &context));
                decoded((detail::mark(fields), detail::texts(fields)));
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
        let rows = row::rows(json!(items), List::Waiting, None, ZONE);
        prop_assert_eq!(rows.map(|rows| rows.len()).ok(), Some(items.len()));
    }
}
