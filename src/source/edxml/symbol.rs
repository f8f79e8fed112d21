//! Number and notation joined to the symbol as printed. The wire splits it in two, `CodeNumber` and
//! `CodeNotation`, and nobody wrote down where a Party symbol is cut.

/// Joins the two. `7816` and `VPCP-TTĐT` are `7816/VPCP-TTĐT`; `31` and `CV/TU`, `31-CV` and `TU`, or
/// `31-CV/TU` and anything it ends with are `31-CV/TU`. Nothing is added where the cut left its sign.
pub(super) fn join(number: &str, notation: &str) -> String {
    if number.is_empty() || notation.is_empty() {
        return format!("{number}{notation}");
    }
    if is_whole(number, notation) {
        return number.to_owned();
    }
    if is_whole_notation(number, notation) {
        return notation.to_owned();
    }
    let cut = number.ends_with(['-', '/']) || notation.starts_with(['-', '/']);
    let sign = if cut { "" } else { sign(notation) };
    format!("{number}{sign}{notation}")
}

/// The number repeats the notation: `123/QĐ-UBND` and `QĐ-UBND`.
fn is_whole(number: &str, notation: &str) -> bool {
    let head = number.strip_suffix(notation);
    head.is_some_and(|head| head.is_empty() || head.ends_with(['-', '/']))
}

/// The notation repeats the number: `123` and `123/QĐ-UBND`.
fn is_whole_notation(number: &str, notation: &str) -> bool {
    let tail = notation.strip_prefix(number);
    tail.is_some_and(|tail| tail.trim_start().starts_with(['-', '/']))
}

/// What stood where the symbol was cut. A kind before a slash is the Party's (`CV/TU`); a year before
/// one is the State's (`2020/NĐ-CP`), and so is a notation without a slash.
fn sign(notation: &str) -> &'static str {
    match notation.split_once('/') {
        Some((kind, _)) if kind.trim().chars().all(char::is_alphabetic) => "-",
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::symbol::Symbol;

    #[test]
    fn every_cut_gives_the_symbol_as_printed() {
        let table = [
            ("7816", "VPCP-TTĐT", "7816/VPCP-TTĐT"),
            ("31", "CV/TU", "31-CV/TU"),
            ("31-CV", "TU", "31-CV/TU"),
            ("31", "-CV/TU", "31-CV/TU"),
            ("31-", "CV/TU", "31-CV/TU"),
            ("31-CV", "/TU", "31-CV/TU"),
            ("31-CV/TU", "CV/TU", "31-CV/TU"),
            ("31-CV/TU", "TU", "31-CV/TU"),
            ("123", "123/QĐ-UBND", "123/QĐ-UBND"),
            ("05", "/QĐ-UBND", "05/QĐ-UBND"),
            ("30", "2020/NĐ-CP", "30/2020/NĐ-CP"),
            ("12", "QĐ/TWĐTN-VPĐOÀN", "12-QĐ/TWĐTN-VPĐOÀN"),
            ("45", "TTr", "45/TTr"),
            ("", "CV/TU", "CV/TU"),
            ("12234555512", "", "12234555512"),
            ("1", "1-CV/TU", "1-CV/TU"),
            ("1", "12-CV/TU", "1/12-CV/TU"),
        ];
        for (number, notation, printed) in table {
            assert_eq!(join(number, notation), printed, "{number} | {notation}");
        }
    }

    #[test]
    fn a_printed_symbol_cut_anywhere_comes_back_as_the_same_symbol() {
        for printed in ["16-ĐA/TU", "04-NQ/TW", "123/QĐ-UBND", "7816/VPCP-TTĐT", "30/2020/NĐ-CP", "05-NQ/ĐUK"]
        {
            let whole = Symbol::parse(printed).unwrap();
            for (at, _) in printed.match_indices(['-', '/']) {
                let (number, rest) = printed.split_at(at);
                let cuts = [(number, rest), (number, rest.get(1..).unwrap())];
                for (number, notation) in cuts {
                    let joined = join(number, notation);
                    let ambiguous = number.contains('/') || (rest.starts_with('-') && number.contains('-'));
                    if !ambiguous {
                        assert_eq!(Symbol::parse(&joined).as_ref(), Some(&whole), "{number} | {notation}");
                    }
                }
            }
        }
    }
}
