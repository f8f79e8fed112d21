//! `status`: the whole on one screen; reads only, works beside a running daemon.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::accept::{self, Stand};
use crate::app::hint::hints;
use crate::app::ports::{HoldRow, PollState, Reader, Restoration, StatusTally, TallyRow};
use crate::app::{restore, timekeeping};
use crate::config::Loaded;
use crate::domain::backup::Backups;
use crate::domain::calendar::{Calendar, Wanting, wanting_sentence};
use crate::domain::edition::short;
use crate::domain::hint::Hint;
use crate::domain::notice::Delivery;
use crate::domain::obligation::State;
use crate::domain::reckoning::Doubt;
use crate::domain::watch::{Concern, Odd};
use crate::runtime::backup;
use crate::runtime::clock::kept_doubt;

/// Mails that will still be sent, or sent again.
const WAITING: [Delivery; 3] = [Delivery::Queued, Delivery::Sending, Delivery::Ambiguous];

/// `status`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// Everything `status` tells.
#[derive(Debug, Serialize)]
struct Status {
    at: DateTime<Utc>,
    ruleset: String,
    calendar: Vec<Wanting>,
    /// Where every mail goes while the office tries things out.
    shadow: Option<String>,
    files: Stand,
    /// That the register was put back and holds back what would leave.
    restoring: Option<Restoration>,
    /// Why the machine's clock is not believed by the daemon.
    clock: Option<Doubt>,
    /// How its copies stand, where they are watched over.
    backups: Option<Backups>,
    sources: Vec<Source>,
    obligations: BTreeMap<&'static str, u64>,
    late: u64,
    unreached: u64,
    outbox: BTreeMap<&'static str, u64>,
    oldest_due_notice: Option<DateTime<Utc>>,
    holds: BTreeMap<&'static str, usize>,
    /// Operations that have waited longer than `operations.wait`.
    operations_overdue: usize,
    statuses: Vec<StatusTally>,
    /// Obligations whose links were pressed as a machine presses; none of it counts.
    doubted: usize,
    /// Rules that cells keep correcting.
    hints: Vec<Hint>,
}

/// A source with everything that is odd about it.
#[derive(Debug, Serialize)]
struct Source {
    #[serde(flatten)]
    poll: PollState,
    concerns: Vec<Concern>,
}

impl From<PollState> for Source {
    fn from(poll: PollState) -> Self {
        let concerns = poll.concerns();
        Self { poll, concerns }
    }
}

/// How a source stands: well, or everything that is odd about it.
fn state(concerns: &[Concern], calendar: &Calendar) -> String {
    let line = |concern: &Concern| {
        let word = if concern.odd == Odd::Failing { "LỖI" } else { "BẤT THƯỜNG" };
        let since = print::instant(Some(concern.since), calendar);
        format!("{word} từ {since}: {}: {}", concern.odd.vietnamese(), concern.detail)
    };
    if concerns.is_empty() {
        "tốt".to_owned()
    } else {
        concerns.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let now = place.now();
    let status = gather(store.as_ref(), &loaded, now).await?;
    if args.json {
        print::json(&status)?;
        return Ok(Exit::Done);
    }
    show(&status, &loaded.settings.office.name, &loaded.office.calendar);
    Ok(Exit::Done)
}

async fn gather(store: &dyn Reader, loaded: &Loaded, now: DateTime<Utc>) -> anyhow::Result<Status> {
    let (wait, calendar) = (loaded.settings.operations.wait, &loaded.office.calendar);
    let tally = store.tally(now).await?;
    let (outbox, oldest) = store.outbox(now).await?;
    let holds = store.holds(true).await?;
    Ok(Status {
        at: now,
        ruleset: loaded.office.ruleset.hash.clone(),
        calendar: calendar.wanting(calendar.date_of(now)),
        shadow: loaded.settings.mail.shadow.clone(),
        files: accept::stand(store).await?,
        restoring: store.restoring().await?,
        clock: kept_doubt(&loaded.settings.admin.reckoning()),
        backups: backup::stand(&loaded.settings),
        sources: store.polls().await?.into_iter().map(Source::from).collect(),
        obligations: by_state(&tally),
        late: tally.iter().filter(|row| row.late).map(|row| row.count).sum(),
        unreached: tally.iter().filter(|row| row.unreached).map(|row| row.count).sum(),
        outbox: outbox.into_iter().map(|(delivery, count)| (Delivery::as_str(delivery), count)).collect(),
        oldest_due_notice: oldest,
        holds: by_kind(&holds),
        operations_overdue: holds.iter().filter(|hold| hold.is_overdue(wait, now)).count(),
        statuses: store.status_tally().await?,
        doubted: store.doubts(None).await?.len(),
        hints: hints(store, now).await?,
    })
}

fn by_state(tally: &[TallyRow]) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for row in tally {
        *counts.entry(State::as_str(row.state)).or_default() += row.count;
    }
    counts
}

