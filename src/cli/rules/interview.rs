//! The questions of `rules new`, in the order in which an office thinks of a rule: which documents,
//! whom, what is owed, by when, and who is reminded how.

use anyhow::bail;

use super::ask::{Ask, Choice};
use crate::config::draft::{Aim, Conditions, Draft, code};
use crate::config::schema::{Known, shape::Data};
use crate::domain::rule::Ruleset;

/// Asks for a whole rule.
pub fn interview(ask: &mut dyn Ask, known: &Known, ruleset: &Ruleset) -> anyhow::Result<Draft> {
    let name =
        ask.text("Tên quy tắc", "như mọi người vẫn gọi, ví dụ: Báo cáo công tác phát triển đảng viên", "")?;
    if name.trim().is_empty() {
        bail!("quy tắc cần một tên; chưa ghi gì");
    }
    let taken: Vec<&str> = ruleset.rules.iter().map(|rule| rule.id.as_str()).collect();
    let when = conditions(ask, known)?;
    let aim = aim(ask, known)?;
    let draft = Draft { id: code(&name, &taken), name, when, aim, ..Draft::default() };
    match draft.aim {
        Aim::Nobody(_) => Ok(draft),
        Aim::To { .. } => duty(ask, known, draft),
    }
}

fn conditions(ask: &mut dyn Ask, known: &Known) -> anyhow::Result<Conditions> {
    let issuer = ask.text(
        "Cơ quan ban hành",
        "ký hiệu hoặc tên, cách nhau bằng dấu ; – ví dụ TU; ĐUK. Để trống là cơ quan nào cũng được",
        "",
    )?;
    let kinds = choices(known, Data::DocumentKinds);
    let kind = ask.many("Loại văn bản (không chọn là loại nào cũng được)", &kinds, &[])?;
    let words = ask.text(
        "Chữ trong trích yếu",
        "đủ dấu; có một cụm là khớp, cách nhau bằng dấu ; – để trống là không xét",
        "",
    )?;
    let urgencies = words_of(&[
        ("urgent", "khẩn"),
        ("very-urgent", "thượng khẩn"),
        ("express", "hoả tốc"),
        ("express-timed", "hoả tốc hẹn giờ"),
    ]);
    let urgency = ask.many("Chỉ văn bản khẩn? (không chọn là không xét độ khẩn)", &urgencies, &[])?;
    let when = Conditions {
        issuer: parts(&issuer),
        kind: codes(&kinds, &kind),
        text_any: parts(&words),
        urgency: codes(&urgencies, &urgency),
    };
    if when.is_empty() {
        bail!("quy tắc không có điều kiện nào sẽ khớp mọi văn bản; chưa ghi gì");
    }
    Ok(when)
}

fn aim(ask: &mut dyn Ask, known: &Known) -> anyhow::Result<Aim> {
    let ways = words_of(&[
        ("all", "Mọi chi bộ"),
        ("kind", "Theo loại chi bộ và khối ngành"),
        ("subtree", "Một tổ chức và các chi bộ dưới nó"),
        ("units", "Chọn từng chi bộ"),
        ("nobody", "Không giao cho ai, có lý do"),
    ]);
    let way = ask.one("Giao cho ai", &ways)?;
    let kinds = choices(known, Data::CellKinds);
    let all: Vec<usize> = (0..kinds.len()).collect();
    let (mut kind, mut sector, mut subtree, mut units) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    match way {
        0 => kind = codes(&kinds, &all),
        1 => {
            kind = codes(&kinds, &ask.many("Loại chi bộ", &kinds, &all)?);
            let sectors = choices(known, Data::Sectors);
            sector = codes(&sectors, &ask.many("Khối ngành (không chọn là mọi khối)", &sectors, &[])?);
        }
        2 => {
            let all_units = choices(known, Data::Units);
            subtree = codes(&all_units, &[ask.one("Tổ chức", &all_units)?]);
        }
        3 => {
            let cells = choices(known, Data::Cells);
            units = codes(&cells, &ask.many("Chi bộ", &cells, &[])?);
            if units.is_empty() {
                bail!("chưa chọn chi bộ nào; chưa ghi gì");
            }
        }
        _ => return Ok(Aim::Nobody(reason(ask)?)),
    }
    let except = if way == 3 { Vec::new() } else { except(ask, known)? };
    Ok(Aim::To { kind, sector, subtree, units, except })
}

