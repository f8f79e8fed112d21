//! The `config` crate turns one type into another in silence. Each of its coercions is refused.

use vanthu::config::code::Code;

use super::office::Office;

#[test]
fn coercions_are_refused() {
    let cases = [
        // What config 0.15 would make of it: true, true, 465, 2, "8080", "0.5", 1, 0.
        ("mail", "any_hour = \"yes\"", Code::WrongType),
        ("mail", "show_subject = 1", Code::WrongType),
        ("mail.transport", "sessions = \"4\"", Code::WrongType),
        ("mail.transport", "sessions = 1.9", Code::WrongType),
        ("office", "phone = 8080", Code::WrongType),
        ("office", "phone = 0.5", Code::WrongType),
        ("office", "phone = true", Code::WrongType),
        ("mail.transport", "sessions = true", Code::WrongType),
        ("mail.transport", "sessions = -1", Code::BadValue),
        ("mail", "stop_words = \"mật\"", Code::WrongType),
        ("office", "language = \"VI\"", Code::UnknownWord),
        ("mail", "waits = [60]", Code::WrongType),
    ];
    for (section, line, expected) in cases {
        let settings = format!("[{section}]\n{line}\n");
        let report = Office::new().with("vanthu.toml.d/10.toml", settings).report();
        let found: Vec<_> = report.diagnostics.iter().map(|finding| finding.code).collect();
        assert_eq!(found, [expected], "{line}: {report}");
        let place = report.diagnostics[0].place.to_string();
        assert_eq!(place, "vanthu.toml.d/10.toml:2", "{line}");
    }
}

#[test]
fn variables_are_typed_by_what_is_wanted() {
    let cases = [
        ("VANTHU_MAIL__ANY_HOUR", "yes", Code::WrongType),
        ("VANTHU_MAIL__TRANSPORT__SESSIONS", "1.9", Code::WrongType),
        ("VANTHU_MAIL__TRANSPORT__PORT", "70000", Code::BadValue),
        ("VANTHU_OFFICE__LANGUAGE", "VI", Code::UnknownWord),
    ];
    for (name, value, expected) in cases {
        let report = Office::new().env(name, value).report();
        let found: Vec<_> =
            report.diagnostics.iter().map(|finding| (finding.code, finding.place.to_string())).collect();
        assert_eq!(found, [(expected, name.to_owned())], "{report}");
    }
}
