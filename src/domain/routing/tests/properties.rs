//! What must hold whatever the rules and the document are.

use std::collections::BTreeMap;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::domain::rule::Direct;

/// Words that meet each other in all the ways words do: accents apart, one within another, tone places.
const WORDS: [&str; 12] =
    ["hoà", "hòa", "bản", "bàn", "ban", "quý", "uỷ", "đảng uỷ", "đảng", "chi bộ", "chi", "báo cáo quý"];
const SYMBOLS: [&str; 6] = ["1-KH/TU", "2-BC/ĐUK", "3/ABC-UBND", "4-QĐ/TW", "số mấy", ""];
const ISSUERS: [&str; 5] = ["TU", "ĐUK", "duk", "Tỉnh uỷ", "Đảng ủy Khối các cơ quan"];
const KINDS: [&str; 5] = ["KH", "BC", "Kế hoạch", "quy định", "QĐ"];
const PATTERNS: [&str; 5] = ["báo cáo .*quý", r"[0-9]+", "^đảng", "chi bộ|ban", r"\bho.\b"];

fn some(list: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(list).prop_map(str::to_owned), 0..=most)
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..6).prop_map(|words| words.join(" "))
}

fn papers() -> impl Strategy<Value = Document> {
    let names = (prop::sample::select(&SYMBOLS[..]), prop::sample::select(&ISSUERS[..]));
    let kind = prop::option::of(prop::sample::select(&KINDS[2..4]));
    let urgency = prop::sample::select(vec![Urgency::Unknown, Urgency::Express]);
    let to = some(&["db-1", "cb-2", "Tên dn-1", "nơi khác"], 2);
    (names, kind, text(), prop::option::of(text()), urgency, to).prop_map(
        |((symbol, issuer), kind, subject, content, urgency, addressees)| Document {
            kind_name: kind.map(str::to_owned),
            content,
            issuer: issuer.to_owned(),
            urgency,
            addressees,
            ..document(symbol, &subject)
        },
    )
}

fn flat() -> impl Strategy<Value = When> {
    let names = (some(&ISSUERS, 1), some(&KINDS, 2), some(&["KH", "ABC", "UBND"], 1));
    let texts = (some(&WORDS, 2), some(&WORDS, 1), some(&WORDS, 1));
    let pattern = prop::option::weighted(0.2, prop::sample::select(&PATTERNS[..]));
    let urgency = prop::option::weighted(0.2, Just(Urgency::Express));
    (names, texts, pattern, urgency, any::<bool>(), any::<bool>()).prop_map(
        |((issuer, kind, symbol), (text_any, text_all, text_none), pattern, urgency, accent_free, dated)| {
            When {
                issuer,
                kind,
                symbol,
                urgency: urgency.into_iter().collect(),
                text_any,
                text_all,
                text_none,
                text_regex: pattern.map(|pattern| regex::Regex::new(pattern).unwrap()),
                accent_free,
                issued_from: dated.then(|| day("2026-01-14")),
                ..When::default()
            }
        },
    )
}

fn whens() -> impl Strategy<Value = When> {
    flat().prop_recursive(2, 6, 2, |inner| {
        let tables = || prop::collection::vec(inner.clone(), 0..2);
        (flat(), tables(), tables(), tables()).prop_map(|(when, all, any, none)| When {
            all,
            any,
            none,
            ..when
        })
    })
}

