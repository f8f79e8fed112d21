//! Chromium, with a profile that goes when the test ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use data_encoding::BASE64;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

/// A phone, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);
/// An office PC.
pub const DESK: (u32, u32) = (1366, 768);

/// What the browser on an office PC calls itself.
const PERSON: &str = "--user-agent=Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/126.0.0.0 Safari/537.36";

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one window.
pub struct Browser {
    pub client: Client,
    driver: Driver,
    session: String,
    _profile: TempDir,
}

/// A chromedriver on a port of its own.
struct Driver {
    child: Child,
    port: u16,
    /// Kept open: a driver that cannot speak stops.
    _said: BufReader<ChildStdout>,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: install chromium-driver, or run ./test.sh once");
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let port = said.by_ref().lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let port = port.expect("chromedriver told no port");
        Self { child, port, _said: said }
    }
}

/// A command that WebDriver itself does not know.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// A browser as most people have it.
    pub async fn start() -> Self {
        Self::with(json!({}), PERSON).await
    }

    /// A browser that runs no script, as strict offices set it.
    pub async fn without_script() -> Self {
        Self::with(json!({ "profile.managed_default_content_settings.javascript": 2 }), PERSON).await
    }

    /// A browser that says of itself that it has no window, as scanners run it.
    pub async fn scanner() -> Self {
        Self::with(json!({}), "--disable-breakpad").await
    }

    async fn with(preferences: Value, agent: &str) -> Self {
        let (driver, profile) = (Driver::start(), tempfile::tempdir().unwrap());
        let folder = format!("--user-data-dir={}", profile.path().display());
        let Value::Object(capabilities) = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", agent, "--hide-scrollbars", "--lang=vi", "--window-size=1366,768", folder,
                ],
                "prefs": preferences,
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        }) else {
            unreachable!("an object stands above")
        };
        let client = ClientBuilder::rustls()
            .unwrap()
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("chromedriver cannot start chromium: install it, or run ./test.sh once");
        let session = client.session_id().await.unwrap().unwrap();
        Self { client, driver, session, _profile: profile }
    }

    /// Opens a page and waits until it is there.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Makes the window a screen of `size` CSS pixels with `scale` dots each; `dark` as the reader likes it.
    pub async fn look(&self, size: (u32, u32), scale: f64, dark: bool) {
        let (width, height) = size;
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// What a script returns.
    pub async fn eval(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The one element behind a selector, once it is there.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// The words of the page that are to be seen.
    pub async fn text(&self) -> String {
        self.find("body").await.text().await.unwrap()
    }

    /// Presses the visible button with this label and waits until the page that showed it is gone.
    pub async fn press(&self, label: &str) {
        let path = format!("//button[normalize-space()='{label}']");
        let page = self.find("html").await;
        self.client.find(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
        let begun = tokio::time::Instant::now();
        while page.tag_name().await.is_ok() {
            assert!(begun.elapsed() < PATIENCE, "“{label}” led nowhere");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Strikes a key wherever the keyboard is.
    pub async fn strike(&self, key: fantoccini::key::Key) {
        let active = self.client.active_element().await.unwrap();
        active.send_keys(&char::from(key).to_string()).await.unwrap();
    }

    /// What is on the screen, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let shot = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await;
        BASE64.decode(shot["data"].as_str().unwrap().as_bytes()).unwrap()
    }

    /// How many sheets of A4 a page takes in print.
    pub async fn pages_in_print(&self, address: &str) -> usize {
        self.open(address).await;
        let printed = self.devtools("Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
        let pdf = BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
        String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count()
    }

    /// What the browser complained of since it was last asked: scripts, policy, missing files.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.extra("se/log", json!({ "type": "browser" })).await;
        log.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The addresses of every request since it was last asked; the browser's own do not count.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.extra("se/log", json!({ "type": "performance" })).await;
        let event =
            |entry: &Value| serde_json::from_str::<Value>(entry["message"].as_str().unwrap()).unwrap();
        let events = log.as_array().unwrap().iter().map(event);
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["message"]["params"]["request"]["url"].as_str().unwrap().to_owned())
            .filter(|address| !address.starts_with("chrome://") && !address.starts_with("data:"))
            .collect()
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.extra("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    async fn extra(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Extra { path, body }).await.unwrap()
    }
}

/// Also when the test failed: the driver ends its browser, then it is ended itself.
impl Drop for Browser {
    fn drop(&mut self) {
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            self.session
        );
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.driver.port)) {
            stream.set_read_timeout(Some(Duration::from_secs(10))).ok();
            stream.write_all(request.as_bytes()).ok();
            stream.read_to_end(&mut Vec::new()).ok();
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
