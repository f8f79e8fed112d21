//! The form is one, and nothing is lost on the way to it.

use proptest::prelude::*;

use super::{Refusal, format};
use crate::config::sample;

fn formatted(text: &str) -> String {
    format(text).unwrap_or_else(|refusal| panic!("{refusal:?}: {text}"))
}

#[test]
fn an_untidy_file_becomes_tidy() {
    let untidy = "\n\n# Đầu tệp   \n\n\n\n[[ladder]]\nname=\"x\"\n[[ladder.step]]\n at   =\"due\" # hết hạn\n\
        # của bậc\nkind='remind'\n\n\n# Quy tắc một\n[[ rule ]] # ghi chú\nid   = \"a\"\n\n\n\
        when = {kind=[ \"KH\",'NQ' ,],accent_free=true}\n\
        to.units = [\n\"a\",   # đầu\n      # giữa\n  \"b\", \"c\"\n]\n   to . except=[]\n#cuối   ";
    insta::assert_snapshot!(formatted(untidy));
}

/// Accents stored apart, escapes, literal and long strings stay as they were typed.
#[test]
fn what_is_in_quotes_is_not_touched() {
    for value in [
        "\"Đa\u{309}ng u\u{309}y\"",
        "\"Đảng\\tuỷ  \"",
        "'C:\\x  '",
        "\"\"\"\n  a \n\n\n b\"\"\"",
        "0x1F",
        "1_000",
    ] {
        let text = format!("a = {value}\n");
        assert_eq!(formatted(&text), text);
    }
}

#[test]
fn windows_lines_stay_windows_lines() {
    assert_eq!(formatted("a=1\r\n\r\n\r\n\r\nb=2\r\n"), "a = 1\r\n\r\nb = 2\r\n");
}

#[test]
fn what_is_not_toml_is_left_alone() {
    assert_eq!(format("a = “b”\n"), Err(Refusal::Unreadable));
}

/// Every sample file is already in the form.
#[test]
fn the_sample_is_in_the_form() {
    for (path, text) in sample::FILES.iter().filter(|(path, _)| path.starts_with("rules.d/")) {
        similar_asserts(path, &formatted(text), text);
    }
}

fn similar_asserts(path: &str, formatted: &str, text: &str) {
    let diff = similar::TextDiff::from_lines(text, formatted);
    assert_eq!(formatted, text, "{path}: run `vanthu rules fmt`\n{}", diff.unified_diff());
}

/// A value of any kind, as somebody may have typed it.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("true".to_owned()),
        Just("2026-01-15".to_owned()),
        "[a-zA-Zàáạđêữ #,=\\[\\]{}']{0,8}".prop_map(|text| format!("\"{text}\"")),
        "[a-z \"#]{0,6}".prop_map(|text| format!("'{text}'")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let gap =
            prop_oneof![Just(""), Just(" "), Just("  "), Just("\n"), Just("\n\n   # g\n"), Just(" # n\n")];
        let items = prop::collection::vec((inner.clone(), gap.clone(), gap), 0..4);
        let list = items.prop_map(|items| {
            let items: Vec<_> =
                items.iter().map(|(item, before, after)| format!("{before}{item}{after}")).collect();
            format!("[{}]", items.join(","))
        });
        let table = prop::collection::vec(inner, 0..3).prop_map(|items| {
            let flat = items.iter().filter(|item| !item.contains('\n')).enumerate();
            format!("{{{}}}", flat.map(|(n, item)| format!("k{n}= {item}")).collect::<Vec<_>>().join(" , "))
        });
        prop_oneof![list, table]
    })
}

/// A file of entries, headers, comments and blank lines in any order.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => value().prop_map(|value| ("key", value)),
        1 => Just(("list", String::new())),
        1 => Just(("inner", String::new())),
        1 => "[ a-zế#]{0,6}".prop_map(|text| ("note", text)),
        1 => "[ \\t\\n]{0,4}".prop_map(|text| ("gap", text)),
    ];
    prop::collection::vec(line, 0..24).prop_map(|lines| {
        let mut text = String::new();
        let mut opened = false;
        for (number, (kind, body)) in lines.iter().enumerate() {
            match *kind {
                "key" => text += &format!("  k{number}={body}  # c\n"),
                "list" => text += " [[ rule ]]\n",
                "inner" if opened => text += &format!("[rule.t{number}] # h\n"),
                "note" => text += &format!("   #{body}\n"),
                _ => text += &format!("{}\n", body.replace(|c: char| !c.is_whitespace(), "")),
            }
            opened |= *kind == "list";
        }
        text
    })
}

proptest! {
    #[test]
    fn doing_it_twice_changes_nothing_more(text in file()) {
        prop_assume!(text.parse::<toml_edit::DocumentMut>().is_ok());
        let once = format(&text);
        prop_assert!(once.is_ok(), "{once:?}: {text}");
        let once = once.unwrap();
        prop_assert_eq!(format(&once).unwrap(), once.clone(), "from {}", text);
        // Every comment is still there, in order.
        let notes = |text: &str| text.matches('#').count();
        prop_assert_eq!(notes(&once), notes(&text));
        prop_assert!(once.lines().all(|line| line == line.trim_end() || line.contains(['"', '\''])));
    }
}
