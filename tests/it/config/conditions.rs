//! The language of rules: what its parts are told when they are written wrongly, and how a routing that
//! leans on each of them explains itself.

use super::explain::explain;
use super::office::Office;

macro_rules! broken {
    ($($name:ident: $old:expr => $new:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(Office::new().exchange("rules.d/10.toml", $old, $new).tells());
        })*
    };
}

const WHEN: &str = "when = { ";
const TO: &str = "to = { kind = [\"base-cell\"], sector = [\"administration\"] }";

broken! {
    steering_in_vietnamese: WHEN => "when = { steering = [\"chỉ đạo\"], ";
    days_that_are_none: WHEN => "when = { issued_within = \"một tháng\", ";
    days_in_the_wrong_order: WHEN => "when = { received_from = 2026-06-30, received_until = 2026-01-01, ";
    a_table_within_a_table: WHEN => "when = { any = [{ kin = \"KH\" }, { none = [{ text_ani = \"đại hội\" }] }], ";
    a_table_of_nothing: WHEN => "when = { any = [{}], all = [], ";
    no_list_of_tables: WHEN => "when = { none = \"đại hội\", ";
    a_pattern_within_a_table: WHEN => "when = { any = [{ text_regex = \"Đảng uỷ (khối\" }], ";
    a_tag_nobody_bears: TO => "to = { tag = [\"bien-goi\"], except_tag = [\"xa\"] }";
    receivers_of_another_sort: TO => "to = { direct = \"người nhận\" }";
    a_committee_without_cascade: TO => "to = { units = [\"duk\"] }";
    only_what_is_excepted: TO => "to = { except = [\"duk\"], cascade = true }";
    a_due_that_never_comes_again: "\"document, else 15 working days\"" => "\"document, else monthly on 32\"";
    a_grade_no_cell_can_give: "due = " => "grade = \"replied\"\ndue = ";
}

#[test]
fn a_tag_is_a_code() {
    let office = Office::new().exchange(
        "units.toml",
        "name = \"Chi bộ Trường học\"\n",
        "name = \"Chi bộ Trường học\"\ntags = [\"Biên giới\"]\n",
    );
    insta::assert_snapshot!(office.tells());
}

const RULES: &str = r#"[[rule]]
id = "day-du"
name = "Mọi điều kiện"
to = { tag = ["bien-gioi"], except_tag = ["xa"] }
due = "monthly on last"
ladder = "standard"

  [rule.when]
  issuer = ["Đảng ủy Khối"]
  kind = ["Kế hoạch"]
  symbol = ["KH"]
  urgency = ["normal", "urgent"]
  operation = ["new"]
  source = ["ioffice"]
  steering = ["directive"]
  text_any = ["hòa giải", "đại hội"]
  text_all = ["cơ sở"]
  text_none = ["bãi bỏ"]
  text_regex = "quý (I|II)$"
  issued_from = 2026-01-01
  issued_until = 2026-12-31
  issued_within = "30 days"
  received_from = 2026-01-01
  received_until = 2026-12-31
  all = [{ kind = "KH" }, { accent_free = true, text_any = ["hoa giai"] }]
  any = [{ kind = "NQ" }, { text_any = ["quý I"], none = [{ text_any = ["năm"] }] }]
  none = [{ kind = "GM" }, { text_all = ["hoà giải", "huyện"] }]

[[rule]]
id = "dich-danh"
name = "Gửi đích danh"
when = { steering = "directive" }
to = { direct = "cells", cascade = true, except = ["cb-dien-luc"] }

[[test]]
document = { source = "ioffice", symbol = "7-KH/ĐUK", subject = "Tập huấn HOÀ GIẢI ở cơ sở quý I", issued = 2026-01-14, received = 2026-01-15, urgency = "normal", steering = "directive", addressees = ["ĐẢNG ỦY KHỐI"] }
expect = { cells = ["cb-truong-hoc"] }

[[test]]
document = { symbol = "7/KHX-UBND", subject = "Tập huấn hoá giải", issued = 2025-01-14, received = 2026-01-15, steering = "result" }
expect = { outcome = "unmatched" }
"#;

fn office() -> Office {
    Office::new()
        .exchange("units.toml", "name = \"Đảng uỷ Khối\"\n", "name = \"Đảng uỷ Khối\"\naliases = [\"ĐUK\"]\n")
        .exchange(
            "units.toml",
            "name = \"Chi bộ Trường học\"\n",
            "name = \"Chi bộ Trường học\"\ntags = [\"bien-gioi\"]\n",
        )
        .exchange(
            "units.toml",
            "name = \"Chi bộ Điện lực\"\n",
            "name = \"Chi bộ Điện lực\"\ntags = [\"bien-gioi\", \"xa\"]\n",
        )
        .append("rules.d/10.toml", RULES)
}

#[test]
fn every_condition_explains_itself() {
    let data = office().load().unwrap_or_else(|report| panic!("{report}")).office;
    insta::assert_snapshot!("met", explain(&data, 0, None));
    insta::assert_snapshot!("unmet", explain(&data, 1, None));
    insta::assert_snapshot!("not-chosen", explain(&data, 0, Some("cb-dien-luc")));
}

/// Accents stored apart and the other place of the tone, in the rules and in the documents beside them.
#[test]
fn rules_written_apart_route_alike() {
    use unicode_normalization::UnicodeNormalization as _;
    let plain = office().load().unwrap().office;
    let apart = RULES.replace("hòa", "hoà").replace("ủy", "uỷ").nfd().collect::<String>();
    let other = office().exchange("rules.d/10.toml", RULES, &apart).load().unwrap().office;
    for number in 0..2 {
        let (plain, other) = (explain(&plain, number, None), explain(&other, number, None));
        assert_eq!(plain.lines().next(), other.lines().next());
        assert_eq!(plain.matches('✗').count(), other.matches('✗').count());
    }
}
