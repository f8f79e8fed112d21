//! `restore`: putting a copy of the register back, and letting go of what is held back since.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Exit, Place, print};
use crate::app::ports::{Given, NewRestoration, Restoration};
use crate::app::restore;
use crate::config::settings::Settings;
use crate::runtime::backup::{self, Back};
use crate::runtime::wiring;

mod compare;

/// `restore`
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    /// Bản sao lưu, ví dụ /var/backups/vanthu/vanthu-20261123T180000Z.db
    file: Option<PathBuf>,
    /// Mất hẳn sổ, không có bản sao lưu: lập sổ mới theo bản chép nhật ký ở thư mục này
    #[arg(long, value_name = "THƯ-MỤC", conflicts_with = "file")]
    from_journal: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// `restore …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Cho chạy tiếp sau khi phục hồi: gửi thư và báo trạng thái đang giữ
    Release {
        /// Lý do, ghi vào nhật ký
        #[arg(long)]
        reason: String,
    },
    /// Giữ lại mọi thứ vì sổ đã được phục hồi bằng cách khác (PostgreSQL, máy ảo)
    Hold {
        /// Phục hồi từ đâu, cho người đọc
        #[arg(long)]
        from: String,
        /// Bản được phục hồi có từ lúc nào, dạng 2026-11-23T18:00:00+07:00
        #[arg(long)]
        taken: Option<DateTime<Utc>>,
    },
    /// Sổ phục hồi còn thiếu gì so với bản chép nhật ký: đã nhận lại bao nhiêu, còn gì chờ người xem
    Compare {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Những lần sổ được phục hồi
    List {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(settings) = place.plain_settings() else { return Ok(Exit::Configuration) };
    match (&args.verb, &args.file) {
        (Some(Verb::Release { reason }), _) => release(place, &settings, reason).await,
        (Some(Verb::Hold { from, taken }), _) => hold(place, &settings, from, *taken).await,
        (Some(Verb::List { json }), _) => list(place, &settings, *json).await,
        (Some(Verb::Compare { json }), _) => compare::run(place, &settings, *json).await,
        (None, _) if args.from_journal.is_some() => {
            rebuild(place, &settings, args.from_journal.as_deref()).await
        }
        (None, Some(file)) => put_back(place, &settings, file).await,
        (None, None) => Ok(Exit::Usage),
    }
}

async fn put_back(place: &Place, settings: &Settings, file: &std::path::Path) -> anyhow::Result<Exit> {
    if settings.store.url.is_some() {
        print::error(
            "sổ ở trên PostgreSQL: phục hồi bằng công cụ của máy chủ ấy, rồi chạy `vanthu restore hold --from …` trước khi \
             khởi động dịch vụ. Xem deploy/README.md, mục Sổ trên PostgreSQL",
        );
        return Ok(Exit::Usage);
    }
    let back = backup::put_back(settings, file, &place.actor(), place.now()).await?;
    say(&back, settings, file);
    Ok(if back.missing > 0 { Exit::Failed } else { Exit::Done })
}

/// A register of nothing but what the copy of its journal tells.
async fn rebuild(
    place: &Place,
    settings: &Settings,
    folder: Option<&std::path::Path>,
) -> anyhow::Result<Exit> {
    let Some(folder) = folder.filter(|_| settings.store.url.is_none()) else {
        print::error(
            "lệnh này chỉ lập lại sổ là tệp SQLite; với PostgreSQL hãy đặt journal.copy rồi khởi động dịch vụ",
        );
        return Ok(Exit::Usage);
    };
    let Some(told) = wiring::rebuild(settings, folder, place.now()).await? else {
        print::error(&format!("không có bản chép nhật ký nào ở {}; sổ mới lập còn trống", folder.display()));
        return Ok(Exit::Failed);
    };
    print::text(&format!(
        "Đã lập sổ mới {} theo bản chép nhật ký {}: {} dòng, {} điều cần nhận lại.\n\
         Sổ này đang GIỮ LẠI mọi thư. Khởi động dịch vụ: văn bản được đọc lại từ nguồn, thư đã gửi và xác nhận đã có được nhận \
         lại dần. Xem `vanthu restore compare`; đủ rồi thì cho chạy tiếp: vanthu restore release --reason \"…\"",
        settings.store.path.display(),
        folder.display(),
        told.lost.rows,
        told.facts,
    ));
    Ok(Exit::Done)
}

fn say(back: &Back, settings: &Settings, file: &std::path::Path) {
    let taken = back.taken.map(|at| format!(", có đến {}", moment(at))).unwrap_or_default();
    print::text(&format!(
        "Đã kiểm tra và đặt {} ({} dòng nhật ký{taken}) vào chỗ của sổ {}.",
        file.display(),
        back.rows,
        settings.store.path.display(),
    ));
    if let Some(aside) = &back.aside {
        print::text(&format!("Sổ cũ được giữ ở {}.", aside.display()));
    }
    print::text(
        "Sổ này đang GIỮ LẠI mọi thư và trạng thái báo lên nguồn. Khởi động dịch vụ (văn bản được đọc lại ngay), xem \
         `vanthu restore compare`, rồi cho chạy tiếp: vanthu restore release --reason \"…\"",
    );
    if back.missing > 0 {
        print::error(&format!(
            "{} tệp đính kèm mà sổ nhắc tới không có cạnh bản sao lưu, cũng không có trong thư mục tệp",
            back.missing
        ));
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%d/%m/%Y %H:%M UTC").to_string()
}

async fn release(place: &Place, settings: &Settings, reason: &str) -> anyhow::Result<Exit> {
    let Some(store) = place.register_at(settings).await? else { return Ok(Exit::Failed) };
    if restore::release(store.as_ref(), &place.actor(), reason, place.now()).await? {
        print::text("Đã cho chạy tiếp: thư và trạng thái đang giữ được gửi trong vài giây tới.");
    } else {
        print::text("Sổ không bị giữ: không có lần phục hồi nào đang chờ.");
    }
    Ok(Exit::Done)
}

async fn hold(
    place: &Place,
    settings: &Settings,
    from: &str,
    taken: Option<DateTime<Utc>>,
) -> anyhow::Result<Exit> {
    let Some(store) = place.register_at(settings).await? else { return Ok(Exit::Failed) };
    let new = NewRestoration {
        origin: from.to_owned(),
        taken,
        restored: place.now(),
        author: place.actor(),
        given: Given::default(),
    };
    restore::hold(store.as_ref(), &new).await?;
    print::text(
        "Từ giờ sổ giữ lại mọi thư và trạng thái, cho đến khi chạy: vanthu restore release --reason \"…\"",
    );
    Ok(Exit::Done)
}

async fn list(place: &Place, settings: &Settings, json: bool) -> anyhow::Result<Exit> {
    let Some(store) = place.register_at(settings).await? else { return Ok(Exit::Failed) };
    let restorations = store.restorations().await?;
    if json {
        print::json(&restorations)?;
        return Ok(Exit::Done);
    }
    if restorations.is_empty() {
        print::text("sổ chưa từng được phục hồi");
    }
    print::table(&["Lúc", "Từ", "Bản của lúc", "Người làm", "Cho chạy tiếp"], restorations.iter().map(row));
    Ok(Exit::Done)
}

fn row(restoration: &Restoration) -> Vec<String> {
    let released = restoration.released.map(|at| {
        let (by, why) = (restoration.releaser.as_deref(), restoration.reason.as_deref());
        format!("{}, {}: {}", moment(at), by.unwrap_or_default(), why.unwrap_or_default())
    });
    vec![
        moment(restoration.restored),
        restoration.origin.clone(),
        restoration.taken.map(moment).unwrap_or_default(),
        restoration.author.clone(),
        released.unwrap_or_else(|| "chưa".to_owned()),
    ]
}
