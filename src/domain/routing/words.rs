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
