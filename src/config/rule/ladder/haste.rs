//! `urgency` of a ladder: what it is for more urgent documents, a percentage of its distances or another
//! ladder by name.

use super::{Ladders, find};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::rule::when::URGENCIES;
use crate::config::suggest::similar_words;
use crate::domain::document::Urgency;
use crate::domain::ladder::Ladder;

/// What one ladder is to be for one urgency.
pub struct Wish {
    ladder: String,
    urgency: Urgency,
    /// A percentage, or the name of a ladder.
    written: Sourced<String>,
}

/// Reads the table of one ladder.
pub(super) fn read(fields: Fields<'_>, ladder: &str) -> Vec<Wish> {
    for (word, _) in URGENCIES {
        fields.know(word);
    }
    let wish = |(key, written): (Sourced<String>, Sourced<String>)| {
        let known = URGENCIES.iter().find(|(word, _)| *word == key.value);
        if known.is_none() {
            let similar = similar_words(&key.value, URGENCIES.iter().map(|(word, _)| *word));
            let finding = Diagnostic::new(Code::UnknownKey, key.place.clone()).with(key.value.as_str());
            fields.report(finding.with("`urgency`").or_rather(similar));
        }
        Some(Wish { ladder: ladder.to_owned(), urgency: known?.1, written })
    };
    fields.entries().into_iter().filter_map(wish).collect()
}

/// Grants all wishes, once every ladder is known. A ladder that is named keeps its own pace: what it says of
/// urgent documents itself does not count there.
pub fn hasten(wishes: Vec<Wish>, ladders: &mut Ladders, complete: bool, findings: &Findings) {
    let mut granted: Vec<(String, Urgency, Ladder)> = Vec::new();
    for wish in wishes {
        let hastened = match percent(&wish.written.value) {
            Some(Ok(percent)) => ladders.get(&wish.ladder).map(|own| own.value.shortened(percent)),
            Some(Err(())) => {
                let finding = Diagnostic::new(Code::BadHaste, wish.written.place.clone());
                findings.add(finding.with(wish.written.value.as_str()));
                None
            }
            None => find(&wish.written, ladders, complete, findings),
        };
        granted.extend(hastened.map(|ladder| (wish.ladder, wish.urgency, ladder)));
    }
    for (name, urgency, mut ladder) in granted {
        ladder.by_urgency.clear();
        if let Some(own) = ladders.get_mut(&name) {
            own.value.by_urgency.push((urgency, ladder));
        }
    }
}

/// `50%`: from 10 to 100. `None` if it is no percentage at all but a name.
fn percent(text: &str) -> Option<Result<u16, ()>> {
    let number = text.trim().strip_suffix('%')?.trim_end().parse().ok();
    Some(number.filter(|number| (10..=100).contains(number)).ok_or(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_shortens_and_never_lengthens() {
        let cases = [
            ("50%", Some(Ok(50))),
            (" 10 % ", Some(Ok(10))),
            ("100%", Some(Ok(100))),
            ("9%", Some(Err(()))),
            ("150%", Some(Err(()))),
            ("-50%", Some(Err(()))),
            ("nửa%", Some(Err(()))),
            ("urgent", None),
        ];
        for (text, expected) in cases {
            assert_eq!(percent(text), expected, "{text}");
        }
    }
}
