//! Symbol (số, ký hiệu): the number grammar of Party and State documents. Never accent-folded.
//!
//! Sources: Quy định 66-QĐ/TW and 399-QĐ/TW with Hướng dẫn 36-HD/VPTW and 05-HD/VPTW (Party),
//! Nghị định 30/2020/NĐ-CP, Phụ lục III (State); domain §6.1 and §6.5. Numbers restart every term or
//! year, so a symbol alone never identifies a document.

mod kinds;

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use super::text;
pub use kinds::{document_kinds, kind_code, kind_names};

/// Both grammars, on one line: `<số>-<LOẠI>/<CQ>` and `<số>/[<năm>/]<rest>`. No two ways lead through it,
/// which makes it several times faster; so `rest` takes the year in, see [`Symbol::state`].
static GRAMMAR: LazyLock<Regex> = LazyLock::new(|| {
    text::constant_regex(concat!(
        r"^(?:[Ss][Ốố] ?(?:: ?)?)?(?<number>[0-9]{1,5}(?:b(?:is)?|[\p{L}--b])?)",
        r"(?:-(?<kind>\p{L}+)/(?<org>[\p{L}0-9&.\-]+)|/(?<rest>[\p{L}0-9&.\-/]+))$",
    ))
});

/// White space beside a dash or a slash (`367 - QĐ/TWĐTN - VPĐOÀN`), which carries no meaning.
static LOOSE_JOINT: LazyLock<Regex> = LazyLock::new(|| text::constant_regex(r"\s*([-/])\s*"));

/// Whose grammar a symbol follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// `16-ĐA/TU`
    Party,
    /// `123/QĐ-UBND`, `30/2020/NĐ-CP`, `7816/VPCP-TTĐT`
    State,
}

/// A parsed symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// The number as printed, digits first: `05`, `16`, `123a`.
    pub number: String,
    /// Year inside the symbol (QPPL form only).
    pub year: Option<u16>,
    /// Kind abbreviation, case and accents kept: `ĐA`, `QĐ`; none for a State công văn.
    pub kind: Option<String>,
    /// Issuer tokens in order: `TU`; `UBND`; `VPCP`, `TTĐT`.
    pub issuer: Vec<String>,
    /// Which grammar it follows.
    pub system: System,
}

impl Symbol {
    /// Parses a symbol, tolerating `Số`, spaces round dashes, en dashes, NBSP and NFD.
    ///
    /// Anything beside the symbol (a date, a second symbol) makes it no symbol: guessing which part
    /// was meant would give a document somebody else's number.
    pub fn parse(text: &str) -> Option<Self> {
        let line: String = text::clean(text).chars().map(text::unify_dash).collect();
        let is_loose = line.contains(' ');
        let line = if is_loose { LOOSE_JOINT.replace_all(&line, "$1") } else { line.into() };
        let parts = GRAMMAR.captures(&line)?;
        match parts.name("rest") {
            Some(rest) => Self::state(&parts, rest.as_str()),
            None => Self::party(&parts),
        }
    }

    /// Kind and issuer tokens in order, whole: a rule for `BC` must never hit `ABC`.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.kind.iter().chain(&self.issuer).map(String::as_str)
    }

    /// The digits of the number as printed (`05`, `123`), which a person can read off the paper and
    /// type as a check.
    pub fn digits(&self) -> &str {
        self.number.trim_end_matches(|c: char| !c.is_ascii_digit())
    }

    /// `16-ĐA/TU`: the kind stands before the slash, so any kind is taken as written.
    fn party(parts: &Captures<'_>) -> Option<Self> {
        Some(Self {
            number: parts["number"].to_owned(),
            year: None,
            kind: Some(parts["kind"].to_owned()),
            issuer: issuer_tokens(&parts["org"])?,
            system: System::Party,
        })
    }

    /// `123/QĐ-UBND`, `30/2020/NĐ-CP`, `7816/VPCP-TTĐT`: the first token is the kind only when it is a
    /// known abbreviation and a body follows.
    fn state(parts: &Captures<'_>, rest: &str) -> Option<Self> {
        let (year, rest) = match rest.split_once('/') {
            Some((year, rest)) => (Some(legal_year(year)?), rest),
            None => (None, rest),
        };
        let mut issuer = issuer_tokens(rest)?;
        let has_kind = issuer.len() > 1 && kinds::is_state_kind(&issuer[0], year.is_some());
        let kind = has_kind.then(|| issuer.remove(0));
        Some(Self { number: parts["number"].to_owned(), year, kind, issuer, system: System::State })
    }
}

/// The year of a legal document. `2020/QĐ-UBND` has the number 2020, because a year is only read between two
/// slashes.
fn legal_year(text: &str) -> Option<u16> {
    text.parse().ok().filter(|year| text.len() == 4 && (1900..2100).contains(year))
}

/// The tokens between dashes; none may be empty.
fn issuer_tokens(text: &str) -> Option<Vec<String>> {
    if text.contains('/') {
        return None;
    }
    text.split('-').map(|token| (!token.is_empty()).then(|| token.to_owned())).collect()
}

#[cfg(test)]
mod tests;
