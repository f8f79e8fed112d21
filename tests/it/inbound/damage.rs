//! The short form of the fuzz target `inbound`: mails damaged at random are answered within the cage, head and whole
//! agree on what they are, and nothing that was not said is heard.

use chrono::NaiveDate;
use proptest::prelude::*;
use vanthu::domain::inbound::{Nature, Said, nature, said};
use vanthu::mail::inbound::{glance, identity, read};

const SEEDS: [&[u8]; 4] = [
    include_bytes!("../../../fuzz/seeds/inbound/tra-loi.eml"),
    include_bytes!("../../../fuzz/seeds/inbound/tra-lai.eml"),
    include_bytes!("../../../fuzz/seeds/inbound/vang-mat.eml"),
    include_bytes!("../../../fuzz/seeds/inbound/html.eml"),
];

fn check(bytes: &[u8]) {
    let seen = glance(bytes, bytes.len() as u64);
    assert_eq!(identity(bytes).len(), 64);
    let Ok(mail) = read(bytes) else { return };
    assert_eq!(seen.head.message_id, mail.message_id, "head and whole agree on what it is");
    assert_eq!(nature(&mail) == Nature::Report, mail.report.is_some());
    let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    if let Said::Done { report_date: Some(day), .. } = said(&mail.text, today) {
        assert!(day <= today, "a report that is done is not of a day to come");
    }
}

#[test]
fn the_seeds_are_what_they_are_called() {
    let natures = SEEDS.map(|seed| nature(&read(seed).unwrap()));
    assert!(
        matches!(natures, [Nature::Person, Nature::Report, Nature::Machine(_), Nature::Person]),
        "{natures:?}"
    );
    let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    assert!(matches!(said(&read(SEEDS[3]).unwrap().text, today), Said::Received));
}

/// The parser falls over this one, where its own assertions are on; whoever reads it goes on.
#[test]
fn a_mail_that_fells_the_parser_is_answered() {
    check(include_bytes!("../../../fuzz/seeds/inbound/phan-lac.eml"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_mails_are_answered(
        seed in prop::sample::select(SEEDS.to_vec()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..12), 0..12_usize), 1..4),
    ) {
        let mut mail = seed.to_vec();
        for (at, with, gone) in damage {
            let at = at.index(mail.len() + 1);
            let end = (at + gone).min(mail.len());
            mail.splice(at..end, with);
        }
        check(&mail);
    }
}
