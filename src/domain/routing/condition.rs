//! Conditions compiled from [`When`]: what each asks in atoms, for judging, and in the words of its
//! writer, for telling. Both ways lead through here, so that they cannot say different things.

use chrono::{Days, NaiveDate};
use regex::Regex;

use super::atoms::{Atom, Atoms};
use super::facts::Facts;
use super::literal;
use crate::domain::rule::When;
use crate::domain::text::{bare_key, tone_key};

/// One condition of a rule.
#[derive(Debug)]
pub(super) struct Condition {
    /// The key in TOML, for example `text_any`.
    pub(super) key: &'static str,
    /// What the rule wants, as written; one entry per atom where it asks for atoms.
    pub(super) wanted: Vec<String>,
    /// Whether its text is compared without accents.
    pub(super) bare: bool,
    /// What must be so.
    pub(super) test: Test,
}

/// What must be so.
#[derive(Debug)]
pub(super) enum Test {
    /// One of these atoms.
    Any(Vec<Atom>),
    /// All of them.
    All(Vec<Atom>),
    /// None of them.
    None(Vec<Atom>),
    /// The pattern, which needs one of these atoms if any are given.
    Regex(Regex, Option<Vec<Atom>>),
    /// The day of issue lies within.
    Issued(Option<NaiveDate>, Option<NaiveDate>),
    /// The day of receipt lies within.
    Received(Option<NaiveDate>, Option<NaiveDate>),
    /// Issued at most so many days before the day of receipt.
    IssuedWithin(u16),
    /// Each table of conditions is met.
    EachTable(Vec<Table>),
    /// One of them is.
    OneTable(Vec<Table>),
    /// None of them is.
    NoTable(Vec<Table>),
}

/// Conditions that must all be met.
pub(super) type Table = Vec<Condition>;

/// Whether each condition of a table is met.
pub(super) fn is_met(table: &[Condition], facts: &Facts<'_>) -> bool {
    table.iter().all(|condition| condition.is_met(facts))
}

impl Condition {
    /// Whether the document meets it.
    pub(super) fn is_met(&self, facts: &Facts<'_>) -> bool {
        let within = |day: Option<NaiveDate>, from: &Option<NaiveDate>, until: &Option<NaiveDate>| {
            day.is_some_and(|day| {
                from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
            })
        };
        match &self.test {
            Test::Any(atoms) => atoms.iter().any(|atom| facts.has(*atom)),
            Test::All(atoms) => atoms.iter().all(|atom| facts.has(*atom)),
            Test::None(atoms) => !atoms.iter().any(|atom| facts.has(*atom)),
            Test::Regex(regex, hints) => {
                let hinted = hints.as_ref().is_none_or(|hints| hints.iter().any(|atom| facts.has(*atom)));
                hinted && regex.is_match(facts.key(self.bare))
            }
            Test::Issued(from, until) => within(facts.document.issued, from, until),
            Test::Received(from, until) => within(Some(facts.received), from, until),
            Test::IssuedWithin(days) => {
                let first = facts.received.checked_sub_days(Days::new(u64::from(*days)));
                within(facts.document.issued, &first, &Some(facts.received))
            }
            Test::EachTable(tables) => tables.iter().all(|table| is_met(table, facts)),
            Test::OneTable(tables) => tables.iter().any(|table| is_met(table, facts)),
            Test::NoTable(tables) => !tables.iter().any(|table| is_met(table, facts)),
        }
    }

    /// Atoms of which the document must have one, or the condition cannot be met; the cheapest such
    /// choice, or `None` if it can be met by a document that has nothing.
    fn access(&self, atoms: &Atoms) -> Option<Vec<Atom>> {
        match &self.test {
            Test::Any(any) => Some(any.clone()),
            Test::All(all) => all.iter().min_by_key(|atom| atoms.cost(&[**atom])).map(|atom| vec![*atom]),
            Test::Regex(_, hints) => hints.clone(),
            Test::EachTable(tables) => {
                cheapest(tables.iter().filter_map(|table| access(table, atoms)), atoms)
            }
            Test::OneTable(tables) => {
                let each: Option<Vec<_>> = tables.iter().map(|table| access(table, atoms)).collect();
                each.map(|each| each.concat())
            }
            Test::None(_)
            | Test::Issued(..)
            | Test::Received(..)
            | Test::IssuedWithin(_)
            | Test::NoTable(_) => None,
        }
    }
}

/// The cheapest set of atoms of which a document must have one, or the table cannot be met.
pub(super) fn access(table: &[Condition], atoms: &Atoms) -> Option<Vec<Atom>> {
    cheapest(table.iter().filter_map(|condition| condition.access(atoms)), atoms)
}

