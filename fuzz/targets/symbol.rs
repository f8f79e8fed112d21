//! The grammar of symbols: what is read prints the same whichever way its letters are composed, and what is
//! printed reads back.

#![no_main]

mod bounds;

use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization as _;
use vanthu::domain::symbol::{Symbol, System};

fuzz_target!(|text: &str| bounds::within_bounds(|| check(text)));

fn check(text: &str) {
    let read = Symbol::parse(text);
    let [composed, decomposed] = [text.nfc().collect::<String>(), text.nfd().collect()];
    assert_eq!(read, Symbol::parse(&composed));
    assert_eq!(read, Symbol::parse(&decomposed));
    let Some(symbol) = read else { return };
    assert!(!symbol.digits().is_empty());
    assert!(symbol.tokens().all(|token| !token.is_empty()));
    assert_eq!(Symbol::parse(&printed(&symbol)), Some(symbol));
}

fn printed(symbol: &Symbol) -> String {
    let Symbol { number, year, kind, issuer, system } = symbol;
    let issuer = issuer.join("-");
    match system {
        System::Party => format!("{number}-{}/{issuer}", kind.as_deref().unwrap_or_default()),
        System::State => {
            let year = year.map(|year| format!("{year}/")).unwrap_or_default();
            let kind = kind.as_ref().map(|kind| format!("{kind}-")).unwrap_or_default();
            format!("{number}/{year}{kind}{issuer}")
        }
    }
}
