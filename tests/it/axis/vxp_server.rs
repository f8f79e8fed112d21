//! The national axis: recomputes every signature over what it is sent.

use std::sync::Arc;

use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use vanthu::app::ports::Clock;

use super::ORGAN;
use super::fake::{Fake, Seen, Sent, World};

pub const SECRET: &str = "bí mật của thử nghiệm";

/// A running national axis.
pub async fn start<C: Clock + 'static>(clock: &Arc<C>) -> Fake {
    Fake::start(clock.clone(), answer).await
}

fn answer(world: &mut World, seen: &Seen, now: DateTime<Utc>) -> (u16, Value) {
    let Some(call) = seen.path.strip_prefix("/truc/") else { return (404, json!(null)) };
    verify(world, seen, call, now);
    let logical = |name: &str| seen.header(&format!("xroadvnpt-{name}")).to_owned();
    match call {
        "getReceivedEdocList" => ok(json!(listed(world, &logical("messagetype")))),
        "countReceiveEdoc" | "countReceiveStatus" if world.is_old => (404, json!(null)),
        "countReceiveEdoc" => counted(world, "edoc"),
        "countReceiveStatus" => counted(world, "status"),
        "getEdoc" => fetched(world, &logical("docId")),
        "updateStatus" => acknowledged(world, &logical("docId")),
        "sendEdoc" => sent(world, seen, now),
        "getSentEdocList" if world.is_old => fail("9", "Khong ho tro"),
        "getSentEdocList" => ok(sent_list(world)),
        "getAgenciesList" => ok(world.agencies.clone()),
        _ => (404, json!(null)),
    }
}

fn ok(data: Value) -> (u16, Value) {
    (200, json!({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "data": data}))
}

fn fail(code: &str, description: &str) -> (u16, Value) {
    (200, json!({"status": "FAIL", "ErrorCode": code, "ErrorDesc": description}))
}

fn waiting(world: &World, kind: &str) -> Vec<usize> {
    let messages = world.messages.iter().enumerate();
    messages.filter(|(_, message)| !message.acknowledged && message.kind == kind).map(|(n, _)| n).collect()
}

fn counted(world: &World, kind: &str) -> (u16, Value) {
    (200, json!({"status": "OK", "ErrorCode": "0", "count": waiting(world, kind).len().to_string()}))
}

fn listed(world: &World, kind: &str) -> Option<Vec<Value>> {
    let rows: Vec<_> = waiting(world, kind)
        .into_iter()
        .map(|number| {
            let message = &world.messages[number];
            json!({
                "docId": message.id, "serviceType": "eDoc", "messageType": message.kind,
                "created_time": message.created_local(), "updated_time": message.created_local(),
                "from": message.from, "to": ORGAN, "status": "initial", "status_desc": "",
            })
        })
        .collect();
    // An empty list is null on some installations.
    (!rows.is_empty()).then_some(rows)
}

fn fetched(world: &World, id: &str) -> (u16, Value) {
    let sent = world.sent.iter().find(|sent| sent.id == id && !world.keeps_sent);
    if let Some(sent) = sent {
        return ok(json!(sent.text));
    }
    match world.messages.iter().find(|message| message.id == id && !message.acknowledged) {
        Some(message) if message.base64 => ok(json!(BASE64.encode(message.text.as_bytes()))),
        Some(message) => ok(json!(message.text)),
        None => fail("4", "Khong tim thay van ban"),
    }
}

fn acknowledged(world: &mut World, id: &str) -> (u16, Value) {
    match world.messages.iter_mut().find(|message| message.id == id) {
        Some(message) => message.acknowledged = true,
        None => return fail("4", "Khong tim thay van ban"),
    }
    ok(Value::Null)
}

fn sent(world: &mut World, seen: &Seen, now: DateTime<Utc>) -> (u16, Value) {
    let file = file_of(world, seen);
    let hash = HEXLOWER.encode(digest::digest(&digest::SHA256, file.as_bytes()).as_ref());
    world.demand(seen.header("xroadvnpt-hash-file") == hash, || {
        "hash-file is not that of the file".to_owned()
    });
    if seen.header("xroadvnpt-from") != ORGAN {
        return fail("7", "Don vi gui khong dung voi ma da dang ky");
    }
    let to: Vec<String> = serde_json::from_str(seen.header("xroadvnpt-to")).unwrap_or_default();
    world.demand(to.len() == 1, || format!("to is no list of one: {}", seen.header("xroadvnpt-to")));
    let id = format!("S{}", world.sent.len() + 1);
    world.sent.push(Sent { id: id.clone(), to: to.concat(), text: file, at: now + world.skew });
    (200, json!({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "DocId": id}))
}

