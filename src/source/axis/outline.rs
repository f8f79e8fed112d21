//! A JSON answer without its long texts: enough to judge the frame of an answer however large it is.

use std::io::{self, Read};

use serde_json::{Map, Value};
use struson::reader::{JsonReader as _, JsonStreamReader, ReaderError, ReaderSettings, ValueType};

/// Longer texts are cut; codes, names of files and dates are shorter.
const LONGEST: u64 = 1024;

/// More values than this are no frame of a message.
const MOST: usize = 20_000;

/// Deeper nesting is none either, and reading recurses.
const DEEPEST: u32 = 16;

/// Why an answer has no outline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::source) enum NoOutline {
    /// A web page, as a login form or a gateway sends it: the axis as a whole is not answering.
    #[error("nhận được trang web thay cho dữ liệu (trang đăng nhập hoặc trang báo lỗi)")]
    Html,
    /// Anything else that is no JSON: cut short, another encoding.
    #[error("nội dung không phải JSON trọn vẹn")]
    NotJson,
    /// JSON beyond all measure.
    #[error("JSON lớn hoặc lồng nhau quá mức")]
    TooMuch,
}

/// The answer with every long text cut to its first kilobyte.
///
/// # Errors
/// [`NoOutline`]; the whole text has been read and is JSON otherwise.
pub(in crate::source) fn outline(mut read: impl Read) -> Result<Value, NoOutline> {
    let mut head = Vec::new();
    read.by_ref().take(64).read_to_end(&mut head).map_err(|_| NoOutline::NotJson)?;
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    if start.trim_ascii_start().first() == Some(&b'<') {
        return Err(NoOutline::Html);
    }
    let mut reader = reader(io::Cursor::new(start.to_vec()).chain(read));
    let mut left = MOST;
    let whole = value(&mut reader, &mut left).map_err(|error| no_outline(&error, left))?;
    reader.consume_trailing_whitespace().map_err(|_| NoOutline::NotJson)?;
    Ok(whole)
}

/// A reader of JSON as strict as the format.
pub(super) fn reader<R: Read>(read: R) -> JsonStreamReader<R> {
    let settings = ReaderSettings { max_nesting_depth: Some(DEEPEST), ..ReaderSettings::default() };
    JsonStreamReader::new_custom(read, settings)
}

fn no_outline(error: &ReaderError, left: usize) -> NoOutline {
    match error {
        ReaderError::MaxNestingDepthExceeded { .. } => NoOutline::TooMuch,
        _ if left == 0 => NoOutline::TooMuch,
        _ => NoOutline::NotJson,
    }
}

fn value<R: Read>(reader: &mut JsonStreamReader<R>, left: &mut usize) -> Result<Value, ReaderError> {
    *left = left.checked_sub(1).ok_or_else(|| too_much(reader))?;
    Ok(match reader.peek()? {
        ValueType::Object => {
            reader.begin_object()?;
            let mut fields = Map::new();
            while reader.has_next()? {
                let name = reader.next_name_owned()?;
                fields.insert(name, value(reader, left)?);
            }
            reader.end_object()?;
            Value::Object(fields)
        }
        ValueType::Array => {
            reader.begin_array()?;
            let mut items = Vec::new();
            while reader.has_next()? {
                items.push(value(reader, left)?);
            }
            reader.end_array()?;
            Value::Array(items)
        }
        ValueType::String => Value::String(cut(reader)?),
        ValueType::Number => Value::String(reader.next_number_as_string()?),
        ValueType::Boolean => Value::Bool(reader.next_bool()?),
        ValueType::Null => {
            reader.next_null()?;
            Value::Null
        }
    })
}

fn too_much<R: Read>(reader: &JsonStreamReader<R>) -> ReaderError {
    let location = reader.current_position(false);
    ReaderError::IoError { error: io::Error::from(io::ErrorKind::FileTooLarge), location }
}

/// The beginning of a text, up to a whole letter.
fn cut<R: Read>(reader: &mut JsonStreamReader<R>) -> Result<String, ReaderError> {
    let location = reader.current_position(false);
    let failed = |error| ReaderError::IoError { error, location };
    let mut text = reader.next_string_reader()?;
    let mut head = Vec::new();
    let read = text.by_ref().take(LONGEST).read_to_end(&mut head);
    read.and_then(|_| io::copy(&mut text, &mut io::sink())).map_err(failed)?;
    let whole = std::str::from_utf8(&head).map_or_else(|error| error.valid_up_to(), str::len);
    head.truncate(whole);
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &[u8], expected: Result<Value, NoOutline>) {
        assert_eq!(outline(text), expected, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn frames_and_what_is_none() {
        check(br#" {"status":"OK","n":1,"data":null} "#, Ok(json!({"status": "OK", "n": "1", "data": null})));
        check(b"\xEF\xBB\xBF[true]", Ok(json!([true])));
        check(b"<html>", Err(NoOutline::Html));
        check(b"  \r\n<!DOCTYPE html>", Err(NoOutline::Html));
        check(br#"{"data":"abc"#, Err(NoOutline::NotJson));
        check(br#"{"data":1} x"#, Err(NoOutline::NotJson));
        check(b"{\"data\":\"M\xE2t\"}", Err(NoOutline::NotJson));
        check(b"", Err(NoOutline::NotJson));
        check(&[b'['; 100], Err(NoOutline::TooMuch));
        check(format!("[{}1]", "1,".repeat(MOST)).as_bytes(), Err(NoOutline::TooMuch));
    }

    #[test]
    fn long_texts_are_cut_at_a_letter() {
        let long = format!("a{}", "ộ".repeat(1000));
        let outlined = outline(json!({"data": long, "after": "x"}).to_string().as_bytes()).unwrap();
        assert_eq!(outlined["data"], format!("a{}", "ộ".repeat(341)));
        assert_eq!(outlined["after"], "x");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let is_read = outline(bytes.as_slice()).is_ok();
            prop_assert!(!is_read || serde_json::from_slice::<Value>(&bytes).is_ok());
        }
    }
}
