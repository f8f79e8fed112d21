//! `rules fmt`: one form for the files of rules.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use similar::TextDiff;
use unicode_normalization::is_nfc;

use crate::cli::{Exit, Place, print};
use crate::config::diagnostic::Findings;
use crate::config::file::SourceFile;
use crate::config::{folder, format, syntax, write};

/// `rules fmt`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Tệp cần xếp; mặc định là mọi tệp *.toml trong thư mục quy tắc
    files: Vec<PathBuf>,
    /// Không ghi; in chỗ sẽ đổi, mã thoát 1 nếu có
    #[arg(long)]
    check: bool,
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let findings = Findings::default();
    let mut untidy = 0;
    for path in files(place, args)? {
        let shown = path.display().to_string();
        let file = match SourceFile::read(&path, &shown) {
            Ok(file) => file,
            Err(finding) => {
                findings.add(finding);
                continue;
            }
        };
        if syntax::parse(&file, &findings).is_none() {
            continue;
        }
        let tidy = format::format(&file.text).map_err(|_| {
            anyhow::anyhow!(
                "{shown}: xếp lại sẽ đổi nghĩa, nên để nguyên; hãy báo lỗi này cho nhóm phát triển"
            )
        })?;
        note_decomposed(&shown, &file.text);
        if tidy != file.text {
            untidy += 1;
            settle(&path, &file.text, &tidy, args.check)?;
        }
    }
    let report = findings.into_report();
    print::block(&report.render(place.language(), print::colour()));
    Ok(match (report.errors(), untidy) {
        (1.., _) => Exit::Configuration,
        (0, 1..) if args.check => Exit::Failed,
        _ => Exit::Done,
    })
}

fn files(place: &Place, args: &Args) -> anyhow::Result<Vec<PathBuf>> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let folder = place.paths().rules;
    folder::list(&folder).with_context(|| format!("không đọc được thư mục {}", folder.display()))
}

/// Shows the change, or makes it.
fn settle(path: &Path, text: &str, tidy: &str, check: bool) -> anyhow::Result<()> {
    let shown = path.display().to_string();
    if check {
        let diff = TextDiff::from_lines(text, tidy);
        print::text(&diff.unified_diff().context_radius(2).header(&shown, "sau khi xếp").to_string());
        return Ok(());
    }
    write::replace(path, tidy).with_context(|| format!("không ghi được {shown}"))?;
    print::text(&format!("đã xếp  {shown}"));
    Ok(())
}

/// Accents stored apart mean the same to vanthu, but not to the editor's search.
fn note_decomposed(shown: &str, text: &str) {
    if let Some(line) = text.lines().position(|line| !is_nfc(line)) {
        print::error(&format!(
            "{shown}:{}: có chữ dấu rời (NFD); để nguyên, vanthu đọc như chữ dấu liền",
            line + 1
        ));
    }
}
