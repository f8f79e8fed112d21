//! `init`: writes the commented sample files a new office starts from.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Exit, print};
use crate::config::sample;
use crate::config::schema::Schema;

/// `init`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Thư mục nhận các tệp
    #[arg(default_value = "/etc/vanthu")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    for (path, text) in sample::FILES.into_iter().chain(sample::EDITORS) {
        put(&args.folder.join(path), text)?;
    }
    for schema in Schema::ALL {
        put(&args.folder.join(schema.path()), &schema.text(None))?;
    }
    print::text(
        "Tiếp theo: sửa vanthu.toml, rồi chạy `vanthu check` và `vanthu doctor`.
Lần đọc đầu tiên chỉ đưa văn bản có sẵn ở nguồn vào sổ, không giao cho ai, không gửi thư; xem [brake] trong vanthu.toml.
Để trình soạn thảo gợi ý cả mã chi bộ: `vanthu rules schema --with-data --out rules.d/rules.schema.json`.",
    );
    Ok(Exit::Done)
}

/// Writes a file unless it is there: what an office has changed is never overwritten.
fn put(target: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("không tạo được {}", folder.display()))?;
    }
    match OpenOptions::new().write(true).create_new(true).open(target) {
        Ok(mut file) => {
            let written = file.write_all(text.as_bytes());
            written.with_context(|| format!("không ghi được {}", target.display()))?;
            print::text(&format!("đã ghi  {}", target.display()));
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            print::text(&format!("giữ lại {}", target.display()));
            Ok(())
        }
        Err(error) => Err(error).with_context(|| format!("không ghi được {}", target.display())),
    }
}
