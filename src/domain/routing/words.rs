//! Phrases of whole words, found by walking a tree of words from every word of the text. How many phrases
//! there are hardly matters: a walk ends at the first word that continues none of them.

use super::atoms::{Atom, Steady};
use crate::domain::text::is_in_word;

/// A node of the tree: the words of some phrases, up to here.
type Node = u32;
/// A word with what parts it from the one before, by number.
type Link = u32;

const ROOT: Node = 0;

/// Phrases by their words.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Words that stand first or behind one blank, as nearly all do.
    plain: Steady<String, Link>,
    /// Words behind anything else, by what it is.
    parted: Steady<String, Steady<String, Link>>,
    links: Link,
    steps: Steady<u64, Node>,
    /// For each node the phrase that ends there; the root's is none.
    ends: Vec<Option<Atom>>,
}

impl Words {
    /// Whether a phrase begins and ends with a word, so that it is words and what stands between them.
    pub(super) fn fit(phrase: &str) -> bool {
        let is_word = |letter: Option<char>| letter.is_some_and(is_in_word);
        is_word(phrase.chars().next()) && is_word(phrase.chars().next_back())
    }

    /// The atom of a phrase that fits; `next` if it is new.
    pub(super) fn add(&mut self, phrase: &str, next: Atom) -> Atom {
        let last = split(phrase).fold(ROOT, |node, (gap, word)| self.grow(node, gap, word));
        let place = last as usize;
        if self.ends.len() <= place {
            self.ends.resize(place + 1, None);
        }
        self.ends.get_mut(place).map_or(next, |end| *end.get_or_insert(next))
    }

    fn grow(&mut self, node: Node, gap: &str, word: &str) -> Node {
        let new = self.links;
        let known =
            if is_plain(gap) { &mut self.plain } else { self.parted.entry(gap.to_owned()).or_default() };
        let link = *known.entry(word.to_owned()).or_insert(new);
        self.links += Link::from(link == new);
        let next = u32::try_from(self.steps.len() + 1).unwrap_or(Node::MAX);
        *self.steps.entry(step(node, link)).or_insert(next)
    }

    /// Tells `met` every phrase that stands in `text`, perhaps more than once.
    pub(super) fn find(&self, text: &str, mut met: impl FnMut(Atom)) {
        if self.is_empty() {
            return;
        }
        let links = self.read(text);
        for (place, (first, _)) in links.iter().enumerate() {
            let mut node = self.step(ROOT, *first);
            let mut rest = links.iter().skip(place + 1);
            while let Some(here) = node {
                self.ends.get(here as usize).copied().flatten().into_iter().for_each(&mut met);
                node = rest.next().and_then(|(_, behind)| self.step(here, *behind));
            }
        }
    }

    /// Every word of a text as the first of a phrase, and as one behind another.
    fn read(&self, text: &str) -> Vec<(Option<Link>, Option<Link>)> {
        // Vietnamese words are short: with their blanks they rarely have fewer than four bytes.
        let mut links = Vec::with_capacity(text.len() / 4 + 1);
        links.extend(split(text).map(|(gap, word)| self.links(gap, word)));
        links
    }

    /// Whether there is nothing to find.
    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A word of the text as the first of a phrase, and as one behind another.
    fn links(&self, gap: &str, word: &str) -> (Option<Link>, Option<Link>) {
        let first = self.plain.get(word).copied();
        let behind = if is_plain(gap) {
            first
        } else {
            self.parted.get(gap).and_then(|words| words.get(word)).copied()
        };
        (first, behind)
    }

    fn step(&self, node: Node, link: Option<Link>) -> Option<Node> {
        self.steps.get(&step(node, link?)).copied()
    }
}

/// From a node on by a link.
fn step(node: Node, link: Link) -> u64 {
    u64::from(node) << 32 | u64::from(link)
}

/// Whether `gap` is what usually parts words, or nothing, as before the first.
fn is_plain(gap: &str) -> bool {
    matches!(gap, "" | " ")
}

/// The words of a text, each with what stands between it and the one before.
fn split(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut letters = text.char_indices();
    let mut behind = 0;
    std::iter::from_fn(move || {
        let (start, _) = letters.find(|(_, letter)| is_in_word(*letter))?;
        let end = letters.find(|(_, letter)| !is_in_word(*letter)).map_or(text.len(), |(end, _)| end);
        let found = text.get(behind..start).zip(text.get(start..end));
        behind = end;
        found
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(phrases: &[String], text: &str) -> Vec<Atom> {
        let mut words = Words::default();
        for (atom, phrase) in (0..).zip(phrases) {
            assert_eq!(words.add(phrase, atom), first(phrases, phrase));
        }
        let mut met = Vec::new();
        words.find(text, |atom| met.push(atom));
        met.sort_unstable();
        met.dedup();
        met
    }

    fn first(phrases: &[String], phrase: &String) -> Atom {
        u32::try_from(phrases.iter().position(|one| one == phrase).unwrap()).unwrap()
    }

    /// The same by looking for one phrase after the other.
    fn slowly(phrases: &[String], text: &str) -> Vec<Atom> {
        let stands = |phrase: &String| {
            text.char_indices().any(|(start, _)| {
                let (head, tail) = text.split_at_checked(start).unwrap();
                let after = tail.strip_prefix(phrase.as_str()).map(|rest| rest.chars().next());
                let before = head.chars().next_back();
                after.is_some_and(|after| ![before, after].into_iter().flatten().any(char::is_alphanumeric))
            })
        };
        let mut met: Vec<_> =
            phrases.iter().filter(|phrase| stands(phrase)).map(|phrase| first(phrases, phrase)).collect();
        met.sort_unstable();
        met.dedup();
        met
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn phrases_are_found_as_if_looked_for_one_by_one(
            phrases in prop::collection::vec("[aộ1]([aộ1 ,-]{0,5}[aộ1])?", 1..8),
            text in "[aộ1 ,\\-\u{301}]{0,40}",
        ) {
            prop_assert_eq!(found(&phrases, &text), slowly(&phrases, &text));
        }
    }

    #[test]
    fn words_are_whole_and_what_parts_them_counts() {
        let phrases: Vec<_> = ["báo cáo", "báo", "đ/c bí thư", "quý i"].map(str::to_owned).into();
        for (text, expected) in [
            ("đề nghị báo cáo quý i", &[0, 1, 3][..]),
            ("báo, cáo quý ii", &[1]),
            ("thông báocáo", &[]),
            ("(đ/c bí thư)", &[2]),
            ("đ c bí thư", &[]),
            ("", &[]),
        ] {
            assert_eq!(found(&phrases, text), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_begin_and_end_with_a_word_does_not_fit() {
        for (phrase, fits) in
            [("báo cáo", true), ("12-kh", true), ("(khẩn)", false), ("khẩn!", false), ("", false)]
        {
            assert_eq!(Words::fit(phrase), fits, "{phrase}");
        }
    }
}
