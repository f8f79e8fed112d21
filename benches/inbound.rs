//! What hostile mail costs in service (promises.md T50): each shape is read in a process of its own, optimised, and
//! costs at most 200 ms on a processor and 64 MB.
//!
//!     cargo bench --bench inbound
//!
//! Each is read five times; the median is stated. A mail that ends the process ends the run with an error.

#[path = "pipeline/process.rs"]
#[expect(dead_code, reason = "shared with the pipeline, which needs more of it")]
mod process;
#[path = "pipeline/report.rs"]
#[expect(dead_code, reason = "shared with the pipeline, which needs more of it")]
mod report;
#[path = "../tests/it/inbound/shapes.rs"]
mod shapes;

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use vanthu::mail::inbound::EXCERPT;

use report::{Report, median, note};
use shapes::{handle, shapes};

/// How often each shape is read.
const ROUNDS: usize = 5;
/// What tells a process of this program to read one mail, from its input: its memory is that of one mail alone.
const ONE: &str = "--one";

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == ONE) { read() } else { measure() }
}

fn measure() -> Result<()> {
    note(&process::host()?);
    let mut report = Report::default();
    for (name, mail) in shapes() {
        let rounds = (0..ROUNDS).map(|_| cost(name, &mail)).collect::<Result<Vec<_>>>()?;
        let middle = |which: fn(&(f64, f64)) -> f64| median(rounds.iter().map(which).collect());
        report.at_most("T50", format!("{name}: ms"), 200.0, middle(|(time, _)| *time));
        report.at_most("T50", format!("{name}: MB"), 64.0, middle(|(_, space)| *space));
    }
    report.print();
    Ok(())
}

/// Milliseconds on a processor and megabytes that reading a mail took in a process of its own.
fn cost(name: &str, mail: &[u8]) -> Result<(f64, f64)> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg(ONE).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("its input")?.write_all(mail)?;
    let run = child.wait_with_output()?;
    ensure!(run.status.success(), "{name}: {}", run.status);
    let told = String::from_utf8(run.stdout)?;
    let (time, space) = told.trim().split_once(' ').context("two figures")?;
    Ok((time.parse()?, space.parse()?))
}

#[expect(clippy::print_stdout, reason = "what the process that measures reads")]
fn read() -> Result<()> {
    let mut mail = Vec::with_capacity(EXCERPT);
    std::io::stdin().read_to_end(&mut mail)?;
    handle(b"From: a@b.example\r\n\r\nx");
    let (time, space) = (spent()?, process::memory(std::process::id(), "VmHWM")?);
    handle(&mail);
    let space = process::memory(std::process::id(), "VmHWM")?.saturating_sub(space);
    println!("{} {}", spent()? - time, space as f64 / 1024.0);
    Ok(())
}

/// Milliseconds on a processor so far: a busy host must not make a mail slow.
fn spent() -> Result<f64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: f64 = told.split(' ').next().context("schedstat")?.parse()?;
    Ok(nanos / 1e6)
}
