//! `backup`: a copy of the register, checked, beside a running daemon.

use std::path::PathBuf;

use serde::Serialize;

use super::{Exit, Place, print};
use crate::config::settings;
use crate::runtime::backup::{self, Done};

/// `backup`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Thư mục của các bản sao lưu; mặc định là backup.folder
    folder: Option<PathBuf>,
    /// Giữ bao nhiêu bản mới nhất; mặc định là backup.keep
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    keep: Option<u16>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// What was done, for programs.
#[derive(Serialize)]
struct Told<'a> {
    path: String,
    manifest: &'a backup::Manifest,
    removed: usize,
    missing_files: usize,
    same_disk: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(settings) = place.plain_settings() else { return Ok(Exit::Configuration) };
    if settings.store.url.is_some() {
        print::error(
            "sổ ở trên PostgreSQL: lệnh này chỉ sao lưu sổ là tệp SQLite. Dùng pg_dump hằng ngày hoặc lưu trữ WAL của máy \
             chủ ấy; sau khi phục hồi, chạy `vanthu restore hold`. Xem deploy/README.md, mục Sổ trên PostgreSQL",
        );
        return Ok(Exit::Usage);
    }
    let named = settings.backup.as_ref();
    let Some(folder) = args.folder.clone().or_else(|| named.map(|backup| backup.folder.clone())) else {
        print::error(
            "chưa biết sao lưu vào đâu: chạy `vanthu backup THƯ-MỤC`, hoặc đặt folder trong [backup]",
        );
        return Ok(Exit::Usage);
    };
    if !settings.store.may_exist() {
        print::error(&format!("chưa có sổ ở {}; chưa có gì để sao lưu", settings.store.place()));
        return Ok(Exit::Failed);
    }
    let keep = args.keep.map(usize::from).or(named.map(|backup| backup.keep));
    let done =
        backup::take(&settings, &folder, keep.unwrap_or_else(settings::keep_backups), place.now()).await?;
    if args.json {
        print::json(&told(&done))?;
    } else {
        say(&done);
    }
    Ok(if done.missing > 0 { Exit::Failed } else { Exit::Done })
}

fn told(done: &Done) -> Told<'_> {
    Told {
        path: done.path.display().to_string(),
        manifest: &done.manifest,
        removed: done.removed,
        missing_files: done.missing,
        same_disk: done.same_disk,
    }
}

fn say(done: &Done) {
    let manifest = &done.manifest;
    let rows = |table: &str| manifest.rows.get(table).copied().unwrap_or_default();
    print::text(&format!(
        "Đã sao lưu vào {} ({} kB) và kiểm tra: đọc được mọi trang, nhật ký liền mạch {} dòng.\n\
         {} văn bản, {} việc, {} thư, {} tệp đính kèm. SHA-256 {}",
        done.path.display(),
        manifest.bytes.div_ceil(1000),
        manifest.journal.rows,
        rows("document"),
        rows("obligation"),
        rows("notice"),
        manifest.files.len(),
        manifest.sha256,
    ));
    if done.removed > 0 {
        print::text(&format!("Đã xoá {} bản cũ.", done.removed));
    }
    if done.same_disk {
        print::error(
            "bản sao lưu nằm cùng ổ đĩa với sổ: hỏng ổ là mất cả hai; nên chép sang ổ hoặc máy khác",
        );
    }
    if done.missing > 0 {
        print::error(&format!(
            "{} tệp đính kèm mà sổ nhắc tới không có trong thư mục tệp, nên không có trong bản sao lưu",
            done.missing
        ));
    }
}