fn cheapest(choices: impl Iterator<Item = Vec<Atom>>, atoms: &Atoms) -> Option<Vec<Atom>> {
    choices.min_by_key(|choice| atoms.cost(choice))
}

/// Compiles a table of conditions, in the fixed order in which a trace shows them.
pub(super) fn compile(when: &When, atoms: &mut Atoms) -> Table {
    let mut table = Vec::new();
    let named = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let urgencies = named(when.urgency.iter().map(|one| one.as_str()).collect());
    let operations = named(when.operation.iter().map(|one| one.as_str()).collect());
    let steerings = named(when.steering.iter().map(|one| one.as_str()).collect());
    let sources: Vec<_> = when.source.iter().map(|source| source.0.clone()).collect();
    let mut any = |key, wanted: &[String], found: Vec<Atom>| {
        if !found.is_empty() {
            table.push(Condition { key, wanted: wanted.to_owned(), bare: false, test: Test::Any(found) });
        }
    };
    any("issuer", &when.issuer, when.issuer.iter().map(|one| atoms.issuer(one)).collect());
    any("kind", &when.kind, when.kind.iter().map(|one| atoms.kind(one)).collect());
    any("symbol", &when.symbol, when.symbol.iter().map(|one| atoms.symbol(one)).collect());
    any("urgency", &urgencies, when.urgency.iter().map(|one| atoms.urgency(*one)).collect());
    any("operation", &operations, when.operation.iter().map(|one| atoms.operation(*one)).collect());
    any("source", &sources, when.source.iter().map(|one| atoms.source(one.as_str())).collect());
    any("steering", &steerings, when.steering.iter().map(|one| atoms.steering(*one)).collect());
    table.extend(texts(when, atoms));
    table.extend(days(when));
    table.extend(tables(when, atoms));
    table
}

fn texts(when: &When, atoms: &mut Atoms) -> Table {
    let bare = when.accent_free;
    let key = |phrase: &String| if bare { bare_key(phrase) } else { tone_key(phrase) };
    let mut table = Vec::new();
    let mut push = |key, wanted: &[String], test| {
        if !wanted.is_empty() {
            table.push(Condition { key, wanted: wanted.to_owned(), bare, test });
        }
    };
    let mut found = |phrases: &[String]| -> Vec<Atom> {
        phrases.iter().map(|phrase| atoms.text(key(phrase).as_bytes(), bare, true)).collect()
    };
    push("text_any", &when.text_any, Test::Any(found(&when.text_any)));
    push("text_all", &when.text_all, Test::All(found(&when.text_all)));
    push("text_none", &when.text_none, Test::None(found(&when.text_none)));
    if let Some(regex) = &when.text_regex {
        let parts = literal::needed(regex.as_str());
        let hints =
            parts.map(|parts| parts.iter().map(|part| atoms.text(part, bare, false)).collect::<Vec<_>>());
        push("text_regex", &[regex.as_str().to_owned()], Test::Regex(regex.clone(), hints));
    }
    table
}

fn days(when: &When) -> Table {
    let condition = |key, wanted, test| Condition { key, wanted: vec![wanted], bare: false, test };
    let shown = NaiveDate::to_string;
    let within =
        when.issued_within.map(|days| condition("issued_within", days.to_string(), Test::IssuedWithin(days)));
    [
        when.issued_from.map(|day| condition("issued_from", shown(&day), Test::Issued(Some(day), None))),
        when.issued_until.map(|day| condition("issued_until", shown(&day), Test::Issued(None, Some(day)))),
        within,
        when.received_from
            .map(|day| condition("received_from", shown(&day), Test::Received(Some(day), None))),
        when.received_until
            .map(|day| condition("received_until", shown(&day), Test::Received(None, Some(day)))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tables(when: &When, atoms: &mut Atoms) -> Table {
    let mut compiled =
        |group: &[When]| -> Vec<Table> { group.iter().map(|one| compile(one, atoms)).collect() };
    let groups = [
        ("all", Test::EachTable(compiled(&when.all)), when.all.is_empty()),
        ("any", Test::OneTable(compiled(&when.any)), when.any.is_empty()),
        ("none", Test::NoTable(compiled(&when.none)), when.none.is_empty()),
    ];
    let written = groups.into_iter().filter(|(_, _, is_empty)| !is_empty);
    written.map(|(key, test, _)| Condition { key, wanted: Vec::new(), bare: false, test }).collect()
}
