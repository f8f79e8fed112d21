//! Every day of 2024 to 2040 counted a second time in Python, from the same files: no difference.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::{Datelike as _, NaiveDate};
use vanthu::config::calendar::draft;
use vanthu::domain::calendar::{Calendar, Draft};

use crate::config::office::{CALENDAR, Office};

const WEEK: [bool; 7] = [true, true, true, true, true, false, false];

/// Swaps as they were announced, one over the turn of a year, and half days.
fn extra(year: i32) -> &'static str {
    match year {
        2024 => "2024-04-29 = \"2024-05-04\"\n[morning]\n2024-02-08 = \"nghỉ sớm trước Tết\"\n",
        2025 => "2025-05-02 = \"2025-04-26\"\n",
        2026 => "2026-01-02 = \"2026-01-10\"\n2026-08-31 = \"2026-08-22\"\n",
        2029 => "2029-12-31 = \"2030-01-05\"\n",
        2031 => "[afternoon]\n2031-01-25 = \"thứ Bảy làm buổi chiều\"\n[work]\n2031-02-01 = \"làm bù\"\n",
        _ => "",
    }
}

/// An office with the drafts of these years; 2036 has no file.
fn office() -> Office {
    let mut office = Office::new();
    for year in (2024..=2041).filter(|year| *year != 2036) {
        let text = draft::text(&Draft::new(year, WEEK).unwrap()) + extra(year);
        office = office.with(&format!("calendar/{year}.toml"), text);
    }
    office.with("calendar/calendar.toml", CALENDAR)
}

fn counted(calendar: &Calendar) -> String {
    let mut text = String::new();
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    for day in first.iter_days().take_while(|day| day.year() <= 2040) {
        write!(text, "{day} {}", u8::from(calendar.is_working(day))).unwrap();
        for sixty in [60, -60] {
            let counted = calendar.explain(day, sixty);
            let worked: Vec<_> = counted.iter().filter(|day| day.working).map(|day| day.date).collect();
            assert_eq!(worked.len(), 60, "{day}");
            for (n, worked) in (1..).zip(&worked) {
                // Counting for itself each of all these times takes minutes without optimisation.
                if matches!(n, 1 | 2 | 5 | 22 | 60) {
                    assert_eq!(calendar.add_working_days(day, n * sixty.signum()), *worked, "{day} {n}");
                }
                write!(text, " {}", worked.num_days_from_ce()).unwrap();
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn python_counts_the_same_on_every_day() {
    let office = office();
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/calendar/second.py");
    let mut child = Command::new("python3")
        .arg(script)
        .arg(office.root().join("calendar"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = counted(&loaded.office.calendar);
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told, "6210 days, 745200 counts, 0 differences\n");
}
