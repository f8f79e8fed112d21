//! A rule as the lints see it: its conditions as sets that can be compared. Whatever this view does not
//! know (a new condition, a group) makes the rule opaque, and the lints silent about it: a lint is never
//! wrong.
//!
//! What is not seen: that one regular expression covers another, that a kind's name means a kind's
//! abbreviation, that a date is implied by a symbol's year.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::rule::{Rule, Targets, When};
use crate::domain::text::{bare_key, tone_key};
use crate::domain::unit::Validity;

/// A rule, ready to be compared.
pub struct View<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Nothing of its conditions is unknown to this view.
    pub clear: bool,
    /// Conditions met by any entry: `None` where absent.
    sets: [Option<BTreeSet<String>>; 6],
    /// Phrases, folded as they are compared.
    any: Vec<String>,
    all: Vec<String>,
    none: Vec<String>,
}

impl<'a> View<'a> {
    /// Looks at a rule.
    pub fn new(rule: &'a Rule) -> Self {
        let when = &rule.when;
        let fold = |phrases: &[String]| {
            let key = if when.accent_free { bare_key } else { tone_key };
            phrases.iter().map(|phrase| key(phrase)).collect()
        };
        Self {
            rule,
            clear: is_known(when),
            sets: [
                set(when.issuer.iter().cloned()),
                set(when.kind.iter().cloned()),
                set(when.symbol.iter().cloned()),
                set(when.urgency.iter().map(|one| one.as_str().to_owned())),
                set(when.operation.iter().map(|one| one.as_str().to_owned())),
                set(when.source.iter().map(|one| one.as_str().to_owned())),
            ],
            any: fold(&when.text_any),
            all: fold(&when.text_all),
            none: fold(&when.text_none),
        }
    }

    /// Whom the rule chooses where it asks for one thing. The tasks of a plan are work of their own, neither
    /// the same as another rule's nor against it: plans are not compared by what they ask.
    pub fn only_targets(&self) -> Option<&'a Targets> {
        let mut asks = self.rule.asks().into_iter().filter(|ask| ask.task.is_none());
        asks.next().map(|ask| ask.to)
    }

    /// Whether every document and day that `narrow` matches is surely matched by this rule too.
    pub fn covers(&self, narrow: &View<'_>) -> bool {
        let texts = self.any.is_empty() && self.all.is_empty() && self.none.is_empty();
        let alike = self.rule.when.accent_free == narrow.rule.when.accent_free;
        self.clear
            && narrow.clear
            && self
                .sets
                .iter()
                .zip(&narrow.sets)
                .all(|(wide, narrow)| includes(wide.as_ref(), narrow.as_ref()))
            && (texts || (alike && self.covers_texts(narrow)))
            && self.covers_pattern(narrow)
            && spans(self.issued(), narrow.issued())
            && spans(self.rule.valid, narrow.rule.valid)
    }

    fn covers_texts(&self, narrow: &View<'_>) -> bool {
        // The narrow rule surely meets one of these phrases where it matches.
        let said = |phrase: &String| {
            narrow.all.iter().any(|all| has_words(all, phrase))
                || (!narrow.any.is_empty() && narrow.any.iter().all(|any| has_words(any, phrase)))
        };
        let one_of_any = |text: &String| self.any.iter().any(|phrase| has_words(text, phrase));
        let any = self.any.is_empty()
            || narrow.all.iter().any(one_of_any)
            || (!narrow.any.is_empty() && narrow.any.iter().all(one_of_any));
        let none = |phrase: &String| narrow.none.iter().any(|absent| has_words(phrase, absent));
        any && self.all.iter().all(said) && self.none.iter().all(none)
    }

    fn covers_pattern(&self, narrow: &View<'_>) -> bool {
        let pattern = |rule: &Rule| rule.when.text_regex.as_ref().map(|regex| regex.as_str().to_owned());
        let wide = pattern(self.rule);
        wide.is_none() || wide == pattern(narrow.rule)
    }

    fn issued(&self) -> Validity {
        Validity { from: self.rule.when.issued_from, until: self.rule.when.issued_until }
    }

    /// Why no document can meet all conditions, if that is sure.
    pub fn conflict(&self) -> Option<(String, String)> {
        let quoted = |key: &str, phrase: &str, other: &str| {
            (
                format!("{key} đòi “{phrase}” nhưng text_none loại “{other}”"),
                format!("{key} wants “{phrase}” but text_none excludes “{other}”"),
            )
        };
        let excluded = |phrase: &String| self.none.iter().find(|absent| has_words(phrase, absent));
        let all = self.all.iter().find_map(|phrase| Some(quoted("text_all", phrase, excluded(phrase)?)));
        let any: Option<Vec<_>> = self.any.iter().map(|phrase| Some((phrase, excluded(phrase)?))).collect();
        let any =
            any.and_then(|pairs| pairs.first().map(|(phrase, other)| quoted("text_any", phrase, other)));
        all.or(any).filter(|_| self.clear)
    }
}

