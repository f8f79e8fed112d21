//! `doctor`: is everything as it should be, and if not, what to do.

mod inbox;
mod sent;
mod server;

use chrono::{DateTime, Duration, Utc};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::ports::{HoldRow, Reader, StatusTally};
use crate::config::Loaded;
use crate::config::settings::{Directives, SourceSettings, Transport, Unmarked};
use crate::domain::calendar::{Wanting, YearStanding, wanted};
use crate::domain::dkim::Key;
use crate::domain::notice::Delivery;
use crate::domain::watch::SKEW;
use crate::render::pages::words;
use crate::runtime::daemon::Polling;
use crate::runtime::wiring::{self, Room};

/// `doctor`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Không hỏi nguồn văn bản và máy chủ thư
    #[arg(long)]
    offline: bool,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    group: &'static str,
    name: String,
    ok: bool,
    detail: String,
    /// What to do; empty when all is well.
    advice: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn good(&mut self, group: &'static str, name: &str, detail: impl Into<String>) {
        self.add(group, name, true, detail, "");
    }

    fn bad(&mut self, group: &'static str, name: &str, detail: impl Into<String>, advice: &str) {
        self.add(group, name, false, detail, advice);
    }

    fn judge(&mut self, ok: bool, group: &'static str, name: &str, detail: String, advice: &str) {
        self.add(group, name, ok, detail, if ok { "" } else { advice });
    }

    fn add(&mut self, group: &'static str, name: &str, ok: bool, detail: impl Into<String>, advice: &str) {
        let (name, advice) = (name.to_owned(), advice.to_owned());
        self.0.push(Finding { group, name, ok, detail: detail.into(), advice });
    }
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    let mut findings = Findings::default();
    findings.good("Cấu hình", "tệp cấu hình", place.config().display().to_string());
    office(place, &loaded, &mut findings);
    let scratch = tempfile::tempdir()?;
    let polled = wiring::sources(&loaded, &place.clock(), &Room::looking(&loaded.settings, scratch.path()))?;
    abilities(&polled, &mut findings);
    directives(&loaded, &mut findings);
    sending(&loaded, &mut findings);
    if !args.offline {
        sources(place, &loaded, &polled, &mut findings).await;
        mail(&loaded, &mut findings).await?;
        inbox::knock(&loaded, &mut findings).await?;
        sent::knock(&loaded, &mut findings).await?;
    }
    register(place, &loaded, &mut findings).await?;
    let healthy = findings.0.iter().all(|finding| finding.ok);
    if args.json {
        print::json(&findings.0)?;
    } else {
        show(&findings);
    }
    Ok(if healthy { Exit::Done } else { Exit::Failed })
}

fn show(findings: &Findings) {
    print::table(
        &["", "Nhóm", "Mục", "Thấy", "Cách sửa"],
        findings.0.iter().map(|finding| {
            let mark = if finding.ok { "✓" } else { "✗" };
            let cells = [mark, finding.group, &finding.name, &finding.detail, &finding.advice];
            cells.map(str::to_owned).to_vec()
        }),
    );
}

fn office(place: &Place, loaded: &Loaded, findings: &mut Findings) {
    let calendar = &loaded.office.calendar;
    let today = calendar.date_of(place.now());
    findings.good("Lịch", "giờ máy", print::instant(Some(place.now()), calendar));
    for year in wanted(today) {
        match calendar.standing(year) {
            YearStanding::Confirmed => findings.good("Lịch", "năm đã xác nhận", year.to_string()),
            standing => {
                let detail = format!("năm {year} {}", standing.vietnamese());
                findings.bad("Lịch", "năm đã xác nhận", detail, &Wanting { year, standing }.advice());
            }
        }
    }
    let silent: Vec<_> = loaded
        .office
        .units
        .cells_on(today)
        .filter(|cell| cell.mailboxes_on(today).is_empty())
        .map(|cell| cell.id.0.clone())
        .collect();
    let detail = match silent.len() {
        0 => "chi bộ nào cũng có".to_owned(),
        count => format!("{count} chi bộ chưa có: {}", silent.join(", ")),
    };
    findings.judge(silent.is_empty(), "Tổ chức", "hộp thư", detail, "thêm mailbox trong units.toml");
    let rules = loaded.office.ruleset.rules.len();
    let detail = format!("{rules} quy tắc, mã {}", loaded.office.ruleset.hash);
    findings.judge(rules > 0, "Quy tắc", "quy tắc", detail, "viết quy tắc trong rules.d, xem tệp mẫu");
}

