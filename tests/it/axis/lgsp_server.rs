//! A provincial axis: wants a token and the organ's keys with every request, and lists by day.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use data_encoding::BASE64;
use serde_json::{Value, json};
use vanthu::app::ports::Clock;

use super::ORGAN;
use super::fake::{Fake, Message, Seen, Sent, World};

pub const PASSWORD: &str = "mật khẩu";
pub const SECRET_KEY: &str = "khoa-cua-don-vi";

/// A running provincial axis.
pub async fn start<C: Clock + 'static>(clock: &Arc<C>) -> Fake {
    Fake::start(clock.clone(), answer).await
}

fn answer(world: &mut World, seen: &Seen, now: DateTime<Utc>) -> (u16, Value) {
    let Some(call) = seen.path.strip_prefix("/truc/v1/") else { return (404, json!(null)) };
    if call == "auth/login" {
        return login(world, seen);
    }
    let token = format!("Bearer T{}", world.logins);
    if !world.session || seen.header("authorization") != token {
        return (401, json!({"licenseInfo": "invalid"}));
    }
    if (seen.header("x-systemid"), seen.header("x-secretkey")) != (ORGAN, SECRET_KEY) {
        return refused("15");
    }
    let query = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(seen.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    match (seen.method.as_str(), call) {
        ("GET", "syncReceivedEdocList") => {
            let (from, to) = (day(world, &query("fromDate")), day(world, &query("toDate")));
            listed(world, &query("messageType"), from, to)
        }
        ("GET", "getEdoc") => fetched(world, &query("docId")),
        ("POST", "updateStatus") => acknowledged(world, seen),
        ("POST", "sendEdoc") => sent(world, seen, now),
        ("GET", "getAgenciesList") => (200, world.agencies.clone()),
        _ => (404, json!(null)),
    }
}

fn refused(code: &str) -> (u16, Value) {
    (200, json!({"success": false, "data": {"status": "error", "errorCode": code, "errorDesc": "Loi"}}))
}

fn login(world: &mut World, seen: &Seen) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    let expected = json!({
        "username": "vanthu", "password": PASSWORD, "applicationCode": "VANTHU",
        "otp": null, "twoFactorProvider": null, "typeObjs": [0, 1],
    });
    world.demand(seen.query == "allow_anonymous=true", || format!("login with {}", seen.query));
    if body != expected {
        return (401, json!({"success": false}));
    }
    world.logins += 1;
    world.session = true;
    (200, json!({"success": true, "data": {"token": format!("T{}", world.logins)}}))
}

fn day(world: &mut World, text: &str) -> NaiveDate {
    let day = NaiveDate::parse_from_str(text, "%Y/%m/%d");
    world.demand(day.is_ok() && text.len() == 10, || format!("a day is written {text}"));
    day.unwrap_or_default()
}

fn listed(world: &World, kind: &str, from: NaiveDate, to: NaiveDate) -> (u16, Value) {
    let is_in = |message: &&Message| {
        let day = message.created.with_timezone(&Ho_Chi_Minh).date_naive();
        message.kind == kind && (from..=to).contains(&day)
    };
    let row = |message: &Message| {
        json!({
            "serviceType": "eDoc", "createdTime": message.created_local(), "updatedTime": message.created_local(),
            "messageType": message.kind, "docId": message.id, "from": message.from, "to": ORGAN,
            "status": if message.acknowledged { "done" } else { "initial" }, "statusDesc": "",
        })
    };
    let rows: Vec<_> = world.messages.iter().filter(is_in).map(row).collect();
    (200, json!({"success": true, "count": rows.len(), "data": rows}))
}

fn fetched(world: &World, id: &str) -> (u16, Value) {
    let Some(message) = world.messages.iter().find(|message| message.id == id) else { return refused("20") };
    let text = if message.base64 { BASE64.encode(message.text.as_bytes()) } else { message.text.clone() };
    let file = |(name, content): &(String, Vec<u8>)| json!({"fileName": name, "fileContent": BASE64.encode(content)});
    let files: Vec<_> = message.files.iter().map(file).collect();
    let data = json!({
        "docId": message.id, "from": message.from, "fromName": "", "edocCode": "", "edocAbstract": "",
        "edxml": text, "attachments": files,
    });
    (200, json!({"success": true, "data": data}))
}

fn acknowledged(world: &mut World, seen: &Seen) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    world.demand(body["status"] == "done", || format!("updateStatus {body}"));
    match world.messages.iter_mut().find(|message| body["docId"] == message.id.as_str()) {
        Some(message) => message.acknowledged = true,
        None => return refused("20"),
    }
    (200, json!({"success": true}))
}

fn sent(world: &mut World, seen: &Seen, now: DateTime<Utc>) -> (u16, Value) {
    let body = String::from_utf8(seen.body.to_vec()).unwrap();
    let parts: Vec<_> = body.split("\r\n\r\n").collect();
    world.demand(parts.len() == 3, || "not two parts".to_owned());
    world.demand(parts[0].contains("name=\"messageType\"") && parts[1].starts_with("status\r\n"), || {
        "no messageType".to_owned()
    });
    let names = ["name=\"edocFile\"", "filename=\"status.edxml\"", "application/xml"];
    world.demand(names.iter().all(|name| parts[1].contains(name)), || parts[1].to_owned());
    let file = parts[2].split("\r\n--").next().unwrap().to_owned();
    if world.sent.iter().any(|sent| sent.text == file) {
        return (409, json!(null));
    }
    let id = format!("S{}", world.sent.len() + 1);
    world.sent.push(Sent { id: id.clone(), to: String::new(), text: file, at: now });
    (200, json!({"success": true, "message": "", "docId": id}))
}
