//! Mails of the ladder in words: how stern, the how many-th, and the table of a superior who is told of
//! several documents.

use serde::Serialize;

use super::Office;
use super::lexicon::{Lexicon, due};
use super::view::{LaggardRow, laggard};
use super::words::{self, Due};
use crate::domain::ladder::StepKind;
use crate::domain::language::Language;
use crate::domain::notice::{Letter, Matter, Measure, NoticeKind};

/// A further document of an escalation.
#[derive(Debug, Serialize)]
pub struct MatterRow<'a> {
    /// `Kế hoạch số 12-KH/ĐUK`
    pub document: String,
    /// By when it was to be done.
    pub due: Option<Due>,
    /// `Kế hoạch số 12-KH/ĐUK, hạn thứ Năm, 05/02/2026: 3 tổ chức`
    pub title: String,
    /// Its cells.
    pub laggards: Vec<LaggardRow<'a>>,
}

impl<'a> MatterRow<'a> {
    /// A document as the table shows it.
    pub fn new(matter: &'a Matter, office: &Office, language: Language) -> Self {
        let speech = Lexicon::of(language);
        let document = (speech.document)(&matter.facts);
        let due = matter.due.map(|at| due(at, office, language));
        let day = due.as_ref().map(|due| due.day.as_str());
        let title = (speech.sentences.matter)(&document, day, matter.laggards.len());
        Self {
            title: words::capitalised(&title),
            document,
            due,
            laggards: matter.laggards.iter().map(|cell| laggard(cell, speech)).collect(),
        }
    }
}

/// How many lines the tables of an escalation have.
pub fn lines(letter: &Letter) -> usize {
    letter.laggards.len() + letter.others.iter().map(|matter| matter.laggards.len()).sum::<usize>()
}

/// What a mail of the ladder is called: `Đôn đốc lần 2`, `Phê bình`. `sent` says how many mails went before it,
/// for those whose steps were not counted.
pub fn heading(kind: NoticeKind, measure: Option<Measure>, sent: u32) -> String {
    let times = measure.and_then(|measure| measure.times).unwrap_or_else(|| sent.max(1));
    let again = |word: &str| if times > 1 { format!("{word} lần {times}") } else { word.to_owned() };
    match (kind, measure.map(|measure| measure.kind)) {
        (NoticeKind::Escalation, Some(StepKind::Criticise)) => "Báo cáo, đề nghị phê bình".to_owned(),
        (NoticeKind::Escalation, Some(StepKind::Review)) => "Báo cáo, đề nghị kiểm điểm".to_owned(),
        (NoticeKind::Escalation, _) => "Báo cáo đôn đốc".to_owned(),
        (_, Some(StepKind::Criticise)) => again("Phê bình"),
        (_, Some(StepKind::Review)) => again("Đề nghị kiểm điểm"),
        (NoticeKind::Reminder, _) => format!("Nhắc lần {times}"),
        _ => format!("Đôn đốc lần {times}"),
    }
}

/// [`heading`] in English.
pub fn english_heading(kind: NoticeKind, measure: Option<Measure>, sent: u32) -> String {
    let times = measure.and_then(|measure| measure.times).unwrap_or_else(|| sent.max(1));
    let again = |word: &str| if times > 1 { format!("{word} {times}") } else { word.to_owned() };
    match (kind, measure.map(|measure| measure.kind)) {
        (NoticeKind::Escalation, Some(StepKind::Criticise)) => "Escalation: criticism proposed".to_owned(),
        (NoticeKind::Escalation, Some(StepKind::Review)) => "Escalation: review proposed".to_owned(),
        (NoticeKind::Escalation, _) => "Escalation".to_owned(),
        (_, Some(StepKind::Criticise)) => again("Criticism"),
        (_, Some(StepKind::Review)) => again("Review demanded"),
        (NoticeKind::Reminder, _) => format!("Reminder {times}"),
        _ => format!("Overdue reminder {times}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ladder_samples, office};
    use super::super::{LetterRenderer, sample_office};
    use super::*;

    #[test]
    fn the_sterner_letters_and_the_table_of_several_documents() {
        let renderer = LetterRenderer::new(sample_office()).unwrap();
        for (name, letter) in ladder_samples() {
            let rendered = renderer.render(&letter).unwrap();
            let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
            insta::assert_snapshot!(format!("ladder_{name}"), shown);
        }
    }

    #[test]
    fn every_cell_of_every_document_stands_in_the_table() {
        let (_, letter) = ladder_samples().pop().unwrap();
        let html = LetterRenderer::new(sample_office()).unwrap().render(&letter).unwrap().html;
        assert_eq!(lines(&letter), 5);
        let all = letter.laggards.iter().chain(letter.others.iter().flat_map(|matter| &matter.laggards));
        for cell in all {
            assert!(html.contains(&cell.name), "{}", cell.name);
        }
        for matter in &letter.others {
            let row = MatterRow::new(matter, &office(), letter.language);
            assert!(html.contains(&row.document), "{}", row.document);
        }
    }

    #[test]
    fn each_kind_is_counted_by_itself() {
        let of = |kind, times| Some(Measure { kind, times: Some(times) });
        let cases = [
            (NoticeKind::Reminder, of(StepKind::Remind, 1), "Nhắc lần 1"),
            (NoticeKind::Chase, of(StepKind::Chase, 2), "Đôn đốc lần 2"),
            (NoticeKind::Chase, of(StepKind::Criticise, 1), "Phê bình"),
            (NoticeKind::Chase, of(StepKind::Review, 2), "Đề nghị kiểm điểm lần 2"),
            (NoticeKind::Chase, None, "Đôn đốc lần 4"),
            (NoticeKind::Escalation, of(StepKind::Review, 1), "Báo cáo, đề nghị kiểm điểm"),
        ];
        for (kind, measure, expected) in cases {
            assert_eq!(heading(kind, measure, 4), expected);
        }
    }
}
