//! `check` and `config show`: everything wrong with the files, at once, at its place.

use super::{Exit, Place, print};
use crate::config;
use crate::config::settings::{Settings, SourceSettings};
use crate::domain::schedule::Schedule;

/// `check`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chỉ nói khi có lỗi
    #[arg(long)]
    quiet: bool,
    /// Coi cảnh báo là lỗi
    #[arg(long)]
    deny_warnings: bool,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// `config …`
#[derive(Debug, clap::Subcommand)]
pub enum ConfigVerb {
    /// In từng giá trị đang có hiệu lực
    Show {
        /// Kèm nơi nó được đặt: tệp và dòng, hoặc biến môi trường
        #[arg(long)]
        origin: bool,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (report, loaded) = match place.examine() {
        Ok(loaded) => (loaded.warnings.clone(), Some(loaded)),
        Err(report) => (report, None),
    };
    if args.json {
        print::json(&report.to_json(place.language()))?;
    } else if !(report.diagnostics.is_empty() || args.quiet && loaded.is_some()) {
        print::block(&report.render(place.language(), print::colour()));
    }
    let Some(loaded) = loaded else { return Ok(Exit::Configuration) };
    if args.deny_warnings && report.warnings() > 0 {
        return Ok(Exit::Configuration);
    }
    if !args.quiet && !args.json {
        summary(place, &loaded);
    }
    Ok(Exit::Done)
}

fn summary(place: &Place, loaded: &config::Loaded) {
    let (office, name) = (&loaded.office, &loaded.settings.office.name);
    let cells = office.units.cells_on(office.calendar.date_of(place.now())).count();
    print::text(&format!(
        "{name}: {} tổ chức, {cells} chi bộ, {} quy tắc (mã {}), lịch đến hết năm {}",
        office.units.iter().count(),
        office.ruleset.rules.len(),
        office.ruleset.hash,
        office.calendar.years.keys().next_back().map(ToString::to_string).unwrap_or_default(),
    ));
    for (name, expression) in expressions(&loaded.settings) {
        if let Ok(schedule) = Schedule::parse(expression, office.calendar.zone) {
            let next = schedule.next_three(place.now()).into_iter();
            let next: Vec<_> = next.map(|at| print::instant(Some(at), &office.calendar)).collect();
            print::text(&format!("{name} “{expression}”: lần tới {}", next.join("; ")));
        }
    }
}

/// Every schedule of the settings, with what it is for.
fn expressions(settings: &Settings) -> Vec<(String, &str)> {
    let polls = settings
        .sources
        .iter()
        .map(|SourceSettings::Ioffice(ioffice)| (format!("Đọc nguồn {}", ioffice.id), ioffice.poll.as_str()));
    let chase = ("Xét bậc nhắc".to_owned(), settings.schedule.chase.as_str());
    polls.chain([chase]).collect()
}

pub(super) fn config(place: &Place, verb: &ConfigVerb) -> anyhow::Result<Exit> {
    let ConfigVerb::Show { origin, json } = verb;
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    if *json {
        let rows = loaded.shown.iter().map(|value| {
            serde_json::json!({"key": value.key, "value": value.value, "origin": value.origin.to_string()})
        });
        print::json(&rows.collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    for value in &loaded.shown {
        match origin {
            true => print::text(&format!("{} = {}    # {}", value.key, value.value, value.origin)),
            false => print::text(&format!("{} = {}", value.key, value.value)),
        }
    }
    Ok(Exit::Done)
}
