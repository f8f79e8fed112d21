//! `hold show`: one hold, what can be done about it, and the rule that would have caught its document.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::app::hold;
use crate::app::ports::{Asks, Braked, Choice, HoldKind, HoldRow, HoldView, RequestRow, advice, choices};
use crate::cli::{Exit, Place, print};
use crate::config::Loaded;
use crate::config::draft::{Aim, Conditions, Draft, Found, Specimen, code};
use crate::domain::document::Document;
use crate::domain::ids::HoldId;
use crate::render::pages::hold::kept_back;
use crate::render::pages::words;

/// Everything `hold show --json` tells.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    hold: &'a HoldRow,
    braked: Option<Braked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a RequestRow>,
    commands: Vec<String>,
    rule: Option<&'a str>,
}

/// The bytes of a document that could not be read, as they came, so that a person can see what is wrong.
pub(super) async fn raw(place: &Place, loaded: &Loaded, id: HoldId) -> anyhow::Result<Exit> {
    let Some(store) = place.reader(loaded).await? else { return Ok(Exit::Failed) };
    let Some(raw) = store.hold_raw(id).await? else {
        print::error(&format!(
            "việc chờ số {id} không giữ nguyên văn: chỉ văn bản chắc chắn không mật mà không đọc được mới có"
        ));
        return Ok(Exit::Failed);
    };
    print::raw(&raw);
    Ok(Exit::Done)
}

pub(super) async fn show(place: &Place, loaded: &Loaded, id: HoldId, json: bool) -> anyhow::Result<Exit> {
    let Some(store) = place.reader(loaded).await? else { return Ok(Exit::Failed) };
    let Some(about) = hold::about(store.as_ref(), id, place.now()).await? else {
        print::error(&format!("không có việc chờ số {id}"));
        return Ok(Exit::Failed);
    };
    let commands: Vec<_> = choices(&about.hold).iter().map(|choice| explained(choice, id)).collect();
    let document = about.document.as_ref().filter(|_| about.hold.kind == HoldKind::Unmatched);
    let rule = document.map(|document| rule(document, loaded));
    if json {
        let (hold, request) = (&about.hold, about.request.as_ref());
        print::json(&Shown { hold, braked: about.braked, request, commands, rule: rule.as_deref() })?;
        return Ok(Exit::Done);
    }
    facts(&about, loaded);
    if about.hold.closed.is_none() {
        print::text(&format!("\nCách xử lý: {}.", advice(&about.hold)));
        commands.iter().for_each(|command| print::text(&format!("  {command}")));
    }
    if let Some(rule) = rule {
        print::text(&format!(
            "\nQuy tắc sẽ bắt được văn bản này (sửa lại cho đúng, chép vào rules.d, rồi `vanthu rules check`):\n\n{rule}"
        ));
    }
    Ok(Exit::Done)
}

fn facts(about: &HoldView, loaded: &Loaded) {
    let (hold, calendar) = (&about.hold, &loaded.office.calendar);
    print::text(&format!("Việc chờ số {}, loại {}", hold.id, hold.kind.as_str()));
    print::text(&format!("Vì sao: {}", hold.reason));
    print::text(&format!("Từ lúc: {}", print::instant(Some(hold.opened), calendar)));
    if hold.closed.is_some() {
        print::text(&format!("Đã giải quyết: {}", print::instant(hold.closed, calendar)));
    }
    match about.braked {
        Some(braked) => print::text(&format!(
            "Nguồn: {}; đang giữ {} văn bản, {} thư",
            hold.source, braked.documents, braked.mails
        )),
        None => print::text(&format!("Nguồn: {}, mã ở nguồn {}", hold.source, hold.external_id)),
    }
    if let Some(which) = kept_back(about) {
        print::text(&format!("Văn bản: {which}"));
    }
    for line in mail(about) {
        print::text(&line);
    }
    if let Some(unit) = &hold.unit {
        print::text(&format!("Tổ chức: {unit}"));
    }
    if let Some(request) = &about.request {
        let today = calendar.date_of(request.asked);
        let name = |cell: &str| loaded.office.units.name_on(&cell.into(), today).to_owned();
        print::text(&format!("Đề nghị: {}", words::request(request, calendar, &name)));
        if let Some(moved) = words::moved(request, calendar) {
            print::text(&format!("Hạn: {moved}"));
        }
    }
    if let (Some(number), Some(document)) = (hold.document, &about.document) {
        print::text(&format!("Văn bản: #{number} {}, {}", document.symbol, document.issuer));
        print::text(&format!("Trích yếu: {}", document.subject));
    }
}

