//! What the worst inputs cost (T68, T69, T71): time, and memory as the peak of the whole process allows.

use std::io::{self, Cursor, Read};
use std::time::Instant;

use anyhow::{Result, ensure};
use vanthu::app::ports::Reading;
use vanthu::store::files::Folder;

use crate::process;
use crate::read_one;
use crate::report::Report;

/// Measures each.
///
/// # Errors
/// One of them was taken for a document.
pub fn run(report: &mut Report) -> Result<()> {
    let place = tempfile::tempdir()?;
    let files = Folder::new(place.path());
    for (name, most, input) in inputs() {
        let before = process::memory(std::process::id(), "VmRSS")?;
        let begun = Instant::now();
        let reading = read_one(input, &files)?;
        let took = begun.elapsed();
        ensure!(matches!(reading, Reading::Broken(_)), "{name}: {reading:?}");
        let peak = process::memory(std::process::id(), "VmHWM")?.saturating_sub(before);
        report.at_most("T69", format!("{name}: ms"), most, took.as_secs_f64() * 1e3);
        report.at_most("T69", format!("{name}: at most MB more than before"), 64.0, peak as f64 / 1024.0);
    }
    Ok(())
}

type Input = Box<dyn Read>;

fn inputs() -> Vec<(&'static str, f64, Input)> {
    let endless = |before: &'static str| -> Input {
        Box::new(Cursor::new(before).chain(io::repeat(b'x').take(100 << 20)))
    };
    let repeated = |before: &str, what: &str, times| -> Input {
        Box::new(Cursor::new(format!("{before}{}", what.repeat(times))))
    };
    let numbered = |what: &str, times: usize| -> Input {
        let attributes: String = (0..times).map(|number| format!(" {what}{number}=\"u\"")).collect();
        Box::new(Cursor::new(format!("<edXML{attributes}/>")))
    };
    let laughs =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/edxml/doctype-billion-laughs.edxml"));
    vec![
        ("billion laughs", 50.0, Box::new(Cursor::new(laughs.unwrap_or_default())) as Input),
        ("320,000 attributes", 100.0, numbered("a", 320_000)),
        ("200,000 namespaces", 100.0, numbered("xmlns:n", 200_000)),
        ("depth 1,000,000", 100.0, repeated("<edXML>", "<a>", 1_000_000)),
        ("1,000,000 elements", 100.0, repeated("<edXML>", "<a/>", 1_000_000)),
        ("a text of 100 MB", 100.0, endless("<edXML>")),
        ("a comment of 100 MB", 100.0, endless("<edXML><!--")),
        ("99,000 short texts", 100.0, repeated("<edXML>", "<a>một hai ba bốn</a>", 99_000)),
    ]
}
