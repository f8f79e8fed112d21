//! `demo`: a whole invented office on this machine.

use std::time::Duration;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::{Exit, print};
use crate::app::ports::Clock as _;
use crate::demo::papers;
use crate::runtime::clock::WallClock;
use crate::runtime::rehearsal::{Options, Rehearsal};
use crate::runtime::telemetry;

/// `demo`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chơi hết chín mươi ngày rồi tự kiểm tra, in bảng kết quả; khác 0 nếu thiếu điều gì
    #[arg(long)]
    check: bool,
    /// Sau đó đồng hồ chạy nhanh gấp bấy nhiêu lần
    #[arg(long, default_value_t = 60)]
    speed: u16,
    /// Chín mươi ngày kết thúc lúc này, ví dụ 2026-11-20T10:00:00+07:00; mặc định là bây giờ
    #[arg(long)]
    at: Option<DateTime<Utc>>,
    /// Hạt giống của dữ liệu bịa
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<Exit> {
    telemetry::start("error", false, print::colour())?;
    let options = Options { end: args.at.unwrap_or_else(|| WallClock.now()), seed: args.seed };
    let mut rehearsal = Rehearsal::new(options).await?;
    let bar = progress();
    let played = rehearsal
        .play(&mut |day, mails| {
            bar.set_position(u64::try_from(day).unwrap_or_default());
            bar.set_message(format!("{mails} thư"));
        })
        .await?;
    bar.finish_and_clear();
    if args.check {
        let checks = rehearsal.judge(&played).await?;
        print::text(&checks.table());
        return Ok(if checks.passed() { Exit::Done } else { Exit::Failed });
    }
    welcome(&rehearsal, args.speed);
    let stopped = CancellationToken::new();
    let stop = stopped.clone();
    let (lived, _) = tokio::join!(rehearsal.live(args.speed, stopped), async move {
        tokio::signal::ctrl_c().await.ok();
        stop.cancel();
    });
    lived.map(|()| Exit::Done)
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(papers::DAYS).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template("Chín mươi ngày: {wide_bar} ngày {pos}/{len}, {msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn welcome(rehearsal: &Rehearsal, speed: u16) {
    let addresses = rehearsal.addresses();
    print::text(&format!(
        "Văn phòng thử đang chạy, đồng hồ nhanh gấp {speed} lần. Mọi dữ liệu đều bịa; không gì ra khỏi máy này.

  Bảng theo dõi   {}
  Hộp thư         {}
  iOffice giả     {}

Năm điều nên thử:
  1. Mở bảng theo dõi: ai quá hạn, ai chưa xác nhận, việc nào chờ văn thư.
  2. Mở một văn bản: vì sao giao cho chi bộ ấy, ai đã nhận, thư nào đã đi.
  3. Mở hộp thư của một chi bộ, đọc một thư báo và thư việc cần làm buổi sáng như bí thư đọc.
  4. Bấm liên kết trong thư rồi trả lời; xem bảng theo dõi đổi theo.
  5. Xem mục chờ người quyết định: văn bản mật chỉ còn một con số.

Ctrl-C để dừng.",
        addresses.board, addresses.mailboxes, addresses.ioffice
    ));
}
