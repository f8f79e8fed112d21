//! `rules revert`: puts the files of an earlier edition back; the daemon then takes them like any edit.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::NamedTempFile;

use super::{Exit, Place, diff, find, open, print};
use crate::config::edition::place as place_of;
use crate::config::settings::Files;
use crate::domain::edition::{Edition, EditionFile, short};

/// Mode of a file that is not there yet: the daemon is another user.
const MODE: u32 = 0o644;

/// `rules revert`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Mã của bản cần lấy lại, xem `rules log`
    edition: String,
    /// Cả tổ chức, lịch, mẫu thư, không chỉ quy tắc
    #[arg(long)]
    all: bool,
    /// Không hỏi lại
    #[arg(long)]
    yes: bool,
}

pub async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (settings, store) = match open(place).await? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let Some(wanted) = find(store.as_ref(), &args.edition).await? else { return Ok(Exit::Failed) };
    let now = place.files(&settings).texts();
    let wanted = if args.all { wanted } else { with_rules_of(&now, &wanted) };
    if wanted == now {
        print::text("các tệp trong thư mục đã đúng như bản đó; không có gì để ghi");
        return Ok(Exit::Done);
    }
    print::text(&diff::texts(&now, &wanted));
    if !args.yes && !confirmed()? {
        print::error("chưa ghi gì");
        return Ok(Exit::Failed);
    }
    for line in write(&settings.files, &now, &wanted)? {
        print::text(&line);
    }
    print::text("dịch vụ sẽ xét các tệp này như mọi lần sửa; xem kết quả: vanthu rules log");
    Ok(Exit::Done)
}

/// The files as they are, but with the rules of another edition: mailboxes and holidays entered since
/// then stay.
fn with_rules_of(now: &Edition, other: &Edition) -> Edition {
    let is_rule = |file: &&EditionFile| file.path.starts_with("rules.d/");
    let kept = now.files().iter().filter(|file| !is_rule(file));
    Edition::new(kept.chain(other.files().iter().filter(is_rule)).cloned().collect())
}

fn confirmed() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        print::error("cần `--yes` khi không có người trả lời");
        return Ok(false);
    }
    print::ask("Ghi các tệp như trên? [c = có, k = không] ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "c" | "có" | "co" | "y" | "yes"))
}

/// Writes every file beside its place first and moves them there last, so that a full disk changes
/// nothing. A file the edition does not know is set aside under a name that is not read.
fn write(files: &Files, now: &Edition, wanted: &Edition) -> anyhow::Result<Vec<String>> {
    let mut ready = Vec::new();
    for file in wanted.files().iter().filter(|file| now.text(&file.path) != Some(&file.text)) {
        let target = target(files, &file.path)?;
        ready.push((prepared(&target, &file.text)?, target));
    }
    let mut lines = Vec::new();
    for (temporary, target) in ready {
        temporary.persist(&target).with_context(|| format!("không ghi được {}", target.display()))?;
        lines.push(format!("đã ghi    {}", target.display()));
    }
    let kept: BTreeSet<_> = wanted.files().iter().map(|file| file.path.as_str()).collect();
    for file in now.files().iter().filter(|file| !kept.contains(file.path.as_str())) {
        let target = target(files, &file.path)?;
        let mut aside = target.clone().into_os_string();
        aside.push(format!(".truoc-{}", short(wanted.hash())));
        std::fs::rename(&target, &aside)
            .with_context(|| format!("không đổi được tên {}", target.display()))?;
        lines.push(format!("đã cất đi {} → {}", target.display(), PathBuf::from(aside).display()));
    }
    Ok(lines)
}

fn target(files: &Files, path: &str) -> anyhow::Result<PathBuf> {
    place_of(files, path).with_context(|| format!("“{path}” không phải tệp của văn phòng"))
}

fn prepared(target: &Path, text: &str) -> anyhow::Result<NamedTempFile> {
    let shown = || format!("không ghi được {}", target.display());
    let folder = target.parent().with_context(shown)?;
    std::fs::create_dir_all(folder).with_context(shown)?;
    let mut file =
        tempfile::Builder::new().prefix(".vanthu-").suffix(".tmp").tempfile_in(folder).with_context(shown)?;
    file.write_all(text.as_bytes()).with_context(shown)?;
    let mode = std::fs::metadata(target).map_or(MODE, |known| known.permissions().mode());
    file.as_file().set_permissions(Permissions::from_mode(mode)).with_context(shown)?;
    file.as_file().sync_all().with_context(shown)?;
    Ok(file)
}
