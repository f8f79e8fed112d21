//! Archiving a file: the file and its outcome go to their last place, in steps such that a stop between any
//! two of them leaves either the file where it is read again, or an outcome that says where to go on.

use std::fs;
use std::io;
use std::path::PathBuf;

use chrono::{Datelike as _, NaiveDate};

use super::moving::{free_name, rename_new, write_new};
use super::tray::{Tray, is_free, real_folder};

/// What an outcome's name ends with in its last place.
const OUTCOME: &str = ".ket-qua.txt";
/// What stands between a file's name and the shelf in the name of an outcome on its way.
const ON_ITS_WAY: &str = ".ket-qua";

/// Where a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// It is in the register.
    Done,
    /// It could not be read.
    Refused,
    /// Some or all of it may be secret.
    Withheld,
}

impl Shelf {
    const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Withheld];

    /// Name of the subfolder.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withheld => "withheld",
        }
    }
}

/// One step; each is whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Move { from: PathBuf, to: PathBuf },
    Write { to: PathBuf, text: String },
}

impl Step {
    fn take(&self) -> io::Result<()> {
        match self {
            Self::Move { from, to } => rename_new(from, to),
            Self::Write { to, text } => write_new(to, text),
        }
    }
}

/// A file on its way to its last place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Archive<'a> {
    pub tray: &'a Tray,
    /// The shelf.
    pub shelf: Shelf,
    /// The day it is put there, in the office's zone.
    pub day: NaiveDate,
}

impl Archive<'_> {
    /// Puts a claimed file away with what staff are told; where it lies then, below the folder. `tell` is
    /// given that place.
    ///
    /// # Errors
    /// The disk's; the file is then read again, or put away by the next [`finish`].
    pub(super) fn put(&self, name: &str, tell: impl FnOnce(&str) -> String) -> io::Result<String> {
        let folder = self.folder();
        make_folders(&folder, &self.tray.root)?;
        let last = self.last_name(name);
        let shown = folder.join(&last).strip_prefix(&self.tray.root).map(|path| path.display().to_string());
        let shown = shown.unwrap_or_else(|_| last.clone());
        self.steps(name, &last, tell(&shown)).iter().try_for_each(Step::take)?;
        Ok(shown)
    }

    fn folder(&self) -> PathBuf {
        let folder = self.tray.root.join(self.shelf.folder());
        match self.shelf {
            Shelf::Done => {
                folder.join(format!("{:04}", self.day.year())).join(format!("{:02}", self.day.month()))
            }
            Shelf::Refused | Shelf::Withheld => folder,
        }
    }

    /// A name under which neither the file nor its outcome meets anything, there or on the way.
    fn last_name(&self, name: &str) -> String {
        let (folder, working) = (self.folder(), self.tray.working());
        free_name(name, |candidate| {
            let here = candidate == name || is_free(&working, candidate);
            here && is_free(&working, &self.outcome_on_its_way(candidate))
                && is_free(&folder, candidate)
                && is_free(&folder, &format!("{candidate}{OUTCOME}"))
        })
    }

    fn outcome_on_its_way(&self, last: &str) -> String {
        format!("{last}{ON_ITS_WAY}.{}.{}.txt", self.shelf.folder(), self.day.format("%Y-%m"))
    }

    fn steps(&self, name: &str, last: &str, text: String) -> Vec<Step> {
        let (folder, working) = (self.folder(), self.tray.working());
        let outcome = working.join(self.outcome_on_its_way(last));
        let mut steps = Vec::with_capacity(4);
        if name != last {
            steps.push(Step::Move { from: working.join(name), to: working.join(last) });
        }
        steps.push(Step::Write { to: outcome.clone(), text });
        steps.push(Step::Move { from: working.join(last), to: folder.join(last) });
        steps.push(Step::Move { from: outcome, to: folder.join(format!("{last}{OUTCOME}")) });
        steps
    }
}

/// Goes on with what a stop left half done: an outcome among the claimed files says that all of its file is
/// in the register, and where both go.
///
/// # Errors
/// The disk's.
pub(super) fn finish(tray: &Tray) -> io::Result<()> {
    for entry in fs::read_dir(tray.working())? {
        let Ok(name) = entry?.file_name().into_string() else { continue };
        if let Some((last, shelf, day)) = parsed(&name) {
            go_on(&Archive { tray, shelf, day }, &last)?;
        }
    }
    Ok(())
}

