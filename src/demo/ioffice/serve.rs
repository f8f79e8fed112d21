//! From HTTP to the world and back, by way of the scripted faults.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::Value;

use super::answer::{Reply, Request, answer};
use super::fault::Act;
use super::world::{Seen, World};
use super::{gzip, lock, wire};

const JSON: &str = "application/json;charset=UTF-8";

const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>VNPT iOffice</title></head><body>\
    <form action=\"/qlvb/login\"><input name=\"username\"><input type=\"password\"></form></body></html>";

/// Serves one request.
pub(super) async fn serve(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(path) = uri.path().strip_prefix("/qlvb/api/") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let token = headers.get("X-Authentication-Token").and_then(|token| token.to_str().ok());
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let request = Request { is_post: method == Method::POST, path, token, body };
    let (reply, act, date) = {
        let mut world = lock(&world);
        let act = note(&mut world, method.as_str(), &request);
        (answer(&mut world, &request), act, world.date())
    };
    if let Some(Act::Delay(pause)) = act {
        tokio::time::sleep(pause).await;
    }
    let response = match act {
        Some(act) => distorted(&act, reply),
        None => proper(reply),
    };
    ([(header::DATE, date)], response).into_response()
}

/// Logs the request and looks for a fault that strikes it.
fn note(world: &mut World, method: &str, request: &Request<'_>) -> Option<Act> {
    let page = request.body.get("pageNo").and_then(Value::as_str).map(str::to_owned);
    world.seen.push(Seen {
        method: method.to_owned(),
        path: request.path.to_owned(),
        page: page.clone(),
        with_token: request.token.is_some(),
    });
    world.strike(request.path, page.as_deref())
}

fn proper(reply: Reply) -> Response {
    match StatusCode::from_u16(reply.status) {
        Ok(StatusCode::OK) => ([(header::CONTENT_TYPE, JSON)], reply.body.to_string()).into_response(),
        Ok(status) => status.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn distorted(act: &Act, reply: Reply) -> Response {
    let json = [(header::CONTENT_TYPE, JSON)];
    match act {
        Act::Status(status) => bare(*status),
        Act::Busy(status, after) => ([(header::RETRY_AFTER, after.clone())], bare(*status)).into_response(),
        Act::LoginPage => ([(header::CONTENT_TYPE, "text/html;charset=UTF-8")], LOGIN_PAGE).into_response(),
        Act::Redirect(to) => ([(header::LOCATION, to.clone())], bare(302)).into_response(),
        Act::Cut => cut(&reply.body.to_string()),
        Act::Half => (json, half(&reply.body.to_string())).into_response(),
        Act::NotJson => (json, "ORA-12541: TNS:no listener").into_response(),
        Act::WrongCharset => wrong_charset(&reply.body.to_string()),
        Act::GzipBomb(inflated) => bomb(*inflated),
        Act::Refuse(code, message) => (json, wire::refusal(code, message).to_string()).into_response(),
        Act::Data(data) => (json, wire::success(data).to_string()).into_response(),
        Act::Delay(_) | Act::Expire | Act::Arrive(_) | Act::Leave(_) => proper(reply),
    }
}

fn bare(status: u16) -> Response {
    proper(Reply { status, body: Value::Null })
}

fn half(text: &str) -> Vec<u8> {
    text.as_bytes().iter().copied().take(text.len() / 2).collect()
}

/// Half of the body, then the connection breaks: the error ends the stream without its last chunk.
fn cut(text: &str) -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(stream::iter([Ok(Bytes::from(half(text))), Err(broken)]));
    ([(header::CONTENT_TYPE, JSON)], body).into_response()
}

/// Every letter beyond ASCII as one byte above 0x7F.
fn wrong_charset(text: &str) -> Response {
    let byte = |letter: char| u8::try_from(letter).unwrap_or(b'?') | 0x80;
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| if letter.is_ascii() { u8::try_from(letter).unwrap_or(b'?') } else { byte(letter) })
        .collect();
    ([(header::CONTENT_TYPE, "application/json;charset=windows-1258")], bytes).into_response()
}

fn bomb(inflated: usize) -> Response {
    let headers = [(header::CONTENT_TYPE, JSON), (header::CONTENT_ENCODING, "gzip")];
    (headers, gzip::bomb(inflated)).into_response()
}
