//! The source tree and the rules checked on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::paths::{Scan, Written, scan};

/// One file of src/.
#[derive(Debug)]
pub struct File {
    /// Path from the project's root.
    pub path: PathBuf,
    /// Its module, `["web", "pages"]`; `["lib"]` and `["main"]` for the two roots.
    pub module: Vec<String>,
    /// Lines before the inline tests.
    pub lines: usize,
    /// What it uses.
    pub scan: Scan,
}

/// All of src/, and the crates it may name.
#[derive(Debug)]
pub struct Tree {
    /// The files, sorted by path.
    pub files: Vec<File>,
    /// Names of the dependencies as code writes them, and `std`.
    crates: BTreeSet<String>,
}

impl Tree {
    /// Reads src/ and Cargo.toml below `root`.
    pub fn read(root: &Path) -> Self {
        let mut sources = BTreeMap::new();
        collect(&root.join("src"), &mut sources);
        let relative = |path: &Path| path.strip_prefix(root).unwrap().to_owned();
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        Self::new(sources.iter().map(|(path, text)| (relative(path), text.as_str())), &manifest)
    }

    /// A tree from texts.
    pub fn new<'a>(files: impl Iterator<Item = (PathBuf, &'a str)>, manifest: &str) -> Self {
        let files = files.map(|(path, text)| File {
            module: module_of(&path),
            lines: text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count(),
            scan: scan(text),
            path,
        });
        Self { files: files.collect(), crates: dependencies(manifest) }
    }

    /// The top modules that exist, sorted, with `lib` and `main`.
    pub fn top_modules(&self) -> Vec<&str> {
        let all: BTreeSet<&str> =
            self.files.iter().filter_map(|file| file.module.first()).map(String::as_str).collect();
        all.into_iter().collect()
    }

    /// Uses of a module by one that may not.
    pub fn forbidden_edges(&self, edges: &[(&str, &[&str])]) -> Vec<String> {
        let mut findings = Vec::new();
        for file in &self.files {
            let from = layer(&file.module);
            let allowed = edges.iter().find(|(module, _)| *module == from).map_or(&[][..], |(_, to)| to);
            for path in &file.scan.written {
                let Some(absolute) = path.absolute(home(&file.module)) else { continue };
                let to = layer(&absolute);
                if to != from && !allowed.contains(&to.as_str()) {
                    findings.push(at(
                        file,
                        path.line,
                        &format!("{from} must not use {to} ({})", path.segments.join("::")),
                    ));
                }
            }
        }
        findings
    }

    /// What the domain takes from crates it may not use, or from parts of them it may not use; and
    /// `async`, which only IO needs. Inline tests may take what they like.
    pub fn impurities(&self, crates: &[&str], never: &[&str]) -> Vec<String> {
        let mut findings = Vec::new();
        for file in self.files.iter().filter(|file| layer(&file.module) == "domain") {
            let named = names_in_scope(file);
            for path in file.scan.written.iter().filter(|path| path.line <= file.lines) {
                let first = path.segments.first().map_or("", String::as_str);
                let whole = path.segments.join("::");
                let foreign = self.crates.contains(first) && !named.contains(first);
                let banned = |part: &&str| whole == **part || whole.starts_with(&format!("{part}::"));
                if foreign && (!crates.contains(&first) || never.iter().any(banned)) {
                    findings.push(at(file, path.line, &format!("the domain must not use {whole}")));
                }
            }
            let is_async = |word: &&(String, usize)| word.0 == "async" && word.1 <= file.lines;
            findings.extend(
                file.scan
                    .words
                    .iter()
                    .filter(is_async)
                    .map(|(_, line)| at(file, *line, "async in the domain")),
            );
        }
        findings
    }

    /// Files of more than `longest` lines before their inline tests.
    pub fn long_files(&self, longest: usize) -> Vec<String> {
        let long = self.files.iter().filter(|file| file.lines > longest);
        long.map(|file| {
            at(file, file.lines, &format!("{} lines, at most {longest} without tests", file.lines))
        })
        .collect()
    }
}

fn at(file: &File, line: usize, what: &str) -> String {
    format!("  {}:{line}: {what}", file.path.display())
}

fn collect(folder: &Path, into: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.insert(path.clone(), fs::read_to_string(&path).unwrap());
        }
    }
}

