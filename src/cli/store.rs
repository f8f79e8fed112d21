//! `store`: the register itself.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use indicatif::ProgressBar;
use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::dump;
use crate::runtime::transfer::{self, Copied};

/// `store`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Chép sổ từ tệp SQLite sang PostgreSQL hoặc ngược lại, rồi so lại từng dòng
    Move(Args),
    /// Kết xuất sổ, mỗi dòng một JSON, cho chương trình kiểm tra từ bên ngoài; không có khoá, liên kết, nội dung văn bản
    Export(ExportArgs),
}

/// `store export`
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Tệp ghi ra, phải chưa có; nên dừng dịch vụ trước, để các bảng cùng một thời điểm
    #[arg(long, short, value_name = "TỆP")]
    out: PathBuf,
}

/// `store move`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Sổ đang dùng: tệp SQLite, hoặc postgres://TÀI-KHOẢN@MÁY-CHỦ/CƠ-SỞ-DỮ-LIỆU
    #[arg(long)]
    from: String,
    /// Sổ mới, phải còn trống; tệp chưa có thì được tạo
    #[arg(long)]
    to: String,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    table: &'a str,
    rows: u64,
    sha256: &'a str,
}

impl<'a> Row<'a> {
    fn of(copied: &'a Copied) -> Self {
        Self { table: &copied.table, rows: copied.rows, sha256: &copied.hash }
    }
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let args = match verb {
        Verb::Move(args) => args,
        Verb::Export(args) => return export(place, args).await,
    };
    let Some(settings) = place.plain_settings() else { return Ok(Exit::Configuration) };
    let bar = ProgressBar::new_spinner();
    let watch = |table: &str, rows: u64| {
        bar.tick();
        bar.set_message(format!("{table}: {rows} dòng"));
    };
    let copied = transfer::copy(&settings.store, &args.from, &args.to, &watch).await;
    bar.finish_and_clear();
    let (copied, shown) = copied?;
    if args.json {
        print::json(&copied.iter().map(Row::of).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    tell(&copied, &shown, &args.to);
    Ok(Exit::Done)
}

async fn export(place: &Place, args: &ExportArgs) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&args.out);
    let mut file = BufWriter::new(file.with_context(|| format!("không ghi được {}", args.out.display()))?);
    let mut write = |row| -> anyhow::Result<()> { Ok(writeln!(file, "{row}")?) };
    let rows = dump::dump(store.as_ref(), place.now(), &mut write).await?;
    file.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    print::text(&format!("Đã kết xuất {rows} dòng của sổ vào {}.", args.out.display()));
    Ok(Exit::Done)
}

fn tell(copied: &[Copied], shown: &str, to: &str) {
    let row = |copied: &Copied| {
        vec![copied.table.clone(), copied.rows.to_string(), copied.hash.chars().take(12).collect()]
    };
    print::table(&["Bảng", "Số dòng", "SHA-256"], copied.iter().map(row));
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    let key = if to.starts_with("postgres") { "url" } else { "path" };
    print::text(&format!(
        "Đã chép {rows} dòng của {} bảng sang {shown}; hai bên giống nhau từng dòng.\n\
         Thư mục tệp đính kèm giữ nguyên. Để dùng sổ mới: trong [store] đặt {key} = \"{shown}\"{}, rồi khởi động lại dịch vụ.",
        copied.len(),
        if key == "path" { " và bỏ url" } else { "" },
    ));
}
