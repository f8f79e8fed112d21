//! The board as staff use it, at a desk and on a phone.

use fantoccini::Locator;
use fantoccini::key::Key;

use super::chromium::{Browser, DESK};
use super::looks;
use crate::support::site::{Site, site};

/// Fails unless every page of a site's board can be read and keeps to itself.
pub async fn is_well(browser: &Browser, site: &Site, document: &str) {
    for path in ["/", "/?filter=late", "/cells", "/holds", "/holds/1", "/outbox", "/system", document] {
        browser.open(&format!("{}{path}", site.admin)).await;
        looks::is_quiet(browser, path, &site.admin).await;
        looks::is_legible(browser, path).await;
    }
}

async fn opened(browser: &Browser) -> Site {
    let site = site().await;
    site.wait(600);
    site.read_and_press("cb-2", &[("answer", "done"), ("report_symbol", "03-BC/CB")]).await;
    browser.look(DESK, 1.0, false).await;
    browser.open(&site.admin).await;
    site
}

#[tokio::test]
async fn a_counter_leads_to_its_directives_and_a_directive_to_its_cells() {
    let browser = Browser::start().await;
    let _site = opened(&browser).await;
    let counters = browser.client.find_all(Locator::Css(".counter")).await.unwrap();
    let mut shown = Vec::new();
    for counter in &counters {
        shown.push(counter.text().await.unwrap().lines().take(2).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(shown, ["Quá hạn 0", "Đến hạn 3 ngày 0", "Chưa xác nhận 1", "Tạm giữ 1"]);
    counters[0].click().await.unwrap();
    assert!(browser.text().await.contains("Không có văn bản nào"));
    browser.find(".counter[href='/?filter=open']").await.click().await.unwrap();
    let current = browser.find(".counter[aria-current]").await.text().await.unwrap();
    assert!(current.starts_with("Chưa xác nhận"), "{current}");
    browser.client.find(Locator::LinkText("0612-KH/ĐUK")).await.unwrap().click().await.unwrap();
    assert!(browser.client.title().await.unwrap().contains("0612-KH/ĐUK"));
    let text = browser.text().await;
    for words in ["Chi bộ Hội Mẫu", "báo cáo số 03-BC/CB", "Vì sao phân công như vậy"] {
        assert!(text.contains(words), "{words} is missing: {text}");
    }
    browser.client.find(Locator::LinkText("Tạm giữ")).await.unwrap().click().await.unwrap();
    assert!(browser.text().await.contains("Chi bộ chưa có hộp thư"));
}

/// Everything the keyboard can reach on the open page shows that it is reached.
#[tokio::test]
async fn the_keyboard_is_enough_and_can_be_seen() {
    const REACHED: &str = r#"
        const element = document.activeElement, style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return {
            words: element.innerText.trim().split("\n")[0],
            seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.top >= 0,
        };
    "#;
    let browser = Browser::start().await;
    let _site = opened(&browser).await;
    let mut stops = Vec::new();
    for _ in 0..11 {
        browser.strike(Key::Tab).await;
        let stop = browser.eval(REACHED).await;
        assert_eq!(stop["seen"], true, "{stop} does not show that the keyboard is on it");
        stops.push(stop["words"].as_str().unwrap().to_owned());
    }
    let expected =
        ["Đến nội dung chính", "vanthu", "Việc cần xem", "Chi bộ", "Tạm giữ", "Hộp thư đi", "Hệ thống"];
    assert_eq!(stops[..7], expected);
    assert_eq!(stops[7], "Quá hạn");
    browser.client.refresh().await.unwrap();
    browser.strike(Key::Tab).await;
    browser.strike(Key::Enter).await;
    assert_eq!(browser.eval("return document.activeElement.id").await, "main", "the navigation is skipped");
}
