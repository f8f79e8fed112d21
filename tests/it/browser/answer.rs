//! A secretary opens the link of a mail and answers, in a browser that runs no script.

use fantoccini::key::Key;
use vanthu::domain::obligation::{Answer, Grade, State};

use super::chromium::{Browser, PHONE};
use super::looks;
use crate::support::site::{Site, site};

/// Ten minutes after the mail, on a phone, the cell's page is open and has been read.
async fn opened(browser: &Browser) -> Site {
    let site = site().await;
    site.wait(600);
    browser.look(PHONE, 1.0, false).await;
    open(browser, &site).await;
    site
}

async fn open(browser: &Browser, site: &Site) {
    browser.open(&format!("{}{}", site.public, site.link("cb-2"))).await;
    site.wait(20);
}

/// Unfolds one of the answers.
async fn unfold(browser: &Browser, answer: &str) {
    browser.find(&format!("details:has(input[value='{answer}']) summary")).await.click().await.unwrap();
}

async fn fill(browser: &Browser, field: &str, words: &str) {
    browser.find(&format!("#{field}")).await.send_keys(words).await.unwrap();
}

/// The scripts that the looks run come from outside the page; the page's own are off.
#[tokio::test]
async fn received_with_one_press() {
    let browser = Browser::without_script().await;
    browser.open("data:text/html,<title>off</title><script>document.title='on'</script>").await;
    assert_eq!(browser.client.title().await.unwrap(), "off");
    let site = opened(&browser).await;
    browser.press("Xác nhận đã nhận").await;
    let text = browser.text().await;
    assert!(text.contains("Đã ghi nhận") && text.contains("Cảm ơn chi bộ"), "{text}");
    let row = site.row("cb-2").await;
    assert_eq!((row.state, row.grade), (State::Acknowledged, Some(Grade::Clicked)));
    looks::is_quiet(&browser, "the answer page", &site.public).await;
}

#[tokio::test]
async fn done_with_the_number_of_the_report_after_a_mistake() {
    let browser = Browser::without_script().await;
    let site = opened(&browser).await;
    unfold(&browser, "done").await;
    fill(&browser, "done-report_symbol", "03-BC/CB").await;
    fill(&browser, "done-report_date", "31/02/2026").await;
    browser.press("Báo đã hoàn thành").await;
    let text = browser.text().await;
    assert!(text.contains("Chưa ghi nhận") && text.contains("Không đọc được ngày"), "{text}");
    assert_eq!(site.row("cb-2").await.state, State::Open);
    let symbol = browser.find("#done-report_symbol").await.prop("value").await.unwrap();
    assert_eq!(symbol.as_deref(), Some("03-BC/CB"), "what was typed is kept");
    let date = browser.find("#done-report_date").await;
    assert_eq!(date.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));
    date.clear().await.unwrap();
    date.send_keys("02/03/2026").await.unwrap();
    site.wait(20);
    browser.press("Báo đã hoàn thành").await;
    let text = browser.text().await;
    assert!(text.contains("Đã ghi nhận") && text.contains("báo cáo số 03-BC/CB"), "{text}");
    let row = site.row("cb-2").await;
    assert_eq!(row.state, State::Done);
    let answers = site.rig.store.answers(row.id).await.unwrap();
    let Answer::Done { report_date, .. } = &answers[0].answer else { panic!("{answers:?}") };
    assert_eq!(*report_date, "2026-03-02".parse().ok());
}

#[tokio::test]
async fn a_hasty_press_is_asked_for_the_digits_of_the_mail() {
    let browser = Browser::without_script().await;
    let site = site().await;
    browser.look(PHONE, 1.0, false).await;
    open(&browser, &site).await;
    browser.press("Xác nhận đã nhận").await;
    let text = browser.text().await;
    assert!(text.contains("Xin xác nhận thêm một bước"), "{text}");
    for (digits, words) in [("1234", "Chưa đúng; còn 4 lần thử"), ("0612", "Đã ghi nhận")] {
        fill(&browser, "received-digits", digits).await;
        browser.press("Xác nhận đã nhận").await;
        let text = browser.text().await;
        assert!(text.contains(words), "{digits}: {text}");
    }
    assert_eq!(site.row("cb-2").await.grade, Some(Grade::Verified));
}

/// Every state of the page: fresh, after a mistake, asking for digits, recorded, closed, refused.
#[tokio::test]
async fn every_state_of_the_page_is_legible_and_quiet() {
    let browser = Browser::start().await;
    let site = opened(&browser).await;
    let check = async |name: &str| {
        looks::is_legible(&browser, name).await;
        // A refused form and a missing page are answers too, and the browser notes them as such.
        let complaints = browser.complaints().await;
        let noted = |line: &String| ["422", "429", "404"].iter().any(|status| line.contains(status));
        assert!(complaints.iter().all(noted), "{name}: {complaints:?}");
        let requests = browser.requests().await;
        assert!(requests.iter().all(|address| address.starts_with(&site.public)), "{name}: {requests:?}");
    };
    check("fresh").await;
    unfold(&browser, "more-time").await;
    fill(&browser, "more-time-until", "1/1/2020").await;
    fill(&browser, "more-time-reason", "Bí thư đi học").await;
    browser.press("Gửi đề nghị gia hạn").await;
    check("mistaken").await;
    browser.open(&format!("{}{}", site.public, site.link("cb-2"))).await;
    browser.press("Xác nhận đã nhận").await;
    check("asking for digits").await;
    fill(&browser, "received-digits", "0612").await;
    browser.press("Xác nhận đã nhận").await;
    check("recorded").await;
    open(&browser, &site).await;
    unfold(&browser, "declined").await;
    fill(&browser, "declined-reason", "Thuộc trách nhiệm của Chi bộ Thanh tra").await;
    browser.press("Báo không thuộc trách nhiệm").await;
    check("closed").await;
    browser.open(&format!("{}/a/v1.k1.x.y", site.public)).await;
    check("refused").await;
}

#[tokio::test]
async fn the_keyboard_reaches_the_button() {
    let browser = Browser::start().await;
    let site = opened(&browser).await;
    for stop in 1.. {
        assert!(stop < 8, "the button is not within seven stops");
        browser.strike(Key::Tab).await;
        let here = browser.client.active_element().await.unwrap();
        if here.tag_name().await.unwrap() == "button" {
            break;
        }
    }
    browser.strike(Key::Enter).await;
    assert!(browser.text().await.contains("Đã ghi nhận"), "{}", browser.text().await);
    assert_eq!(site.row("cb-2").await.state, State::Acknowledged);
}
