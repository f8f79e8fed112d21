//! Fields of an iOffice object, read leniently: any spelling of the key's case, any JSON type, the
//! string `"null"`, HTML entities.

use serde_json::{Map, Value};

use super::entity;
use crate::domain::text;
use crate::source::when::When;

/// An object as it came.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

/// A field that is filled but cannot be what it must be; carries its name only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadField(pub(super) String);

impl<'a> Fields<'a> {
    /// The fields of an object; `None` for any other value.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The value as it came. Lists say `soKihieu` where details say `soKiHieu`, so case is ignored.
    pub(super) fn raw(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).or_else(|| self.all(name).next())
    }

    /// Every value whose key differs from `name` by case only.
    pub(super) fn all(self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The text, decoded and cleaned; `None` if it is missing, empty or the word `null`.
    pub(super) fn text(self, name: &str) -> Option<String> {
        let cleaned = text::clean(&entity::decode(&scalar(self.raw(name)?)?)).trim().to_owned();
        (!cleaned.is_empty() && !cleaned.eq_ignore_ascii_case("null")).then_some(cleaned)
    }

    /// The text of the first of `names` that is filled.
    pub(super) fn first(self, names: &[String]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The value, as it came, of the first of `names` that is filled.
    pub(super) fn first_raw(self, names: &[String]) -> Option<String> {
        names.iter().find(|name| self.text(name).is_some()).and_then(|name| scalar(self.raw(name)?))
    }

    /// The date of the first of `names` that is filled.
    ///
    /// # Errors
    /// The field that is filled with something else: a deadline must not vanish unseen.
    pub(super) fn day(self, names: &[String]) -> Result<Option<chrono::NaiveDate>, BadField> {
        for name in names {
            if let Some(text) = self.text(name) {
                return When::parse(&text).map(|when| Some(when.day)).ok_or_else(|| BadField(name.clone()));
            }
        }
        Ok(None)
    }

    /// Every text in the object and below it, but for the keys `except`.
    pub(super) fn texts(self, except: &[String]) -> Vec<&'a str> {
        let kept = |key: &str| !except.iter().any(|name| key.eq_ignore_ascii_case(name));
        let mut texts = Vec::new();
        for (_, value) in self.0.iter().filter(|(key, _)| kept(key)) {
            leaves(value, &mut texts);
        }
        texts
    }
}

/// A string, number or boolean as text; `None` for null, arrays and objects.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a value says yes: `true`, `"TRUE"`, `"OK"`, a number other than 0, any text that does not
/// say no.
pub(super) fn is_yes(value: &Value) -> bool {
    let Some(text) = scalar(value) else { return false };
    let no = ["", "0", "false", "none", "null", "no", "n"];
    !no.iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// Whether a list row has files. The string `"null"` means that it **has** some; `"none"`, and only
/// that family, means it has none.
pub(super) fn has_file(value: Option<&Value>) -> bool {
    let text = value.and_then(scalar).unwrap_or_default();
    !["none", "false", "0"].iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// The objects in a polymorphic `data`: an array, one object in its place, `""` or null for nothing, or
/// any of these as JSON inside a string. `None` if it is something else.
pub(super) fn items(data: Value) -> Option<Vec<Value>> {
    match data {
        Value::Array(items) => Some(items),
        Value::Object(fields) if fields.is_empty() => Some(Vec::new()),
        Value::Object(fields) => Some(vec![Value::Object(fields)]),
        Value::Null => Some(Vec::new()),
        Value::String(text) => items_in_text(text.trim()),
        Value::Bool(_) | Value::Number(_) => None,
    }
}

fn items_in_text(text: &str) -> Option<Vec<Value>> {
    if text.is_empty() || text.eq_ignore_ascii_case("null") {
        return Some(Vec::new());
    }
    match serde_json::from_str(text).ok()? {
        nested @ (Value::Array(_) | Value::Object(_)) => items(nested),
        _ => None,
    }
}

/// Collects the strings of a value; serde_json bounds its depth at 128.
fn leaves<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, texts)),
        Value::Object(fields) => fields.values().for_each(|item| leaves(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn has_file_reads_null_as_yes() {
        let table = [
            (json!("null"), true),
            (json!("none"), false),
            (json!("TRUE"), true),
            (json!("OK"), true),
            (json!("false"), false),
            (json!(0), false),
            (json!(2), true),
            (json!(null), true),
            (json!(""), true),
        ];
        for (value, expected) in table {
            assert_eq!(has_file(Some(&value)), expected, "{value}");
        }
        assert!(has_file(None));
    }

    #[test]
    fn yes_in_every_type() {
        for yes in [json!(true), json!("TRUE"), json!("true"), json!("OK"), json!(1), json!("1")] {
            assert!(is_yes(&yes), "{yes}");
        }
        for no in [json!(false), json!("FALSE"), json!(0), json!("0"), json!(""), json!("null"), json!(null)]
        {
            assert!(!is_yes(&no), "{no}");
        }
    }

    #[test]
    fn texts_of_any_type_and_case() {
        let value =
            json!({"soKihieu": " 16-ĐA/TU ", "soDenDi": 42, "ngayNhan": "null", "ghiChu": "&nbsp;", "x": {}});
        let fields = Fields::of(&value).unwrap();
        assert_eq!(fields.text("soKiHieu").as_deref(), Some("16-ĐA/TU"));
        assert_eq!(fields.text("soDenDi").as_deref(), Some("42"));
        assert_eq!([fields.text("ngayNhan"), fields.text("ghiChu"), fields.text("x")], [None, None, None]);
    }

    #[test]
    fn data_of_every_shape() {
        let table = [
            (json!([{"id": 1}, {"id": 2}]), Some(2)),
            (json!({"id": 1}), Some(1)),
            (json!({}), Some(0)),
            (json!(""), Some(0)),
            (json!("null"), Some(0)),
            (json!(null), Some(0)),
            (json!("[{\"id\":1}]"), Some(1)),
            (json!("TRUE"), None),
            (json!("12"), None),
            (json!(7), None),
        ];
        for (data, expected) in table {
            assert_eq!(items(data.clone()).map(|items| items.len()), expected, "{data}");
        }
    }

    #[test]
    fn a_filled_field_that_is_no_date_is_an_error() {
        let value = json!({"hanGiaiQuyet": "31/02/2026", "ngayVanBan": "", "ngayBanHanh": "15/01/2026"});
        let fields = Fields::of(&value).unwrap();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(fields.day(&names(&["hanGiaiQuyet"])), Err(BadField("hanGiaiQuyet".to_owned())));
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 15);
        assert_eq!(fields.day(&names(&["ngayVanBan", "ngayBanHanh"])), Ok(day));
        assert_eq!(fields.day(&names(&["khongCo"])), Ok(None));
    }
}
