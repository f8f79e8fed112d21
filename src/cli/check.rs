//! `check` and `config show`: everything wrong with the files, at once, at its place.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use serde_json::json;

use super::{Exit, Place, print};
use crate::app::ports::{Reader, StoreError};
use crate::config::allow;
use crate::config::code::{Code, Phase, Severity};
use crate::config::office::Office;
use crate::config::page::Page;
use crate::config::rule::lint::evidence;
use crate::config::settings::{Language, Settings};
use crate::config::suggest::similar_words;
use crate::config::{self, Loaded, Report, sarif};
use crate::domain::brake::{Baseline, Limits};
use crate::domain::ids::RuleId;
use crate::domain::routing;
use crate::domain::schedule::Schedule;

/// `check`, and `rules check`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chỉ nói khi có lỗi
    #[arg(long)]
    quiet: bool,
    /// Coi cảnh báo là lỗi
    #[arg(long)]
    deny_warnings: bool,
    /// Chỉ xét các tệp; không xét máy này: mật khẩu, biến môi trường, sổ văn bản
    #[arg(long)]
    offline: bool,
    /// In cho người đọc, hoặc cho máy: json, sarif (SARIF 2.1.0)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// In dạng JSON, như --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Giải thích một mã, kèm ví dụ sai và đúng; ví dụ --explain VT004
    #[arg(long, value_name = "MÃ")]
    explain: Option<String>,
}

/// Days of the register that rules are held against.
const DAYS: i64 = 90;
/// Documents read at once: memory holds one page, however many documents the office has.
const PAGE: u32 = 256;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Cho người đọc
    Text,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
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

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    if let Some(id) = &args.explain {
        return Ok(explain(place, id));
    }
    let examined = if args.offline { place.examine_offline() } else { place.examine() };
    let (mut report, loaded) = match examined {
        Ok(loaded) => (loaded.warnings.clone(), Some(loaded)),
        Err(report) => (report, None),
    };
    if let Some(loaded) = loaded.as_ref().filter(|_| !args.offline) {
        against_register(place, loaded, &mut report).await?;
    }
    let format = if args.json { Format::Json } else { args.format };
    let language = place.language();
    match format {
        Format::Sarif => print::json(&sarif::log(&report, language))?,
        Format::Json => print::json(&as_json(&report, args.offline, language))?,
        Format::Text if args.quiet && loaded.is_some() => {}
        Format::Text => print::block(&as_text(&report, args.offline, language)),
    }
    let Some(loaded) = loaded else { return Ok(Exit::Configuration) };
    if args.deny_warnings && report.warnings() > 0 {
        return Ok(Exit::Configuration);
    }
    if !args.quiet && format == Format::Text {
        summary(place, &loaded);
    }
    Ok(Exit::Done)
}

/// Rules that no document of the last days matched, where there is a register to ask.
async fn against_register(place: &Place, loaded: &Loaded, report: &mut Report) -> anyhow::Result<()> {
    if !loaded.settings.store.may_exist() {
        return Ok(());
    }
    let Some(store) = place.reader(loaded).await? else { return Ok(()) };
    let (office, now) = (&loaded.office, place.now());
    let (matched, count) = matched(&*store, office, now - TimeDelta::days(DAYS)).await?;
    let mut found = evidence::unused(office, &matched, count, office.calendar.date_of(now));
    allow::apply(&mut found, &office.marks.allowances);
    let idle = allow::unused(&found, &office.marks.allowances, |code| code == Code::Unused && count > 0);
    report.extend(found);
    report.extend(idle);
    Ok(())
}

/// The rules that documents registered from `since` on match, and how many documents those are.
async fn matched(
    store: &dyn Reader,
    office: &Office,
    since: DateTime<Utc>,
) -> Result<(BTreeSet<RuleId>, usize), StoreError> {
    let (mut matched, mut count, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let page = store.replay(since, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok((matched, count)) };
        after = Some(last.document_id);
        count += page.len();
        for one in &page {
            let (ruleset, at) = (&office.ruleset, one.registered);
            let trace = routing::decide(ruleset, &one.document, &office.units, &office.calendar, at);
            matched.extend(trace.rules.into_iter().map(|rule| rule.rule));
        }
    }
}

/// The page of a code.
fn explain(place: &Place, id: &str) -> Exit {
    if let Some(code) = Code::find(id) {
        print::text(&Page::of(code).text(place.language()));
        return Exit::Done;
    }
    let similar = similar_words(id, Code::ALL.iter().map(|code| code.id()));
    let rather = similar.first().map_or_else(|| ".".to_owned(), |code| format!("; có phải {code}?"));
    print::error(&format!(
        "không có mã `{id}`{rather} Mã đứng trong ngoặc vuông của mỗi thông báo, ví dụ VT004"
    ));
    Exit::Failed
}

