//! Mail that came back: whatever bytes come, an answer within the cage, and only bounded words of it.

#![no_main]

mod bounds;

use std::sync::Once;

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use vanthu::domain::inbound::{Nature, Said, nature, said};
use vanthu::mail::inbound::{glance, identity, read};

/// The runner ends the process at every panic, also at one that the cage catches; whatever leaves the cage ends it
/// all the same.
static HOOK: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(|| std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))));
    bounds::within_bounds(|| check(bytes));
});

fn check(bytes: &[u8]) {
    let seen = glance(bytes, bytes.len() as u64);
    assert_eq!(identity(bytes).len(), 64);
    let Ok(mail) = read(bytes) else { return };
    assert!(mail.refers.len() <= 64 && mail.to.len() <= 64, "a message refers to a handful");
    assert!(mail.text.chars().count() <= 2 * (64 << 10), "words are bounded");
    assert_eq!(seen.head.message_id, mail.message_id, "head and whole agree on what it is");
    if nature(&mail) == Nature::Report {
        assert!(mail.report.is_some());
    }
    let today = NaiveDate::from_ymd_opt(2026, 3, 10).expect("a day");
    if let Said::Done { report_date: Some(day), .. } = said(&mail.text, today) {
        assert!(day <= today, "a report that is done is not of a day to come");
    }
}
