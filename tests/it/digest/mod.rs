//! The mail of the morning, the table of the week, the calendar of a cell, and the letter that chases.

mod calendars;
mod chasing;
mod morning;
mod weekly;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::digest::{Gathered, gather};
use vanthu::app::policy::Policy;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::Answer;

use crate::support::rig::{Rig, local};

/// A rig whose cells get the mail of the morning at half past seven.
async fn rig(now: &str) -> Rig {
    let mut rig = Rig::at(now).await;
    rig.policy = Arc::new(Policy { digest: "07:30:00".parse().ok(), ..(*rig.policy).clone() });
    rig
}

/// A document in the source.
fn document(number: i64, symbol: &str, subject: &str, received: &str) -> FakeDocument {
    FakeDocument::new(number, symbol, subject, local(received))
}

/// The number under which a document stands in the register.
async fn number(rig: &Rig, symbol: &str) -> DocumentId {
    let found = rig.store.find_documents(symbol, rig.clock_now()).await.unwrap();
    found.first().map_or(DocumentId(99), |row| row.id)
}

/// Staff enter what a cell told them on the phone, for each thing that these documents ask of it.
async fn say(rig: &Rig, cell: &str, symbols: &[&str], answer: Answer) {
    for symbol in symbols {
        let rows = rig.store.obligations(number(rig, symbol).await, false).await.unwrap();
        let asked = rows.iter().map(|row| &row.obligation).filter(|row| row.cell.as_str() == cell);
        let asked: Vec<_> = asked.map(|row| row.id).collect();
        assert!(!asked.is_empty(), "{symbol} asks nothing of {cell}");
        for obligation in asked {
            let entry = OnBehalf {
                obligations: &[obligation],
                answer: &answer,
                actor: "vt",
                reason: "gọi điện",
                now: rig.clock_now(),
            };
            let with = (&rig.office.calendar, &rig.policy.voices);
            acknowledge::staff(rig.store.as_ref(), with, &entry).await.unwrap();
        }
    }
}

/// Done, with nothing said about it.
fn done() -> Answer {
    Answer::Done { report_symbol: None, report_date: None, note: None, link: None, figures: Vec::new() }
}

/// One turn of the daemon's chase: ladders, then what is put together once a morning.
async fn turn(rig: &Rig) -> Gathered {
    rig.chase().await;
    gather(rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now()).await.unwrap()
}

/// What a reader of another make says of bytes; `test.sh` installs those readers for the system's Python.
fn python(script: &str, bytes: &[u8]) -> String {
    let script = format!("{}/tests/it/digest/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is missing: run ./test.sh, which installs it");
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "run ./test.sh if a module is missing: {said}");
    String::from_utf8(output.stdout).unwrap()
}
