//! One thing that waits for a human, with the decisions it allows.

use super::Setting;
use super::answer::{Field, Input};
use super::desk::{DeskForm, DeskPage, choice, day, field};
use super::words;
use crate::app::ports::{Asked, Asks, Choice, DocumentRow, HoldView, advice, choices};

/// A hold as it stands; `rules` are those that may be used to assign it, by code and name.
pub fn page(setting: &Setting<'_>, about: &HoldView, rules: &[(String, String)], stamp: String) -> DeskPage {
    let hold = &about.hold;
    let allowed = if hold.closed.is_none() { choices(hold) } else { &[] };
    let mut page = DeskPage {
        shell: setting.shell.clone(),
        word: None,
        place: "holds",
        id: hold.id.0,
        title: format!("Việc chờ số {}", hold.id),
        heading: words::hold(hold.kind).to_owned(),
        above: ("/holds".to_owned(), "Tạm giữ".to_owned()),
        facts: facts(setting, about),
        document: hold.document.map(|id| id.0),
        choose: "Cách xử lý",
        advice: Some(advice(hold)),
        forms: allowed.iter().map(|choice| form(choice, rules)).collect(),
        stamp,
        confirm: None,
    };
    page.fill("", &suggested(about));
    page
}

/// The form as a cell's request would fill it in.
fn suggested(about: &HoldView) -> Vec<(&'static str, String)> {
    match about.request.as_ref().map(|request| &request.asks) {
        Some(Asked::Declined { suggested: Some(cell) }) => vec![("cells", cell.to_string())],
        _ => Vec::new(),
    }
}

fn form(offered: &Choice, rules: &[(String, String)]) -> DeskForm {
    let heads = (offered.act.as_str(), offered.label, offered.effect);
    DeskForm::new(heads, fields(offered, rules), offered.reasons)
}

fn fields(offered: &Choice, rules: &[(String, String)]) -> Vec<Field> {
    match offered.asks {
        Asks::Nothing => Vec::new(),
        Asks::Document => {
            let hint = "Số sau dấu #, có ở đầu trang của từng văn bản và ở phần “Vì sao” trên đây.";
            vec![field("document", ("Số trong sổ của văn bản", hint), Input::Number, true)]
        }
        Asks::Day => {
            let hint = "Không ghi là đến ngày chi bộ xin. Ghi ngày/tháng/năm, ví dụ 27/03/2026.";
            vec![field("due", ("Gia hạn đến ngày", hint), Input::Date, false)]
        }
        Asks::Cells => vec![
            field("cells", ("Chi bộ", "Mã hoặc tên, mỗi dòng một chi bộ."), Input::Lines, false),
            choice("rule", "Hoặc giao như quy tắc", "Quy tắc", rules),
            day("due", "Hạn hoàn thành", false),
        ],
    }
}

/// Symbol and issuer, as far as the source gives them: "Thông tin chỉ đạo" has neither.
fn named(symbol: &str, issuer: &str) -> Option<String> {
    let given: Vec<_> = [symbol, issuer].into_iter().filter(|text| !text.is_empty()).collect();
    (!given.is_empty()).then(|| given.join(", "))
}

/// The documents that a brake keeps back, as far as they are listed, in one sentence.
pub fn kept_back(about: &HoldView) -> Option<String> {
    let braked = about.braked?;
    let one = |row: &DocumentRow| {
        let named = named(&row.document.symbol, &row.document.issuer);
        format!(
            "#{} {}“{}”",
            row.id,
            named.map_or_else(String::new, |named| named + ", "),
            row.document.subject
        )
    };
    let mut list: Vec<_> = about.kept_back.iter().map(one).collect();
    let listed = u64::try_from(list.len()).unwrap_or(u64::MAX);
    let more = braked.documents.saturating_sub(listed);
    list.extend((more > 0).then(|| format!("và {} văn bản nữa", words::number(more))));
    (listed > 0).then(|| list.join("; "))
}

fn facts(setting: &Setting<'_>, about: &HoldView) -> Vec<(&'static str, String)> {
    let (hold, mut facts) = (&about.hold, vec![("Vì sao", about.hold.reason.clone())]);
    if let Some(document) = &about.document {
        facts.extend(named(&document.symbol, &document.issuer).map(|named| ("Văn bản", named)));
        facts.push(("Trích yếu", document.subject.clone()));
    }
    if let Some(mail) = &about.mail {
        facts.extend(mail.sender.clone().map(|sender| ("Người viết", sender)));
        facts.extend(mail.text.as_ref().map(|text| ("Lời trong thư", text.trim().to_owned())));
    }
    facts.extend(hold.unit.as_ref().map(|unit| ("Chi bộ", setting.name(unit))));
    if let Some(request) = &about.request {
        let name = |cell: &str| setting.name(&cell.into());
        facts.push(("Đề nghị", words::request(request, setting.calendar, &name)));
        facts.extend(words::moved(request, setting.calendar).map(|moved| ("Hạn", moved)));
        facts.extend(request.actor.clone().map(|actor| ("Người quyết định", actor)));
    }
    if let Some(braked) = about.braked {
        let (documents, mails) = (words::number(braked.documents), words::number(braked.mails));
        facts.push(("Đang giữ", format!("{documents} văn bản, {mails} thư")));
        facts.extend(kept_back(about).map(|which| ("Văn bản", which)));
        facts.push(("Nguồn", hold.source.to_string()));
    } else {
        facts.push(("Ở nguồn", format!("{}, mã {}", hold.source, hold.external_id)));
    }
    let waited = words::waited(setting.now - hold.opened);
    facts.push(("Từ lúc", format!("{} ({waited})", setting.moment(hold.opened))));
    facts.extend(hold.closed.map(|at| ("Đã khép", setting.moment(at))));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_what_the_source_gives() {
        for (symbol, issuer, expected) in [
            ("12-KH/ĐUK", "Đảng uỷ Khối", Some("12-KH/ĐUK, Đảng uỷ Khối")),
            ("", "Đảng uỷ Khối", Some("Đảng uỷ Khối")),
            ("12-KH/ĐUK", "", Some("12-KH/ĐUK")),
            ("", "", None),
        ] {
            assert_eq!(named(symbol, issuer).as_deref(), expected);
        }
    }
}