/// `src/web/pages.rs` and `src/web/pages/mod.rs` are both `["web", "pages"]`.
fn module_of(path: &Path) -> Vec<String> {
    let without = path.with_extension("");
    let mut module: Vec<String> =
        without.components().skip(1).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The path `self` stands for: the two roots are the crate itself.
fn home(module: &[String]) -> &[String] {
    if matches!(module, [root] if root == "lib" || root == "main") { &[] } else { module }
}

/// The row of the edge table a module belongs to.
fn layer(module: &[String]) -> String {
    match module {
        [] => "the crate root".to_owned(),
        [app, ports, ..] if app == "app" && ports == "ports" => "app::ports".to_owned(),
        [top, ..] => top.clone(),
    }
}

/// Names a file brings into scope by itself: its modules, and what it imports from this crate. They
/// hide crates of the same name (the domain has a `secrecy` of its own).
fn names_in_scope(file: &File) -> BTreeSet<&str> {
    let own = |path: &&Written| path.absolute(&file.module).is_some();
    let imported = file.scan.written.iter().filter(own).map(|path| path.name.as_str());
    imported.chain(file.scan.modules.iter().map(String::as_str)).collect()
}

/// Keys of `[dependencies]` as code writes them, and the crates that are always there.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let section = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let keys = section.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    let names = keys.map(|(key, _)| key.trim().replace('-', "_"));
    names.filter(|name| !name.starts_with('#')).chain(["std", "core", "alloc"].map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"x\"\n[dependencies]\n# time\nserde = \"1\"\nsecrecy = \"1\"\n\
                            quick-xml = \"1\"\ntokio = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n";

    fn tree(path: &str, text: &str) -> Tree {
        Tree::new([(PathBuf::from(path), text)].into_iter(), MANIFEST)
    }

    #[test]
    fn forbidden_edges_are_found_with_file_and_line() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("src/web/pages.rs", "use crate::app::ports::Store;\nuse crate::render::X;", &[]),
            (
                "src/web/pages.rs",
                "\nuse crate::{\n  app::Office,\n  store::Sqlite,\n};",
                &["  src/web/pages.rs:4: web must not use store (crate::store::Sqlite)"],
            ),
            (
                "src/web/mod.rs",
                "use super::store;",
                &["  src/web/mod.rs:1: web must not use store (super::store)"],
            ),
            (
                "src/source/http.rs",
                "use crate::app::ingest;",
                &["  src/source/http.rs:1: source must not use app (crate::app::ingest)"],
            ),
            (
                "src/app/ports/store.rs",
                "use super::super::ingest;",
                &["  src/app/ports/store.rs:1: app::ports must not use app (super::super::ingest)"],
            ),
            ("src/app/ingest.rs", "use super::ports::Tx; use crate::domain::routing;", &[]),
            (
                "src/domain/text.rs",
                "#[cfg(test)]\nmod tests {\n  use super::*;\n  use crate::demo;\n}",
                &["  src/domain/text.rs:4: domain must not use demo (crate::demo)"],
            ),
            (
                "src/demo/mod.rs",
                "use crate::domain::text;",
                &["  src/demo/mod.rs:1: demo must not use domain (crate::domain::text)"],
            ),
            (
                "src/web/mod.rs",
                "use crate as all; fn f() { all::store::open() }",
                &["  src/web/mod.rs:1: web must not use the crate root (crate)"],
            ),
            (
                "src/main.rs",
                "fn main() { vanthu::cli::main(); vanthu::store::open(); }",
                &["  src/main.rs:1: main must not use store (vanthu::store::open)"],
            ),
        ];
        for (path, text, expected) in cases {
            assert_eq!(tree(path, text).forbidden_edges(super::super::EDGES), *expected, "of {path}: {text}");
        }
    }

    #[test]
    fn impurities_are_found_and_namesakes_are_not() {
        let cases: &[(&str, &[&str])] = &[
            ("use serde::Serialize; use std::fmt; use super::secrecy::Open;", &[]),
            ("use super::secrecy;\nfn f() { secrecy::judge() }", &[]),
            (
                "use secrecy::SecretString;",
                &["  src/domain/x.rs:1: the domain must not use secrecy::SecretString"],
            ),
            (
                "fn f() {\n  tokio::time::sleep(d) }",
                &["  src/domain/x.rs:2: the domain must not use tokio::time::sleep"],
            ),
            ("use std::{fmt, fs};", &["  src/domain/x.rs:1: the domain must not use std::fs"]),
            (
                "use std::time::{Duration, Instant};",
                &["  src/domain/x.rs:1: the domain must not use std::time::Instant"],
            ),
            ("use ::core::cell::Cell;", &["  src/domain/x.rs:1: the domain must not use core::cell::Cell"]),
            ("pub async fn f() {}", &["  src/domain/x.rs:1: async in the domain"]),
            ("fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; async fn g() {} }", &[]),
        ];
        for (text, expected) in cases {
            let found = tree("src/domain/x.rs", text)
                .impurities(&["std", "serde"], &["std::fs", "std::time::Instant"]);
            assert_eq!(found, *expected, "of {text}");
        }
        assert!(
            tree("src/web/x.rs", "use std::fs;").impurities(&[], &[]).is_empty(),
            "other layers are free"
        );
    }

    #[test]
    fn inline_tests_do_not_count_as_length() {
        let code = "fn f() {}\n".repeat(4);
        let tests = format!("{code}#[cfg(test)]\n{code}");
        assert!(tree("src/web/x.rs", &tests).long_files(4).is_empty());
        assert_eq!(
            tree("src/web/x.rs", &tests).long_files(3),
            ["  src/web/x.rs:4: 4 lines, at most 3 without tests"]
        );
    }

    #[test]
    fn manifest_keys_become_crate_names() {
        let names = dependencies(MANIFEST);
        assert!(names.contains("quick_xml") && names.contains("std"));
        assert!(!names.contains("proptest") && !names.contains("name"));
    }
}
