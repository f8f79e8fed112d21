//! Values at the border: instants as milliseconds, days as ISO text, words, numbers and JSON. Reading
//! one that cannot be understood names its table, column and key.

use std::fmt::Display;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::ports::StoreError;

/// An instant as stored; what is finer than a millisecond is cut off.
pub(super) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The same for an instant that may be absent.
pub(super) fn millis_of(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(millis)
}

/// A value as JSON text: a column, or the one parameter of a bulk statement. NULs in it become U+FFFD, because no text
/// of PostgreSQL can hold one.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|error| StoreError::Engine(format!("không ghi được JSON: {error}")))?;
    Ok(if text.contains(NUL) { without_nul(&text) } else { text })
}

/// How JSON writes a NUL. After an odd number of backslashes it is one; after an even number it is a backslash and
/// five letters.
const NUL: &str = "\\u0000";

fn without_nul(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let (length, kept) = if escape.starts_with(NUL) {
            (NUL.len(), "\\ufffd")
        } else {
            (2, escape.get(..2).unwrap_or(escape))
        };
        cleaned.push_str(before);
        cleaned.push_str(kept);
        rest = escape.get(length..).unwrap_or_default();
    }
    cleaned.push_str(rest);
    cleaned
}

/// A count for the engine, which has signed numbers only.
pub(super) fn signed(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// A limit where 0 means all.
pub(super) fn limit(limit: u32) -> i64 {
    if limit == 0 { i64::MAX } else { i64::from(limit) }
}

/// The row being read.
pub(super) struct Place<K> {
    /// Its table.
    pub(super) table: &'static str,
    /// Its key.
    pub(super) key: K,
}

impl<K: Display> Place<K> {
    /// The error that names this row.
    pub(super) fn bad(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent { table: self.table, column, key: self.key.to_string() }
    }

    /// An instant.
    pub(super) fn instant(&self, column: &'static str, millis: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_millis(millis).ok_or_else(|| self.bad(column))
    }

    /// An instant that may be absent.
    pub(super) fn instant_of(
        &self,
        column: &'static str,
        millis: Option<i64>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        millis.map(|millis| self.instant(column, millis)).transpose()
    }

    /// A day that may be absent.
    pub(super) fn day_of(
        &self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<NaiveDate>, StoreError> {
        text.map(|text| text.parse().map_err(|_| self.bad(column))).transpose()
    }

    /// A word of a closed list.
    pub(super) fn word<T>(
        &self,
        column: &'static str,
        text: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(text).ok_or_else(|| self.bad(column))
    }

    /// A number in the range of `T`.
    pub(super) fn number<T: TryFrom<i64>>(&self, column: &'static str, number: i64) -> Result<T, StoreError> {
        T::try_from(number).map_err(|_| self.bad(column))
    }

    /// A JSON text.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.bad(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_keep_milliseconds() {
        let at = "2026-01-15T07:30:00.123456Z".parse::<DateTime<Utc>>().unwrap();
        let place = Place { table: "notice", key: 7 };
        let back = place.instant("send_at", millis(at)).unwrap();
        assert_eq!(back.to_rfc3339(), "2026-01-15T07:30:00.123+00:00");
    }

    #[test]
    fn nul_is_replaced_and_what_only_looks_like_it_stays() {
        let text = "\0a\\u0000\\\0\"\u{1}đ\\";
        let back: String = serde_json::from_str(&json(text).unwrap()).unwrap();
        assert_eq!(back, text.replace('\0', "\u{fffd}"));
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        let place = Place { table: "obligation", key: 42 };
        let errors = [
            place.instant("due", i64::MAX).unwrap_err(),
            place.day_of("promised", Some("15/01/2026")).unwrap_err(),
            place.word("state", "opened", crate::domain::obligation::State::parse).unwrap_err(),
            place.number::<u16>("step", 70_000).unwrap_err(),
            place.json::<u8>("content", "{").unwrap_err(),
        ];
        insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"), @r"
        dữ liệu không hợp lệ ở obligation.due, khoá 42
        dữ liệu không hợp lệ ở obligation.promised, khoá 42
        dữ liệu không hợp lệ ở obligation.state, khoá 42
        dữ liệu không hợp lệ ở obligation.step, khoá 42
        dữ liệu không hợp lệ ở obligation.content, khoá 42
        ");
    }
}
