//! The proper answer to each request.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::directive;
use super::wire;
use super::world::{Session, World};

/// A request, taken apart.
pub(super) struct Request<'a> {
    pub is_post: bool,
    /// The path below the API address.
    pub path: &'a str,
    pub token: Option<&'a str>,
    pub body: Value,
}

/// A status code and a body; the body of anything but 200 is empty.
pub(super) struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(super) fn bare(status: u16) -> Self {
        Self { status, body: Value::Null }
    }
}

impl Request<'_> {
    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Rows of a page, as many as are asked for within what the server gives.
    pub(super) fn page_size(&self, world: &World) -> usize {
        self.text("pageRec").parse().unwrap_or(10).clamp(1, world.page_cap)
    }

    /// The page from 0; `None` if the request names none.
    pub(super) fn page(&self) -> Option<usize> {
        self.text("pageNo").parse::<usize>().ok().and_then(|page| page.checked_sub(1))
    }
}

/// Answers a request. Every path ends with `/`; a path without it is not found, as in the real one.
pub(super) fn answer(world: &mut World, request: &Request<'_>) -> Reply {
    let Some(path) = request.path.strip_suffix('/') else { return Reply::bare(404) };
    let segments: Vec<&str> = path.split('/').collect();
    if let (true, ["login", version @ ..]) = (request.is_post, segments.as_slice()) {
        return log_in(world, request, version);
    }
    let Some(session) = world.session(request.token) else { return Reply::bare(401) };
    match (request.is_post, segments.as_slice()) {
        (true, ["incommingdocument", "sendcomment"]) => comment(world, request, &session),
        (true, ["shared", "integration", "doc", "receive_status"]) => status(world, request, &session),
        (true, ["document", "paginglookupbyparam"]) => lookup(world, request, &session, true),
        (true, ["document", "getlistlookupbyparam"]) => lookup(world, request, &session, false),
        (true, ["information", call]) => directive::asked(world, request, call),
        (false, ["information", call, id]) => directive::one(world, call, id),
        (true, ["document", call]) => list(world, request, call, &session),
        (false, ["switch", userid]) => switch(world, userid, &session),
        (false, [group, call, id]) => one(world, &[*group, *call], id, &session),
        _ => Reply::bare(404),
    }
}

fn log_in(world: &mut World, request: &Request<'_>, version: &[&str]) -> Reply {
    let names_device = ["device", "language", "type"].iter().all(|name| !request.text(name).is_empty());
    match version {
        [] => {}
        ["v3" | "v6"] if names_device => {}
        ["v3" | "v6"] => return Reply::bare(400),
        _ => return Reply::bare(404),
    }
    let found = world.accounts.iter().position(|account| {
        account.username == request.text("username") && account.password == request.text("password")
    });
    let Some((index, account)) = found.and_then(|index| Some((index, world.accounts.get(index)?.clone())))
    else {
        return Reply::ok(wire::refusal("1", "Tên đăng nhập hoặc mật khẩu không đúng"));
    };
    if account.otp && version == ["v6"] {
        return Reply::ok(wire::success(&json!({"token": "", "isOtp": "TRUE"})));
    }
    let posts: Vec<_> =
        account.posts.iter().map(|post| json!({"userid": post.userid, "name": post.name})).collect();
    Reply::ok(wire::success(&json!({
        "token": world.open_session(index, None),
        "fullName": "Tài khoản dịch vụ",
        "unitName": "Văn phòng Đảng uỷ Khối",
        "agent": "1",
        "kho": ["Văn bản đến chờ xử lý"],
        "switchUser": wire::nothing_or(posts),
    })))
}

fn switch(world: &mut World, userid: &str, session: &Session) -> Reply {
    let known = world
        .accounts
        .get(session.account)
        .is_some_and(|account| account.posts.iter().any(|post| post.userid == userid));
    if !known {
        return Reply::ok(wire::refusal("1", "Không có quyền chuyển"));
    }
    let token = world.open_session(session.account, Some(userid.to_owned()));
    Reply::ok(wire::success(&json!({"token": token})))
}

