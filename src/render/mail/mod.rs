//! Letters to units: from a [`Letter`] to subject line, text and HTML.
//!
//! The subject line comes with the letter, because it is frozen for the life of a thread; every other word stands
//! in the templates of `config/templates/mail`, one set for each language, which staff may override file by
//! file.

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

use crate::domain::bulletin::Bulletin;
use crate::domain::digest::Digest;
use crate::domain::notice::{Letter, NoticeKind};
use crate::domain::thread::follows_up;
use crate::render::line::one_line;

pub use bulletin::{Attached, RenderedBulletin};
pub use digest::DigestView;
pub use ladder::MatterRow;
pub use sample::{
    SAMPLES, digest_samples, in_language, ladder_samples, office as sample_office, operation_samples,
    plan_samples, reply_samples, sample_named, samples, samples_in, weekly_sample,
};
pub use templates::{Piece, Template, TemplateFault, Unknown};
pub use view::{LaggardRow, Row, TaskRow, View};

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
    /// Each override is tried on every sample of its language before it is believed; one that fails is
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
        for letter in samples_in(template.language).into_iter().filter(|_| trying) {
            let rendered = better.render(&letter);
            let whole = rendered.and_then(|rendered| {
                complete(&letter, &rendered).map_err(|message| TemplateFault::new(file, message))
            });
            if let Err(fault) = whole {
                let fault = known.beside(fault);
                if faults.iter().all(|known| known.span != fault.span) {
                    faults.push(fault);
                }
            }
        }
        if faults.is_empty() { Ok(better) } else { Err(faults) }
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
            text: self.templates.render(own(Piece::Text), &whole)?,
            html: self.templates.render(own(Piece::Html), &whole)?,
            topic: letter.topic.clone(),
            follows_up: letter.first.is_some() || follows_up(letter.kind),
            heading: view.heading,
        })
    }

    fn digest(&self, letter: &Letter, digest: &Digest) -> Result<Rendered, TemplateFault> {
        let view = DigestView::new(letter, digest, &self.office);
        let words = Templates::value(&view);
        let own = |piece| Template::of(piece, letter.language);
        Ok(Rendered {
            text: self.templates.render(own(Piece::DigestText), &words)?,
            html: self.templates.render(own(Piece::DigestHtml), &words)?,
            topic: letter.topic.clone(),
            follows_up: letter.first.is_some() || follows_up(letter.kind),
            heading: view.heading,
        })
    }

    /// The office that writes.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Renders a mail about the office's files.
    pub fn bulletin(&self, bulletin: &Bulletin) -> RenderedBulletin {
        bulletin::bulletin(bulletin, &self.office)
    }

    fn sentence(&self, template: Template, view: &Value) -> Result<String, TemplateFault> {
        self.templates.render(template, view).map(|text| words::capitalised(&one_line(&text)))
    }
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

#[cfg(test)]
mod tests;
