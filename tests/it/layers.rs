//! Holds the architecture: who may use whom, what the domain may lean on, how long a file may grow,
//! and that the map in docs/ names what is there. The rules are the tables below; change one only
//! together with docs/ARCHITECTURE.md, which gives their reasons.

mod check;
mod map;
mod mask;
mod paths;

use std::path::Path;

use check::Tree;

/// Which modules a module may use; itself always. `app::ports` counts apart from `app`, because the
/// adapters see the ports and never the use cases. `main` is src/main.rs, `lib` is src/lib.rs.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("app::ports", &["domain"]),
    ("app", &["app::ports", "domain"]),
    ("tls", &[]),
    ("mime", &[]),
    ("sheet", &["domain"]),
    ("source", &["app::ports", "domain", "mime", "sheet", "tls"]),
    ("store", &["app::ports", "domain"]),
    ("render", &["app::ports", "domain"]),
    ("mail", &["app::ports", "domain", "mime", "render", "tls"]),
    ("web", &["app", "app::ports", "domain", "render"]),
    ("config", &["domain", "sheet"]),
    (
        "runtime",
        &["app", "app::ports", "config", "demo", "domain", "mail", "render", "source", "store", "web"],
    ),
    ("cli", &["app", "app::ports", "config", "demo", "domain", "render", "runtime"]),
    ("demo", &[]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Crates the domain may use: values, text, hashes. None of them reads a clock, a file or a socket by
/// itself where [`DOMAIN_NEVER`] is kept.
const DOMAIN_CRATES: &[&str] = &[
    "std",
    "chrono",
    "chrono_tz",
    "serde",
    "serde_json",
    "regex",
    "regex_syntax",
    "unicode_normalization",
    "icu_collator",
    "icu_locale_core",
    "aws_lc_rs",
    "data_encoding",
    "thiserror",
    "aho_corasick",
    "foldhash",
    "cron",
    "quick_xml",
    "similar",
    "url",
];

/// What the domain may not take from those crates: IO, clocks, randomness, threads.
const DOMAIN_NEVER: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "chrono::Local",
    "aws_lc_rs::rand",
];

/// Longest file in lines, inline tests not counted.
const LONGEST: usize = 400;

/// Documents whose paths and module names must exist.
const MAPS: &[&str] = &["docs/ARCHITECTURE.md", "docs/DECISIONS.md", "CONTRIBUTING.md"];

/// Documents whose links must lead somewhere.
const LINKED: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "deploy/README.md",
    "docs/ARCHITECTURE.md",
    "docs/DECISIONS.md",
    "docs/HUONG-DAN-CAN-BO.md",
    "docs/NATIONAL.md",
    "docs/PERFORMANCE.md",
    "docs/SAP-NHAP.md",
    "docs/SO-TAY-QUY-TAC.md",
    "docs/THA-TEP.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with every finding on a line of its own.
#[track_caller]
fn nothing(findings: &[String], advice: &str) {
    assert!(findings.is_empty(), "{} finding(s); {advice}\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn modules_use_only_what_they_may() {
    nothing(
        &Tree::read(root()).forbidden_edges(EDGES),
        "move the code to where the edge is lawful, or pass the value in as an argument",
    );
}

#[test]
fn every_module_has_a_row_of_edges() {
    let tree = Tree::read(root());
    let mut rows: Vec<&str> = EDGES.iter().map(|(module, _)| *module).collect();
    rows.retain(|module| *module != "app::ports");
    rows.sort_unstable();
    assert_eq!(tree.top_modules(), rows, "a new module of src/ needs a row in EDGES");
}

#[test]
fn the_domain_is_pure() {
    nothing(
        &Tree::read(root()).impurities(DOMAIN_CRATES, DOMAIN_NEVER),
        "the domain gets time, ids and bytes as arguments",
    );
}

#[test]
fn no_file_is_too_long() {
    nothing(&Tree::read(root()).long_files(LONGEST), "cut it where a second noun begins");
}

#[test]
fn the_maps_name_what_exists() {
    let tree = Tree::read(root());
    let mut findings = map::unnamed_folders(&tree, root(), "docs/ARCHITECTURE.md");
    for document in MAPS {
        findings.extend(map::stale_names(&tree, root(), document));
    }
    nothing(&findings, "a stale map is worse than none");
}

#[test]
fn links_lead_somewhere() {
    let findings: Vec<String> =
        LINKED.iter().flat_map(|document| map::broken_links(root(), document)).collect();
    nothing(&findings, "write the file or drop the link");
}
