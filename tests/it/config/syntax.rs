//! Faults of TOML itself, as office editors and keyboards make them.

use unicode_normalization::UnicodeNormalization as _;

use super::office::{Office, RULES};

/// What is told about rules that end in these lines.
fn tells(lines: &str) -> String {
    Office::new().append("rules.d/10.toml", lines).tells()
}

macro_rules! broken {
    ($($name:ident: $lines:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(tells($lines));
        })*
    };
}

broken! {
    curly_quotes: "[[rule]]\nid = “họp”\n";
    no_break_space: "[[rule]]\nid\u{a0}= \"hop\"\n";
    accented_key: "[[rule]]\ntên = \"Họp\"\n";
    missing_comma: "[[rule]]\nto = { kind = [\"base-cell\" \"chi bộ\"] }\n";
    missing_closing_quote: "[[rule]]\nname = \"Sinh hoạt chuyên đề\nid = \"a\"\n";
    backslash: "[[rule]]\nname = \"C:\\Quy tắc\"\n";
    duplicate_key: "[[rule]]\nid = \"hop\"\nname = \"Họp\"\nid = \"hop-2\"\n";
    unquoted_text: "[[rule]]\nid = hop\n";
    unquoted_vietnamese: "[[rule]]\nname = Họp chi bộ\n";
    missing_value: "[[rule]]\nid =\n";
    missing_equals: "[[rule]]\nid \"hop\"\n";
    open_bracket: "[[rule]]\nowes = [\"do\"\n";
    open_header: "[[rule]\nid = \"hop\"\n";
    impossible_date: "[[rule]]\nid = \"hop\"\nfrom = 2026-02-30\n";
    plain_prose: "Đây là quy tắc mới của văn phòng\n";
    several_at_once: "[[rule]]\nid = hop\nname = “Họp”\nto = { kind = [\"a\" \"b\"] }\nfrom = 2026-13-01\nuntil = \nfinal = yes\ngrade = vérified\n";
}

/// The caret stands under the same letters however accents are stored.
#[test]
fn the_caret_is_right_with_accents_apart() {
    let line = "name = \"Đảng uỷ Khối các cơ quan\" \"thừa\"\n";
    let apart: String = line.nfd().collect();
    assert_ne!(line, apart);
    insta::assert_snapshot!("caret_composed", tells(&format!("[[rule]]\n{line}")));
    insta::assert_snapshot!("caret_apart", tells(&format!("[[rule]]\n{apart}")));
}

#[test]
fn utf_16_is_told() {
    let bytes: Vec<u8> = RULES.encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(Office::new().with("rules.d/10.toml", bytes).tells());
}

#[test]
fn old_code_pages_are_told() {
    insta::assert_snapshot!(Office::new().with("rules.d/10.toml", b"# ten\nname = \"S\xebi\"\n").tells());
}

#[test]
fn windows_line_ends_and_byte_order_mark_are_fine() {
    let text = format!("\u{feff}{}", RULES.replace('\n', "\r\n"));
    assert_eq!(Office::new().with("rules.d/10.toml", text).tells(), "");
}

#[test]
fn english_is_as_complete() {
    let office =
        Office::new().append("rules.d/10.toml", "[[rule]]\nid = “họp”\nto = { kind = [\"a\" \"b\"] }\n");
    insta::assert_snapshot!(office.tells_in_english());
}
