//! `templates`: the words of mails, for staff who change them.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Exit, Place, preview, print};
use crate::domain::language::Language;
use crate::domain::notice::NoticeKind;
use crate::render::mail::{SAMPLES, STAFF, Template, fields, sample_named, sample_office, staff_named};
use crate::runtime::files;
use crate::runtime::preview::{preview as composed, staff};

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
        /// Tên mẫu: opening.txt, request.txt, opening.en.txt, request.en.txt, letter.txt, letter.html, digest.txt, digest.html, weekly.txt, weekly.html,
        /// bulletin.html, frame.html, style.html
        name: String,
    },
}

/// `templates render`
#[derive(Debug, clap::Args)]
pub struct Render {
    /// Loại thư: notice, reminder, chase, escalation, change, withdrawal, digest; staff là thư gửi văn phòng, phụ trách
    #[arg(value_parser = what)]
    kind: What,
    /// Dữ liệu mẫu: one (một việc), plan (nhiều việc), hoặc updated, changed, revoked, replaced, instead…; của staff: request,
    /// declined, hint, broken, waiting, calendar, rest, weekly…
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

/// What is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A letter to a unit.
    Letter(NoticeKind),
    /// A mail to staff.
    Staff,
}

impl What {
    fn as_str(self) -> &'static str {
        match self {
            Self::Letter(kind) => kind.as_str(),
            Self::Staff => "staff",
        }
    }
}

fn what(word: &str) -> Result<What, String> {
    match word {
        "staff" => Ok(What::Staff),
        word => preview::kind(word).map(What::Letter).map_err(|known| format!("{known}, staff")),
    }
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
    let (samples, mail) = match args.kind {
        What::Letter(kind) => {
            let letter = sample_named(kind, &args.sample, args.language);
            (SAMPLES.join(", "), letter.map(|letter| composed(&loaded, &letter)))
        }
        What::Staff => {
            let bulletin = staff_named(&args.sample, args.language);
            (STAFF.join(", "), bulletin.map(|bulletin| staff(&loaded, &bulletin)))
        }
    };
    let mail = mail.with_context(|| {
        format!("loại {} không có dữ liệu mẫu {}; thử: {samples}", args.kind.as_str(), args.sample)
    })??;
    match &args.open {
        Some(folder) => {
            let name = format!("{}-{}-{}", args.kind.as_str(), args.sample, args.language.as_str());
            preview::write(folder, &name, &mail)?;
        }
        None => preview::show(&mail, args.format),
    }
    Ok(Exit::Done)
}
