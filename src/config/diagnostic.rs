//! Findings about people's files: a stable code, one sentence, the place, and what to do. All findings
//! of a run are gathered and shown together; [`render`](Report::render) draws them as rustc does.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::code::{Code, Phase, Severity};
use super::file::{Place, SourceFile};
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
    pub similar: Box<[String]>,
    /// The reason written beside it, where somebody has looked at a warning and allows it.
    pub allowed: Option<Box<str>>,
}

/// Lines between two places beyond which each is drawn by itself.
const APART: usize = 100;
/// Findings kept of one severity in one file: a broken million-line file must not fill the memory.
const MOST: usize = 500;
/// Names compared in one run before suggestions end: well under a second of work.
const COMPARED: usize = 50_000;

impl Diagnostic {
    /// A finding of a kind at a place.
    pub fn new(code: Code, place: Place) -> Self {
        Self { code, place, words: Vec::new(), related: Vec::new(), similar: Box::default(), allowed: None }
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
        self.similar = similar.into_boxed_slice();
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

    /// Draws the lines; related places near by in the same file share its snippet. Only the lines that
    /// matter are handed to the renderer, so that a finding costs what it shows.
    fn at_places<'a>(&'a self, group: Group<'a>, language: Language) -> Group<'a> {
        let Place::Text { file, span } = &self.place else {
            return group.element(Origin::path(self.place.to_string()));
        };
        let mut here = vec![(AnnotationKind::Primary, span, Cow::from(self.label(language)))];
        let mut elsewhere = Vec::new();
        for (place, word) in &self.related {
            let Place::Text { file: other, span: there } = place else { continue };
            let mark = (AnnotationKind::Context, there, Cow::from(word.text(language)));
            let lines = |span: &Range<usize>| file.line_start(span.start).0;
            if other == file && lines(span).abs_diff(lines(there)) <= APART {
                here.push(mark);
            } else {
                elsewhere.push(draw(other, vec![mark]));
            }
        }
        let group = group.element(draw(file, here));
        elsewhere.into_iter().fold(group, Group::element)
    }

    /// As one JSON object: `code`, `severity`, `phase`, `message`, `label`, `help`, `similar`, `allowed`
    /// (the reason, or null), `related`, and where: `file`, `line`, `column` and `end_line`, `end_column`
    /// (from 1, in code points), `utf16_column`, `utf16_end_column` (from 1, as most editors count),
    /// `byte`, `end_byte` (from 0); or `variable`.
    pub fn to_json(&self, language: Language) -> Value {
        let mut object = json!({
            "code": self.code.id(),
            "severity": self.severity().as_str(),
            "phase": self.code.phase().as_str(),
            "message": self.title(language),
            "label": self.label(language),
            "help": self.help(language),
            "similar": self.similar,
            "allowed": self.allowed,
        });
        let related = self.related.iter().map(|(place, word)| {
            let mut object = place_json(place);
            object["label"] = json!(word.text(language));
            object
        });
        object["related"] = related.collect();
        if let (Some(object), Value::Object(place)) = (object.as_object_mut(), place_json(&self.place)) {
            object.extend(place);
        }
        object
    }
}

fn place_json(place: &Place) -> Value {
    match place {
        Place::Text { file, span } => {
            let (line, column) = file.line_column(span.start);
            let (end_line, end_column) = file.line_column(span.end);
            json!({ "file": file.path, "line": line, "column": column,
                "end_line": end_line, "end_column": end_column,
                "utf16_column": file.utf16_column(span.start), "utf16_end_column": file.utf16_column(span.end),
                "byte": span.start, "end_byte": span.end })
        }
        Place::Variable(name) => json!({ "variable": name }),
        Place::Path(path) => json!({ "file": path }),
    }
}

/// The lines of a file around some marks.
fn draw<'a>(
    file: &'a SourceFile,
    marks: Vec<(AnnotationKind, &'a Range<usize>, Cow<'a, str>)>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let first = marks.iter().map(|(_, span, _)| span.start).min().unwrap_or_default();
    let last = marks.iter().map(|(_, span, _)| span.end).max().unwrap_or_default();
    let (line, start) = file.line_start(first);
    let rest = file.text.get(last..).unwrap_or_default();
    let end = last + rest.find('\n').unwrap_or(rest.len());
    let shown = file.text.get(start..end).unwrap_or_default().trim_end_matches('\r');
    let snippet = Snippet::source(shown).line_start(line).path(file.path.as_str());
    marks.into_iter().fold(snippet, |snippet, (kind, span, label)| {
        let mark = kind.span(span.start - start..span.end - start);
        snippet.annotation(if label.is_empty() { mark } else { mark.label(label) })
    })
}

/// Gathers findings while files are read; shared, so that nested readers can all add to it.
#[derive(Debug, Default)]
pub struct Findings {
    kept: RefCell<Vec<Diagnostic>>,
    /// How many of each file and severity, kept or not.
    counts: RefCell<BTreeMap<(String, Severity), usize>>,
    /// Names compared so far to find what somebody may have meant.
    compared: Cell<usize>,
}

impl Findings {
    /// Adds one; beyond the first 500 of a severity in a file they are only counted.
    pub fn add(&self, finding: Diagnostic) {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry((finding.place.file().to_owned(), finding.severity())).or_default();
        *count += 1;
        if *count <= MOST {
            self.kept.borrow_mut().push(finding);
        }
    }

    /// Whether `names` more may be compared to find what somebody meant: of a hundred thousand slips
    /// among a hundred thousand names, the first get their suggestion and the rest do without.
    pub fn afford(&self, names: usize) -> bool {
        let before = self.compared.get();
        self.compared.set(before.saturating_add(names));
        before <= COMPARED
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.counts.borrow().keys().any(|(_, severity)| *severity == Severity::Error)
    }

    /// All of them, by file and position.
    pub fn into_report(self) -> Report {
        let mut report = Report { diagnostics: self.kept.into_inner() };
        let over = |((file, _), count): ((String, Severity), usize)| {
            let more = count.checked_sub(MOST).filter(|more| *more > 0)?;
            Some(Diagnostic::new(Code::TooMany, Place::Path(file.clone())).with(more.to_string()).with(file))
        };
        report.diagnostics.extend(self.counts.into_inner().into_iter().filter_map(over));
        report.sort();
        report
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

    /// How many warnings that nobody has allowed.
    pub fn warnings(&self) -> usize {
        self.shown().count() - self.errors()
    }

    /// What people are shown: all but what is allowed.
    pub fn shown(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|finding| finding.allowed.is_none())
    }

    /// How many errors and warnings were found in a phase.
    pub fn of(&self, phase: Phase) -> (usize, usize) {
        let found = self.shown().filter(|finding| finding.code.phase() == phase);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            found.partition(|finding| finding.severity() == Severity::Error);
        (errors.len(), warnings.len())
    }

    /// Adds the findings of another run.
    pub fn extend(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
        self.sort();
    }

    fn sort(&mut self) {
        self.diagnostics.sort_by(|left, right| left.place.sort_key().cmp(&right.place.sort_key()));
    }

    /// The text people read: every finding with its lines and carets, then one line that counts them.
    /// Empty if nothing was found. `colour` writes ANSI colours.
    pub fn render(&self, language: Language, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for finding in self.shown() {
            text.push_str(&renderer.render(&[finding.group(language)]));
            text.push_str("\n\n");
        }
        if self.shown().next().is_some() {
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