/// The mail that a hold is about, in its writer's words, as long as they are kept.
fn mail(about: &HoldView) -> Vec<String> {
    let Some(mail) = &about.mail else { return Vec::new() };
    let from = mail.sender.as_deref().unwrap_or("đã xoá");
    let words =
        mail.text.as_deref().map(str::trim).unwrap_or("(đã xoá theo thời hạn giữ, hoặc không đọc được)");
    let quoted = words.lines().map(|line| format!("  | {line}"));
    std::iter::once(format!("Thư của {from}:")).chain(quoted).collect()
}

/// A command that decides, as it is typed.
pub(super) fn command(choice: &Choice, id: HoldId) -> String {
    let named = match choice.asks {
        Asks::Nothing => "",
        Asks::Cells => " --cells MÃ,MÃ",
        Asks::Document => " --document SỐ",
        Asks::Day => " [--until yyyy-mm-dd]",
    };
    let reason = if choice.reasons { " --reason \"…\"" } else { "" };
    format!("vanthu hold {} {id}{named}{reason}", choice.act.as_str())
}

fn explained(choice: &Choice, id: HoldId) -> String {
    format!("{:<52} {}: {}", command(choice, id), choice.label, choice.effect)
}

/// A rule for documents of this kind and issuer to every cell, with the document as its test.
fn rule(document: &Document, loaded: &Loaded) -> String {
    let symbol = document.parsed_symbol();
    let issuer = symbol.as_ref().and_then(|symbol| symbol.issuer.first().cloned());
    let issuer = issuer.unwrap_or_else(|| document.issuer.clone());
    let kind = symbol.as_ref().and_then(|symbol| symbol.kind.clone()).or_else(|| document.kind_name.clone());
    let name = match &document.kind_name {
        Some(kind) => format!("{kind} của {}", document.issuer),
        None => format!("Văn bản của {}", document.issuer),
    };
    let taken: Vec<_> = loaded.office.ruleset.rules.iter().map(|rule| rule.id.as_str()).collect();
    let today = loaded.office.calendar.date_of(document.received.unwrap_or_default());
    let cells: Vec<_> = loaded.office.units.cells_on(today).collect();
    let kinds: BTreeSet<_> = cells.iter().map(|cell| cell.kind.clone()).collect();
    let draft = Draft {
        id: code(&name, &taken),
        name,
        when: Conditions { issuer: vec![issuer], kind: kind.into_iter().collect(), ..Conditions::default() },
        aim: Aim::To {
            kind: kinds.into_iter().collect(),
            sector: vec![],
            subtree: vec![],
            units: vec![],
            except: vec![],
        },
        role: Some("lead".to_owned()),
        owes: vec!["acknowledge".to_owned(), "report".to_owned()],
        within: Some(1),
        due: Some("document, else 15 working days".to_owned()),
        ladder: loaded.office.ruleset.rules.first().map(|rule| rule.ladder.name.clone()),
        ..Draft::default()
    };
    let day = document.issued.map_or_else(|| "2026-01-01".to_owned(), |day| day.to_string());
    let specimen = Specimen {
        symbol: document.symbol.clone(),
        subject: document.subject.clone(),
        issuer: Some(document.issuer.clone()).filter(|_| symbol.is_none()),
        kind: document.kind_name.clone().filter(|_| symbol.is_none()),
        urgency: None,
        issued: day,
    };
    format!("{}\n{}", draft.rule(), draft.test(&specimen, Found::Cells(cells.len())))
}
