//! `templates`: the words of mails, for staff who change them.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Exit, Place, preview, print};
use crate::domain::language::Language;
use crate::domain::notice::NoticeKind;
use crate::render::mail::{SAMPLES, Template, fields, sample_named, sample_office};
use crate::runtime::files;
use crate::runtime::preview::preview as composed;

/// `templates …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Kiểm tra mẫu thư riêng của văn phòng trên mọi loại thư, chỉ rõ chỗ sai
    Lint {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Xem thử một loại thư với dữ liệu mẫu
    Render(Render),
    /// Liệt kê các tên dùng được trong mẫu, kèm ví dụ
    Fields {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// In một mẫu có sẵn, để chép vào templates/mail rồi sửa
    Show {
        /// Tên mẫu: opening.txt, request.txt, letter.txt, letter.html, style.html, hoặc tên có .en
        name: String,
    },
}

/// `templates render`
#[derive(Debug, clap::Args)]
pub struct Render {
    /// Loại thư: notice, reminder, chase, escalation, change, withdrawal
    #[arg(value_parser = preview::kind)]
    kind: NoticeKind,
    /// Dữ liệu mẫu: one (một việc), plan (nhiều việc), hoặc updated, changed, revoked, replaced, instead
    #[arg(long, default_value = "one")]
    sample: String,
    /// Ngôn ngữ: vi hoặc en
    #[arg(long, value_parser = preview::language, default_value = "vi")]
    language: Language,
    /// In ra dạng nào
    #[arg(long, value_enum, default_value = "text")]
    format: preview::Format,
    /// Ghi cả ba dạng vào thư mục này thay vì in
    #[arg(long, value_name = "THƯ MỤC")]
    open: Option<PathBuf>,
}

pub(super) fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Fields { json } => names(*json),
        Verb::Show { name } => Ok(show(name)),
        Verb::Lint { json } => lint(place, *json),
        Verb::Render(args) => render(place, args),
    }
}

/// The names, most of them with an example.
fn names(json: bool) -> anyhow::Result<Exit> {
    let names = fields::list(&sample_office());
    if json {
        print::json(&names)?;
    } else {
        print::table(&["Tên", "Ví dụ"], names.into_iter().map(|(name, example)| vec![name, example]));
    }
    Ok(Exit::Done)
}

fn show(name: &str) -> Exit {
    if let Some(template) = Template::named(name) {
        print::raw(template.embedded().as_bytes());
        return Exit::Done;
    }
    let known: Vec<_> =
        Template::ALL.iter().map(|template| template.file().trim_start_matches("mail/")).collect();
    print::error(&format!("không có mẫu {name}; các mẫu: {}", known.join(", ")));
    Exit::Failed
}

fn lint(place: &Place, json: bool) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let report = files::templates(&loaded.settings, &loaded.office);
    if json {
        print::json(&report.to_json(place.language()))?;
    } else {
        print::block(&report.render(place.language(), print::colour()));
    }
    if report.errors() > 0 {
        return Ok(Exit::Configuration);
    }
    if !json {
        let below = |path: &str| path.starts_with("templates/");
        let own = loaded.office.edition.files().iter().filter(|file| below(&file.path)).count();
        print::text(&format!("Mẫu thư dùng được: {own} mẫu riêng, còn lại là mẫu có sẵn."));
    }
    Ok(Exit::Done)
}

fn render(place: &Place, args: &Render) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let letter = sample_named(args.kind, &args.sample, args.language).with_context(|| {
        format!(
            "loại {} không có dữ liệu mẫu {}; thử: {}",
            args.kind.as_str(),
            args.sample,
            SAMPLES.join(", ")
        )
    })?;
    let mail = composed(&loaded, &letter)?;
    match &args.open {
        Some(folder) => {
            let name = format!("{}-{}-{}", args.kind.as_str(), args.sample, args.language.as_str());
            preview::write(folder, &name, &mail)?;
        }
        None => preview::show(&mail, args.format),
    }
    Ok(Exit::Done)
}