/// The one part of the body, whose boundary must begin as the SDK's do.
fn file_of(world: &mut World, seen: &Seen) -> String {
    let content_type = seen.header("content-type");
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap_or_default();
    let boundary = boundary.trim_matches('"');
    world.demand(boundary.starts_with("==="), || format!("content type {content_type}"));
    let body = String::from_utf8(seen.body.to_vec()).unwrap();
    let parts: Vec<_> = body.split(&format!("--{boundary}")).collect();
    world.demand(parts.len() == 3 && parts[2] == "--\r\n", || "not one part".to_owned());
    let (head, file) = parts[1].split_once("\r\n\r\n").unwrap();
    world.demand(head.contains("name=\"file_doc\"") && head.contains("filename="), || head.to_owned());
    file.strip_suffix("\r\n").unwrap().to_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

fn sent_list(world: &World) -> Value {
    let row = |sent: &Sent| {
        json!({
            "senderDocId": sent.id, "receiverDocId": format!("R-{}", sent.id),
            "messageType": "status", "serviceType": "eDoc", "fromCode": ORGAN, "toCode": sent.to,
            "notation": between(&sent.text, "<edXML:Code>", "</edXML:Code>"),
            "sentTime": sent.at.with_timezone(&Ho_Chi_Minh).format("%Y-%m-%d %H:%M:%S").to_string(),
            "sendStatus": "done",
        })
    };
    world.sent.iter().map(row).collect()
}

/// Everything a signed request must be.
fn verify(world: &mut World, seen: &Seen, call: &str, now: DateTime<Utc>) {
    let names: Vec<_> = seen.header("xroadvnpt-sign-header-key").split(';').collect();
    let value = |name: &str| seen.header(&format!("xroadvnpt-{name}")).to_owned();
    let members: Vec<_> = names
        .iter()
        .map(|name| format!("{}:{}", json!(format!("XroadVnpt-{name}")), json!(value(name))))
        .collect();
    let signed = format!("{{{}}}", members.join(","));
    world.demand(value("sign-header") == signed, || {
        format!("{call}: J is {}, not {signed}", value("sign-header"))
    });
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let hash = HEXLOWER.encode(hmac::sign(&key, value("sign-header").as_bytes()).as_ref());
    world.demand(value("hash-header") == hash, || format!("{call}: the signature is wrong"));
    let expected = ["systemid", "timestamp"].iter().chain(expected(call)).copied().collect::<Vec<_>>();
    world.demand(names == expected, || format!("{call}: signs {names:?}"));
    world.demand(value("systemid") == ORGAN, || format!("{call}: systemid {}", value("systemid")));
    world.demand(is_stamp(&value("timestamp"), now), || format!("{call}: timestamp {}", value("timestamp")));
    let agent = (seen.header("user-agent"), seen.header("xroadvnpt-version"));
    world.demand(agent == ("JAVASDKAgent/1.0.0 XRoad/VPCP", "3.0.201608"), || format!("{call}: {agent:?}"));
    let method = if call.starts_with("count") { "GET" } else { "POST" };
    world.demand(seen.method == method, || format!("{call}: {}", seen.method));
    let has_json = matches!(call, "getEdoc" | "updateStatus" | "getAgenciesList");
    world.demand(
        call == "sendEdoc" || seen.body.as_ref() == if has_json { b"{}".as_slice() } else { b"" },
        || format!("{call}: body of {} bytes", seen.body.len()),
    );
    if call == "updateStatus" {
        world.demand(value("status") == "done", || format!("{call}: {}", value("status")));
    }
}

fn expected(call: &str) -> &'static [&'static str] {
    match call {
        "getReceivedEdocList" => &["servicetype", "messagetype"],
        "getSentEdocList" => &["servicetype", "messagetype", "fromDate", "toDate"],
        "getEdoc" => &["docId", "filePath", "Content-Type"],
        "updateStatus" => &["docId", "status", "Content-Type"],
        "sendEdoc" => &["from", "to", "servicetype", "messagetype", "hash-file"],
        "getAgenciesList" => &["Content-Type"],
        _ => &[],
    }
}

/// `ddMMyyyy'T'HHmmss+SSSS` with milliseconds behind the plus, not older than five minutes.
fn is_stamp(stamp: &str, now: DateTime<Utc>) -> bool {
    let Some((time, millis)) = stamp.split_once('+') else { return false };
    let Ok(local) = NaiveDateTime::parse_from_str(time, "%d%m%YT%H%M%S") else { return false };
    let at = Ho_Chi_Minh.from_local_datetime(&local).unwrap().to_utc();
    let is_millis =
        millis.len() == 4 && millis.starts_with('0') && millis.bytes().all(|byte| byte.is_ascii_digit());
    is_millis && time.len() == 15 && (now - at).abs() < TimeDelta::minutes(5)
}
