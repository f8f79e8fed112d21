//! Pages: typed views, rendered on the server by templates that are compiled in. No script, one
//! style sheet; a page works in any browser that can send a form.

use chrono::{DateTime, Utc};
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;

use crate::domain::calendar::Calendar;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::unit::Units;

pub mod lexicon;
pub mod words;

pub mod answer;
pub mod board;
pub mod cells;
pub mod decide;
pub mod desk;
pub mod document;
pub mod hold;
pub mod holds;
pub mod message;
pub mod options;
pub mod outbox;
pub mod respite;
pub mod system;
pub mod timeline;
pub mod trace;
pub mod upstream;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

/// The style sheet that every page links to.
pub const STYLE: &str = include_str!("templates/style.css");

const TEMPLATES: [(&str, &str); 15] = [
    ("parts.html", include_str!("templates/parts.html")),
    ("frame.html", include_str!("templates/frame.html")),
    ("office.html", include_str!("templates/office.html")),
    ("forms.html", include_str!("templates/forms.html")),
    ("answer.html", include_str!("templates/answer.html")),
    ("decide.html", include_str!("templates/decide.html")),
    ("message.html", include_str!("templates/message.html")),
    ("board.html", include_str!("templates/board.html")),
    ("document.html", include_str!("templates/document.html")),
    ("cells.html", include_str!("templates/cells.html")),
    ("desk.html", include_str!("templates/desk.html")),
    ("holds.html", include_str!("templates/holds.html")),
    ("outbox.html", include_str!("templates/outbox.html")),
    ("system.html", include_str!("templates/system.html")),
    ("refusal.html", include_str!("templates/refusal.html")),
];

/// A page: a view and the template that shows it.
pub trait Page: Serialize {
    /// Name of its template.
    const TEMPLATE: &'static str;

    /// The language of its reader. The board is in Vietnamese.
    fn language(&self) -> Language {
        Language::Vi
    }
}

/// What surrounds every page for staff.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// Name of the office.
    pub office: String,
    /// What staff must know before they read on: rules are the last good ones, data are made up.
    pub banners: Vec<String>,
    /// The entry of the navigation that is open: `board`, `cells`, `holds`, `outbox`, `system`.
    pub here: &'static str,
    /// When the page was written, in words.
    pub written: String,
}

/// What every page for staff is made from.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// What surrounds it.
    pub shell: Shell,
    /// The units, for their names.
    pub units: &'a Units,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Setting<'_> {
    /// The name of a unit today; its code where the units no longer know it.
    pub fn name(&self, unit: &UnitId) -> String {
        let today = self.calendar.date_of(self.now);
        self.units.get(unit).map_or_else(|| unit.to_string(), |unit| unit.name_on(today).to_owned())
    }

    /// An instant in words.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        words::moment(at, self.calendar)
    }
}

/// A bar of cells: done, then acknowledged, then the rest; told apart by pattern as well as colour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// Per cent done.
    pub done: f64,
    /// Per cent acknowledged but not done.
    pub acknowledged: f64,
}

impl Bar {
    /// The bar of `done` and `acknowledged` cells out of `total`; shares are cut to a tenth of a per cent.
    pub fn new(total: u64, done: u64, acknowledged: u64) -> Self {
        let share = |n: u64| (n * 1000).checked_div(total).unwrap_or(0) as f64 / 10.0;
        Self { done: share(done), acknowledged: share(acknowledged) }
    }
}

/// Why a page could not be rendered: a fault of the program, found by the tests that render samples.
#[derive(Debug, thiserror::Error)]
#[error("trang {template}: {source:#}")]
pub struct RenderError {
    template: &'static str,
    source: minijinja::Error,
}

/// The compiled templates.
#[derive(Debug)]
pub struct Pages(Environment<'static>);

impl Pages {
    /// Compiles the templates.
    ///
    /// # Errors
    /// A template that does not compile.
    pub fn new() -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Every template is HTML, whatever its name: nothing a document says becomes markup.
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        for (template, text) in TEMPLATES {
            environment.add_template(template, text).map_err(|source| RenderError { template, source })?;
        }
        Ok(Self(environment))
    }

    /// The HTML of a page; its template finds the words of its language as `words`.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn render<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        let words = Value::from(Serde(&lexicon::Lexicon::of(page.language()).words));
        self.0
            .get_template(P::TEMPLATE)
            .and_then(|template| template.render(merge_maps([Value::from(Serde(page)), context! { words }])))
            .map_err(|source| RenderError { template: P::TEMPLATE, source })
    }
}
