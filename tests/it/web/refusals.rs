//! What the public listener refuses, and how it says so.

use std::collections::HashMap;

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use reqwest::Method;
use vanthu::domain::ids::ObligationId;
use vanthu::domain::obligation::State;
use vanthu::domain::token::{Claims, Keyring, SigningKey, mailbox_hash};

use crate::support::site::{Site, site, told};

fn claims(site: &Site, days: i64) -> Claims {
    Claims {
        obligation: ObligationId(1),
        mailbox: mailbox_hash("cb-2@mau.example"),
        expires: site.rig.clock_now() + chrono::Duration::days(days),
    }
}

/// The link's own text under its own key, signed as another kind of message would be.
fn signed_for_something_else(link: &str) -> String {
    let (body, _) = link.rsplit_once('.').unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    let tag = hmac::sign(&key, format!("vanthu reply address|{}", body.trim_start_matches("/a/")).as_bytes());
    format!("{body}.{}", BASE64URL_NOPAD.encode(&tag.as_ref()[..16]))
}

#[tokio::test]
async fn links_that_are_not_ours_lead_nowhere() {
    let site = site().await;
    let good = site.link("cb-2");
    let ring = |id: &str, secret: u8| Keyring::new(vec![SigningKey::new(id, &[secret; 32])]).unwrap();
    let path = |ring: Keyring, claims: &Claims| format!("/a/{}", ring.sign(claims));
    let mut seen = HashMap::new();
    let nobody = Claims { obligation: ObligationId(4711), ..claims(&site, 1) };
    for (name, link, status, text) in [
        ("cut", good.chars().take(good.len() - 3).collect(), 404, "Không tìm thấy"),
        ("empty", "/a/".to_owned(), 404, "Không tìm thấy"),
        ("nonsense", "/a/%00%ff'\"<b>".to_owned(), 404, "Không tìm thấy"),
        ("another secret", path(ring("k1", 9), &claims(&site, 1)), 404, "Không tìm thấy"),
        ("another purpose", signed_for_something_else(&good), 404, "Không tìm thấy"),
        ("no such row", path(ring("k1", 7), &nobody), 404, "Không tìm thấy"),
        ("expired", path(ring("k1", 7), &claims(&site, -1)), 410, "đã hết hạn"),
        ("retired key", path(ring("k0", 7), &claims(&site, 1)), 410, "đã hết hạn"),
    ] {
        let (got, html) = site.get(&link).await;
        assert_eq!(got, status, "{name}");
        assert!(html.contains(text), "{name}: {html}");
        assert_eq!(*seen.entry(status).or_insert_with(|| html.clone()), html, "{name} can be told apart");
        let posted = told(site.form(&link, "", &[("answer", "received")]).send().await.unwrap()).await;
        assert_eq!(posted.0, status, "{name}, posted");
    }
}

#[tokio::test]
async fn other_methods_change_nothing() {
    let site = site().await;
    let before = site.journal().await;
    for method in ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let response = site.ask(method.clone(), &site.link("cb-2")).send().await.unwrap();
        assert_eq!(response.headers()["allow"], "GET, HEAD, POST", "{method}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{method}");
        assert_eq!(told(response).await.0, 405, "{method}");
    }
    for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
        let response = site.ask(Method::GET, &site.link("cb-2")).header(name, "POST").send().await.unwrap();
        assert_eq!(told(response).await.0, 200, "{name} is not listened to");
    }
    assert_eq!(site.journal().await, before);
}

#[tokio::test]
async fn forms_that_cannot_be_read_are_not_recorded() {
    let site = site().await;
    site.wait(600);
    let link = site.link("cb-2");
    let long = "x".repeat(20_000);
    let too_large = site.form(&link, "", &[("answer", "declined"), ("reason", &long)]).send().await.unwrap();
    let (status, html) = told(too_large).await;
    assert_eq!(status, 413);
    assert!(html.contains("Nội dung quá dài"), "{html}");
    let json = site.ask(Method::POST, &link).header("content-type", "application/json").body("{}");
    assert_eq!(told(json.send().await.unwrap()).await.0, 415);
    let twice = site.form(&link, "", &[("answer", "done"), ("answer", "received")]);
    assert_eq!(told(twice.send().await.unwrap()).await.0, 422);
    let (status, html) = site
        .read_and_press("cb-2", &[("answer", "more-time"), ("until", "30/2/2026"), ("reason", "<b>bão</b>")])
        .await;
    assert_eq!(status, 422);
    assert!(html.contains("value=\"30&#x2f;2&#x2f;2026\""), "what was typed is kept: {html}");
    assert!(html.contains("&lt;b&gt;bão&lt;&#x2f;b&gt;</textarea>"), "and is text: {html}");
    assert!(html.contains("Không đọc được ngày"), "{html}");
    assert_eq!(site.row("cb-2").await.state, State::Open);
}

#[tokio::test]
async fn the_public_listener_knows_no_board() {
    let site = site().await;
    for path in ["/", "/documents/1", "/cells", "/metrics", "/readyz", "/favicon.ico"] {
        let (status, html) = site.get(path).await;
        assert_eq!(status, 404, "{path}");
        assert!(!html.contains("0612"), "{path}");
    }
    let style = site.ask(Method::GET, "/style.css").send().await.unwrap();
    let tag = style.headers()["etag"].clone();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(told(style).await.0, 200);
    let again = site.ask(Method::GET, "/style.css").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(told(again).await.0, 304);
}

#[tokio::test]
async fn without_a_register_nothing_is_said_to_be_recorded() {
    let site = site().await;
    site.wait(600);
    let (link, stamp) = (site.link("cb-2"), site.stamp("cb-2").await);
    site.wait(20);
    site.rig.store.close().await;
    let press = site.form(&link, &stamp, &[("answer", "received")]).send().await.unwrap();
    assert_eq!(press.headers()["retry-after"], "120");
    let (status, html) = told(press).await;
    assert_eq!(status, 503);
    assert!(html.contains("Chưa ghi nhận được"), "{html}");
    assert_eq!(site.staff("/livez").await.0, 200);
    let (status, json) = site.staff("/readyz").await;
    assert_eq!(status, 503);
    assert!(
        json.starts_with("{\"status\":\"failing\",\"checks\":[{\"name\":\"database\",\"ok\":false"),
        "{json}"
    );
    assert_eq!(site.staff("/").await.0, 503);
    let (status, text) = site.staff("/metrics").await;
    assert_eq!(status, 200);
    assert!(text.contains("vanthu_store_readable 0"), "{text}");
}
