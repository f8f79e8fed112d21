use super::*;
use unicode_normalization::UnicodeNormalization;

#[track_caller]
fn check(text: &str, system: System, number: &str, kind: Option<&str>, issuer: &[&str]) {
    for spelling in [text.to_owned(), text.nfd().collect(), format!("Số: {text}"), format!("số {text} ")]
    {
        let symbol = Symbol::parse(&spelling).unwrap_or_else(|| panic!("{spelling} is a symbol"));
        assert_eq!(symbol.number, number, "{spelling}");
        assert_eq!(symbol.kind.as_deref(), kind, "{spelling}");
        assert_eq!(symbol.issuer, issuer, "{spelling}");
        assert_eq!(symbol.system, system, "{spelling}");
    }
}

#[test]
fn party_grammar() {
    use System::Party;
    check("16-ĐA/TU", Party, "16", Some("ĐA"), &["TU"]);
    check("05-NQ/ĐU", Party, "05", Some("NQ"), &["ĐU"]);
    check("399-QĐ/TW", Party, "399", Some("QĐ"), &["TW"]);
    check("12-CTr/ĐUKCCQ&DN", Party, "12", Some("CTr"), &["ĐUKCCQ&DN"]);
    check("367 - QĐ/TWĐTN-VPĐOÀN", Party, "367", Some("QĐ"), &["TWĐTN", "VPĐOÀN"]);
    check("100\u{a0}–\u{a0}KL / TW", Party, "100", Some("KL"), &["TW"]);
    check("18b-CV/BTG.ĐU", Party, "18b", Some("CV"), &["BTG.ĐU"]);
}

#[test]
fn state_grammar() {
    use System::State;
    check("123/QĐ-UBND", State, "123", Some("QĐ"), &["UBND"]);
    check("7816/VPCP-TTĐT", State, "7816", None, &["VPCP", "TTĐT"]);
    check("2020/QĐ-UBND", State, "2020", Some("QĐ"), &["UBND"]);
    check("31/QĐ-TW", State, "31", Some("QĐ"), &["TW"]);
    check("45/TT-NV1", State, "45", None, &["TT", "NV1"]);
    check("9/ABC", State, "9", None, &["ABC"]);
    check("123a/KH - BCĐ389", State, "123a", Some("KH"), &["BCĐ389"]);
}

#[test]
fn legal_documents_carry_the_year() {
    check("30/2020/NĐ-CP", System::State, "30", Some("NĐ"), &["CP"]);
    check("01/2021/TT-BTC", System::State, "01", Some("TT"), &["BTC"]);
    check("117/2025/QH15", System::State, "117", None, &["QH15"]);
    let year = |text| Symbol::parse(text).and_then(|symbol| symbol.year);
    assert_eq!(year("30/2020/NĐ-CP"), Some(2020));
    assert_eq!(year("2020/QĐ-UBND"), None);
}

#[test]
fn case_and_accents_part_the_kinds() {
    let kind = |text| Symbol::parse(text).and_then(|symbol| symbol.kind);
    assert_eq!(kind("1/QyĐ-UBND").as_deref(), Some("QyĐ"));
    assert_eq!(kind("1/DA-UBND").as_deref(), Some("DA"));
    assert_eq!(kind("1/ĐA-UBND").as_deref(), Some("ĐA"));
    assert_eq!(kind("1/TTR-UBND"), None, "no known kind is written so");
}

#[test]
fn what_is_no_symbol() {
    for text in [
        "",
        "Số:",
        "16",
        "16-ĐA",
        "16-ĐA/",
        "ĐA/TU",
        "16-ĐA/TU ngày 5/3",
        "16-ĐA/-TU",
        "123456-QĐ/TU",
        "8bi/QĐ-UBND",
        "30/2020/",
        "30/+202/NĐ-CP",
        "30/1820/NĐ-CP",
        "30/2020/NĐ/CP",
        "30/2020/2021/NĐ-CP",
    ] {
        assert_eq!(Symbol::parse(text), None, "{text}");
    }
}

#[test]
fn tokens_are_whole_and_in_order() {
    let symbol = Symbol::parse("12/BC-ABC-VP").unwrap();
    assert_eq!(symbol.tokens().collect::<Vec<_>>(), ["BC", "ABC", "VP"]);
    let letter = Symbol::parse("7816/VPCP-TTĐT").unwrap();
    assert_eq!(letter.tokens().collect::<Vec<_>>(), ["VPCP", "TTĐT"]);
}

#[test]
fn digits_are_the_printed_ones() {
    let digits = |text| Symbol::parse(text).map(|symbol| symbol.digits().to_owned());
    assert_eq!(digits("05-NQ/ĐU").as_deref(), Some("05"));
    assert_eq!(digits("123a/QĐ-UBND").as_deref(), Some("123"));
    assert_eq!(digits("8bis/QĐ-UBND").as_deref(), Some("8"));
}

#[test]
fn kinds_by_name() {
    for (name, code) in [
        ("Kế hoạch", "KH"),
        ("kế hoạch", "KH"),
        ("KẾ  HOẠCH ", "KH"),
        ("Ke\u{302}\u{301} hoa\u{323}ch", "KH"),
        ("Giấy ủy quyền", "GUQ"),
        ("Bản thỏa thuận", "BTT"),
        ("Đề án", "ĐA"),
        ("Dự án", "DA"),
        ("Quy định", "QyĐ"),
        ("Công văn", "CV"),
        ("Thông tri", "TT"),
        ("Kết luận", "KL"),
    ] {
        assert_eq!(kind_code(name), Some(code), "{name}");
    }
    assert_eq!(kind_code("Thư công"), None);
    assert_eq!(kind_code("ke hoach"), None, "accents part the kinds");
}
