//! The zone of the machine is nobody's business: the same office on three machines, over nights on which clocks change.

use std::collections::BTreeSet;
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::support::daemon::{CELLS, World, now, plan, wait_until};
use crate::support::faults::Faults;

/// Nights in New York: the hour that comes twice, and the one that is left out. They are past: the document system lives
/// by the real time and shows nothing before its day.
const NIGHTS: [&str; 2] = ["2026-11-01T05:30:00Z", "2026-03-08T06:30:00Z"];
const ZONES: [&str; 3] = ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"];

/// A machine in a zone, in a night.
struct Machine {
    world: World,
    faults: Faults,
    zone: &'static str,
}

impl Machine {
    fn new(zone: &'static str, night: DateTime<Utc>) -> Self {
        let world = World::new();
        for year in 2025..=2027 {
            let text = format!("year = {year}\nbasis = \"thử\"\nconfirmed = true\n[off]\n");
            world.write(&format!("calendar/{year}.toml"), &text);
        }
        let paper = plan(1);
        world.ioffice.put(vanthu::demo::ioffice::FakeDocument {
            received: night - TimeDelta::minutes(5),
            issued: (night - TimeDelta::days(1)).date_naive(),
            ..paper
        });
        let faults = Faults::new();
        faults.leap((night - now()).num_seconds());
        Self { world, faults, zone }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        self.faults.clock(&mut command);
        command.env("TZ", self.zone);
        command
    }

    fn says(&self, arguments: &[&str]) -> String {
        let ended = self.command(arguments).output().unwrap();
        assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap()
    }

    /// The text of its mails, without their links.
    fn mails(&self) -> BTreeSet<String> {
        let text = |raw: Vec<u8>| {
            let mail = MessageParser::default().parse(&raw).unwrap();
            let text = mail.body_text(0).unwrap().into_owned();
            text.lines().filter(|line| !line.contains("http")).collect::<Vec<_>>().join("\n")
        };
        self.world.sink.mails().into_iter().map(text).collect()
    }

    /// Lives through the night: what it mailed, what it recorded as due, and what it says of deadlines.
    fn lives(&self) -> (BTreeSet<String>, BTreeSet<String>, String) {
        let mut daemon = self.world.spawn_with(self.command(&["run"]));
        self.world.ready(&mut daemon);
        wait_until("every cell has its mail", || self.world.sink.count() == CELLS);
        assert!(daemon.terminate().0.success());
        let shown = serde_json::from_str(&self.says(&["show", "1-KH/ĐUK", "--json"])).unwrap();
        let mut dues = BTreeSet::new();
        collect(&shown, &mut dues);
        let days = ["--issued", "2026-10-30", "--received", "2026-10-30"];
        let said = self.says(&[&["deadline", "explain", "trong 07 ngày làm việc"], &days[..]].concat());
        (self.mails(), dues, said)
    }
}

/// Every instant at which something is due, to the hour: the machines did not begin in the same second.
fn collect(value: &Value, dues: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Some(instant) = value.as_str().filter(|_| name.contains("due")) {
                    dues.insert(format!("{name} {}", instant.get(..13).unwrap_or(instant)));
                } else {
                    collect(value, dues);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, dues)),
        _ => {}
    }
}

#[test]
fn machines_in_three_zones_live_through_the_same_night() {
    for night in NIGHTS {
        let night = night.parse().unwrap();
        let [first, rest @ ..] = ZONES.map(|zone| Machine::new(zone, night));
        let lived = first.lives();
        assert!(lived.0.len() == CELLS && !lived.1.is_empty() && !lived.2.is_empty(), "{lived:?}");
        for machine in rest {
            assert_eq!(machine.lives(), lived, "{} in the night of {night}", machine.zone);
        }
    }
}
