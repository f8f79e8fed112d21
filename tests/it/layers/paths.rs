//! Finds the paths a source file uses: `use` trees on one line or many, and paths in expressions,
//! types and attributes. Not a parser of Rust: it needs only names, `::` and braces.

use super::mask::mask;

/// A path as written, with its groups expanded: `crate::{a::b, c}` gives two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its segments; `*` for a glob.
    pub segments: Vec<String>,
    /// Name it brings into scope: the alias, or its last segment.
    pub name: String,
    /// Line, from 1.
    pub line: usize,
    /// Inline modules around it, outermost first.
    pub inside: Vec<String>,
}

impl Written {
    /// The path from the crate's root, seen from `module` (the file's own path); `None` for a path
    /// into another crate.
    pub fn absolute(&self, module: &[String]) -> Option<Vec<String>> {
        let mut base: Vec<String> = Vec::new();
        let mut rest = self.segments.as_slice();
        match rest.first().map(String::as_str) {
            Some("crate" | "vanthu") => rest = &rest[1..],
            Some("self" | "super") => base = module.iter().chain(&self.inside).cloned().collect(),
            _ => return None,
        }
        while let Some((first, tail)) = rest.split_first() {
            match first.as_str() {
                "super" => drop(base.pop()),
                "self" | "*" => {}
                name => base.push(name.to_owned()),
            }
            rest = tail;
        }
        Some(base)
    }
}

/// Every path of a file, and the names it declares as modules.
#[derive(Debug, Default)]
pub struct Scan {
    /// The paths.
    pub written: Vec<Written>,
    /// `mod x` declarations.
    pub modules: Vec<String>,
    /// Every word with its line, keywords included.
    pub words: Vec<(String, usize)>,
}

/// Scans a file.
pub fn scan(source: &str) -> Scan {
    let mut scanner = Scanner { tokens: tokens(&mask(source)), found: Scan::default(), inside: Vec::new() };
    scanner.run();
    scanner.found
}

#[derive(Debug)]
struct Token {
    text: String,
    line: usize,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Words, `::`, and every other visible character by itself.
fn tokens(code: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (text, tail) = rest.split_at(length);
            out.push(Token { text: text.to_owned(), line: number + 1 });
            rest = tail.trim_start();
        }
    }
    out
}

/// Words that are no part of a path; one may begin with `::` after them.
const KEYWORDS: &[&str] =
    &["as", "dyn", "else", "if", "impl", "in", "match", "move", "mut", "return", "use", "where"];

struct Scanner {
    tokens: Vec<Token>,
    found: Scan,
    /// Inline modules around the current token, each with the brace depth it ends at.
    inside: Vec<(String, usize)>,
}

