//! Idle and dripping clients do not keep others out (promises.md T84).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::support::site::{Site, site};

async fn knock(site: &Site) -> TcpStream {
    TcpStream::connect(site.public.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Whether the server closed the connection within this time.
async fn is_closed(stream: &mut TcpStream, within: Duration) -> bool {
    let mut byte = [0];
    timeout(within, stream.read(&mut byte)).await.is_ok_and(|read| !matches!(read, Ok(1..)))
}

#[tokio::test]
async fn one_address_holds_so_many_connections_and_no_more() {
    let site = site().await;
    let mut idle = Vec::new();
    for _ in 0..60 {
        idle.push(knock(&site).await);
    }
    let begun = Instant::now();
    assert_eq!(site.get(&site.link("cb-2")).await.0, 200);
    // 300 ms is the promise; a shared build machine gets a second.
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    let mut more = Vec::new();
    for _ in 0..20 {
        more.push(knock(&site).await);
    }
    let mut refused = 0;
    for stream in &mut more {
        refused += usize::from(is_closed(stream, Duration::from_millis(200)).await);
    }
    assert!((16..=17).contains(&refused), "{refused} of 20 were refused beside 60 or 61 others");
    drop((idle, more));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(site.get(&site.link("cb-2")).await.0, 200, "room again");
}

#[tokio::test]
async fn a_client_that_falls_silent_is_let_go() {
    let site = site().await;
    let (mut silent, mut stuck) = (knock(&site).await, knock(&site).await);
    stuck.write_all(b"POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-le").await.unwrap();
    let begun = Instant::now();
    assert!(is_closed(&mut silent, Duration::from_secs(25)).await, "said nothing at all");
    assert!(is_closed(&mut stuck, Duration::from_secs(5)).await, "stopped within a header");
    assert!(begun.elapsed() > Duration::from_secs(15), "not before its time: {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered_with_an_excuse() {
    let site = site().await;
    let mut drip = knock(&site).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 900\r\n\r\nanswer=",
        site.link("cb-2")
    );
    drip.write_all(head.as_bytes()).await.unwrap();
    let begun = Instant::now();
    let mut answer = vec![0; 64];
    timeout(Duration::from_secs(15), drip.read_exact(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer));
    assert!(begun.elapsed() > Duration::from_secs(9), "{:?}", begun.elapsed());
}
