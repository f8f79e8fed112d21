//! `rules plan`: what other rules would change, before anybody is told.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::app::office::Office;
use crate::app::plan::draw::{Draw, Only, Side, draw};
use crate::app::plan::letter;
use crate::app::policy::shown_subject;
use crate::app::ports::Reader;
use crate::cli::{Exit, Place, edition, print};
use crate::config::{self, Loaded, rules_test};
use crate::domain::calendar::Calendar;
use crate::domain::plan::Plan;
use crate::render::mail::LetterRenderer;
use crate::render::mail::Office as Letterhead;
use crate::render::plan::{COLUMNS, PlanText};
use crate::runtime::wiring;

/// Documents and cells that are shown unless all are asked for.
pub(in crate::cli) const SHOWN: usize = 40;

/// `rules plan`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Xét các văn bản vào sổ từ bấy lâu (90d), hoặc từ một ngày (2026-01-31)
    #[arg(long, default_value = "90d")]
    since: String,
    /// Lấy quy tắc mới ở thư mục này, thay cho thư mục quy tắc đang dùng
    #[arg(long)]
    rules: Option<PathBuf>,
    /// So với quy tắc ở thư mục này (thư mục quy tắc, hoặc cả thư mục văn phòng), hoặc với một bản đã nhận (mã
    /// trong `rules log`; `in-force` là bản đang có hiệu lực), thay cho việc đã giao trong sổ
    #[arg(long, value_name = "THƯ_MỤC|MÃ")]
    against: Option<String>,
    /// Lưu kế hoạch vào tệp này, để `vanthu rules apply` áp dụng
    #[arg(long)]
    out: Option<PathBuf>,
    /// In luôn bấy nhiêu thư đầu tiên sẽ gửi
    #[arg(long, default_value_t = 0)]
    mails: usize,
    /// In hết mọi văn bản và chi bộ
    #[arg(long)]
    all: bool,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let Some(after) = other(place, &loaded, args.rules.as_deref()) else { return Ok(Exit::Configuration) };
    let after = after.unwrap_or_else(|| loaded.office.clone());
    if !passes(place, &after) && args.out.is_some() {
        print::error("chưa lưu kế hoạch: quy tắc phải đạt mọi phép thử của mình mới được áp dụng");
        return Ok(Exit::Configuration);
    }
    let Some(reader) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let Some(before) = baseline(place, &loaded, reader.as_ref(), args.against.as_deref()).await? else {
        return Ok(Exit::Configuration);
    };
    let (new, old) = (office(&loaded, &after), before.as_ref().map(|files| office(&loaded, files)));
    let bar = progress();
    let since = since(&args.since, place.now(), &new.calendar)?;
    let drawn = draw(&Draw {
        reader: reader.as_ref(),
        before: old.as_ref().zip(before.as_ref()).map(|(office, files)| Side { office, stamp: &files.stamp }),
        after: Side { office: &new, stamp: &after.stamp },
        only: Only::All,
        since,
        now: place.now(),
        actor: place.actor(),
        progress: &|looked, total| {
            bar.set_length(total);
            bar.set_position(looked);
        },
    })
    .await;
    bar.finish_and_clear();
    let plan = drawn?;
    if let Some(path) = &args.out {
        save(&plan, path)?;
    }
    show(&plan, &new, args)?;
    if args.mails > 0 && !args.json {
        mails(&plan, &new, reader.as_ref(), &loaded, args.mails).await?;
    }
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}

/// The office with rules from elsewhere: `Some(None)` where none are asked for, `None` after printing what
/// is wrong with them.
fn other(place: &Place, loaded: &Loaded, path: Option<&Path>) -> Option<Option<config::Office>> {
    let Some(path) = path else { return Some(None) };
    match config::load_other(&loaded.settings, &place.root(), path) {
        Ok(office) => Some(Some(office)),
        Err(report) => {
            print::block(&report.render(place.language(), print::colour()));
            None
        }
    }
}

/// The office to compare with: from a folder, or as an edition of the register has it.
async fn baseline(
    place: &Place,
    loaded: &Loaded,
    reader: &dyn Reader,
    against: Option<&str>,
) -> anyhow::Result<Option<Option<config::Office>>> {
    let edition = match against {
        Some("in-force") => edition::in_force(reader).await?,
        Some(name) if is_edition(name) => edition::find(reader, name).await?,
        folder => return Ok(other(place, loaded, folder.map(Path::new))),
    };
    let Some(edition) = edition else { return Ok(None) };
    match config::restore_office(&loaded.settings, &edition) {
        Ok((office, _)) => Ok(Some(Some(office))),
        Err(report) => {
            print::block(&report.render(place.language(), print::colour()));
            Ok(None)
        }
    }
}

