//! `schema` and `rules schema`: what an editor needs to explain and complete the office's files.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Exit, Place, print};
use crate::config::office::{draft, source_ids};
use crate::config::schema::{Known, Schema};

/// `schema`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Loại tệp
    #[arg(value_enum)]
    file: File,
    #[command(flatten)]
    options: Options,
}

/// Options of `schema` and of `rules schema`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Kèm mã chi bộ, loại, khối ngành, nguồn, bậc nhắc đang có, để trình soạn thảo gợi ý và gạch chân mã sai
    #[arg(long)]
    with_data: bool,
    /// Ghi ra tệp này thay vì in
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum File {
    /// rules.d/*.toml
    Rules,
    /// units.toml
    Units,
    /// calendar/calendar.toml
    Calendar,
    /// calendar/YYYY.toml
    Year,
    /// vanthu.toml
    Settings,
}

impl From<File> for Schema {
    fn from(file: File) -> Self {
        match file {
            File::Rules => Self::Rules,
            File::Units => Self::Units,
            File::Calendar => Self::Calendar,
            File::Year => Self::Year,
            File::Settings => Self::Settings,
        }
    }
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    write(place, args.file.into(), &args.options)
}

/// Writes or prints one schema.
pub(super) fn write(place: &Place, schema: Schema, options: &Options) -> anyhow::Result<Exit> {
    let known = if options.with_data {
        let settings = place.plain_settings();
        let (units, ruleset) = draft(settings.as_ref(), &place.root());
        Some(Known::of(&units, &ruleset, &settings.as_ref().map(source_ids).unwrap_or_default()))
    } else {
        None
    };
    let text = schema.text(known.as_ref());
    match &options.out {
        Some(path) => save(path, &text)?,
        None => print::text(&text),
    }
    Ok(Exit::Done)
}

fn save(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("không ghi được {}", path.display()))?;
    print::text(&format!("đã ghi  {}", path.display()));
    Ok(())
}
