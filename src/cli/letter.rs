//! `letter`: drafts the official letter that chases the cells of a directive.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Exit, Place, print, show};
use crate::app::chasing::{ChasingError, draft};
use crate::render::chasing;
use crate::runtime::wiring;

/// `letter`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Số, ký hiệu (ví dụ 12-KH/ĐUK) hoặc số trong sổ (ví dụ #5)
    document: String,
    /// text hoặc docx; bỏ trống thì theo đuôi của tệp -o, không có -o thì là text
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Ghi ra tệp này thay vì in
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// What the letter is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Chữ thường, để xem hoặc chép
    Text,
    /// Word, để đánh số, sửa, ký
    Docx,
}

impl Args {
    fn format(&self) -> Format {
        let is_word = |path: &PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("docx"));
        let named = self.output.as_ref().filter(|path| is_word(path));
        self.format.unwrap_or(if named.is_some() { Format::Docx } else { Format::Text })
    }
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    if args.format() == Format::Docx && args.output.is_none() {
        print::error("tệp Word không in ra màn hình được; thêm -o TỆP.docx");
        return Ok(Exit::Failed);
    }
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let Some(document) = show::find_one(store.as_ref(), &args.document, place).await? else {
        return Ok(Exit::Failed);
    };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(&loaded, store.as_ref()).await?;
    let letter = match draft(store.as_ref(), &office, &policy, document, place.now()).await {
        Ok(letter) => letter,
        Err(ChasingError::Store(error)) => return Err(error.into()),
        Err(why) => {
            print::error(&why.to_string());
            return Ok(Exit::Failed);
        }
    };
    let zone = office.calendar.zone;
    let bytes = match args.format() {
        Format::Text => chasing::text(&letter, zone).into_bytes(),
        Format::Docx => chasing::docx(&letter, zone)?,
    };
    match &args.output {
        None => print::text(&String::from_utf8(bytes)?),
        Some(path) => {
            std::fs::write(path, bytes).with_context(|| format!("không ghi được {}", path.display()))?;
            print::text(&format!(
                "đã ghi {}: {} chi bộ chưa hoàn thành, {} đã hoàn thành; người phụ trách đánh số, ghi ngày, ký",
                path.display(),
                letter.owing_count(),
                letter.done_count()
            ));
        }
    }
    Ok(Exit::Done)
}
