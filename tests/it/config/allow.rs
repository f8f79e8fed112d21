//! Allowed warnings: what is hidden, what is not, and what machines still see.

use vanthu::config::code::Code;
use vanthu::config::sarif;
use vanthu::config::settings::Language;

use super::base;

const EXPIRED: &str = r#"[[rule]]
id = "cu"
name = "Quy tắc cũ"
when = { kind = ["CV"] }
to = { kind = ["base-cell"] }
until = 2025-12-31

[[test]]
document = { symbol = "1-CV/TU", subject = "Việc cũ", issued = 2025-06-02 }
expect = { rule = "cu" }
"#;

fn with(comment: &str) -> vanthu::config::Report {
    base::examine(&base::office().with("rules.d/50.toml", format!("{comment}{EXPIRED}")))
}

#[test]
fn an_allowed_warning_is_neither_shown_nor_counted() {
    let report = with("# vanthu: allow VT111 – giữ lại để đối chiếu\n");
    assert_eq!((report.errors(), report.warnings()), (0, 0), "{report}");
    assert_eq!(report.render(Language::Vi, false), "");
    let allowed: Vec<_> = report.diagnostics.iter().filter_map(|finding| finding.allowed.clone()).collect();
    assert_eq!(allowed, ["giữ lại để đối chiếu".into()]);
}

#[test]
fn machines_see_it_with_its_reason() {
    let report = with("# vanthu: allow VT111 – giữ lại để đối chiếu\n");
    assert_eq!(report.to_json(Language::Vi)[0]["allowed"], "giữ lại để đối chiếu");
    let result = &sarif::log(&report, Language::Vi)["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0]["justification"], "giữ lại để đối chiếu");
}

/// Other comments may stand between, other dashes and colons are as good, and case is not.
#[test]
fn forms() {
    let fine = [
        "# vanthu: allow VT111 - lý do\n",
        "#vanthu: allow VT111: lý do\n",
        "  # vanthu:  allow  VT111 — lý do\n# Quy tắc của năm ngoái.\n",
        "# vanthu: allow VT111 lý do\n",
    ];
    for comment in fine {
        assert_eq!(base::codes(&with(comment)), [], "{comment}");
    }
    let wrong = [
        ("# vanthu: allow VT111 –\n", Code::AllowWithoutReason),
        ("# vanthu: allow vt111 – lý do\n", Code::AllowUnknown),
        ("# vanthu: allow\n", Code::AllowUnknown),
        ("# vanthu: allow VT020 – lý do\n", Code::AllowError),
    ];
    for (comment, code) in wrong {
        assert!(base::codes(&with(comment)).contains(&code), "{comment}");
    }
}

/// Text of several lines is no comment, and an allowance ends with its entry.
#[test]
fn only_comments_above_the_entry_count() {
    let inside = "[[rule]]\nid = \"chu\"\nname = \"\"\"Chữ\n# vanthu: allow VT111 – trong chuỗi\n\"\"\"\nwhen = { kind = [\"TB\"] }\nto = { kind = [\"base-cell\"] }\n\n";
    assert_eq!(base::codes(&with(inside)), [Code::Expired]);
    let above_another = "# vanthu: allow VT111 – quy tắc khác\n[[rule]]\nid = \"khac\"\nname = \"Khác\"\nwhen = { kind = [\"TB\"] }\nto = { kind = [\"base-cell\"] }\n\n";
    assert_eq!(base::codes(&with(above_another)), [Code::Expired, Code::AllowUnused]);
}
