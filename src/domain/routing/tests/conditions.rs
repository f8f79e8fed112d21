//! Every condition with a document that meets it, one that does not, and the one a clerk would take for
//! a hit.

use super::*;

struct Case {
    when: When,
    hit: Document,
    miss: Document,
    near: Document,
}

#[track_caller]
fn check(name: &str, case: Case) {
    for (document, expected) in [(&case.hit, true), (&case.miss, false), (&case.near, false)] {
        let trace = run(vec![rule("r", case.when.clone(), everyone())], document);
        let checks = &trace.rules[0].checks;
        assert_eq!(trace.outcome != Outcome::Unmatched, expected, "{name}: {document:#?} {checks:#?}");
        assert_eq!(checks.iter().all(|check| check.met), expected, "{name}");
    }
}

fn paper() -> Document {
    document("12-KH/ĐUK", "Kế hoạch sinh hoạt chuyên đề quý I")
}

fn with(change: impl Fn(&mut Document)) -> Document {
    let mut document = paper();
    change(&mut document);
    document
}

fn subject(subject: &str) -> Document {
    document("12-KH/ĐUK", subject)
}

#[test]
fn issuer_by_token_name_and_alias() {
    let when = |issuer: &str| When { issuer: words(&[issuer]), ..When::default() };
    let named = |symbol: &str, issuer: &str| {
        with(|paper| (paper.symbol, paper.issuer) = (symbol.into(), issuer.into()))
    };
    let cases = [
        ("ĐUK", paper(), named("12-KH/TU", "Tỉnh uỷ"), named("12-KH/ĐUKX", "")),
        ("TU", named("1-NQ/TU", ""), paper(), named("1-NQ/TUĐ", "Tỉnh đoàn")),
        ("ĐA", named("1-NQ/ĐA", ""), paper(), named("1-NQ/DA", "")),
        ("Tỉnh ủy", named("", "TỈNH UỶ"), paper(), named("", "Tỉnh uý")),
        // Names and aliases of one unit stand for each other, whichever the document uses.
        ("duk", named("", "Đảng ủy Khối các cơ quan"), named("", "Đảng uỷ"), named("", "Đảng uỷ Khối")),
        ("Tên duk", named("1-KH/ĐUK", ""), named("1-KH/TU", ""), named("1-KH/DUK", "")),
    ];
    for (wanted, hit, miss, near) in cases {
        check(wanted, Case { when: when(wanted), hit, miss, near });
    }
}

#[test]
fn kind_by_abbreviation_and_name() {
    let when = |kind: &str| When { kind: words(&[kind]), ..When::default() };
    let named = |symbol: &str, kind: Option<&str>| {
        with(|paper| {
            paper.symbol = symbol.to_owned();
            paper.kind_name = kind.map(str::to_owned);
        })
    };
    let cases = [
        ("KH", paper(), named("1-HD/TU", None), named("1-KHX/TU", None)),
        ("ĐA", named("16-ĐA/TU", None), paper(), named("16-DA/TU", None)),
        ("Giấy mời", named("", Some("GIẤY MỜI")), paper(), named("", Some("Giấy mới"))),
        ("kế hoạch", paper(), named("1-HD/TU", None), named("12-KH/ĐUK", Some("Hướng dẫn"))),
        // The Party writes QĐ for both; only the name can tell a Quyết định from a Quy định.
        ("Quy định", named("399-QĐ/TW", None), paper(), named("399-QĐ/TW", Some("Quyết định"))),
    ];
    for (wanted, hit, miss, near) in cases {
        check(wanted, Case { when: when(wanted), hit, miss, near });
    }
}

#[test]
fn whole_tokens_of_the_symbol() {
    let when = When { symbol: words(&["BC", "TTr"]), ..When::default() };
    let symbol = |symbol: &str| document(symbol, "x");
    let case = |near| Case { when: when.clone(), hit: symbol("15-BC/TU"), miss: paper(), near: symbol(near) };
    ["15/ABC-UBND", "15-BCX/TU", "15-TTR/TU", "15-bc/TU"]
        .into_iter()
        .for_each(|near| check(near, case(near)));
}

#[test]
fn urgency_operation_source_and_steering() {
    let near = |change: fn(&mut Document)| with(change);
    check(
        "urgency",
        Case {
            when: When { urgency: vec![Urgency::Express], ..When::default() },
            hit: with(|paper| paper.urgency = Urgency::Express),
            miss: paper(),
            near: near(|paper| paper.urgency = Urgency::ExpressTimed),
        },
    );
    check(
        "operation",
        Case {
            when: When { operation: vec![Operation::Update], ..When::default() },
            hit: with(|paper| paper.operation = Operation::Update),
            miss: paper(),
            near: near(|paper| paper.operation = Operation::Replace),
        },
    );
    check(
        "source",
        Case {
            when: When { source: vec!["vxp".into()], ..When::default() },
            hit: with(|paper| paper.source = "vxp".into()),
            miss: paper(),
            near: near(|paper| paper.source = "VXP".into()),
        },
    );
    check(
        "steering",
        Case {
            when: When { steering: vec![Steering::Directive], ..When::default() },
            hit: with(|paper| paper.steering = Steering::Directive),
            miss: paper(),
            near: near(|paper| paper.steering = Steering::Result),
        },
    );
}

