//! Checks that documents name what is there: paths of files and `module::item` names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::check::Tree;

/// Folders whose paths a document may name; each such path must exist.
const ROOTED: &[&str] = &["src/", "tests/", "deploy/", "docs/", "benches/"];

/// Folders of src/ that `document` does not name.
pub fn unnamed_folders(tree: &Tree, root: &Path, document: &str) -> Vec<String> {
    let text = fs::read_to_string(root.join(document)).unwrap();
    let folders = tree.top_modules().into_iter().filter(|module| root.join("src").join(module).is_dir());
    let unnamed = folders.filter(|folder| !text.contains(&format!("src/{folder}/")));
    unnamed.map(|folder| format!("  {document}: does not name src/{folder}/")).collect()
}

/// Names in code marks of `document` that stand for nothing.
pub fn stale_names(tree: &Tree, root: &Path, document: &str) -> Vec<String> {
    let text = fs::read_to_string(root.join(document)).unwrap();
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let stale = code_marks(line).filter(|name| !stands(tree, root, name));
        findings.extend(stale.map(|name| format!("  {document}:{}: `{name}` does not exist", number + 1)));
    }
    findings
}

/// Links of `document` to files that are not there. Pictures are left out: a reader sees a missing one.
pub fn broken_links(root: &Path, document: &str) -> Vec<String> {
    let text = fs::read_to_string(root.join(document)).unwrap();
    let folder = root.join(document).parent().unwrap().to_owned();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let ours = targets.filter(|target| !target.contains("://"));
    let missing = ours.filter(|target| !leads_somewhere(target, &text, &folder));
    missing.map(|target| format!("  {document}: links to {target}, which does not exist")).collect()
}

/// Whether a link's file is there, and in a page its heading.
fn leads_somewhere(target: &str, here: &str, folder: &Path) -> bool {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let there = if file.is_empty() { Ok(here.to_owned()) } else { fs::read_to_string(folder.join(file)) };
    match (there, heading) {
        (_, "") => folder.join(file).exists(),
        (Ok(text), heading) => text.lines().any(|line| anchor(line).as_deref() == Some(heading)),
        (Err(_), _) => false,
    }
}

/// The anchor of a heading as GitHub makes it: lower case, no punctuation, hyphens for spaces.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
}

/// What stands between single backticks.
fn code_marks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn stands(tree: &Tree, root: &Path, name: &str) -> bool {
    let is_pattern = name.contains(['*', '<', '{', ' ']);
    if is_pattern {
        true
    } else if ROOTED.iter().any(|folder| name.starts_with(folder)) {
        root.join(name).exists()
    } else if name.contains("::") {
        item_stands(tree, name)
    } else {
        true
    }
}

/// Follows `a::b::c` into the modules as far as they go; what is left must be a word of that module.
/// A name that begins with no module of ours (`std::fs`) is not ours to check.
fn item_stands(tree: &Tree, name: &str) -> bool {
    let path: Vec<&str> = name.trim_end_matches("()").split("::").collect();
    if !tree.top_modules().contains(&path[0]) {
        return true;
    }
    let depth = (1..=path.len()).rev().find(|depth| !files(tree, &path[..*depth]).is_empty()).unwrap_or(0);
    let words: BTreeSet<&str> = files(tree, &path[..depth])
        .iter()
        .flat_map(|file| file.scan.words.iter().map(|(word, _)| word.as_str()))
        .collect();
    path[depth..].iter().all(|item| words.contains(item))
}

/// Files of a module and below it.
fn files<'a>(tree: &'a Tree, module: &[&str]) -> Vec<&'a super::check::File> {
    tree.files.iter().filter(|file| file.module.iter().take(module.len()).eq(module.iter())).collect()
}

#[test]
fn names_are_followed_to_their_module() {
    let sources = [("src/domain/routing.rs", "pub fn route() {}"), ("src/app/mod.rs", "pub mod ports;")];
    let tree = Tree::new(sources.map(|(path, text)| (path.into(), text)).into_iter(), "");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = [
        ("domain::routing::route", true),
        ("domain::routing::route()", true),
        ("domain::routing", true),
        ("domain::routing::rout", false),
        ("domain::gone::route", false),
        ("app::ports", true),
        ("std::fs", true),
        ("src/lib.rs", true),
        ("src/nowhere.rs", false),
        ("cargo test", true),
        ("docs/*.md", true),
    ];
    for (name, expected) in cases {
        assert_eq!(stands(&tree, root, name), expected, "{name}");
    }
    assert_eq!(code_marks("a `b` c `d::e`").collect::<Vec<_>>(), ["b", "d::e"]);
}
