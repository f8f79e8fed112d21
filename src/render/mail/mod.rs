//! Letters to units: from a [`Letter`] to subject line, text and HTML.
//!
//! The subject line comes with the letter, because it is frozen for the life of a thread; every other word stands
//! in the templates of `config/templates/mail`, which staff may override file by file: sentences in one for each
//! language, layout in one for all, with the words of the lexicon.

mod because;
mod bulletin;
mod digest;
mod english;
pub mod fields;
mod ladder;
mod lexicon;
mod reply;
mod request;
mod sample;
mod templates;
mod view;
mod weekly;
pub mod words;

use std::path::Path;

use chrono_tz::Tz;
use minijinja::context;
use minijinja::value::{Value, merge_maps};

use crate::domain::bulletin::{Bulletin, News, WeeklyNews};
use crate::domain::digest::Digest;
use crate::domain::language::Language;
use crate::domain::notice::{Letter, NoticeKind};
use crate::domain::thread::follows_up;
use crate::render::line::one_line;

pub use bulletin::{Attached, BulletinView, RenderedBulletin};
pub use digest::DigestView;
pub use ladder::MatterRow;
pub use sample::{
    SAMPLES, STAFF, bulletin_samples, digest_samples, in_language, ladder_samples, office as sample_office,
    operation_samples, plan_samples, reply_samples, sample_named, samples, samples_in, staff_named,
    weekly_bulletin, weekly_sample,
};
pub use templates::{Piece, Template, TemplateFault, Unknown};
pub use view::{LaggardRow, Row, TaskRow, View};
pub use weekly::WeeklyView;

use templates::Templates;

/// The office that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its name, for example `Văn phòng Đảng uỷ Khối`.
    pub name: String,
    /// Phone for questions.
    pub phone: Option<String>,
    /// Zone in which days are shown.
    pub zone: Tz,
}

/// What a letter says, ready for a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// What the letter is, for the sender's name: `Nhắc lần 2`.
    pub heading: String,
    /// The frozen subject line without `Re: `; the same for every letter of a thread.
    pub topic: String,
    /// The letter follows an earlier one: its subject line is `Re: ` and the topic.
    pub follows_up: bool,
    /// The text part, lines ended by LF.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Renders letters.
#[derive(Debug, Clone)]
pub struct LetterRenderer {
    templates: Templates,
    office: Office,
}

impl LetterRenderer {
    /// A renderer with the embedded templates.
    ///
    /// # Errors
    /// A fault in an embedded template.
    pub fn new(office: Office) -> Result<Self, TemplateFault> {
        Ok(Self { templates: Templates::embedded()?, office })
    }

