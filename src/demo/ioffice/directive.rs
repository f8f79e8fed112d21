//! The module "Thông tin chỉ đạo": nothing counts its rows, its text is HTML, nothing says how secret it is, and
//! it alone tells who has looked.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::answer::{Reply, Request};
use super::document::{FakeDirective, FakeFile, FakeReceiver};
use super::wire::{self, local};
use super::world::World;

/// What is asked by a POST: the two lists and the receivers.
pub(super) fn asked(world: &World, request: &Request<'_>, call: &str) -> Reply {
    match call {
        "getlistreceive" => list(world, request, false),
        "getlistsend" => list(world, request, true),
        "getuserreceiver" => receivers(world, request),
        _ => Reply::bare(404),
    }
}

fn paged<T>(world: &World, request: &Request<'_>, all: Vec<T>, row: impl Fn(T) -> Value) -> Reply {
    let Some(page) = request.page() else { return Reply::bare(400) };
    let size = request.page_size(world);
    let rows = all.into_iter().skip(page.saturating_mul(size)).take(size);
    Reply::ok(wire::success(&wire::nothing_or(rows.map(row).collect())))
}

fn list(world: &World, request: &Request<'_>, is_sent: bool) -> Reply {
    let day = |name| NaiveDate::parse_from_str(request.text(name), "%d/%m/%Y").ok();
    let (from, until) = (day("startDate"), day("endDate"));
    let mut all = world.directives(is_sent);
    all.retain(|directive| {
        let day = local(directive.received).date();
        from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
    });
    paged(world, request, all, |directive| {
        json!({
            "id": directive.id.to_string(),
            "tieuDe": wire::escape(directive.id, &directive.title),
            "parentId": "0",
            "ngayNhan": moment(directive.received),
            "nguoiGui": directive.sender,
            "fileCount": directive.files.len().to_string(),
            "isRead": "FALSE",
        })
    })
}

fn receivers(world: &World, request: &Request<'_>) -> Reply {
    let id = request.text("id").parse().ok();
    let Some(directive) = id.and_then(|id| world.directive(id)) else {
        return Reply::ok(wire::success(&json!("")));
    };
    let now = world.now();
    let all: Vec<(usize, &FakeReceiver)> = directive.receivers.iter().enumerate().collect();
    paged(world, request, all, |(index, receiver)| {
        let seen = receiver.seen.filter(|seen| *seen <= now);
        json!({
            "id": (index + 1).to_string(),
            "fullName": receiver.full_name,
            "unitName": wire::escape(directive.id, &receiver.unit),
            "email": receiver.email,
            "ngayNhan": moment(directive.received),
            // The real system says "null" in place of a date it does not have.
            "ngayXem": seen.map_or_else(|| "null".to_owned(), moment),
        })
    })
}

/// What is asked by a GET about one directive.
pub(super) fn one(world: &World, call: &str, id: &str) -> Reply {
    let Ok(id) = id.parse() else { return Reply::bare(400) };
    let Some(directive) = world.directive(id) else { return Reply::ok(wire::success(&json!(""))) };
    let data = match call {
        "getdetail" => detail(directive),
        "getfiles" => files(directive),
        "getflow" => json!(""),
        _ => return Reply::bare(404),
    };
    Reply::ok(wire::success(&data))
}

fn detail(directive: &FakeDirective) -> Value {
    let mut detail = json!({"id": directive.id, "noiDung": directive.html});
    if let Some(secrecy) = &directive.secrecy {
        detail["doMat"] = json!(secrecy);
    }
    detail
}

fn files(directive: &FakeDirective) -> Value {
    let file = |(index, file): (usize, &FakeFile)| json!({"name": file.name, "hdd": "0", "attachmentId": format!("{}9{index}", directive.id)});
    wire::nothing_or(directive.files.iter().enumerate().map(file).collect())
}

fn moment(at: DateTime<Utc>) -> String {
    local(at).format("%d/%m/%Y %H:%M").to_string()
}
