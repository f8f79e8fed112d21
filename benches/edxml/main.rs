//! G8 of docs/PERFORMANCE.md: what reading edXML costs, with libxml2's streaming readers beside it in the
//! same run, and what the worst inputs cost (T68, T69, T71).
//!
//!     cargo bench --bench edxml                       200 kB and 50 MB, five rounds
//!     cargo bench --bench edxml -- --quick            one round
//!
//! The peers: `xmllint --stream` parses and does nothing else; `lxml.etree.iterparse` parses, decodes base64
//! and writes it to disk, as the daemon does (benches/peers/edxml.py). All write to the same file system and
//! all but xmllint wait for the disk. Outcomes that are wrong end the run with an error; a goal that is missed
//! does not.

mod hostile;
mod message;
mod peers;
#[path = "../pipeline/process.rs"]
#[expect(dead_code, reason = "shared with the pipeline, which needs more of it")]
mod process;
#[path = "../pipeline/report.rs"]
mod report;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use chrono_tz::Asia::Ho_Chi_Minh;
use vanthu::app::ports::Reading;
use vanthu::domain::ids::{ExternalId, SourceId};
use vanthu::source::edxml::{Context, Limits, read};
use vanthu::store::files::Folder;

use message::Message;
use report::{Report, median, note};

/// Bytes of the file in each message, and how often a round reads it.
const SIZES: [(usize, usize); 2] = [(150_000, 100), (50_000_000, 1)];

fn main() -> Result<()> {
    let rounds = rounds(std::env::args().skip(1))?;
    note(&process::host()?);
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut report = Report::default();
    memory(place.path(), &mut report)?;
    for (size, times) in SIZES {
        let message = Message::write(place.path(), size)?;
        compare(&message, times, rounds, place.path(), &mut report)?;
    }
    hostile::run(&mut report)?;
    report.print();
    Ok(())
}

fn rounds(arguments: impl Iterator<Item = String>) -> Result<usize> {
    let mut rounds = 5;
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => rounds = 1,
            "--rounds" => rounds = arguments.next().context("a number is missing")?.parse()?,
            // Cargo says so to every benchmark.
            "--bench" => {}
            other => bail!("unknown argument {other}"),
        }
    }
    Ok(rounds)
}

/// Reads one message.
pub fn read_one(input: impl Read, files: &Folder) -> Result<Reading> {
    let context = Context {
        source: &SourceId::from("truc"),
        external_id: &ExternalId::from("1"),
        received: None,
        zone: Ho_Chi_Minh,
        files,
        limits: Limits::default(),
    };
    Ok(read(input, &context)?)
}

/// Growth of the peak, first of all, before anything else has grown it.
fn memory(place: &Path, report: &mut Report) -> Result<()> {
    let small = Message::write(place, 1_000)?;
    let large = Message::write(place, 50_000_000)?;
    let files = Folder::new(place.join("files"));
    ours(&small, 1, &files)?;
    let before = process::memory(std::process::id(), "VmHWM")?;
    ours(&large, 1, &files)?;
    let growth = process::memory(std::process::id(), "VmHWM")? - before;
    report.at_most("T69", "growth of the peak for a file of 50 MB, MB", 16.0, growth as f64 / 1024.0);
    Ok(())
}

/// The time of reading a message so often, its file kept on the disk each time.
fn ours(message: &Message, times: usize, files: &Folder) -> Result<Duration> {
    let begun = Instant::now();
    for _ in 0..times {
        let reading = read_one(File::open(&message.path)?, files)?;
        let Reading::Open(incoming) = reading else { bail!("not open: {reading:?}") };
        let file = incoming.document.get().attachments.first().context("no file")?;
        ensure!(file.size == Some(message.file as u64), "{:?} bytes of {}", file.size, message.file);
        ensure!(incoming.document.get().addressees.len() == message::RECEIVERS, "receivers are missing");
    }
    Ok(begun.elapsed())
}

fn compare(message: &Message, times: usize, rounds: usize, place: &Path, report: &mut Report) -> Result<()> {
    let (mut own, mut stream, mut lxml) = (Vec::new(), Vec::new(), Vec::new());
    let megabytes =
        |took: Duration, times: usize| message.size as f64 * times as f64 / 1e6 / took.as_secs_f64();
    for _ in 0..rounds {
        let folder = tempfile::tempdir_in(place)?;
        own.push(megabytes(ours(message, times, &Folder::new(folder.path()))?, times));
        stream.push(megabytes(peers::xmllint(&message.path)?, peers::REPEATS));
        lxml.push(megabytes(peers::lxml(&message.path, folder.path(), times)?, times));
    }
    let (own, stream, lxml) = (median(own), median(stream), median(lxml));
    let figure = |what: &str| format!("{:.1} MB: {what}", message.size as f64 / 1e6);
    report.figure("G8", figure("MB/s with base64 to disk"), format!("{own:.0}"));
    report.figure("", figure("MB/s, xmllint --stream, parsing alone"), format!("{stream:.0}"));
    report.figure("", figure("MB/s, lxml iterparse with base64 to disk"), format!("{lxml:.0}"));
    report.at_least("G8", figure("× lxml iterparse, the same work"), 1.0, own / lxml);
    report.figure("G8", figure("× xmllint --stream, which does less"), format!("{:.2}", own / stream));
    Ok(())
}
