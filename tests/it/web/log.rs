//! A token is a key: it stands in no log line, at any level, whatever becomes of the request.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use crate::support::site::site;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_token_is_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    let site = site().await;
    lines.0.lock().unwrap().clear();
    let link = site.link("cb-2");
    site.press("cb-2", "", &[("answer", "received"), ("digits", "612")]).await;
    site.press("cb-2", "", &[("answer", "nonsense"), ("reason", "Bí mật thư")]).await;
    site.rig.store.close().await;
    site.press("cb-2", "", &[("answer", "received"), ("digits", "612")]).await;
    drop(guard);
    let text = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(text.contains("/a/{token}"), "requests are logged: {text}");
    assert!(text.contains("ERROR"), "failures are logged: {text}");
    let mac = link.rsplit_once('.').unwrap().1;
    // The register's own trace shows what it is given; that is told apart by its target.
    for line in text.lines().filter(|line| !line.contains("sqlx")) {
        assert!(!line.contains(mac) && !line.contains("Bí mật thư") && !line.contains("612"), "{line}");
    }
}
