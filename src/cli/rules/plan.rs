//! `rules plan`: what other rules would change, before anybody is told.

use std::path::{Path, PathBuf};

use crate::app::office::Office;
use crate::app::plan::draw::{Draw, Only, Side, draw};
use crate::app::plan::letter;
use crate::app::policy::shown_subject;
use crate::app::ports::Reader;
use crate::cli::plan::{Output, Words, progress, since};
use crate::cli::{Exit, Place, edition, print};
use crate::config::{self, Loaded, rules_test};
use crate::domain::plan::Plan;
use crate::render::mail::LetterRenderer;
use crate::render::mail::Office as Letterhead;
use crate::runtime::wiring;

const WORDS: Words = Words {
    heading: |text| text.heading(),
    apply: "vanthu rules apply",
    unkept: "Chưa có gì được đổi hay gửi. Lưu để áp dụng: thêm --out TỆP",
};

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
    /// In luôn bấy nhiêu thư đầu tiên sẽ gửi
    #[arg(long, default_value_t = 0)]
    mails: usize,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let Some(after) = other(place, &loaded, args.rules.as_deref()) else { return Ok(Exit::Configuration) };
    let after = after.unwrap_or_else(|| loaded.office.clone());
    if !passes(place, &after) && args.output.out.is_some() {
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
    args.output.give(&plan, &new, &WORDS)?;
    if args.mails > 0 && !args.output.json {
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
