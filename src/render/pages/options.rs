//! What a field can be filled with, written as HTML once and not for each page: to hand hundreds of cells to a template
//! costs more than all else on a page.

use std::sync::Arc;

use minijinja::value::{Object, Value, from_args};
use minijinja::{Error, HtmlEscape, State};
use serde::{Serialize, Serializer};

/// Groups of codes and names. Templates call it with the code that is chosen, and it gives the inside of a `select`.
#[derive(Debug, Clone, Default)]
pub struct Options {
    groups: Arc<[Group]>,
    without: Option<Arc<str>>,
}

#[derive(Debug)]
struct Group {
    opening: String,
    choices: Vec<Choice>,
}

#[derive(Debug)]
struct Choice {
    code: String,
    /// From its tag to where `selected` may stand.
    opening: String,
    /// The rest.
    ending: String,
}

impl Options {
    /// Those of groups: what each is called, and its codes and names.
    pub fn new<'a, G, C>(groups: G) -> Self
    where
        G: IntoIterator<Item = (&'a str, C)>,
        C: IntoIterator<Item = (&'a str, &'a str)>,
    {
        let group = |(name, choices): (&str, C)| Group {
            opening: format!("<optgroup label=\"{}\">", HtmlEscape(name)),
            choices: choices.into_iter().map(Choice::new).collect(),
        };
        Self { groups: groups.into_iter().map(group).collect(), without: None }
    }

    /// The same without one code.
    #[must_use]
    pub fn without(&self, code: &str) -> Self {
        Self { groups: self.groups.clone(), without: Some(code.into()) }
    }

    /// Whether there is nothing to choose from.
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| self.of(group).next().is_none())
    }

    fn of<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Choice> {
        group.choices.iter().filter(|choice| self.without.as_deref() != Some(&choice.code))
    }

    /// The inside of a `select` in which a code is chosen; none where there is no such code.
    fn html(&self, chosen: &str) -> String {
        let mut html = String::new();
        for group in self.groups.iter() {
            let mut choices = self.of(group).peekable();
            if choices.peek().is_none() {
                continue;
            }
            html.push_str(&group.opening);
            for choice in choices {
                html.push_str(&choice.opening);
                html.push_str(if choice.code == chosen { " selected" } else { "" });
                html.push_str(&choice.ending);
            }
            html.push_str("</optgroup>");
        }
        html
    }
}

impl Choice {
    fn new((code, name): (&str, &str)) -> Self {
        Self {
            code: code.to_owned(),
            opening: format!("<option value=\"{}\"", HtmlEscape(code)),
            ending: format!(">{}</option>", HtmlEscape(name)),
        }
    }
}

impl Object for Options {
    fn call(self: &Arc<Self>, _state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (chosen,): (&str,) = from_args(args)?;
        Ok(Value::from_safe_string(self.html(chosen)))
    }
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_object(self.clone()).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        let of = |codes: &'static [(&str, &str)]| codes.iter().copied();
        Options::new([
            ("Đảng uỷ <A>", of(&[("a", "Chi bộ \"A\" & B"), ("b", "B")])),
            ("C", of(&[("c", "C")])),
        ])
    }

    #[test]
    fn names_are_escaped_and_the_chosen_one_is_marked() {
        let html = options().html("a");
        assert_eq!(
            html,
            "<optgroup label=\"Đảng uỷ &lt;A&gt;\"><option value=\"a\" selected>Chi bộ &quot;A&quot; &amp; B</option>\
             <option value=\"b\">B</option></optgroup><optgroup label=\"C\"><option value=\"c\">C</option></optgroup>"
        );
    }

    #[test]
    fn a_group_whose_only_choice_is_left_out_is_left_out() {
        let left = options().without("c");
        assert!(!left.html("c").contains("label=\"C\"") && !left.is_empty(), "{left:?}");
        assert!(options().without("c").html("c").contains("<option value=\"a\">"));
        assert!(Options::new([("C", [("c", "C")])]).without("c").is_empty());
        assert!(Options::default().is_empty());
    }
}