/// The findings, then one line that says how each phase went.
fn as_text(report: &Report, offline: bool, language: Language) -> String {
    let phases = Phase::ALL.map(|phase| {
        format!("{}: {}", phase.name(language), went(phase, report, offline).in_words(language))
    });
    format!("{}{}\n", report.render(language, print::colour()), phases.join(" · "))
}

fn as_json(report: &Report, offline: bool, language: Language) -> serde_json::Value {
    let phases = Phase::ALL.map(|phase| {
        let (errors, warnings) = report.of(phase);
        let went = went(phase, report, offline).as_str();
        json!({ "phase": phase.as_str(), "went": went, "errors": errors, "warnings": warnings })
    });
    json!({
        "errors": report.errors(), "warnings": report.warnings(),
        "phases": phases, "findings": report.to_json(language),
    })
}

/// How a phase of the check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    /// Nothing was found.
    Well,
    /// So many errors and warnings.
    Found(usize, usize),
    /// An error of an earlier phase hides part of it.
    Partly,
    /// `--offline`
    Skipped,
}

fn went(phase: Phase, report: &Report, offline: bool) -> Went {
    let earlier = |finding: &&config::diagnostic::Diagnostic| {
        finding.severity() == Severity::Error && finding.code.phase() < phase
    };
    match report.of(phase) {
        _ if offline && phase == Phase::Environment => Went::Skipped,
        (0, 0) if report.diagnostics.iter().any(|finding| earlier(&finding)) => Went::Partly,
        (0, 0) => Went::Well,
        (errors, warnings) => Went::Found(errors, warnings),
    }
}

impl Went {
    fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Found(..) => "found",
            Self::Partly => "partly",
            Self::Skipped => "skipped",
        }
    }

    fn in_words(self, language: Language) -> String {
        match (self, language) {
            (Self::Well, Language::Vi) => "tốt".to_owned(),
            (Self::Well, Language::En) => "good".to_owned(),
            (Self::Found(errors, warnings), Language::Vi) => format!("{errors} lỗi, {warnings} cảnh báo"),
            (Self::Found(errors, warnings), Language::En) => format!("errors {errors}, warnings {warnings}"),
            (Self::Partly, Language::Vi) => "chưa xét hết, sửa lỗi trước đã".to_owned(),
            (Self::Partly, Language::En) => "not all looked at, mend the errors first".to_owned(),
            (Self::Skipped, Language::Vi) => "không xét (--offline)".to_owned(),
            (Self::Skipped, Language::En) => "not looked at (--offline)".to_owned(),
        }
    }
}

fn summary(place: &Place, loaded: &Loaded) {
    let (office, name) = (&loaded.office, &loaded.settings.office.name);
    let cells = office.units.cells_on(office.calendar.date_of(place.now())).count();
    print::text(&format!(
        "{name}: {} tổ chức, {cells} chi bộ, {} quy tắc (mã {}), lịch đến hết năm {}",
        office.units.iter().count(),
        office.ruleset.rules.len(),
        office.ruleset.hash,
        office.calendar.years.keys().next_back().map(ToString::to_string).unwrap_or_default(),
    ));
    first_poll(place, loaded);
    for (name, expression) in expressions(&loaded.settings) {
        if let Ok(schedule) = Schedule::parse(expression, office.calendar.zone) {
            let next = schedule.next_three(place.now()).into_iter();
            let next: Vec<_> = next.map(|at| print::instant(Some(at), &office.calendar)).collect();
            print::text(&format!("{name} “{expression}”: lần tới {}", next.join("; ")));
        }
    }
}

/// What the first poll will do, said before it does.
fn first_poll(place: &Place, loaded: &Loaded) {
    if loaded.settings.store.may_exist() {
        return;
    }
    let brake = &loaded.settings.brake;
    let from =
        brake.baseline_from.map_or_else(|| "lần đọc ấy".to_owned(), |day| day.format("%d/%m/%Y").to_string());
    let cells = loaded.office.units.cells_on(loaded.office.calendar.date_of(place.now())).count();
    let limits = Limits::of_office(brake.directives, brake.mails, cells);
    print::text(&match brake.baseline {
        Baseline::Silent => format!(
            "Lần đọc đầu: văn bản có ở nguồn từ trước {from} CHỈ VÀO SỔ, không giao cho ai, không gửi thư (brake.baseline)."
        ),
        Baseline::Mail => {
            "Lần đọc đầu: văn bản có sẵn ở nguồn ĐƯỢC GIAO VÀ GỬI THƯ như văn bản mới (brake.baseline)."
                .to_owned()
        }
    });
    print::text(&format!(
        "Phanh: mỗi giờ báo nhiều nhất {} văn bản, {} thư; hơn nữa thì giữ thư chờ người cho gửi (hoả tốc luôn gửi).",
        limits.directives, limits.mails
    ));
}

/// Every schedule of the settings, with what it is for.
fn expressions(settings: &Settings) -> Vec<(String, &str)> {
    let polls = settings.sources.iter().map(|source| (format!("Đọc nguồn {}", source.id()), source.poll()));
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