#[test]
fn texts_as_whole_words_in_subject_and_content() {
    let any = |phrase: &str| When { text_any: words(&[phrase]), ..When::default() };
    let content = |text: &str| with(|paper| paper.content = Some(text.to_owned()));
    let text = |when, hit, miss, near| Case { when, hit, miss, near };
    check("any", text(any("chuyên đề"), paper(), subject("Báo cáo"), subject("chuyên đềN")));
    check("accents", text(any("bản"), subject("văn bản"), paper(), subject("văn bàn")));
    check(
        "either place of the tone",
        text(any("hòa giải"), subject("hoà giải"), paper(), subject("hoa giải")),
    );
    check("content", text(any("đại hội"), content("họp đại hội chi bộ"), paper(), content("đại  hộii")));
    // The subject ends with "quý I": a phrase is not found across the seam.
    check("seam", text(any("quý I năm"), content("quý I năm nay"), paper(), content("năm nay")));
    let all = When { text_all: words(&["chuyên đề", "quý I"]), ..When::default() };
    check("all", text(all, paper(), subject("Báo cáo"), subject("chuyên đề quý II")));
    let none = When { text_none: words(&["quý I"]), ..When::default() };
    check("none", text(none.clone(), subject("quý II"), paper(), subject("tháng 1, QUÝ I")));
    let bare = When { accent_free: true, ..any("dai hoi") };
    check("accent-free", text(bare, subject("ĐẠI HỘI"), paper(), subject("đạihội")));
}

#[test]
fn patterns_meet_the_key() {
    let regex = |pattern| When { text_regex: Some(regex::Regex::new(pattern).unwrap()), ..When::default() };
    check(
        "hinted",
        Case {
            when: regex("báo cáo .*(tháng|quý)"),
            hit: subject("BÁO CÁO kết quả quý II"),
            miss: paper(),
            near: subject("báo cáo kết quả năm"),
        },
    );
    check(
        "unhinted",
        Case {
            when: regex(r"\b[0-9]{3}\b"),
            hit: subject("221 chi bộ"),
            miss: paper(),
            near: subject("2210 đảng viên"),
        },
    );
    let bare = When { accent_free: true, ..regex("bao cao [0-9]+") };
    check(
        "accent-free",
        Case { when: bare, hit: subject("Báo cáo 5"), miss: paper(), near: subject("Báo cháo 5") },
    );
}

#[test]
fn days_of_issue_and_receipt() {
    let issued = |text: &str| with(|paper| paper.issued = Some(day(text)));
    let received = |text: &str| {
        let at = calendar().opening(day(text));
        with(|paper| paper.received = Some(at))
    };
    let from = Some(day("2026-01-10"));
    let unknown = with(|paper| paper.issued = None);
    check(
        "issued_from",
        Case {
            when: When { issued_from: from, ..When::default() },
            hit: issued("2026-01-10"),
            miss: unknown.clone(),
            near: issued("2026-01-09"),
        },
    );
    check(
        "issued_until",
        Case {
            when: When { issued_until: from, ..When::default() },
            hit: issued("2026-01-10"),
            miss: unknown,
            near: issued("2026-01-11"),
        },
    );
    check(
        "received_from",
        Case {
            when: When { received_from: from, ..When::default() },
            hit: received("2026-01-10"),
            miss: received("2025-12-01"),
            near: received("2026-01-09"),
        },
    );
    check(
        "received_until",
        Case {
            when: When { received_until: from, ..When::default() },
            hit: received("2026-01-10"),
            miss: received("2026-02-01"),
            near: received("2026-01-11"),
        },
    );
    // Received on 15 January.
    check(
        "issued_within",
        Case {
            when: When { issued_within: Some(5), ..When::default() },
            hit: issued("2026-01-10"),
            miss: issued("2026-01-09"),
            near: issued("2026-01-16"),
        },
    );
}

#[test]
fn tables_of_conditions_nest() {
    let kind = |kind: &str| When { kind: words(&[kind]), ..When::default() };
    let says = |phrase: &str| When { text_any: words(&[phrase]), ..When::default() };
    let both = |left: When, right: When| When { all: vec![left, right], ..When::default() };
    let plan = |text| document("12-KH/ĐUK", text);
    let any = When { any: vec![both(kind("KH"), says("đại hội")), kind("NQ")], ..When::default() };
    check(
        "any",
        Case {
            when: any,
            hit: document("1-NQ/TU", "x"),
            miss: document("1-BC/TU", "đại hội"),
            near: plan("chuyên đề"),
        },
    );
    let none =
        When {
            kind: words(&["KH"]), none: vec![both(says("đại hội"), says("chi bộ"))], ..When::default()
        };
    check(
        "none",
        Case {
            when: none,
            hit: plan("đại hội đảng bộ"),
            miss: document("1-NQ/TU", "x"),
            near: plan("đại hội chi bộ"),
        },
    );
    let deep = When {
        any: vec![When { any: vec![both(says("một"), says("hai"))], ..When::default() }],
        ..When::default()
    };
    check("deep", Case { when: deep, hit: plan("hai, một"), miss: plan("ba"), near: plan("một, ba") });
}

#[test]
fn a_check_shows_what_was_written_and_what_was_compared() {
    let paper = with(|paper| paper.subject = "Đảng ủy\u{a0}HÒA giải".to_owned());
    let when = When {
        text_any: words(&["hoà giải", "thuỷ lợi"]),
        any: vec![When { symbol: words(&["KH"]), ..When::default() }],
        ..When::default()
    };
    let trace = run(vec![rule("r", when, everyone())], &paper);
    let [text, table] = trace.rules[0].checks.as_slice() else { panic!("{trace:?}") };
    assert_eq!(text.expected, "hoà giải | thuỷ lợi");
    assert_eq!(text.actual, "Đảng ủy\u{a0}HÒA giải");
    assert_eq!(text.folded.as_deref(), Some("đảng uỷ hoà giải"));
    assert_eq!(text.hits, ["hoà giải"]);
    assert_eq!((table.condition, table.parts.len(), table.parts[0].met), ("any", 1, true));
    assert_eq!(table.parts[0].checks[0].actual, "12-KH/ĐUK");
}