fn aims() -> impl Strategy<Value = Targets> {
    prop::sample::select(vec![
        everyone(),
        Targets { sector: words(&["administration"]), ..Targets::default() },
        Targets { tag: words(&["border"]), ..Targets::default() },
        Targets { direct: Some(Direct::Cells), ..Targets::default() },
        Targets { units: vec!["db-1".into()], cascade: true, ..Targets::default() },
    ])
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let roles = prop::sample::select(vec![Role::Lead, Role::Support, Role::Inform]);
    let one = (whens(), aims(), roles, 0..6_u16, prop::option::weighted(0.1, Just("lưu".to_owned())));
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let number = |(number, (when, to, role, days, nobody)): (
            usize,
            (When, Targets, Role, u16, Option<String>),
        )| {
            let id = format!("r{number}");
            let due = [DueSource::WorkingDays(days)].into_iter().filter(|_| days > 0).collect();
            let ladder = Ladder { name: format!("l{number}"), ..Ladder::default() };
            let is_final = days == 5;
            Rule { role, is_final, nobody_because: nobody, due, ladder, ..rule(&id, when, to) }
        };
        all.into_iter().enumerate().map(number).collect()
    })
}

/// What is asked of each cell.
fn asked(trace: &Trace) -> BTreeMap<UnitId, Duty> {
    let Outcome::Assigned { assignments } = &trace.outcome else { return BTreeMap::new() };
    let each = assignments.iter().flat_map(|group| group.cells.iter().map(move |cell| (cell, &group.duty)));
    each.map(|(cell, duty)| (cell.clone(), duty.clone())).collect()
}

/// One of the spellings of a text that mean the same.
fn respelt(text: &str, how: u8) -> String {
    let places = [("oà", "òa"), ("uỷ", "ủy"), ("hòa", "hoà"), ("ủy", "uỷ")];
    match how {
        0 => text.nfd().collect(),
        1 => text.to_uppercase(),
        2 => text.replace(' ', "\u{a0} "),
        _ => places.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)),
    }
}

fn respell(when: &When, how: u8) -> When {
    let each = |texts: &[String]| texts.iter().map(|text| respelt(text, how)).collect();
    let tables = |tables: &[When]| tables.iter().map(|table| respell(table, how)).collect();
    When {
        text_any: each(&when.text_any),
        text_all: each(&when.text_all),
        text_none: each(&when.text_none),
        all: tables(&when.all),
        any: tables(&when.any),
        none: tables(&when.none),
        ..when.clone()
    }
}

proptest! {
    #[test]
    fn deciding_and_tracing_agree(rules in rules(), paper in papers()) {
        let ruleset = Ruleset::new(rules, "h".to_owned());
        let (units, calendar) = (units(), calendar());
        let whole = route(&ruleset, &paper, &units, &calendar, now());
        let short = decide(&ruleset, &paper, &units, &calendar, now());
        prop_assert_eq!(&short.outcome, &whole.outcome);
        let matched: Vec<_> =
            whole.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched).cloned().collect();
        prop_assert_eq!(short.left_out + matched.len(), whole.rules.len());
        prop_assert_eq!(short.rules, matched);
    }

    #[test]
    fn spellings_of_one_text_route_alike(rules in rules(), paper in papers(), how in 0..4u8, also in 0..4u8) {
        let plain = run(rules.clone(), &paper);
        let respelt_paper = Document {
            subject: respelt(&paper.subject, how),
            content: paper.content.as_ref().map(|text| respelt(text, how)),
            issuer: if how == 1 { paper.issuer.clone() } else { respelt(&paper.issuer, how) },
            ..paper.clone()
        };
        let respelt_rules = rules.into_iter().map(|rule| Rule { when: respell(&rule.when, also), ..rule });
        let other = run(respelt_rules.collect(), &respelt_paper);
        prop_assert_eq!(plain.outcome, other.outcome);
    }

    #[test]
    fn without_a_final_rule_the_order_of_rules_changes_nothing(rules in rules(), paper in papers(), seed in any::<u64>()) {
        let mut rules = rules;
        rules.iter_mut().for_each(|rule| rule.is_final = false);
        let plain = asked(&run(rules.clone(), &paper));
        let mut state = seed;
        for last in (1..rules.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            rules.swap(last, (state >> 33) as usize % (last + 1));
        }
        prop_assert_eq!(plain, asked(&run(rules, &paper)));
    }
}
