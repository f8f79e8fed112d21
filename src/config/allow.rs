//! Warnings that somebody has looked at and allows: `# vanthu: allow VT106 – lý do`, directly above the
//! entry it speaks of. An allowance names one code and a reason; what it no longer meets is told, so
//! that none outlives its reason.

use std::ops::Range;
use std::sync::Arc;

use super::code::{Code, Severity};
use super::diagnostic::{Diagnostic, Findings, Report};
use super::file::{Place, SourceFile};
use super::suggest::similar_words;
use super::syntax::outside_blocks;

/// What the comment begins with, after `#`.
const MARK: &str = "vanthu:";
/// Headers that end the entry above them; `[[rule.task]]` and its like belong to their entry.
const ENTRIES: [&str; 6] = ["[[rule]]", "[[unit]]", "[[ladder]]", "[[test]]", "[[kind]]", "[[absence]]"];

/// One allowed warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// What is allowed.
    pub code: Code,
    /// Why.
    pub reason: String,
    /// Where the comment stands.
    pub place: Place,
    file: Arc<SourceFile>,
    /// From the entry's header to the next entry.
    covers: Range<usize>,
}

impl Allowance {
    fn meets(&self, finding: &Diagnostic) -> bool {
        finding.code == self.code && self.stands_over(&finding.place)
    }

    /// Whether the place lies within the entry below the comment.
    pub fn stands_over(&self, place: &Place) -> bool {
        matches!(place, Place::Text { file, span }
            if Arc::ptr_eq(file, &self.file) && self.covers.contains(&span.start))
    }
}

/// The allowances of a file; those that cannot stand are findings.
pub fn read(file: &Arc<SourceFile>, findings: &Findings) -> Vec<Allowance> {
    if !file.text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<(usize, &str)> = outside_blocks(&file.text).collect();
    let marked = lines.iter().enumerate().filter_map(|(number, (start, line))| {
        let comment = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix(MARK)?;
        let place =
            Place::text(file, start + line.len() - line.trim_start().len()..start + line.trim_end().len());
        Some((number, comment.trim(), place))
    });
    let read_one = |(number, comment, place): (usize, &str, Place)| {
        let (code, reason) = words(comment, &place).map_err(|finding| findings.add(finding)).ok()?;
        let Some(covers) = entry_below(file, &lines, number) else {
            findings.add(Diagnostic::new(Code::AllowNowhere, place));
            return None;
        };
        Some(Allowance { code, reason, place, file: Arc::clone(file), covers })
    };
    marked.filter_map(read_one).collect()
}

/// `allow VT106 – lý do`
fn words(comment: &str, place: &Place) -> Result<(Code, String), Diagnostic> {
    let unknown = |word: &str| Diagnostic::new(Code::AllowUnknown, place.clone()).with(word);
    let rest = comment.strip_prefix("allow").filter(|rest| rest.starts_with([' ', '\t']));
    let rest = rest.ok_or_else(|| unknown(comment))?.trim_start();
    let id = rest.split_whitespace().next().unwrap_or_default();
    let id = id.trim_end_matches(['-', '–', '—', ':', ',']);
    let Some(code) = Code::ALL.iter().copied().find(|code| code.id() == id) else {
        let known =
            Code::ALL.iter().filter(|code| code.severity() == Severity::Warning).map(|code| code.id());
        return Err(unknown(if id.is_empty() { comment } else { id }).or_rather(similar_words(id, known)));
    };
    if code.severity() == Severity::Error {
        return Err(Diagnostic::new(Code::AllowError, place.clone()).with(id));
    }
    let reason = rest.strip_prefix(id).unwrap_or_default();
    let reason = reason.trim_start_matches(|c: char| c.is_whitespace() || "-–—:,".contains(c)).trim_end();
    if reason.is_empty() {
        return Err(Diagnostic::new(Code::AllowWithoutReason, place.clone()).with(id));
    }
    Ok((code, reason.to_owned()))
}

/// The entry whose header follows line `number`, with nothing but comments between.
fn entry_below(file: &SourceFile, lines: &[(usize, &str)], number: usize) -> Option<Range<usize>> {
    let mut below = lines.iter().skip(number + 1);
    let (start, _) = below
        .by_ref()
        .find(|(_, line)| !line.trim_start().starts_with('#'))
        .filter(|(_, line)| line.trim_start().starts_with('['))?;
    let end = below.find(|(_, line)| ENTRIES.iter().any(|entry| line.trim_start().starts_with(entry)));
    Some(*start..end.map_or(file.text.len(), |(end, _)| *end))
}

/// Marks what is allowed.
pub fn apply(report: &mut Report, allowances: &[Allowance]) {
    for finding in report.diagnostics.iter_mut().filter(|finding| finding.allowed.is_none()) {
        let allowance = allowances.iter().find(|allowance| allowance.meets(finding));
        finding.allowed = allowance.map(|allowance| allowance.reason.as_str().into());
    }
}

/// Allowances that met nothing, among the codes that were looked for.
pub fn unused(report: &Report, allowances: &[Allowance], judged: impl Fn(Code) -> bool) -> Report {
    let idle = |allowance: &&Allowance| {
        judged(allowance.code) && !report.diagnostics.iter().any(|finding| allowance.meets(finding))
    };
    let tell = |allowance: &Allowance| {
        Diagnostic::new(Code::AllowUnused, allowance.place.clone()).with(allowance.code.id())
    };
    Report { diagnostics: allowances.iter().filter(idle).map(tell).collect() }
}