fn by_kind(holds: &[HoldRow]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for hold in holds {
        *counts.entry(hold.kind.as_str()).or_default() += 1;
    }
    counts
}

fn show(status: &Status, office: &str, calendar: &Calendar) {
    print::text(&format!("{office}, {}", print::instant(Some(status.at), calendar)));
    if let Some(shadow) = &status.shadow {
        print::text(&format!("CHẠY THỬ: mọi thư gửi tới {shadow}, chi bộ không nhận được thư nào."));
    }
    if let Some(restoration) = &status.restoring {
        print::text(&format!("CHÚ Ý: {}", restore::sentence(restoration, calendar)));
    }
    if let Some(doubt) = &status.clock {
        print::text(&format!("CHÚ Ý: {}.", timekeeping::sentence(doubt, calendar)));
    }
    if let Some(backups) = &status.backups {
        print::text(&match backups.complaint(status.at) {
            Some(complaint) => format!("CHÚ Ý: {complaint}"),
            None => format!("Sao lưu: bản mới nhất {}", print::instant(backups.newest, calendar)),
        });
    }
    if let Some(sentence) = status.files.sentence() {
        print::text(&format!("CHÚ Ý: {sentence}"));
    }
    if let Some(sentence) = wanting_sentence(&status.calendar) {
        print::text(&format!("CHÚ Ý: {sentence}"));
    }
    if let Some(force) = &status.files.force {
        let (edition, at) = (short(&force.edition), print::instant(Some(force.at), calendar));
        print::text(&format!("Quy tắc, tổ chức, lịch: bản {edition} từ {at}, người sửa {}", force.author));
    }
    print::table(
        &["Nguồn", "Đọc tốt lần cuối", "Văn bản mới nhất", "Tình trạng"],
        status.sources.iter().map(|source| {
            let good = print::instant(source.poll.good, calendar);
            let newest = print::instant(source.poll.newest, calendar);
            vec![source.poll.source.clone(), good, newest, state(&source.concerns, calendar)]
        }),
    );
    print::table(
        &["Đối chiếu đêm", "Lúc", "Thấy", "Lọt danh sách", "Không còn trên nguồn", "Khác hạn"],
        status.sources.iter().filter_map(|source| {
            let last = source.poll.watch.compared.as_ref()?;
            let counts =
                [last.found, last.slipped, last.missing, last.overdue].map(|count| count.to_string());
            let row = [source.poll.source.clone(), print::instant(Some(last.at), calendar)];
            Some(row.into_iter().chain(counts).collect())
        }),
    );
    let count = |map: &BTreeMap<&'static str, u64>, key: &str| map.get(key).copied().unwrap_or(0).to_string();
    let held = count(&status.outbox, "held");
    let waiting: u64 = WAITING.iter().filter_map(|state| status.outbox.get(state.as_str())).sum();
    let told = |of: &[Delivery]| {
        let rows = status.statuses.iter().filter(|row| of.contains(&row.delivery));
        rows.map(|row| row.count).sum::<u64>().to_string()
    };
    let refused: u64 = status.statuses.iter().map(|row| row.undecided).sum();
    let lines = [
        ("Chưa xác nhận", count(&status.obligations, "open")),
        ("Đã nhận, đang làm", count(&status.obligations, "acknowledged")),
        ("Hoàn thành", count(&status.obligations, "done")),
        ("Quá hạn", status.late.to_string()),
        ("Chưa liên lạc được", status.unreached.to_string()),
        ("Thư chờ gửi", waiting.to_string()),
        ("Thư bị giữ", held),
        ("Thư hỏng", count(&status.outbox, "failed")),
        ("Trạng thái chờ báo lên nguồn", told(&WAITING)),
        ("Trạng thái nguồn không nhận, chờ quyết định", refused.to_string()),
        ("Nghiệp vụ chờ văn bản gốc quá lâu", status.operations_overdue.to_string()),
        ("Liên kết bị bấm như máy, chưa tính là trả lời", status.doubted.to_string()),
        ("Quy tắc bị báo không đúng trách nhiệm nhiều lần", status.hints.len().to_string()),
        ("Chờ người quyết định", status.holds.values().sum::<usize>().to_string()),
    ];
    print::table(&["Tình hình", "Số"], lines.map(|(name, count)| vec![name.to_owned(), count]));
}