/// Whether a word is the name of an edition and not that of a folder that is there.
fn is_edition(word: &str) -> bool {
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) && !Path::new(word).exists()
}

/// Whether rules pass the tests beside them; prints where they do not. A plan is shown all the same: it
/// helps to see what is wrong.
fn passes(place: &Place, office: &config::Office) -> bool {
    let failures = rules_test::report(&rules_test::run(office));
    print::block(&failures.render(place.language(), print::colour()));
    failures.errors() == 0
}

fn office(loaded: &Loaded, files: &config::Office) -> Office {
    wiring::office(&loaded.settings, files)
}

/// The instant a window begins: `90d` before now, or the first moment of a day.
pub(in crate::cli) fn since(
    text: &str,
    now: DateTime<Utc>,
    calendar: &Calendar,
) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(calendar.instant(day, chrono::NaiveTime::MIN));
    }
    let wrong = || format!("--since {text}: viết như 90d, 12h hoặc 2026-01-31");
    let length = humantime::parse_duration(text).with_context(wrong)?;
    now.checked_sub_signed(Duration::from_std(length).with_context(wrong)?).with_context(wrong)
}

pub(in crate::cli) fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("Xét lại văn bản: {wide_bar} {pos}/{len}, {per_sec}")
    {
        bar.set_style(style);
    }
    bar
}

/// A plan names directives and cells: only its owner may read it.
pub(in crate::cli) fn save(plan: &Plan, path: &Path) -> anyhow::Result<()> {
    let failed = || format!("không ghi được kế hoạch vào {}", path.display());
    let mut options = std::fs::OpenOptions::new();
    let mut file =
        options.create(true).truncate(true).write(true).mode(0o600).open(path).with_context(failed)?;
    serde_json::to_writer(&mut file, plan).with_context(failed)?;
    file.flush().with_context(failed)
}

fn show(plan: &Plan, office: &Office, args: &Args) -> anyhow::Result<()> {
    let summary = plan.summary();
    if args.json {
        return print::json(&json!({"id": plan.id(), "summary": summary, "plan": plan}));
    }
    let text = PlanText { plan, units: &office.units, calendar: &office.calendar };
    print::text(&text.heading());
    let shown = if args.all { usize::MAX } else { SHOWN };
    for change in plan.changes.iter().take(shown) {
        print::change(&text.document(change));
    }
    more(plan.changes.len(), shown, "văn bản");
    let cells = text.cells(&summary);
    let count = cells.len();
    print::table(&COLUMNS, cells.into_iter().take(shown));
    more(count, shown, "chi bộ");
    print::text(&text.summary(&summary));
    match &args.out {
        Some(path) => print::text(&format!(
            "Đã lưu kế hoạch {}. Áp dụng: vanthu rules apply {}",
            plan.id(),
            path.display()
        )),
        None if !plan.is_empty() => {
            print::text("Chưa có gì được đổi hay gửi. Lưu để áp dụng: thêm --out TỆP")
        }
        None => {}
    }
    Ok(())
}

pub(in crate::cli) fn more(count: usize, shown: usize, what: &str) {
    if count > shown {
        print::text(&format!("… và {} {what} nữa; thêm --all để xem hết", count - shown));
    }
}

/// Prints the first mails that would go out.
async fn mails(
    plan: &Plan,
    office: &Office,
    reader: &dyn Reader,
    loaded: &Loaded,
    at_most: usize,
) -> anyhow::Result<()> {
    let settings = &loaded.settings;
    let letterhead = Letterhead {
        name: settings.office.name.clone(),
        phone: settings.office.phone.clone(),
        zone: office.calendar.zone,
    };
    let own = |name: &str| config::edition::template(&loaded.office.edition, name).map(str::to_owned);
    let (renderer, _) = LetterRenderer::with_overrides(letterhead, &own)?;
    let mut left = at_most;
    for change in plan.changes.iter().filter(|change| change.acts()) {
        let Some(stored) = reader.revision(change.revision).await? else { continue };
        let subject = shown_subject(&stored.document, settings.mail.show_subject, &settings.mail.stop_words);
        let facts = letter::facts(&stored.document, subject);
        for (_, part) in change.parts() {
            let Some(letter) = letter::letter(&facts, (change, part), office, plan.made) else { continue };
            let rendered = renderer.render(&letter)?;
            print::text(&format!("\n── Thư đến {}: {}\n\n{}", letter.to, rendered.topic, rendered.text));
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
    }
    Ok(())
}
