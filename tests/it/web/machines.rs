//! Machines that follow links: they may look and press, and answer for nobody (promises.md T60, T61).

use reqwest::Method;
use tokio::task::JoinSet;
use vanthu::domain::obligation::{Grade, State};

use crate::support::rig::Rig;
use crate::support::site::{Site, fake, mailed, site, told};

/// A mail gateway that rewrites links, a sandbox that opens them, a messenger that previews them.
const AGENTS: [&str; 3] = [
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0",
    "ZaloPreviewBot/1.0",
];
const CELLS: [&str; 3] = ["cb-1-1", "cb-1-2", "cb-2"];
/// Every button with what its form wants.
const BUTTONS: [&[(&str, &str)]; 4] = [
    &[("answer", "received")],
    &[("answer", "done"), ("report_symbol", "1")],
    &[("answer", "more-time"), ("until", "20/03/2026"), ("reason", "a")],
    &[("answer", "declined"), ("reason", "a")],
];

#[tokio::test]
async fn looking_at_every_link_within_the_first_minute_changes_nothing() {
    let site = site().await;
    let before = site.register().await;
    for wait in [0, 1, 4, 25, 30] {
        site.wait(wait);
        for (cell, agent) in CELLS.iter().flat_map(|cell| AGENTS.map(|agent| (*cell, agent))) {
            for method in [Method::HEAD, Method::GET, Method::GET] {
                let look = site.ask(method, &site.link(cell)).header("user-agent", agent);
                let (status, html) = told(look.send().await.unwrap()).await;
                assert_eq!(status, 200);
                assert!(!html.contains("<script") && !html.contains("http-equiv"), "nothing acts by itself");
            }
        }
    }
    assert_eq!(site.register().await, before);
}

/// Seconds from the mail to the page, and from the page to the press.
#[tokio::test]
async fn a_bot_that_presses_every_button_is_never_believed() {
    for (name, page, press) in [
        ("at once", 0, 0),
        ("a second after the page, long after the mail", 3600, 1),
        ("two seconds after the page", 3600, 2),
        ("slowly, but right after the mail", 5, 60),
        ("two minutes less a second after the mail", 60, 59),
    ] {
        let site = site().await;
        let before = site.register().await;
        site.wait(page);
        let stamp = site.stamp("cb-2").await;
        site.wait(press);
        for button in BUTTONS {
            let (status, html) = site.press("cb-2", &stamp, button).await;
            assert_eq!(status, 422, "{name}: {button:?}");
            assert!(html.contains("name=\"digits\"") && !html.contains("612"), "{name}: {html}");
        }
        assert_eq!(site.register().await, before, "{name}");
        let (_, metrics) = site.staff("/metrics").await;
        assert!(metrics.contains("vanthu_ack_suspected_scanner_total 4\n"), "{name}: {metrics}");
    }
}

#[tokio::test]
async fn the_note_of_another_cells_page_is_no_page() {
    let site = site().await;
    site.wait(600);
    let stamp = site.stamp("cb-1-1").await;
    site.wait(20);
    assert_eq!(site.press("cb-2", &stamp, BUTTONS[0]).await.0, 422);
    assert_eq!(site.press("cb-1-1", &stamp, BUTTONS[0]).await.0, 422, "two cells, one address, one moment");
    site.wait(20);
    assert_eq!(site.press("cb-1-1", &stamp, BUTTONS[0]).await.0, 200);
}

#[tokio::test]
async fn a_rule_that_demands_digits_gets_them_from_everybody() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    rig.office.ruleset.rules.iter_mut().for_each(|rule| rule.grade = Grade::Verified);
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    let site = Site::over(rig, fake()).await;
    site.wait(3600);
    assert_eq!(site.read_and_press("cb-2", BUTTONS[0]).await.0, 422);
    assert_eq!(site.row("cb-2").await.state, State::Open);
    let (_, metrics) = site.staff("/metrics").await;
    assert!(metrics.contains("vanthu_ack_suspected_scanner_total 0\n"), "a reader is no suspect: {metrics}");
    let digits = site.challenge("cb-2");
    assert_eq!(site.read_and_press("cb-2", &[("answer", "received"), ("digits", &digits)]).await.0, 200);
    let row = site.row("cb-2").await;
    assert_eq!((row.state, row.grade), (State::Acknowledged, Some(Grade::Verified)));
}

/// T63, through a reverse proxy, as if the whole cell pressed at the same moment.
#[tokio::test]
async fn a_hundred_presses_leave_one_answer_with_the_address_the_proxy_saw() {
    let rig = Rig::at("2026-03-02 09:00").await;
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    let site = Site::behind(rig, fake(), &[[127, 0, 0, 1].into()]).await;
    site.wait(600);
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let mut presses = JoinSet::new();
    for place in 0..100 {
        let press = site.form(&site.link("cb-2"), &stamp, BUTTONS[0]);
        // What stands before the proxy's own entry anybody can write.
        presses.spawn(press.header("x-forwarded-for", format!("10.1.1.1, 203.0.113.{place}")).send());
    }
    while let Some(response) = presses.join_next().await {
        assert_eq!(told(response.unwrap().unwrap()).await.0, 200);
    }
    let answers = site.rig.store.answers(site.row("cb-2").await.id).await.unwrap();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].evidence.as_deref().unwrap().starts_with("203.0.113."), "{answers:?}");
}

#[tokio::test]
async fn a_client_cannot_choose_its_address() {
    let site = site().await;
    site.wait(600);
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let press = site.form(&site.link("cb-2"), &stamp, BUTTONS[0]).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(told(press.send().await.unwrap()).await.0, 200);
    let answers = site.rig.store.answers(site.row("cb-2").await.id).await.unwrap();
    assert!(answers[0].evidence.as_deref().unwrap().starts_with("127.0.0.1"), "{answers:?}");
}