/// What each source can and cannot do; nobody is asked.
fn abilities(sources: &[Polling], findings: &mut Findings) {
    for (source, abilities) in wiring::abilities(sources).iter() {
        let words =
            words::abilities(abilities).map(|(what, word)| format!("{}: {word}", what.to_lowercase()));
        findings.good("Nguồn", &format!("khả năng của {source}"), words.join("; "));
    }
}

/// What becomes of what is read of "Thông tin chỉ đạo", which says nothing of secrecy.
fn directives(loaded: &Loaded, findings: &mut Findings) {
    for source in &loaded.settings.sources {
        let SourceSettings::Ioffice(source) = source else { continue };
        let name = format!("thông tin chỉ đạo của {}", source.id);
        match (source.directives, source.unmarked_directives) {
            (Directives::Off, _) => {}
            (_, Unmarked::Withhold) => findings.bad(
                "Nguồn",
                &name,
                "đọc nhưng giữ lại tất cả, vì không có trường độ mật",
                "ghi unmarked_directives = \"open\" nếu văn phòng bảo đảm mục này không có nội dung mật",
            ),
            (_, Unmarked::Open) => {
                findings.good(
                    "Nguồn",
                    &name,
                    "văn phòng bảo đảm không có nội dung mật; vẫn xét dấu hiệu mật trong chữ và tên tệp",
                );
            }
        }
    }
}

/// Under whose signature mails leave, and whether they reach anybody.
fn sending(loaded: &Loaded, findings: &mut Findings) {
    let mail = &loaded.settings.mail;
    if let Some(shadow) = &mail.shadow {
        findings.good("Thư", "chạy thử", format!("mọi thư gửi tới {shadow}, chi bộ không nhận được thư nào"));
    }
    let Some(dkim) = &mail.dkim else { return };
    let domain = dkim.domain.as_deref().or_else(|| mail.from.trim_end_matches('>').rsplit('@').next());
    let name = format!("DKIM: bản ghi TXT ở {}._domainkey.{}", dkim.selector, domain.unwrap_or_default());
    match Key::parse(dkim.key.value.expose_secret()).map(|key| key.record()) {
        Ok(record) => findings.good("Thư", &name, record.unwrap_or_default()),
        Err(fault) => findings.bad("Thư", &name, fault.vietnamese(), "xem khoá ở mail.dkim.key"),
    }
}

async fn sources(place: &Place, loaded: &Loaded, sources: &[Polling], findings: &mut Findings) {
    for (polling, settings) in sources.iter().zip(&loaded.settings.sources) {
        let (reached, advice) = match settings {
            SourceSettings::Ioffice(_) => {
                ("đăng nhập được", "xem lại url, username, password, ca_file trong [[source]]")
            }
            SourceSettings::Folder(_) => {
                ("đọc và ghi được", "xem lại path trong [[source]], quyền của thư mục, ổ mạng đã gắn chưa")
            }
            SourceSettings::Vxp(_) => (
                "trục nhận chữ ký",
                "xem lại url, system_id, secret, ca_file trong [[source]]; giờ máy có đúng không",
            ),
            SourceSettings::Lgsp(_) => (
                "đăng nhập được, trục nhận khoá",
                "xem lại url, username, password, system_id, secret_key, ca_file trong [[source]]",
            ),
        };
        let name = polling.source.id().to_string();
        match polling.source.list(None).await {
            Ok(listing) => {
                let total = listing.total.map_or_else(String::new, |total| format!(", nguồn đếm {total}"));
                let detail = format!("{reached}, trang đầu {} dòng{total}", listing.rows.len());
                findings.good("Nguồn", &name, detail);
                clocks(polling.source.served(), place.now(), &name, findings);
            }
            Err(error) => findings.bad("Nguồn", &name, error.to_string(), advice),
        }
    }
}

