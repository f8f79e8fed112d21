//! Writing years: the file of a draft, and the marks of a person's confirmation in a file that is there, whose
//! comments and order stay as they are.

use std::fmt::Write as _;

use chrono::NaiveDate;
use toml_edit::{Datetime, DocumentMut, Item, TomlError, Value};

use crate::domain::calendar::{Draft, weekday_name};

/// By what a year is confirmed, and by whom.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Number of the notice, for example `12729/VPCP-KGVX`.
    pub notice: String,
    /// Its day.
    pub date: Option<NaiveDate>,
    /// Where it can be read.
    pub link: Option<String>,
    /// Who held the file against it.
    pub by: String,
}

/// The file of a draft.
pub fn text(draft: &Draft) -> String {
    let Draft { year, tet, kings, .. } = draft;
    let mut text = format!(
        "#:schema ./year.schema.json
# Ngày nghỉ và ngày làm bù năm {year}, do `vanthu calendar draft {year}` tính sẵn theo Bộ luật Lao động 2019 (Đ111, Đ112)
# và âm lịch Việt Nam: mùng 1 Tết là {}, Giỗ Tổ 10/3 âm lịch là {}.
# Cách chia ngày nghỉ Tết, ngày liền kề 02/09 và các ngày hoán đổi do thông báo chính thức quyết định: sửa các dòng
# dưới đây cho khớp thông báo, rồi
#   vanthu calendar confirm {year} --notice SỐ --date NGÀY --by NGƯỜI
# Holidays of {year} as computed; mend them by the official notice, then confirm.

year = {year}
confirmed = false

[off]
",
        named(*tet),
        named(*kings),
    );
    // Writing to a String cannot fail.
    for day in &draft.off {
        let weekday = weekday_name(day.date);
        writeln!(text, "{} = \"{}\" # {weekday}", day.date, day.name).unwrap_or_default();
    }
    text.push_str(SWAPS);
    for day in &draft.bridges {
        writeln!(text, "# {day} = \"{year}-MM-DD\" # {}, nằm lẻ giữa hai ngày nghỉ", weekday_name(*day))
            .unwrap_or_default();
    }
    text
}

const SWAPS: &str = "
# Hoán đổi: ngày làm việc được nghỉ = \"ngày nghỉ làm bù thay cho nó\". Chỉ ghi khi có thông báo.
# Swaps: working day given off = \"rest day worked instead\". Only as announced.
[swap]
";

fn named(day: NaiveDate) -> String {
    format!("{} {}", weekday_name(day), day.format("%d/%m/%Y"))
}

/// The text of a year with the marks of its confirmation.
///
/// # Errors
/// Text that is not TOML.
pub fn confirmed(text: &str, confirmation: &Confirmation) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let day = |date: NaiveDate| date.to_string().parse::<Datetime>().ok().map(Value::from);
    let values = [
        ("basis", Some(confirmation.notice.as_str().into())),
        ("basis_date", confirmation.date.and_then(day)),
        ("basis_link", confirmation.link.as_deref().map(Value::from)),
        ("confirmed_by", Some(confirmation.by.as_str().into())),
        ("confirmed", Some(true.into())),
    ];
    for (key, value) in values {
        if let Some(value) = value {
            set(&mut document, key, value);
        }
    }
    Ok(document.to_string())
}

/// Sets a key of the top; what stands around an older value stays.
fn set(document: &mut DocumentMut, key: &str, mut value: Value) {
    match document.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            document.insert(key, Item::Value(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confirmation() -> Confirmation {
        Confirmation {
            notice: "9999/TB-BNV".to_owned(),
            date: NaiveDate::from_ymd_opt(2027, 11, 3),
            link: Some("https://example.org/9999".to_owned()),
            by: "Đ/c An".to_owned(),
        }
    }

    #[test]
    fn a_draft_is_a_file_and_its_confirmation_keeps_it() {
        let draft = Draft::new(2028, [true, true, true, true, true, false, false]).unwrap();
        let before = text(&draft);
        insta::assert_snapshot!(before);
        let after = confirmed(&before, &confirmation()).unwrap();
        let lines = similar::TextDiff::from_lines(&before, &after);
        insta::assert_snapshot!("a_confirmation", lines.unified_diff().context_radius(1).to_string());
        assert_eq!(confirmed(&after, &confirmation()).unwrap(), after);
    }

    #[test]
    fn what_people_wrote_beside_a_value_stays() {
        let text = "year = 2026\nconfirmed = false # chờ thông báo\nbasis = \"cũ\" # nháp\n\n[off]\n# Tết\n2026-02-17 = \"Tết\"\n";
        let after = confirmed(text, &confirmation()).unwrap();
        for kept in
            ["confirmed = true # chờ thông báo", "basis = \"9999/TB-BNV\" # nháp", "# Tết\n2026-02-17"]
        {
            assert!(after.contains(kept), "{after}");
        }
        assert!(after.find("confirmed_by").unwrap() < after.find("[off]").unwrap());
        assert!(confirmed("year = ", &confirmation()).is_err());
    }
}
