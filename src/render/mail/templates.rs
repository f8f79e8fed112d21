//! The templates of letters and digests, in every language: embedded, compiled once, overridable one by one.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, escape_formatter};

use crate::domain::language::Language;

/// Instructions a template may run, about a hundred times what the longest letter needs: an endless
/// loop in an override ends as an error within milliseconds.
const FUEL: u64 = 2_000_000;

/// Which piece of a letter a template makes, in the order in which a letter needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The first sentence.
    Opening,
    /// The paragraph that asks.
    Request,
    /// The text part.
    Text,
    /// The HTML part.
    Html,
    /// The text part of a digest.
    DigestText,
    /// The HTML part of a digest.
    DigestHtml,
    /// The text part of the weekly mail.
    WeeklyText,
    /// The HTML part of the weekly mail.
    WeeklyHtml,
    /// The HTML part of other mails to staff.
    BulletinHtml,
    /// What stands around every HTML part.
    Frame,
    /// What that includes: colours and sizes.
    Style,
}

/// One of the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What it makes.
    pub piece: Piece,
    /// In which language; of what all languages share, the first.
    pub language: Language,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::of(Piece::Style, Language::Vi),
        Self::of(Piece::Frame, Language::Vi),
        Self::of(Piece::Opening, Language::Vi),
        Self::of(Piece::Request, Language::Vi),
        Self::of(Piece::Text, Language::Vi),
        Self::of(Piece::Html, Language::Vi),
        Self::of(Piece::Opening, Language::En),
        Self::of(Piece::Request, Language::En),
        Self::of(Piece::DigestText, Language::Vi),
        Self::of(Piece::DigestHtml, Language::Vi),
        Self::of(Piece::WeeklyText, Language::Vi),
        Self::of(Piece::WeeklyHtml, Language::Vi),
        Self::of(Piece::BulletinHtml, Language::Vi),
    ];

    /// The template of a piece in a language.
    pub const fn of(piece: Piece, language: Language) -> Self {
        Self { piece, language }
    }

    /// The languages whose letters it makes.
    pub fn languages(self) -> &'static [Language] {
        match (self.piece, self.language) {
            (Piece::Opening | Piece::Request, Language::Vi) => &[Language::Vi],
            (Piece::Opening | Piece::Request, Language::En) => &[Language::En],
            _ => &Language::ALL,
        }
    }

    /// The template of a file name, with or without its folder: `opening.txt`, `mail/opening.txt`.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix("mail/").unwrap_or(name);
        Self::ALL.into_iter().find(|template| template.file().strip_prefix("mail/") == Some(name))
    }

    /// Its file below the folder of templates.
    pub fn file(self) -> &'static str {
        match (self.piece, self.language) {
            (Piece::Style, _) => "mail/style.html",
            (Piece::Frame, _) => "mail/frame.html",
            (Piece::WeeklyText, _) => "mail/weekly.txt",
            (Piece::WeeklyHtml, _) => "mail/weekly.html",
            (Piece::BulletinHtml, _) => "mail/bulletin.html",
            (Piece::DigestText, _) => "mail/digest.txt",
            (Piece::DigestHtml, _) => "mail/digest.html",
            (Piece::Opening, Language::Vi) => "mail/opening.txt",
            (Piece::Request, Language::Vi) => "mail/request.txt",
            (Piece::Text, _) => "mail/letter.txt",
            (Piece::Html, _) => "mail/letter.html",
            (Piece::Opening, Language::En) => "mail/opening.en.txt",
            (Piece::Request, Language::En) => "mail/request.en.txt",
        }
    }

    /// What is used where no override exists, or it does not work.
    pub fn embedded(self) -> &'static str {
        match (self.piece, self.language) {
            (Piece::Style, _) => include_str!("../../../config/templates/mail/style.html"),
            (Piece::Frame, _) => include_str!("../../../config/templates/mail/frame.html"),
            (Piece::WeeklyText, _) => include_str!("../../../config/templates/mail/weekly.txt"),
            (Piece::WeeklyHtml, _) => include_str!("../../../config/templates/mail/weekly.html"),
            (Piece::BulletinHtml, _) => include_str!("../../../config/templates/mail/bulletin.html"),
            (Piece::DigestText, _) => include_str!("../../../config/templates/mail/digest.txt"),
            (Piece::DigestHtml, _) => include_str!("../../../config/templates/mail/digest.html"),
            (Piece::Opening, Language::Vi) => include_str!("../../../config/templates/mail/opening.txt"),
            (Piece::Request, Language::Vi) => include_str!("../../../config/templates/mail/request.txt"),
            (Piece::Text, _) => include_str!("../../../config/templates/mail/letter.txt"),
            (Piece::Html, _) => include_str!("../../../config/templates/mail/letter.html"),
            (Piece::Opening, Language::En) => include_str!("../../../config/templates/mail/opening.en.txt"),
            (Piece::Request, Language::En) => include_str!("../../../config/templates/mail/request.en.txt"),
        }
    }
}

/// A name that no letter has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// As it stands in the template.
    pub name: String,
    /// The names there are.
    pub known: Vec<String>,
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct TemplateFault {
    /// The file.
    pub file: PathBuf,
    /// Line in it, from 1, if known.
    pub line: Option<usize>,
    /// The octets of it that are wrong, if known.
    pub span: Option<Range<usize>>,
    /// The name that is unknown, if that is what is wrong.
    pub unknown: Option<Box<Unknown>>,
    /// What is wrong and what to do.
    pub message: String,
}