/// Whether the source's clock agrees with ours: requests are signed with the time, lists are asked for by day.
fn clocks(served: Option<DateTime<Utc>>, now: DateTime<Utc>, name: &str, findings: &mut Findings) {
    let Some(served) = served else { return };
    let skew = served - now;
    let ahead = if skew > Duration::zero() { "nhanh hơn" } else { "chậm hơn" };
    let detail = match skew.num_seconds().abs() {
        0..=1 => "khớp với máy này".to_owned(),
        seconds => format!("{ahead} máy này {seconds} giây"),
    };
    let close = skew.abs() <= SKEW;
    let advice = "xem đồng bộ giờ của máy này (timedatectl); nếu máy này đúng thì báo nơi quản trị nguồn";
    findings.judge(close, "Nguồn", &format!("{name}: đồng hồ"), detail, advice);
}

fn way_out(transport: &Transport) -> String {
    match transport {
        Transport::Smtp(_) => "kết nối và đăng nhập được".to_owned(),
        Transport::File { folder } => format!("chạy thử: thư ghi vào {}, không gửi cho ai", folder.display()),
    }
}

async fn mail(loaded: &Loaded, findings: &mut Findings) -> anyhow::Result<()> {
    let (post, faults) = wiring::post(loaded)?;
    match post.knock().await {
        Ok(()) => findings.good("Gửi thư", "máy chủ thư", way_out(&loaded.settings.mail.transport)),
        Err(reason) => {
            findings.bad("Gửi thư", "máy chủ thư", reason, "xem lại host, port, tls trong [mail.transport]");
        }
    }
    for fault in faults {
        findings.bad("Gửi thư", "mẫu thư", fault.to_string(), "sửa hoặc bỏ tệp trong templates");
    }
    Ok(())
}

async fn register(place: &Place, loaded: &Loaded, findings: &mut Findings) -> anyhow::Result<()> {
    let path = loaded.settings.store.place();
    if !loaded.settings.store.may_exist() {
        findings.good("Sổ", "cơ sở dữ liệu", format!("{path}: sẽ được tạo khi chạy lần đầu"));
        return Ok(());
    }
    match place.reader(loaded).await {
        Ok(Some(store)) => {
            findings.good("Sổ", "cơ sở dữ liệu", path);
            server::server(place.clock().as_ref(), store.as_ref(), findings).await?;
            traffic(place, loaded, store.as_ref(), findings).await
        }
        Ok(None) => Ok(()),
        Err(error) => {
            findings.bad("Sổ", "cơ sở dữ liệu", format!("{error:#}"), "xem quyền của tệp và thư mục");
            Ok(())
        }
    }
}