fn go_on(archive: &Archive<'_>, last: &str) -> io::Result<()> {
    let folder = archive.folder();
    make_folders(&folder, &archive.tray.root)?;
    let outcome = archive.tray.working().join(archive.outcome_on_its_way(last));
    match rename_new(&archive.tray.working().join(last), &folder.join(last)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // Somebody put a file of that name there. The file is read again, which adds nothing to the register,
        // and gets another name.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return fs::remove_file(outcome),
        moved => moved?,
    }
    match rename_new(&outcome, &folder.join(format!("{last}{OUTCOME}"))) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(outcome),
        moved => moved,
    }
}

/// The file, shelf and month that the name of an outcome on its way tells.
fn parsed(name: &str) -> Option<(String, Shelf, NaiveDate)> {
    let (rest, month) = name.strip_suffix(".txt")?.rsplit_once('.')?;
    let (rest, folder) = rest.rsplit_once('.')?;
    let last = rest.strip_suffix(ON_ITS_WAY).filter(|last| !last.is_empty())?;
    let shelf = Shelf::ALL.into_iter().find(|shelf| shelf.folder() == folder)?;
    let day = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok()?;
    Some((last.to_owned(), shelf, day))
}

/// Makes a folder below the root, each part of it a real one.
fn make_folders(folder: &std::path::Path, root: &std::path::Path) -> io::Result<()> {
    let mut made = root.to_path_buf();
    for part in folder.strip_prefix(root).unwrap_or(folder).components() {
        made.push(part);
        real_folder(&made)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn tray(root: &Path) -> Tray {
        let tray = Tray { root: root.to_path_buf(), kinds: vec!["xlsx".to_owned()] };
        tray.set_up().unwrap();
        tray
    }

    fn files(root: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(root).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }

    /// Stops after every number of steps; the next start must bring the file and one outcome to where they
    /// go, or leave the file to be read again.
    #[test]
    fn a_stop_between_any_two_steps_loses_nothing() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        for taken_before in [false, true] {
            for stop in 0..=4 {
                let folder = tempfile::tempdir().unwrap();
                let tray = tray(folder.path());
                let archive = Archive { tray: &tray, shelf: Shelf::Done, day };
                make_folders(&archive.folder(), folder.path()).unwrap();
                if taken_before {
                    fs::write(archive.folder().join("a.xlsx"), "earlier").unwrap();
                }
                fs::write(tray.working().join("a.xlsx"), "content").unwrap();
                let last = archive.last_name("a.xlsx");
                let steps = archive.steps("a.xlsx", &last, "outcome".to_owned());
                steps.iter().take(stop).for_each(|step| step.take().unwrap());
                finish(&tray).unwrap();
                let left: Vec<_> = fs::read_dir(tray.working()).unwrap().collect();
                if let Some(Ok(again)) = left.into_iter().next() {
                    assert_eq!(fs::read_to_string(again.path()).unwrap(), "content");
                    let name = again.file_name().into_string().unwrap();
                    archive.put(&name, |_| "outcome".to_owned()).unwrap();
                }
                let name = if taken_before { "a (2).xlsx" } else { "a.xlsx" };
                let mut expected =
                    vec![format!("done/2026/01/{name}"), format!("done/2026/01/{name}.ket-qua.txt")];
                expected.extend(taken_before.then(|| "done/2026/01/a.xlsx".to_owned()));
                expected.sort();
                assert_eq!(files(folder.path()), expected, "stop after {stop}, {taken_before}");
                let kept = fs::read_to_string(archive.folder().join(name)).unwrap();
                assert_eq!(kept, "content");
            }
        }
    }

    #[test]
    fn names_of_outcomes_read_back_and_others_do_not() {
        let read = parsed("sổ đến.xlsx.ket-qua.withheld.2026-11.txt").unwrap();
        assert_eq!(read.0, "sổ đến.xlsx");
        assert_eq!(read.1, Shelf::Withheld);
        for other in ["a.txt", "a.xlsx.ket-qua.txt", ".ket-qua.done.2026-01.txt", "a.ket-qua.etc.2026-01.txt"]
        {
            assert!(parsed(other).is_none(), "{other}");
        }
    }
}
