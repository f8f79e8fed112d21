//! What must not come out: links in the log, markup from a document's words on a page.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;
use vanthu::demo::ioffice::FakeDocument;

use crate::support::rig::{Rig, local};
use crate::support::site::{Site, fake, site};

const EVIL: &str = "<script>alert(1)</script> {{ 7*7 }} {% raw %} \"'><img src=x onerror=alert(1)>";

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything at its most talkative; other crates speak of the test's own client, which knows the links.
#[tokio::test]
async fn the_log_knows_routes_and_never_links() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).with_env_filter("vanthu=trace");
    // With one dispatcher alone, tracing asks the thread that first reaches a line whether anybody
    // listens, and remembers a no; that thread may be another test's.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let site = site().await;
    site.wait(600);
    let link = site.link("cb-2");
    site.get(&link).await;
    site.get(&format!("{link}x")).await;
    site.press("cb-2", "", &[("answer", "received")]).await;
    site.press("cb-2", "", &[("answer", "received"), ("digits", "0612")]).await;
    site.press("cb-2", "", &[("answer", "nonsense"), ("reason", "Bí mật thư")]).await;
    site.staff("/documents/1").await;
    site.rig.store.close().await;
    assert_eq!(site.get(&link).await.0, 503);
    assert_eq!(site.staff("/").await.0, 503);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for word in ["/a/{token}", "/documents/{id}", "ERROR", "GET", "POST", "422"] {
        assert!(log.contains(word), "{word} is missing: {log}");
    }
    let token = link.strip_prefix("/a/").unwrap();
    for piece in [token.split('.').nth(2).unwrap(), token.rsplit('.').next().unwrap()] {
        assert!(!log.contains(piece), "a link's {piece} is in the log: {log}");
    }
    for secret in ["0612", "Sinh hoạt", "Bí mật thư", "cb-2@mau.example"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

/// T49. The words stand where a person reads them, as words.
#[tokio::test]
async fn a_documents_words_stay_words() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let received = local("2026-03-02 08:40");
    let evil = |id, subject: String| FakeDocument {
        kind_name: "<b>Kế hoạch</b>".to_owned(),
        issuer: "<i>Đảng uỷ</i> {{ cell }}".to_owned(),
        signer: "<u>Phó Bí thư</u>".to_owned(),
        ..FakeDocument::new(id, "<s>12</s>-KH/ĐUK", &subject, received)
    };
    rig.ioffice.put(evil(1, format!("chuyên đề {EVIL}")));
    rig.ioffice.put(evil(2, EVIL.to_owned()));
    rig.poll().await.unwrap();
    rig.send().await;
    let site = Site::over(rig, fake()).await;
    site.wait(600);
    site.read_and_press("cb-2", &[("answer", "declined"), ("reason", EVIL)]).await;
    for path in ["/", "/documents/1", "/documents/2", "/cells", "/holds", "/outbox", "/system"] {
        let (status, html) = site.staff(path).await;
        assert_eq!(status, 200, "{path}");
        is_tame(path, &html);
    }
    let (_, html) = site.staff("/documents/1").await;
    assert!(html.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt; {{ 7*7 }} {% raw %}"), "{html}");
    let (_, html) = site.get(&site.link("cb-2")).await;
    is_tame("the answer page", &html);
    assert!(html.contains("&lt;b&gt;Kế hoạch") && html.contains("{{ cell }}"), "{html}");
}

fn is_tame(path: &str, html: &str) {
    for tag in ["<script", "<img", "<b>", "<i>", "<u>", "<s>", "49 {%"] {
        assert!(!html.contains(tag), "{path} has {tag}: {html}");
    }
}
