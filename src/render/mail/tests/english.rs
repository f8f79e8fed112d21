//! The letters in English, each as its reader reads it.

use super::*;
use crate::domain::document::Urgency;
use crate::domain::language::Language;
use crate::domain::notice::{InsteadOf, Reply};

fn shown(letter: &Letter) -> String {
    let rendered = renderer().render(letter).unwrap();
    let subject = format!("{}{}", if rendered.follows_up { "Re: " } else { "" }, rendered.topic);
    format!("{}\n{subject}\n\n{}", rendered.heading, rendered.text)
}

#[test]
fn the_letters_in_english() {
    let english = |letter: Letter| in_language(letter, Language::En);
    for letter in samples() {
        insta::assert_snapshot!(format!("english_{}", letter.kind.as_str()), shown(&english(letter)));
    }
    for letter in plan_samples() {
        insta::assert_snapshot!(format!("english_plan_{}", letter.kind.as_str()), shown(&english(letter)));
    }
    for (name, letter) in operation_samples() {
        insta::assert_snapshot!(format!("english_operation_{name}"), shown(&english(letter)));
    }
    for (name, letter) in ladder_samples() {
        insta::assert_snapshot!(format!("english_ladder_{name}"), shown(&english(letter)));
    }
    for (name, letter) in reply_samples() {
        insta::assert_snapshot!(format!("english_reply_{name}"), shown(&english(letter)));
    }
}

#[test]
fn the_first_notice_in_english_html() {
    let letter = in_language(samples().swap_remove(0), Language::En);
    insta::assert_snapshot!("english_notice_html", renderer().render(&letter).unwrap().html);
}

/// No Vietnamese is left but the names of things: documents, units, rules, and how a due was read.
#[test]
fn nothing_but_names_stays_vietnamese() {
    for mut letter in samples_in(Language::En) {
        letter.unit_name = "UNIT".to_owned();
        (letter.facts.symbol, letter.facts.issuer) = ("1-KH/XX".to_owned(), "ISSUER".to_owned());
        (letter.facts.kind_name, letter.facts.subject) =
            (Some("KIND".to_owned()), Some("SUBJECT".to_owned()));
        letter.rule_names = vec!["RULE".to_owned()];
        letter.dropped.iter_mut().for_each(|name| *name = "TASK".to_owned());
        letter.tasks.iter_mut().for_each(|task| (task.name, task.due_why) = ("TASK".to_owned(), None));
        for matter in &mut letter.others {
            (matter.facts.symbol, matter.facts.kind_name) = ("3-HD".to_owned(), None);
            matter.laggards.iter_mut().for_each(|cell| cell.name = "CELL".to_owned());
        }
        letter.laggards.iter_mut().for_each(|cell| cell.name = "CELL".to_owned());
        match &mut letter.reply {
            Some(Reply::Granted { why, .. } | Reply::Refused { why, .. } | Reply::HandedBack { why }) => {
                *why = why.as_ref().map(|_| "WHY".to_owned());
            }
            Some(Reply::Lapsed { .. } | Reply::Doubted { .. }) | None => {}
        }
        (letter.due_why, letter.news.reason) = (None, None);
        letter.instead_of =
            letter.instead_of.map(|away| InsteadOf { person: Some("PERSON".to_owned()), ..away });
        for item in letter.digest.iter_mut().flat_map(|digest| &mut digest.items) {
            (item.facts.symbol, item.facts.issuer) = ("4-CV".to_owned(), "ISSUER".to_owned());
            (item.facts.kind_name, item.facts.subject) = (None, Some("SUBJECT".to_owned()));
            (item.facts.urgency, item.task) =
                (Urgency::Normal, item.task.as_ref().map(|_| "TASK".to_owned()));
        }
        for edit in &mut letter.news.edits {
            (edit.old, edit.new) = ("1".to_owned(), "2".to_owned());
        }
        let (replaces, replaced_by) = (&mut letter.news.replaces, &mut letter.news.replaced_by);
        for facts in replaces.iter_mut().chain(replaced_by) {
            (facts.symbol, facts.issuer, facts.kind_name) = ("2-KH".to_owned(), "ISSUER".to_owned(), None);
        }
        let office = Office { name: "OFFICE".to_owned(), ..sample_office() };
        let rendered = LetterRenderer::new(office).unwrap().render(&letter).unwrap();
        for text in [&rendered.heading, &rendered.text, &rendered.html] {
            let foreign: String = text.chars().filter(|one| one.is_alphabetic() && !one.is_ascii()).collect();
            assert_eq!(foreign, "", "{:?}: {text}", letter.kind);
        }
        assert!(rendered.html.contains("<html lang=\"en\">"));
    }
}
