//! `init`: writes the commented sample files a new office starts from.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use super::{Exit, print};
use crate::config::sample;

/// `init`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Thư mục nhận các tệp
    #[arg(default_value = "/etc/vanthu")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    for (path, text) in sample::FILES {
        let target = args.folder.join(path);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("không tạo được {}", folder.display()))?;
        }
        match OpenOptions::new().write(true).create_new(true).open(&target) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())
                    .with_context(|| format!("không ghi được {}", target.display()))?;
                print::text(&format!("đã ghi  {}", target.display()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                print::text(&format!("giữ lại {}", target.display()));
            }
            Err(error) => return Err(error).with_context(|| format!("không ghi được {}", target.display())),
        }
    }
    print::text("Tiếp theo: sửa vanthu.toml, rồi chạy `vanthu check` và `vanthu doctor`.");
    Ok(Exit::Done)
}
