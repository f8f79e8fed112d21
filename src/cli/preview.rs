//! `outbox preview`: a mail as it would leave, as the whole mail, as HTML, or as text.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Exit, Place, print};
use crate::app::preview::{self, Preview as Found};
use crate::config::Loaded;
use crate::domain::ids::NoticeId;
use crate::domain::language::Language;
use crate::domain::notice::{Letter, NoticeKind};
use crate::render::mail::samples_in;
use crate::runtime::preview::{Preview, preview as composed};
use crate::runtime::wiring;

/// How a mail is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Cả thư, mở được bằng chương trình thư
    Eml,
    /// Bản HTML
    Html,
    /// Bản chữ
    Text,
}

/// `outbox preview`
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct Args {
    /// Số của thư, như trong `outbox list`
    #[arg(group = "which")]
    number: Option<i64>,
    /// Thư mẫu của một loại: notice, reminder, chase, escalation, change, withdrawal
    #[arg(long, group = "which", value_parser = kind)]
    kind: Option<NoticeKind>,
    /// Ngôn ngữ của thư mẫu: vi hoặc en
    #[arg(long, requires = "kind", value_parser = language, default_value = "vi")]
    language: Language,
    /// In ra dạng nào
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Ghi cả ba dạng vào thư mục này thay vì in
    #[arg(long, value_name = "THƯ MỤC")]
    open: Option<PathBuf>,
}

impl Args {
    /// Whether a sample is asked for, and no notice of the register.
    pub(super) fn is_sample(&self) -> bool {
        self.kind.is_some()
    }
}

/// A kind of notice by its word.
pub(super) fn kind(word: &str) -> Result<NoticeKind, String> {
    let known = NoticeKind::ALL.map(NoticeKind::as_str).join(", ");
    NoticeKind::parse(word).ok_or_else(|| format!("phải là một trong: {known}"))
}

/// A language by its word.
pub(super) fn language(word: &str) -> Result<Language, String> {
    Language::parse(word).ok_or_else(|| "phải là vi hoặc en".to_owned())
}

pub(super) async fn run(place: &Place, loaded: &Loaded, args: &Args) -> anyhow::Result<Exit> {
    let found = match (args.number, args.kind) {
        (Some(number), _) => letter(place, loaded, number).await?,
        (None, Some(kind)) => samples_in(args.language).into_iter().find(|letter| letter.kind == kind),
        (None, None) => None,
    };
    let Some(letter) = found else { return Ok(Exit::Failed) };
    let mail = composed(loaded, &letter)?;
    match &args.open {
        Some(folder) => write(folder, &name(args), &mail)?,
        None => show(&mail, args.format),
    }
    Ok(Exit::Done)
}

/// The letter of a notice; `None` after saying why there is none.
async fn letter(place: &Place, loaded: &Loaded, number: i64) -> anyhow::Result<Option<Letter>> {
    let Some(store) = place.reader(loaded).await? else { return Ok(None) };
    let policy = wiring::policy(loaded, store.as_ref()).await?;
    let office = wiring::office(&loaded.settings, &loaded.office);
    let found = preview::preview(store.as_ref(), (&office, &policy), NoticeId(number), place.now()).await?;
    match found {
        Found::Letter(letter) => return Ok(Some(*letter)),
        Found::Needless(why) => print::error(&format!("thư số {number} không còn cần gửi: {why}")),
        Found::Unknown => print::error(&format!("không có thư số {number}; xem `vanthu outbox list`")),
    }
    Ok(None)
}

fn name(args: &Args) -> String {
    match (args.number, args.kind) {
        (Some(number), _) => format!("thu-{number:07}"),
        (None, kind) => format!("mau-{}-{}", kind.map_or("thu", NoticeKind::as_str), args.language.as_str()),
    }
}

/// Prints a mail in one form.
pub(super) fn show(mail: &Preview, format: Format) {
    match format {
        Format::Eml => print::raw(&mail.eml),
        Format::Html => print::raw(mail.html.as_bytes()),
        Format::Text => print::raw(mail.text.as_bytes()),
    }
}

/// Writes a mail in every form, and prints where.
pub(super) fn write(folder: &Path, name: &str, mail: &Preview) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("không tạo được {}", folder.display()))?;
    let parts = [("eml", mail.eml.as_slice()), ("html", mail.html.as_bytes()), ("txt", mail.text.as_bytes())];
    for (ending, bytes) in parts {
        let path = folder.join(format!("{name}.{ending}"));
        std::fs::write(&path, bytes).with_context(|| format!("không ghi được {}", path.display()))?;
        print::text(&path.display().to_string());
    }
    Ok(())
}
