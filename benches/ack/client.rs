//! Readers who press, as a reverse proxy hands them on: kept connections, each press from another address.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What a reader's browser calls itself.
const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// What pressing came to: presses a second, and milliseconds that one waits.
#[derive(Debug, Clone, Copy)]
pub struct Presses {
    /// Presses a second.
    pub rate: f64,
    /// Half of them wait no longer.
    pub p50: f64,
    /// One in a hundred waits longer.
    pub p99: f64,
}

/// A press: the link's token and the form that it brings.
pub struct Form {
    /// The token.
    pub token: String,
    /// The body.
    pub body: String,
}

/// Presses all of these by so many clients; every page must have this status and these words.
///
/// # Errors
/// The server's, or a page says something else.
pub async fn press(
    server: SocketAddr,
    forms: Arc<[Form]>,
    clients: usize,
    wanted: (u16, &'static str),
) -> Result<Presses> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut work = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..clients {
        work.spawn(reader(server, forms.clone(), next.clone(), wanted));
    }
    let mut waits = Vec::with_capacity(forms.len());
    while let Some(done) = work.join_next().await {
        waits.extend(done??);
    }
    let rate = forms.len() as f64 / begun.elapsed().as_secs_f64();
    ensure!(waits.len() == forms.len(), "{} of {} were pressed", waits.len(), forms.len());
    waits.sort_by(f64::total_cmp);
    let at = |part: usize| waits.get(waits.len() * part / 100).copied().unwrap_or(f64::NAN);
    Ok(Presses { rate, p50: at(50), p99: at(99) })
}

/// One client; milliseconds that each of its presses took.
async fn reader(
    server: SocketAddr,
    forms: Arc<[Form]>,
    next: Arc<AtomicUsize>,
    (status, words): (u16, &'static str),
) -> Result<Vec<f64>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (mut stream, mut waits) = (BufReader::new(stream), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(form) = forms.get(number) else { return Ok(waits) };
        let request = request(form, number)?;
        let begun = Instant::now();
        stream.get_mut().write_all(request.as_bytes()).await?;
        let (got, page) = answer(&mut stream).await?;
        waits.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(got == status && page.contains(words), "{got} instead of {status}:\n{page}");
    }
}

fn request(form: &Form, number: usize) -> Result<String> {
    let address = Ipv4Addr::from(0x0a00_0000 + u32::try_from(number)?);
    let Form { token, body } = form;
    Ok(format!(
        "POST /a/{token} HTTP/1.1\r\nhost: vanthu.mau.example\r\nx-forwarded-for: {address}\r\nuser-agent: {AGENT}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// Status and page.
async fn answer(stream: &mut BufReader<TcpStream>) -> Result<(u16, String)> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).with_context(|| format!("no status: {line:?}"))?.parse()?;
    let mut length = None;
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            bail!("the server hung up");
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = Some(value.trim().parse()?);
        }
    }
    let mut page = vec![0; length.context("no length")?];
    stream.read_exact(&mut page).await?;
    Ok((status, String::from_utf8(page)?))
}
