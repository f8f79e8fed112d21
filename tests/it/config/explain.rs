//! The reasons of a routing, as a clerk reads them.

use vanthu::config::{Office as Data, rules_test};
use vanthu::domain::ids::UnitId;
use vanthu::render::explain::Explanation;

use super::office::Office;

const MORE: &str = r#"[[rule]]
id = "doanh-nghiep"
name = "Riêng doanh nghiệp"
when = { issuer = ["TU"], text_any = ["doanh nghiệp"], text_none = ["đại hội"] }
to = { sector = "enterprise" }
final = true

[[rule]]
id = "giay-moi"
name = "Giấy mời"
when = { kind = "GM" }
nobody = "văn phòng tự báo lịch"

[[test]]
document = { symbol = "1-KH/TU", subject = "Kế hoạch sinh hoạt chuyên đề quý I", issued = 2026-01-15 }
expect = { cells = 1 }

[[test]]
document = { symbol = "2-CV/TU", subject = "Công tác đảng trong doanh nghiệp", issued = 2026-01-15 }
expect = { cells = 1 }

[[test]]
document = { symbol = "3-GM/TU", subject = "Mời họp", issued = 2026-01-15 }
expect = { outcome = "nobody" }

[[test]]
document = { symbol = "4-CV/UBND", subject = "Việc khác", issued = 2026-01-15 }
expect = { outcome = "unmatched" }
"#;

/// The explanation of the tests above, by number.
pub fn explain(data: &Data, number: usize, cell: Option<&str>) -> String {
    let tested = rules_test::run(data);
    let explanation = Explanation {
        trace: &tested[number].trace,
        ruleset: &data.ruleset,
        units: &data.units,
        calendar: &data.calendar,
        now: data.calendar.opening(tested[number].test.received),
    };
    let text = cell.map_or_else(|| explanation.text(), |cell| explanation.cell(&UnitId::from(cell)));
    text.replace(&data.ruleset.hash, "HASH")
}

fn data() -> Data {
    Office::new().append("rules.d/10.toml", MORE).load().unwrap_or_else(|report| panic!("{report}")).office
}

#[test]
fn every_rule_and_cell_has_its_reason() {
    insta::assert_snapshot!(explain(&data(), 0, None));
}

#[test]
fn a_final_rule_ends_the_reading() {
    insta::assert_snapshot!(explain(&data(), 1, None));
}

#[test]
fn nobody_on_purpose_and_by_nobody() {
    insta::assert_snapshot!("nobody", explain(&data(), 2, None));
    insta::assert_snapshot!("unmatched", explain(&data(), 3, None));
}

#[test]
fn a_cell_asks_why_or_why_not() {
    let data = data();
    let asked = [(0, "cb-truong-hoc"), (0, "cb-dien-luc"), (1, "cb-truong-hoc"), (2, "duk"), (3, "cb-khac")];
    let answers: Vec<_> = asked.iter().map(|(number, cell)| explain(&data, *number, Some(cell))).collect();
    insta::assert_snapshot!(answers.join("\n"));
}