    /// A renderer that prefers the office's own templates; `text` gives them by name, `mail/opening.txt`
    /// and so on.
    ///
    /// Each override is tried on every sample of its languages before it is believed; one that fails is
    /// reported and the embedded template is used, so that a typing error by staff never stops the post.
    ///
    /// # Errors
    /// A fault in an embedded template.
    pub fn with_overrides(
        office: Office,
        text: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(Self, Vec<TemplateFault>), TemplateFault> {
        let mut renderer = Self::new(office)?;
        let mut faults = Vec::new();
        for template in Template::ALL {
            let Some(source) = text(template.file()) else { continue };
            match renderer.tried(template, unix(&source)) {
                Ok(better) => renderer = better,
                Err(found) => faults.extend(found),
            }
        }
        Ok((renderer, faults))
    }

    /// This renderer with one template replaced, if it uses known names alone and every sample still makes
    /// a whole letter; else everything that is wrong with it.
    fn tried(&self, template: Template, source: String) -> Result<Self, Vec<TemplateFault>> {
        let file = Path::new(template.file());
        let mut better = self.clone();
        better.templates.replace(template, source, file).map_err(|fault| vec![fault])?;
        let known = fields::names(template.piece, &self.office);
        let mut faults = better.templates.unknown(template, &known.top);
        // What stands in a loop shows only when it is rendered; one fault of each kind is enough.
        let trying = faults.is_empty();
        for found in template.languages().iter().filter(|_| trying).flat_map(|own| better.trials(*own, file))
        {
            let fault = known.beside(found);
            if faults.iter().all(|known| known.span != fault.span) {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(better) } else { Err(faults) }
    }

    /// What is wrong with the samples of a language, rendered with a template from `file`.
    fn trials(&self, language: Language, file: &Path) -> Vec<TemplateFault> {
        let lacking = |message| TemplateFault::new(file, message);
        let letters = samples_in(language).into_iter().filter_map(|letter| {
            let rendered = self.render(&letter);
            rendered.and_then(|rendered| complete(&letter, &rendered).map_err(lacking)).err()
        });
        let staff = bulletin_samples(language).into_iter().chain([weekly_bulletin(language)]);
        let staff = staff.filter_map(|bulletin| {
            let rendered = self.bulletin(&bulletin);
            rendered.and_then(|rendered| decidable(&bulletin, &rendered).map_err(lacking)).err()
        });
        letters.chain(staff).collect()
    }

    /// Renders a letter in its reader's language.
    ///
    /// # Errors
    /// The template that failed, with its place.
    pub fn render(&self, letter: &Letter) -> Result<Rendered, TemplateFault> {
        if let Some(digest) = &letter.digest {
            return self.digest(letter, digest);
        }
        let view = View::new(letter, &self.office);
        let words = Templates::value(&view);
        let own = |piece| Template::of(piece, letter.language);
        let opening = self.sentence(own(Piece::Opening), &words)?;
        let request = self.sentence(own(Piece::Request), &words)?;
        let whole = merge_maps([words, context! { opening, request }]);
        Ok(Rendered {
            text: self.templates.render(shared(Piece::Text), &whole)?,
            html: self.templates.render(shared(Piece::Html), &whole)?,
            topic: letter.topic.clone(),
            follows_up: letter.first.is_some() || follows_up(letter.kind),
            heading: view.heading,
        })
    }

    fn digest(&self, letter: &Letter, digest: &Digest) -> Result<Rendered, TemplateFault> {
        let view = DigestView::new(letter, digest, &self.office);
        let words = Templates::value(&view);
        Ok(Rendered {
            text: self.templates.render(shared(Piece::DigestText), &words)?,
            html: self.templates.render(shared(Piece::DigestHtml), &words)?,
            topic: letter.topic.clone(),
            follows_up: letter.first.is_some() || follows_up(letter.kind),
            heading: view.heading,
        })
    }

    /// The office that writes.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Renders a mail to staff in its reader's language.
    ///
    /// # Errors
    /// The template that failed, with its place.
    pub fn bulletin(&self, bulletin: &Bulletin) -> Result<RenderedBulletin, TemplateFault> {
        if let News::Weekly(news) = &bulletin.news {
            return self.weekly(news, bulletin.language);
        }
        let (heading, subject, text) = bulletin::text(bulletin, &self.office);
        let link = match &bulletin.news {
            News::Request(news) => news.link.as_deref(),
            _ => None,
        };
        let view = BulletinView::new((heading, &subject, &text), link, &self.office, bulletin.language);
        let html = self.templates.render(shared(Piece::BulletinHtml), &Templates::value(&view))?;
        Ok(RenderedBulletin { heading, subject, text, html, files: Vec::new() })
    }

    fn weekly(&self, news: &WeeklyNews, language: Language) -> Result<RenderedBulletin, TemplateFault> {
        let view = WeeklyView::new(news, &self.office, language);
        let words = Templates::value(&view);
        Ok(RenderedBulletin {
            text: self.templates.render(shared(Piece::WeeklyText), &words)?,
            html: self.templates.render(shared(Piece::WeeklyHtml), &words)?,
            files: weekly::workbook(news, language).into_iter().collect(),
            heading: view.heading,
            subject: view.subject,
        })
    }

    fn sentence(&self, template: Template, view: &Value) -> Result<String, TemplateFault> {
        self.templates.render(template, view).map(|text| words::capitalised(&one_line(&text)))
    }
}

/// The template that all languages share.
fn shared(piece: Piece) -> Template {
    Template::of(piece, Language::Vi)
}

/// A file as Windows editors leave it, without its byte order mark and carriage returns.
fn unix(source: &str) -> String {
    source.trim_start_matches('\u{feff}').replace('\r', "")
}

/// What no override may leave out: whom it is for, the way to answer, the code, the day.
fn complete(letter: &Letter, rendered: &Rendered) -> Result<(), String> {
    let listed = letter.digest.iter().flat_map(|digest| &digest.items);
    let listed: Vec<_> = listed
        .flat_map(|item| {
            let (symbol, link) = (item.facts.symbol.clone(), item.link.clone());
            let code = item.challenge.clone();
            [("số, ký hiệu", Some(symbol)), ("liên kết trả lời", Some(link)), ("mã xác nhận", Some(code))]
        })
        .collect();
    let due = letter.due.filter(|_| letter.kind != NoticeKind::Withdrawal);
    let needed = [
        ("tên đơn vị nhận", Some(letter.unit_name.clone())),
        ("số, ký hiệu", Some(letter.facts.symbol.clone())),
        ("liên kết xác nhận", letter.link.clone()),
        ("mã xác nhận", letter.challenge.clone()),
        ("hạn", due.map(|at| words::Due::new(at, sample_office().zone).short)),
    ];
    let dues = letter.tasks.iter().filter_map(|task| task.due);
    let dues = dues.map(|at| ("hạn của từng việc", Some(words::Due::new(at, sample_office().zone).short)));
    let tasks = letter.tasks.iter().map(|task| ("việc phải làm", Some(task.name.clone())));
    for (name, value) in needed.into_iter().chain(tasks).chain(dues).chain(listed) {
        let missing = |part: &str| value.as_deref().is_some_and(|value| !part.contains(value));
        if missing(&rendered.text) || missing(&rendered.html) {
            return Err(format!("thư {} mất {name}; đề nghị thêm lại vào mẫu", letter.kind.as_str()));
        }
    }
    Ok(())
}

/// What no override may leave out of a mail to staff: the way to decide with its code, the sum of a week.
fn decidable(bulletin: &Bulletin, rendered: &RenderedBulletin) -> Result<(), String> {
    let needed = match &bulletin.news {
        News::Request(news) => {
            [("liên kết quyết định", news.link.clone()), ("mã xác nhận", news.code.clone())]
        }
        News::Weekly(news) => {
            let late = news.report.total.now.late.to_string();
            [("số việc", Some(news.report.total.now.all.to_string())), ("số việc quá hạn", Some(late))]
        }
        _ => return Ok(()),
    };
    for (name, value) in needed {
        let missing = |part: &str| value.as_deref().is_some_and(|value| !part.contains(value));
        if missing(&rendered.text) || missing(&rendered.html) {
            return Err(format!("thư “{}” mất {name}; đề nghị thêm lại vào mẫu", rendered.heading));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
