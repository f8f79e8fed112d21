//! The large text inside a fetched answer: found, undone from base64 where it is base64, and handed to its
//! reader piece by piece.

use std::io::{self, Read};

use serde_json::Value;
use struson::reader::{JsonReader as _, JsonStreamReader, ValueType};

use super::outline::reader;
use super::row::field;
use super::spool::Spool;
use super::unbase::Unbase;

/// A whole answer with a message somewhere inside.
#[derive(Debug)]
pub(in crate::source) struct Message {
    spool: Spool,
    /// The answer without its long texts.
    pub outline: Value,
}

impl Message {
    /// An answer as it was fetched.
    pub(in crate::source) fn new((spool, outline): (Spool, Value)) -> Self {
        Self { spool, outline }
    }

    /// Hands the text at `path` (names of members) to `take`; `None` if there is no text or an empty one.
    ///
    /// # Errors
    /// Those of the file the answer lies in.
    pub(in crate::source) fn text<T>(
        &mut self,
        path: &[&str],
        take: impl FnOnce(&mut dyn Read) -> T,
    ) -> io::Result<Option<T>> {
        // No letter of base64 is a `<`, and no XML gets far without one.
        let is_plain = find(&self.outline, path).is_some_and(|(_, head)| head.contains('<'));
        self.open(path, |mut text| if is_plain { take(&mut text) } else { take(&mut Unbase::new(text)) })
    }

    /// Hands the bytes to `take` that stand as base64 at `path`; an index names a member of a list.
    ///
    /// # Errors
    /// Those of the file the answer lies in.
    pub(in crate::source) fn bytes<T>(
        &mut self,
        path: &[&str],
        take: impl FnOnce(&mut dyn Read) -> T,
    ) -> io::Result<Option<T>> {
        self.open(path, |text| take(&mut Unbase::new(text)))
    }

    fn open<T>(&mut self, path: &[&str], take: impl FnOnce(&mut dyn Read) -> T) -> io::Result<Option<T>> {
        let Some((path, head)) = find(&self.outline, path) else { return Ok(None) };
        if head.trim().is_empty() {
            return Ok(None);
        }
        let mut json = reader(self.spool.read()?);
        seek(&mut json, &path)?;
        let mut text = json.next_string_reader().map_err(io::Error::other)?;
        Ok(Some(take(&mut text)))
    }
}

/// The names along `path` as they are really written, and the beginning of the text at its end.
fn find<'a>(outline: &'a Value, path: &[&str]) -> Option<(Vec<String>, &'a str)> {
    let mut here = outline;
    let mut names = Vec::new();
    for wanted in path {
        if let Some(items) = here.as_array() {
            here = items.get(wanted.parse::<usize>().ok()?)?;
            names.push((*wanted).to_owned());
            continue;
        }
        let fields = here.as_object()?;
        here = field(fields, wanted)?;
        names.extend(
            fields.iter().find(|(_, value)| std::ptr::eq(*value, here)).map(|(name, _)| name.clone()),
        );
    }
    Some((names, here.as_str()?))
}

fn seek<R: Read>(json: &mut JsonStreamReader<R>, path: &[String]) -> io::Result<()> {
    for wanted in path {
        if json.peek().map_err(io::Error::other)? == ValueType::Array {
            json.begin_array().map_err(io::Error::other)?;
            for _ in 0..wanted.parse().unwrap_or(0) {
                json.skip_value().map_err(io::Error::other)?;
            }
            continue;
        }
        json.begin_object().map_err(io::Error::other)?;
        while json.has_next().map_err(io::Error::other)? {
            if json.next_name().map_err(io::Error::other)? == wanted {
                break;
            }
            json.skip_value().map_err(io::Error::other)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use serde_json::json;

    use super::*;
    use crate::source::axis::outline::outline;

    fn message(answer: &str) -> Message {
        let mut spool = Spool::new(&std::env::temp_dir());
        spool.write_all(answer.as_bytes()).unwrap();
        let outline = outline(answer.as_bytes()).unwrap();
        Message::new((spool, outline))
    }

    #[track_caller]
    fn check(answer: &Value, path: &[&str], expected: Option<&str>) {
        let text = message(&answer.to_string()).text(path, |text| io::read_to_string(text).unwrap());
        assert_eq!(text.unwrap().as_deref(), expected, "{answer}");
    }

    #[test]
    fn texts_plain_and_encoded() {
        let xml = "\u{feff}1212<?xml version=\"1.0\"?><a>Kế hoạch \"quý I\"</a>";
        let encoded = data_encoding::BASE64.encode(xml.as_bytes());
        check(&json!({"status": "OK", "data": xml}), &["data"], Some(xml));
        check(&json!({"status": "OK", "Data": encoded}), &["data"], Some(xml));
        check(&json!({"data": [1, {"content": encoded}]}), &["data", "1", "content"], Some(xml));
        check(&json!({"x": [{"data": 1}], "data": {"edXML": xml}, "z": "<"}), &["data", "edxml"], Some(xml));
        for nothing in [json!({"data": null}), json!({}), json!({"data": "  "}), json!({"data": [1]})] {
            check(&nothing, &["data"], None);
        }
    }

    #[test]
    fn a_large_text_is_read_whole() {
        let xml = format!("<a>{}</a>", "ộ\n".repeat(900_000));
        check(&json!({"data": xml}), &["data"], Some(&xml));
        check(&json!({"data": data_encoding::BASE64.encode(xml.as_bytes())}), &["data"], Some(&xml));
    }
}
