//! The office's files on the disk: read and checked as a whole, looked at for changes, and whose they are.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uzers::get_user_by_uid;

use super::wiring;
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::{Place, SourceFile};
use crate::config::office::Texts;
use crate::config::settings::{Language, Settings};
use crate::config::suggest::similar_words;
use crate::config::{self, Office, Report, edition, rules_test};
use crate::domain::edition::Edition;
use crate::render::mail::{LetterRenderer, Template, TemplateFault};

/// Where the files are, and how findings about them are told.
#[derive(Debug, Clone)]
pub struct Files {
    settings: Arc<Settings>,
    root: PathBuf,
    language: Language,
}

/// How the files looked at one time, without reading them. Unlike a modification time alone, the time of
/// the last change of an inode cannot be set back by `cp -p` or an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look(BTreeMap<PathBuf, Seen>);

/// What tells a changed file: inode, length, times of modification and change in nanoseconds.
type Seen = (u64, u64, (i64, i64), (i64, i64));

impl Files {
    /// The files that `settings` name; `root` is the folder of `vanthu.toml`, findings name files
    /// relative to it.
    pub fn new(settings: Settings, root: PathBuf, language: Language) -> Self {
        Self { settings: Arc::new(settings), root, language }
    }

    /// The settings they belong to.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads everything anew, runs the tests beside the rules and tries the templates.
    ///
    /// # Errors
    /// Everything found, if an error is among it.
    pub fn read(&self) -> Result<Office, Report> {
        let (office, warnings) = config::load_office(&self.settings, &self.root)?;
        self.examined(office, warnings)
    }

    /// The office as a kept edition describes it, checked like files on the disk.
    ///
    /// # Errors
    /// Everything found; a later version of this program may refuse what an earlier one took.
    pub fn restore(&self, edition: &Edition) -> Result<Office, Report> {
        let (office, warnings) = config::restore_office(&self.settings, edition)?;
        self.examined(office, warnings)
    }

    fn examined(&self, office: Office, warnings: Report) -> Result<Office, Report> {
        let faults = examine(&self.settings, &office);
        if faults.errors() > 0 {
            return Err(faults);
        }
        if warnings.warnings() > 0 {
            let summary = warnings.summary(self.language);
            tracing::warn!(%summary, "tệp cấu hình có điều nên xem; chạy `vanthu check`");
        }
        Ok(office)
    }

    /// Findings as people read them.
    pub fn tell(&self, report: &Report) -> String {
        report.render(self.language, false)
    }

    /// The texts as they stand, broken or not; files that cannot be read are left out.
    pub fn texts(&self) -> Edition {
        Texts::read(&self.settings.files, &self.root, &Findings::default()).edition()
    }

    /// How the files look now. What cannot be looked at is as good as absent: reading tells why.
    ///
    /// # Errors
    /// No file handle is left, which says nothing about the files.
    pub fn look(&self) -> io::Result<Look> {
        let mut seen = BTreeMap::new();
        for place in edition::watched(&self.settings.files) {
            let listed = std::fs::read_dir(&place).map(|entries| entries.flatten().map(|entry| entry.path()));
            let paths: Vec<_> = match listed {
                Ok(paths) => paths.filter(|path| edition::is_read(path)).collect(),
                Err(error) if is_short_of_handles(&error) => return Err(error),
                Err(_) => vec![place],
            };
            seen.extend(paths.into_iter().filter_map(|path| {
                let looks = looks(&std::fs::metadata(&path).ok()?);
                Some((path, looks))
            }));
        }
        Ok(Look(seen))
    }

    /// Who owns the file that changed last, by name; `None` where there is no file.
    pub fn owner(&self) -> Option<String> {
        let look = self.look().ok()?;
        let newest = look.0.iter().max_by_key(|(_, (_, _, modified, changed))| modified.max(changed))?.0;
        let uid = std::fs::metadata(newest).ok()?.uid();
        let user = get_user_by_uid(uid);
        Some(user.map_or_else(|| uid.to_string(), |user| user.name().to_string_lossy().into_owned()))
    }
}

/// Whether this process, or the machine, has as many files open as it may.
fn is_short_of_handles(error: &io::Error) -> bool {
    let own = rustix::io::Errno::MFILE.raw_os_error();
    error.raw_os_error().is_some_and(|code| [own, rustix::io::Errno::NFILE.raw_os_error()].contains(&code))
}

fn looks(file: &Metadata) -> Seen {
    (file.ino(), file.len(), (file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec()))
}

/// What can be wrong with files that were read without an error: tests beside the rules that fail,
/// templates that cannot be used.
pub fn examine(settings: &Settings, office: &Office) -> Report {
    let mut report = rules_test::report(&rules_test::run(office));
    report.extend(templates(settings, office));
    report
}

/// The templates of the office's own that cannot be used.
pub fn templates(settings: &Settings, office: &Office) -> Report {
    let mut report = Report::default();
    let options = wiring::letters(settings, office);
    let own = |name: &str| options.templates.get(name).cloned();
    let faults = LetterRenderer::with_overrides(options.office.clone(), &own).map(|(_, faults)| faults);
    let faults = faults.unwrap_or_default();
    report.diagnostics.extend(faults.iter().map(|fault| template(office, fault)));
    report.diagnostics.extend(office.edition.files().iter().filter_map(|file| stray(&file.path)));
    report
}

/// A file among the templates that no mail uses: its name is a slip.
fn stray(path: &str) -> Option<Diagnostic> {
    let name = path.strip_prefix("templates/mail/").filter(|name| Template::named(name).is_none())?;
    let known = Template::ALL.map(|template| template.file().trim_start_matches("mail/"));
    let finding = Diagnostic::new(Code::StrayTemplate, Place::Path(path.to_owned()));
    Some(finding.with(name).with(known.join(", ")).or_rather(similar_words(name, known)))
}

/// A fault of a template at its file, line and column.
fn template(office: &Office, fault: &TemplateFault) -> Diagnostic {
    let name = fault.file.to_string_lossy();
    let shown = format!("templates/{name}");
    let place = match edition::template(&office.edition, &name) {
        Some(text) => match fault.span.clone().or_else(|| line_of(text, fault.line?)) {
            Some(span) => Place::text(&SourceFile::new(shown, text), span),
            None => Place::Path(shown),
        },
        None => Place::Path(shown),
    };
    match &fault.unknown {
        Some(unknown) => {
            let similar = similar_words(&unknown.name, unknown.known.iter().map(String::as_str));
            Diagnostic::new(Code::UnknownField, place).with(unknown.name.as_str()).or_rather(similar)
        }
        None => Diagnostic::new(Code::BadTemplate, place).with(fault.message.as_str()),
    }
}

/// The octets of a line, counted from 1.
fn line_of(text: &str, line: usize) -> Option<Range<usize>> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text.get(start..)?.lines().next().map_or(0, str::len);
    Some(start..start + length)
}

/// The folder of the main file, given the file or its folder.
pub fn root(config: &Path) -> PathBuf {
    match config.parent() {
        Some(folder) if !config.is_dir() => folder.to_owned(),
        _ => config.to_owned(),
    }
}
