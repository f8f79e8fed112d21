//! The four templates of a letter: embedded, compiled once, overridable from a folder.

use std::path::{Path, PathBuf};

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, escape_formatter};

use super::view::View;

/// Instructions a template may run, about a hundred times what the longest letter needs: an endless
/// loop in an override ends as an error within milliseconds.
const FUEL: u64 = 2_000_000;

/// One of the templates, in the order in which a letter needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// The first sentence.
    Opening,
    /// The paragraph that asks.
    Request,
    /// The text part.
    Text,
    /// The HTML part.
    Html,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Opening, Self::Request, Self::Text, Self::Html];

    /// Its file below the folder of templates.
    pub fn file(self) -> &'static str {
        match self {
            Self::Opening => "mail/opening.txt",
            Self::Request => "mail/request.txt",
            Self::Text => "mail/letter.txt",
            Self::Html => "mail/letter.html",
        }
    }

    /// What is used where no override exists, or it does not work.
    pub fn embedded(self) -> &'static str {
        match self {
            Self::Opening => include_str!("../../../config/templates/mail/opening.txt"),
            Self::Request => include_str!("../../../config/templates/mail/request.txt"),
            Self::Text => include_str!("../../../config/templates/mail/letter.txt"),
            Self::Html => include_str!("../../../config/templates/mail/letter.html"),
        }
    }
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct TemplateFault {
    /// The file.
    pub file: PathBuf,
    /// Line in it, from 1, if known.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl TemplateFault {
    pub(super) fn new(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, message: message.into() }
    }

    fn engine(file: &Path, error: &minijinja::Error) -> Self {
        let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self { file: file.to_owned(), line: error.line(), message: format!("mẫu thư lỗi: {reason}") }
    }
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
        self.0
            .add_template_owned(template.file(), source)
            .map_err(|error| TemplateFault::engine(file, &error))
    }

    /// Renders one template.
    ///
    /// # Errors
    /// An undefined name, a type that does not fit, or too much work.
    pub fn render(&self, template: Template, view: &Value) -> Result<String, TemplateFault> {
        self.0
            .get_template(template.file())
            .and_then(|compiled| compiled.render(view.clone()))
            .map_err(|error| TemplateFault::engine(Path::new(template.file()), &error))
    }

    /// A view as the engine wants it.
    pub fn value(view: &View<'_>) -> Value {
        Value::from(Serde(view))
    }
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
