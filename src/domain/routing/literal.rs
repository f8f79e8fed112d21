//! What a text must contain for a regular expression to match it: fixed letters at its start or its
//! end. They are looked for in the one pass over the text, so that most patterns are never run.

use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};

/// Shorter letters stand in almost every text and would only be looked up in vain.
const SHORTEST: usize = 3;

/// Letters of which a match contains at least one; `None` if none can be told.
pub(super) fn needed(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let choices = [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().filter_map(|kind| fixed(&hir, kind));
    choices.max_by_key(|parts| parts.iter().map(Vec::len).min().unwrap_or(usize::MAX))
}

fn fixed(hir: &Hir, kind: ExtractKind) -> Option<Vec<Vec<u8>>> {
    let mut found: Seq = Extractor::new().kind(kind.clone()).extract(hir);
    match kind {
        ExtractKind::Suffix => found.optimize_for_suffix_by_preference(),
        _ => found.optimize_for_prefix_by_preference(),
    }
    let parts: Vec<_> = found.literals()?.iter().map(|part| part.as_bytes().to_vec()).collect();
    parts.iter().all(|part| part.len() >= SHORTEST).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Option<Vec<String>> {
        let parts = needed(pattern)?;
        Some(parts.into_iter().map(|part| String::from_utf8(part).unwrap()).collect())
    }

    #[test]
    fn fixed_letters_are_found_at_either_end() {
        let cases: [(&str, Option<&[&str]>); 6] = [
            ("báo cáo .*(tháng|quý|năm)", Some(&["báo cáo "])),
            (r"[0-9]+ chi bộ", Some(&[" chi bộ"])),
            ("(?:tháng|quý) [0-9]+", Some(&["thán", "quý "])),
            (r"\S+", None),
            ("", None),
            ("quý|.*", None),
        ];
        for (pattern, expected) in cases {
            let expected = expected.map(|parts| parts.iter().map(|part| (*part).to_owned()).collect());
            assert_eq!(shown(pattern), expected, "{pattern}");
        }
    }
}
