//! Folders of TOML files, read in lexical order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostic::Findings;
use super::file::{MOST, SourceFile, too_large, unreadable};

/// What a folder holds.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its files, by name.
    pub files: Vec<Arc<SourceFile>>,
    /// Every one of them could be read.
    pub whole: bool,
}

/// The `*.toml` files of a folder, by name. What editors leave behind (`a.toml~`, `.a.toml.swp`,
/// `a.tmp`) and hidden files are not read. A file that cannot be read is a finding, and so is an
/// unreadable folder, or one whose files together are larger than [`MOST`]; `shown` names the folder in
/// findings.
pub fn read(folder: &Path, shown: &str, findings: &Findings) -> Folder {
    let paths = match list(folder) {
        Ok(paths) => paths,
        Err(error) => {
            findings.add(unreadable(shown, &error));
            return Folder { files: Vec::new(), whole: false };
        }
    };
    let size: u64 = paths.iter().filter_map(|path| path.metadata().ok()).map(|about| about.len()).sum();
    let single = paths.len() == 1;
    if size > MOST && !single {
        findings.add(too_large(shown, MOST));
        return Folder { files: Vec::new(), whole: false };
    }
    let count = paths.len();
    let file = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let read = SourceFile::read(&path, &format!("{shown}/{name}"));
        read.map_err(|finding| findings.add(finding)).ok()
    };
    let files: Vec<_> = paths.into_iter().filter_map(file).collect();
    Folder { whole: files.len() == count, files }
}

/// The paths that [`read`] reads.
///
/// # Errors
/// An unreadable folder.
pub fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if is_ours(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a file is read: TOML, and neither hidden nor left behind by an editor.
pub(super) fn is_ours(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension == "toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finished_toml_files_are_read() {
        let cases = [
            ("10-chung.toml", true),
            ("10-chung.toml~", false),
            (".10-chung.toml.swp", false),
            (".hidden.toml", false),
            ("10-chung.tmp", false),
            ("10-chung.toml.tmp", false),
            ("README", false),
        ];
        for (name, ours) in cases {
            assert_eq!(is_ours(Path::new(name)), ours, "{name}");
        }
    }
}