impl Scanner {
    fn run(&mut self) {
        let (mut at, mut depth) = (0, 0_usize);
        while at < self.tokens.len() {
            match self.text(at) {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    self.inside.retain(|(_, ends)| *ends < depth);
                }
                "mod" => self.module(at, depth),
                _ if self.begins_a_path(at) => {
                    at = self.tree(at, &[]);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        self.found.words = self.tokens.iter().map(|token| (token.text.clone(), token.line)).collect();
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn is_name(&self, at: usize) -> bool {
        self.text(at).starts_with(is_word)
    }

    /// Notes `mod x;` and enters `mod x {`.
    fn module(&mut self, at: usize, depth: usize) {
        let name = self.text(at + 1).to_owned();
        if self.text(at + 2) == "{" {
            self.inside.push((name.clone(), depth));
        }
        self.found.modules.push(name);
    }

    /// A word that leads a path, or a whole crate named by `use x;` and `crate as y`.
    fn begins_a_path(&self, at: usize) -> bool {
        let leads = at == 0 || self.text(at - 1) != "::" || self.is_global(at - 1);
        let whole =
            at > 0 && self.text(at - 1) == "use" || self.text(at) == "crate" && self.text(at + 1) == "as";
        let is_name = self.is_name(at) && !KEYWORDS.contains(&self.text(at));
        is_name && leads && (self.text(at + 1) == "::" || whole)
    }

    /// Whether the `::` at `at` has nothing before it, as in `::std::fs`.
    fn is_global(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.text(before));
        KEYWORDS.contains(&before) || !(before.ends_with(is_word) || before == ">")
    }

    /// Reads the tree at `at` below `prefix`; returns the index behind it.
    fn tree(&mut self, at: usize, prefix: &[String]) -> usize {
        if self.text(at) == "{" {
            return self.group(at + 1, prefix);
        }
        let mut path = prefix.to_vec();
        path.push(self.text(at).to_owned());
        let goes_on = self.text(at + 1) == "::";
        if goes_on && (self.is_name(at + 2) || matches!(self.text(at + 2), "{" | "*")) {
            return self.tree(at + 2, &path);
        }
        let alias = self.text(at + 1) == "as";
        let name = self.text(if alias { at + 2 } else { at }).to_owned();
        let inside = self.inside.iter().map(|(name, _)| name.clone()).collect();
        self.found.written.push(Written { segments: path, name, line: self.tokens[at].line, inside });
        at + if alias { 3 } else { 1 }
    }

    fn group(&mut self, mut at: usize, prefix: &[String]) -> usize {
        while at < self.tokens.len() && self.text(at) != "}" {
            let is_tree = self.is_name(at) || matches!(self.text(at), "{" | "*");
            at = if is_tree { self.tree(at, prefix) } else { at + 1 };
        }
        at + 1
    }
}

/// Paths of `source` from the crate's root, as if it stood in src/web/pages.rs.
#[cfg(test)]
fn inner(source: &str) -> Vec<String> {
    let module = ["web".to_owned(), "pages".to_owned()];
    scan(source)
        .written
        .iter()
        .filter_map(|path| path.absolute(&module))
        .map(|path| path.join("::"))
        .collect()
}

#[test]
fn finds_paths_wherever_they_stand() {
    let cases: &[(&str, &[&str])] = &[
        ("use crate::store::Tx;", &["store::Tx"]),
        ("use crate::{a::b, c};", &["a::b", "c"]),
        ("use crate::{\n  a::{self, x::Y as Z},\n  c::*,\n};", &["a", "a::x::Y", "c"]),
        ("use {crate::a, crate::b::{c, d}};", &["a", "b::c", "b::d"]),
        ("use super::super::store::X;", &["store::X"]),
        ("use super::card::Card;", &["web::card::Card"]),
        ("use self::inner::X;", &["web::pages::inner::X"]),
        ("mod tests { use super::*; use super::super::super::store; }", &["web::pages", "store"]),
        (
            "mod a { mod b { use super::super::x; } use super::y; } use self::z;",
            &["web::pages::x", "web::pages::y", "web::pages::z"],
        ),
        ("fn f(x: crate::mail::Post) -> Vec<crate::app::Office> {}", &["mail::Post", "app::Office"]),
        ("let y = <T as crate::a::B>::c(crate::d::e::<crate::f::G>());", &["a::B", "d::e", "f::G"]),
        ("pub(crate) fn f() {} pub(in crate::web) struct S;", &["web"]),
        ("macro_rules! m { () => { $crate::store::open() } }", &["store::open"]),
        ("use crate as root;", &[""]),
        ("use crate::*;", &[""]),
        ("use vanthu::cli;", &["cli"]),
        ("#[serde(with = \"crate::not::a::path\")] struct S; // crate::nor::this", &[]),
        ("let s = Foo { a: 1 }; a::crate_name::x();", &[]),
        (
            "use crate::app::ports::{Store,\n    // crate::comment::here\n    Tx};",
            &["app::ports::Store", "app::ports::Tx"],
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(inner(source), *expected, "of {source:?}");
    }
}

#[test]
fn keeps_lines_aliases_and_paths_of_other_crates() {
    let found = scan(
        "use std::{\n  fs,\n  io::Write as _,\n};\nfn f() { ::regex::escape(\"\"); }\nuse serde;\nmod x;",
    );
    let rows: Vec<(String, &str, usize)> =
        found.written.iter().map(|path| (path.segments.join("::"), path.name.as_str(), path.line)).collect();
    assert_eq!(
        rows,
        [
            ("std::fs".to_owned(), "fs", 2),
            ("std::io::Write".to_owned(), "_", 3),
            ("regex::escape".to_owned(), "escape", 5),
            ("serde".to_owned(), "serde", 6),
        ]
    );
    assert_eq!(found.modules, ["x"]);
}
