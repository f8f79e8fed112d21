//! Phrases that differ by their accents only: one of them is mostly a slip, and it matches other texts.

use std::collections::BTreeMap;

use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::Sourced;
use crate::config::rule::places::Written;
use crate::domain::text::{bare_key, tone_key};

/// Looks at the phrases of all rules that compare with accents. Single words are let be: *bàn* and *bán*
/// are different words, and one syllable says too little.
pub fn lint(rules: &[Written], findings: &Findings) {
    let mut first: BTreeMap<String, &Sourced<String>> = BTreeMap::new();
    for phrase in
        rules.iter().filter(|written| !written.rule.when.accent_free).flat_map(|w| &w.places.phrases)
    {
        let bare = bare_key(&phrase.value);
        if !bare.contains(' ') {
            continue;
        }
        let earlier = *first.entry(bare).or_insert(phrase);
        if tone_key(&earlier.value) != tone_key(&phrase.value) {
            let finding = Diagnostic::new(Code::AccentTwins, phrase.place.clone());
            let finding = finding.with(phrase.value.as_str()).with(earlier.value.as_str());
            findings.add(finding.and_at(&earlier.place, ("viết lần đầu ở đây", "first written here")));
        }
    }
}
