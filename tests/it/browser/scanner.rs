//! A link scanner for real: Chromium opens every link of the mails, runs what the pages bear, follows every
//! link, fills in and sends every form, moments after the mail and hours later. Nothing it does is an answer.

use serde_json::json;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::State;

use super::chromium::Browser;
use crate::support::site::{Site, site};

/// What scanners run in a page: fill in everything, choose everything, send the form at `arguments[0]`.
const SEND: &str = "
    const forms = document.querySelectorAll('form');
    const form = forms[arguments[0]];
    if (!form) return 0;
    for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
        field.removeAttribute('required');
        if (!field.value) field.value = field.className === 'day' ? '31/12/2026' : '1234';
    }
    for (const select of form.querySelectorAll('select')) select.selectedIndex = 1;
    form.submit();
    return forms.length;";

/// Sends every form of a page, each from a page that was loaded anew; how many there were.
pub async fn press_everything(browser: &Browser, address: &str) -> usize {
    let mut sent = 0;
    loop {
        browser.open(address).await;
        let forms =
            browser.client.execute(SEND, vec![json!(sent)]).await.unwrap().as_u64().unwrap_or_default();
        if forms == 0 {
            return sent;
        }
        sent += 1;
        // What a form leads to is scanned too: its first form is sent again, as a replay.
        browser.client.execute(SEND, vec![json!(0)]).await.unwrap();
    }
}

async fn is_untouched(site: &Site) {
    for row in site.rig.store.obligations(DocumentId(1), false).await.unwrap() {
        assert_eq!(row.obligation.state, State::Open);
        assert!(site.rig.store.answers(row.obligation.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_browser_that_presses_everything_answers_nothing() {
    let (site, browser) = (site().await, Browser::scanner().await);
    let mut sent = 0;
    for seconds in [1, 30, 4 * 60 * 60] {
        site.wait(seconds);
        for cell in ["cb-1-1", "cb-2"] {
            sent += press_everything(&browser, &format!("{}{}", site.public, site.link(cell))).await;
            let links = "return [...document.querySelectorAll('a[href]')].map(a => a.href)";
            for link in browser.client.execute(links, vec![]).await.unwrap().as_array().unwrap() {
                let link = link.as_str().unwrap();
                if link.starts_with("http") {
                    browser.open(link).await;
                }
            }
        }
        is_untouched(&site).await;
    }
    assert!(sent >= 24, "{sent} forms");
    assert_eq!(site.rig.store.doubts(None).await.unwrap().len(), 2);
}
