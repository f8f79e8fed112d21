//! Between the office's files and their [`Edition`]: texts read from the folders become one, and one
//! that was kept becomes texts again, to be checked as if they stood in the folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostic::Findings;
use super::file::SourceFile;
use super::folder::Folder;
use super::office::Texts;
use super::settings::Files;
use crate::domain::edition::{Edition, EditionFile};

/// Where files stand in an edition, whatever folders the settings name.
const RULES: &str = "rules.d";
const UNITS: &str = "units.toml";
const CALENDAR: &str = "calendar";
const TEMPLATES: &str = "templates";
/// The one folder below that of the templates.
const MAIL: &str = "mail";

/// The templates of mails that the office wrote, if any; what editors leave behind is not read.
pub(super) fn templates(files: &Files, shown: &str, findings: &Findings) -> Vec<Arc<SourceFile>> {
    let folder = files.templates.join(MAIL);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| is_template(path));
    paths.sort();
    let read = |path: &PathBuf| {
        let shown = format!("{shown}/{MAIL}/{}", name(&path.to_string_lossy()));
        SourceFile::read(path, &shown).map_err(|finding| findings.add(finding)).ok()
    };
    paths.iter().filter_map(read).collect()
}

fn is_template(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension == "txt" || extension == "html")
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Texts {
    /// All of it under one name.
    pub fn edition(&self) -> Edition {
        let below = |folder: &str, files: &[Arc<SourceFile>]| {
            let at = |file: &Arc<SourceFile>| EditionFile {
                path: format!("{folder}/{}", name(&file.path)),
                text: file.text.clone(),
            };
            files.iter().map(at).collect::<Vec<_>>()
        };
        let mut files = below(RULES, &self.rules.files);
        files.extend(
            self.units.as_ref().map(|file| EditionFile { path: UNITS.to_owned(), text: file.text.clone() }),
        );
        files.extend(below(CALENDAR, &self.calendar));
        files.extend(below(&format!("{TEMPLATES}/{MAIL}"), &self.templates));
        Edition::new(files)
    }

    /// The texts that an edition kept.
    pub fn of(edition: &Edition) -> Self {
        let below = |folder: &str| {
            let of = edition.files().iter().filter(|file| is_below(&file.path, folder));
            of.map(|file| SourceFile::new(file.path.as_str(), file.text.as_str())).collect::<Vec<_>>()
        };
        Self {
            rules: Folder { files: below(RULES), whole: true },
            units: edition.text(UNITS).map(|text| SourceFile::new(UNITS, text)),
            calendar: below(CALENDAR),
            templates: below(TEMPLATES),
            folders: [RULES.to_owned(), CALENDAR.to_owned()],
        }
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The office's own template of this name (`mail/opening.txt`), if an edition holds one.
pub fn template<'a>(edition: &'a Edition, name: &str) -> Option<&'a str> {
    edition.text(&format!("{TEMPLATES}/{name}"))
}

/// Where a file of an edition stands on the disk of an office with these folders; `None` for a path no
/// edition of ours holds, so that none can lead out of them.
pub fn place(files: &Files, path: &str) -> Option<PathBuf> {
    let plain = |name: &str| !name.is_empty() && !name.contains('/') && !name.starts_with('.');
    match path.split_once('/') {
        None if path == UNITS => Some(files.units.clone()),
        Some((RULES, name)) if plain(name) => Some(files.rules.join(name)),
        Some((CALENDAR, name)) if plain(name) => Some(files.calendar.join(name)),
        Some((TEMPLATES, rest)) => {
            let name = rest.strip_prefix(MAIL)?.strip_prefix('/')?;
            plain(name).then(|| files.templates.join(MAIL).join(name))
        }
        _ => None,
    }
}

/// Every file that an edition of this office would be read from, and every folder they may appear in:
/// what to look at for changes.
pub fn watched(files: &Files) -> [PathBuf; 4] {
    [files.rules.clone(), files.units.clone(), files.calendar.clone(), files.templates.join(MAIL)]
}

/// Whether a file of a watched folder is read at all; what editors leave behind is not.
pub fn is_read(path: &Path) -> bool {
    super::folder::is_ours(path) || is_template(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_the_way_there_and_back() {
        let file = |path: &str, text: &str| EditionFile { path: path.to_owned(), text: text.to_owned() };
        let edition = Edition::new(vec![
            file("rules.d/10-a.toml", "a"),
            file("units.toml", "u"),
            file("calendar/2026.toml", "2026"),
            file("templates/mail/opening.txt", "Kính gửi"),
        ]);
        assert_eq!(Texts::of(&edition).edition(), edition);
        assert_eq!(template(&edition, "mail/opening.txt"), Some("Kính gửi"));
        assert_eq!(template(&edition, "mail/letter.txt"), None);
    }

    #[test]
    fn no_path_leads_out_of_the_folders() {
        let files = Files::default().below(Path::new("/etc/vanthu"));
        let at = |path| place(&files, path).map(|path| path.display().to_string());
        assert_eq!(at("units.toml").as_deref(), Some("/etc/vanthu/units.toml"));
        assert_eq!(at("rules.d/10.toml").as_deref(), Some("/etc/vanthu/rules.d/10.toml"));
        assert_eq!(at("templates/mail/a.txt").as_deref(), Some("/etc/vanthu/templates/mail/a.txt"));
        for path in ["rules.d/../x", "rules.d/", "rules.d/.x", "/etc/passwd", "templates/x", "x.toml"] {
            assert_eq!(at(path), None, "{path}");
        }
    }
}
