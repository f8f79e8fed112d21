//! The pages in a real browser, on a phone and on an office screen: Chromium, driven by chromedriver.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use vanthu::domain::obligation::State;

use crate::support::site::{Site, site};

/// A driver of its own on a port of its own; ends with the test.
struct Driver {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Driver {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing; ./test.sh installs it");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let told = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("started successfully on port ")?.1;
            rest.trim_end_matches('.').parse().ok()
        });
        Self { process, port: told.expect("chromedriver names its port"), _folder: folder }
    }

    /// A window of this width.
    async fn window(&self, width: u32) -> Client {
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let metrics = json!({ "width": width, "height": 844, "pixelRatio": 1 });
        let options = json!({ "args": flags, "mobileEmulation": { "deviceMetrics": metrics } });
        let wanted = json!({ "goog:chromeOptions": options });
        let wanted = wanted.as_object().unwrap().clone();
        let mut builder = ClientBuilder::rustls().unwrap();
        builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{}", self.port)).await.unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked politely, it takes its browsers with it, also when a test failed before closing them.
        Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        self.process.wait().unwrap();
    }
}

/// What every page must be: as wide as the screen at most, styled under its own policy, in Vietnamese,
/// with one heading, every field named, every header of a table scoped, every target large enough.
async fn sound(window: &Client, place: &str) {
    let script = "
        const all = (what) => [...document.querySelectorAll(what)];
        const seen = (e) => e.offsetParent !== null && getComputedStyle(e).clipPath === 'none';
        const faults = [];
        const root = document.documentElement;
        if (root.scrollWidth > innerWidth) faults.push(`${root.scrollWidth} px wide of ${innerWidth}`);
        if (getComputedStyle(root).backgroundColor === 'rgba(0, 0, 0, 0)') faults.push('no style');
        if (root.lang !== 'vi') faults.push('not in Vietnamese');
        if (all('h1').length !== 1) faults.push(`${all('h1').length} headings`);
        if (!document.title.startsWith('vanthu – ')) faults.push(document.title);
        for (const field of all('input:not([type=hidden]), textarea'))
            if (!field.labels.length) faults.push(`no label: ${field.name}`);
        for (const field of all('[aria-describedby]'))
            for (const id of field.getAttribute('aria-describedby').split(' '))
                if (!document.getElementById(id)) faults.push(`no such description: ${id}`);
        for (const head of all('th')) if (!head.scope) faults.push(`no scope: ${head.textContent}`);
        for (const target of all('button, summary, nav a').filter(seen))
            if (target.getBoundingClientRect().height < 24) faults.push(`small: ${target.textContent}`);
        const ids = all('[id]').map((e) => e.id);
        for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`twice: ${id}`);
        return faults;";
    let faults = window.execute(script, Vec::new()).await.unwrap();
    assert_eq!(faults, json!([]), "{place}");
}

/// Waits until the page says so.
async fn says(window: &Client, words: &str) {
    let path = format!("//main[contains(normalize-space(.), '{words}')]");
    let said = window.wait().for_element(Locator::XPath(&path)).await;
    assert!(said.is_ok(), "the page does not say {words:?}: {}", window.source().await.unwrap());
}

async fn press(window: &Client, button: &str) {
    let path = format!("//button[normalize-space()='{button}']");
    window.find(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
}

async fn fill(window: &Client, id: &str, value: &str) {
    let field = window.find(Locator::Id(id)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(value).await.unwrap();
}

fn url(site: &Site, cell: &str) -> String {
    format!("{}{}", site.public, site.link(cell))
}

#[tokio::test]
async fn a_secretary_answers_on_a_phone() {
    let (site, driver) = (site().await, Driver::start());
    let window = driver.window(390).await;
    // Right after the mail: the page asks for the digits of the mail, keeps what was typed, and says so.
    window.goto(&url(&site, "cb-2")).await.unwrap();
    sound(&window, "fresh").await;
    assert_eq!(site.row("cb-2").await.state, State::Open, "looking is not answering");
    fill(&window, "received-promised", "10/3/2026").await;
    press(&window, "Xác nhận đã nhận").await;
    says(&window, "Xin xác nhận thêm một bước").await;
    sound(&window, "asked for digits").await;
    let promised = window.find(Locator::Id("received-promised")).await.unwrap();
    assert_eq!(promised.prop("value").await.unwrap().as_deref(), Some("10/3/2026"));
    fill(&window, "received-digits", &site.challenge("cb-2")).await;
    press(&window, "Xác nhận đã nhận").await;
    says(&window, "Đã ghi nhận").await;
    says(&window, "hẹn xong ngày 10/03/2026").await;
    sound(&window, "recorded").await;
    // Days later the same link reports the work as done; a mistake is shown at its field.
    site.wait(3 * 24 * 3600);
    window.goto(&url(&site, "cb-2")).await.unwrap();
    fill(&window, "done-report_date", "30/2/2026").await;
    site.wait(20);
    press(&window, "Báo đã hoàn thành").await;
    says(&window, "Không đọc được ngày").await;
    sound(&window, "mistaken").await;
    fill(&window, "done-report_date", "4/3/2026").await;
    site.wait(20);
    press(&window, "Báo đã hoàn thành").await;
    says(&window, "Đã ghi nhận").await;
    assert_eq!(site.row("cb-2").await.state, State::Done);
    window.close().await.unwrap();
}

#[tokio::test]
async fn every_page_fits_a_phone_and_an_office_screen() {
    let (site, driver) = (site().await, Driver::start());
    let public = [url(&site, "cb-1-1"), format!("{}/nowhere", site.public)];
    let staff = ["/", "/?filter=open", "/documents/1", "/cells", "/holds", "/outbox", "/system", "/nowhere"];
    let pages = public.into_iter().chain(staff.map(|path| format!("{}{path}", site.admin)));
    let pages: Vec<String> = pages.collect();
    for width in [390, 1366] {
        let window = driver.window(width).await;
        for page in &pages {
            window.goto(page).await.unwrap();
            sound(&window, &format!("{page} at {width} px")).await;
        }
        window.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_keyboard_reaches_the_button() {
    let (site, driver) = (site().await, Driver::start());
    site.wait(600);
    let window = driver.window(1366).await;
    window.goto(&url(&site, "cb-2")).await.unwrap();
    site.wait(20);
    let tab = "\u{E004}";
    let body = window.find(Locator::Css("body")).await.unwrap();
    body.send_keys(tab).await.unwrap();
    let skip = window.active_element().await.unwrap();
    assert_eq!(skip.text().await.unwrap(), "Đến nội dung chính", "the first stop");
    for _ in 0..6 {
        let here = window.active_element().await.unwrap();
        if here.tag_name().await.unwrap() == "button" {
            here.send_keys("\u{E007}").await.unwrap();
            says(&window, "Đã ghi nhận").await;
            return window.close().await.unwrap();
        }
        here.send_keys(tab).await.unwrap();
    }
    panic!("the button is not within six stops");
}
