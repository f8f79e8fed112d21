//! What the templates of a digest may show.

pub(super) mod words;

use std::borrow::Cow;

use serde::Serialize;

use super::Office;
use super::lexicon::Lexicon;
use super::view::asks;
use super::words::{self as mail_words, Due};
use crate::domain::digest::{Digest, Item, Pain};
use crate::domain::notice::Letter;
use crate::render::line::{one_line, shorten};

pub(super) use words::DigestWords;
use words::Labels;

/// Characters of the unit's name in the opening sentence.
const UNIT: usize = 44;

/// A digest as its templates see it.
#[derive(Debug, Serialize)]
pub struct DigestView<'a> {
    /// Words of the language that say nothing of their own.
    pub words: &'static Labels,
    /// What the letter is.
    pub heading: String,
    /// Name of the office.
    pub office: Cow<'a, str>,
    /// Its phone.
    pub phone: Option<Cow<'a, str>>,
    /// Name of the unit written to.
    pub unit: Cow<'a, str>,
    /// `thứ Hai, 16/03/2026`
    pub day: String,
    /// `Chi bộ Thí dụ 1 có 5 việc: 2 quá hạn, 1 đến hạn hôm nay, 2 việc khác.`
    pub opening: String,
    /// What to do with the list.
    pub request: String,
    /// How many things are open.
    pub total: usize,
    /// Things by pain, what presses most first; without those that have none.
    pub groups: Vec<Group<'a>>,
    /// Address of the cell's calendar.
    pub feed: Option<&'a str>,
    /// For whom a deputy reads.
    pub instead_of: Option<String>,
    /// Whose the links are.
    pub private: String,
    /// Who writes.
    pub sender: String,
}

/// Things that press alike.
#[derive(Debug, Serialize)]
pub struct Group<'a> {
    /// `late`, `today`, `unheard`, `rest`
    pub pain: Pain,
    /// `Quá hạn (2)`
    pub title: String,
    /// They, in order.
    pub items: Vec<ItemRow<'a>>,
}

/// One thing that is open.
#[derive(Debug, Serialize)]
pub struct ItemRow<'a> {
    /// Its place in the whole list, from 1.
    pub number: usize,
    /// `Kế hoạch số 12-KH/ĐUK`
    pub document: String,
    /// Trích yếu, unless withheld.
    pub subject: Option<Cow<'a, str>>,
    /// The task of a plan.
    pub task: Option<Cow<'a, str>>,
    /// Role and what is owed.
    pub asks: String,
    /// By when to be done.
    pub due: Option<Due>,
    /// By when to acknowledge; absent once that was done.
    pub acknowledge: Option<Due>,
    /// `quá hạn 3 ngày làm việc`
    pub left: Option<String>,
    /// Whether the cell said that it received it.
    pub acknowledged: bool,
    /// `Hoả tốc`
    pub urgency: Option<&'static str>,
    /// Its own link.
    pub link: &'a str,
    /// What to type when its page asks.
    pub challenge: Cow<'a, str>,
}

impl<'a> DigestView<'a> {
    /// The view of a letter that bears a digest.
    pub fn new(letter: &'a Letter, digest: &'a Digest, office: &'a Office) -> Self {
        let (unit, lexicon) = (one_line(&letter.unit_name), Lexicon::of(letter.language));
        let (say, name, day) = (lexicon.digest, one_line(&office.name), (lexicon.digest.day)(digest.day));
        Self {
            words: &say.labels,
            heading: (lexicon.heading)(letter),
            phone: office.phone.as_deref().map(one_line).filter(|phone| !phone.is_empty()),
            opening: opening(&shorten(&unit, UNIT), digest, say),
            request: (say.request)(&day, &name),
            private: (say.private)(&unit),
            sender: (lexicon.sentences.sender)(&name),
            day,
            office: name,
            unit,
            total: digest.items.len(),
            groups: groups(digest, office, lexicon),
            feed: digest.feed.as_deref(),
            instead_of: letter.instead_of.as_ref().map(lexicon.instead_of),
        }
    }
}

/// What a phone shows below the subject line: how much presses.
fn opening(unit: &str, digest: &Digest, words: &DigestWords) -> String {
    let said: Vec<_> = Pain::ALL
        .into_iter()
        .zip(words.counts)
        .map(|(pain, word)| (digest.count(pain), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    (words.opening)(unit, digest.items.len(), &said.join(", "))
}

fn groups<'a>(digest: &'a Digest, office: &Office, lexicon: &Lexicon) -> Vec<Group<'a>> {
    let numbered: Vec<_> = digest.items.iter().zip(1..).collect();
    let of = |pain: Pain| -> Vec<ItemRow<'a>> {
        let mine = numbered.iter().filter(|(item, _)| item.pain == pain);
        mine.map(|(item, at)| row(item, *at, office, lexicon)).collect()
    };
    let titled = Pain::ALL.into_iter().zip(lexicon.digest.titles);
    let groups = titled.map(|(pain, title)| (pain, title, of(pain)));
    let filled = groups.filter(|(_, _, items)| !items.is_empty());
    filled
        .map(|(pain, title, items)| Group { pain, title: format!("{title} ({})", items.len()), items })
        .collect()
}

