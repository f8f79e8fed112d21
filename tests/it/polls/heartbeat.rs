//! The heartbeat: one request, never repeated, and never a word of its address.

use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vanthu::source::heartbeat::Heartbeat;

/// A watchdog that answers everything with one status line; the first lines it was sent, and its address.
async fn watchdog(status: &'static str) -> (Arc<Mutex<Vec<String>>>, String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/ma-rieng-7f3a", listener.local_addr().unwrap());
    let (seen, mut server) = (Arc::new(Mutex::new(Vec::new())), JoinSet::new());
    let lines = seen.clone();
    server.spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = socket.read(&mut request).await.unwrap();
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            lines.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (seen, address, server)
}

fn heartbeat(address: &str) -> Heartbeat {
    Heartbeat::new(SecretString::from(address.to_owned())).unwrap()
}

#[tokio::test]
async fn a_good_poll_is_one_request() {
    let (seen, address, _server) = watchdog("204 No Content").await;
    heartbeat(&address).beat().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["GET /ma-rieng-7f3a HTTP/1.1"]);
}

#[tokio::test]
async fn a_watchdog_that_is_ill_is_asked_once_and_not_named() {
    let (seen, address, server) = watchdog("503 Busy").await;
    let reason = heartbeat(&address).beat().await.unwrap_err();
    assert_eq!((reason.as_str(), seen.lock().unwrap().len()), ("mã HTTP 503", 1));
    drop(server);
    tokio::task::yield_now().await;
    let reason = heartbeat(&address).beat().await.unwrap_err();
    assert!(!reason.contains("ma-rieng") && !reason.contains("127.0.0.1"), "{reason}");
}

#[test]
fn an_address_that_is_none_is_refused_without_being_named() {
    for address in ["", "nhip.mau.example/ma-rieng", "ftp://nhip.mau.example/ma-rieng"] {
        let refused = Heartbeat::new(SecretString::from(address.to_owned()));
        let reason = refused.err().unwrap();
        assert!(!reason.contains("ma-rieng"), "{reason}");
    }
}