async fn traffic(
    place: &Place,
    loaded: &Loaded,
    store: &dyn Reader,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let now = place.now();
    for poll in store.polls().await? {
        if let Some(last) = &poll.watch.compared {
            let at = print::instant(Some(last.at), &loaded.office.calendar);
            let detail = format!(
                "{at}: thấy {}, lọt danh sách {}, không còn trên nguồn {}, khác hạn {}",
                last.found, last.slipped, last.missing, last.overdue
            );
            findings.good("Sổ", &format!("đối chiếu đêm {}", poll.source), detail);
        }
        let concerns: Vec<_> = poll.concerns().into_iter().map(|concern| concern.detail).collect();
        let good = concerns.is_empty();
        let detail = if good { "lần đọc cuối tốt".to_owned() } else { concerns.join("; ") };
        findings.judge(
            good,
            "Sổ",
            &format!("đọc nguồn {}", poll.source),
            detail,
            "chạy `vanthu poll --once --dry-run` để xem",
        );
    }
    let detail = match store.differences(None).await?.len() {
        0 => "không có".to_owned(),
        differences => format!("{differences} chỗ, xem `vanthu upstream diff`"),
    };
    findings.good("Sổ", "nguồn và sổ khác nhau", detail);
    let (counts, oldest) = store.outbox(now).await?;
    let stuck = oldest.is_some_and(|oldest| now - oldest > Duration::hours(1));
    let failed = counts.iter().find(|(state, _)| *state == Delivery::Failed).map_or(0, |(_, count)| *count);
    let detail =
        oldest.map_or_else(|| "không có thư quá giờ".to_owned(), |at| format!("thư cũ nhất từ {at}"));
    findings.judge(!stuck, "Sổ", "thư chờ gửi", detail, "xem `vanthu outbox list --state queued`");
    findings.judge(
        failed == 0,
        "Sổ",
        "thư hỏng",
        format!("{failed} thư"),
        "xem `vanthu outbox list --state failed`, sửa địa chỉ rồi `vanthu outbox retry SỐ`",
    );
    upstream(now, &store.status_tally().await?, findings);
    let holds = store.holds(true).await?;
    findings.good("Sổ", "chờ người quyết định", format!("{} việc", holds.len()));
    operations(loaded, &holds, now, findings);
    inbox::known(loaded, store, findings).await
}

/// Operations whose original has not come within the time the office gives them.
fn operations(loaded: &Loaded, holds: &[HoldRow], now: DateTime<Utc>, findings: &mut Findings) {
    let wait = loaded.settings.operations.wait;
    let overdue: Vec<_> = holds.iter().filter(|hold| hold.is_overdue(wait, now)).collect();
    let days = wait.as_secs().div_euclid(24 * 60 * 60);
    let detail = match overdue.last() {
        None => format!("không có nghiệp vụ nào chờ quá {days} ngày"),
        Some(oldest) => {
            let since = print::instant(Some(oldest.opened), &loaded.office.calendar);
            format!(
                "{} nghiệp vụ chờ quá {days} ngày, cũ nhất là việc chờ số {} từ {since}",
                overdue.len(),
                oldest.id
            )
        }
    };
    findings.judge(
        overdue.is_empty(),
        "Sổ",
        "nghiệp vụ chờ văn bản gốc",
        detail,
        "hỏi nơi gửi, hoặc xử lý theo `vanthu hold list --kind operation`",
    );
}

fn upstream(now: DateTime<Utc>, tally: &[StatusTally], findings: &mut Findings) {
    let waiting = tally.iter().filter(|row| matches!(row.delivery, Delivery::Queued | Delivery::Sending));
    let oldest = waiting.map(|row| row.oldest).min();
    let detail = oldest.map_or_else(|| "không có".to_owned(), |at| format!("cũ nhất từ {at}"));
    findings.judge(
        oldest.is_none_or(|oldest| now - oldest <= Duration::days(1)),
        "Sổ",
        "trạng thái chờ báo lên nguồn",
        detail,
        "xem `vanthu upstream list --state queued` và `vanthu hold list`: nguồn mất kết nối, hoặc việc chờ quyết định",
    );
    let refused: u64 = tally.iter().map(|row| row.undecided).sum();
    findings.judge(
        refused == 0,
        "Sổ",
        "trạng thái nguồn không nhận",
        format!("{refused} trạng thái chờ quyết định"),
        "xem `vanthu hold list --kind upstream`: báo lại bằng `vanthu hold release SỐ`, hoặc thôi bằng `vanthu hold dismiss SỐ`",
    );
}