fn list(world: &World, request: &Request<'_>, call: &str, session: &Session) -> Reply {
    let Some(call) = call.strip_suffix("document") else { return Reply::bare(404) };
    let size = request.page_size(world);
    let post = session.post.as_deref();
    if let (Some(name), "-1") = (call.strip_prefix("getpaging"), request.text("pageNo")) {
        let rows = world.list(name, post).len();
        let counts = json!({"pageNo": rows.div_ceil(size).to_string(), "pageRec": rows.to_string()});
        return Reply::ok(wire::success_by_number(&counts));
    }
    let (Some(name), Some(page)) = (call.strip_prefix("getlist"), request.page()) else {
        return Reply::bare(400);
    };
    let rows = world.list(name, post);
    let rows = rows.into_iter().skip(page.saturating_mul(size)).take(size);
    Reply::ok(wire::success(&wire::nothing_or(rows.map(|(row, read)| wire::row(row, read)).collect())))
}

/// Looks documents up by their day of issue; the other fields of the filter are not looked at.
fn lookup(world: &World, request: &Request<'_>, session: &Session, counts: bool) -> Reply {
    let day = |name| NaiveDate::parse_from_str(request.text(name), "%d/%m/%Y").ok();
    let days = (day("startDateBanHanh"), day("endDateBanHanh"));
    let rows = world.found(days, session.post.as_deref());
    let size = request.page_size(world);
    if counts {
        let counts =
            json!({"pageNo": rows.len().div_ceil(size).to_string(), "pageRec": rows.len().to_string()});
        return Reply::ok(wire::success(&json!([counts])));
    }
    let Some(page) = request.page() else { return Reply::bare(400) };
    let rows = rows.into_iter().skip(page.saturating_mul(size)).take(size);
    Reply::ok(wire::success(&wire::nothing_or(rows.map(|row| wire::row(row, false)).collect())))
}

/// Takes a comment. The same text twice is two comments, as in the real one.
fn comment(world: &mut World, request: &Request<'_>, session: &Session) -> Reply {
    let Ok(id) = request.text("docId").parse() else { return Reply::bare(400) };
    if request.text("comment").is_empty() || world.visible(id, session.post.as_deref()).is_none() {
        return Reply::ok(wire::refusal("1", "Không có quyền ghi ý kiến"));
    }
    world.comment(id, request.text("comment"));
    Reply::ok(wire::success(&json!("TRUE")))
}

/// Takes a status; one that it has is a conflict.
fn status(world: &mut World, request: &Request<'_>, session: &Session) -> Reply {
    let Ok(id) = request.text("ids").parse() else { return Reply::bare(400) };
    if world.visible(id, session.post.as_deref()).is_none() {
        return Reply::ok(wire::success(&json!("FALSE")));
    }
    match world.take_status(id, request.text("status"), request.text("key")) {
        true => Reply::ok(wire::success(&json!("TRUE"))),
        false => Reply::bare(409),
    }
}

fn one(world: &mut World, call: &[&str; 2], id: &str, session: &Session) -> Reply {
    let Ok(id) = id.parse() else { return Reply::bare(400) };
    let Some(document) = world.visible(id, session.post.as_deref()).cloned() else {
        return Reply::ok(wire::success(&json!("")));
    };
    let data = match call {
        ["document", "getdetaildocument"] => {
            world.mark_read(id);
            wire::detail(&document)
        }
        ["document", "getactivitylog"] => wire::activity(&document),
        ["file", "getfileattach"] => wire::files(&document),
        // GETs that act, there to be stumbled over.
        ["document", "finish" | "signeddocument"] | ["incommingdocument", "recoverdocument"] => {
            world.finish(id);
            json!("TRUE")
        }
        _ => return Reply::bare(404),
    };
    Reply::ok(wire::success(&data))
}
