//! The small part of a message: a tree of its elements, without the contents of files.

use crate::domain::text::clean;

/// An element. Names are local, lower case and with one `s` in `business`.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
    /// The number of the file whose content it held.
    pub file: Option<usize>,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children_named(name).next()
    }

    /// All children of that name.
    pub(super) fn children_named(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element of that name at any depth, in the order of the message. The depth of a message is
    /// bounded, so this is too.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// All elements of one of these names at any depth.
    pub(super) fn find_all<'a>(&'a self, names: &[&str], found: &mut Vec<&'a Element>) {
        if names.contains(&self.name.as_str()) {
            found.push(self);
        }
        for child in &self.children {
            child.find_all(names, found);
        }
    }

    /// The text at the end of a path of children, cleaned; `None` where it is missing or empty. Of several
    /// children of a name the first one counts that has something there.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<String> {
        let Some((first, rest)) = path.split_first() else {
            return Some(clean(&self.text)).filter(|text| !text.is_empty());
        };
        self.children_named(first).find_map(|child| child.text_at(rest))
    }

    /// The first of several paths that has a text.
    pub(super) fn text_of(&self, paths: &[&[&str]]) -> Option<String> {
        paths.iter().find_map(|path| self.text_at(path))
    }
}