impl TemplateFault {
    pub(super) fn new(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, span: None, unknown: None, message: message.into() }
    }

    /// What the engine tells; of something undefined, its name.
    fn engine(file: &Path, source: &str, error: &minijinja::Error) -> Self {
        let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let span = error.range().filter(|span| !span.is_empty() && span.end <= source.len());
        let text = span.clone().and_then(|span| source.get(span));
        let unknown = text.filter(|_| error.kind() == ErrorKind::UndefinedError).and_then(last_name);
        Self {
            line: error.line(),
            span,
            unknown: unknown.map(|name| Box::new(Unknown { name, known: Vec::new() })),
            ..Self::new(file, format!("mẫu thư lỗi: {reason}"))
        }
    }
}

/// The last name of an expression: `nmae` of `task.nmae`.
fn last_name(expression: &str) -> Option<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let name = expression.split(|letter: char| !is_name(letter)).rfind(|name| !name.is_empty())?;
    Some(name.to_owned())
}

/// Compiled templates.
#[derive(Debug, Clone)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// The embedded ones.
    ///
    /// # Errors
    /// A fault in an embedded template; the tests render every sample with them.
    pub fn embedded() -> Result<Self, TemplateFault> {
        let mut templates = Self(environment());
        for template in Template::ALL {
            templates.replace(template, template.embedded().to_owned(), Path::new(template.file()))?;
        }
        Ok(templates)
    }

    /// Puts `source`, read from `file`, in the place of a template.
    ///
    /// # Errors
    /// Its first error of syntax; the template in place stays.
    pub fn replace(&mut self, template: Template, source: String, file: &Path) -> Result<(), TemplateFault> {
        let name = template.file();
        self.0
            .add_template_owned(name, source.clone())
            .map_err(|error| TemplateFault::engine(file, &source, &error))
    }

    /// The names a template uses that are not among `known` and that it does not make itself, each where it
    /// first stands.
    pub fn unknown(&self, template: Template, known: &BTreeSet<String>) -> Vec<TemplateFault> {
        let Ok(compiled) = self.0.get_template(template.file()) else { return Vec::new() };
        let globals: BTreeSet<_> = self.0.globals().map(|(name, _)| name.to_owned()).collect();
        let mut names: Vec<_> = compiled.undeclared_variables(false).into_iter().collect();
        names.retain(|name| !known.contains(name) && !globals.contains(name));
        names.sort();
        let source = compiled.source();
        let fault = |name: String| {
            let span = in_code(source, &name);
            let before = span.as_ref().and_then(|span| source.get(..span.start));
            TemplateFault {
                line: before.map(|before| before.matches('\n').count() + 1),
                span,
                unknown: Some(Box::new(Unknown {
                    name: name.clone(),
                    known: known.iter().cloned().collect(),
                })),
                ..TemplateFault::new(Path::new(template.file()), format!("không có mục `{name}`"))
            }
        };
        names.into_iter().map(fault).collect()
    }

    /// Renders one template.
    ///
    /// # Errors
    /// An undefined name, a type that does not fit, or too much work.
    pub fn render(&self, template: Template, view: &Value) -> Result<String, TemplateFault> {
        self.0
            .get_template(template.file())
            .and_then(|compiled| compiled.render(view.clone()))
            .map_err(|error| self.located(template, &error))
    }

    /// Where an error stands: in the template itself, or in one that it includes.
    fn located(&self, template: Template, error: &minijinja::Error) -> TemplateFault {
        let name = error.name().unwrap_or(template.file());
        let source = self.0.get_template(name).map(|compiled| compiled.source().to_owned());
        TemplateFault::engine(Path::new(name), &source.unwrap_or_default(), error)
    }

    /// A view as the engine wants it.
    pub fn value(view: &(impl serde::Serialize + ?Sized)) -> Value {
        Value::from(Serde(view))
    }
}

/// Where a name first stands as code, between `{{` or `{%` and its end.
fn in_code(source: &str, name: &str) -> Option<Range<usize>> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    source.match_indices(name).map(|(at, _)| at..at + name.len()).find(|span| {
        let before = source.get(..span.start).unwrap_or_default();
        let after = source.get(span.end..).unwrap_or_default();
        let alone = !before.ends_with(is_name) && !after.starts_with(is_name) && !before.ends_with('.');
        let open = before.rfind("{{").max(before.rfind("{%"));
        let close = before.rfind("}}").max(before.rfind("%}"));
        alone && open.is_some() && open > close
    })
}

/// Undefined names are errors: a misspelt field must not leave a gap in somebody's letter.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(write_value);
    environment
}

/// Escapes for HTML like the engine, but leaves `/` alone: links stay readable in the source of a
/// mail, and the guard can find them as they are.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    let text = match (state.auto_escape(), value.as_str()) {
        (AutoEscape::Html, Some(text)) if !value.is_safe() => text,
        _ => return escape_formatter(out, state, value),
    };
    let mut rest = text;
    while let Some((at, entity)) = rest.bytes().enumerate().find_map(|(at, byte)| Some((at, entity(byte)?))) {
        let (clear, after) = rest.split_at(at);
        out.write_str(clear)?;
        out.write_str(entity)?;
        rest = after.get(1..).unwrap_or_default();
    }
    Ok(out.write_str(rest)?)
}

/// How a byte is written in HTML, where it cannot stand as it is. All of them are ASCII, so a cut there is
/// never inside a letter.
fn entity(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    }
}
