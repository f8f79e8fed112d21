//! Findings about people's files: a stable code, one sentence, the place, and what to do. All findings
//! of a run are gathered and shown together; [`render`](Report::render) draws them as rustc does.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::code::{Code, Severity};
use super::file::Place;
use super::settings::Language;

/// A piece of a sentence: the same in every language, or one text for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A name, a number, something quoted.
    Plain(String),
    /// Said differently.
    Both {
        /// Tiếng Việt.
        vi: String,
        /// English.
        en: String,
    },
}

impl Word {
    /// The text in a language.
    pub fn text(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Plain(text), _) | (Self::Both { vi: text, .. }, Language::Vi) => text,
            (Self::Both { en, .. }, Language::En) => en,
        }
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl<V: Into<String>, E: Into<String>> From<(V, E)> for Word {
    fn from((vi, en): (V, E)) -> Self {
        Self::Both { vi: vi.into(), en: en.into() }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding; gives severity and texts.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// What `{0}`, `{1}` … stand for in the texts of the code.
    pub words: Vec<Word>,
    /// Other places that belong to it, each with what it is.
    pub related: Vec<(Place, Word)>,
    /// What the writer may have meant, best first.
    pub similar: Vec<String>,
}

impl Diagnostic {
    /// A finding of a kind at a place.
    pub fn new(code: Code, place: Place) -> Self {
        Self { code, place, words: Vec::new(), related: Vec::new(), similar: Vec::new() }
    }

    /// Adds the next word of the texts.
    #[must_use]
    pub fn with(mut self, word: impl Into<Word>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn and_at(mut self, place: &Place, label: impl Into<Word>) -> Self {
        self.related.push((place.clone(), label.into()));
        self
    }

    /// Adds what the writer may have meant.
    #[must_use]
    pub fn or_rather(mut self, similar: Vec<String>) -> Self {
        self.similar = similar;
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// What happened, one sentence.
    pub fn title(&self, language: Language) -> String {
        self.fill(self.code.words(language).title, language)
    }

    /// What stands at the place; empty where the title says it all.
    pub fn label(&self, language: Language) -> String {
        self.fill(self.code.words(language).label, language)
    }

    /// What to do; empty where that is plain.
    pub fn help(&self, language: Language) -> String {
        self.fill(self.code.words(language).help, language)
    }

    /// "có phải ý bạn là …", where something similar is known.
    pub fn did_you_mean(&self, language: Language) -> Option<String> {
        let names = self.similar.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let (last, first) = names.split_last()?;
        let (open, or) = match language {
            Language::Vi => ("có phải ý bạn là ", " hay "),
            Language::En => ("did you mean ", " or "),
        };
        let list = if first.is_empty() { last.clone() } else { first.join(", ") + or + last };
        Some(format!("{open}{list}?"))
    }

    fn fill(&self, pattern: &str, language: Language) -> String {
        let mut text = pattern.to_owned();
        for (number, word) in self.words.iter().enumerate() {
            text = text.replace(&format!("{{{number}}}"), word.text(language));
        }
        text
    }

    fn group(&self, language: Language) -> Group<'_> {
        let level = match (self.severity(), language) {
            (Severity::Error, Language::Vi) => Level::ERROR.with_name("lỗi"),
            (Severity::Error, Language::En) => Level::ERROR,
            (Severity::Warning, Language::Vi) => Level::WARNING.with_name("cảnh báo"),
            (Severity::Warning, Language::En) => Level::WARNING,
        };
        let mut group =
            level.primary_title(self.title(language)).id(self.code.id()).elements(Vec::<Origin<'_>>::new());
        group = self.at_places(group, language);
        let help = match language {
            Language::Vi => Level::HELP.with_name("gợi ý"),
            Language::En => Level::HELP,
        };
        let advice = self.did_you_mean(language).into_iter().chain([self.help(language)]);
        for text in advice.filter(|text| !text.is_empty()) {
            group = group.element(help.clone().message(text));
        }
        group
    }

    /// Draws the lines; related places in the same file share its snippet.
    fn at_places<'a>(&'a self, mut group: Group<'a>, language: Language) -> Group<'a> {
        let Place::Text { file, span } = &self.place else {
            return group.element(Origin::path(self.place.to_string()));
        };
        let label = self.label(language);
        let primary = AnnotationKind::Primary.span(span.clone());
        let primary = if label.is_empty() { primary } else { primary.label(label) };
        let mut snippet = Snippet::source(file.text.as_str()).path(file.path.as_str()).annotation(primary);
        let mut elsewhere = Vec::new();
        for (place, word) in &self.related {
            match place {
                Place::Text { file: other, span } if other == file => {
                    let context = AnnotationKind::Context.span(span.clone());
                    snippet = snippet.annotation(context.label(Cow::from(word.text(language))));
                }
                Place::Text { file: other, span } => {
                    let context = AnnotationKind::Context.span(span.clone());
                    let context = context.label(Cow::from(word.text(language)));
                    let other = Snippet::source(other.text.as_str()).path(other.path.as_str());
                    elsewhere.push(other.annotation(context));
                }
                Place::Variable(_) | Place::Path(_) => {}
            }
        }
        group = group.element(snippet);
        elsewhere.into_iter().fold(group, Group::element)
    }

    /// As one JSON object: `code`, `severity`, `title`, `label`, `help`, `similar`, and `file`, `line`,
    /// `column` (from 1, in characters) or `variable`.
    pub fn to_json(&self, language: Language) -> Value {
        let mut object = json!({
            "code": self.code.id(),
            "severity": self.severity().as_str(),
            "title": self.title(language),
            "label": self.label(language),
            "help": self.help(language),
            "similar": self.similar,
        });
        let place = match &self.place {
            Place::Text { file, span } => {
                let (line, column) = file.line_column(span.start);
                let (end_line, end_column) = file.line_column(span.end);
                json!({ "file": file.path, "line": line, "column": column,
                    "end_line": end_line, "end_column": end_column })
            }
            Place::Variable(name) => json!({ "variable": name }),
            Place::Path(path) => json!({ "file": path }),
        };
        if let (Some(object), Value::Object(place)) = (object.as_object_mut(), place) {
            object.extend(place);
        }
        object
    }
}

/// Gathers findings while files are read; shared, so that nested readers can all add to it.
#[derive(Debug, Default)]
pub struct Findings(RefCell<Vec<Diagnostic>>);

impl Findings {
    /// Adds one.
    pub fn add(&self, finding: Diagnostic) {
        self.0.borrow_mut().push(finding);
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.0.borrow().iter().any(|finding| finding.severity() == Severity::Error)
    }

    /// All of them, by file and position.
    pub fn into_report(self) -> Report {
        let mut diagnostics = self.0.into_inner();
        diagnostics.sort_by(|left, right| left.place.sort_key().cmp(&right.place.sort_key()));
        Report { diagnostics }
    }
}

/// All findings of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By file and position.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// How many errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity() == Severity::Error).count()
    }

    /// How many warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }

    /// Adds the findings of another run.
    pub fn extend(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// The text people read: every finding with its lines and carets, then one line that counts them.
    /// Empty if nothing was found. `colour` writes ANSI colours.
    pub fn render(&self, language: Language, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for finding in &self.diagnostics {
            text.push_str(&renderer.render(&[finding.group(language)]));
            text.push_str("\n\n");
        }
        if !self.diagnostics.is_empty() {
            text.push_str(&self.summary(language));
            text.push('\n');
        }
        text
    }

    /// `2 lỗi, 1 cảnh báo`
    pub fn summary(&self, language: Language) -> String {
        let (errors, warnings) = (self.errors(), self.warnings());
        match language {
            Language::Vi => format!("{errors} lỗi, {warnings} cảnh báo"),
            Language::En => {
                let plural = |count: usize| if count == 1 { "" } else { "s" };
                format!("{errors} error{}, {warnings} warning{}", plural(errors), plural(warnings))
            }
        }
    }

    /// As a JSON list, see [`Diagnostic::to_json`].
    pub fn to_json(&self, language: Language) -> Value {
        Value::Array(self.diagnostics.iter().map(|finding| finding.to_json(language)).collect())
    }
}

/// In Vietnamese, without colours.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Language::Vi, false))
    }
}

impl std::error::Error for Report {}