fn row<'a>(item: &'a Item, number: usize, office: &Office, lexicon: &Lexicon) -> ItemRow<'a> {
    let line = |text: &'a Option<String>| text.as_deref().map(one_line).filter(|line| !line.is_empty());
    ItemRow {
        number,
        document: mail_words::capitalised(&(lexicon.document)(&item.facts)),
        subject: line(&item.facts.subject),
        task: line(&item.task),
        asks: asks(item.role, &item.owes, lexicon),
        due: item.due.map(|at| (lexicon.due)(at, office.zone)),
        acknowledge: item.acknowledge_due.map(|at| (lexicon.due)(at, office.zone)),
        left: item.days_left.map(lexicon.left),
        acknowledged: item.acknowledged,
        urgency: (lexicon.urgency)(item.facts.urgency),
        link: &item.link,
        challenge: one_line(&item.challenge),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LetterRenderer, Piece, Template, digest_samples, in_language, sample_office};
    use crate::domain::language::Language;

    fn renderer() -> LetterRenderer {
        LetterRenderer::new(sample_office()).unwrap()
    }

    #[test]
    fn the_mail_of_the_morning() {
        for (name, letter) in ["full", "deputy"].into_iter().zip(digest_samples()) {
            let rendered = renderer().render(&letter).unwrap();
            let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
            insta::assert_snapshot!(format!("digest_{name}"), shown);
            assert!(!rendered.follows_up);
            let digest = letter.digest.as_ref().unwrap();
            for item in &digest.items {
                assert!(rendered.html.contains(&format!("href=\"{}\"", item.link)));
            }
            let links = digest.items.len() + usize::from(digest.feed.is_some());
            assert_eq!(rendered.html.matches("href=").count(), links);
        }
    }

    #[test]
    fn the_mail_of_the_morning_in_english() {
        let letter = in_language(digest_samples().remove(0), Language::En);
        let rendered = renderer().render(&letter).unwrap();
        let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
        insta::assert_snapshot!("digest_english", shown);
        insta::assert_snapshot!("digest_english_html", rendered.html);
    }

    #[test]
    fn the_mail_of_the_morning_in_html() {
        let html = renderer().render(&digest_samples()[0]).unwrap().html;
        for unwanted in ["<img", "<script", "src=", "url(", "@import", "<form", "http://", "!important!"] {
            assert!(!html.contains(unwanted), "{unwanted}");
        }
        for table in html.split("<table").skip(1) {
            let table = table.split("</table").next().unwrap();
            assert!(table.contains("role=\"presentation\"") || table.contains("scope=\"row\""), "{table}");
        }
        insta::assert_snapshot!("digest_html", html);
    }

    /// What a phone shows below the subject line says how much presses.
    #[test]
    fn the_first_120_characters_count_what_presses() {
        let rendered = renderer().render(&digest_samples()[0]).unwrap();
        let start: String = rendered.text.chars().take(120).collect();
        assert!(start.starts_with("Chi bộ Thí dụ 1 có 4 việc: 1 quá hạn, 1 đến hạn hôm nay"), "{start}");
        let shown = rendered.html.split("mso-hide:all\">").nth(1).unwrap_or_default();
        assert!(shown.starts_with(rendered.text.lines().next().unwrap()), "{shown}");
    }

    /// A template that leaves out a link or a code would leave a cell without a way to answer.
    #[test]
    fn an_override_that_loses_a_link_is_set_aside() {
        for lost in ["{{ item.link }}", "{{ item.challenge }}"] {
            let source = Template::of(Piece::DigestText, Language::Vi).embedded().replace(lost, "");
            let text = |name: &str| (name == "mail/digest.txt").then(|| source.clone());
            let (renderer, faults) = LetterRenderer::with_overrides(sample_office(), &text).unwrap();
            assert_eq!(faults.len(), 1, "{lost}");
            let letter = &digest_samples()[0];
            assert_eq!(renderer.render(letter).unwrap(), self::renderer().render(letter).unwrap());
        }
    }

    #[test]
    fn markup_is_text() {
        let mut letter = digest_samples().remove(0);
        if let Some(digest) = &mut letter.digest {
            digest.items[0].facts.subject = Some("<b>A & \"B\"</b> {{ unit }}".to_owned());
        }
        let html = renderer().render(&letter).unwrap().html;
        assert!(html.contains("&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt; {{ unit }}"), "{html}");
    }
}
