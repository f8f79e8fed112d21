//! G7, end to end: whether an office with a thousand rules is served as fast as one with a dozen.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;

use super::daemon::{Daemon, settled};
use super::office::{Office, Way};
use super::postfix::Sink;
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::wait::until;
use super::{CELLS, Plan, w1};

/// Rules beside those of the sample.
const MORE: usize = 1_000;
const SESSIONS: usize = 16;

/// Documents of the workload through the sample's rules, and through a thousand more that none of them meets.
///
/// # Errors
/// A count is wrong.
pub fn run(runtime: &Runtime, plan: &Plan, report: &mut Report) -> Result<()> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for round in 1..=plan.rounds {
        few.push(seconds(runtime, plan.documents, 0)?);
        many.push(seconds(runtime, plan.documents, MORE)?);
        note(&format!("rules, round {round}: {:.2?} s without, {:.2?} s with {MORE} more", few, many));
    }
    report.at_most(
        "G7",
        format!("end to end with {MORE} more rules, × without"),
        1.25,
        median(many) / median(few),
    );
    Ok(())
}

fn seconds(runtime: &Runtime, documents: u64, more: usize) -> Result<f64> {
    let mails = documents * CELLS;
    let sink = Sink::start(&[])?;
    let source = DocumentSystem::start(runtime, documents)?;
    let office = Office::new(&source.url(), &Way::Smtp(sink.port, SESSIONS))?;
    fs::write(office.path().join("rules.d/90-nhieu.toml"), rules(more)?)?;
    let daemon = Daemon::start(&office)?;
    let begun = source.first_request()?;
    until("the mails", Duration::from_millis(5), || Ok((sink.count()? >= mails).then_some(())))?;
    let took = settled(runtime, &office)?.duration_since(begun);
    daemon.stop()?;
    w1::prove(runtime, &office, &sink, mails)?;
    Ok(took.as_secs_f64())
}

/// Rules by issuer and phrase, by words in any order, and without accents, in turn.
fn rules(count: usize) -> Result<String> {
    let mut text = String::new();
    for number in 0..count {
        let when = match number % 3 {
            0 => format!("issuer = \"ĐUK\", kind = \"KH\", text_any = [\"đợt thi đua số {number}\"]"),
            1 => format!("text_all = [\"hội thao\", \"lần thứ {number}\"]"),
            _ => format!("text_any = [\"phong trao {number}\"], accent_free = true"),
        };
        write!(
            text,
            "[[rule]]\nid = \"them-{number}\"\nname = \"Quy tắc thêm {number}\"\nwhen = {{ {when} }}\n\
             to = {{ kind = [\"base-cell\"] }}\nowes = [\"acknowledge\"]\nacknowledge_within = \"1 working day\"\n\
             ladder = \"standard\"\n\n"
        )?;
    }
    Ok(text)
}