/// Whether `wide` surely chooses every cell that `narrow` chooses, on any day.
pub fn chooses_all_of(wide: &Targets, narrow: &Targets) -> bool {
    if wide == narrow {
        return true;
    }
    if !is_plain(wide) || !is_plain(narrow) {
        return false;
    }
    let within = |wide: &[String], narrow: &[String]| {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|one| wide.contains(one)))
    };
    let narrowed = |to: &Targets| !(to.kind.is_empty() && to.sector.is_empty() && to.subtree.is_empty());
    let subtree = wide.subtree.is_empty()
        || (!narrow.subtree.is_empty() && narrow.subtree.iter().all(|root| wide.subtree.contains(root)));
    let parts = within(&wide.kind, &narrow.kind) && within(&wide.sector, &narrow.sector) && subtree;
    (!narrowed(narrow) || (narrowed(wide) && parts))
        && narrow.units.iter().all(|unit| wide.units.contains(unit))
        && wide.except.iter().all(|unit| narrow.except.contains(unit))
}

/// Whether two rules ask the same of whomever they choose.
pub fn same_duty(left: &Rule, right: &Rule) -> bool {
    duty(left) == duty(right)
}

/// All that a rule says but its name, its conditions, its targets and its place.
fn duty(rule: &Rule) -> String {
    let blank = Rule {
        id: "".into(),
        name: String::new(),
        when: When::default(),
        to: Targets::default(),
        valid: Validity::default(),
        is_final: false,
        place: String::new(),
        ..rule.clone()
    };
    format!("{blank:?}")
}

/// Whether all that `when` holds is known here: with the known parts taken out, nothing is left.
fn is_known(when: &When) -> bool {
    let rest = When {
        issuer: Vec::new(),
        kind: Vec::new(),
        symbol: Vec::new(),
        urgency: Vec::new(),
        operation: Vec::new(),
        source: Vec::new(),
        text_any: Vec::new(),
        text_all: Vec::new(),
        text_none: Vec::new(),
        text_regex: None,
        accent_free: false,
        issued_from: None,
        issued_until: None,
        ..when.clone()
    };
    format!("{rest:?}") == format!("{:?}", When::default())
}

/// The same for targets.
pub fn is_plain(to: &Targets) -> bool {
    let rest = Targets {
        kind: Vec::new(),
        sector: Vec::new(),
        subtree: Vec::new(),
        units: Vec::new(),
        except: Vec::new(),
        ..to.clone()
    };
    rest == Targets::default()
}

fn set(entries: impl Iterator<Item = String>) -> Option<BTreeSet<String>> {
    let set: BTreeSet<String> = entries.collect();
    (!set.is_empty()).then_some(set)
}

fn includes(wide: Option<&BTreeSet<String>>, narrow: Option<&BTreeSet<String>>) -> bool {
    match (wide, narrow) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wide), Some(narrow)) => narrow.is_subset(wide),
    }
}

fn spans(wide: Validity, narrow: Validity) -> bool {
    let after = |wide: NaiveDate, narrow: Option<NaiveDate>| narrow.is_some_and(|day| wide <= day);
    let before = |wide: NaiveDate, narrow: Option<NaiveDate>| narrow.is_some_and(|day| day <= wide);
    wide.from.is_none_or(|from| after(from, narrow.from))
        && wide.until.is_none_or(|until| before(until, narrow.until))
}

/// Whether `phrase` stands in `text` as whole words; both folded.
fn has_words(text: &str, phrase: &str) -> bool {
    let touches = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, found)| {
            let (before, rest) = text.split_at(at);
            let after = rest.strip_prefix(found).unwrap_or_default();
            !touches(before.chars().next_back()) && !touches(after.chars().next())
        })
}
