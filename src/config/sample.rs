//! The office a new installation starts from: the very files under `config/`, embedded, so that `init`
//! writes and `demo` runs what the tests check.

use super::diagnostic::{Findings, Report};
use super::file::SourceFile;
use super::folder::Folder;
use super::office::{Office, Texts};

/// Every file with its path below the folder of `vanthu.toml`.
pub const FILES: [(&str, &str); 6] = [
    ("vanthu.toml", include_str!("../../config/vanthu.toml")),
    ("units.toml", include_str!("../../config/units.toml")),
    ("rules.d/10-chung.toml", include_str!("../../config/rules.d/10-chung.toml")),
    ("calendar/calendar.toml", include_str!("../../config/calendar/calendar.toml")),
    ("calendar/2026.toml", include_str!("../../config/calendar/2026.toml")),
    ("calendar/2027.toml", include_str!("../../config/calendar/2027.toml")),
];
/// What editors read beside them; the schemas come from [`schema`](super::schema).
pub const EDITORS: [(&str, &str); 2] = [
    (".taplo.toml", include_str!("../../config/.taplo.toml")),
    ("tombi.toml", include_str!("../../config/tombi.toml")),
];
/// The code of the one source in the sample's `vanthu.toml`.
pub const SOURCE: &str = "ioffice";

/// The sample's units, calendar, rules and tests, with the warnings about them.
///
/// # Errors
/// None, as long as the tests of this module pass; whoever changes the files meets them there.
pub fn office() -> Result<(Office, Report), Report> {
    let findings = Findings::default();
    let office = texts().compile(Some(&[SOURCE.to_owned()]), &findings);
    let report = findings.into_report();
    match office {
        Some(office) => Ok((office, report)),
        None => Err(report),
    }
}

fn texts() -> Texts {
    let file = |(path, text): &(&str, &str)| SourceFile::new(*path, *text);
    let below = |folder: &str| FILES.iter().filter(|(path, _)| path.starts_with(folder)).map(file).collect();
    Texts {
        rules: Folder { files: below("rules.d/"), whole: true },
        units: FILES.iter().find(|(path, _)| *path == "units.toml").map(file),
        calendar: below("calendar/"),
        templates: Vec::new(),
        folders: ["rules.d".to_owned(), "calendar".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::code::Code;
    use crate::domain::unit::Unit;

    fn sample() -> (Office, Report) {
        office().unwrap_or_else(|report| panic!("{report}"))
    }

    #[test]
    fn the_sample_warns_of_unconfirmed_years_only() {
        let (_, warnings) = sample();
        let codes: Vec<_> = warnings.diagnostics.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::Unconfirmed, Code::Unconfirmed], "{warnings}");
    }

    #[test]
    fn the_founding_case_counts() {
        let (office, _) = sample();
        let count = |kind: &str, enterprise: bool| {
            let fits = |unit: &&Unit| {
                unit.kind == kind && (unit.sector.as_deref() == Some("enterprise")) == enterprise
            };
            office.units.iter().filter(fits).count()
        };
        assert_eq!(count("base-committee", false), 30);
        assert_eq!(count("subordinate-cell", false), 183);
        assert_eq!(count("base-cell", false), 38);
        assert_eq!(count("subordinate-cell", false) + count("base-cell", false), 221);
        assert_eq!(count("base-committee", false) + count("base-cell", false), 68);
        assert_eq!(
            (count("base-committee", true), count("subordinate-cell", true), count("base-cell", true)),
            (4, 14, 3)
        );
        assert!(
            office
                .units
                .iter()
                .filter(|unit| office.units.is_cell_kind(&unit.kind))
                .all(|unit| !unit.mailboxes.is_empty())
        );
    }
}