fn reason(ask: &mut dyn Ask) -> anyhow::Result<String> {
    let because = ask.text("Vì sao không giao", "lý do sẽ hiện trên bảng theo dõi", "")?;
    if because.trim().is_empty() {
        bail!("cần một lý do; chưa ghi gì");
    }
    Ok(because)
}

fn except(ask: &mut dyn Ask, known: &Known) -> anyhow::Result<Vec<String>> {
    if !ask.yes("Có trừ ai không?")? {
        return Ok(Vec::new());
    }
    let units = choices(known, Data::Units);
    Ok(codes(&units, &ask.many("Trừ những tổ chức nào", &units, &[])?))
}

fn duty(ask: &mut dyn Ask, known: &Known, draft: Draft) -> anyhow::Result<Draft> {
    let roles = words_of(&[("lead", "chủ trì"), ("support", "phối hợp"), ("inform", "để biết")]);
    let role = ask.one("Vai trò của chi bộ", &roles)?;
    let owed =
        words_of(&[("acknowledge", "xác nhận đã nhận"), ("do", "thực hiện"), ("report", "báo cáo kết quả")]);
    let usual: &[usize] = if role == 2 { &[0] } else { &[0, 2] };
    let owes = codes(&owed, &ask.many("Chi bộ phải làm gì", &owed, usual)?);
    let within = ask.text("Xác nhận đã nhận trong mấy ngày làm việc", "một con số", "1")?;
    let within = Some(number(&within)?);
    let due = due(ask)?;
    let ladder = Some(ladder(ask, known, if role == 2 { "inform" } else { "standard" })?);
    Ok(Draft { role: roles.get(role).map(|role| role.code.clone()), owes, within, due, ladder, ..draft })
}

/// A ladder; the usual one stands first.
fn ladder(ask: &mut dyn Ask, known: &Known, usual: &str) -> anyhow::Result<String> {
    let mut ladders = choices(known, Data::Ladders);
    ladders.sort_by_key(|ladder| ladder.code != usual);
    if ladders.is_empty() {
        bail!("chưa có bậc nhắc nào; khai [[ladder]] trước (xem rules.d/10-chung.toml)");
    }
    let chosen = ask.one("Nhắc theo bậc nào", &ladders)?;
    Ok(ladders.swap_remove(chosen).code)
}

fn due(ask: &mut dyn Ask) -> anyhow::Result<Option<String>> {
    let ways = words_of(&[
        ("document", "Hạn ghi trên hệ thống; không có thì sau một số ngày làm việc"),
        ("text", "Hạn ghi trên hệ thống, rồi hạn đọc trong trích yếu, rồi sau một số ngày làm việc"),
        ("fixed", "Một ngày cố định"),
        ("none", "Không có hạn"),
    ]);
    let way = ask.one("Hạn xong", &ways)?;
    match way {
        0 | 1 => {
            let days = number(&ask.text("Sau mấy ngày làm việc", "một con số", "15")?)?;
            let unit = if days == 1 { "day" } else { "days" };
            let sources = if way == 0 { "document" } else { "document, else text" };
            Ok(Some(format!("{sources}, else {days} working {unit}")))
        }
        2 => {
            let written = ask.text("Ngày nào", "dd/mm/yyyy", "")?;
            let day = chrono::NaiveDate::parse_from_str(written.trim(), "%d/%m/%Y");
            let day =
                day.map_err(|_| anyhow::anyhow!("“{written}” không phải ngày dd/mm/yyyy; chưa ghi gì"))?;
            Ok(Some(format!("fixed {day}")))
        }
        _ => Ok(None),
    }
}

fn number(written: &str) -> anyhow::Result<u16> {
    let number = written.trim().parse::<u16>().ok().filter(|number| *number > 0);
    number.ok_or_else(|| anyhow::anyhow!("“{written}” không phải số ngày; chưa ghi gì"))
}

fn choices(known: &Known, data: Data) -> Vec<Choice> {
    let named = |name: String, code: &String| if name.is_empty() { code.clone() } else { name };
    known
        .list(data)
        .into_iter()
        .map(|entry| Choice::new(entry.code.clone(), named(entry.name, &entry.code)))
        .collect()
}

fn words_of(words: &[(&str, &str)]) -> Vec<Choice> {
    words.iter().map(|(code, name)| Choice::new(*code, *name)).collect()
}

fn codes(choices: &[Choice], chosen: &[usize]) -> Vec<String> {
    chosen.iter().filter_map(|place| choices.get(*place)).map(|choice| choice.code.clone()).collect()
}

fn parts(written: &str) -> Vec<String> {
    written.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
